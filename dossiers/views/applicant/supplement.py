"""What the officer asked for, and its answer."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.errors import Refused
from dossiers import actions, workflow
from dossiers.models import Dossier, SupplementRequest
from dossiers.views.applicant.deadlines import deadline_of
from dossiers.views.applicant.papers import slots_of
from dossiers.views.applicant.stages import open_request
from dossiers.views.applicant.tasks import hub_of, name_of_part, part_of, url_of_defect
from dossiers.views.applicant.whose import own_dossier


@require_http_methods(["GET", "HEAD", "POST"])
@own_dossier
def supplement(request: HttpRequest, dossier: Dossier) -> HttpResponse:
    """What the officer listed, where to mend it, and one button to send it all."""
    at = timezone.now()
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
    defects = _defects(dossier, asked)
    context = {
        "dossier": dossier,
        "supplement": asked,
        "deadline": deadline_of(dossier, at),
        "defects": defects,
        "mended": sum(defect["mended"] is True for defect in defects),
        "hub": hub_of(dossier),
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
        is_paper = part_of(defect.part) == "papers"
        new = [d for d in documents if d.paper == defect.part and d.uploaded_at > asked.asked_at]
        found.append(
            {
                "defect": defect,
                "name": name_of_part(defect.part),
                "url": url_of_defect(dossier, defect.part),
                "mended": any(d.removed_at is None for d in new) if is_paper and defect.part in papers else None,
                "files": [d for d in new if d.removed_at is None],
            }
        )
    return found
