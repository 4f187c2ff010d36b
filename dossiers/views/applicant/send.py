"""The last check, the sending, and the receipt."""

import segno
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from core.errors import Refused
from dossiers import actions, queries
from dossiers.figures_form import FiguresForm, plain
from dossiers.forms import DeclarationForm
from dossiers.models import Dossier, Stage
from dossiers.queries import years_asked
from dossiers.views.applicant.deadlines import deadline_of
from dossiers.views.applicant.papers import slots_of
from dossiers.views.applicant.tasks import hub_of
from dossiers.views.applicant.undertakings import undertaking_texts
from dossiers.views.applicant.whose import own_dossier


@require_http_methods(["GET", "HEAD", "POST"])
@own_dossier
def review(request: HttpRequest, dossier: Dossier) -> HttpResponse:
    """Everything on one page, what is missing on top, and the button. A second press finds the receipt."""
    if dossier.stage != Stage.DRAFT:
        if dossier.stage == Stage.SUPPLEMENT:
            return redirect("dossiers:supplement", pk=dossier.pk)
        return redirect("dossiers:receipt" if dossier.number else "dossiers:follow", pk=dossier.pk)
    at = timezone.now()
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
    deadline = deadline_of(dossier, at)
    context = {
        "dossier": dossier,
        "hub": hub,
        "form": form,
        "pressed": pressed,
        "reasons": reasons,
        "deadline": deadline,
        "undertakings": undertaking_texts(),
    } | contents_of(dossier)
    return render(request, "dossiers/review.html", context)


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
    }


@require_safe
@own_dossier
def receipt(request: HttpRequest, dossier: Dossier) -> HttpResponse:
    """The proof that the dossier was filed. It stays under its address."""
    if dossier.number is None:
        return redirect("dossiers:dossier", pk=dossier.pk)
    address = f"{settings.SITE_URL}{reverse('dossiers:track')}?number={dossier.number}"
    qr = segno.make(address, error="m", micro=False)
    context = {
        "dossier": dossier,
        "sent": dossier.changes.filter(step="submit").first(),
        "address": address,
        "qr": qr.svg_data_uri(scale=4, border=2),
        "check_by": queries.due_date(dossier),
    }
    return render(request, "dossiers/receipt.html", context)
