"""What this room adds to the side rail."""

from collections.abc import Callable

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import pgettext_lazy

from accounts.access import can
from core import rail


def _url(name: str) -> Callable[[HttpRequest], str | None]:
    return lambda request: reverse(name) if can(request.user, "enterprises.see_register") else None


# The list stands in the room of dossiers, which knows what each enterprise has filed: named, not imported.
rail.add(
    "enterprises",
    pgettext_lazy("rail", "Enterprises"),
    30,
    rail.Door(pgettext_lazy("rail", "All enterprises"), _url("dossiers:desk_enterprises")),
    rail.Door(pgettext_lazy("rail", "Possible duplicates"), _url("enterprises:duplicates")),
)
