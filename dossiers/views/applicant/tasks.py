"""The task list: where each part of a dossier stands and what still lacks."""

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from dossiers import completeness, queries, words
from dossiers.completeness import Finding
from dossiers.models import Dossier, SupplementRequest
from dossiers.papers import BY_CODE, required_on
from dossiers.views.applicant.stages import open_request

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
