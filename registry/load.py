"""Load what press and enterprises report about past seasons. Real facts only, each with its source. Idempotent:
a row that the files no longer hold goes, the others stay as they are."""

import json
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.db import transaction

from core import vietnamese
from reference.actions import rows
from registry.models import ReportedRecognition, SeasonFigure, SectorFigure, SourceNote

DATA = Path(__file__).resolve().parent / "data"
COUNTS = [
    "applied_products",
    "applied_enterprises",
    "recognised_products",
    "recognised_enterprises",
    "top10_products",
    "enterprises_over_1000bn",
    "vnr500_count",
    "first_time_applicants",
]
AMOUNTS = ["revenue_vnd_billion", "export_usd_million"]


@lru_cache(maxsize=1)
def sources() -> dict[str, str]:
    """The sources that the notes cite: number to address; empty where only a stored text exists."""
    found: dict[str, str] = json.loads((DATA / "sources.json").read_text(encoding="utf-8"))
    return found


@transaction.atomic
def load_reported() -> dict[str, int]:
    """Write season figures, sector figures, reported recognitions and source notes; returns how many of each."""
    return {
        "seasons": _seasons(),
        "sector figures": _sector_figures(),
        "reported recognitions": _reported(),
        "source notes": _notes(),
    }


def _seasons() -> int:
    years = []
    for row in rows("yearly.csv"):
        values: dict[str, Any] = {name: int(row[name]) if row[name] else None for name in COUNTS}
        values |= {name: Decimal(row[name]) if row[name] else None for name in AMOUNTS}
        values |= {"decision_number": row["decision_number"], "decision_date": row["decision_date"] or None}
        values["source_url"] = row["source_url"]
        SeasonFigure.objects.update_or_create(year=int(row["year"]), defaults=values)
        years.append(int(row["year"]))
    SeasonFigure.objects.exclude(year__in=years).delete()
    return len(years)


def _sector_figures() -> int:
    kept = []
    for row in rows("sector_counts.csv"):
        figure, _new = SectorFigure.objects.update_or_create(
            period=row["period"],
            sector_vi=row["sector_vi"],
            defaults={
                "sector_en": row["sector_en"],
                "recognised_products": int(row["recognised_products"]),
                "source_url": row["source_url"],
            },
        )
        kept.append(figure.pk)
    SectorFigure.objects.exclude(pk__in=kept).delete()
    return len(kept)


def _reported() -> int:
    kept = []
    for row in rows("recognised_products.csv"):
        kept.append(
            _report(
                period=row["year"],
                product_name=row["product_vi"],
                enterprise_name=row["enterprise_vi"],
                year=int(row["year"]),
                is_top10={"true": True, "false": False}.get(row["is_top10"]),
                source_url=row["source_url"],
                note="",
            )
        )
    note = ""
    for row in rows("recognised_products_period.csv"):
        note = note if row["note"].startswith("same") else row["note"]  # "same" speaks of the row above
        kept.append(
            _report(
                period=row["period"],
                product_name=row["product"],
                enterprise_name=row["enterprise"],
                year=None,
                is_top10=None,
                source_url=row["source_url"],
                note=note,
            )
        )
    ReportedRecognition.objects.exclude(pk__in=kept).delete()
    return len(kept)


def _report(*, period: str, product_name: str, enterprise_name: str, **values: Any) -> int:
    reported, _new = ReportedRecognition.objects.update_or_create(
        period=period, product_name=product_name, enterprise_name=enterprise_name, defaults=values
    )
    return int(reported.pk)


def _notes() -> int:
    notes = json.loads((DATA / "contradictions.json").read_text(encoding="utf-8"))
    for note in notes:
        values = {name: vietnamese.nfc(note[name]) for name in ("years", "text_vi", "text_en")}
        SourceNote.objects.update_or_create(position=note["position"], defaults=values)
    SourceNote.objects.exclude(position__in=[note["position"] for note in notes]).delete()
    return len(notes)
