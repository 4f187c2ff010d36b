"""Lists that forms and filters offer."""

from django.db.models import QuerySet

from core.workdays import Calendar
from reference.models import IndustrialZone, IndustryCode, Sector, SpecialDay, Ward


def wards_today() -> QuerySet[Ward]:
    return Ward.objects.filter(valid_to=None)


def zones() -> QuerySet[IndustrialZone]:
    return IndustrialZone.objects.all()


def sectors() -> QuerySet[Sector]:
    return Sector.objects.all()


def industry_classes() -> QuerySet[IndustryCode]:
    """The level-four classes under which enterprises register."""
    return IndustryCode.objects.filter(level=4)


def holidays() -> Calendar:
    """The working days of the Department as far as they are known. One query."""
    rows = list(SpecialDay.objects.filter(is_struck=False).values_list("day", "is_working"))
    return Calendar(
        off=frozenset(day for day, is_working in rows if not is_working),
        worked=frozenset(day for day, is_working in rows if is_working),
    )


def special_days(year: int) -> QuerySet[SpecialDay]:
    return SpecialDay.objects.filter(day__year=year, is_struck=False)
