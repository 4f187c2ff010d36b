"""A changed input, and what it changes in the ranking. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from evaluations.replay.reading import Bundle, Unusable, points_of
from evaluations.scoring import Entry, Outcome, Place, Sheet, rounded
from programme.rubric_file import RubricRules

ABSTAIN = "abstain"
VOID = "void"


@dataclass(frozen=True)
class Change:
    """One changed input: other points of one member for one criterion (None: an abstention), or, without a
    criterion, the member's sheet for the dossier left out."""

    dossier: str
    member: str
    criterion: str = ""
    points: Decimal | None = None

    @property
    def is_void(self) -> bool:
        return not self.criterion


@dataclass(frozen=True)
class Move:
    """What one dossier was and has become; only those that differ are listed."""

    dossier: str
    rank: tuple[int, int]
    total: tuple[Fraction, Fraction]
    passes: tuple[bool, bool]
    is_top: tuple[bool, bool]
    is_referred: tuple[bool, bool]


@dataclass(frozen=True)
class Difference:
    """Two rankings of the same dossiers side by side."""

    moves: tuple[Move, ...]
    before: Outcome
    after: Outcome

    @property
    def is_none(self) -> bool:
        return self.before.lines == self.after.lines


def parse_change(text: str) -> Change:
    """`DOSSIER MEMBER CRITERION POINTS`, `DOSSIER MEMBER CRITERION abstain`, or `DOSSIER MEMBER void`."""
    words = text.split()
    if len(words) == 3 and words[2] == VOID:
        return Change(words[0], words[1])
    if len(words) != 4:
        raise Unusable(f"{text!r} is not a change: write `dossier member criterion points` or `dossier member void`.")
    dossier, member, criterion, points = words
    if points == ABSTAIN:
        return Change(dossier, member, criterion)
    return Change(dossier, member, criterion, points_of(points, f"the change {text!r}"))


def changed(bundle: Bundle, *changes: Change) -> Bundle:
    """The bundle with these inputs instead. Raises Unusable for a dossier, sheet or mark that it does not have."""
    entries = {entry.dossier: entry for entry in bundle.entries}
    for change in changes:
        if change.dossier not in entries:
            raise Unusable(f"The bundle has no dossier {change.dossier}.")
        entries[change.dossier] = _entry(bundle.rules, entries[change.dossier], change)
    return replace(bundle, entries=tuple(entries.values()))


def _entry(rules: RubricRules, entry: Entry, change: Change) -> Entry:
    sheet = next((one for one in entry.sheets if one.member == change.member), None)
    if sheet is None:
        raise Unusable(f"{change.member} has no sheet for dossier {change.dossier}.")
    others = tuple(one for one in entry.sheets if one.member != change.member)
    if change.is_void:
        left = frozenset(pair for pair in entry.assigned if pair[0] != change.member)
        return replace(entry, sheets=others, assigned=left)
    if change.criterion not in sheet.marks:
        raise Unusable(f"{change.member} was not asked criterion {change.criterion} of dossier {change.dossier}.")
    marks = {**sheet.marks, change.criterion: change.points}
    corrected = Sheet(sheet.member, marks, _eliminated(rules, entry, sheet, change), sheet.ballot)
    return replace(entry, sheets=tuple(sorted((*others, corrected), key=lambda one: one.member)))


def _eliminated(rules: RubricRules, entry: Entry, sheet: Sheet, change: Change) -> frozenset[str]:
    """Where a level ends the evaluation the new points decide; a condition that was ticked stays as it was."""
    levels = rules.by_code[change.criterion].anchors_for(entry.set_code)
    ending = {level.points for level in levels if level.eliminates}
    if not ending:
        return sheet.eliminated
    others = sheet.eliminated - {change.criterion}
    return others | {change.criterion} if change.points in ending else others


def compare(before: Bundle, after: Bundle) -> Difference:
    """Who moves from one to the other. Raises Unusable when they do not rank the same dossiers."""
    first, second = ({p.score.dossier: p for p in b.outcome.places} for b in (before, after))
    if first.keys() != second.keys():
        lone = ", ".join(sorted(first.keys() ^ second.keys())[:5])
        raise Unusable(f"The two bundles do not rank the same dossiers ({lone}).")
    return Difference(tuple(_moves(first, second)), before.outcome, after.outcome)


def _moves(first: dict[str, Place], second: dict[str, Place]) -> Iterator[Move]:
    """In the order of the new ranking."""
    for dossier, new in second.items():
        old = first[dossier]
        move = Move(
            dossier,
            (old.rank, new.rank),
            (old.score.total, new.score.total),
            (old.score.passes, new.score.passes),
            (old.is_top, new.is_top),
            (old.is_referred, new.is_referred),
        )
        if any(old_value != new_value for old_value, new_value in _pairs(move)):
            yield move


def _pairs(move: Move) -> tuple[tuple[object, object], ...]:
    return (move.rank, move.total, move.passes, move.is_top, move.is_referred)


def as_text(found: Difference) -> str:
    """The difference as lines for a terminal, the same everywhere."""
    lines = [
        f"input {found.before.input_digest} -> {found.after.input_digest}",
        f"result {found.before.result_digest} -> {found.after.result_digest}",
    ]
    if not found.moves:
        lines.append("no dossier moves")
    for move in found.moves:
        facts = [f"rank {move.rank[0]} -> {move.rank[1]}", f"total {_n(move.total[0])} -> {_n(move.total[1])}"]
        for name, pair in (("passes", move.passes), ("top", move.is_top), ("referred", move.is_referred)):
            if pair[0] != pair[1]:
                facts.append(f"{name} {_yes(pair[0])} -> {_yes(pair[1])}")
        lines.append("\t".join((move.dossier, *facts)))
    return "\n".join(lines) + "\n"


def _n(value: Fraction) -> str:
    return str(rounded(value, 4))


def _yes(value: bool) -> str:
    return "yes" if value else "no"
