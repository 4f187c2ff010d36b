"""How the tests ask for a public page."""

import re

from django.urls import reverse
from django.utils import translation

from registry.models import PublishedProduct

PAGES = ["home", "directory", "enterprises", "seasons", "statistics", "verify", "help", "robots", "sitemap"]
LANGUAGES = ["vi", "en"]


def address(name: str, *args: object, language: str = "vi") -> str:
    with translation.override(language):
        return reverse(f"public:{name}", args=args)


def page(client, name: str, *args: object, language: str = "vi", query: str = "") -> str:
    response = client.get(address(name, *args, language=language) + query)
    assert response.status_code == 200
    return response.content.decode()


def product_page(product: PublishedProduct, language: str = "vi") -> str:
    return address("product", product.pk, product.slug, language=language)


def text_of(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))
