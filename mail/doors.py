"""What this room adds to the side rail."""

from collections.abc import Callable

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import pgettext_lazy

from accounts.access import can
from core import rail
from mail import queries


def _url(name: str, rule: str) -> Callable[[HttpRequest], str | None]:
    return lambda request: reverse(f"mail:{name}") if can(request.user, rule) else None


def _to_decide(request: HttpRequest) -> int | None:
    return queries.to_decide(request.user) or None


rail.add(
    "letters",
    pgettext_lazy("rail", "Letters"),
    40,
    rail.Door(pgettext_lazy("rail", "Outbox"), _url("outbox", "mail.see_outbox"), _to_decide),
    rail.Door(pgettext_lazy("rail", "Words of the letters"), _url("texts", "mail.change_words")),
)
