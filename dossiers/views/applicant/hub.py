"""The task list of a dossier."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from dossiers.models import Dossier
from dossiers.views.applicant.part import context_of
from dossiers.views.applicant.whose import editable_dossier


@require_safe
@editable_dossier
def hub(request: HttpRequest, dossier: Dossier) -> HttpResponse:
    """The task list."""
    return render(request, "dossiers/hub.html", context_of(dossier))
