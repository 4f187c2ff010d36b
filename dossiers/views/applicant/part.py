"""What the pages of an open dossier share: their context, and how a form is answered."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import time_format
from django.utils.translation import gettext as _

from core.errors import Refused
from dossiers import words
from dossiers.models import Defect, Dossier
from dossiers.views.applicant.deadlines import deadline_of
from dossiers.views.applicant.stages import open_request, stage_tag
from dossiers.views.applicant.tasks import PART_PAGES, hub_of, part_of
from dossiers.views.applicant.whose import is_autosave


def context_of(dossier: Dossier, part: str = "") -> dict[str, Any]:
    """What every page of an open dossier prints. `gaps` are those of this part, `asked` what an officer ticked."""
    at = timezone.now()
    hub = hub_of(dossier)
    page = reverse(PART_PAGES[part], kwargs={"pk": dossier.pk}) if part else ""
    request = open_request(dossier)
    return {
        "dossier": dossier,
        "hub": hub,
        "tag": stage_tag(dossier, timezone.localdate(at)),
        "deadline": deadline_of(dossier, at),
        "supplement": request,
        "gaps": [m for m in hub.missing if page and m.url.partition("#")[0] == page],
        "asked": _asked(request, part) if request else [],
        "part": words.PART_NAMES.get(part, ""),
    }


def _asked(request: Any, part: str) -> list[Defect]:
    return [defect for defect in request.defects.all() if part_of(defect.part) == part]


def answered(
    request: HttpRequest, dossier: Dossier, form: forms.Form, save: Callable[[], None], page: str
) -> HttpResponse | None:
    """Save what a bound form says. Autosave keeps every field that could be read and tells of the others;
    a press of the button keeps all or nothing. None: show the form again."""
    whole = form.is_valid()
    if is_autosave(request):
        try:
            save()
        except Refused as refused:
            return JsonResponse({"refused": " ".join(refused.reasons)}, status=409)
        saved_at = time_format(timezone.localtime(), "TIME_FORMAT")
        return JsonResponse({"saved_at": saved_at, "errors": form.errors.get_json_data()})
    if not whole:
        return None
    try:
        save()
    except Refused as refused:
        form.add_error(None, refused.reasons)
        return None
    messages.success(request, _("Saved."))
    if "stay" in request.POST:
        return redirect(page, pk=dossier.pk)
    return redirect("dossiers:dossier", pk=dossier.pk)


def data_of(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None
