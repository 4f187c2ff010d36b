"""Which papers of the dossier a criterion looks for, and which of them were not there. Pure.

The rubric names no papers, so a criterion asks for those whose words stand in its name or in its described levels, as
far as the track has a slot for them. Words are folded (core.vietnamese.fold) and whole.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any

from core import vietnamese
from decisions.reasons import Lacking
from dossiers.papers import asked_on
from programme.rubric_file import CriterionRule

WORDS_OF: dict[str, tuple[str, ...]] = {
    "financial_statements": ("doanh thu", "tang truong", "loi nhuan", "bao cao tai chinh"),
    "tax_confirmation": ("nghia vu", "ngan sach", "thue"),
    "export_papers": ("xuat khau",),
    "quality_certificates": ("chat luong", "iso", "chung nhan san pham", "tieu chuan", "quy chuan"),
    "environment_papers": ("moi truong", "nang luong", "tai che", "phat thai"),
    "hi_tech_basis": ("cong nghe cao",),
    "intellectual_property": ("so huu tri tue", "sang che", "kieu dang cong nghiep", "nhan hieu", "thuong hieu"),
    "awards": ("giai thuong", "thuong hieu"),
    "startup_plan": ("y tuong", "ke hoach phat trien"),
    "photos": ("mau ma", "kieu dang", "tham my"),
}


def papers_asked(rule: CriterionRule, set_code: str, track: str) -> tuple[str, ...]:
    """In the order of the slots."""
    levels = (f"{level.case_vi} {level.when_vi}" for level in rule.anchors_for(set_code))
    found = _named(" | ".join((rule.label_vi, *levels)))
    return tuple(paper.code for paper in asked_on(track) if paper.code in found)


@lru_cache(maxsize=512)
def _named(text: str) -> frozenset[str]:
    folded = vietnamese.fold(text)
    return frozenset(
        code
        for code, words in WORDS_OF.items()
        if any(re.search(rf"(?<!\w){word}(?!\w)", folded) is not None for word in words)
    )


def lacking(
    asked: Sequence[str],
    held: Mapping[str, Sequence[Mapping[str, Any]]],
    names: Mapping[str, Mapping[str, str]],
    sent_on: date,
) -> tuple[Lacking, ...]:
    """`held` are the files of the version that was sent, by paper, as dossiers.versions keeps them. A paper counts as
    expired when every file of it had ended on the day."""
    found = []
    for code in asked:
        files = held.get(code, ())
        ends = [date.fromisoformat(one["valid_until"]) for one in files if one.get("valid_until")]
        if not files:
            found.append(Lacking(code, names[code]))
        elif len(ends) == len(files) and max(ends) < sent_on:
            found.append(Lacking(code, names[code], max(ends)))
    return tuple(found)
