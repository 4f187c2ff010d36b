"""The papers of a dossier: which slots there are, and on which track each is required. Pure.

The list of Hanoi was not found; this is the registry's proposal (domain.md section 11). What is known from the
guidance of 2019 is the registration, a report that proves the revenue, and undertakings on the hi-tech track.
"""

from dataclasses import dataclass

ALL = ("standard", "hi_tech", "handicraft", "startup")


@dataclass(frozen=True)
class Paper:
    """One slot. `required_on` names the tracks that must fill it."""

    code: str
    required_on: tuple[str, ...]
    several: bool = False
    # A paper of the enterprise, not of one product: given once it serves its other dossiers (dossiers.wallet).
    is_reusable: bool = False
    # Drawn up for the years of one season, so it serves the dossiers of that season only.
    of_one_season: bool = False
    # It ends one day; issuer, number and dates are asked for.
    expires: bool = False
    only_pictures: bool = False


PAPERS = (
    Paper("application_form", ALL),
    Paper("business_registration", ALL, is_reusable=True),
    Paper("product_description", ALL),
    Paper("photos", ALL, several=True, only_pictures=True),
    Paper(
        "financial_statements",
        ("standard", "hi_tech", "handicraft"),
        several=True,
        is_reusable=True,
        of_one_season=True,
    ),
    Paper("tax_confirmation", ("standard", "hi_tech", "handicraft"), is_reusable=True, of_one_season=True),
    Paper("quality_certificates", ("standard", "hi_tech"), several=True, is_reusable=True, expires=True),
    Paper("environment_papers", ("standard", "hi_tech"), is_reusable=True, expires=True),
    Paper("hi_tech_basis", ("hi_tech",)),
    Paper("export_papers", ("handicraft",), several=True),
    Paper("startup_plan", ("startup",)),
    Paper("intellectual_property", (), several=True, is_reusable=True, expires=True),
    Paper("awards", (), several=True, is_reusable=True),
)
BY_CODE = {paper.code: paper for paper in PAPERS}


def asked_on(track: str) -> tuple[Paper, ...]:
    """The slots shown on a track: required ones, and those optional for everybody."""
    return tuple(p for p in PAPERS if track in p.required_on or not p.required_on)


def required_on(track: str) -> tuple[Paper, ...]:
    return tuple(p for p in PAPERS if track in p.required_on)
