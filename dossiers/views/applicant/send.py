"""The last check, the sending, and the receipt."""

import segno
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import can
from core import clock
from core.errors import Refused
from dossiers import actions, drafts, queries, receipt_paper, words
from dossiers.figures_form import FiguresForm, plain
from dossiers.forms import DeclarationForm
from dossiers.models import Dossier, Stage
from dossiers.queries import years_asked
from dossiers.start_forms import answered_in_words
from dossiers.views.applicant.deadlines import deadline_of
from dossiers.views.applicant.papers import slots_of
from dossiers.views.applicant.tasks import hub_of
from dossiers.views.applicant.undertakings import undertaking_texts
from dossiers.views.applicant.whose import own_dossier
from dossiers.wallet import expired_on
from enterprises.models import RepresentativeRole


@require_http_methods(["GET", "HEAD", "POST"])
@own_dossier
def review(request: HttpRequest, dossier: Dossier) -> HttpResponse:
    """Everything on one page, what is missing on top, and the button. A second press finds the receipt."""
    if dossier.stage != Stage.DRAFT:
        if dossier.stage == Stage.SUPPLEMENT:
            return redirect("dossiers:supplement", pk=dossier.pk)
        return redirect("dossiers:receipt" if dossier.number else "dossiers:follow", pk=dossier.pk)
    at = clock.database_now()
    form = DeclarationForm(request.POST if request.method == "POST" else None)
    hub = hub_of(dossier)
    reasons: list[str] = []
    pressed = form.is_bound
    if pressed and form.is_valid() and not hub.missing:
        try:
            actions.submit(dossier=dossier, by=request.user, at=at)
        except Refused as refused:
            dossier.refresh_from_db(fields=["stage", "number"])
            if dossier.number is None:
                reasons = refused.reasons
        if not reasons:
            return redirect("dossiers:receipt", pk=dossier.pk)
    context = {
        "dossier": dossier,
        "hub": hub,
        "form": form,
        "pressed": pressed,
        "reasons": reasons,
        "deadline": deadline_of(dossier, at),
        "undertakings": undertaking_texts(),
        "may_send": can(request.user, "dossiers.submit", dossier),
        "may_fill_in": can(request.user, "dossiers.edit", dossier),
        "signers": signers_of(dossier),
        "expired": [(d, words.PAPER_NAMES[d.paper]) for d in expired_on(dossier, timezone.localdate(at))],
    } | contents_of(dossier)
    return render(request, "dossiers/review.html", context)


def signers_of(dossier: Dossier) -> list[str]:
    """Whom to ask: the people who sign for the enterprise."""
    rows = dossier.enterprise.representatives.filter(ended_at=None, role=RepresentativeRole.SIGNS)
    return [
        f"{row.user} ({row.position})" if row.position else str(row.user)
        for row in rows.select_related("user").order_by("pk")
    ]


def contents_of(dossier: Dossier) -> dict[str, object]:
    """What the pages print that show the whole dossier."""
    years = years_asked(dossier.season.year)
    known = {figure.year: figure for figure in dossier.figures.all()}
    heads = FiguresForm(years=years).heads
    return {
        "years": [str(year) for year in years],
        "figure_rows": [
            (label, unit.partition(";")[0], [plain(getattr(known.get(year), name, None)) for year in years])
            for name, (label, unit) in heads.items()
        ],
        "slots": slots_of(dossier),
        "answers": answered_in_words(dossier),
        "self_rows": self_rows_of(dossier),
    }


def self_rows_of(dossier: Dossier) -> list[tuple[str, str, str, str]]:
    """Criterion, own points, the most it gives, and the evidence; only what was filled in."""
    form = drafts.selfmarks_form(dossier)
    found = []
    for row in form.rows():
        points, evidence = row.points.initial, row.evidence.initial
        if points is not None or evidence:
            shown = "–" if points is None else number_format(points, force_grouping=True)
            found.append((row.label, shown, row.most, evidence or ""))
    return found


# --- the receipt --------------------------------------------------------------------------------------
@require_safe
@own_dossier
def receipt(request: HttpRequest, dossier: Dossier) -> HttpResponse:
    """The proof that the dossier was filed. It stays under its address."""
    if dossier.number is None:
        return redirect("dossiers:dossier", pk=dossier.pk)
    qr = segno.make(_address(dossier), error="m", micro=False)
    context = _receipt_of(dossier) | {"qr": qr.svg_data_uri(scale=4, border=2)}
    return render(request, "dossiers/receipt.html", context)


@require_safe
@own_dossier
def receipt_pdf(request: HttpRequest, dossier: Dossier) -> HttpResponse:
    """The same receipt as a file to keep."""
    if dossier.number is None:
        return redirect("dossiers:dossier", pk=dossier.pk)
    content = receipt_paper.render(_receipt_of(dossier), address=_address(dossier))
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = content_disposition_header(True, f"{dossier.number}.pdf") or "attachment"
    return response


def _receipt_of(dossier: Dossier) -> dict[str, object]:
    return {
        "dossier": dossier,
        "sent": dossier.changes.filter(step__in=["submit", "receive_on_paper"]).first(),
        "address": _address(dossier),
        "check_by": queries.due_date(dossier),
    }


def _address(dossier: Dossier) -> str:
    """Where the receipt's code leads: stage and dates, without an account."""
    return f"{settings.SITE_URL}{reverse('dossiers:track_code', kwargs={'code': dossier.track_code})}"
