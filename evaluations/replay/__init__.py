"""The ranking once more, from a decision bundle alone. Pure: no Django, no database, no clock, no locale.

    python -m evaluations.replay BUNDLE

`writing` and `reading` are the two directions between what `evaluations.scoring` reads and a bundle; `difference`
changes an input and says who moves. `evaluations.bundle` fetches the inputs of a run from the database.
"""

from evaluations.replay.difference import Change, Difference, Move, changed, compare, parse_change
from evaluations.replay.reading import FORMAT, MAX_BYTES, Bundle, Record, Unusable, read
from evaluations.replay.writing import inputs, seal

__all__ = [
    "FORMAT",
    "MAX_BYTES",
    "Bundle",
    "Change",
    "Difference",
    "Move",
    "Record",
    "Unusable",
    "changed",
    "compare",
    "inputs",
    "parse_change",
    "read",
    "seal",
]
