"""The task list: where each part of a dossier stands and what still lacks."""

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from dossiers import completeness, eligibility, queries, words
from dossiers.completeness import DossierFacts, Finding
from dossiers.models import Defect, Dossier, Scan, SupplementRequest
from dossiers.papers import BY_CODE, required_on
from dossiers.views.applicant.stages import open_request

PART_PAGES = {
    "eligibility": "dossiers:eligibility",
    "undertakings": "dossiers:undertakings",
    "enterprise": "dossiers:enterprise_part",
    "product": "dossiers:product_part",
    "figures": "dossiers:figures",
    "papers": "dossiers:papers",
    "photos": "dossiers:papers",
    "selfmarks": "dossiers:selfmarks",
}
TITLES = {
    "eligibility": gettext_lazy("Check the eligibility"),
    "undertakings": gettext_lazy("Read undertakings and privacy"),
    "enterprise": gettext_lazy("Check the facts of the enterprise"),
    "product": gettext_lazy("Describe the product (Vietnamese and English)"),
    "figures": gettext_lazy("Report the figures of the last 3 years"),
    "papers": gettext_lazy("Attach the required papers"),
    "photos": gettext_lazy("Attach photos of the product"),
    "selfmarks": gettext_lazy("Score yourself by the criteria"),
}
GROUPS = (
    (gettext_lazy("Before you start"), ("eligibility", "undertakings")),
    (gettext_lazy("Enterprise and product"), ("enterprise", "product", "figures")),
    (gettext_lazy("Evidence"), ("papers", "photos", "selfmarks")),
)
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
    "mend": (pgettext_lazy("task", "To be mended"), "son"),
    "gaps": (pgettext_lazy("task", "Has gaps"), "son"),
    "ready": (pgettext_lazy("task", "Ready to send"), "ngoc"),
    "waiting": (pgettext_lazy("task", "Something is missing"), ""),
    "later": (pgettext_lazy("task", "Cannot start yet"), ""),
}


def hub_of(dossier: Dossier) -> Hub:
    """Where each task stands, from what is stored."""
    facts = queries.facts_of(dossier)
    findings = completeness.missing(facts)
    by_task: dict[str, list[Finding]] = {}
    for found in findings:
        by_task.setdefault("photos" if found.code == "photos" else found.part, []).append(found)
    request = open_request(dossier)
    asked = {"photos" if defect.part == "photos" else part_of(defect.part) for defect in _defects(request)}
    if request is not None and papers_are_renewed(dossier, request):
        asked -= {"papers", "photos"}
    unanswered = request is not None and not changed_since(dossier, request.asked_at)
    begun, hints = _begun(dossier, facts), _hints(dossier, facts)

    def state_of(part: str) -> str:
        if part == "selfmarks" and not any(mark.points is not None for mark in dossier.self_marks.all()):
            return "todo" if dossier.season.rubric_id else "later"
        if part == "eligibility" and part not in by_task:
            return "done" if eligibility.is_answered(eligibility.answers_of(dossier.eligibility)) else "todo"
        if part not in by_task:
            return "mend" if part in asked else "done"
        if request is not None or part == "eligibility":
            return "gaps"
        if part in ("papers", "photos") and _harmful(dossier, part):
            return "mend"
        return "doing" if begun[part] else "todo"

    def task(part: str) -> Task:
        url = reverse(PART_PAGES[part], kwargs={"pk": dossier.pk}) + ("#slot-photos" if part == "photos" else "")
        state = state_of(part)
        return _task(part, str(TITLES[part]), hints.get(part, ""), "" if state == "later" else url, state)

    review = _task(
        "review",
        _("Check again and send the dossier") if request is None else _("Send the supplement"),
        "",
        reverse("dossiers:review" if request is None else "dossiers:supplement", kwargs={"pk": dossier.pk}),
        "waiting" if findings or unanswered else "ready",
    )
    groups = [(str(title), [task(part) for part in parts]) for title, parts in GROUPS]
    groups.append((_("Check and submit"), [review]))
    tasks = [one for _title, group in groups for one in group]
    return Hub(
        groups=groups,
        missing=[Missing(words.finding(found), url_of(dossier, found)) for found in findings],
        done=sum(one.state == "done" for one in tasks),
        total=len(tasks),
    )


def _defects(request: SupplementRequest | None) -> list[Defect]:
    return list(request.defects.all()) if request else []


def _begun(dossier: Dossier, facts: DossierFacts) -> dict[str, bool]:
    """Has anything of a part been filled in?"""
    return {
        "enterprise": bool(dossier.contact_name or dossier.contact_phone or dossier.contact_email),
        "product": bool(dossier.description or dossier.technology or dossier.track_basis),
        "figures": any(
            value is not None
            for f in dossier.figures.all()
            for value in (f.revenue_vnd_billion, f.export_usd_million, f.workers)
        ),
        "papers": bool(facts.papers - {"photos"}),
        "photos": "photos" in facts.papers,
        "undertakings": False,
    }


def _hints(dossier: Dossier, facts: DossierFacts) -> dict[str, str]:
    needed = {paper.code for paper in required_on(dossier.track)} - {"photos"}
    photos = _("At least %(n)s photos, JPG or PNG") % {"n": completeness.PHOTOS_ASKED}
    if facts.photos and "photos" in facts.papers:
        photos += " · " + ngettext("%(n)s attached", "%(n)s attached", facts.photos) % {"n": facts.photos}
    return {
        "eligibility": _("Track: %(track)s") % {"track": dossier.get_track_display()},
        "enterprise": _("Your record is taken over; name a contact person"),
        "figures": _("By hand, pasted from Excel or by the Excel template"),
        "papers": _("%(n)s of %(m)s required papers attached") % {"n": len(needed & facts.papers), "m": len(needed)},
        "photos": photos,
        "selfmarks": (
            _("If you like; the council sees it beside the criterion")
            if dossier.season.rubric_id
            else _("The criteria of the season are not published yet")
        ),
    }


def _harmful(dossier: Dossier, part: str) -> bool:
    return any(
        d.scan == Scan.INFECTED and (d.paper == "photos") == (part == "photos")
        for d in dossier.documents.all()
        if d.removed_at is None
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
    if found.code in ("paper", "photos"):
        return f"{url}#slot-{found.about}"
    if found.code == "figures":
        return f"{url}#id_revenue_vnd_billion_{found.about}"
    if found.code == "obstacle":
        return f"{url}#id_{found.about}_0"
    return f"{url}#id_{FIELD_OF_FINDING[found.code]}"


def url_of_defect(dossier: Dossier, code: str) -> str:
    """The page on which the applicant mends what an officer ticked."""
    page = PART_PAGES.get(part_of(code), "dossiers:dossier")
    url = reverse(page, kwargs={"pk": dossier.pk})
    return f"{url}#slot-{code}" if code in BY_CODE else url


def name_of_part(code: str) -> str:
    return str(words.PAPER_NAMES.get(code) or words.PART_NAMES.get(code) or code)
