"""What the enterprise says and proves, as the sheet shows it beside the criteria."""

from collections import defaultdict
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from core.uploads import PDF, PICTURES
from dossiers.models import Document, Dossier, YearFigure
from dossiers.papers import PAPERS
from dossiers.words import PAPER_NAMES
from evaluations import evidence
from evaluations.queries import trim
from programme.rubric_file import CriterionRule


def evidence_of(dossier: Dossier) -> dict[str, Any]:
    """The dossier comes with its figures and its current documents."""
    figures = sorted(dossier.figures.all(), key=lambda figure: figure.year)
    reported = [f for f in figures if f.revenue_vnd_billion is not None]
    files = _files(dossier)
    counts = {tab: sum(len(paper["files"]) for paper in papers) for tab, papers in files.items()}
    return {
        "tabs": _tabs(counts),
        "files": files,
        "years": [str(f.year) for f in figures],
        "revenue": [_trimmed(f.revenue_vnd_billion) for f in figures],
        "exports": [_trimmed(f.export_usd_million) for f in figures],
        "budget": [_trimmed(f.budget_vnd_billion) for f in figures],
        "workers": [f.workers for f in figures],
        "last": reported[-1] if reported else None,
        "last_revenue": _trimmed(reported[-1].revenue_vnd_billion) if reported else None,
        "last_export": _trimmed(reported[-1].export_usd_million) if reported else None,
        "growth": _growth(reported),
        "productivity": _productivity(reported[-1]) if reported else None,
    }


def _tabs(counts: dict[str, int]) -> list[dict[str, str]]:
    def counted(words: str, n: int) -> str:
        return f"{words} ({n})" if n else words

    return [
        {"code": evidence.SUMMARY, "label": _("Summary")},
        {"code": evidence.STATEMENT, "label": pgettext("dossier", "Statement")},
        {"code": evidence.FINANCE, "label": pgettext("dossier", "Finances")},
        {
            "code": evidence.CERTIFICATES,
            "label": counted(pgettext("dossier", "Certificates"), counts.get(evidence.CERTIFICATES, 0)),
        },
        {"code": evidence.PHOTOS, "label": counted(pgettext("dossier", "Photos"), counts.get(evidence.PHOTOS, 0))},
    ]


def _files(dossier: Dossier) -> dict[str, list[dict[str, Any]]]:
    """By tab, the papers in the order of the slots with their files."""
    by_paper: dict[str, list[Document]] = defaultdict(list)
    for document in dossier.documents.all():
        by_paper[document.paper].append(document)
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for paper in PAPERS:
        if paper.code in by_paper:
            tab = evidence.TAB_OF.get(paper.code, evidence.STATEMENT)
            shown = [_file(document) for document in by_paper[paper.code]]
            found[tab].append({"name": PAPER_NAMES[paper.code], "files": shown})
    return dict(found)


def _file(document: Document) -> dict[str, Any]:
    kind = document.file.media_type
    return {
        "document": document,
        "address": reverse("dossiers:document", args=[document.pk]),
        "kind": "locked"
        if document.is_locked
        else "pdf"
        if kind == PDF
        else "picture"
        if kind in PICTURES
        else "other",
    }


def claims_of(dossier: Dossier, rules: dict[str, CriterionRule]) -> dict[str, dict[str, str]]:
    """For each criterion: what the applicant says about the evidence, and the link to it."""
    documents = [(d.pk, d.paper, d.name) for d in dossier.documents.all()]
    by_pk = {d.pk: d for d in dossier.documents.all()}
    said = {mark.criterion.code: mark.evidence for mark in dossier.self_marks.all()}
    found = {}
    for code, rule in rules.items():
        words = said.get(code, "")
        place = evidence.place_of(rule.label_vi, words, documents)
        link, kind = f"#evidence-{place.tab}", ""
        if place.document is not None and not by_pk[place.document].is_locked:
            shown = _file(by_pk[place.document])
            kind = shown["kind"]
            link = f"{shown['address']}?xem=1"
            if kind == "pdf" and place.page:
                link += f"#page={place.page}"
        found[code] = {"words": words, "link": link, "kind": kind, "tab": place.tab}
    return found


def _trimmed(value: Decimal | None) -> Decimal | None:
    return None if value is None else trim(value)


def _growth(reported: list[YearFigure]) -> str:
    """The change of revenue over the year before, with its sign."""
    if len(reported) < 2 or not reported[-2].revenue_vnd_billion:
        return ""
    last, before = reported[-1].revenue_vnd_billion, reported[-2].revenue_vnd_billion
    assert last is not None
    # number_format cuts decimals off; the rounding comes first
    share = ((last - before) / before * 100).quantize(Decimal("0.1"), ROUND_HALF_UP)
    sign = "+" if share > 0 else "−" if share < 0 else ""
    return f"{sign}{number_format(abs(share), 1)}%"


def _productivity(figure: YearFigure) -> Decimal | None:
    """Million VND of product revenue per worker."""
    if not figure.workers or figure.revenue_vnd_billion is None:
        return None
    return figure.revenue_vnd_billion * 1000 / figure.workers
