"""Letters of reasons: the list of a season, one letter beside its sources, the file for desk and enterprise."""

from collections.abc import Mapping

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import can, require
from core import files
from core.errors import Refused
from decisions import reasons_actions as actions
from decisions import reasons_paper, reasons_queries
from decisions.models import ReasonsLetter
from decisions.reasons_form import LetterForm
from decisions.views.common import page, season_of
from decisions.views.reasons_shown import lines_of, of_result, shown
from dossiers import wall
from dossiers.models import Dossier
from onestop.views.common import handed
from programme.models import Season


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def letters(request: HttpRequest, year: int) -> HttpResponse:
    """Who was not recognised, and how far each letter is. Whoever has a conflict in the season is told only that."""
    season = season_of(year)
    require(request.user, "decisions.see_reasons", season)
    if request.method == "POST":
        require(request.user, "decisions.write_reasons", season)
        return _act(request, season)
    if wall.barred_ids(request.user, season):
        return page(request, "reasons.html", season, {"is_barred": True})
    return _list(request, season)


def _list(request: HttpRequest, season: Season, reasons: list[str] | None = None) -> HttpResponse:
    desk = reasons_queries.desk_of(season)
    context = {"desk": desk, "lines": lines_of(desk, season), "confirm": reasons is not None}
    return page(request, "reasons.html", season, context, reasons=reasons)


def _act(request: HttpRequest, season: Season) -> HttpResponse:
    try:
        if request.POST.get("do") == "approve":
            _approve(request, season, _seen(request.POST.getlist("letter")))
        elif request.POST.get("do") == "make":
            n = actions.make_again(season=season, by=request.user, at=timezone.now())
            messages.info(
                request, ngettext("%(n)s PDF is being made again.", "%(n)s PDFs are being made again.", n) % {"n": n}
            )
        else:
            n = actions.draft_letters(season=season, by=request.user, at=timezone.now())
            words = ngettext(
                "%(n)s letter is drafted from the record.", "%(n)s letters are drafted from the record.", n
            )
            messages.success(request, words % {"n": n} if n else _("Every draft is as the record says already."))
    except Refused as refused:
        return _list(request, season, refused.reasons)
    return redirect("decisions:reasons", year=season.year)


def _seen(values: list[str]) -> dict[int, int]:
    """`id:revision` of each ticked letter; what is none is left out."""
    found = {}
    for value in values:
        pk, _colon, revision = value.partition(":")
        if pk.isdecimal() and revision.isdecimal() and len(value) < 30:
            found[int(pk)] = int(revision)
    return found


def _approve(request: HttpRequest, season: Season, seen: Mapping[int, int]) -> None:
    if seen and request.POST.get("confirmed") != "on":
        raise Refused(_("Confirm that you have read the letters."))
    approved = actions.approve_letters(season=season, seen=seen, by=request.user, at=timezone.now())
    messages.success(
        request, actions.approved_words(len(approved)) if approved else _("These letters are approved already.")
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def letter(request: HttpRequest, year: int, pk: int) -> HttpResponse:
    """The letter as it will read, and beside each sentence where it comes from. POST approves it."""
    season = season_of(year)
    found = _letter(request, season, pk)
    if request.method != "POST":
        return _show(request, season, found)
    try:
        _approve(request, season, _seen([f"{found.pk}:{request.POST.get('seen', '')}"]))
    except Refused as refused:
        return _show(request, season, found, refused.reasons)
    return redirect("decisions:reasons_letter", year=year, pk=pk)


def _letter(request: HttpRequest, season: Season, pk: int) -> ReasonsLetter:
    require(request.user, "decisions.write_reasons", season)
    found = reasons_queries.letter_of(season, pk).first()
    if found is None:
        raise Http404
    return found


def _show(
    request: HttpRequest, season: Season, found: ReasonsLetter, reasons: list[str] | None = None
) -> HttpResponse:
    is_newest = not reasons_queries.is_outrun(found)
    context = {
        "letter": found,
        "shown": shown(found),
        "table": reasons_paper.rows_of(found),
        "result_where": of_result(found),
        "is_newest": is_newest,
        "told": reasons_paper.told(found) if found.released_at else 0,
    }
    return page(request, "reasons_letter.html", season, context, reasons=reasons)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, year: int, pk: int) -> HttpResponse:
    """Each sentence in a field of its own. Words that nobody touched keep their source."""
    season = season_of(year)
    found = _letter(request, season, pk)
    if not found.is_open:
        return redirect("decisions:reasons_letter", year=year, pk=pk)
    form = LetterForm(request.POST or None, letter=found)
    reasons: list[str] = []
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_letter(
                letter=found,
                edits=form.edits(),
                paragraph=form.cleaned_data["paragraph"],
                seen=form.cleaned_data["seen"],
                by=request.user,
                at=timezone.now(),
            )
        except Refused as refused:
            reasons = refused.reasons
        else:
            messages.success(request, _("The letter is kept as you wrote it."))
            return redirect("decisions:reasons_letter", year=year, pk=pk)
    return page(request, "reasons_edit.html", season, {"letter": found, "form": form}, reasons=reasons)


@never_cache
@require_safe
def pdf(request: HttpRequest, year: int, pk: int) -> HttpResponse:
    """The file; of a letter that has none yet, how it would look, as a draft."""
    season = season_of(year)
    found = _letter(request, season, pk)
    try:
        content = files.read(found.file_id) if found.file_id else reasons_paper.write(found)
    except Refused as refused:
        return _show(request, season, found, refused.reasons)
    return handed(content, "pdf", _name(found), inline=request.GET.get("xem") == "1")


@never_cache
@require_safe
def own_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """The enterprise's own letter, once it is released."""
    dossier = Dossier.objects.filter(pk=pk).select_related("enterprise").first()
    found = reasons_queries.released_to(dossier) if dossier is not None else None
    if found is None or found.file_id is None or not can(request.user, "decisions.receive_reasons", found):
        raise Http404
    return handed(files.read(found.file_id), "pdf", _name(found), inline=True)


def _name(found: ReasonsLetter) -> str:
    return f"ly-do-{found.dossier.number}.pdf"
