"""The four tracks on which a product may enter, with their thresholds. Pure.

Source: guidance 1520/HD-SCT of the Department (2019), as reported by the city's portal on 10/04/2019:
revenue from 100 billion VND a year; a hi-tech product from 10 billion; handicraft is exempt from it but
exports from 1 million USD a year; a start-up is exempt. Whether the amendment of 2023 changed them was not
found, so they stand here as one table that is easy to change.
"""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class Track:
    """`min_revenue` in billion VND a year, `min_export` in million USD a year; None where exempt."""

    code: str
    min_revenue: Decimal | None
    min_export: Decimal | None


STANDARD = Track("standard", Decimal(100), None)
HI_TECH = Track("hi_tech", Decimal(10), None)
HANDICRAFT = Track("handicraft", None, Decimal(1))
STARTUP = Track("startup", None, None)

TRACKS = {track.code: track for track in (STANDARD, HI_TECH, HANDICRAFT, STARTUP)}
SOURCE = "1520/HD-SCT (2019)"


def below_threshold(code: str, *, revenue: Decimal | None, export: Decimal | None) -> str | None:
    """Which threshold the reported figures of the last full year miss: "revenue", "export" or None.

    `revenue` in billion VND, `export` in million USD; None counts as not reported, hence below.
    """
    track = TRACKS[code]
    if track.min_revenue is not None and (revenue is None or revenue < track.min_revenue):
        return "revenue"
    if track.min_export is not None and (export is None or export < track.min_export):
        return "export"
    return None
