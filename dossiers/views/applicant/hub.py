"""The task list of a dossier."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from dossiers.models import Dossier, FieldChange
from dossiers.views.applicant.part import context_of
from dossiers.views.applicant.whose import editable_dossier


@require_safe
@editable_dossier
def hub(request: HttpRequest, dossier: Dossier) -> HttpResponse:
    """The task list, and who wrote last when it was somebody else."""
    last = FieldChange.objects.filter(dossier=dossier).select_related("changed_by").last()
    other = last.changed_by if last is not None and last.changed_by_id != request.user.pk else None
    return render(request, "dossiers/hub.html", context_of(dossier) | {"last_by": other})
