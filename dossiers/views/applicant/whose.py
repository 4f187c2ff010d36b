"""Whose page it is: 404 to everybody but the enterprise of the dossier. And for whom one acts: a form says it, and
a form that says another enterprise than the address is answered in words and writes nothing."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from accounts.access import can, require
from core.errors import Refused
from dossiers import queries
from dossiers.models import Dossier
from dossiers.views.applicant.stages import stage_words

View = Callable[..., HttpResponse]


def own_dossier(view: View) -> View:
    """The dossier of the address with all that its pages print; 404 to everybody but its enterprise."""

    @never_cache
    @wraps(view)
    def page(request: HttpRequest, pk: int, **kwargs: Any) -> HttpResponse:
        dossier = queries.mine(request.user).filter(pk=pk).first()
        if dossier is None:
            raise Http404
        require(request.user, "dossiers.see_own", dossier)
        if request.method == "POST":
            acts_for(request.POST.get("acting_for"), dossier)
        return view(request, dossier, **kwargs)

    return page


def acts_for(said: Any, dossier: Dossier) -> None:
    """Raises Refused when the page was about another enterprise than the dossier's."""
    if said is not None and str(said) != str(dossier.enterprise_id):
        raise Refused(
            _("The page was about another enterprise; this dossier is of %(name)s. Nothing was saved: open it again.")
            % {"name": dossier.enterprise}
        )


def editable_dossier(view: View) -> View:
    """Like `own_dossier`, for pages that write. Once sent, and for who only reads, reading leads to the follow page
    and writing is refused."""

    @own_dossier
    @wraps(view)
    def page(request: HttpRequest, dossier: Dossier, **kwargs: Any) -> HttpResponse:
        if can(request.user, "dossiers.edit", dossier):
            return view(request, dossier, **kwargs)
        if request.method != "POST":
            return redirect("dossiers:follow", pk=dossier.pk)
        raise Refused(why_not(request.user, dossier))

    return page


def why_not(user: Any, dossier: Dossier) -> str:
    if not can(user, "enterprises.fill_in", dossier.enterprise):
        return _("You may read this dossier but not change it. Ask whoever signs for the enterprise.")
    return _("The dossier is at the stage “%(stage)s” and cannot be changed now.") % {
        "stage": stage_words(dossier.stage)
    }
