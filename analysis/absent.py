"""Why a number is missing. Pure.

A statistic that cannot be computed is a named value with its reason, never NaN, never an exception: the page says
why in words, and a stored report keeps the reason.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

T = TypeVar("T")


class Reason(StrEnum):
    """What kept a number from being computed; the words are in `analysis.words`."""

    NO_POINTS = "no_points"
    ONE_MEMBER = "one_member"
    ONE_DOSSIER = "one_dossier"
    ALL_EQUAL = "all_equal"
    NOTHING_TWICE = "nothing_twice"
    TOO_FEW_SHEETS = "too_few_sheets"
    TOO_FEW_COMMON = "too_few_common"
    DISCONNECTED = "disconnected"
    NO_LINE = "no_line"
    ALL_OR_NONE = "all_or_none"
    ONE_CRITERION = "one_criterion"


@dataclass(frozen=True)
class NotComputable:
    """`groups` names the parts that cannot be compared where the reason is DISCONNECTED."""

    reason: Reason
    groups: tuple[tuple[str, ...], ...] = ()

    def __bool__(self) -> bool:
        return False


def is_known(value: T | NotComputable) -> bool:
    return not isinstance(value, NotComputable)
