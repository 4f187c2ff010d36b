"""The Department's days off: who may change them."""

from datetime import date, datetime
from typing import Any

from django.db import transaction

from accounts.access import require
from reference.actions import mark_special_day, strike_special_day
from reference.models import SpecialDay


@transaction.atomic
def mark_day(
    *, day: date, is_working: bool, name_vi: str, name_en: str = "", source: str, by: Any, at: datetime
) -> SpecialDay:
    """Every clock that runs over this day moves with it. Raises Refused."""
    require(by, "dossiers.keep_calendar")
    return mark_special_day(
        day=day, is_working=is_working, name_vi=name_vi, name_en=name_en, source=source, by=by, at=at
    )


@transaction.atomic
def strike_day(*, day: date, reason: str, by: Any, at: datetime) -> SpecialDay:
    """The day follows the rule of the week again. Raises Refused."""
    require(by, "dossiers.keep_calendar")
    return strike_special_day(day=day, reason=reason, by=by, at=at)
