"""The set-up of a season through its pages."""

import copy
import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Role
from programme import actions
from programme.models import Rubric, Season
from tests.story import SMALL_RUBRIC, START

PAGE = "/lam-viec/ky/2026/"
NEW = "/lam-viec/ky/moi/"
PUBLISH = "/lam-viec/ky/2026/tieu-chi/"

TERMS = {
    "plan_number": "12/KH-UBND",
    "registration_opens_at": "08:00 01/07/2026",
    "registration_closes_at": "17:00 30/09/2026",
    "check_days": "15",
    "supplement_days": "12",
    "scoring_opens_at": "08:00 15/10/2026",
    "scoring_closes_at": "17:00 15/11/2026",
    "comment_opens_at": "",
    "comment_closes_at": "",
    "validity_months": "36",
    "top_places": "10",
}


@pytest.fixture
def desk(client, story, monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: story.now)

    def sign_in(user):
        client.force_login(user)
        return client

    return sign_in


@pytest.fixture
def bare(story):
    """A season that has published no criteria, and the draft it could publish."""
    season = actions.plan_season(
        by=story.officer,
        at=story.tick(),
        year=2026,
        registration_opens_at=START - timedelta(days=30),
        registration_closes_at=START + timedelta(days=60),
        scoring_closes_at=START + timedelta(days=90),
    )
    rubric, _ = actions.load_rubric(document=SMALL_RUBRIC, by=None, at=story.tick())
    return season, rubric


def text_of(response) -> str:
    return response.content.decode()


# --- who may look -------------------------------------------------------------------------------------
def test_officer_and_secretary_see_the_season_and_only_the_officer_changes_it(desk, story):
    story.season()

    assert "Lưu quy định" in text_of(desk(story.officer).get(PAGE))
    secretary = desk(story.secretary)
    assert "Lưu quy định" not in text_of(secretary.get(PAGE))
    assert secretary.post(PAGE, TERMS).status_code == 404
    assert secretary.get(NEW).status_code == 404


@pytest.mark.parametrize("role", [None, Role.MEMBER, Role.IT_OFFICER])
def test_others_find_no_season_desk(desk, story, role):
    story.season()
    client = desk(story.person("somebody", role))

    for address in (PAGE, NEW):
        assert client.get(address).status_code == 404
    assert client.post(PUBLISH).status_code == 404


def test_a_visitor_is_sent_to_sign_in(client, story):
    story.season()

    assert client.get(PAGE)["Location"].startswith("/dang-nhap/")


def test_a_year_without_a_season_is_not_found(desk, story):
    assert desk(story.officer).get("/lam-viec/ky/1999/").status_code == 404


def test_the_page_speaks_both_languages(desk, story):
    story.season()
    client = desk(story.officer)

    assert "Kỳ xét chọn 2026" in text_of(client.get(PAGE))
    assert "Season 2026" in text_of(client.get("/en/desk/seasons/2026/"))


def test_the_rail_leads_to_the_running_season(desk, story):
    story.season()

    assert f'<a href="{PAGE}" aria-current="page">' in text_of(desk(story.officer).get(PAGE))


def test_the_page_asks_as_often_for_many_drafts_as_for_one(desk, story, bare):
    client = desk(story.secretary)
    counts = []
    for number in range(3):
        with CaptureQueriesContext(connection) as caught:
            assert client.get(PAGE).status_code == 200
        counts.append(len(caught))
        actions.load_rubric(document=SMALL_RUBRIC | {"code": f"small-{number}"}, by=None, at=story.tick())

    assert counts[0] == counts[1] == counts[2]


# --- terms --------------------------------------------------------------------------------------------
def test_terms_are_saved_in_the_time_of_hanoi(desk, story):
    story.season()

    response = desk(story.officer).post(PAGE, TERMS)

    assert response["Location"] == PAGE
    season = Season.objects.get(year=2026)
    assert timezone.localtime(season.registration_closes_at).strftime("%H:%M %d/%m/%Y") == "17:00 30/09/2026"
    assert (season.supplement_days, season.plan_number) == (12, "12/KH-UBND")


def test_saving_the_terms_as_they_stand_changes_nothing(desk, story):
    before = story.season()
    client = desk(story.officer)
    posted = dict(re.findall(r'<input[^>]* name="([a-z_]+)"[^>]* value="([^"]*)"', text_of(client.get(PAGE))))
    assert posted["registration_opens_at"] == "09:00 04/07/2026"
    client.post(PAGE, posted)

    after = Season.objects.get(year=2026)
    assert {f.name: getattr(after, f.name) for f in Season._meta.fields} == {
        f.name: getattr(before, f.name) for f in Season._meta.fields
    }


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"registration_closes_at": "17:00 30/06/2026"}, "“Hết hạn đăng ký” phải sau “Mở đăng ký”."),
        ({"scoring_opens_at": "16:59 30/09/2026"}, "“Mở chấm điểm” không được trước “Hết hạn đăng ký”."),
        ({"scoring_closes_at": "08:00 15/10/2026"}, "“Hết hạn chấm điểm” phải sau “Mở chấm điểm”."),
        (
            {"comment_opens_at": "16:59 15/11/2026", "comment_closes_at": "08:00 30/11/2026"},
            "“Bắt đầu lấy ý kiến” không được trước “Hết hạn chấm điểm”.",
        ),
        ({"comment_opens_at": "08:00 20/11/2026"}, "Nhập cả hai mốc"),
        (
            {"comment_opens_at": "08:00 20/11/2026", "comment_closes_at": "08:00 19/11/2026"},
            "“Kết thúc lấy ý kiến” phải sau “Bắt đầu lấy ý kiến”.",
        ),
        ({"registration_opens_at": "31/02/2026"}, "error-summary"),
        ({"check_days": "0"}, "error-summary"),
        ({"top_places": ""}, "error-summary"),
    ],
)
def test_dates_that_cannot_be_are_refused_and_kept_as_typed(desk, story, wrong, said):
    before = story.season()

    response = desk(story.officer).post(PAGE, TERMS | wrong)

    text = text_of(response)
    assert said in text
    assert "12/KH-UBND" in text
    for value in wrong.values():
        assert value in text
    assert Season.objects.get(year=2026).supplement_days == before.supplement_days


def test_the_terms_of_a_decided_season_stand_still(desk, story):
    season = story.season()
    actions.close_season(season=season, by=story.secretary, at=story.tick())
    client = desk(story.officer)

    assert "Lưu quy định" not in text_of(client.get(PAGE))
    refused = client.post(PAGE, TERMS)
    assert refused.status_code == 409
    assert "đã có quyết định" in text_of(refused)


# --- a new season -------------------------------------------------------------------------------------
def test_an_officer_plans_the_next_season(desk, story):
    story.season()
    client = desk(story.officer)

    assert 'value="2027"' in text_of(client.get(NEW))
    terms = {name: value.replace("/2026", "/2027") for name, value in TERMS.items()} | {"year": "2027"}
    compared = client.post(NEW, terms)
    assert not Season.objects.filter(year=2027).exists()
    stamp = re.search(r'name="shown" value="([0-9a-f]+)"', text_of(compared))[1]
    response = client.post(NEW, terms | {"shown": stamp})

    assert response["Location"] == "/lam-viec/ky/2027/"
    assert client.get("/lam-viec/ky/2027/").status_code == 200


def test_a_year_has_one_season(desk, story):
    story.season()

    response = desk(story.officer).post(NEW, TERMS | {"year": "2026"})

    assert response.status_code == 409
    assert "Đã có kỳ xét chọn năm 2026" in text_of(response)
    assert "12/KH-UBND" in text_of(response)


def test_the_first_season_starts_from_the_usual_terms(desk, story):
    text = text_of(desk(story.officer).get(NEW))

    assert 'value="36"' in text
    assert 'value="2026"' in text


# --- criteria -----------------------------------------------------------------------------------------
def test_the_secretary_publishes_the_criteria_after_reading_them(desk, story, bare):
    season, rubric = bare
    client = desk(story.secretary)
    text = text_of(client.get(PAGE))
    assert "Tăng trưởng" in text
    assert rubric.digest[:8] in text

    response = client.post(PUBLISH, {"rubric": rubric.pk, "understood": "on"})

    assert response["Location"] == PAGE
    season.refresh_from_db()
    assert season.rubric == rubric
    assert Rubric.objects.get().published_at is not None
    text = text_of(client.get(PAGE))
    assert "Công bố bộ tiêu chí này" not in text
    assert rubric.digest in text


def test_without_the_tick_nothing_is_published(desk, story, bare):
    season, rubric = bare

    response = desk(story.secretary).post(PUBLISH, {"rubric": rubric.pk})

    assert "Đánh dấu xác nhận đã đọc bộ tiêu chí" in text_of(response)
    season.refresh_from_db()
    assert season.rubric is None


def test_an_officer_sees_the_draft_but_does_not_publish(desk, story, bare):
    _season, rubric = bare
    client = desk(story.officer)

    text = text_of(client.get(PAGE))
    assert "Tăng trưởng" in text
    assert "Công bố bộ tiêu chí này" not in text
    assert client.post(PUBLISH, {"rubric": rubric.pk, "understood": "on"}).status_code == 404


def test_a_season_does_not_change_its_criteria(desk, story):
    season = story.season()
    other = copy.deepcopy(SMALL_RUBRIC) | {"code": "other"}
    rubric, _ = actions.load_rubric(document=other, by=None, at=story.tick())

    response = desk(story.secretary).post(PUBLISH, {"rubric": rubric.pk, "understood": "on"})

    assert response.status_code == 409
    season.refresh_from_db()
    assert season.rubric.code == "small"


def test_a_proposal_is_marked_as_one_and_a_law_is_not(desk, story, bare):
    client = desk(story.secretary)
    assert "Đề xuất, chưa phải văn bản pháp luật" in text_of(client.get(PAGE))

    Rubric.objects.all().delete()
    actions.load_rubric(document=SMALL_RUBRIC | {"status": "law"}, by=None, at=story.tick())
    assert "chưa phải văn bản pháp luật" not in text_of(client.get(PAGE))


def test_a_season_without_any_criteria_says_what_to_do(desk, story, bare):
    Rubric.objects.all().delete()

    assert "Chưa nạp bộ tiêu chí nào" in text_of(desk(story.secretary).get(PAGE))
