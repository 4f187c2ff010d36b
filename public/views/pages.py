"""Help, and the two files that search engines ask for."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation
from django.views.decorators.http import require_safe

from public.addresses import absolute
from public.forms import EXAMPLE
from public.seasons import season_rows
from registry import queries

PAGES = ["home", "directory", "enterprises", "seasons", "statistics", "verify", "help"]


@login_not_required
@require_safe
def help_page(request: HttpRequest) -> HttpResponse:
    return render(request, "public/help.html", {"example": EXAMPLE})


@dataclass(frozen=True)
class Address:
    """One page in both languages."""

    vi: str
    en: str


@login_not_required
@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    return render(request, "public/robots.txt", {"site_url": settings.SITE_URL}, content_type="text/plain")


@login_not_required
@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    """Public pages only, each with its other language."""
    pages = [_address(f"public:{name}") for name in PAGES] + [_address("ledger:log")]
    pages += [_address("public:season", row.year) for row in season_rows(timezone.now())]
    pages += _addresses("public:enterprise", queries.enterprises().values_list("pk", "slug"))
    pages += _addresses("public:product", queries.published().values_list("pk", "slug"))
    return render(request, "public/sitemap.xml", {"pages": pages}, content_type="application/xml")


def _address(name: str, *args: object) -> Address:
    found = {}
    for language in ("vi", "en"):
        with translation.override(language):
            found[language] = absolute(reverse(name, args=args))
    return Address(**found)


def _addresses(name: str, rows: Iterable[tuple[int, str]]) -> list[Address]:
    """Many addresses of one pattern: the pattern is resolved once."""
    pattern = _address(name, 0, "x")
    vi, en = pattern.vi.removesuffix("0-x/"), pattern.en.removesuffix("0-x/")
    return [Address(f"{vi}{pk}-{slug or '-'}/", f"{en}{pk}-{slug or '-'}/") for pk, slug in rows]
