"""A new draft."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.access import require
from core import audit
from core.errors import Refused
from dossiers.models import Dossier, Stage, YearFigure
from dossiers.queries import years_asked
from products.models import Product
from programme.models import Season


@transaction.atomic
def start(*, season: Season, product: Product, track: str, by: Any, at: datetime) -> Dossier:
    """A new draft, with empty figures for the years asked. Raises Refused when registration is closed or the
    product has a dossier in this season."""
    require(by, "enterprises.fill_in", product.enterprise)
    if season.decided_at is not None or not season.is_open(at):
        raise Refused(_("Registration for %(year)s is not open.") % {"year": season.year})
    twins = Dossier.objects.filter(season=season, product=product).exclude(stage=Stage.WITHDRAWN)
    if twins.exists():
        raise Refused(_("This product has a dossier in this season already."))
    dossier = Dossier.objects.create(
        season=season,
        product=product,
        enterprise=product.enterprise,
        track=track,
        contact_name=by.full_name,
        contact_email=by.email,
        contact_phone=product.enterprise.phone,
        created_at=at,
        changed_at=at,
    )
    YearFigure.objects.bulk_create(YearFigure(dossier=dossier, year=y) for y in years_asked(season.year))
    audit.record("dossier.started", dossier, by=by, at=at, track=track)
    return dossier
