"""Lists that forms and filters offer."""

from django.db.models import QuerySet

from reference.models import IndustrialZone, IndustryCode, Sector, Ward


def wards_today() -> QuerySet[Ward]:
    return Ward.objects.filter(valid_to=None)


def zones() -> QuerySet[IndustrialZone]:
    return IndustrialZone.objects.all()


def sectors() -> QuerySet[Sector]:
    return Sector.objects.all()


def industry_classes() -> QuerySet[IndustryCode]:
    """The level-four classes under which enterprises register."""
    return IndustryCode.objects.filter(level=4)
