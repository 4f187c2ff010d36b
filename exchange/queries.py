"""What the pages of the exchange need."""

from typing import Any

from django.db.models import QuerySet

from dossiers import wall
from dossiers.models import Dossier
from enterprises.models import Enterprise
from exchange.kinds.base import CHANGED, ERROR, NEW
from exchange.models import Import
from products.models import Product
from programme.models import Season

RECENT = 12
SHOWN_ROWS = 300


def amounts(season: Season | None, for_user: Any) -> dict[str, int]:
    """How many rows each table has; dossiers are those of the season that the person may see."""
    return {
        "enterprises": Enterprise.objects.count(),
        "products": Product.objects.count(),
        "dossiers": Dossier.objects.filed().filter(season=season).open_to(for_user).count(),
    }


def visible_to(user: Any) -> QuerySet[Import]:
    """Workbooks that name no enterprise whose dossier is closed to the person."""
    closed = wall.closed_enterprises(user)
    found = Import.objects.all()
    return found.exclude(enterprises__overlap=sorted(closed)) if closed else found


def recent(user: Any) -> QuerySet[Import]:
    return visible_to(user).select_related("made_by", "season").defer("rows")[:RECENT]


def rows_to_show(made: Import) -> list[dict[str, Any]]:
    """Wrong rows first, then what would be written; rows that stay the same are only counted."""
    order = {ERROR: 0, NEW: 1, CHANGED: 2}
    found = [row for row in made.rows if row["status"] in order]
    return sorted(found, key=lambda row: (order[row["status"]], row["row"]))[:SHOWN_ROWS]
