"""What every page and act about one dossier at the desk begins with: may this person, from where, and what now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, JsonResponse, QueryDict
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from accounts.access import require
from dossiers import check_queries
from dossiers.models import Dossier, Stage
from dossiers.views.desk import words
from dossiers.views.desk.panel import Panel, panel_of, visible_on_desk
from dossiers.workflow import STEPS

REFUSED = 409


@dataclass(frozen=True)
class Way:
    """Where the officer came from and goes next; both are worklists of this site."""

    back: str
    onward: str

    @classmethod
    def of(cls, query: QueryDict) -> "Way":
        desk = reverse("dossiers:desk")

        def safe(address: str) -> str:
            local = url_has_allowed_host_and_scheme(address, allowed_hosts=None)
            return address if local and address.startswith(desk) else desk

        return cls(back=safe(query.get("back", "")), onward=safe(query.get("onward") or query.get("back", "")))

    @property
    def query(self) -> str:
        return urlencode({"back": self.back, "onward": self.onward})

    def to(self, name: str, *args: Any, **more: str) -> str:
        """An address about the dossier that remembers the way."""
        query = f"{self.query}&{urlencode(more)}" if more else self.query
        return f"{reverse(f'dossiers:{name}', args=args)}?{query}"


def dossier_of(request: HttpRequest, pk: int, *, rule: str = "dossiers.see") -> Dossier:
    """The dossier of the page; 404 for whoever may not work on it here."""
    dossier = check_queries.checked().filter(pk=pk).first()
    if dossier is None or not visible_on_desk(request.user, dossier):
        raise Http404
    require(request.user, rule, dossier)
    return dossier


def panel_for(request: HttpRequest, dossier: Dossier, way: Way, *, at: datetime) -> Panel:
    return panel_of(dossier, user=request.user, at=at, here=way.back, onward=way.onward)


def why_not(step: str, dossier: Dossier) -> list[str]:
    """Said before anybody writes: a letter that cannot be sent from this stage."""
    sources = (*STEPS[step].sources, Stage.SUBMITTED)
    if dossier.stage in sources:
        return []
    stage = words.STAGES[Stage(dossier.stage)][0]
    return [_("This is not possible at the stage “%(stage)s”.") % {"stage": stage}]


def wants_json(request: HttpRequest) -> bool:
    """Asked by the script of the check screen; a form without it gets a whole page."""
    return request.headers.get("Accept", "").startswith("application/json")


def refusal_json(reasons: Sequence[str]) -> JsonResponse:
    return JsonResponse({"reasons": list(reasons)}, status=REFUSED)
