"""What the pages of an applicant share: whose dossier it is, where each part stands, what comes next."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy
from django.views.decorators.cache import never_cache

from accounts.access import can, require
from core.errors import Refused
from dossiers import completeness, queries, words
from dossiers.completeness import Finding
from dossiers.models import Dossier, Stage, StageChange, SupplementRequest
from dossiers.papers import BY_CODE, required_on

View = Callable[..., HttpResponse]


# --- whose page ---------------------------------------------------------------------------------------
def own_dossier(view: View) -> View:
    """The dossier of the address with all that its pages print; 404 to everybody but its enterprise."""

    @never_cache
    @wraps(view)
    def page(request: HttpRequest, pk: int, **kwargs: Any) -> HttpResponse:
        dossier = queries.mine(request.user).filter(pk=pk).first()
        if dossier is None:
            raise Http404
        require(request.user, "dossiers.submit", dossier)
        return view(request, dossier, **kwargs)

    return page


def editable_dossier(view: View) -> View:
    """Like `own_dossier`, for pages that write. Once sent, reading leads to the follow page, writing is refused."""

    @own_dossier
    @wraps(view)
    def page(request: HttpRequest, dossier: Dossier, **kwargs: Any) -> HttpResponse:
        if can(request.user, "dossiers.edit", dossier):
            return view(request, dossier, **kwargs)
        if request.method != "POST":
            return redirect("dossiers:follow", pk=dossier.pk)
        reason = _("The dossier is at the stage “%(stage)s” and cannot be changed now.") % {
            "stage": stage_words(dossier.stage)
        }
        if is_autosave(request):
            return JsonResponse({"refused": reason}, status=409)
        raise Refused(reason)

    return page


def is_autosave(request: HttpRequest) -> bool:
    return request.headers.get("X-Autosave") == "1"


# --- stages -------------------------------------------------------------------------------------------
STAGE_KINDS = {
    Stage.DRAFT: "grey",
    Stage.SUBMITTED: "grey",
    Stage.CHECKING: "lam",
    Stage.SUPPLEMENT: "ho",
    Stage.ELIGIBLE: "tim",
    Stage.SCORING: "tim",
    Stage.SCORED: "tim",
    Stage.PUBLIC_COMMENT: "tim",
    Stage.RECOGNISED: "ngoc",
    Stage.NOT_RECOGNISED: "son",
    Stage.REFUSED: "son",
    Stage.WITHDRAWN: "grey",
}
# The stretches of the way, and the stages that lie in each.
LINE: tuple[tuple[Any, tuple[str, ...]], ...] = (
    (pgettext_lazy("stage line", "Draft"), (Stage.DRAFT,)),
    (pgettext_lazy("stage line", "Submitted"), (Stage.SUBMITTED,)),
    (pgettext_lazy("stage line", "Check"), (Stage.CHECKING, Stage.SUPPLEMENT)),
    (pgettext_lazy("stage line", "Council"), (Stage.ELIGIBLE, Stage.SCORING, Stage.SCORED)),
    (pgettext_lazy("stage line", "Public comment"), (Stage.PUBLIC_COMMENT,)),
    (pgettext_lazy("stage line", "Decision"), (Stage.RECOGNISED, Stage.NOT_RECOGNISED)),
)
ENDED_EARLY = (Stage.REFUSED, Stage.WITHDRAWN)


def stage_words(stage: str) -> str:
    """As the applicant reads it: while the council works, its inner steps are one stage."""
    return str(Stage(Stage.SCORING if stage == Stage.SCORED else stage).label)


@dataclass(frozen=True)
class StageTag:
    kind: str
    words: str


def stage_tag(dossier: Dossier, today: date) -> StageTag:
    """With the days that are left, when something is asked of the applicant."""
    text = stage_words(dossier.stage)
    asked = open_request(dossier)
    if asked is not None:
        left = asked.days_left(today)
        if left >= 0:
            text += " (" + ngettext("%(n)s day left", "%(n)s days left", left) % {"n": left} + ")"
        else:
            text += " (" + _("overdue") + ")"
    return StageTag(STAGE_KINDS[Stage(dossier.stage)], text)


def open_request(dossier: Dossier) -> SupplementRequest | None:
    """`Dossier.open_supplement` from the rows at hand."""
    if dossier.stage != Stage.SUPPLEMENT:
        return None
    return next((r for r in reversed(list(dossier.supplements.all())) if r.answered_at is None), None)


def stage_line(dossier: Dossier) -> list[tuple[str, str, str]]:
    """Label, state and the day of every stretch of the way."""
    changes = list(dossier.changes.all())
    reached: dict[int, str] = {0: _day(dossier.created_at)}
    for change in changes:
        place = _place(change.to_stage)
        if place is not None:
            reached.setdefault(place, _day(change.taken_at))
    ended_early = dossier.stage in ENDED_EARLY
    here = _place(changes[-1].from_stage if ended_early and changes else dossier.stage) or 0
    line = []
    for place, (label, _stages) in enumerate(LINE):
        if place > here and ended_early:
            break
        ended = place < here or (place == len(LINE) - 1 and place == here)
        state = "done" if ended or (ended_early and place == here) else "current" if place == here else "todo"
        line.append((str(label), state, reached.get(place, "")))
    if ended_early:
        last = _day(changes[-1].taken_at) if changes else ""
        line.append((stage_words(dossier.stage), "current", last))
    return line


def _place(stage: str) -> int | None:
    return next((place for place, (_label, stages) in enumerate(LINE) if stage in stages), None)


def _day(at: datetime) -> str:
    return date_format(timezone.localtime(at), "SHORT_DATE_FORMAT")


# --- tasks --------------------------------------------------------------------------------------------
PART_PAGES = {
    "enterprise": "dossiers:enterprise_part",
    "product": "dossiers:product_part",
    "figures": "dossiers:figures",
    "papers": "dossiers:papers",
    "undertakings": "dossiers:undertakings",
}
FIELD_OF_FINDING = {
    "contact_name": "contact_name",
    "contact_way": "contact_phone",
    "summary": "summary_vi",
    "description": "description",
    "technology": "technology",
    "basis_hi_tech": "track_basis",
    "basis_startup": "track_basis",
    "undertakings": "agreed",
}


@dataclass(frozen=True)
class Missing:
    """Something that still lacks, and where it is filled in."""

    words: str
    url: str


@dataclass(frozen=True)
class Task:
    """One line of the task list. `state` is done, doing, todo, mend, ready or waiting."""

    key: str
    title: str
    hint: str
    url: str
    state: str
    words: str
    kind: str


@dataclass(frozen=True)
class Hub:
    """The task list of a dossier, in groups."""

    groups: list[tuple[str, list[Task]]]
    missing: list[Missing]
    done: int
    total: int

    def task(self, key: str) -> Task:
        return next(t for _title, tasks in self.groups for t in tasks if t.key == key)


TASK_STATES = {
    "done": (pgettext_lazy("task", "Done"), ""),
    "doing": (pgettext_lazy("task", "In progress"), "lam"),
    "todo": (pgettext_lazy("task", "Not started"), "lam"),
    "mend": (pgettext_lazy("task", "To be mended"), "ho"),
    "gaps": (pgettext_lazy("task", "Has gaps"), "son"),
    "ready": (pgettext_lazy("task", "Ready to send"), "ngoc"),
    "waiting": (pgettext_lazy("task", "Something is missing"), ""),
}


def hub_of(dossier: Dossier) -> Hub:
    """Where each task stands, from what is stored."""
    facts = queries.facts_of(dossier)
    findings = completeness.missing(facts)
    by_part: dict[str, list[Finding]] = {}
    for found in findings:
        by_part.setdefault(found.part, []).append(found)
    request = open_request(dossier)
    asked = {part_of(defect.part) for defect in request.defects.all()} if request else set()
    asked -= {"papers"} if request and papers_are_renewed(dossier, request) else set()
    unanswered = request is not None and not changed_since(dossier, request.asked_at)
    needed = {paper.code for paper in required_on(dossier.track)}
    attached = len(needed & facts.papers)
    begun = {
        "enterprise": bool(dossier.contact_name or dossier.contact_phone or dossier.contact_email),
        "product": bool(dossier.description or dossier.technology or dossier.track_basis),
        "figures": any(
            value is not None
            for f in dossier.figures.all()
            for value in (f.revenue_vnd_billion, f.export_usd_million, f.workers)
        ),
        "papers": bool(facts.papers),
        "undertakings": False,
    }
    hints = {
        "enterprise": _("Your record is taken over; name a contact person"),
        "product": _("In Vietnamese and English"),
        "figures": _("Revenue, exports and workers"),
        "papers": _("%(n)s of %(m)s required papers attached") % {"n": attached, "m": len(needed)},
        "undertakings": _("Environment, quality, intellectual property, law"),
    }

    def task(part: str) -> Task:
        if part not in by_part:
            state = "mend" if part in asked else "done"
        elif request is not None:
            state = "gaps"
        else:
            state = "doing" if begun[part] else "todo"
        url = reverse(PART_PAGES[part], kwargs={"pk": dossier.pk})
        return _task(part, str(words.PART_NAMES[part]), hints[part], url, state)

    eligibility = _task(
        "eligibility",
        _("Eligibility"),
        _("Answered at the start; track: %(track)s") % {"track": dossier.get_track_display()},
        "",
        "done",
    )
    review = _task(
        "review",
        _("Check and send") if request is None else _("Send the supplement"),
        "",
        reverse("dossiers:review" if request is None else "dossiers:supplement", kwargs={"pk": dossier.pk}),
        "waiting" if findings or unanswered else "ready",
    )
    groups = [
        (_("Before you start"), [eligibility]),
        (_("Enterprise and product"), [task("enterprise"), task("product"), task("figures")]),
        (_("Evidence"), [task("papers")]),
        (_("Check and submit"), [task("undertakings"), review]),
    ]
    tasks = [one for _title, group in groups for one in group]
    return Hub(
        groups=groups,
        missing=[Missing(words.finding(found), url_of(dossier, found)) for found in findings],
        done=sum(one.state == "done" for one in tasks),
        total=len(tasks),
    )


def changed_since(dossier: Dossier, moment: datetime) -> bool:
    """`queries.last_change_at` from the rows at hand."""
    return dossier.changed_at > moment or any(d.uploaded_at > moment for d in dossier.documents.all())


def papers_are_renewed(dossier: Dossier, request: SupplementRequest) -> bool:
    """Every paper that was asked for has a file that came after the request."""
    new = {d.paper for d in dossier.documents.all() if d.removed_at is None and d.uploaded_at > request.asked_at}
    return {defect.part for defect in request.defects.all() if part_of(defect.part) == "papers"} <= new


def _task(key: str, title: str, hint: str, url: str, state: str) -> Task:
    text, kind = TASK_STATES[state]
    return Task(key, title, hint, url, state, str(text), kind)


def part_of(code: str) -> str:
    """The part that a defect or a finding belongs to: a paper lies in the documents."""
    return "papers" if code in BY_CODE else code


def url_of(dossier: Dossier, found: Finding) -> str:
    """The page, and on it the place, where a finding is mended."""
    url = reverse(PART_PAGES[found.part], kwargs={"pk": dossier.pk})
    if found.code == "paper":
        return f"{url}#slot-{found.about}"
    if found.code == "figures":
        return f"{url}#id_revenue_vnd_billion_{found.about}"
    return f"{url}#id_{FIELD_OF_FINDING[found.code]}"


def url_of_defect(dossier: Dossier, code: str) -> str:
    """The page on which the applicant mends what an officer ticked."""
    page = PART_PAGES.get(part_of(code), "dossiers:dossier")
    url = reverse(page, kwargs={"pk": dossier.pk})
    return f"{url}#slot-{code}" if code in BY_CODE else url


def name_of_part(code: str) -> str:
    return str(words.PAPER_NAMES.get(code) or words.PART_NAMES.get(code) or code)


# --- time ---------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Deadline:
    """Until when the applicant can act; `words` says how much is left of it."""

    at: str
    words: str
    is_soon: bool
    is_past: bool


def deadline_of(dossier: Dossier, at: datetime) -> Deadline | None:
    request = open_request(dossier)
    if request is not None:
        left = request.days_left(timezone.localdate(at))
        day = date_format(request.due_date, "SHORT_DATE_FORMAT")
        return Deadline(day, days_in_words(left), 0 <= left <= 3, left < 0)
    if dossier.stage != Stage.DRAFT:
        return None
    closes = timezone.localtime(dossier.season.registration_closes_at)
    past = not dossier.season.is_open(at) or dossier.season.decided_at is not None
    left = (closes.date() - timezone.localdate(at)).days
    text = _("closed") if past else days_in_words(left)
    return Deadline(date_format(closes, "SHORT_DATETIME_FORMAT"), text, not past and left <= 3, past)


def days_in_words(left: int) -> str:
    if left < 0:
        return _("overdue")
    if left == 0:
        return _("today is the last day")
    return ngettext("%(n)s day left", "%(n)s days left", left) % {"n": left}


# --- what comes next ----------------------------------------------------------------------------------
@dataclass(frozen=True)
class NextStep:
    """The one thing to do or to wait for."""

    title: str
    text: str = ""
    url: str = ""
    label: str = ""
    is_urgent: bool = False


WAITING = gettext_lazy("Nothing to do for you now")


def next_step(dossier: Dossier, at: datetime, hub: Hub | None = None) -> NextStep:
    """In the words of the applicant's day."""
    own = {"pk": dossier.pk}
    stage = dossier.stage
    due = queries.due_date(dossier) if stage in (Stage.SUBMITTED, Stage.CHECKING) else None
    if stage == Stage.DRAFT:
        deadline = deadline_of(dossier, at)
        if deadline is not None and deadline.is_past:
            return NextStep(
                _("Registration is closed"),
                _("This draft was not sent in time (%(time)s). Its texts stay here to be read.")
                % {"time": deadline.at},
                reverse("dossiers:dossier", kwargs=own),
                _("Open the draft"),
            )
        hub = hub or hub_of(dossier)
        if hub.missing:
            return NextStep(
                _("Complete the dossier"),
                _("%(n)s of %(m)s tasks are done.") % {"n": hub.done, "m": hub.total},
                reverse("dossiers:dossier", kwargs=own),
                _("Continue"),
                bool(deadline and deadline.is_soon),
            )
        return NextStep(
            _("Check and send"),
            _("Everything is filled in. The dossier counts only once it is sent."),
            reverse("dossiers:review", kwargs=own),
            _("Check and send"),
            True,
        )
    if stage == Stage.SUPPLEMENT:
        asked = open_request(dossier)
        count = len(asked.defects.all()) if asked else 0
        return NextStep(
            _("Mend and send the supplement"),
            (
                ngettext("%(n)s thing to mend, by %(date)s.", "%(n)s things to mend, by %(date)s.", count)
                % {"n": count, "date": date_format(asked.due_date, "SHORT_DATE_FORMAT") if asked else ""}
            ),
            reverse("dossiers:supplement", kwargs=own),
            _("See what is asked"),
            True,
        )
    if due is not None:
        return NextStep(
            str(WAITING),
            _("The Department checks the dossier by %(date)s and writes to you if something is missing.")
            % {"date": date_format(due, "SHORT_DATE_FORMAT")},
        )
    closes = dossier.season.comment_closes_at
    texts = {
        Stage.ELIGIBLE: _("The dossier is eligible. The council will evaluate it."),
        Stage.SCORING: _("The council is evaluating the products of the season."),
        Stage.SCORED: _("The council is evaluating the products of the season."),
        Stage.PUBLIC_COMMENT: _("The result of the season is open for public comment until %(date)s.")
        % {"date": _day(closes) if closes else "…"},
        Stage.NOT_RECOGNISED: _("The product was not recognised this season. It can apply again in the next one."),
        Stage.REFUSED: _(
            "Read the reason. If you have a question about it, write to the Department with the number of the dossier."
        ),
        Stage.WITHDRAWN: _(
            "You withdrew the dossier. While registration is open, you can start a new one for the same product."
        ),
    }
    titles = {
        Stage.NOT_RECOGNISED: _("Not recognised"),
        Stage.REFUSED: _("The dossier was refused"),
        Stage.WITHDRAWN: _("The dossier was withdrawn"),
    }
    if stage == Stage.RECOGNISED:
        return NextStep(
            _("Recognised"),
            _("The product is a key industrial product of Hanoi; everybody can see its page and certificate."),
        )
    return NextStep(titles.get(Stage(stage), str(WAITING)), texts[Stage(stage)])


# --- the story ----------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Event:
    at: datetime
    title: str
    by: str
    kind: str
    note: str = ""


STEP_WORDS: dict[str, tuple[Any, str]] = {
    "submit": (gettext_lazy("The dossier was submitted"), "lam"),
    "start_check": (gettext_lazy("The check began"), "lam"),
    "request_supplement": (gettext_lazy("A supplement was asked for"), "ho"),
    "answer_supplement": (gettext_lazy("The supplement was sent"), "lam"),
    "admit": (gettext_lazy("The dossier was found eligible"), "ngoc"),
    "refuse": (gettext_lazy("The dossier was refused"), "son"),
    "withdraw": (gettext_lazy("The dossier was withdrawn"), "grey"),
    "open_scoring": (gettext_lazy("The council began its evaluation"), "tim"),
    "publish_for_comment": (gettext_lazy("The result of the season was opened for comment"), "tim"),
    "recognise": (gettext_lazy("The product was recognised"), "ngoc"),
    "do_not_recognise": (gettext_lazy("The product was not recognised"), "son"),
}
# What the enterprise does itself, and the notes it may read.
OWN_STEPS = {"submit", "answer_supplement", "withdraw"}
OPEN_NOTES = {"request_supplement", "refuse"}
DECISION_STEPS = {"recognise", "do_not_recognise"}


def story_of(dossier: Dossier) -> list[Event]:
    """The way of the dossier, newest first. Steps inside the council are not told."""
    events = [Event(dossier.created_at, _("The draft was begun"), str(dossier.enterprise), "grey")]
    events += [_event(change, dossier) for change in dossier.changes.all() if change.step in STEP_WORDS]
    return events[::-1]


def _event(change: StageChange, dossier: Dossier) -> Event:
    title, kind = STEP_WORDS[change.step]
    if change.step in OWN_STEPS:
        by = change.taken_by_name
    elif change.step in DECISION_STEPS:
        by = _("Hanoi People's Committee")
    else:
        by = _("Department of Industry and Trade")
    note = change.note if change.step in OPEN_NOTES else ""
    if change.step in DECISION_STEPS and change.note:
        note = _("Decision %(number)s") % {"number": change.note}
    return Event(change.taken_at, str(title), by, kind, note)
