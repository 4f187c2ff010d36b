"""What this room adds to the side rail."""

from collections.abc import Callable

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import pgettext_lazy

from accounts.access import can
from core import rail


def _url(name: str, rule: str) -> Callable[[HttpRequest], str | None]:
    return lambda request: reverse(f"onestop:{name}") if can(request.user, rule) else None


rail.add(
    "onestop",
    pgettext_lazy("rail", "One-stop desk"),
    20,
    rail.Door(pgettext_lazy("rail", "Receive on paper"), _url("receive", "onestop.receive")),
    rail.Door(pgettext_lazy("rail", "Register of dossiers"), _url("book", "onestop.keep_book")),
    rail.Door(pgettext_lazy("rail", "Late: apologies"), _url("apologies", "onestop.keep_book")),
    rail.Door(pgettext_lazy("rail", "Texts of the forms"), _url("texts", "onestop.change_texts")),
)
