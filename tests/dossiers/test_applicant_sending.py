"""The last check, the sending and the receipt."""

from datetime import date

import pytest
import segno
from django.test import Client
from django.utils import translation

from dossiers.models import Dossier, Stage, StageChange
from tests.dossiers.applicant import signed_in, tell_time, url, words

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _clock(monkeypatch, story, settings):
    tell_time(monkeypatch, story, settings)


@pytest.fixture
def client(story):
    story.enterprise()
    return signed_in(story.person("clerk"))


# --- check and send -----------------------------------------------------------------------------------
def test_the_last_check_lists_what_is_missing_with_the_way_to_it(story, client):
    dossier = story.draft()

    page = words(client.get(url("review", dossier)))

    assert "Còn thiếu 14 mục" in page
    assert f'href="{url("papers", dossier)}#slot-application_form"' in page
    assert f'href="{url("product_part", dossier)}#id_description"' in page
    assert f'href="{url("figures", dossier)}#id_revenue_vnd_billion_2023"' in page


def test_an_incomplete_dossier_is_not_sent(story, client):
    dossier = story.draft()

    page = words(client.post(url("review", dossier), {"declared": "on"}))

    assert "<title>Lỗi:" in page
    assert Dossier.objects.get().number is None


def test_sending_needs_the_declaration(story, client):
    dossier = story.complete()

    page = words(client.post(url("review", dossier), {}))

    assert "Hãy đánh dấu vào lời cam đoan" in page
    assert Dossier.objects.get().stage == Stage.DRAFT


def test_a_dossier_is_sent_once_however_often_the_button_is_pressed(story, client):
    dossier = story.complete()

    answers = [client.post(url("review", dossier), {"declared": "on"}) for _ in range(3)]

    assert {answer.url for answer in answers} == {url("receipt", dossier)}
    assert StageChange.objects.filter(dossier=dossier, step="submit").count() == 1
    assert Dossier.objects.get().number == "H26.12-260803-0001"


def test_after_the_deadline_the_reason_is_said(story):
    dossier = story.complete()
    story.now = story.season().registration_closes_at
    client = signed_in(story.person("clerk"))

    page = words(client.post(url("review", dossier), {"declared": "on"}))

    assert "đã hết hạn nộp hồ sơ" in page
    assert Dossier.objects.get().number is None


def test_the_receipt_shows_number_code_and_dates_and_stays(story, client):
    dossier = story.submitted()

    for _ in range(2):
        page = words(client.get(url("receipt", dossier)))
        assert dossier.number in page
        assert 'src="data:image/svg+xml' in page
        assert "15 ngày làm việc" in page
        assert "24/08/2026" in page

    story.tick(days=400)
    assert dossier.number in words(signed_in(story.person("clerk")).get(url("receipt", dossier)))


def test_a_draft_has_no_receipt(story, client):
    dossier = story.draft()

    assert client.get(url("receipt", dossier)).url == url("dossier", dossier)


# --- the receipt as a file, and the letter ------------------------------------------------------------
@pytest.mark.pdf
def test_the_receipt_can_be_kept_as_a_file(story, client):
    dossier = story.submitted()

    answer = client.get(url("receipt_pdf", dossier))

    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == f'attachment; filename="{dossier.number}.pdf"'
    assert answer.content.startswith(b"%PDF")
    assert client.get(url("receipt_pdf", story.draft())).status_code == 302


@pytest.mark.pdf
@pytest.mark.parametrize(("language", "way"), [("vi", "/tra-cuu/"), ("en", "/en/track/")])
def test_the_codes_on_page_and_paper_open_the_status_without_an_account(story, settings, monkeypatch, language, way):
    dossier, written, make = story.submitted(), [], segno.make
    monkeypatch.setattr(segno, "make", lambda address, **how: written.append(address) or make(address, **how))
    clerk = signed_in(story.person("clerk"))
    with translation.override(language):
        addresses = [url("receipt", dossier), url("receipt_pdf", dossier)]
    for address in addresses:
        assert clerk.get(address).status_code == 200

    assert len(written) == 2
    assert set(written) == {f"{settings.SITE_URL}{way}{dossier.track_code}/"}
    page = words(Client().get(written[0].removeprefix(settings.SITE_URL)))
    assert dossier.number in page
    assert ("Bước gần nhất" if language == "vi" else "Last step") in page
    assert dossier.enterprise.tax_code not in page


def test_everybody_who_signs_gets_one_letter_with_number_and_date(story, client):
    from enterprises.actions import add_representative
    from mail.models import Letter

    dossier = story.complete()
    for key, role in (("second", "signs"), ("helper", "fills_in")):
        add_representative(
            enterprise=dossier.enterprise,
            user=story.person(key),
            role=role,
            by=story.person("clerk"),
            at=story.tick(),
        )

    for _ in range(2):
        client.post(url("review", dossier), {"declared": "on"})

    letters = Letter.objects.filter(kind="dossier_received").order_by("pk")
    dossier.refresh_from_db()
    assert [letter.to_email for letter in letters] == ["clerk@kip.test", "second@kip.test"]
    assert dossier.number in letters[0].subject
    assert "24/08/2026" in letters[0].text


def test_a_paper_that_is_no_longer_in_force_is_told_before_sending_and_blocks_nothing(story, client):
    dossier = story.complete()
    dossier.documents.filter(paper="quality_certificates").update(valid_until=date(2020, 1, 31))
    client.force_login(story.person("clerk"))

    page = words(client.get(url("review", dossier)))
    client.post(url("review", dossier), {"declared": "on", "acting_for": dossier.enterprise_id})

    assert "Giấy tờ đã hết hiệu lực" in page
    assert "đến 31/01/2020" in page
    dossier.refresh_from_db()
    assert dossier.number is not None
