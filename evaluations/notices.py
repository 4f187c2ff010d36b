"""Letters to the secretary about the council's work."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import Role, User
from dossiers import wall
from dossiers.models import Dossier
from evaluations.models import Seat
from mail.actions import post


def secretaries(dossier: Dossier) -> list[User]:
    """Who runs the session and may know of this dossier."""
    held = {"grants__role": Role.SECRETARY, "grants__withdrawn_at": None, "is_active": True}
    return [u for u in User.objects.filter(**held).distinct().order_by("pk") if not wall.has_conflict(u, dossier)]


def scorer_lost(seat: Seat, dossier: Dossier, codes: Sequence[str], *, voided: bool, by: Any, at: datetime) -> None:
    """Which criteria lack a scorer now. Not the ground and not its words: the secretary only has to fill the gap."""
    for secretary in secretaries(dossier):
        with translation.override(secretary.language or "vi"):
            page = reverse("evaluations:assignment", args=[dossier.season.year])
            context = {
                "number": dossier.number or "",
                "member": str(seat),
                "criteria": ", ".join(codes),
                "sheet": _("The member's signed sheet no longer counts.") if voided else "",
                "link": f"{settings.SITE_URL}{page}",
            }
            key = f"scorer_lost:{seat.pk}:{dossier.pk}:{at.isoformat()}:{secretary.pk}"
            post(kind="scorer_lost", to=secretary, context=context, key=key, about=dossier, by=by, at=at)
