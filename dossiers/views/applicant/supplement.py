"""What the officer asked for, and its answer."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import can
from core import clock, uploads
from core.errors import Refused
from core.uploads import ACCEPT_PICTURES
from dossiers import actions, guards, supplements
from dossiers.models import Dossier, SupplementRequest
from dossiers.papers import BY_CODE
from dossiers.views.applicant.deadlines import deadline_of
from dossiers.views.applicant.stages import open_request
from dossiers.views.applicant.tasks import url_of_defect
from dossiers.views.applicant.whose import own_dossier


@require_http_methods(["GET", "HEAD", "POST"])
@own_dossier
def supplement(request: HttpRequest, dossier: Dossier) -> HttpResponse:
    """One card for each thing that was listed, where to mend it, and one button to send it all."""
    at = clock.database_now()
    asked = open_request(dossier)
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
    cards = _cards(dossier, asked)
    answered = sum(card["item"].is_answered for card in cards)  # type: ignore[attr-defined]
    context = {
        "dossier": dossier,
        "supplement": asked,
        "deadline": deadline_of(dossier, at),
        "cards": cards,
        "answered": answered,
        "waiting": len(cards) - answered,
        "gaps": guards.asked_parts_are_complete(dossier, at),
        "problems": [("", reason) for reason in reasons],
        "reasons": reasons,
        "may_fill_in": can(request.user, "dossiers.edit", dossier),
        "may_send": can(request.user, "dossiers.submit", dossier),
    }
    return render(request, "dossiers/supplement.html", context, status=409 if reasons else 200)


def _cards(dossier: Dossier, asked: SupplementRequest) -> list[dict[str, object]]:
    """Each paper or part with its defects, the files that were sent, and the place of the new ones."""
    cards: list[dict[str, object]] = []
    for item in supplements.items_of(dossier, asked):
        paper = BY_CODE.get(item.code)
        cards.append(
            {
                "item": item,
                "paper": paper,
                "url": url_of_defect(dossier, item.code),
                "accept": ACCEPT_PICTURES if paper is not None and paper.only_pictures else uploads.ACCEPT,
                "replaced": [document for document in item.old if document.removed_at is not None],
                "kept": [document for document in item.old if document.removed_at is None],
            }
        )
    return cards
