"""How long a recognition holds, by the rule of its era. Pure.

Rules of 2009: 24 months, then an assessment to keep it (2011, 2013); scheme of 2018: three years (the Department,
July 2019). What the amendment of 2023 says was not found, so the newest known rule goes on; the season's own setting
decides, and this only proposes it.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Era:
    """`from_year` is the first season of the rule, `months` how long a recognition of it holds."""

    from_year: int
    months: int
    source: str


ERAS = (
    Era(2009, 24, "75/2009/QĐ-UBND"),
    Era(2018, 36, "496/QĐ-UBND (2018)"),
)


def era_of(season_year: int) -> Era:
    """The rule of a season; the oldest known one for seasons before it."""
    return next((era for era in reversed(ERAS) if era.from_year <= season_year), ERAS[0])
