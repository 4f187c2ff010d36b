"""Whose page it is: 404 to everybody but the enterprise of the dossier."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from accounts.access import can, require
from core.errors import Refused
from dossiers import queries
from dossiers.models import Dossier
from dossiers.views.applicant.stages import stage_words

View = Callable[..., HttpResponse]


# --- whose page ---------------------------------------------------------------------------------------
def own_dossier(view: View) -> View:
    """The dossier of the address with all that its pages print; 404 to everybody but its enterprise."""

    @never_cache
    @wraps(view)
    def page(request: HttpRequest, pk: int, **kwargs: Any) -> HttpResponse:
        dossier = queries.mine(request.user).filter(pk=pk).first()
        if dossier is None:
            raise Http404
        require(request.user, "dossiers.see_own", dossier)
        return view(request, dossier, **kwargs)

    return page


def editable_dossier(view: View) -> View:
    """Like `own_dossier`, for pages that write. Once sent, reading leads to the follow page, writing is refused."""

    @own_dossier
    @wraps(view)
    def page(request: HttpRequest, dossier: Dossier, **kwargs: Any) -> HttpResponse:
        if can(request.user, "dossiers.edit", dossier):
            return view(request, dossier, **kwargs)
        if request.method != "POST":
            return redirect("dossiers:follow", pk=dossier.pk)
        reason = _("The dossier is at the stage “%(stage)s” and cannot be changed now.") % {
            "stage": stage_words(dossier.stage)
        }
        if is_autosave(request):
            return JsonResponse({"refused": reason}, status=409)
        raise Refused(reason)

    return page


def is_autosave(request: HttpRequest) -> bool:
    return request.headers.get("X-Autosave") == "1"
