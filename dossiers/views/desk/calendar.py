"""The working days of the Department, a year on a page, and their changes."""

import calendar as months
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.access import can, require
from core.errors import Refused
from core.forms import DateField, TextField
from core.workdays import FIXED_HOLIDAYS, Calendar
from dossiers import actions
from reference.models import SpecialDay
from reference.queries import holidays, special_days

FIRST_YEAR, LAST_YEAR = 2005, 2099


@dataclass(frozen=True)
class Cell:
    """One day of a month; `kind` is plain, weekend, off, worked, and what it is called."""

    number: int
    kind: str
    name: str
    is_today: bool


@dataclass(frozen=True)
class Month:
    name: str
    weeks: list[list[Cell | None]]
    working: int


class DayForm(forms.Form):
    use_required_attribute = False

    day = DateField(label=gettext_lazy("Day"), error_messages={"required": gettext_lazy("Enter the day.")})
    kind = forms.ChoiceField(
        label=gettext_lazy("Is it"),
        choices=[("off", gettext_lazy("a day off")), ("worked", gettext_lazy("a working day"))],
        widget=forms.RadioSelect,
        initial="off",
    )
    name_vi = TextField(
        label=gettext_lazy("Name in Vietnamese"),
        max_length=120,
        error_messages={"required": gettext_lazy("Name the day.")},
    )
    name_en = TextField(label=gettext_lazy("Name in English"), max_length=120, required=False)
    source = TextField(
        label=gettext_lazy("Announcement or reason"),
        help_text=gettext_lazy("Number and date of the announcement. Deadlines move with this day."),
        max_length=400,
        error_messages={"required": gettext_lazy("Name the announcement or the reason.")},
    )


class StrikeForm(forms.Form):
    use_required_attribute = False

    day = DateField(widget=forms.HiddenInput)
    reason = TextField(
        label=gettext_lazy("Reason for removing"),
        max_length=400,
        error_messages={"required": gettext_lazy("Name the announcement or the reason.")},
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def special_days_page(request: HttpRequest, year: int | None = None) -> HttpResponse:
    """Staff read it; officers change it, with the announcement it rests on."""
    require(request.user, "dossiers.work_list")
    at = timezone.now()
    today = timezone.localdate(at)
    shown = today.year if year is None else year
    if not FIRST_YEAR <= shown <= LAST_YEAR:
        raise Http404
    form, strike, status = DayForm(), StrikeForm(), 200
    if request.method == "POST":
        require(request.user, "dossiers.keep_calendar")
        removing = request.POST.get("act") == "strike"
        bound: forms.Form = StrikeForm(request.POST) if removing else DayForm(request.POST)
        if bound.is_valid():
            try:
                day = _change(bound, removing, request.user, at)
            except Refused as refused:
                bound.add_error(None, refused.reasons)
            else:
                messages.success(request, _("%(day)s is changed. Deadlines follow.") % {"day": _short(day)})
                return redirect("dossiers:special_days_year", year=day.year)
        status = 409
        if removing:
            strike = bound  # type: ignore[assignment]
        else:
            form = bound  # type: ignore[assignment]
    rows = list(special_days(shown))
    context = {
        "year": str(shown),  # a year is a name, not a number with a thousands mark
        "months": _months(shown, holidays(), {row.day: row for row in rows}, today),
        "rows": rows,
        "unannounced": any(not row.is_announced for row in rows),
        "form": form,
        "strike": strike,
        "may_change": can(request.user, "dossiers.keep_calendar"),
        "before": str(shown - 1) if shown > FIRST_YEAR else "",
        "after": str(shown + 1) if shown < LAST_YEAR else "",
    }
    return render(request, "dossiers/desk/calendar.html", context, status=status)


def _change(form: forms.Form, removing: bool, user: Any, at: Any) -> date:
    values = form.cleaned_data
    if removing:
        return actions.strike_day(day=values["day"], reason=values["reason"], by=user, at=at).day
    return actions.mark_day(
        day=values["day"],
        is_working=values["kind"] == "worked",
        name_vi=values["name_vi"],
        name_en=values["name_en"],
        source=values["source"],
        by=user,
        at=at,
    ).day


def _short(day: date) -> str:
    return date_format(day, "SHORT_DATE_FORMAT")


def _months(year: int, calendar: Calendar, rows: dict[date, SpecialDay], today: date) -> list[Month]:
    found = []
    for number in range(1, 13):
        weeks = [
            [_cell(day, calendar, rows, today) if day.month == number else None for day in week]
            for week in months.Calendar(firstweekday=0).monthdatescalendar(year, number)
        ]
        first, last = date(year, number, 1), date(year, number, months.monthrange(year, number)[1])
        working = calendar.between(first, last) + calendar.is_working(first)
        found.append(Month(date_format(first, "F"), weeks, working))
    return found


def _cell(day: date, calendar: Calendar, rows: dict[date, SpecialDay], today: date) -> Cell:
    row = rows.get(day)
    if row is not None:
        kind, name = ("worked" if row.is_working else "off"), row.name_vi
    elif (day.month, day.day) in FIXED_HOLIDAYS:
        kind, name = "off", _("public holiday with a fixed date")
    else:
        kind, name = ("plain" if calendar.is_working(day) else "weekend"), ""
    return Cell(day.day, kind, name, day == today)
