"""What an enterprise may tell the press: the register's facts and one sentence about the programme, nothing else."""

from typing import Any, Final

from django.template.loader import render_to_string
from django.utils import translation

from certificates.models import Certificate
from honours.lettering import plain
from honours.queries import Holding
from public.addresses import certificate_url, product_url
from registry.models import Recognition

LANGUAGES: Final = ("vi", "en")


def facts(found: Holding) -> dict[str, Any]:
    """For the texts; every name is one line."""
    row = found.recognition
    return {
        "recognition": row,
        "decision": row.decision,
        "product_vi": plain(row.product_name_vi),
        "product_en": plain(row.product_name_en or row.product_name_vi),
        "maker_vi": plain(row.enterprise_name_vi),
        "maker_en": plain(row.enterprise_name_en or row.enterprise_name_vi),
        "address": plain(row.enterprise_address_vi),
        "papers": [
            {"serial": p.certificate.serial, "url": certificate_url(p.certificate.serial), "top10": _is_top10(p)}
            for p in found.issued
        ],
        "product_url": product_url(row.product),
        "year": row.season_year,
    }


def _is_top10(paper: Any) -> bool:
    return bool(paper.certificate.kind == Certificate.Kind.TOP10)


def text(found: Holding, language: str) -> str:
    """Plain text in `language`, one of LANGUAGES."""
    with translation.override(language):
        return render_to_string(f"honours/press.{language}.txt", facts(found)).strip() + "\n"


def file_name(row: Recognition, language: str) -> str:
    return f"press-{row.season_year}-{row.pk}-{language}.txt"
