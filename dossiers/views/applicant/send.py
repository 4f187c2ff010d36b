"""From the last check to the receipt, the supplement and the withdrawal."""

import segno
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import can
from core.errors import Refused
from dossiers import actions, queries, workflow
from dossiers.forms import DeclarationForm, FiguresForm, plain
from dossiers.models import Dossier, Stage, SupplementRequest
from dossiers.queries import years_asked
from dossiers.views.applicant import common
from dossiers.views.applicant.mine import recognitions_of
from dossiers.views.applicant.parts import slots_of, undertaking_texts


@require_http_methods(["GET", "HEAD", "POST"])
@common.own_dossier
def review(request: HttpRequest, dossier: Dossier) -> HttpResponse:
    """Everything on one page, what is missing on top, and the button. A second press finds the receipt."""
    if dossier.stage != Stage.DRAFT:
        if dossier.stage == Stage.SUPPLEMENT:
            return redirect("dossiers:supplement", pk=dossier.pk)
        return redirect("dossiers:receipt" if dossier.number else "dossiers:follow", pk=dossier.pk)
    at = timezone.now()
    form = DeclarationForm(request.POST if request.method == "POST" else None)
    hub = common.hub_of(dossier)
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
    deadline = common.deadline_of(dossier, at)
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
@common.own_dossier
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


@require_safe
@common.own_dossier
def follow(request: HttpRequest, dossier: Dossier) -> HttpResponse:
    """Where the dossier stands, what happened, what comes next."""
    at = timezone.now()
    hub = common.hub_of(dossier) if dossier.stage in (Stage.DRAFT, Stage.SUPPLEMENT) else None
    context = {
        "dossier": dossier,
        "tag": common.stage_tag(dossier, timezone.localdate(at)),
        "line": common.stage_line(dossier),
        "step": common.next_step(dossier, at, hub),
        "events": common.story_of(dossier),
        "slots": [slot for slot in slots_of(dossier) if slot.files],
        "recognition": recognitions_of([dossier]).get(dossier.pk),
        "past_requests": [
            (asked, [(common.name_of_part(d.part), d) for d in asked.defects.all()])
            for asked in dossier.supplements.all()
            if asked.answered_at is not None
        ],
        "may_withdraw": can(request.user, "dossiers.withdraw", dossier),
    }
    return render(request, "dossiers/follow.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@common.own_dossier
def supplement(request: HttpRequest, dossier: Dossier) -> HttpResponse:
    """What the officer listed, where to mend it, and one button to send it all."""
    at = timezone.now()
    asked = common.open_request(dossier)
    if asked is None:
        return redirect("dossiers:follow", pk=dossier.pk)
    reasons: list[str] = []
    if request.method == "POST":
        try:
            actions.answer_supplement(dossier=dossier, by=request.user, at=at)
        except Refused as refused:
            reasons = refused.reasons
        else:
            messages.success(request, _("The supplement is sent. The Department goes on with the check."))
            return redirect("dossiers:follow", pk=dossier.pk)
    defects = _defects(dossier, asked)
    context = {
        "dossier": dossier,
        "supplement": asked,
        "deadline": common.deadline_of(dossier, at),
        "defects": defects,
        "mended": sum(defect["mended"] is True for defect in defects),
        "hub": common.hub_of(dossier),
        "reasons": reasons,
        "blocked": not reasons and bool(workflow.blockers(dossier, "answer_supplement", by=request.user, at=at)),
    }
    return render(request, "dossiers/supplement.html", context)


def _defects(dossier: Dossier, asked: SupplementRequest) -> list[dict[str, object]]:
    """Each defect with its place. Of a paper we know whether a new file came; of texts we do not claim to."""
    documents = list(dossier.documents.all())
    papers = {slot.code for slot in slots_of(dossier)}
    found: list[dict[str, object]] = []
    for defect in asked.defects.all():
        is_paper = common.part_of(defect.part) == "papers"
        new = [d for d in documents if d.paper == defect.part and d.uploaded_at > asked.asked_at]
        found.append(
            {
                "defect": defect,
                "name": common.name_of_part(defect.part),
                "url": common.url_of_defect(dossier, defect.part),
                "mended": any(d.removed_at is None for d in new) if is_paper and defect.part in papers else None,
                "files": [d for d in new if d.removed_at is None],
            }
        )
    return found


@require_http_methods(["GET", "HEAD", "POST"])
@common.own_dossier
def withdraw(request: HttpRequest, dossier: Dossier) -> HttpResponse:
    """Ask once, then withdraw."""
    if not can(request.user, "dossiers.withdraw", dossier):
        return redirect("dossiers:follow", pk=dossier.pk)
    if request.method == "POST":
        actions.withdraw(dossier=dossier, by=request.user, at=timezone.now())
        messages.success(request, _("The dossier is withdrawn."))
        return redirect("dossiers:mine")
    return render(request, "dossiers/withdraw.html", {"dossier": dossier})
