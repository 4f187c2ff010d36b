"""The three papers of a session: ordered, in the making, made, or what they lack."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import can, require
from core import files, jobs
from core.errors import Refused
from dossiers.wall import barred_ids
from evaluations.queries import latest_run
from meetings import actions
from meetings.meeting_forms import FactsForm
from meetings.models import PaperFacts, PaperKind, PaperOrder, SessionDocument
from meetings.views.common import number_in, page, season_of
from meetings.views.words import place, sentence
from onestop.views.common import handed
from programme.models import Season


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def papers(request: HttpRequest, year: int) -> HttpResponse:
    """All papers of the season; with `X-Partial` only how far they are, for the script that waits."""
    season = season_of(request, year)
    if request.headers.get("X-Partial"):
        return page(request, "_papers.html", _facts(request, season))
    known = PaperFacts.objects.filter(season=season).first()
    form, reasons = FactsForm(values=known.values if known else {}), []
    if request.method == "POST":
        require(request.user, "meetings.run", season)
        form = FactsForm(request.POST, values=known.values if known else {})
        if form.is_valid():
            try:
                actions.change_facts(
                    season=season,
                    values=form.values(),
                    seen=number_in(request, "seen") or 0,
                    by=request.user,
                    at=timezone.now(),
                )
            except Refused as refused:
                reasons = refused.reasons
            else:
                messages.success(request, _("The fields are kept. Make the papers anew to have them printed."))
                return redirect("meetings:papers", year=year)
        else:
            reasons = [_("The fields were not kept.")]
    context = _facts(request, season) | {"form": form, "facts_version": known.version if known else 0}
    return page(request, "papers.html", context, reasons)


def _facts(request: HttpRequest, season: Season) -> dict[str, Any]:
    run = latest_run(season)
    latest = PaperOrder.objects.filter(season=season).order_by("-id").first()
    progress = jobs.progress(latest.batch) if latest is not None else None
    barred = barred_ids(request.user, season)
    rows = [_row(request, season, kind, run, barred) for kind in PaperKind]
    return {
        "season": season,
        "run": run,
        "rows": rows,
        "progress": progress,
        "waiting": progress is not None and not progress.finished,
        "may_run": can(request.user, "meetings.run", season),
        "hides": bool(barred),
    }


def _row(request: HttpRequest, season: Season, kind: PaperKind, run: Any, barred: frozenset[int]) -> dict[str, Any]:
    """One kind of paper: its versions, newest first, and what the last order lacked."""
    found = SessionDocument.objects.filter(season=season, kind=kind).select_related("run", "meeting")
    documents = list(found.order_by("-meeting_number", "-version"))
    order = PaperOrder.objects.filter(season=season, kind=kind).select_related("season", "meeting").first()
    missing = order.missing if order is not None and order.done_at is not None else []
    newest = documents[0] if documents else None
    hidden = newest is not None and bool(barred & set(newest.dossiers))
    return {
        "kind": kind,
        "order": order,
        "newest": newest,
        "hidden": hidden,
        "earlier": [] if hidden else documents[1:],
        "stale": newest is not None and run is not None and newest.run_id != run.pk,
        "missing": [(sentence(order, one), *place(order, one)) for one in missing] if order is not None else [],
    }


@require_POST
def order(request: HttpRequest, year: int) -> HttpResponse:
    """All three papers once more."""
    season = season_of(request, year, "meetings.run")
    try:
        actions.order_by_button(season=season, by=request.user, at=timezone.now())
    except Refused as refused:
        known = PaperFacts.objects.filter(season=season).first()
        form = FactsForm(values=known.values if known else {})
        context = _facts(request, season) | {"form": form, "facts_version": known.version if known else 0}
        return page(request, "papers.html", context, refused.reasons)
    return redirect("meetings:papers", year=year)


@require_safe
@never_cache
def file(request: HttpRequest, pk: int, face: str) -> HttpResponse:
    """The bytes that were made, to whoever may read the paper."""
    document = SessionDocument.objects.filter(pk=pk).select_related("season", "meeting__season", "pdf", "docx").first()
    if document is None or face not in ("pdf", "docx"):
        raise Http404
    require(request.user, "meetings.read_paper", document)
    stored = document.pdf if face == "pdf" else document.docx
    number = f"-phien-{document.meeting_number}" if document.meeting_number else ""
    names = {"BB": "bien-ban", "TT": "to-trinh", "QD": "du-thao-quyet-dinh"}
    name = f"{names[document.kind]}-{document.season.year}{number}-ban-{document.version}.{face}"
    return handed(files.read(stored.sha256), face, name, inline=request.GET.get("xem") == "1")
