"""The windows of a season as a picture: bars over the months, each window in its row, a line at today."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from programme.models import Season

ROW, TOP = 30, 22


@dataclass(frozen=True)
class Stretch:
    """One window: `x` and `width` in a picture of 1000 units; `days` as people count them."""

    label: str
    kind: str
    first: str
    last: str
    days: int
    state: str
    x: str
    y: str
    width: str


@dataclass(frozen=True)
class Month:
    label: str
    x: str
    is_minor: bool


@dataclass(frozen=True)
class Gantt:
    stretches: Sequence[Stretch]
    months: Sequence[Month]
    height: str
    bottom: str
    today: str | None


def gantt_of(season: Season, at: datetime) -> Gantt:
    spans = [
        (_("Registration"), "lam", season.registration_opens_at, season.registration_closes_at),
        (_("Scoring by the council"), "tim", season.scoring_begins_at, season.scoring_closes_at),
    ]
    if season.scoring_begins_at > season.registration_closes_at:
        between = (_("Check of the dossiers"), "cham", season.registration_closes_at, season.scoring_begins_at)
        spans.insert(1, between)
    if season.comment_opens_at and season.comment_closes_at:
        spans.append((_("Public comment"), "dong", season.comment_opens_at, season.comment_closes_at))
    start, end = spans[0][2], max(last for *_others, last in spans)
    whole = (end - start).total_seconds()

    def place(moment: datetime) -> float:
        return 1000 * (moment - start).total_seconds() / whole

    stretches = [
        Stretch(
            label=name,
            kind=kind,
            first=_moment(first),
            last=_moment(last),
            days=max(1, round((last - first) / timedelta(days=1))),
            state=_("over") if last <= at else _("running") if first <= at else _("to come"),
            x=f"{place(first):.1f}",
            y=str(TOP + ROW * number),
            width=f"{max(place(last) - place(first), 4):.1f}",
        )
        for number, (name, kind, first, last) in enumerate(spans)
    ]
    bottom = TOP + ROW * len(spans)
    return Gantt(
        stretches=stretches,
        months=_months(start, end, place),
        height=str(bottom + 4),
        bottom=str(bottom),
        today=f"{place(at):.1f}" if start <= at <= end else None,
    )


def _months(start: datetime, end: datetime, place: object) -> list[Month]:
    assert callable(place)
    first = timezone.localtime(start).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    found: list[datetime] = []
    while first <= end:
        if first >= start:
            found.append(first)
        first = (first + timedelta(days=32)).replace(day=1)
    every = max(1, -(-len(found) // 6))
    return [
        Month(date_format(month, "m/Y"), f"{place(month):.1f}", bool(number % every))
        for number, month in enumerate(found)
    ]


def _moment(moment: datetime) -> str:
    return date_format(timezone.localtime(moment), "SHORT_DATETIME_FORMAT")
