"""Where the evidence for a criterion lies in the dossier: the file and page that the applicant names, else the part of
the dossier that speaks of such things. Pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from core import vietnamese

SUMMARY, STATEMENT, FINANCE, CERTIFICATES, PHOTOS = "summary", "statement", "finance", "certificates", "photos"
PAPERS_OF = {
    STATEMENT: ("product_description", "startup_plan", "application_form", "business_registration"),
    FINANCE: ("financial_statements", "tax_confirmation", "export_papers"),
    CERTIFICATES: (
        "quality_certificates",
        "environment_papers",
        "hi_tech_basis",
        "intellectual_property",
        "awards",
    ),
    PHOTOS: ("photos",),
}
TAB_OF = {paper: tab for tab, papers in PAPERS_OF.items() for paper in papers}
# Folded words of a criterion, and the part that speaks of them; the first that fits.
_TOPICS = (
    (
        CERTIFICATES,
        ("chung nhan", "chat luong", "tieu chuan", "moi truong", "nang luong", "so huu tri tue", "sang che", "iso",
         "thuong hieu", "giai thuong", "nhan hieu"),
    ),
    (
        FINANCE,
        ("doanh thu", "tang truong", "quy mo", "nang suat", "xuat khau", "thi truong", "ngan sach", "loi nhuan",
         "gia tri gia tang", "noi dia hoa", "lao dong", "thu nhap", "von"),
    ),
    (PHOTOS, ("kieu dang", "mau ma", "tham my", "hinh anh")),
    (STATEMENT, ("cong nghe", "doi moi", "nghien cuu", "san pham", "thiet ke", "thiet bi", "y tuong", "sang tao")),
)  # fmt: skip
_PAGE = re.compile(r"\b(?:trang|tr|page|pg|p)\b\.?\s*(\d{1,4})")


@dataclass(frozen=True)
class Place:
    """`document` and `page` only where the applicant named them."""

    tab: str
    document: int | None = None
    page: int | None = None


def place_of(label: str, words: str, documents: Iterable[tuple[int, str, str]]) -> Place:
    """`documents` are (id, paper, file name); `words` what the applicant wrote about the evidence."""
    said = vietnamese.fold(words)
    named = [
        (len(stem), pk, paper)
        for pk, paper, name in documents
        if len(stem := vietnamese.fold(name.rpartition(".")[0] or name)) > 3 and stem in said
    ]
    page = _PAGE.search(said)
    if named:
        _length, pk, paper = max(named, key=lambda found: (found[0], -found[1]))
        return Place(TAB_OF.get(paper, STATEMENT), pk, int(page[1]) if page else None)
    return Place(_topic(vietnamese.fold(f"{label} {words}")))


def _topic(folded: str) -> str:
    padded = f" {folded} "
    for tab, words in _TOPICS:
        if any(f" {word} " in padded or (" " in word and word in folded) for word in words):
            return tab
    return SUMMARY
