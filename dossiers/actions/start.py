"""A new draft."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.access import require
from core import audit
from core.errors import Refused
from dossiers import prefill
from dossiers.models import Dossier, YearFigure
from dossiers.queries import years_asked
from enterprises.models import Enterprise
from products.models import Product
from programme.models import Season

# Drafts and withdrawn drafts together: whoever starts and gives up a thousand times is stopped too.
MAX_DRAFTS = 50


@transaction.atomic
def start(
    *,
    season: Season,
    product: Product,
    track: str,
    eligibility: dict[str, Any] | None = None,
    by: Any,
    at: datetime,
) -> Dossier:
    """A new draft, with empty figures for the years asked, and the contact of the enterprise's last dossier. Raises
    Refused when registration is closed, the product has a dossier in this season or the enterprise too many drafts."""
    require(by, "enterprises.fill_in", product.enterprise)
    if season.decided_at is not None or not season.is_open(at):
        raise Refused(_("Registration for %(year)s is not open.") % {"year": season.year})
    # The enterprise's row orders two starts at the same moment.
    enterprise = Enterprise.objects.select_for_update().get(pk=product.enterprise_id)
    twins = Dossier.objects.filter(season=season, product=product).holding_their_place()
    if twins.exists():
        raise Refused(_("This product has a dossier in this season already."))
    begun = Dossier.objects.filter(season=season, enterprise=enterprise, number=None).count()
    if begun >= MAX_DRAFTS:
        raise Refused(
            _("The enterprise has begun %(n)s drafts in this season, which is the limit. Send or use one of them.")
            % {"n": MAX_DRAFTS}
        )
    contact, origins = prefill.contact_of(enterprise, before=season.year)
    own = {"contact_name": by.full_name, "contact_email": by.email, "contact_phone": enterprise.phone}
    dossier = Dossier.objects.create(
        season=season,
        product=product,
        enterprise=enterprise,
        track=track,
        eligibility=eligibility or {},
        origins=origins,
        created_at=at,
        changed_at=at,
        **(contact or own),
    )
    YearFigure.objects.bulk_create(YearFigure(dossier=dossier, year=y) for y in years_asked(season.year))
    audit.record("dossier.started", dossier, by=by, at=at, track=track)
    return dossier
