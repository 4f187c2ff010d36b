"""From the last check to the end: receipt, supplement, withdrawal, following, tracking."""

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from dossiers import actions
from dossiers.models import Dossier, Stage, StageChange
from tests.dossiers.applicant import pdf, signed_in, tell_time, upload, url, words

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


# --- supplement ---------------------------------------------------------------------------------------
def test_a_request_is_told_on_every_page_that_matters(story, client):
    dossier = story.supplement()

    assert "Cần bổ sung (còn 10 ngày)" in words(client.get(url("mine")))
    assert url("supplement", dossier) in words(client.get(url("dossier", dossier)))
    assert "Chứng nhận ISO đã hết hạn." in words(client.get(url("papers", dossier)))
    page = words(client.get(url("supplement", dossier)))
    assert "Chứng nhận ISO đã hết hạn." in page
    assert "Đề nghị bổ sung." in page
    assert "Hết hiệu lực" in page
    assert f'href="{url("papers", dossier)}#slot-quality_certificates"' in page


def test_the_task_list_of_a_supplement_tells_what_is_mended(story, client):
    dossier = story.supplement()

    before = words(client.get(url("dossier", dossier)))
    client.post(url("papers", dossier), {"paper": "quality_certificates", "files": upload("ISO mới.pdf", pdf("new"))})
    after = words(client.get(url("dossier", dossier)))

    assert "Cần sửa</span>" in before
    assert "Chưa đủ để gửi" in before
    assert "Cần sửa</span>" not in after
    assert "Sẵn sàng gửi" in after


def test_an_unchanged_dossier_is_not_an_answer(story, client):
    dossier = story.supplement()

    page = words(client.post(url("supplement", dossier)))

    assert "Hồ sơ chưa thay đổi gì" in page
    assert Dossier.objects.get().stage == Stage.SUPPLEMENT


def test_what_was_mended_is_sent_and_the_check_goes_on(story, client):
    dossier = story.supplement()

    client.post(url("papers", dossier), {"paper": "quality_certificates", "files": upload("ISO mới.pdf", pdf("new"))})
    assert "Đã có tệp mới" in words(client.get(url("supplement", dossier)))
    answer = client.post(url("supplement", dossier))

    assert answer.url == url("follow", dossier)
    assert Dossier.objects.get().stage == Stage.CHECKING
    page = words(client.get(url("follow", dossier)))
    assert "Đã gửi bổ sung" in page
    assert "Chứng nhận ISO đã hết hạn." in page
    assert client.post(url("supplement", dossier)).url == url("follow", dossier)


@pytest.mark.parametrize("what", ["figures", "product", "record"])
def test_every_kind_of_change_counts_as_an_answer(story, client, what):
    dossier = story.supplement()

    if what == "figures":
        client.post(
            url("figures", dossier),
            {"workers_2025": "321"}
            | {
                f"{name}_{year}": "200"
                for name in ("revenue_vnd_billion", "export_usd_million")
                for year in (2023, 2024, 2025)
            }
            | {"workers_2023": "1", "workers_2024": "1"},
        )
    elif what == "product":
        product = dossier.product
        client.post(
            url("product_part", dossier),
            {
                "name_vi": product.name_vi,
                "sector": product.sector_id,
                "summary_vi": "Khác hẳn.",
                "description": dossier.description,
                "technology": dossier.technology,
            },
        )
    else:
        e = dossier.enterprise
        client.post(
            url("record", pk=e.pk),
            {
                "name_vi": e.name_vi,
                "form": e.form,
                "street": "Số 9",
                "ward": e.ward_id,
                "legal_representative": e.legal_representative,
                "phone": e.phone,
            },
        )
    client.post(url("supplement", dossier))

    assert Dossier.objects.get().stage == Stage.CHECKING


def test_after_the_term_the_consequence_is_said(story):
    dossier = story.supplement()
    story.tick(days=11)
    client = signed_in(story.person("clerk"))

    assert "Đã quá hạn" in words(client.get(url("supplement", dossier)))
    page = words(client.post(url("supplement", dossier)))
    assert "Hạn bổ sung là ngày" in page
    assert Dossier.objects.get().stage == Stage.SUPPLEMENT


def test_a_supplement_that_takes_away_too_much_is_refused(story, client):
    dossier = story.supplement()
    document = dossier.documents.get(paper="application_form")

    client.post(url("remove_document", dossier, document=document.pk))

    assert "Ngoài ra, hồ sơ còn thiếu" in words(client.get(url("supplement", dossier)))
    client.post(url("supplement", dossier))
    assert Dossier.objects.get().stage == Stage.SUPPLEMENT


# --- follow and withdraw ------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("stage", "sign"),
    [
        ("submitted", "Đã nộp, chờ tiếp nhận"),
        ("checking", "Đang thẩm định"),
        ("supplement", "Cần bổ sung"),
        ("eligible", "Đủ điều kiện"),
    ],
)
def test_following_shows_the_stage_and_the_story(story, client, stage, sign):
    dossier = getattr(story, stage)()

    page = words(client.get(url("follow", dossier)))

    assert sign in page
    assert "Lập bản nháp" in page
    assert "Đã nộp hồ sơ" in page


@pytest.mark.parametrize("stage", ["scoring", "scored", "published", "recognised"])
def test_following_after_the_council_tells_no_scores_and_no_names(story, stage):
    (dossier,) = getattr(story, stage)()
    client = signed_in(dossier.enterprise.representatives.get().user)

    page = words(client.get(url("follow", dossier)))

    assert "điểm" not in page.replace("Điểm", "").split("<main")[1].split("</main")[0]
    for seat in story.seats():
        assert str(seat.user) not in page
    assert str(story.officer) not in page


def test_scoring_and_scored_look_the_same_to_the_applicant(story):
    (dossier,) = story.scored()
    client = signed_in(dossier.enterprise.representatives.get().user)

    page = words(client.get(url("follow", dossier)))

    assert "Hội đồng đang xét" in page
    assert "Đã chấm" not in page


def test_a_refusal_gives_its_reason(story, client):
    dossier = story.checking()
    actions.refuse(dossier=dossier, reason="Sản phẩm không sản xuất tại Hà Nội.", by=story.officer, at=story.tick())

    page = words(client.get(url("follow", dossier)))

    assert "Lý do từ chối" in page
    assert "Sản phẩm không sản xuất tại Hà Nội." in page


def test_a_dossier_is_withdrawn_after_one_question(story, client):
    dossier = story.submitted()

    assert "Rút hồ sơ này?" in words(client.get(url("withdraw", dossier)))
    assert Dossier.objects.get().stage == Stage.SUBMITTED
    answer = client.post(url("withdraw", dossier))

    assert answer.url == url("mine")
    assert Dossier.objects.get().stage == Stage.WITHDRAWN
    assert client.post(url("withdraw", dossier)).url == url("follow", dossier)
    assert client.get(url("follow", dossier)).status_code == 200


def test_a_dossier_with_the_council_cannot_be_withdrawn(story):
    (dossier,) = story.scoring()
    client = signed_in(dossier.enterprise.representatives.get().user)

    assert client.post(url("withdraw", dossier)).url == url("follow", dossier)
    assert Dossier.objects.get().stage == Stage.SCORING


# --- tracking -----------------------------------------------------------------------------------------
def look(client, number, end, **extra):
    return client.post(reverse("dossiers:track"), {"number": number, "tax_code_end": end}, **extra)


def test_number_and_four_digits_show_stage_and_dates_but_no_names(story):
    dossier = story.supplement()

    page = words(look(Client(), dossier.number.lower(), dossier.enterprise.tax_code[-4:]))

    assert "Cần bổ sung" in page
    assert "13/08/2026" in page
    for name in (dossier.enterprise.name_vi, dossier.product.name_vi, str(story.person("clerk")), str(story.officer)):
        assert name not in page


def test_every_wrong_pair_gets_the_same_answer(story):
    dossier = story.submitted()
    end = dossier.enterprise.tax_code[-4:]
    wrong = "0000" if end != "0000" else "1111"

    def answer(number, digits):
        cache.clear()
        page = words(look(Client(), number, digits)).split("<main")[1]
        token = page.split("csrfmiddlewaretoken")[1].split('"')[2]
        return page.replace(token, "").replace(number, "N").replace(f'value="{digits}"', "")

    assert answer(dossier.number, wrong) == answer("H26.12-260803-9999", end) == answer("H26.12-260803-9999", wrong)


def test_a_draft_cannot_be_tracked(story):
    dossier = story.draft()

    assert "Không có hồ sơ nào khớp" in words(look(Client(), "None", dossier.enterprise.tax_code[-4:]))


def test_looking_up_is_limited_to_five_a_minute(story):
    client = Client()
    codes = [look(client, "H26.12-1", "0000").status_code for _ in range(7)]

    assert codes == [200] * 5 + [429] * 2
    assert look(client, "H26.12-1", "0000", REMOTE_ADDR="203.0.113.9").status_code == 200


def test_without_the_cache_looking_up_still_works(story, settings, monkeypatch):
    from redis.exceptions import ConnectionError as Gone

    def fail(*args, **kwargs):
        raise Gone("no cache")

    dossier = story.submitted()
    monkeypatch.setattr(cache, "add", fail, raising=False)
    monkeypatch.setattr(cache, "incr", fail, raising=False)

    page = look(Client(), dossier.number, dossier.enterprise.tax_code[-4:])

    assert dossier.number in words(page)


@pytest.mark.parametrize(
    ("number", "end"), [("", ""), ("\x00", "12\x00"), ("x" * 999, "12345"), ("%", "%%%%"), ("H", "１２３４")]
)
def test_odd_look_ups_are_errors_of_the_form(story, number, end):
    assert look(Client(), number, end).status_code == 200


def test_the_code_of_the_receipt_fills_in_the_number(db):
    page = words(Client().get(reverse("dossiers:track"), {"number": "H26.12-260803-0001"}))

    assert 'value="H26.12-260803-0001"' in page
