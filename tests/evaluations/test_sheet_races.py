"""Two presses at the same moment, on real connections with real locks."""

import threading
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
from django.db import connections
from django.utils import translation

from core.errors import Refused
from dossiers.models import Dossier, Stage
from evaluations import actions
from evaluations.answers import Answer
from evaluations.models import Mark, ScoreSheet, StandingSheet, Tally
from tests.story import Story

pytestmark = pytest.mark.django_db(transaction=True)
PLENTY = {"1": 40, "2": 20, "3": 10}


def in_parallel(*works):
    """Run all at once, each on its own connection; what each returned, or the words of its refusal."""
    barrier = threading.Barrier(len(works))

    def run(work):
        translation.activate("vi")
        try:
            barrier.wait(20)
            return work()
        except Refused as refusal:
            return " ".join(refusal.reasons)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))


@pytest.fixture
def scoring(transactional_db):
    story = Story()
    (dossier,) = story.scoring()
    seats = story.seats()
    for seat in seats:
        story.score(dossier, seat, PLENTY, sign=False)
    return story, dossier, seats


def test_a_sheet_signed_twice_at_once_is_signed_once(scoring):
    story, dossier, seats = scoring
    user, at = seats[0].user, story.tick()

    found = in_parallel(*[lambda: actions.sign_sheet(dossier=dossier, by=user, at=at).pk] * 4)

    assert len(set(found)) == 1
    assert StandingSheet.objects.filter(seat=seats[0]).count() == 1
    assert Tally.objects.get().sheets == 1


def test_all_members_signing_at_once_are_all_counted(scoring):
    story, dossier, seats = scoring
    at = story.tick()

    in_parallel(*[lambda s=seat: actions.sign_sheet(dossier=dossier, by=s.user, at=at) for seat in seats])

    assert Tally.objects.values_list("sheets", "sums").get() == (3, [12000, 6000, 3000])


@pytest.mark.parametrize("round_", range(3))
def test_the_last_signature_against_the_closing_gives_one_order_and_no_half_state(scoring, round_):
    story, dossier, seats = scoring
    for seat in seats[:2]:
        actions.sign_sheet(dossier=dossier, by=seat.user, at=story.tick())
    at, secretary, season = story.tick(), story.secretary, story.season()

    signed, closed = in_parallel(
        lambda: actions.sign_sheet(dossier=dossier, by=seats[2].user, at=at).pk,
        lambda: actions.close_session(season=season, by=secretary, at=at).pk,
    )

    stage = Dossier.objects.get(pk=dossier.pk).stage
    standing = StandingSheet.objects.count()
    if isinstance(closed, int):  # the signature was first: the session is closed with all three
        assert (stage, standing, Tally.objects.get().sheets) == (Stage.SCORED, 3, 3)
    else:  # the closing was first and refused, naming the member
        assert "member-3" in closed
        assert (stage, standing) == (Stage.SCORING, 3)
    assert isinstance(signed, int)


def test_a_correction_signed_against_the_closing_counts_before_it_or_not_at_all(scoring):
    story, dossier, seats = scoring
    for seat in seats:
        actions.sign_sheet(dossier=dossier, by=seat.user, at=story.tick())
    user = seats[0].user
    actions.begin_correction(dossier=dossier, reason="Gõ nhầm", by=user, at=story.tick())
    actions.save_sheet(dossier=dossier, answers={"1": Answer(points=Decimal(10))}, by=user, at=story.tick())
    at, secretary, season = story.tick(), story.secretary, story.season()

    signed, closed = in_parallel(
        lambda: actions.sign_sheet(dossier=dossier, by=user, at=at).pk,
        lambda: actions.close_session(season=season, by=secretary, at=at).pk,
    )

    assert isinstance(closed, int)
    counted = Tally.objects.get().sums[0]
    assert counted == (9000 if isinstance(signed, int) else 12000)
    if not isinstance(signed, int):
        assert "đã kết thúc chấm" in signed


@pytest.mark.parametrize("round_", range(3))
def test_a_conflict_declared_against_the_signature_leaves_no_sheet_that_counts(scoring, round_):
    story, dossier, seats = scoring
    user, at = seats[0].user, story.tick()
    statement = actions.Statement(dossier, True, "Vừa biết")

    in_parallel(
        lambda: actions.sign_sheet(dossier=dossier, by=user, at=at).pk,
        lambda: actions.declare_interests(seat=seats[0], statements=[statement], by=user, at=at),
    )

    assert not StandingSheet.objects.filter(seat=seats[0]).exists()
    assert not Tally.objects.filter(sheets__gt=0).exists()


def test_a_conflict_declared_against_an_autosave_leaves_no_marks(scoring):
    story, dossier, seats = scoring
    user, at = seats[0].user, story.tick()
    statement = actions.Statement(dossier, True, "Vừa biết")

    in_parallel(
        lambda: actions.save_sheet(dossier=dossier, answers={"1": Answer(points=Decimal(1))}, by=user, at=at),
        lambda: actions.declare_interests(seat=seats[0], statements=[statement], by=user, at=at),
    )

    assert not Mark.objects.filter(sheet__seat=seats[0], sheet__signed_at=None).exists()


def test_two_windows_at_once_keep_one_version_and_tell_the_other(scoring):
    story, dossier, seats = scoring
    user, at = seats[0].user, story.tick()
    from evaluations.queries import desk_of

    base = desk_of(seats[0], Dossier.objects.select_related("season__rubric", "product__sector").get(pk=dossier.pk))
    bases = {"1": base.base_of("1")}

    def write(value):
        answers = {"1": Answer(points=Decimal(value))}
        return actions.save_sheet(dossier=dossier, answers=answers, bases=bases, by=user, at=at).conflicts

    found = in_parallel(lambda: write(11), lambda: write(22))

    assert sorted(found) == [[], ["1"]]
    assert Mark.objects.get(sheet__seat=seats[0], criterion__code="1").points in (11, 22)
    assert ScoreSheet.objects.get(seat=seats[0]).revision == 2
