"""Where the words stand on the page: within the frame, one beside the other, however long the names are."""

import io
import time
import unicodedata
from itertools import combinations

import pikepdf
import pytest

from certificates import paper, paper_check
from tests.certificates.reading import (
    LONG_ENTERPRISE,
    LONG_PRODUCT,
    SERIAL,
    another_year,
    squeezed,
    text_of,
    words_of,
)
from tests.certificates.snapshots import snapshot

pytestmark = pytest.mark.pdf
POINT = 72 / 25.4
INNER_MM = 17.3  # the inner line of the frame
ADDRESS = "Lô 12, Khu công nghiệp Nam Thử mở rộng giai đoạn 2, Phường Thử, Thành phố Hà Nội"
NAMES = {
    "short": ("Đèn LED", "Công ty Sông Tô"),
    "140": (LONG_PRODUCT, LONG_ENTERPRISE),
    "140 capitals": (LONG_PRODUCT.upper(), LONG_ENTERPRISE.upper()),
    "200": (
        (LONG_PRODUCT + " " + LONG_PRODUCT)[:200].strip(),
        (LONG_ENTERPRISE + " " + LONG_ENTERPRISE)[:200].strip(),
    ),
    "200 capitals": ((LONG_PRODUCT.upper() * 2)[:200].strip(), (LONG_ENTERPRISE.upper() * 2)[:200].strip()),
    "no spaces": ("Ặ" * 140, "ộ" * 140),
    "widest": ("W" * 140, "M" * 140),
    "marks apart": (unicodedata.normalize("NFD", LONG_PRODUCT), unicodedata.normalize("NFD", LONG_ENTERPRISE)),
}


@pytest.mark.parametrize("english", [True, False], ids=["both languages", "Vietnamese"])
@pytest.mark.parametrize("names", NAMES.values(), ids=NAMES.keys())
def test_names_of_any_length_stay_within_the_frame_and_apart(names, english):
    product, enterprise = names
    facts = snapshot(
        product_name_vi=product,
        enterprise_name_vi=enterprise,
        product_name_en=unicodedata.normalize("NFC", product)[:140] if english else "",
        enterprise_name_en=unicodedata.normalize("NFC", enterprise)[:140] if english else "",
        enterprise_address_vi=ADDRESS,
    )

    pdf = paper.render(SERIAL, facts)

    assert len(pikepdf.open(io.BytesIO(pdf)).pages) == 1
    text = squeezed(text_of(pdf))
    for name in names:
        assert squeezed(unicodedata.normalize("NFC", name)) in text
    assert_in_order(pdf, INNER_MM)
    assert paper_check.faults(pdf, SERIAL, facts, paper.form_for(2026), paper.verify_url(SERIAL)) == []


def assert_in_order(pdf, inset_mm):
    """All words within the frame; no two letters' bodies on one another."""
    boxes = words_of(pdf)
    assert boxes
    left, top = inset_mm * POINT, inset_mm * POINT
    right, bottom = (297 - inset_mm) * POINT, (210 - inset_mm) * POINT
    for word, (x0, y0, x1, y1) in boxes:
        assert left < x0 < x1 < right, word
        assert top < y0 < y1 < bottom, word
    for (one, a), (other, b) in combinations(boxes, 2):
        assert not overlap(body(a), body(b)), (one, other)


def body(box):
    """The box of a line holds room for marks above and below; what must stay apart is the middle of it."""
    x0, y0, x1, y1 = box
    height = y1 - y0
    return x0 + 0.2, y0 + 0.28 * height, x1 - 0.2, y1 - 0.22 * height


def overlap(a, b):
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def test_short_names_stand_in_the_largest_letters_and_long_ones_in_smaller():
    def height(name):
        pdf = paper.render(SERIAL, snapshot(product_name_vi=name))
        return max(y1 - y0 for word, (_x0, y0, _x1, y1) in words_of(pdf) if word == name.split()[0])

    assert height("Đèn LED SángTô") > 1.2 * height(LONG_PRODUCT.upper())


@pytest.mark.parametrize("length", [3_000, 50_000])
def test_texts_that_cannot_fit_are_refused_rather_than_cut_and_at_once(length):
    start = time.process_time()

    with pytest.raises(ValueError, match="không vừa một trang"):
        paper.render(SERIAL, snapshot(enterprise_name_vi=("Mộc " * length)[:length]))

    assert time.process_time() - start < 5


@pytest.mark.parametrize(
    "facts",
    [
        {"signer_name": "Nguyễn Hoàng Trần Phương Bảo Ngọc Minh Khánh Thiên Kim Anh Thư Nhật Lệ Quỳnh Hương Giang"},
        {"signer_position": "TUQ. Chủ tịch Ủy ban nhân dân thành phố / Giám đốc Sở Công Thương thành phố Hà Nội"},
        {"decision_number": "123456/QĐ-UBND-KT-TH-" + "X" * 60},
        {"enterprise_address_vi": (ADDRESS + ", ") * 2 + "Hà Nội"},
    ],
)
def test_other_long_facts_keep_their_places_too(facts):
    pdf = paper.render(SERIAL, snapshot(**facts))

    assert squeezed(str(next(iter(facts.values())))).split("/")[0].upper() in squeezed(text_of(pdf)).upper()
    assert_in_order(pdf, INNER_MM)


def test_a_form_of_another_year_needs_no_code():
    form, facts = another_year(), snapshot(season_year=2031, kind="top10")

    pdf = paper.render("KIP2031-T0001-A", facts, form=form)

    text = text_of(pdf)
    for words in ["Certificate", "Top 10 of the year 2031", "valid until 5 December 2029", "SangTo smart LED light"]:
        assert words in text
    for words in ["ỦY BAN NHÂN DÂN", "GIẤY CHỨNG NHẬN", "SPECIMEN", "Theo Quyết định"]:
        assert words not in text
    assert_in_order(pdf, 10)
    assert paper_check.faults(pdf, "KIP2031-T0001-A", facts, form, paper.verify_url("KIP2031-T0001-A")) == []


def test_the_form_of_a_season_is_the_newest_that_holds_by_then(monkeypatch):
    shipped = paper.forms()[0]
    monkeypatch.setattr(paper, "forms", lambda: (shipped, another_year()))

    assert [paper.form_for(year).code for year in (2019, 2026, 2030, 2031, 2040)] == [
        "2026",
        "2026",
        "2026",
        "other-2031",
        "other-2031",
    ]
