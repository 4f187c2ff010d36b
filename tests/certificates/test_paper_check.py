"""The check after the making finds every kind of fault, and none on a sound paper."""

import io

import pikepdf
import pytest

from certificates import paper, paper_check
from core.canonical import canonical
from tests.certificates.reading import SERIAL, another_year
from tests.certificates.snapshots import snapshot

pytestmark = pytest.mark.pdf


@pytest.fixture(scope="module")
def pdf():
    return paper.render(SERIAL, snapshot())


def faults(content, **facts):
    told, form = snapshot(**facts), paper.form_for(2026)
    data = {"attachment": canonical(told), "attachment_name": f"{SERIAL}.json"}
    return paper_check.faults(content, SERIAL, told, form, paper.verify_url(SERIAL), **data)


def edited(content, change):
    with pikepdf.open(io.BytesIO(content)) as file:
        change(file)
        target = io.BytesIO()
        file.save(target)
    return target.getvalue()


def test_a_sound_paper_has_no_fault(pdf):
    assert faults(pdf) == []


@pytest.mark.parametrize(
    "facts",
    [
        {"product_name_vi": "Đèn LED chiếu sáng thông minh SángTo"},
        {"product_name_en": "SangTo smart LED lights"},
        {"enterprise_name_vi": "Công ty Cổ phần Chiếu sáng Sông To"},
        {"enterprise_name_en": ""},
        {"enterprise_address_vi": "Số 13 phố Thử, Phường Ba Đình, Thành phố Hà Nội"},
        {"decision_number": "5013/QĐ-UBND"},
        {"decision_date": "2026-12-06"},
        {"valid_to": "2029-12-06"},
        {"signer_name": "Nguyễn Văn Ky"},
        {"signer_position": "Chủ tịch"},
        {"season_year": 2027},
        {"kind": "top10"},
        {"is_demo": True},
    ],
    ids=lambda facts: next(iter(facts)),
)
def test_any_fact_that_differs_is_found_on_the_page_and_in_the_data(pdf, facts):
    found = faults(pdf, **facts)

    assert any("Dữ liệu đính kèm" in fault for fault in found)
    assert any("ghi “" in fault or "Tiêu đề" in fault for fault in found)


def test_another_attachment_is_found_and_without_one_given_only_its_place_is_looked_at(pdf):
    arguments = (pdf, SERIAL, snapshot(), paper.form_for(2026), paper.verify_url(SERIAL))

    assert paper_check.faults(*arguments) == []
    assert paper_check.faults(*arguments, attachment=b"{}") != []
    assert paper_check.faults(*arguments, attachment_name="other.json") != []


def test_another_serial_or_another_code_is_found(pdf):
    form, address = paper.form_for(2026), paper.verify_url(SERIAL)

    assert paper_check.faults(pdf, SERIAL, snapshot(), form, address + "#ABC")
    assert paper_check.faults(pdf, "KIP2026-0002-K", snapshot(), form, address)
    assert paper_check.faults(pdf, SERIAL, snapshot(), another_year(), address)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda file: file.pages.append(file.pages[0]), "2 trang"),
        (lambda file: file.Root.__delitem__("/StructTreeRoot"), "trình đọc màn hình"),
        (lambda file: file.Root.__delitem__("/OutputIntents"), "màu"),
        (lambda file: file.Root.__delitem__("/Metadata"), "PDF/A-3a"),
        (lambda file: file.Root.__setitem__("/OpenAction", pikepdf.Dictionary(S=pikepdf.Name.JavaScript)), "mở"),
        (lambda file: file.attachments.__setitem__("b.txt", b"x"), "đính kèm"),
        (lambda file: file.docinfo.__setitem__("/Title", "x"), "Tiêu đề"),
        (lambda file: [f.__delitem__("/ToUnicode") for f in file.pages[0].Resources.Font.values()], "sao chép"),
        (lambda file: file.Root.AF[0].__setitem__("/AFRelationship", pikepdf.Name.Source), "dữ liệu"),
        (lambda file: file.pages[0].contents_add(b"BT /X 9 Tf <0035> Tj ET"), "không đọc được"),
    ],
)
def test_a_damaged_structure_is_found(pdf, change, words):
    assert any(words in fault for fault in faults(edited(pdf, change)))


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7", b"<html>", b"\x00" * 1000])
def test_what_is_no_certificate_is_said_to_be_none(content):
    assert len(faults(content)) == 1


def test_a_torn_file_and_one_too_large_are_faults_and_no_crash(pdf):
    assert faults(pdf[: len(pdf) // 2])
    assert faults(pdf + b" " * paper_check.MAX_BYTES)
