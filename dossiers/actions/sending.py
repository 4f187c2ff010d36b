"""The dossier is sent, online or at the counter; the number it gets; its withdrawal."""

import secrets
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.access import can, require
from core import audit
from core.errors import Refused
from core.numbers import next_number
from dossiers import versions, wall, workflow
from dossiers.actions.checking import close_requests
from dossiers.models import Dossier, Stage, YearFigure
from dossiers.queries import due_date, years_asked
from enterprises.models import RepresentativeRole
from mail import actions as mail
from products.models import Product
from programme.models import Season


@transaction.atomic
def submit(*, dossier: Dossier, by: Any, at: datetime) -> Dossier:
    """File the dossier. A second click or a second device finds it filed and gets the same receipt.

    Raises Refused with everything that is missing.
    """
    locked = Dossier.objects.select_for_update().get(pk=dossier.pk)
    require(by, "dossiers.see_own", locked)
    if locked.number is not None and locked.stage in (Stage.SUBMITTED, Stage.CHECKING):
        return locked
    if locked.number is None and not workflow.blockers(locked, "submit", by=by, at=at):
        give_number(locked, at)
    workflow.take("submit", locked, by=by, at=at)
    versions.keep(dossier=locked, by=by, at=at)
    _tell_received(locked, by, at)
    return locked


def _tell_received(dossier: Dossier, by: Any, at: datetime) -> None:
    """One letter to everybody who signs for the enterprise."""
    due, path = due_date(dossier), reverse("dossiers:receipt", kwargs={"pk": dossier.pk})
    context = {
        "number": dossier.number or "",
        "product": dossier.product.name_vi,
        "enterprise": dossier.enterprise.name_vi,
        "sent_at": f"{timezone.localtime(at):%H:%M %d/%m/%Y}",
        "sent_by": str(by),
        "due": f"{due:%d/%m/%Y}" if due else "",
        "link": f"{settings.SITE_URL}{path}",
    }
    signers = dossier.enterprise.representatives.filter(ended_at=None, role=RepresentativeRole.SIGNS)
    for signer in signers.select_related("user").order_by("pk"):
        key = f"dossier-received-{dossier.pk}-{signer.user_id}"
        mail.post(kind="dossier_received", to=signer.user, context=context, key=key, about=dossier, by=by, at=at)


@transaction.atomic
def receive_on_paper(
    *,
    season: Season,
    product: Product,
    track: str,
    received_at: datetime,
    contact_name: str = "",
    contact_phone: str = "",
    contact_email: str = "",
    by: Any,
    at: datetime,
) -> Dossier:
    """File a dossier that came to the counter. It has its number from the moment of receipt, which cannot lie in the
    future or outside the registration; what is missing is asked for as a supplement. Raises Refused."""
    if not can(by, "accounts.officer"):
        raise Refused(_("Only officers of the Department receive dossiers on paper."))
    if product.enterprise_id in wall.closed_enterprises(by):
        raise Refused(_("You have a conflict of interest with this enterprise. A colleague receives its dossier."))
    if received_at > at:
        raise Refused(_("The time of receipt lies in the future."))
    if Dossier.objects.filter(season=season, product=product).holding_their_place().exists():
        raise Refused(_("This product has a dossier in this season already."))
    dossier = Dossier.objects.create(
        season=season,
        product=product,
        enterprise=product.enterprise,
        track=track,
        contact_name=contact_name,
        contact_phone=contact_phone,
        contact_email=contact_email,
        is_on_paper=True,
        received_by_name=str(by),
        created_at=received_at,
        changed_at=at,
    )
    YearFigure.objects.bulk_create(YearFigure(dossier=dossier, year=y) for y in years_asked(season.year))
    audit.record("dossier.started", dossier, by=by, at=at, track=track, on_paper=True)
    # The Department sees numbered dossiers only, so the number comes first; a refusal gives it back.
    give_number(dossier, received_at)
    workflow.take("receive_on_paper", dossier, by=by, at=received_at)
    versions.keep(dossier=dossier, by=by, at=at)
    return dossier


def give_number(dossier: Dossier, at: datetime) -> None:
    day = timezone.localdate(at)
    sequence = next_number(f"dossier-{day:%Y%m%d}")
    dossier.number = f"{settings.DOSSIER_AGENCY_CODE}-{day:%y%m%d}-{sequence:04d}"
    dossier.submitted_at = at
    dossier.track_code = secrets.token_urlsafe(16)
    dossier.save(update_fields=["number", "submitted_at", "track_code"])


@transaction.atomic
def answer_supplement(*, dossier: Dossier, by: Any, at: datetime) -> Dossier:
    """Send what was mended. Raises Refused when nothing changed or the term is past."""
    locked = Dossier.objects.select_for_update().get(pk=dossier.pk)
    request = locked.open_supplement
    workflow.take("answer_supplement", locked, by=by, at=at)
    if request is not None:
        request.answered_at = at
        request.save(update_fields=["answered_at"])
    versions.keep(dossier=locked, by=by, at=at)
    return locked


@transaction.atomic
def withdraw(*, dossier: Dossier, by: Any, at: datetime) -> Dossier:
    workflow.take("withdraw", dossier, by=by, at=at)
    close_requests(dossier, at)
    return dossier
