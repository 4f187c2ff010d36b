"""The secretary reminds members of sheets that are not signed: one letter per person, at most one a day."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import override

from accounts.access import require
from core import audit
from dossiers import wall
from evaluations import queries
from mail import actions as mail
from mail.models import Letter
from programme.models import Season


@transaction.atomic
def remind(*, season: Season, seats: Collection[int] | None = None, by: Any, at: datetime) -> list[str]:
    """Write to everybody with open sheets, or to these seats only. Returns who was written to: whoever had a letter
    today already gets no second one. Dossiers behind the wall of `by` are not counted:
    who is written to would tell."""
    require(by, "evaluations.run_session")
    told = []
    for member in queries.progress(season, wall.barred_ids(by, season)):
        if not member.outstanding or (seats is not None and member.seat.pk not in seats):
            continue
        key = reminder_key(member.seat.pk, at)
        if Letter.objects.filter(key=key).exists():
            continue
        user = member.seat.user
        with override(user.language or "vi"):
            context = {
                "season": str(season.year),
                "count": str(member.outstanding),
                "signed": str(member.signed),
                "closes_at": date_format(timezone.localtime(season.scoring_closes_at), "SHORT_DATETIME_FORMAT"),
                "link": settings.SITE_URL.rstrip("/") + reverse("evaluations:queue"),
            }
        mail.post(kind="sheets_to_sign", to=user, context=context, key=key, about=season, by=by, at=at)
        told.append(str(member.seat))
    if told:
        audit.record("council.reminded", season, by=by, at=at, members=told)
    return told


def reminder_key(seat_id: int, at: datetime) -> str:
    return f"sheets_to_sign:{seat_id}:{timezone.localdate(at):%Y%m%d}"
