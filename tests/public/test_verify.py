from pathlib import Path

import pytest
from django.conf import settings
from django.urls import reverse

from certificates import serial
from certificates.models import Certificate
from core import files
from registry.corrections import Correction, correct_decision
from tests.registry.factories import (
    PAPER,
    expire,
    issue,
    make_enterprise,
    make_product,
    now,
    order,
    recognise,
    today,
    withdraw,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def recognition():
    return recognise(make_product())[0]


def look(client, text: str):
    return client.get(f"/v/{text}")


def test_an_issued_certificate_is_valid_in_one_big_word(client, recognition):
    certificate = issue(recognition)

    response = look(client, certificate.serial)
    html = response.content.decode()

    assert response.status_code == 200
    assert "Còn hiệu lực</h1>" in html
    for words in ("Đèn LED SángTô", recognition.enterprise_name_vi, "2026/QĐ-UBND", certificate.serial):
        assert words in html


def test_the_page_speaks_english_too(client, recognition):
    certificate = issue(recognition)

    html = client.get(f"/en/v/{certificate.serial}").content.decode()

    assert "Valid</h1>" in html
    assert "SangTo LED lamp" in html


def test_a_revoked_certificate_says_so_at_once_with_ground_and_document(client, recognition):
    certificate = issue(recognition)
    withdraw(recognition)

    html = look(client, certificate.serial).content.decode()

    assert "Đã bị thu hồi</h1>" in html
    assert "Hồ sơ có thông tin sai sự thật" in html
    assert "99/QĐ-UBND" in html
    assert "/pdf" not in html


def test_an_expired_certificate_says_so(client, recognition):
    certificate = issue(recognition)
    expire(recognition)

    assert "Hết hiệu lực</h1>" in look(client, certificate.serial).content.decode()


def test_a_certificate_whose_paper_is_not_made_is_not_called_valid(client, recognition):
    certificate = order(recognition)

    html = look(client, certificate.serial).content.decode()

    assert "Đang lập</h1>" in html
    assert "Còn hiệu lực" not in html
    assert client.get(f"/v/{certificate.serial}/pdf").status_code == 404


def corrected(recognition):
    return correct_decision(
        corrects=recognition.decision,
        number="77/QĐ-UBND",
        signed_date=today(),
        signer_name="Nguyễn Văn Ký",
        signer_position="Phó Chủ tịch",
        reason="Sai tên",
        corrections=[Correction(recognition, "correction", product_name_vi="Đèn LED SángTô II")],
        by=None,
        at=now(),
    )[0]


def test_a_number_that_was_replaced_before_any_paper_was_never_genuine(client, recognition):
    drafted = order(recognition)
    successor = issue(corrected(recognition))

    html = look(client, drafted.serial).content.decode()

    assert "Chưa từng có giấy nào được cấp với số này" in html
    assert "là thật; từ ngày" not in html
    assert f'href="/v/{successor.serial}"' in html


@pytest.mark.parametrize("end", [withdraw, expire])
def test_a_number_that_ended_before_any_paper_says_that_none_was_issued(client, recognition, end):
    drafted = order(recognition)
    end(recognition)

    html = look(client, drafted.serial).content.decode()

    assert "Chưa từng có giấy nào được cấp với số này" in html
    assert "nhận là thật" not in html


def test_the_page_of_a_transferred_title_leads_to_the_maker_of_each(client, recognition):
    old, taker = issue(recognition), make_enterprise("Công ty Tiếp Nhận")
    new = issue(
        correct_decision(
            corrects=recognition.decision,
            number="78/QĐ-UBND",
            signed_date=today(),
            signer_name="Nguyễn Văn Ký",
            signer_position="Phó Chủ tịch",
            reason="Chuyển nhượng",
            corrections=[Correction(recognition, "transfer", maker=taker)],
            by=None,
            at=now(),
        )[0],
        b"%PDF new",
    )

    for certificate in (old, new):
        maker = certificate.recognition.enterprise
        page = look(client, certificate.serial).content.decode()
        assert f'<a href="/doanh-nghiep/{maker.pk}-{maker.slug}/">{maker.name_vi}</a>' in page
        assert client.get(f"/doanh-nghiep/{maker.pk}-{maker.slug}/").status_code == 200


def test_an_unknown_number_is_told_from_a_mistyped_one(client, recognition):
    certificate = issue(recognition)
    unknown = serial.make(2026, 999)
    mistyped = certificate.serial[:-1] + ("0" if certificate.serial[-1] != "0" else "1")

    first, second = look(client, unknown), look(client, mistyped)

    assert first.status_code == second.status_code == 404
    assert "Không có giấy chứng nhận này" in first.content.decode()
    assert "Số bị gõ sai" in second.content.decode()


@pytest.mark.parametrize("change", [str.lower, lambda s: s.replace("-", " "), lambda s: s.replace("-", "")])
def test_spacing_and_case_do_not_matter(client, recognition, change):
    certificate = issue(recognition)
    typed = change(certificate.serial)

    assert look(client, typed).status_code == 200
    response = client.get(reverse("public:verify"), {"serial": f"  {typed} "})
    assert response.status_code == 302
    assert response["Location"] == f"/v/{certificate.serial}"


def test_a_slash_at_the_end_is_forgiven(client, recognition):
    certificate = issue(recognition)

    assert client.get(f"/v/{certificate.serial}/").status_code == 200


def test_the_form_keeps_a_mistyped_number_and_says_what_is_wrong(client):
    html = client.get(reverse("public:verify"), {"serial": "KIP2026-0001-Z"}).content.decode()

    assert "gõ sai" in html
    assert 'value="KIP2026-0001-Z"' in html


def test_an_empty_form_asks_for_the_number(client):
    assert "Nhập số giấy chứng nhận." in client.get(reverse("public:verify"), {"serial": ""}).content.decode()


@pytest.mark.parametrize("typed", ["<script>alert(1)</script>", "'; DROP TABLE", "%00", "KIP" + "9" * 50])
def test_hostile_numbers_are_only_text(client, typed):
    response = client.get(f"/v/{typed.replace('/', '')}")

    assert response.status_code == 404
    assert b"<script>alert" not in response.content


# --- weight and caches ---------------------------------------------------------------------------------
def test_the_page_with_all_it_loads_stays_below_40_kilobytes(client, recognition):
    certificate = issue(recognition)
    withdraw(recognition)
    html = look(client, certificate.serial).content
    static = Path(settings.BASE_DIR) / "static"
    loaded = [static / name for name in ("css/tokens.css", "css/slip.css", "img/favicon.svg")]

    assert len(html) + sum(path.stat().st_size for path in loaded) <= 40_000
    assert html.count(b'rel="stylesheet"') == 2
    assert html.count(b"<script") == 0
    assert b"font" not in html


def test_the_page_may_be_kept_for_seconds_only_and_by_everyone(client, recognition):
    response = look(client, issue(recognition).serial)

    assert response["Cache-Control"] == "public, max-age=0, must-revalidate"
    assert "Cookie" not in response.get("Vary", "")
    assert not response.cookies


def test_the_page_needs_one_query(client, recognition, django_assert_num_queries):
    certificate = issue(recognition)

    with django_assert_num_queries(1):
        look(client, certificate.serial)


# --- the paper -----------------------------------------------------------------------------------------
def test_the_stored_paper_is_sent_as_it_is(client, recognition):
    certificate = issue(recognition)

    response = client.get(f"/v/{certificate.serial}/pdf")

    assert response.status_code == 200
    assert response.content == PAPER
    assert response["Content-Type"] == "application/pdf"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Disposition"] == f'inline; filename="{certificate.serial}.pdf"'


@pytest.mark.parametrize("harm", ["altered", "lost"])
def test_a_paper_that_does_not_match_its_digest_is_never_sent(client, recognition, harm):
    certificate = issue(recognition)
    path = files.path_of(certificate.file_id)
    if harm == "altered":
        path.write_bytes(b"%PDF-1.7 another paper")
    else:
        path.unlink()

    response = client.get(f"/v/{certificate.serial}/pdf")

    assert response.status_code == 503
    assert "không được gửi cho ai" in response.content.decode()
    assert look(client, certificate.serial).status_code == 200


def test_there_is_no_paper_for_an_unknown_number(client):
    assert client.get(f"/v/{serial.make(2026, 999)}/pdf").status_code == 404


def test_an_invented_certificate_says_that_it_is_invented(client):
    [recognition] = recognise(make_product(is_demo=True), is_demo=True)
    certificate = issue(recognition)

    assert Certificate.objects.get().snapshot["is_demo"]
    assert "hư cấu" in look(client, certificate.serial).content.decode()
