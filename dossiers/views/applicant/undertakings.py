"""The four undertakings."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from dossiers import actions
from dossiers.forms import UndertakingsForm
from dossiers.models import Dossier
from dossiers.views.applicant.part import context_of, data_of
from dossiers.views.applicant.whose import editable_dossier


@require_http_methods(["GET", "HEAD", "POST"])
@editable_dossier
def undertakings(request: HttpRequest, dossier: Dossier) -> HttpResponse:
    """Read and give the four undertakings; once given, they stand with name and time."""
    form = UndertakingsForm(data_of(request))
    if form.is_bound and form.is_valid():
        actions.give_undertakings(dossier=dossier, by=request.user, at=timezone.now())
        messages.success(request, _("The undertakings are given."))
        return redirect("dossiers:dossier", pk=dossier.pk)
    context = context_of(dossier, "undertakings") | {"form": form, "texts": undertaking_texts()}
    return render(request, "dossiers/undertakings.html", context)


def undertaking_texts() -> list[tuple[str, str]]:
    """The four subjects are those of the guidance; the sentences are the registry's."""
    return [
        (
            _("Environment"),
            _("The enterprise produces with the environmental permits in force and keeps to their conditions."),
        ),
        (
            _("Quality"),
            _("The product keeps the quality and the standards stated here for as long as it carries the title."),
        ),
        (
            _("Intellectual property"),
            _("The product does not infringe the rights of others; names, marks and designs are used lawfully."),
        ),
        (
            _("Law"),
            _("The enterprise keeps the law on tax, labour, insurance and safety, and its statements here are true."),
        ),
    ]
