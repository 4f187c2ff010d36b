"""The applicant's own points by the criteria of the season."""

from decimal import Decimal

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from dossiers import actions, drafts
from dossiers.models import Dossier, Stage
from dossiers.views.applicant.part import answered, context_of, data_of
from dossiers.views.applicant.whose import editable_dossier


@require_http_methods(["GET", "HEAD", "POST"])
@editable_dossier
def selfmarks(request: HttpRequest, dossier: Dossier) -> HttpResponse:
    """One line for each criterion; waits while the season has not published them."""
    if dossier.stage != Stage.DRAFT and request.method != "POST":
        return redirect("dossiers:follow", pk=dossier.pk)
    form = drafts.selfmarks_form(dossier, data_of(request))

    def save() -> None:
        actions.mark_oneself(dossier=dossier, marks=form.marks(), by=request.user, at=timezone.now())

    answer = answered(request, dossier, form, save, "dossiers:selfmarks") if form.is_bound else None
    if answer is not None:
        return answer
    given = [mark.points for mark in dossier.self_marks.all() if mark.points is not None]
    context = context_of(dossier, "selfmarks") | {
        "form": form,
        "rows": list(form.rows()),
        "total": sum(given, Decimal(0)) if given else None,
        "most": sum((criterion.max_points for criterion in form.criteria), Decimal(0)),
    }
    return render(request, "dossiers/selfmarks.html", context)
