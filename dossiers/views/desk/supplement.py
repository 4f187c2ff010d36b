"""The request for a supplement (form 02), drafted from the crosses of the checklist, with its preview."""

from datetime import date, timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.errors import Refused
from dossiers import actions, checklist, phrasebook
from dossiers.desk_forms import SupplementForm, Target
from dossiers.models import CheckMark, Dossier
from dossiers.views.desk import words
from dossiers.views.desk.ground import REFUSED, Way, dossier_of, panel_for, why_not

LETTER = "thu"


@require_http_methods(["GET", "HEAD", "POST"])
def ask_supplement(request: HttpRequest, pk: int) -> HttpResponse:
    """Any paper or part can be ticked. `act=preview` sends nothing; with `phan=thu` it answers the letter alone."""
    dossier, at = dossier_of(request, pk, rule="dossiers.check"), timezone.now()
    way = Way.of(request.POST or request.GET)
    today = timezone.localdate(at)
    form = SupplementForm(request.POST or None, targets=_targets(dossier, today), library=phrasebook.live())
    previews = request.POST.get("act") == "preview"
    if previews and request.POST.get("phan") == LETTER:
        return render(request, "dossiers/desk/_letter.html", _letter(request, dossier, form, today))
    reasons, status = why_not("request_supplement", dossier), 200
    if request.method == "POST" and form.is_valid() and not previews:
        try:
            actions.request_supplement(
                dossier=dossier,
                defects=form.asked(),
                message=form.cleaned_data["message"],
                seen=request.POST.get("stamp", ""),
                by=request.user,
                at=at,
            )
        except Refused as refusal:
            dossier, reasons, status = dossier_of(request, pk), refusal.reasons, REFUSED
        else:
            sent = _("The request for %(number)s is sent.") % {"number": dossier.number}
            messages.success(request, sent)
            return redirect(way.onward)
    context = {
        "panel": panel_for(request, dossier, way, at=at),
        "way": way,
        "rows": form.rows(),
        "reasons": reasons,
        "round": len(dossier.supplements.all()) + 1,
        "earlier": len(dossier.supplements.all()),
    } | _letter(request, dossier, form, today)
    return render(request, "dossiers/desk/supplement.html", context, status=status)


def _letter(request: HttpRequest, dossier: Dossier, form: SupplementForm, today: date) -> dict[str, object]:
    return {
        "dossier": dossier,
        "form": form,
        "letter": form.letter(),
        "today": today,
        "due": answer_until(dossier, today),
        "officer": request.user,
    }


def answer_until(dossier: Dossier, today: date) -> date:
    return today + timedelta(days=dossier.season.supplement_days)


def _targets(dossier: Dossier, today: date) -> list[Target]:
    """The checklist as it stands: crosses are ticked with their words, and so is what nobody looked at but the
    automatic checks miss."""
    targets = []
    for item in checklist.items_of(dossier, today=today):
        mark = item.mark
        crossed = mark is not None and mark.verdict == CheckMark.Verdict.DEFECT
        proposed = mark is None and bool(item.suspected)
        targets.append(
            Target(
                item.code,
                words.part_name(item.code),
                [document.name for document in item.held],
                is_crossed=crossed or proposed,
                reason=mark.reason if mark is not None and crossed else item.suspected if proposed else "",
                words=mark.words if mark is not None and crossed else "",
            )
        )
    return targets
