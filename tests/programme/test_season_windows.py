"""The windows of a season follow one another, in the database as on the pages."""

from datetime import timedelta
from itertools import pairwise

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.models import Role
from core.errors import Refused
from core.models import AuditEvent
from evaluations import actions as council
from programme import actions, windows
from programme.models import Season
from tests.story import START

DAYS = dict(zip(windows.MOMENTS, (0, 60, 60, 90, 90, 100), strict=True))


def at_days(**days: int | None) -> dict[str, object]:
    return {name: None if d is None else START + timedelta(days=d) for name, d in (DAYS | days).items()}


@given(st.lists(st.one_of(st.none(), st.integers(0, 6)), min_size=6, max_size=6))
@settings(max_examples=100, deadline=None)
def test_the_sentences_and_the_rule_say_the_same(days):
    """Whatever the dates: those set must rise, and touch only where one window meets the next."""
    moments = {
        name: None if d is None else START + timedelta(days=d) for name, d in zip(windows.MOMENTS, days, strict=True)
    }
    known = [(name, touches, moments[name]) for name, touches in windows.ORDER if moments[name] is not None]
    sound = all(a[2] < b[2] or (a[2] == b[2] and b[1]) for a, b in pairwise(known))

    assert (list(windows.out_of_order(moments)) == []) == sound


@pytest.mark.django_db
@pytest.mark.parametrize(
    "wrong",
    [
        {"registration_closes_at": 0},
        {"scoring_opens_at": 59},
        {"scoring_closes_at": 60},
        {"scoring_opens_at": None, "scoring_closes_at": 60},
        {"comment_opens_at": 89},
        {"comment_closes_at": 90},
    ],
    ids=lambda wrong: " ".join(wrong),
)
def test_the_database_refuses_windows_that_overlap(wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        Season.objects.create(year=2026, **at_days(**wrong))
    assert list(windows.out_of_order(at_days(**wrong)))


@pytest.mark.django_db
def test_windows_that_touch_and_comments_that_are_not_set_are_sound():
    Season.objects.create(year=2026, **at_days())
    Season.objects.create(year=2027, **at_days(comment_opens_at=None, comment_closes_at=None))

    assert Season.objects.count() == 2


@pytest.mark.django_db
def test_an_action_refuses_the_overlap_in_words_before_the_database_does(story):
    season = story.season()

    with pytest.raises(Refused) as refused:
        actions.change_season(
            season=season,
            scoring_opens_at=season.registration_closes_at - timedelta(hours=1),
            by=story.officer,
            at=story.tick(),
        )
    assert "không được trước" in refused.value.reasons[0]


# --- opening and closing ------------------------------------------------------------------------------
@pytest.fixture
def seated(story):
    dossier = story.eligible()
    story.declared()
    council.assign(season=story.season(), by=story.secretary, at=story.tick())
    return dossier


def test_the_session_cannot_open_before_its_day_and_the_day_is_named(story, seated):
    with pytest.raises(Refused) as refused:
        council.open_session(season=story.season(), by=story.secretary, at=story.tick())

    assert "02/10/2026" in refused.value.reasons[0]


def test_the_secretary_moves_the_date_first_and_the_record_has_the_reason(story, seated, client, monkeypatch):
    from django.utils import timezone

    season = story.season()
    actions.change_season(
        season=season, registration_closes_at=story.tick(), by=story.officer, at=story.now
    )  # registration ended early
    monkeypatch.setattr(timezone, "now", lambda: story.now)
    client.force_login(story.secretary)
    page = "/lam-viec/ky/2026/thoi-gian-cham/"
    moved = {"scoring_opens_at": "10:30 03/08/2026", "scoring_closes_at": "17:00 20/08/2026"}

    assert client.post(page, moved).status_code == 409  # without a reason
    answer = client.post(page, moved | {"reason": "Hội đồng họp sớm"})
    assert answer.status_code == 302, answer.context["form"].errors
    assert answer["Location"] == "/lam-viec/ky/2026/"
    story.tick(hours=2)
    assert council.open_session(season=Season.objects.get(), by=story.secretary, at=story.now) == 1

    event = AuditEvent.objects.filter(act="season.changed").order_by("-seq").first()
    assert event.detail["reason"] == "Hội đồng họp sớm"
    assert set(event.detail["changed"]) == {"scoring_opens_at", "scoring_closes_at"}


def test_a_window_moved_into_registration_is_refused_on_the_page(story, seated, client):
    client.force_login(story.secretary)
    moved = {"scoring_opens_at": "09:30 03/08/2026", "scoring_closes_at": "17:00 20/08/2026", "reason": "x"}

    answer = client.post("/lam-viec/ky/2026/thoi-gian-cham/", moved)

    assert answer.status_code == 409
    assert "không được trước" in answer.content.decode()


@pytest.mark.parametrize("role", [None, Role.OFFICER, Role.MEMBER, Role.IT_OFFICER])
def test_only_the_secretary_moves_the_window_of_scoring(story, client, role):
    story.season()
    client.force_login(story.person("other", role))

    assert client.get("/lam-viec/ky/2026/thoi-gian-cham/").status_code == 404


def test_after_its_last_moment_a_sheet_is_neither_saved_nor_signed_until_more_time_is_given(story):
    dossier = story.scoring()[0]
    seat = story.seats()[0]
    marks = {"1": 40, "2": 20, "3": 10}
    story.score(dossier, seat, marks, sign=False)
    season = Season.objects.get()
    late = season.scoring_closes_at

    for act in (
        lambda at: council.save_marks(dossier=dossier, marks={"1": 20}, by=seat.user, at=at),
        lambda at: council.sign_sheet(dossier=dossier, by=seat.user, at=at),
    ):
        with pytest.raises(Refused) as refused:
            act(late)
        assert "Đã hết hạn chấm điểm" in refused.value.reasons[0]

    actions.change_season(season=season, scoring_closes_at=late + timedelta(days=2), by=story.secretary, at=late)
    signed = council.sign_sheet(dossier=dossier, by=seat.user, at=late + timedelta(hours=1))
    assert signed.signed_at is not None


def test_a_session_closed_early_ends_the_window_so_that_comments_may_open(story):
    story.published(1)
    season = Season.objects.get()

    assert season.scoring_closes_at < season.comment_opens_at
    ended = AuditEvent.objects.filter(act="season.changed", detail__changed__has_key="scoring_closes_at")
    assert ended.order_by("-seq").first().detail["changed"]["scoring_closes_at"][1] == str(season.scoring_closes_at)
