"""A season is set up from last year's by difference; what was left over is refused with its place."""

import copy
import re
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import Role
from core.errors import Refused
from core.models import AuditEvent
from mail.models import LetterText
from onestop.models import FormText
from programme import actions, rubric_difference, rubric_file, yearly
from programme.models import Season
from tests.story import SMALL_RUBRIC, START

NEW = "/lam-viec/ky/moi/"
PAGE = "/lam-viec/ky/2027/"


# --- the rule of the year -----------------------------------------------------------------------------
@given(st.dates(date(2005, 1, 1), date(2090, 12, 31)))
def test_a_day_moves_to_the_same_weekday_of_the_same_week_of_the_month(day):
    moved = yearly.moved(day)

    assert (moved.year, moved.month, moved.weekday()) == (day.year + 1, day.month, day.weekday())
    week = lambda one: (one.day - 1) // 7  # noqa: E731
    last = (moved + timedelta(days=7)).month != moved.month
    assert week(moved) == week(day) or (week(day) == 4 and last)


def test_the_rule_does_not_drift_over_the_years_and_keeps_the_hour():
    moment = datetime(2026, 4, 6, 8, 30)  # the first Monday of April

    for _year in range(20):
        moment = yearly.moved_moment(moment)

    assert (moment.year, moment.month, moment.weekday(), moment.hour, moment.minute) == (2046, 4, 0, 8, 30)
    assert moment.day <= 7


@given(st.datetimes(datetime(2010, 1, 1), datetime(2060, 1, 1), timezones=st.just(UTC)))
def test_a_date_left_standing_is_found_and_a_moved_one_is_not(moment):
    assert yearly.is_left_over(moment, moment)
    assert yearly.is_left_over(moment, moment + timedelta(days=60))
    assert not yearly.is_left_over(moment, yearly.moved_moment(moment))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("12/KH-UBND 2026", 1),
        ("12/KH-UBND/2026", 1),
        ("Kỳ xét chọn năm 2026, hạn 30/09/2026", 2),
        ("Quyết định số 12/2026/QĐ-UBND", 0),
        ("TCVN 20261", 0),
        ("120260", 0),
        ("năm 2025", 0),
        ("", 0),
    ],
)
def test_a_text_names_last_year_or_only_a_document_signed_in_it(text, found):
    assert len(list(yearly.mentions(text, 2026))) == found


# --- the page -----------------------------------------------------------------------------------------
@pytest.fixture
def desk(client, story, monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: story.now)

    def sign_in(user):
        client.force_login(user)
        return client

    return sign_in


def form_of(response) -> dict[str, str]:
    """What the form on the page would send."""
    text = response.content.decode()
    form = text[text.index('name="shown"') :]
    return {"shown": re.search(r'name="shown" value="(\w*)"', text)[1]} | dict(
        re.findall(r'<input(?! type="checkbox")[^>]* name="([a-z_]+)"[^>]* value="([^"]*)"', form)
    )


def planned(client, **changed: str):
    """Compared, then planned, as a person does it."""
    terms = form_of(client.get(NEW)) | changed
    terms["shown"] = form_of(client.post(NEW, terms))["shown"]
    return client.post(NEW, terms)


def test_the_form_comes_filled_with_last_years_terms_moved_by_a_year(desk, story):
    last = story.season()
    Season.objects.update(top_places=7, plan_number="12/KH-UBND")

    terms = form_of(desk(story.officer).get(NEW))

    moved = yearly.moved_moment(timezone.localtime(last.registration_opens_at))
    assert terms["registration_opens_at"] == moved.strftime("%H:%M %d/%m/%Y")
    assert (terms["year"], terms["top_places"]) == ("2027", "7")
    assert "plan_number" not in terms or terms["plan_number"] == ""


def test_what_would_change_is_shown_before_anything_is_saved(desk, story):
    story.season()
    client = desk(story.officer)
    terms = form_of(client.get(NEW)) | {"top_places": "12", "plan_number": "15/KH-UBND"}

    compared = client.post(NEW, terms)

    text = compared.content.decode()
    assert compared.status_code == 200
    assert Season.objects.count() == 1
    assert "Chưa lưu" in text
    rows = dict(re.findall(r'<tr class="(\w+)"><th scope="row">([^<]+)', text)[::-1])
    states = {label: state for state, label in re.findall(r'<tr class="(\w+)"><th scope="row">([^<]+)', text)}
    assert (
        states["Số sản phẩm trong danh sách dẫn đầu"] == "changed"
        if ("Số sản phẩm trong danh sách dẫn đầu" in states)
        else "changed" in rows
    )
    assert states["Mở đăng ký"] == "proposed"
    assert "kept" in states.values()


def test_a_change_after_the_comparison_is_compared_again(desk, story):
    story.season()
    client = desk(story.officer)
    terms = form_of(client.get(NEW))
    terms["shown"] = form_of(client.post(NEW, terms))["shown"]

    again = client.post(NEW, terms | {"top_places": "99"})

    assert again.status_code == 200
    assert not Season.objects.filter(year=2027).exists()


def test_the_second_press_plans_the_season_and_the_record_names_the_one_before(desk, story):
    story.season()

    assert planned(desk(story.officer))["Location"] == PAGE
    assert AuditEvent.objects.get(act="season.planned", object_id=str(Season.objects.get(year=2027).pk)).detail == {
        "last": 2026
    }


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("registration_opens_at", "09:00 04/07/2026", "04/07/2026 còn sót lại từ kỳ xét chọn năm 2026"),
        ("registration_opens_at", "09:00 20/08/2026", "20/08/2026 còn sót lại từ kỳ xét chọn năm 2026"),
        ("plan_number", "12/KH-UBND 2026", "là số kế hoạch của kỳ xét chọn năm 2026"),
        ("plan_number", "77/KH-UBND", "là số kế hoạch của kỳ xét chọn năm 2026"),
    ],
)
def test_a_date_or_number_left_over_is_refused_at_its_field(desk, story, field, value, said):
    story.season()
    Season.objects.update(plan_number="77/KH-UBND")
    client = desk(story.officer)

    refused = client.post(NEW, form_of(client.get(NEW)) | {field: value})

    text = refused.content.decode()
    assert said in text
    assert f'id="id_{field}_error"' in text
    assert not Season.objects.filter(year=2027).exists()


def test_letters_and_forms_that_name_last_year_are_refused_with_their_place(desk, story):
    story.season()
    LetterText.objects.create(
        kind="dossier_received", language="vi", version=1, subject="Hồ sơ năm 2026", body="Kính gửi {name}",
        changed_by_name="x", changed_at=START,
    )  # fmt: skip
    FormText.objects.create(
        form="01", version=1, body="Kế hoạch 9/KH-UBND năm 2026", changed_by_name="x", changed_at=START
    )
    client = desk(story.officer)
    shown = client.get(NEW).content.decode()
    assert "Hồ sơ năm 2026" in shown
    assert "Mẫu số 01" in shown

    refused = planned(client)

    assert refused.status_code == 409
    assert len(re.findall(r"còn ghi năm trước", refused.content.decode())) == 2
    keys = re.findall(r'name="kept" value="([^"]+)"', shown)
    assert planned(client, kept=keys[0]).status_code == 409  # one tick is not two
    terms = form_of(client.get(NEW))
    terms["shown"] = form_of(client.post(NEW, terms))["shown"]
    assert client.post(NEW, terms | {"kept": keys})["Location"] == PAGE
    event = AuditEvent.objects.filter(act="season.planned").order_by("-seq").first()
    assert len(event.detail["kept"]) == 2


def test_words_put_back_to_the_standard_do_not_stand_in_the_way(desk, story):
    story.season()
    row = {"kind": "dossier_received", "language": "vi", "changed_by_name": "x", "changed_at": START}
    LetterText.objects.create(version=1, subject="Năm 2026", body="Năm 2026", **row)
    LetterText.objects.create(version=2, is_standard=True, **row)

    assert planned(desk(story.officer))["Location"] == PAGE


# --- criteria -----------------------------------------------------------------------------------------
def next_rubric(**changed):
    document = copy.deepcopy(SMALL_RUBRIC) | {"code": "next"} | changed
    document["criteria"][0]["max_points"] = 45
    document["criteria"][0]["anchors"][0]["points"] = 15
    document["criteria"][1]["max_points"] = 35
    document["tie_rules"] = ["1"]
    document["pass_rule"] = {"type": "all_of", "rules": [{"type": "total_at_least", "value": 65}]}
    return document


def test_two_rubrics_differ_criterion_by_criterion():
    found = rubric_difference.changes(rubric_file.judge(SMALL_RUBRIC), rubric_file.judge(next_rubric()))

    assert [(c.what, c.code, c.before, c.after) for c in found if c.what in ("points", "tie")] == [
        ("points", "1", "50", "45"),
        ("points", "2", "30", "35"),
        ("tie", "", "2 → 1", "1"),
    ]
    assert {c.what for c in found} == {"points", "level", "tie", "pass"}


def test_a_rubric_does_not_differ_from_itself():
    rules = rubric_file.judge(SMALL_RUBRIC)

    assert rubric_difference.changes(rules, rules) == []


@pytest.fixture
def next_year(story):
    last = story.season()
    moved = {name: yearly.moved_moment(getattr(last, name)) for name in (
        "registration_opens_at", "registration_closes_at", "scoring_opens_at", "scoring_closes_at")}  # fmt: skip
    return actions.plan_season(year=2027, last=last, by=story.officer, at=story.tick(), **moved)


def test_the_season_page_shows_what_the_criteria_change_before_and_after_their_publication(desk, story, next_year):
    rubric, _ = actions.load_rubric(document=next_rubric(), by=None, at=story.tick())
    client = desk(story.secretary)
    assert "So với bộ tiêu chí năm 2026" in client.get(PAGE).content.decode()

    actions.publish_rubric(season=next_year, rubric=rubric, by=story.secretary, at=story.tick())

    text = client.get(PAGE).content.decode()
    assert re.search(r"<td>1</td><th scope=\"row\">điểm tối đa</th><td>50</td><td>45</td>", text)
    assert "Khác với năm 2026" in text


def test_criteria_that_name_last_year_are_not_published_unless_it_is_meant(desk, story, next_year):
    document = next_rubric(title_vi="Bộ tiêu chí năm 2026", status_note="KH-UBND 2026")
    document["criteria"][2]["label_vi"] = "Chất lượng năm 2026"
    rubric, _ = actions.load_rubric(document=document, by=None, at=story.tick())
    client = desk(story.secretary)
    publish = "/lam-viec/ky/2027/tieu-chi/"

    refused = client.post(publish, {"rubric": rubric.pk, "understood": "on"})

    text = refused.content.decode()
    assert refused.status_code == 409
    for place in ("Bộ tiêu chí, tên", "Bộ tiêu chí, ghi chú tình trạng", "Bộ tiêu chí, tiêu chí 3"):
        assert f"{place} còn ghi năm trước" in text
    keys = re.findall(r'name="kept" value="([^"]+)"', text)
    assert len(keys) == 3
    assert client.post(publish, {"rubric": rubric.pk, "understood": "on", "kept": keys})["Location"] == PAGE


# --- public or not ------------------------------------------------------------------------------------
PUBLIC = ("/ky-xet-chon/2027/", "/ky-xet-chon/", "/", "/en/seasons/")


def test_nobody_outside_reads_of_a_planned_season_until_its_plan_is_published(client, desk, story, next_year):
    assert client.get(PUBLIC[0]).status_code == 404
    before = [client.get(page).content for page in PUBLIC[1:]]
    assert all(b"2027" not in content for content in before[:1])

    officer = desk(story.officer)
    assert officer.post("/lam-viec/ky/2027/cong-bo/").status_code == 409  # the plan has no number yet
    Season.objects.filter(year=2027).update(plan_number="15/KH-UBND")
    assert officer.post("/lam-viec/ky/2027/cong-bo/")["Location"] == PAGE

    client.logout()
    assert client.get(PUBLIC[0]).status_code == 200
    assert b"2027" in client.get(PUBLIC[1]).content


def test_with_only_a_planned_season_the_front_page_says_nothing_of_it(client, desk, story):
    season = story.season(published=False)
    Season.objects.update(registration_opens_at=story.now + timedelta(days=5))
    season.refresh_from_db()
    desk(story.officer)
    client.logout()

    assert "08/08/2026" not in client.get("/").content.decode()
    client.force_login(story.person("clerk"))
    for page in ("/ho-so/", "/ho-so/moi/"):
        assert "08/08/2026" not in client.get(page).content.decode()


def test_a_season_is_public_when_registration_opens_or_its_criteria_are_out(story, next_year):
    assert not Season.objects.public(story.now).filter(year=2027).exists()
    assert next_year.is_public(next_year.registration_opens_at)

    rubric, _ = actions.load_rubric(document=next_rubric(), by=None, at=story.tick())
    actions.publish_rubric(season=next_year, rubric=rubric, by=story.secretary, at=story.tick())
    assert Season.objects.public(story.tick()).filter(year=2027).exists()


# --- removing -----------------------------------------------------------------------------------------
def test_a_planned_season_that_nobody_has_used_is_removed_and_the_record_keeps_it(desk, story, next_year):
    officer = desk(story.officer)
    assert "Xóa kỳ xét chọn dự kiến" in officer.get(PAGE).content.decode()

    assert officer.post("/lam-viec/ky/2027/xoa/")["Location"] == NEW

    assert not Season.objects.filter(year=2027).exists()
    assert AuditEvent.objects.get(act="season.deleted").object_name == "2027"


def test_a_season_that_is_public_or_used_stays(desk, story, next_year):
    from evaluations import actions as council

    officer = desk(story.officer)
    council.set_up_council(
        season=next_year, decision_number="1/QĐ-UBND", decision_date=START.date(), by=story.secretary, at=story.tick()
    )
    refused = officer.post("/lam-viec/ky/2027/xoa/")
    assert (refused.status_code, Season.objects.filter(year=2027).exists()) == (409, True)
    assert "đã được sử dụng" in refused.content.decode()
    assert not AuditEvent.objects.filter(act="season.deleted").exists()

    with pytest.raises(Refused):
        actions.delete_season(season=Season.objects.get(year=2026), by=story.officer, at=story.tick())


@pytest.mark.parametrize("role", [None, Role.SECRETARY, Role.MEMBER, Role.IT_OFFICER])
def test_only_officers_publish_a_plan_or_remove_a_season(story, next_year, client, role):
    client.force_login(story.person("other", role))

    for page in ("xoa", "cong-bo"):
        assert client.post(f"/lam-viec/ky/2027/{page}/").status_code == 404
    assert Season.objects.filter(year=2027, published_at=None).exists()


# --- the picture --------------------------------------------------------------------------------------
def test_the_gantt_has_a_bar_and_a_row_for_each_window_and_a_line_for_today(desk, story):
    season = story.season()
    Season.objects.update(
        scoring_opens_at=season.registration_closes_at + timedelta(days=10),
        comment_opens_at=season.scoring_closes_at,
        comment_closes_at=season.scoring_closes_at + timedelta(days=10),
    )

    text = desk(story.officer).get("/lam-viec/ky/2026/").content.decode()

    figure = text[text.index('<figure class="chart calendar">') : text.index("</figure>")]
    assert figure.count('<rect class="stretch') == figure.count("<tr><th") - 1 == 4
    assert 'class="today"' in figure
    assert "style=" not in figure
    widths = [(float(x), float(w)) for x, w in re.findall(r'x="([\d.]+)" y="[\d.]+" width="([\d.]+)"', figure)]
    assert all(a[0] + a[1] <= b[0] + 0.2 for a, b in pairwise(widths))


def test_the_set_up_asks_as_often_for_many_seasons_as_for_one(desk, story, next_year):
    client, counts = desk(story.officer), []
    for year in (2030, 2031):
        with CaptureQueriesContext(connection) as caught:
            client.get(NEW)
        counts.append(len(caught))
        dates = {n: getattr(next_year, n) + timedelta(days=365 * (year - 2027)) for n in (
            "registration_opens_at", "registration_closes_at", "scoring_opens_at", "scoring_closes_at")}  # fmt: skip
        Season.objects.create(year=year, **dates)
    assert counts[0] == counts[1]
