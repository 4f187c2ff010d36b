"""Words of a workbook and what they mean: wards, zones, sectors, industries, choices. Codes count, and names in either
language; a name that two things bear is asked back."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from core import vietnamese
from core.templatetags.ui import in_language
from reference import queries
from reference.models import IndustrialZone, IndustryCode, Sector, Ward


def word_key(text: Any) -> str:
    return vietnamese.nfc(str(text)).casefold()


class Lookup:
    """Names to things. `add` may be told a name twice; `find` then says so instead of guessing."""

    def __init__(self, unknown: str) -> None:
        self.unknown = unknown
        self.things: dict[str, list[Any]] = {}

    def add(self, thing: Any, *names: str) -> None:
        for name in {word_key(n) for n in names if n}:
            self.things.setdefault(name, []).append(thing)

    def find(self, text: Any) -> Any:
        found = self.things.get(word_key(text), [])
        if len(found) == 1:
            return found[0]
        name = vietnamese.nfc(str(text))
        if found:
            raise ValueError(_("“%(name)s” can mean %(n)s things. Enter the code.") % {"name": name, "n": len(found)})
        raise ValueError(self.unknown % {"name": name})


def ward_name(ward: Ward) -> str:
    return ward.full_name_en if _is_english() else ward.full_name_vi


def wards() -> tuple[Lookup, list[str]]:
    """The lookup, and the names a list in the workbook offers."""
    lookup = Lookup(_("“%(name)s” is not a ward or commune of today. Choose one of the list, or enter its code."))
    names = []
    for ward in queries.wards_today():
        lookup.add(ward, ward.code, ward.full_name_vi, ward.name_vi, ward.full_name_en, ward.name_en)
        names.append(ward_name(ward))
    return lookup, names


def zone_name(zone: IndustrialZone | None) -> str:
    return "" if zone is None else str(in_language(zone, "name"))


def zones() -> tuple[Lookup, list[str]]:
    lookup = Lookup(_("“%(name)s” is not an industrial zone or cluster of the list."))
    found = list(queries.zones())
    for zone in found:
        lookup.add(zone, zone.name_vi, zone.name_en)
    return lookup, [zone_name(zone) for zone in found]


def sectors() -> tuple[Lookup, list[str]]:
    lookup = Lookup(_("“%(name)s” is not a sector of the programme. Choose one of the list."))
    found: list[Sector] = list(queries.sectors())
    for sector in found:
        lookup.add(sector, sector.code, sector.name_vi, sector.name_en)
    return lookup, [str(in_language(sector, "name")) for sector in found]


def industries() -> Lookup:
    lookup = Lookup(_("“%(name)s” is not a four-digit class of VSIC 2025."))
    for industry in queries.industry_classes():
        entry: IndustryCode = industry
        lookup.add(entry, entry.code, str(entry))
    return lookup


def choices(pairs: Iterable[tuple[str, Any]], unknown: str) -> tuple[Lookup, list[str]]:
    """The words of a TextChoices in both languages, and its codes."""
    lookup, known = Lookup(unknown), list(pairs)
    for code, label in known:
        names = {code}
        for language, _name in settings.LANGUAGES:
            with override(language):
                names.add(str(label))
        lookup.add(code, *names)
    return lookup, [str(label) for _code, label in known]


def _is_english() -> bool:
    return (get_language() or "vi").startswith("en")
