"""The windows of a season follow one another and never overlap. Pure.

Registration closes before scoring opens, scoring closes before the public comments, each window ends after it begins.
The database holds the same order in CHECK constraints; here it has words for the field that breaks it.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime

# In the order of the year. The second value says whether the moment may be the same as the one before it:
# a window that ends and the next that begins may touch.
ORDER = (
    ("registration_opens_at", False),
    ("registration_closes_at", False),
    ("scoring_opens_at", True),
    ("scoring_closes_at", False),
    ("comment_opens_at", True),
    ("comment_closes_at", False),
)
MOMENTS = tuple(name for name, _touches in ORDER)
WINDOWS = (
    ("registration", "registration_opens_at", "registration_closes_at"),
    ("scoring", "scoring_opens_at", "scoring_closes_at"),
    ("comment", "comment_opens_at", "comment_closes_at"),
)


def out_of_order(moments: Mapping[str, datetime | None]) -> Iterator[tuple[str, str]]:
    """Each moment that does not follow the last one set before it: (the later field, the earlier field)."""
    before: tuple[str, datetime] | None = None
    for name, touches in ORDER:
        moment = moments.get(name)
        if moment is None:
            continue
        if before is not None and (moment < before[1] or (moment == before[1] and not touches)):
            yield name, before[0]
        before = (name, moment)
