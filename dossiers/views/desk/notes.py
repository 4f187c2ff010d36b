"""Notes that the applicant never sees."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core.errors import Refused
from dossiers import actions
from dossiers.desk_forms import NoteForm
from dossiers.views.desk.checking import check_page
from dossiers.views.desk.ground import REFUSED, Way, dossier_of


@require_POST
def check_notes(request: HttpRequest, pk: int) -> HttpResponse:
    dossier, way = dossier_of(request, pk, rule="dossiers.check"), Way.of(request.POST)
    form = NoteForm(request.POST)
    if not form.is_valid():
        reasons = [str(message) for found in form.errors.values() for message in found]
        return check_page(request, dossier, way, reasons=reasons, status=REFUSED)
    actions.write_note(dossier=dossier, text=form.cleaned_data["text"], by=request.user, at=timezone.now())
    messages.success(request, _("The note is kept. The enterprise does not see it."))
    return redirect(f"{way.to('check', pk)}#notes")


@require_POST
def remove_note(request: HttpRequest, pk: int, note: int) -> HttpResponse:
    """The note is looked for within the dossier of the address."""
    dossier, way = dossier_of(request, pk, rule="dossiers.check"), Way.of(request.POST)
    found = dossier.staff_notes.filter(pk=note).first()
    if found is None:
        raise Http404
    try:
        actions.remove_note(note=found, by=request.user, at=timezone.now())
    except Refused as refusal:
        return check_page(request, dossier, way, reasons=refusal.reasons, status=REFUSED)
    messages.success(request, _("The note is taken back."))
    return redirect(f"{way.to('check', pk)}#notes")
