"""The part of the enterprise: its record as it stands, and the contact person."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from dossiers import actions, drafts
from dossiers.models import Dossier
from dossiers.views.applicant.part import answered, context_of, data_of, with_origins
from dossiers.views.applicant.whose import editable_dossier


@require_http_methods(["GET", "HEAD", "POST"])
@editable_dossier
def enterprise_part(request: HttpRequest, dossier: Dossier) -> HttpResponse:
    """The record as it stands, and the contact person."""
    form = drafts.contact_form(dossier, data_of(request))

    def save() -> None:
        actions.describe(dossier=dossier, by=request.user, at=timezone.now(), **form.cleaned_data)

    answer = answered(request, dossier, form, save, "dossiers:enterprise_part") if form.is_bound else None
    context = context_of(dossier, "enterprise") | {"form": with_origins(form, dossier, "enterprise")}
    return answer or render(request, "dossiers/enterprise_part.html", context)
