"""The pieces every page is made of. A builtin of the template engine: no `{% load %}` needed.

Pictures:  {% icon "search" %}  {% brand_mark %}  {% sector_art product.sector.code %}
Words:     {% tag "ho" text icon="clock" %}  {{ obj|in_language:"name" }}  {{ bytes|file_size }}
Blocks:    {% notice "warning" title="…" %}…{% endnotice %}  {% empty_state title text url label icon="file" %}
Measures stand in `core.templatetags.charts`.
Page:      {% nav_links %}  {% rail %}  {% language_links %}  {% alternate_links %}  {% pagination page_obj %}
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django import template
from django.conf import settings
from django.core.paginator import Page, Paginator
from django.http import HttpRequest
from django.template.defaultfilters import filesizeformat
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, reverse
from django.utils import translation
from django.utils.encoding import escape_uri_path, iri_to_uri
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, get_language_info
from django.utils.translation import gettext as _

from core import rail as rail_module

register = template.Library()
Number = int | float | Decimal

# Outline drawings on a 20 by 20 grid; stroke and size come from `.icon` in base.css.
ICONS = {
    "arrow-left": "M16.5 10h-13M8.5 5l-5 5 5 5",
    "arrow-right": "M3.5 10h13M11.5 5l5 5-5 5",
    "bell": "M10 3a4.5 4.5 0 0 0-4.5 4.5c0 4-2 5-2 6h13c0-1-2-2-2-6A4.5 4.5 0 0 0 10 3zM8.3 16.3a1.8 1.8 0 0 0 3.4 0",
    "calendar": "M3 5.5h14V17H3zM3 9h14M7 3v4M13 3v4",
    "chart": "M3 3v14h14M7 13.5V10M11 13.5V6.5M15 13.5v-5",
    "chat": "M3 4h14v10h-7.5L6 17v-3H3z",
    "check": "M4 10.5l4 4 8-9",
    "chevron-down": "M5.5 8l4.5 4.5L14.5 8",
    "chevron-right": "M8 5.5l4.5 4.5L8 14.5",
    "clock": "M17.3 10a7.3 7.3 0 1 1-14.6 0 7.3 7.3 0 0 1 14.6 0zM10 5.8V10l3 2",
    "copy": "M7 7h10v10H7zM13 7V3H3v10h4",
    "cross": "M5 5l10 10M15 5L5 15",
    "download": "M10 3.5V13M6 9l4 4 4-4M3.5 13v3.5h13V13",
    "edit": "M3.5 16.5l.8-3.6 9.1-9.1 2.8 2.8-9.1 9.1zM11.5 5.7l2.8 2.8",
    "external": "M8.5 4H4v12h12v-4.5M11.5 3.5h5v5M16.5 3.5l-7 7",
    "eye": "M1.8 10S4.8 4.5 10 4.5s8.2 5.5 8.2 5.5-3 5.5-8.2 5.5S1.8 10 1.8 10z"
    "M12.5 10a2.5 2.5 0 1 1-5 0 2.5 2.5 0 0 1 5 0z",
    "factory": "M2.5 17V8l5 3V8l5 3V3.5h5V17zM6 14h.1M10 14h.1M14 14h.1",
    "file": "M5 2.5h6.5l3.5 3.5v11.5H5zM11.5 2.5V6H15",
    "filter": "M3 4h14l-5.5 6.5V16l-3 1.2v-6.7z",
    "flag": "M4.5 17.5v-15M4.5 3.5h11l-2.5 4 2.5 4h-11",
    "globe": "M17.3 10a7.3 7.3 0 1 1-14.6 0 7.3 7.3 0 0 1 14.6 0zM2.7 10h14.6"
    "M10 2.7c2.3 2 3.2 4.5 3.2 7.3s-.9 5.3-3.2 7.3c-2.3-2-3.2-4.5-3.2-7.3s.9-5.3 3.2-7.3z",
    "grid": "M3.5 3.5h5v5h-5zM11.5 3.5h5v5h-5zM3.5 11.5h5v5h-5zM11.5 11.5h5v5h-5z",
    "info": "M17.3 10a7.3 7.3 0 1 1-14.6 0 7.3 7.3 0 0 1 14.6 0zM10 9.2v4.6M10 6.3v.1",
    "link": "M8.5 11.5a3 3 0 0 0 4.4.2l3-3a3.1 3.1 0 0 0-4.4-4.4l-1.2 1.2"
    "M11.5 8.5a3 3 0 0 0-4.4-.2l-3 3a3.1 3.1 0 0 0 4.4 4.4l1.2-1.2",
    "list": "M7 5h10M7 10h10M7 15h10M3.2 5h.1M3.2 10h.1M3.2 15h.1",
    "lock": "M4 9h12v8H4zM6.5 9V6.5a3.5 3.5 0 0 1 7 0V9",
    "mail": "M2.5 4.5h15v11h-15zM2.5 5.5l7.5 6 7.5-6",
    "medal": "M14.5 12.8a4.5 4.5 0 1 1-9 0 4.5 4.5 0 0 1 9 0zM7 9.4L4 2.5h3.5L10 8l2.5-5.5H16l-3 6.9",
    "menu": "M3 5h14M3 10h14M3 15h14",
    "minus": "M4 10h12",
    "pause": "M7 4.5v11M13 4.5v11",
    "people": "M10.5 7a3 3 0 1 1-6 0 3 3 0 0 1 6 0zM2 16.5c0-3 2.4-5 5.5-5s5.5 2 5.5 5"
    "M13 4.3a3 3 0 0 1 0 5.4M14.8 11.9c2 .6 3.2 2.3 3.2 4.6",
    "phone": "M5.5 2.8l2.5.7.7 3.4-1.7 1.6a10 10 0 0 0 4.5 4.5l1.6-1.7 3.4.7.7 2.5"
    "c-.6 1.7-1.9 2.7-3.4 2.7C8 16.7 3.3 12 2.8 6.2c0-1.5 1-2.8 2.7-3.4z",
    "pin": "M10 17.5c3.7-4 5.5-7 5.5-9.5a5.5 5.5 0 1 0-11 0c0 2.5 1.8 5.5 5.5 9.5zM12 8a2 2 0 1 1-4 0 2 2 0 0 1 4 0z",
    "plus": "M10 4v12M4 10h12",
    "print": "M5.5 7.5v-5h9v5M5.5 14H3V7.5h14V14h-2.5M5.5 11.5h9v6h-9z",
    "qr": "M3 3h5.5v5.5H3zM11.5 3H17v5.5h-5.5zM3 11.5h5.5V17H3zM5.7 5.7h.1M14.2 5.7h.1M5.7 14.2h.1"
    "M11.5 11.5h2.5V14M17 11.5v2M11.5 17v-.5M14 17h3v-1",
    "search": "M14.5 9a5.5 5.5 0 1 1-11 0 5.5 5.5 0 0 1 11 0zM13.2 13.2L17 17",
    "shield": "M10 2.5l6.5 2.3v5c0 3.8-2.6 6.4-6.5 7.7-3.9-1.3-6.5-3.9-6.5-7.7v-5zM7 10l2.2 2.2L13.2 8",
    "sign-out": "M8 3.5H3.5v13H8M13 6.5l3.5 3.5-3.5 3.5M16.5 10H8",
    "sort": "M6.5 4v12M3.5 13l3 3 3-3M13.5 16V4M10.5 7l3-3 3 3",
    "sort-down": "M5 7.5l5 5 5-5",
    "sort-up": "M5 12.5l5-5 5 5",
    "star": "M10 2.6l1.9 5.1 5.5.3-4.3 3.4 1.5 5.3-4.6-3-4.6 3 1.5-5.3L2.6 8l5.5-.3z",
    "trash": "M3.5 5.5h13M8 5.5v-2h4v2M5 5.5L5.8 17h8.4L15 5.5M8.3 8.8v5M11.7 8.8v5",
    "undo": "M4 8.5h8.5a4 4 0 0 1 0 8H8M7.5 5L4 8.5 7.5 12",
    "upload": "M10 13V3.5M6 7.5l4-4 4 4M3.5 13v3.5h13V13",
    "user": "M13.3 6.5a3.3 3.3 0 1 1-6.6 0 3.3 3.3 0 0 1 6.6 0zM3.5 17c.4-3.5 3-5.5 6.5-5.5s6.1 2 6.5 5.5",
    "warning": "M10 3.2l7.6 13.2H2.4zM10 8v4M10 14.2v.1",
}
TAG_KINDS = {"grey", "lam", "ngoc", "ho", "son", "dong", "tim"}
NOTICE_ICONS = {"info": "info", "success": "check", "warning": "warning", "error": "warning"}
SECTORS = {
    "mechanical",
    "electrical",
    "it",
    "textile",
    "agri_food",
    "chemical",
    "building",
    "handicraft",
}


# --- pictures -----------------------------------------------------------------------------------------
@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """An outline drawing. Without a label it is decoration and hidden from screen readers."""
    if label:
        return format_html(
            '<svg class="icon" viewBox="0 0 20 20" role="img" aria-label="{}"><path d="{}"/></svg>',
            label,
            ICONS[name],
        )
    return format_html(
        '<svg class="icon" viewBox="0 0 20 20" aria-hidden="true" focusable="false"><path d="{}"/></svg>',
        ICONS[name],
    )


@register.simple_tag
def brand_mark() -> SafeString:
    """The programme's mark: a gear-sun over the river, in a vermilion square."""
    return mark_safe(
        '<svg class="mark" viewBox="0 0 44 44" aria-hidden="true" focusable="false">'
        '<rect class="mark-ground" x="1" y="1" width="42" height="42" rx="6"/>'
        '<g class="mark-line"><circle cx="22" cy="19" r="7.5"/>'
        '<path d="M22 8v4M22 26v4M11 19h4M29 19h4M14.5 11.5l2.6 2.6M26.9 23.9l2.6 2.6M29.5 11.5l-2.6 2.6'
        'M17.1 23.9l-2.6 2.6"/><path d="M9 33h26M12 37h20"/></g></svg>'
    )


@register.simple_tag
def sector_art(code: str) -> SafeString:
    """The drawing that stands where a photo is missing; fills its box (3:2 or 4:3)."""
    return mark_safe(render_to_string(f"ui/art/{code if code in SECTORS else 'other'}.html"))  # noqa: S308


# --- words --------------------------------------------------------------------------------------------
@register.filter
def in_language(obj: object, name: str) -> Any:
    """`{{ product|in_language:"name" }}`: `name_en` on English pages, else (or when empty) `name_vi`."""
    language = (get_language() or settings.LANGUAGE_CODE)[:2]
    for suffix in (language, "vi", "en"):
        value = getattr(obj, f"{name}_{suffix}", None)
        if value:
            return value
    return ""


@register.filter
def file_size(count: int | None) -> str:
    """1,4 MB"""
    return filesizeformat(count or 0)


@register.simple_tag
def tag(kind: str, text: object, icon: str = "") -> SafeString:
    """A status word on a tint. `icon` is an icon's name or "dot". Colour never speaks alone."""
    if icon == "dot":
        picture = mark_safe('<span class="dot" aria-hidden="true"></span>')
    elif icon:
        picture = format_html(
            '<svg class="icon" viewBox="0 0 20 20" aria-hidden="true"><path d="{}"/></svg>', ICONS[icon]
        )
    else:
        picture = SafeString("")
    return format_html('<span class="tag {}">{}{}</span>', kind if kind in TAG_KINDS else "grey", picture, text)


# --- blocks -------------------------------------------------------------------------------------------
@register.simple_block_tag
def notice(content: str, kind: str = "info", title: str = "", role: str = "") -> SafeString:
    """`{% notice "warning" title=… %}…{% endnotice %}`: info, success, warning, error."""
    kind = kind if kind in NOTICE_ICONS else "info"
    return format_html(
        '<div class="notice {}"{}>{}<div>{}{}</div></div>',
        kind,
        format_html(' role="{}"', role) if role else "",
        icon(NOTICE_ICONS[kind]),
        format_html("<h2>{}</h2>", title) if title else "",
        content,
    )


@register.inclusion_tag("ui/empty_state.html")
def empty_state(
    title: str, text: str = "", action_url: str = "", action_label: str = "", icon: str = "list", level: int = 2
) -> dict[str, object]:
    """Why nothing is here, and one thing to do."""
    return {
        "title": title,
        "text": text,
        "action_url": action_url,
        "action_label": action_label,
        "picture": icon,
        "level": level,
    }


# --- the page itself ----------------------------------------------------------------------------------
def _url(name: str) -> str:
    """A page of another app, or nothing while it does not exist: a missing page is a missing link."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


@register.inclusion_tag("ui/nav_links.html", takes_context=True)
def nav_links(context: Mapping[str, Any]) -> dict[str, object]:
    """The public sections; the one the address lies in is marked as current."""
    request: HttpRequest | None = context.get("request")
    path = request.path if request else ""
    pages = [
        (_("Products"), _url("public:directory")),
        (_("Enterprises"), _url("public:enterprises")),
        (_("Statistics"), _url("public:statistics")),
        (_("Track a dossier"), _url("dossiers:track")),
        (_("Verify a certificate"), _url("public:verify")),
    ]
    links = [
        {"label": label, "url": url, "current": bool(url) and path.startswith(url)} for label, url in pages if url
    ]
    return {"links": links}


@register.inclusion_tag("ui/rail.html", takes_context=True)
def rail(context: Mapping[str, Any]) -> dict[str, object]:
    """The doors of the desk and the council that this person may use."""
    request: HttpRequest | None = context.get("request")
    sections = context.get("rail_sections")
    if sections is None:
        sections = rail_module.entries(request) if request else []
    return {"sections": sections}


def _address_in(request: HttpRequest, code: str) -> str:
    """The path of this page in a language. Django's translate_url would search all patterns for what the request has
    been resolved to already: on every page, six milliseconds of fourteen."""
    match = request.resolver_match
    if match is None or match.url_name is None:
        return escape_uri_path(request.path)
    with translation.override(code):
        try:
            return reverse(match.view_name, args=match.args, kwargs=match.kwargs)
        except NoReverseMatch:
            return escape_uri_path(request.path)


@register.inclusion_tag("ui/language_links.html", takes_context=True)
def language_links(context: Mapping[str, Any]) -> dict[str, object]:
    """This same page in each language, with its query kept."""
    request: HttpRequest | None = context.get("request")
    query = iri_to_uri(request.META.get("QUERY_STRING", "")) if request else ""
    current = (get_language() or settings.LANGUAGE_CODE)[:2]
    languages = [
        {
            "code": code,
            "name": _capital(get_language_info(code)["name_local"]),
            "url": (_address_in(request, code) if request else "/") + (f"?{query}" if query else ""),
            "current": code == current,
        }
        for code, _name in settings.LANGUAGES
    ]
    return {"languages": languages}


@register.simple_tag(takes_context=True)
def alternate_links(context: Mapping[str, Any]) -> SafeString:
    """canonical and hreflang: the address without its filters, but with its page number."""
    request: HttpRequest | None = context.get("request")
    if request is None or request.resolver_match is None:
        return SafeString("")
    site = getattr(settings, "SITE_URL", "").rstrip("/") or request.build_absolute_uri("/").rstrip("/")
    page = request.GET.get("page", "")
    query = "?" + urlencode({"page": page}) if page.isdigit() and page != "1" else ""
    rows = [("canonical", "", site + request.path + query)]
    rows += [("alternate", code, site + _address_in(request, code) + query) for code, _name in settings.LANGUAGES]
    rows.append(("alternate", "x-default", site + _address_in(request, settings.LANGUAGE_CODE) + query))
    return format_html_join(
        "\n",
        '<link rel="{}"{} href="{}">',
        ((rel, format_html(' hreflang="{}"', code) if code else "", url) for rel, code, url in rows),
    )


@register.inclusion_tag("ui/pagination.html", takes_context=True)
def pagination(context: Mapping[str, Any], page_obj: Page[Any], noun: str = "") -> dict[str, object]:
    """Numbered pages that keep every filter. `noun` is the plural of what is counted."""
    request: HttpRequest | None = context.get("request")
    query = request.GET.copy() if request else None

    def address(number: int) -> str:
        if query is None:
            return f"?page={number}"
        query["page"] = str(number)
        return "?" + query.urlencode()

    paginator = page_obj.paginator
    numbers = paginator.get_elided_page_range(page_obj.number, on_each_side=1, on_ends=1)
    pages = [
        {"number": n, "url": address(n) if isinstance(n, int) else "", "current": n == page_obj.number}
        for n in numbers
    ]
    return {
        "page_obj": page_obj,
        "pages": pages,
        "count": paginator.count,
        "many": paginator.num_pages > 1,
        "previous": address(page_obj.previous_page_number()) if page_obj.has_previous() else "",
        "next": address(page_obj.next_page_number()) if page_obj.has_next() else "",
        "noun": noun,
    }


@register.simple_tag
def kit_samples() -> dict[str, Any]:
    """Invented figures for the kit page, which shows every piece in every state."""
    years = [2022, 2023, 2024, 2025]
    return {
        "icons": sorted(ICONS),
        "sectors": [*sorted(SECTORS), "other"],
        "kinds": ["grey", "lam", "ngoc", "ho", "son", "dong", "tim"],
        "steps": [
            ("Đã nộp", "done", "05/10/2026"),
            ("Thẩm định", "done", "16/10/2026"),
            ("Hội đồng chấm", "current"),
            ("Lấy ý kiến công khai", "todo"),
            ("Quyết định", "todo"),
        ],
        "years": years,
        "values": [Decimal("120.5"), Decimal("151.2"), Decimal("182.4"), Decimal("231")],
        "series": [
            {"name": "Doanh thu", "points": list(zip(years, [960, 1105, 1201, 1420], strict=True))},
            {"name": "Xuất khẩu", "points": list(zip(years, [90, None, 150, 199], strict=True))},
        ],
        "rows": [("Điện, điện tử", 74, "#bars"), ("Cơ khí, chế tạo", 68, ""), ("Thủ công mỹ nghệ", 11, "")],
        "page": Paginator(range(312), 24).page(3),
    }
