"""The worklist: what the Department has to do, the most urgent first, and one dossier beside it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from statistics import median
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from accounts.access import can, require
from accounts.models import User
from core import vietnamese
from core.templatetags.ui import in_language
from dossiers import desk_queries, doors, queries
from dossiers.bulk import GIVE, touches_barred
from dossiers.completeness import PHOTOS_ASKED
from dossiers.desk_queries import DeskLine
from dossiers.models import BulkAct, Dossier, SavedFilter, Stage
from dossiers.papers import required_on
from dossiers.views.desk import words
from dossiers.views.desk.bulk import ACT_WORDS, officers, sentence
from dossiers.views.desk.filters import MINE, NOBODY, Filters
from dossiers.views.desk.panel import Panel, panel_of, visible_on_desk
from programme.models import Season
from reference.queries import sectors

PER_PAGE = 50
# Stages behind the deadline order: what waits for the council, then what is over.
ORDER = list(Stage.values)


@dataclass(frozen=True)
class Row:
    """One line of the table, ready to print."""

    dossier: Dossier
    stage: str
    kind: str
    sector: str
    late: str
    due: str
    due_kind: str
    due_title: str
    papers: int
    asked: int
    select_url: str
    check_url: str
    selected: bool


@dataclass(frozen=True)
class Numbers:
    """The strip above the list: how the season stands."""

    total: int
    in_time: int
    in_time_share: float | None
    soon: int
    late: int
    median: float | None
    median_count: int


def worklist(request: HttpRequest, view: str = "desk") -> HttpResponse:
    """One list with its filters; `chon` is the dossier in the panel, `panel=1` asks for the panel alone."""
    require(request.user, "dossiers.work_list")
    filters, today, at = Filters.of(request.GET), timezone.localdate(), timezone.now()
    seasons = {str(season.year): season for season in Season.objects.all()}
    season, every = doors.season_of(request), doors.lines_of(request)
    if filters.season in seasons and season != seasons[filters.season]:
        season = seasons[filters.season]
        every = desk_queries.desk_lines(season, for_user=request.user)
    lines = _found(every, view, filters, season=season, user=request.user, today=today)
    page = Paginator(lines, PER_PAGE).get_page(request.GET.get("page"))
    shown = list(page.object_list)
    address = _Address(reverse(f"dossiers:{view}"), filters, page.number)
    chosen, by_itself = _chosen(request, shown)
    panel = None
    if chosen is not None:
        panel = _panel(request.user, chosen, shown, address, at=at)
    if request.GET.get("panel"):
        if panel is None:
            raise Http404
        return render(request, "dossiers/desk/_panel.html", {"panel": panel, "by_itself": False})
    dossiers = desk_queries.desk_page([line.pk for line in shown])
    by_pk = {line.pk: line for line in shown}
    order = list(by_pk)
    rows = [
        _row(d, by_pk[d.pk], address, onward=_after(order, d.pk), today=today, selected=d.pk == chosen)
        for d in dossiers
    ]
    context = {
        "view": view,
        "title": _titles()[view],
        "season": season,
        "rows": rows,
        "page": page,
        "count": page.paginator.count,
        "numbers": _numbers(every, today=today),
        "filters": filters,
        "options": _options(every, filters, view, request.user),
        "seasons": [(year, one == season) for year, one in seasons.items()],
        "panel": panel,
        "by_itself": by_itself,
        "mine_url": address.with_filters(officer="" if filters.officer == MINE else MINE),
        "is_mine": filters.officer == MINE,
        "plain_url": address.path,
        "late_url": reverse("dossiers:desk_overdue"),
        "soon_url": f"{reverse('dossiers:desk')}?due=soon",
        "drawn_at": at.timestamp(),
        "here": address.choosing(chosen),
        "saved": [(one, one.query == filters.query()) for one in SavedFilter.objects.filter(user=request.user.pk)],
        "done": _done(request),
        "may_act": can(request.user, "accounts.officer"),
        "acts": [(value, name) for value, name in ACT_WORDS.items()],
        "officers": officers() if can(request.user, "accounts.officer") else [],
        "doors": [(label, url) for label, name in DOORS if (url := _named(name))],
    }
    return render(request, "dossiers/desk/worklist.html", context)


# Pages of rooms to the right of this one, known by name only.
DOORS = (
    (gettext_lazy("Receive on paper"), "onestop:receive"),
    (gettext_lazy("Excel"), "exchange:excel"),
)


def _named(name: str) -> str | None:
    try:
        return reverse(name)
    except NoReverseMatch:
        return None


def _done(request: HttpRequest) -> dict[str, Any] | None:
    """The bulk act that led here, in words, while it can still be taken back."""
    wish = request.GET.get("done", "")
    if not (wish.isascii() and wish.isdigit() and len(wish) < 18):
        return None
    act = BulkAct.objects.filter(pk=int(wish), done_by=request.user.pk, undone_at=None).first()
    if act is None or touches_barred(act, request.user):
        return None
    officer = None
    if act.act == GIVE:
        first = Dossier.objects.filter(pk=act.effects[0]["pk"]).select_related("officer").first()
        officer = first.officer if first else None
    return {"act": act, "words": sentence(act.act, len(act.effects), officer)}


@dataclass(frozen=True)
class _Address:
    """Addresses within one list: the same filters and page, another dossier chosen."""

    path: str
    filters: Filters
    page: int

    def choosing(self, pk: int | None) -> str:
        extra = {"page": str(self.page) if self.page > 1 else "", "chon": "" if pk is None else str(pk)}
        query = self.filters.query(**extra)
        return f"{self.path}?{query}" if query else self.path

    def with_filters(self, **changed: str) -> str:
        query = self.filters.query(**changed)
        return f"{self.path}?{query}" if query else self.path


def _titles() -> dict[str, str]:
    return {
        "desk": _("All work"),
        "desk_new": pgettext("list", "New dossiers"),
        "desk_supplement": pgettext("list", "Awaiting supplement"),
        "desk_overdue": pgettext("list", "Overdue"),
        "desk_all": _("All dossiers"),
    }


def _found(
    every: Sequence[DeskLine], view: str, filters: Filters, *, season: Season | None, user: Any, today: date
) -> list[DeskLine]:
    """The lines of the list that the filters hold, the nearest deadline first."""
    belongs = doors.LISTS[view]
    lines = [line for line in every if belongs(line) and filters.holds(line, user=user, today=today)]
    if filters.search:
        found = queries.work_list(season=season, search=filters.search, for_user=user)
        matches = set(found.values_list("pk", flat=True))
        lines = [line for line in lines if line.pk in matches]
    return sorted(lines, key=lambda line: _urgency(line, today))


def _urgency(line: DeskLine, today: date) -> tuple[int, date, datetime, int]:
    """What is due, be it the check or a late answer; then paused clocks; then what needs no check."""
    if line.stage in (Stage.SUBMITTED, Stage.CHECKING):
        return 0, line.clock.due, line.submitted_at, line.pk
    if line.stage == Stage.SUPPLEMENT:
        due = line.supplement_due or date.max
        return int(due >= today), due, line.submitted_at, line.pk
    return 2 + ORDER.index(line.stage), date.max, line.submitted_at, line.pk


def _chosen(request: HttpRequest, shown: Sequence[DeskLine]) -> tuple[int | None, bool]:
    """The dossier for the panel, and whether it chose itself: without a wish the most urgent one is open;
    `chon=0` closes the panel."""
    wish = request.GET.get("chon", "")
    if wish.isdigit() and len(wish) < 18:
        return int(wish) or None, False
    return shown[0].pk if shown else None, True


def _panel(user: Any, pk: int, lines: Sequence[DeskLine], address: _Address, *, at: datetime) -> Panel | None:
    """The panel of a dossier this person may see at the desk; another number opens nothing."""
    dossier = queries.whole().filter(pk=pk).first()
    if dossier is None or not visible_on_desk(user, dossier):
        return None
    return panel_of(
        dossier,
        user=user,
        at=at,
        here=address.choosing(pk),
        onward=address.choosing(_after([line.pk for line in lines], pk)),
        closed=address.choosing(0),
    )


def _after(order: Sequence[int], pk: int) -> int | None:
    """Where to go when this one is done: the next of the page, else the one before."""
    if pk not in order:
        return None
    place = order.index(pk)
    return next(iter(order[place + 1 :] or order[:place][-1:]), None)


def _row(
    dossier: Dossier, line: DeskLine, address: _Address, *, onward: int | None, today: date, selected: bool
) -> Row:
    stage, kind = words.STAGES[Stage(dossier.stage)]
    late = ""
    left = line.clock.left(today) if line.stage in doors.OPEN else None
    due, due_kind, due_title = "—", "", ""
    if line.stage == Stage.SUPPLEMENT:
        due, due_kind = pgettext("deadline", "paused"), "paused"
        if line.supplement_due:
            answer = date_format(line.supplement_due, "SHORT_DATE_FORMAT")
            due_title = _("The enterprise answers until %(date)s") % {"date": answer}
            if line.supplement_due < today:
                late_by = (today - line.supplement_due).days
                due = ngettext("%(n)s calendar day late", "%(n)s calendar days late", late_by) % {"n": late_by}
                due_kind = "soon"
    elif left is not None:
        due, due_title = words.days_left(left), date_format(line.clock.due, "SHORT_DATE_FORMAT")
        due_kind = "late" if left < 0 else "soon" if line.clock.is_soon(today) else ""
        late = words.overdue(left) if left < 0 else ""
    held = Counter(document.paper for document in dossier.documents.all())
    enough = {"photos": PHOTOS_ASKED}
    asked = required_on(dossier.track)
    here = address.choosing(dossier.pk)
    way = urlencode({"back": here, "onward": address.choosing(onward)})
    return Row(
        dossier=dossier,
        stage=str(stage),
        kind=kind,
        sector=words.sector(str(in_language(dossier.product.sector, "name"))),
        late=late,
        due=due,
        due_kind=due_kind,
        due_title=due_title,
        papers=sum(held[paper.code] >= enough.get(paper.code, 1) for paper in asked),
        asked=len(asked),
        select_url=here,
        check_url=f"{reverse('dossiers:check', args=[dossier.pk])}?{way}",
        selected=selected,
    )


def _numbers(every: Sequence[DeskLine], *, today: date) -> Numbers:
    """Withdrawn dossiers are neither in time nor late."""
    counted = [line for line in every if line.stage != Stage.WITHDRAWN]
    late = sum(line.clock.is_late(today) for line in counted)
    running = [line for line in counted if line.stage in doors.OPEN]
    used = [line.clock.used for line in counted if line.clock.used is not None]
    in_time = len(counted) - late
    return Numbers(
        total=len(counted),
        in_time=in_time,
        in_time_share=100 * in_time / len(counted) if counted else None,
        soon=sum(line.clock.is_soon(today) for line in running),
        late=sum(line.clock.is_late(today) for line in running),
        median=float(median(used)) if used else None,
        median_count=1 if used and median(used) == 1 else 2,
    )


def _options(
    every: Sequence[DeskLine], filters: Filters, view: str, user: Any
) -> dict[str, list[tuple[str, str, bool]]]:
    """The choices of each filter: value, words, chosen."""
    stages = [s for s in words.STAGES if view == "desk_all" or s in doors.OPEN]
    holders = User.objects.filter(pk__in={line.officer_id for line in every if line.officer_id} - {user.pk})
    officers = sorted(holders, key=lambda person: vietnamese.given_name_key(person.full_name))
    by_stage = [(str(s.value), str(words.STAGES[s][0]), filters.stage == s) for s in stages]
    by_officer = [
        (MINE, pgettext("dossiers", "Mine")),
        (NOBODY, _("Nobody yet")),
        *((str(o.pk), str(o)) for o in officers),
    ]
    by_sector = [(s.code, str(in_language(s, "name")), filters.sector == s.code) for s in sectors()]
    return {
        "stage": by_stage if view in ("desk", "desk_all") else [],
        "sector": by_sector,
        "officer": [(value, name, filters.officer == value) for value, name in by_officer],
    }
