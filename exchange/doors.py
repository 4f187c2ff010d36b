"""What this room adds to the side rail."""

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import pgettext_lazy

from accounts.access import can
from core import rail


def _url(request: HttpRequest) -> str | None:
    return reverse("exchange:excel") if can(request.user, "exchange.export") else None


rail.add("exchange", pgettext_lazy("rail", "Excel"), 50, rail.Door(pgettext_lazy("rail", "Import and export"), _url))
