"""The look at all own sheets, signing several, progress for the secretary, reminders, closing."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.errors import Refused
from evaluations import actions, queries
from evaluations.answers import Answer
from evaluations.models import ScoreSheet, StandingSheet
from evaluations.queries import tasks
from mail.models import Letter
from tests.evaluations.sheet_story import rich

REVIEW = "evaluations:own_review"
PLENTY = {"1": 40, "2": 20, "3": 10}


def page_of(client, seat):
    client.force_login(seat.user)
    return client.get(reverse(REVIEW))


def shown(answer):
    """The digests on the page, as its form sends them."""
    return {f"shown-{row['dossier'].pk}": row["desk"].shown for row in answer.context["rows"] if row["desk"].is_ready}


# --- the member ---------------------------------------------------------------------------------------
def test_one_press_signs_several_sheets_each_with_its_own_seal(story, client):
    dossiers = story.scoring(3)
    seat = story.seats()[0]
    for dossier in dossiers:
        story.score(dossier, seat, PLENTY, sign=False)
    page = page_of(client, seat)
    chosen = [str(d.pk) for d in dossiers[:2]]

    client.post(reverse(REVIEW), shown(page) | {"sign": chosen})

    signed = ScoreSheet.objects.filter(signed_at__isnull=False)
    assert {sheet.dossier_id for sheet in signed} == {d.pk for d in dossiers[:2]}
    assert {sheet.digest for sheet in signed} == {shown(page)[f"shown-{pk}"] for pk in chosen}
    assert len({sheet.digest for sheet in signed}) == 2


def test_a_sheet_that_changed_since_it_was_shown_is_not_signed_and_the_others_are(story, client):
    one, two = story.scoring(2)
    seat = story.seats()[0]
    for dossier in (one, two):
        story.score(dossier, seat, PLENTY, sign=False)
    page = page_of(client, seat)
    story.score(one, seat, {"1": 1}, sign=False)

    answer = client.post(reverse(REVIEW), shown(page) | {"sign": [str(one.pk), str(two.pk)]})

    assert answer.status_code == 409
    assert f"{one.number}: Phiếu đã thay đổi" in answer.content.decode()
    assert list(StandingSheet.objects.values_list("dossier_id", flat=True)) == [two.pk]


def test_nothing_is_signed_without_a_tick_or_without_the_digest(story, client):
    (dossier,) = story.scoring()
    seat = story.seats()[0]
    story.score(dossier, seat, PLENTY, sign=False)
    client.force_login(seat.user)

    assert client.post(reverse(REVIEW)).status_code == 409
    assert client.post(reverse(REVIEW), {"sign": [str(dossier.pk)]}).status_code == 409
    assert not StandingSheet.objects.exists()


def test_the_page_says_what_is_missing_how_totals_spread_and_what_differs_from_the_own_habit(story, client):
    dossiers = story.scoring(7)
    seat = story.seats()[0]
    for dossier in dossiers[:5]:
        story.score(dossier, seat, PLENTY, sign=False)
    story.score(dossiers[5], seat, PLENTY | {"1": 5}, sign=False)

    page = page_of(client, seat)

    text = page.content.decode()
    assert page.context["slips"] == 1
    assert "Tiêu chí 1: 5 điểm; trung vị của bạn là 40" in text
    assert "1 phiếu chưa đủ" in text
    assert sum(one["count"] for one in page.context["bins"]) == 6
    assert [row["place"] for row in page.context["rows"]] == [1, 1, 1, 1, 1, 6, None]


def test_nobody_sees_the_review_of_somebody_else(story, client):
    (dossier,) = story.scoring()
    one, two = story.seats()[:2]
    story.score(dossier, one, {"1": "33.25", "2": 20, "3": 10}, sign=False)

    assert "33,25" not in page_of(client, two).content.decode()


def test_the_review_asks_as_much_of_the_database_for_three_dossiers_as_for_one(
    story, client, django_assert_num_queries
):
    story.scoring(1)
    seat = story.seats()[0]
    page_of(client, seat)
    with CaptureQueriesContext(connection) as one:
        client.get(reverse(REVIEW))
    story.scoring(2)
    with django_assert_num_queries(len(one)):
        client.get(reverse(REVIEW))


def test_the_rich_rubric_goes_through_the_review_too(client, db):
    story, (dossier,), seat = rich()
    answers = {
        "G": Answer(points=Decimal(5), why="yếu"),
        "E": Answer(abstains=True, why="Không đúng chuyên môn"),
        "C": Answer(points=Decimal(10), option=2),
    }
    actions.save_sheet(dossier=dossier, answers=answers, cells={"ballot": False}, by=seat.user, at=story.tick())
    page = page_of(client, seat)

    client.post(reverse(REVIEW), shown(page) | {"sign": [str(dossier.pk)]})

    assert StandingSheet.objects.get().points == [500, -1, 1000, 0]
    assert page.context["rows"][0]["share"] == Decimal("18.8")  # 15 of 80: what was abstained from is not asked


# --- the secretary ------------------------------------------------------------------------------------
def progress(story):
    return reverse("evaluations:progress", args=[story.year])


def test_progress_shows_states_and_never_points(story, client):
    one, two = story.scoring(2)
    first, second = story.seats()[:2]
    story.score(one, first, {"1": "33.25", "2": 20, "3": 10})
    story.score(two, first, {"1": "44.75"}, sign=False)
    actions.begin_correction(dossier=one, reason="Gõ nhầm", by=first.user, at=story.tick())
    client.force_login(story.secretary)

    text = client.get(progress(story)).content.decode()

    assert "33,25" not in text
    assert "44,75" not in text
    assert "Gõ nhầm" not in text
    assert "1 bản sửa đang mở" in text
    found = {p.seat.pk: (p.asked, p.begun, p.signed) for p in queries.progress(story.season())}
    assert found[first.pk] == (2, 2, 1)
    assert found[second.pk] == (2, 0, 0)


def test_the_living_part_comes_alone_for_the_script(story, client):
    story.scoring(1)
    client.force_login(story.secretary)

    part = client.get(progress(story), headers={"X-Partial": "1"}).content.decode()

    assert "<html" not in part
    assert "Phiếu còn phải ký" in part or "phiếu" in part


def test_the_burn_up_counts_first_signatures_by_day(story, client):
    one, two = story.scoring(2)
    seat = story.seats()[0]
    story.score(one, seat, PLENTY)
    story.tick(days=2)
    story.score(two, seat, PLENTY)
    actions.begin_correction(dossier=one, reason="x", by=seat.user, at=story.tick())
    actions.sign_sheet(dossier=one, by=seat.user, at=story.tick())

    days = queries.burn_up(story.season())

    assert [(day.signed, day.so_far) for day in days] == [(1, 1), (0, 1), (1, 2)]
    client.force_login(story.secretary)
    assert "Phiếu đã ký theo ngày" in client.get(progress(story)).content.decode()


def test_a_reminder_goes_to_everybody_with_open_sheets_once_a_day(story):
    one, two = story.scoring(2)
    first, second, third = story.seats()
    for dossier in (one, two):
        story.score(dossier, first, PLENTY)

    def remind(**which):
        return actions.remind(season=story.season(), by=story.secretary, at=story.now, **which)

    assert remind(seats={second.pk}) == [str(second)]
    assert remind() == [str(third)]
    assert remind() == []
    letters = Letter.objects.filter(kind="sheets_to_sign")
    assert set(letters.values_list("to_email", flat=True)) == {second.user.email, third.user.email}
    assert "Còn 2 phiếu chấm chờ bạn ký" in letters.first().subject
    story.now += timedelta(days=1)
    assert set(remind()) == {str(second), str(third)}


def test_the_button_reminds_and_says_whom(story, client):
    story.scoring(1)
    client.force_login(story.secretary)
    address = reverse("evaluations:remind", args=[story.year])

    client.post(address)  # without saying whom
    assert not Letter.objects.filter(kind="sheets_to_sign").exists()
    client.post(address, {"seat": "all"})
    assert Letter.objects.filter(kind="sheets_to_sign").count() == 3
    assert client.get(progress(story)).content.decode().count("đã nhắc hôm nay") == 3


def test_counts_leave_out_what_stands_behind_the_readers_wall(story, client):
    from dossiers import actions as dossiers

    one, two = story.scoring(2)
    dossiers.declare_conflict(dossier=one, kind="family", by=story.officer, at=story.tick())
    client.force_login(story.officer)

    page = client.get(progress(story))

    assert (page.context["scoring"], page.context["asked"]) == (1, 3)
    assert one.number not in page.content.decode()
    assert two.number in page.content.decode()


def test_closing_is_refused_where_everybody_abstained(story):
    (dossier,) = story.scoring()
    for seat in story.seats():
        story.score(dossier, seat, PLENTY, sign=False)
        actions.save_sheet(
            dossier=dossier, answers={"2": Answer(abstains=True, why="x")}, by=seat.user, at=story.tick()
        )
        actions.sign_sheet(dossier=dossier, by=seat.user, at=story.tick())

    with pytest.raises(Refused) as error:
        actions.close_session(season=story.season(), by=story.secretary, at=story.tick())

    assert any("không ai cho điểm tiêu chí 2" in reason for reason in error.value.reasons)


def test_a_correction_in_hand_does_not_hold_the_session_up_and_can_no_longer_be_signed(story):
    (dossier,) = story.scoring()
    seats = story.seats()
    for seat in seats:
        story.score(dossier, seat, PLENTY)
    actions.begin_correction(dossier=dossier, reason="x", by=seats[0].user, at=story.tick())

    actions.close_session(season=story.season(), by=story.secretary, at=story.tick())

    with pytest.raises(Refused):
        actions.sign_sheet(dossier=dossier, by=seats[0].user, at=story.tick())
    assert StandingSheet.objects.get(seat=seats[0]).sheet.version == 1


def test_the_queue_can_be_filtered_and_keeps_its_order(story, client):
    story.scoring(3)
    seat = story.seats()[0]
    client.force_login(seat.user)
    order = [task.dossier.pk for task in tasks(seat)]

    page = client.get(reverse("evaluations:queue"), {"sector": "999999"})

    assert [task.dossier.pk for task in page.context["tasks"]] == order
