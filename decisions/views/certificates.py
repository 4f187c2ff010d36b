"""The certificates of a season: choosing, drafting, approving by digest, signing, the brake, the register."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from accounts.access import require
from certificates import batches, forms, issue, paper, thumbnails
from certificates.models import Batch, Certificate
from core import files, stops
from core.canonical import canonical
from core.errors import Refused
from decisions import papers
from decisions.views.common import page, season_of, typed
from programme.models import Season


@never_cache
@require_GET
def certificates(request: HttpRequest, year: int) -> HttpResponse:
    """The page; with the header `X-Partial` only its changing part, for the script that waits."""
    season = season_of(year)
    require(request.user, "certificates.see_book")
    context = _facts(season)
    if request.headers.get("X-Partial"):
        return render(request, "decisions/_papers.html", context)
    return page(request, "certificates.html", season, context)


def _facts(season: Season) -> dict[str, Any]:
    rows = papers.papers(season)
    stacks = papers.stacks(season, rows)
    return {
        "season": season,
        "rows": rows,
        "stacks": stacks,
        "choosable": [row for row in rows if row.may_be_chosen],
        "waiting": any(stack.is_moving for stack in stacks),
        "made": sum(row.state == "issued" for row in rows),
        "books": papers.books(rows),
        "stopped": stops.is_stopped(issue.SWITCH),
        "today": timezone.localdate(),
    }


def _again(request: HttpRequest, season: Season, refusal: Refused, **more: Any) -> HttpResponse:
    return page(request, "certificates.html", season, _facts(season) | more, reasons=refusal.reasons)


def _numbers(values: list[str]) -> list[int]:
    return [int(text) for text in values if text.isascii() and text.isdigit() and len(text) < 18]


@require_POST
def start(request: HttpRequest, year: int) -> HttpResponse:
    """Drafts of the chosen certificates are ordered."""
    season = season_of(year)
    require(request.user, "certificates.issue")
    chosen = _numbers(request.POST.getlist("certificate"))
    wanted = list(Certificate.objects.filter(pk__in=chosen, recognition__season_year=season.year))
    try:
        batch = batches.start_batch(season_year=season.year, certificates=wanted, by=request.user, at=timezone.now())
    except Refused as refusal:
        return _again(request, season, refusal, chosen=chosen)
    count = len(wanted)
    words = ngettext("Batch %(b)s: %(n)s draft is being made.", "Batch %(b)s: %(n)s drafts are being made.", count)
    messages.info(request, words % {"b": batch.number, "n": count})
    return redirect("decisions:certificates", year=season.year)


@require_POST
def decide_batch(request: HttpRequest, year: int, pk: int) -> HttpResponse:
    """The signatory approves the drafts by their digest, or somebody returns them with a reason."""
    season, batch = season_of(year), get_object_or_404(Batch, pk=pk, season_year=year)
    require(request.user, "certificates.return_batch")
    try:
        if request.POST.get("do") == "return":
            reason = typed(request, "reason", at_most=2000)
            batches.return_batch(batch=batch, reason=reason, by=request.user, at=timezone.now())
            messages.info(request, _("The batch is returned. Its drafts never verify; the numbers are kept."))
        else:
            require(request.user, "certificates.approve")
            if request.POST.get("looked") != "on":
                raise Refused(_("Confirm that you have looked at the drafts."))
            seen = typed(request, "digest", at_most=64)
            batches.approve(batch=batch, seen_digest=seen, by=request.user, at=timezone.now())
            messages.success(request, _("Approved. The papers are being signed."))
    except Refused as refusal:
        return _again(request, season, refusal, typed_reason=typed(request, "reason", at_most=2000))
    return redirect("decisions:certificates", year=season.year)


@require_POST
def brake(request: HttpRequest, year: int) -> HttpResponse:
    """Stop issuing, or go on."""
    season = season_of(year)
    require(request.user, "certificates.stop")
    try:
        if request.POST.get("do") == "resume":
            batches.resume(by=request.user, at=timezone.now())
            messages.success(request, _("Issuing goes on."))
        else:
            batches.stop(reason=typed(request, "reason", at_most=500), by=request.user, at=timezone.now())
            messages.warning(request, _("Issuing is stopped. Nothing is drafted or signed until somebody resumes it."))
    except Refused as refusal:
        return _again(request, season, refusal, typed_stop=typed(request, "reason", at_most=500))
    return redirect("decisions:certificates", year=season.year)


@require_POST
def retry(request: HttpRequest, year: int) -> HttpResponse:
    """One failed paper once more, or all of a batch."""
    season = season_of(year)
    require(request.user, "certificates.retry")
    wanted = Certificate.objects.filter(recognition__season_year=season.year, file=None).select_related("batch")
    one = _numbers([request.POST.get("certificate", "")])
    found = list(wanted.filter(pk__in=one) if one else wanted.exclude(batch=None))
    count, refused = 0, None
    for batch in {certificate.batch for certificate in found if certificate.batch}:
        own = [certificate for certificate in found if certificate.batch_id == batch.pk]
        try:
            count += batches.retry_failed(batch=batch, certificates=own, by=request.user, at=timezone.now())
        except Refused as refusal:
            refused = refusal
    if not count:
        return _again(request, season, refused or Refused(_("No paper has failed; nothing is to be made again.")))
    words = ngettext("%(n)s paper is being made again.", "%(n)s papers are being made again.", count)
    messages.info(request, words % {"n": count})
    return redirect("decisions:certificates", year=season.year)


# --- looking at one --------------------------------------------------------------------------------------
def _of(year: int, pk: int) -> Certificate:
    return get_object_or_404(Certificate.objects.select_related("recognition"), pk=pk, recognition__season_year=year)


@never_cache
@require_GET
def preview(request: HttpRequest, year: int, pk: int) -> HttpResponse:
    """How the paper will look, marked as worth nothing; made anew at each request and kept nowhere."""
    require(request.user, "certificates.issue")
    certificate = _of(year, pk)
    form = forms.read(forms.form_for(year, at=timezone.now()))
    try:
        content = paper.render(
            certificate.serial,
            certificate.snapshot | {"is_demo": True},
            form=form,
            qr_text=paper.verify_url(certificate.serial),
            attachment=canonical({"preview": True}),
            attachment_name="preview.json",
        )
    except ValueError as fault:
        return _again(request, season_of(year), Refused(str(fault)))
    return _pdf(content, f"xem-truoc-{certificate.serial}")


@never_cache
@require_GET
def draft(request: HttpRequest, year: int, pk: int) -> HttpResponse:
    """The exact unsigned bytes that are to be approved."""
    require(request.user, "certificates.return_batch")
    return _pdf(_draft_of(year, pk), f"du-thao-{pk}")


@require_GET
def thumbnail(request: HttpRequest, year: int, pk: int, sha256: str) -> HttpResponse:
    """A small picture of a draft or of the issued paper, addressed by its digest: it never changes."""
    require(request.user, "certificates.see_book")
    certificate = _of(year, pk)
    if sha256 not in (certificate.draft_id, certificate.file_id):
        raise Http404
    response = HttpResponse(thumbnails.picture_of(sha256), content_type="image/png")
    response["Cache-Control"] = "private, max-age=86400, immutable"
    return response


def _draft_of(year: int, pk: int) -> bytes:
    certificate = _of(year, pk)
    if certificate.draft_id is None:
        raise Http404
    try:
        return files.read(str(certificate.draft_id))
    except (OSError, ValueError):
        message = _("The draft of %(serial)s is missing or damaged. Return the batch and make it anew.")
        raise Refused(message % {"serial": certificate.serial}) from None


def _pdf(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    response["X-Content-Type-Options"] = "nosniff"
    return response
