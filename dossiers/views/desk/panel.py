"""One dossier as the desk shows it: its tag, its checks, its revenue, and what can be done with it now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.access import can
from dossiers import automatic, check_queries, checklist, queries, wall
from dossiers.evidence import State
from dossiers.models import Dossier, Stage
from dossiers.views.desk import evidence_words, words
from dossiers.workflow import STEPS

# Where on the check screen the evidence of a check stands.
PLACES = {
    "tax_code": "facts",
    "papers": "papers",
    "figures": "figures",
    "threshold": "figures",
    "revenue": "figures",
    "texts": "texts",
    "same_name": "facts",
    "enterprise": "facts",
    "certificates": "papers",
    "revenue_total": "figures",
    "products_total": "figures",
    "exports_total": "figures",
    "usual": "figures",
    "last_year": "figures",
    "agreement": "figures",
    "record": "facts",
    "twins": "papers",
    "contact": "facts",
}
ICONS = {
    State.OK: ("check", "ok"),
    State.NO: ("cross", "no"),
    State.ASK: ("warning", "ask"),
    State.INFO: ("info", "open"),
}


def visible_on_desk(user: Any, dossier: Dossier) -> bool:
    """The Department sees what was filed; nobody works on a dossier behind the wall."""
    return can(user, "dossiers.work", dossier)


@dataclass(frozen=True)
class Line:
    """One automatic check in words."""

    code: str
    icon: str
    kind: str
    state: str
    title: str
    evidence: str
    place: str
    others: Sequence[tuple[str, str, str]]


@dataclass(frozen=True)
class Panel:
    """All that the side panel prints. `here`, `onward` and `closed` are addresses of the worklist."""

    dossier: Dossier
    stage: str
    kind: str
    due: str
    due_kind: str
    checks: Sequence[Line]
    revenue: Sequence[Decimal | None]
    years: Sequence[str]
    may_act: bool
    may_refuse: bool
    may_check_again: bool
    blockers: Sequence[str]
    check_url: str
    supplement_url: str
    refuse_url: str
    here: str
    onward: str
    closed: str
    files: int
    may_check: bool
    stamp: str

    @property
    def doubts(self) -> Sequence[Line]:
        """What an officer should look at."""
        return [line for line in self.checks if line.kind in ("no", "ask")]

    @property
    def in_order(self) -> Sequence[Line]:
        return [line for line in self.checks if line.kind not in ("no", "ask")]


def panel_of(dossier: Dossier, *, user: Any, at: datetime, here: str, onward: str, closed: str = "") -> Panel:
    """`dossier` comes from `queries.whole()`."""
    stage, kind = words.STAGES[Stage(dossier.stage)]
    due, due_kind = deadline(dossier, today=timezone.localdate(at))
    figures = list(dossier.figures.all())
    query = urlencode({"back": here, "onward": onward})
    may_check = can(user, "dossiers.check", dossier)
    may_act = may_check and dossier.stage in (Stage.SUBMITTED, Stage.CHECKING)
    return Panel(
        dossier=dossier,
        stage=str(stage),
        kind=kind,
        due=due,
        due_kind=due_kind,
        checks=checks_of(dossier, user=user, at=at),
        revenue=[figure.revenue_vnd_billion for figure in figures],
        years=[str(figure.year) for figure in figures],
        may_act=may_act,
        may_refuse=may_check and dossier.stage in STEPS["refuse"].sources,
        may_check_again=may_check and dossier.stage in STEPS["check_again"].sources,
        blockers=blockers_of_admission(dossier, at=at) if may_act else [],
        check_url=f"{reverse('dossiers:check', args=[dossier.pk])}?{query}",
        supplement_url=f"{reverse('dossiers:ask_supplement', args=[dossier.pk])}?{query}",
        refuse_url=f"{reverse('dossiers:refuse', args=[dossier.pk])}?{query}",
        here=here,
        onward=onward,
        closed=closed,
        files=sum(document.removed_at is None for document in dossier.documents.all()),
        may_check=may_check,
        stamp=checklist.stamp_of(dossier),
    )


def blockers_of_admission(dossier: Dossier, *, at: datetime) -> list[str]:
    """What the guards of the step say. Asked of the guards themselves, because a new dossier stands one step
    before: the same press takes it in hand."""
    return [reason for path in STEPS["admit"].guards for reason in import_string(path)(dossier, at)]


def checks_of(dossier: Dossier, *, user: Any, at: datetime) -> list[Line]:
    states = {
        State.OK: _("in order"),
        State.NO: _("not in order"),
        State.ASK: _("to be looked at"),
        State.INFO: _("for information"),
    }
    lines = []
    facts = check_queries.automatic_facts(dossier, today=timezone.localdate(at), barred=wall.barred_ids(user))
    for found in automatic.checks(facts):
        title, evidence = evidence_words.check(found)
        icon, kind = ICONS[found.state]
        others = [
            (other.number, other.product, reverse("dossiers:check", args=[other.pk]))
            for other in evidence_words.others_of(found)
        ]
        lines.append(Line(found.code, icon, kind, states[found.state], title, evidence, PLACES[found.code], others))
    return lines


def deadline(dossier: Dossier, *, today: date) -> tuple[str, str]:
    """One sentence on the time for the check, and its kind: late, soon, paused or nothing."""
    clock = queries.clock_of(dossier)
    if clock is None or dossier.stage not in (Stage.SUBMITTED, Stage.CHECKING, Stage.SUPPLEMENT):
        return "", ""
    if dossier.stage == Stage.SUPPLEMENT:
        waiting = [request for request in dossier.supplements.all() if request.answered_at is None]
        if not waiting:
            return "", "paused"
        until = date_format(waiting[-1].due_date, "SHORT_DATE_FORMAT")
        if waiting[-1].due_date < today:
            return _("The enterprise should have answered until %(date)s.") % {"date": until}, "soon"
        then = clock.days_left(today).left
        after = ngettext("%(n)s working day is left then.", "%(n)s working days are left then.", then) % {"n": then}
        paused = _("The clock is paused; the enterprise answers until %(date)s.") % {"date": until}
        return f"{paused} {after}", "paused"
    left = clock.left(today) or 0
    due = date_format(clock.due, "SHORT_DATE_FORMAT")
    if left < 0:
        return _("%(overdue)s; the check was due on %(date)s.") % {
            "overdue": words.overdue(left),
            "date": due,
        }, "late"
    if left == 0:
        return _("The check is due today."), "soon"
    sentence = ngettext(
        "The check is due on %(date)s: %(n)s working day left.",
        "The check is due on %(date)s: %(n)s working days left.",
        left,
    )
    return sentence % {"date": due, "n": left}, "soon" if clock.is_soon(today) else ""
