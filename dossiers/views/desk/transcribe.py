"""A dossier on paper is typed in: the scans beside the form."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from core.errors import Refused
from dossiers import actions, drafts
from dossiers.actions.transcribing import part_of
from dossiers.forms import mark_of
from dossiers.models import Dossier
from dossiers.papers import PAPERS
from dossiers.transcribe_forms import TranscribeForm
from dossiers.views.applicant.undertakings import undertaking_texts
from dossiers.views.desk import words
from dossiers.views.desk.ground import REFUSED, Way, dossier_of
from dossiers.views.desk.panel import blockers_of_admission
from dossiers.views.desk.viewer import Shown

ENTERPRISE = ("contact_name", "contact_phone", "contact_email")
PRODUCT = (
    "name_vi", "name_en", "sector", "industry", "hs_code", "standards", "export_markets", "summary_vi", "summary_en",
)  # fmt: skip
TEXTS = ("description", "technology", "track_basis")
UNDERTAKINGS = ("undertakings_by_name", "undertakings_on")
TO_CHECK = "to_check"


@dataclass(frozen=True)
class Scans:
    """The files of one paper, in the order of the checklist."""

    paper: str
    files: Sequence[Shown]


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def transcribe(request: HttpRequest, pk: int) -> HttpResponse:
    """What was typed comes back with every refusal; nothing is saved by halves."""
    dossier, at = dossier_of(request, pk, rule="dossiers.check"), timezone.now()
    way = Way.of(request.POST or request.GET)
    closed = actions.why_not_transcribed(dossier)
    if closed and (request.method != "POST" or not dossier.is_on_paper):
        messages.info(request, " ".join(closed))
        return redirect(way.to("check", pk))
    if request.method != "POST":
        form = form_of(dossier, None, at)
        return _page(request, dossier, form, way, at, base=form.base)
    base, data = request.POST.get("base", ""), _chosen(dossier, request.POST, at)
    form = form_of(dossier, data, at)
    if not form.is_valid():
        return _page(request, dossier, form, way, at, base=base)
    values = {name: form.cleaned_data[name] for name in form.fields if name in data and name in form.cleaned_data}
    try:
        changed = actions.transcribe(dossier=dossier, values=values, seen=marks_of(base), by=request.user, at=at)
    except actions.BothWrote as both:
        dossier = dossier_of(request, pk, rule="dossiers.check")
        form = _with_both(dossier, data, values, marks_of(base), both.names, at)
        return _page(request, dossier, form, way, at, base=form.base, reasons=both.reasons)
    except Refused as refused:
        dossier = dossier_of(request, pk, rule="dossiers.check")
        return _page(request, dossier, form, way, at, base=base, reasons=refused.reasons)
    messages.success(request, saved_words(len(changed)))
    return redirect(way.to("check" if TO_CHECK in request.POST else "transcribe", pk))


def saved_words(n: int) -> str:
    if not n:
        return _("Nothing was changed.")
    return ngettext("Saved: %(n)s field changed.", "Saved: %(n)s fields changed.", n) % {"n": n}


def form_of(dossier: Dossier, data: Any, at: datetime) -> TranscribeForm:
    initial = TranscribeForm.initial_of(actions.stored_of(dossier))
    return TranscribeForm(data, initial=initial, dossier=dossier, today=timezone.localdate(at))


def marks_of(text: str) -> dict[str, str]:
    """The digests that the page sent back; what cannot be read counts as not seen."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return {str(k): str(v) for k, v in found.items()} if isinstance(found, dict) else {}


# --- two officers -------------------------------------------------------------------------------------
def _chosen(dossier: Dossier, posted: QueryDict, at: datetime) -> QueryDict:
    """What was typed, with the other's version where the person took it."""
    data, stored = posted.copy(), form_of(dossier, None, at)
    for name in stored.fields:
        if posted.get(f"choice-{name}") == "theirs":
            data[name] = stored.shown(name, stored.initial.get(name))
    return data


def _with_both(
    dossier: Dossier, data: QueryDict, values: dict[str, Any], seen: dict[str, str], names: Sequence[str], at: datetime
) -> TranscribeForm:
    """The form again: my words in the fields that both changed, with the other's beside them; in those that I left
    alone what the other wrote, so that saving again overwrites nothing."""
    stored, data = form_of(dossier, None, at), data.copy()
    for name, value in values.items():
        if mark_of(value) == seen.get(name):
            data[name] = stored.shown(name, stored.initial.get(name))
    form = form_of(dossier, data, at)
    form.is_valid()
    for name in names:
        form.add_error(name, _("Somebody else changed this field meanwhile. Choose which version stays."))
        current = stored.initial.get(name)
        form[name].conflict = drafts.Conflict(  # type: ignore[attr-defined]
            theirs=stored.shown(name, current),
            theirs_in_words=stored.in_words(name, current),
            mine=str(data.get(name, "")),
            who=drafts.who_wrote(dossier, part_of(name), name),
            label=str(stored.fields[name].label),
        )
    return form


# --- the page -----------------------------------------------------------------------------------------
def _page(
    request: HttpRequest,
    dossier: Dossier,
    form: TranscribeForm,
    way: Way,
    at: datetime,
    *,
    base: str,
    reasons: Sequence[str] = (),
) -> HttpResponse:
    scans = list(scans_of(dossier))
    files = [shown for group in scans for shown in group.files]
    context = {
        "dossier": dossier,
        "form": form,
        "base": base,
        "way": way,
        "reasons": reasons,
        "back": way.to("check", dossier.pk),
        "scans": scans,
        "first": next((shown for shown in files if shown.kind in ("pdf", "picture")), None),
        "years": [str(year) for year in form.years],
        "contact": [form[name] for name in ENTERPRISE],
        "product": [form[name] for name in PRODUCT],
        "texts": [form[name] for name in TEXTS if name in form.fields],
        "undertakings": [form[name] for name in UNDERTAKINGS],
        "undertaking_texts": undertaking_texts(),
        "missing": blockers_of_admission(dossier, at=at),
        "own_answer": next((c for c in dossier.changes.all() if c.step == "answer_supplement"), None),
    }
    status = REFUSED if form.is_bound else 200
    return render(request, "dossiers/desk/transcribe.html", context, status=status)


def scans_of(dossier: Dossier) -> Iterator[Scans]:
    """From the rows at hand."""
    held = [document for document in dossier.documents.all() if document.removed_at is None]
    for paper in PAPERS:
        files = [Shown.of(document) for document in held if document.paper == paper.code]
        if files:
            yield Scans(words.part_name(paper.code), sorted(files, key=lambda shown: shown.document.position))
