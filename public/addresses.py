"""Where things stand on the web. Numbers are never reused; the words after them are decoration."""

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from registry.models import PublishedEnterprise, PublishedProduct


def product_path(product: PublishedProduct) -> str:
    return reverse("public:product", args=[product.pk, product.slug or "-"])


def enterprise_path(enterprise: PublishedEnterprise) -> str:
    return reverse("public:enterprise", args=[enterprise.pk, enterprise.slug or "-"])


def absolute(path: str) -> str:
    return f"{settings.SITE_URL}{path}"


def product_url(product: PublishedProduct) -> str:
    """The whole address in Vietnamese: one product has one address, whoever asks."""
    with translation.override("vi"):
        return absolute(product_path(product))


def enterprise_url(enterprise: PublishedEnterprise) -> str:
    with translation.override("vi"):
        return absolute(enterprise_path(enterprise))


def certificate_url(serial: str) -> str:
    """The address in the QR code."""
    return absolute(f"/v/{serial}")


def certificate_pdf_url(serial: str) -> str:
    return absolute(f"/v/{serial}/pdf")
