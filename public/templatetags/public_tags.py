"""Words and links of the public pages. `{% load public_tags %}`"""

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django import template
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from core.templatetags.ui import tag
from public import addresses
from registry import load
from registry.models import PublishedEnterprise, PublishedProduct, Status

register = template.Library()

_KINDS = {
    Status.VALID: ("ngoc", "dot"),
    Status.EXPIRED: ("grey", "clock"),
    Status.REVOKED: ("son", "cross"),
    Status.REPLACED: ("grey", "undo"),
    Status.NOT_YET: ("lam", "clock"),
}


@register.filter
def product_path(product: PublishedProduct) -> str:
    return addresses.product_path(product)


@register.filter
def enterprise_path(enterprise: PublishedEnterprise) -> str:
    return addresses.enterprise_path(enterprise)


@register.simple_tag
def status_tag(status: str) -> SafeString:
    """What holds today, in a word, a colour and a sign."""
    known = Status(status)
    kind, icon = _KINDS[known]
    return tag(kind, known.label, icon)


@register.filter
def hs_code(digits: str) -> str:
    """940542 as 9405.42, 94054210 as 9405.42.10"""
    return ".".join([digits[:4], *re.findall("..", digits[4:])])


# --- sources -------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Source:
    """Where a fact was read: a web page, or a text that is only stored."""

    name: str
    url: str


def source_of(text: str) -> Source:
    """A web address becomes its host; anything else is shown as it stands and never as a link."""
    if text.startswith(("http://", "https://")):
        return Source(urlsplit(text).hostname or text, text)
    if text.startswith("seed ") or not text:
        return Source(_("stored source text %(name)s") % {"name": text[5:8]} if text else _("stored source text"), "")
    return Source(text, "")


def _link(source: Source) -> SafeString:
    if not source.url:
        return format_html("<span>{}</span>", source.name)
    return format_html('<a href="{}" rel="noopener external">{}</a>', source.url, source.name)


@register.filter
def source_link(text: str) -> SafeString:
    """One source as a link that names its host."""
    return _link(source_of(text))


@register.filter
def source_links(text: str) -> SafeString:
    """Several sources, divided by a bar in the data, each as a link once per host."""
    found = {source_of(part.strip()) for part in text.split("|") if part.strip()}
    return mark_safe(", ".join(_link(s) for s in sorted(found, key=lambda s: s.name)))  # noqa: S308


@register.filter
def cite(text: str) -> SafeString:
    """Numbers of sources in square brackets lead to the list of sources below the text."""
    escaped = str(conditional_escape(text))
    return mark_safe(re.sub(r"\[(S?\d+)\]", r'<a class="cite" href="#source-\1">[\1]</a>', escaped))  # noqa: S308


@register.simple_tag
def cited_sources() -> list[dict[str, Any]]:
    """Every source that a note cites."""
    return [{"number": number, "address": address} for number, address in load.sources().items()]


@register.simple_tag
def demo_tag() -> SafeString:
    """Marks what is invented, wherever it stands."""
    return tag("ho", _("Demonstration"), "info")


@register.filter
def plain(number: object) -> str:
    """A year or another name made of digits: 2026, never 2.026."""
    return str(number)
