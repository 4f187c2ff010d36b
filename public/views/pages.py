"""Help, and the two files that search engines ask for."""

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
    pages = [_address(f"public:{name}") for name in PAGES]
    pages += [_address("public:season", row.year) for row in season_rows(timezone.now())]
    pages += [_address("public:enterprise", e.pk, e.slug or "-") for e in queries.enterprises()]
    pages += [_address("public:product", p.pk, p.slug or "-") for p in queries.products(timezone.localdate())]
    return render(request, "public/sitemap.xml", {"pages": pages}, content_type="application/xml")


def _address(name: str, *args: object) -> Address:
    found = {}
    for language in ("vi", "en"):
        with translation.override(language):
            found[language] = absolute(reverse(name, args=args))
    return Address(**found)
