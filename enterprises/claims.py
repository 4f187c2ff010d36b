"""What the identity of an organisation says about its enterprise, as the fields of our forms. Pure."""

from collections.abc import Mapping

from core import vietnamese
from enterprises import tax_code

# Claim: field of the record and how long it may be.
_FIELDS = {"organisation": ("name_vi", 200), "representative": ("legal_representative", 120)}


def code_of(claims: Mapping[str, str]) -> str:
    """The enterprise's ten digits; empty when the claims hold none that can be one."""
    try:
        return tax_code.legal_entity(tax_code.parse(claims.get("tax_code", "")))
    except tax_code.InvalidTaxCode:
        return ""


def facts_of(claims: Mapping[str, str]) -> dict[str, str]:
    """Facts of the record that cannot be typed over. What does not fit the record is asked instead of locked."""
    found = {field: vietnamese.nfc(claims.get(name, "")) for name, (field, _) in _FIELDS.items()}
    longest = dict(_FIELDS.values())
    return {field: value for field, value in found.items() if value and len(value) <= longest[field]}
