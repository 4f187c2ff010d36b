"""An appeal: lodged in time, tried by a replay, decided by somebody who did not score, carried out as new versions."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.actions import grant_role
from accounts.models import Role
from core import jobs
from core.errors import Refused
from evaluations import actions, bundle, closing, replay, tally
from evaluations.actions.appeals import Correction
from evaluations.models import Appeal, ResultRun, ScoreSheet, Seat, SheetVoid
from evaluations.queries.appeals import ANSWER_DAYS, LODGE_DAYS
from reference.queries import holidays

pytestmark = pytest.mark.django_db


@pytest.fixture
def scored(story):
    """Three dossiers of 85, 84 and 83 points, computed."""
    return story.scored(3)


def today(story):
    return timezone.localtime(ResultRun.objects.latest("number").computed_at).date()


def lodged(story, dossier, **facts):
    values = {"received_on": today(story), "grounds": "Doanh nghiệp đề nghị xem lại điểm tiêu chí 1."} | facts
    return actions.lodge_appeal(dossier=dossier, by=story.secretary, at=timezone.now(), **values)


def tried(story, dossier, *corrections, **facts):
    appeal = lodged(story, dossier, **facts)
    return actions.try_corrections(appeal=appeal, corrections=corrections, by=story.secretary, at=timezone.now())


def alias_of(story, place=0):
    return story.seats()[place].alias


def uphold(story, appeal, reason="Thành viên đã nhầm dòng."):
    return actions.decide_appeal(appeal=appeal, uphold=True, reason=reason, by=story.secretary, at=timezone.now())


# --- lodge --------------------------------------------------------------------------------------------
def test_the_last_days_follow_the_working_days_from_the_result(story, scored):
    appeal = lodged(story, scored[2])

    calendar = holidays()
    assert calendar.between(today(story), appeal.lodge_until) == LODGE_DAYS == 15
    assert calendar.between(appeal.received_on, appeal.answer_until) == ANSWER_DAYS == 10


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"late": 60}, "nhận đến hết ngày"),
        ({"late": 1, "grounds": " "}, "nội dung doanh nghiệp"),
    ],
)
def test_a_late_or_empty_appeal_is_refused(story, scored, facts, words):
    received = today(story) + timedelta(days=facts.pop("late"))

    with pytest.raises(Refused) as refusal:
        actions.lodge_appeal(
            dossier=scored[0],
            received_on=received,
            grounds=facts.get("grounds", "Xem lại"),
            by=story.secretary,
            at=timezone.now() + timedelta(days=90),
        )

    assert any(words in str(reason) for reason in refusal.value.reasons)


def test_an_appeal_cannot_have_come_in_tomorrow_and_needs_a_result(story):
    dossier = story.scoring(1)[0]
    with pytest.raises(Refused, match="chưa có kết quả"):
        actions.lodge_appeal(
            dossier=dossier, received_on=story.now.date(), grounds="x", by=story.secretary, at=timezone.now()
        )


def test_one_appeal_about_a_dossier_is_open_at_a_time(story, scored):
    lodged(story, scored[0])

    with pytest.raises(Refused, match="đang mở"):
        lodged(story, scored[0])
    assert Appeal.objects.count() == 1


# --- try ----------------------------------------------------------------------------------------------
def test_a_trial_shows_exactly_who_moves_and_touches_no_sheet(story, scored):
    sheets = ScoreSheet.objects.count()

    appeal = tried(story, scored[2], Correction(alias_of(story), "1", Decimal(50)))

    assert appeal.changes == [{"member": alias_of(story), "criterion": "1", "old": "43.00", "new": "50.00"}]
    assert [(m["dossier"], m["rank"], m["total"]) for m in appeal.moves] == [
        (scored[2].number, [3, 1], ["83.0000", "85.3333"]),
        (scored[0].number, [1, 2], ["85.0000", "85.0000"]),
        (scored[1].number, [2, 3], ["84.0000", "84.0000"]),
    ]
    run = ResultRun.objects.get()
    assert appeal.tried_on == run
    assert appeal.result_digest != run.result_digest
    assert ScoreSheet.objects.count() == sheets
    assert closing.current_inputs(story.season()) == run.input_digest


@pytest.mark.parametrize(
    ("criterion", "points", "words"),
    [("1", "51", "từ 0 đến 50"), ("9", "1", "không có trong phiếu"), ("1", "1.005", "hai chữ số|two decimals")],
)
def test_an_impossible_change_is_refused(story, scored, criterion, points, words):
    with pytest.raises(Refused, match=words):
        tried(story, scored[0], Correction(alias_of(story), criterion, Decimal(points)))


def test_an_unknown_member_is_refused(story, scored):
    # Names are drawn from M10 to M99, so any fixed one of these would now and then be a member's.
    stranger = "M100"
    assert not Seat.objects.filter(alias=stranger).exists()
    with pytest.raises(Refused, match="không có phiếu"):
        tried(story, scored[0], Correction(stranger, "1", Decimal(1)))


# --- decide -------------------------------------------------------------------------------------------
def test_an_upheld_appeal_makes_a_new_version_and_the_run_that_was_foreseen(story, scored):
    appeal = tried(story, scored[2], Correction(alias_of(story), "1", Decimal(50)))
    old = ScoreSheet.objects.get(seat=story.seats()[0], dossier=scored[2])

    job = uphold(story, appeal)
    assert jobs.perform(job.pk)

    new = ScoreSheet.objects.get(standing__seat=story.seats()[0], dossier=scored[2])
    assert (new.version, new.signed_at is not None) == (2, True)
    assert "Thành viên đã nhầm dòng" in new.reason
    assert new.marks.get(criterion__code="1").points == 50
    old.refresh_from_db()
    assert old.marks.get(criterion__code="1").points == 43
    run = ResultRun.objects.get(number=2)
    appeal.refresh_from_db()
    assert (run.input_digest, run.result_digest) == (appeal.input_digest, appeal.result_digest)
    assert tally.drifted(story.season().pk) == []


def test_the_first_run_can_still_be_replayed_after_the_correction(story, scored):
    first = ResultRun.objects.get()
    before = bundle.of_run(first)
    appeal = tried(story, scored[2], Correction(alias_of(story), "1", Decimal(50)))
    jobs.perform(uphold(story, appeal).pk)

    again = replay.read(bundle.of_run(first))

    assert again.as_recorded
    assert bundle.of_run(first) == before
    second = replay.read(bundle.of_run(ResultRun.objects.get(number=2)))
    assert [m.dossier for m in replay.compare(again, second).moves] == [m["dossier"] for m in appeal.moves]


def test_a_voided_sheet_leaves_its_scorer_out(story, scored):
    appeal = tried(story, scored[0], Correction(alias_of(story)))

    jobs.perform(uphold(story, appeal).pk)

    assert SheetVoid.objects.get().sheet.dossier == scored[0]
    run = ResultRun.objects.get(number=2)
    assert run.results.get(dossier=scored[0]).scorers == 2
    assert run.result_digest == Appeal.objects.get().result_digest


def test_a_rejected_appeal_changes_nothing(story, scored):
    appeal = tried(story, scored[2], Correction(alias_of(story), "1", Decimal(50)))

    job = actions.decide_appeal(
        appeal=appeal, uphold=False, reason="Điểm đúng với minh chứng.", by=story.secretary, at=timezone.now()
    )

    assert job is None
    assert Appeal.objects.get().outcome == "rejected"
    assert closing.current_inputs(story.season()) == ResultRun.objects.get().input_digest


def test_whoever_scored_the_dossier_is_recused(story, scored):
    appeal = tried(story, scored[2], Correction(alias_of(story), "1", Decimal(50)))
    seat = story.seats()[0]
    seat.vacated_at = timezone.now()
    seat.save()
    grant_role(user=seat.user, role=Role.SECRETARY, by=None, at=story.tick())

    from django.http import Http404

    with pytest.raises(Http404):
        actions.decide_appeal(appeal=appeal, uphold=True, reason="Đồng ý", by=seat.user, at=timezone.now())
    assert Appeal.objects.get().is_open


def test_a_decision_needs_a_reason_and_a_trial_and_is_made_once(story, scored):
    appeal = lodged(story, scored[2])

    with pytest.raises(Refused) as refusal:
        uphold(story, appeal, reason=" ")
    assert len(refusal.value.reasons) == 2

    actions.decide_appeal(appeal=appeal, uphold=False, reason="Không đủ căn cứ", by=story.secretary, at=timezone.now())
    with pytest.raises(Refused, match="đã được giải quyết"):
        uphold(story, appeal)
    with pytest.raises(IntegrityError), transaction.atomic():
        Appeal.objects.update(reason="khác")
    with pytest.raises(IntegrityError), transaction.atomic():
        Appeal.objects.all().delete()


def test_a_trial_that_is_no_longer_that_of_the_newest_inputs_decides_nothing(story, scored):
    first = tried(story, scored[2], Correction(alias_of(story), "1", Decimal(50)))
    second = tried(story, scored[1], Correction(alias_of(story), "1", Decimal(48)))
    uphold(story, second)

    with pytest.raises(Refused, match="đã thay đổi"):
        uphold(story, first)
    assert Appeal.objects.get(pk=first.pk).is_open


def test_a_secretary_with_a_conflict_in_the_season_tries_nothing(story, scored):
    from dossiers.models import Conflict

    appeal = lodged(story, scored[2])
    Conflict.objects.create(
        user=story.secretary, dossier=scored[0], kind="family", words="Anh trai", declared_at=timezone.now()
    )
    from dossiers import wall

    wall.forget(story.secretary)

    with pytest.raises(Refused, match="xung đột lợi ích"):
        actions.try_corrections(
            appeal=appeal,
            corrections=[Correction(alias_of(story), "1", Decimal(50))],
            by=story.secretary,
            at=timezone.now(),
        )
