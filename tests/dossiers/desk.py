"""What the tests of the check screen share: its addresses, and the forms as the page prints them."""

import re
from typing import Any

from django.urls import reverse
from django.utils import translation


def url(name: str, *args: object, **query: object) -> str:
    with translation.override("vi"):
        address = reverse(f"dossiers:{name}", args=args)
    return address + ("?" + "&".join(f"{k}={v}" for k, v in query.items()) if query else "")


def page(client: Any, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, address
    return response.content.decode()


def row(text: str, part: str) -> str:
    """One line of the checklist."""
    found = re.search(rf'<li class="check-row [^>]*id="item-{part}".*?</form>', text, re.S)
    assert found, part
    return found[0]


def kind(text: str, part: str) -> str:
    return re.search(r'data-kind="(\w*)"', row(text, part))[1]


def hidden(text: str, name: str) -> str:
    return re.search(rf'name="{name}" value="([^"]*)"', text)[1].replace("&amp;", "&")


def form(text: str, part: str, **more: str) -> dict[str, str]:
    """The hidden fields of a line, as a browser sends them."""
    line = row(text, part)
    return {name: hidden(line, name) for name in ("part", "seen", "was")} | more
