"""Seats, interests, assignments, sheets and the session, by their actions."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.http import Http404

from core import jobs
from core.errors import Refused
from dossiers.models import Dossier, Stage
from evaluations import actions
from evaluations.models import Assignment, Interest, Mark, Result, ResultRun, ScoreSheet


def reasons(act) -> list[str]:
    with pytest.raises(Refused) as error:
        act()
    return error.value.reasons


def test_scoring_cannot_open_before_everybody_declared(story):
    dossier = story.eligible()
    story.seats(3)

    found = reasons(lambda: story.open_session())

    assert any("member-1" in reason and "member-3" in reason for reason in found)
    dossier.refresh_from_db()
    assert dossier.stage == Stage.ELIGIBLE


def test_a_conflict_needs_its_ground(story):
    dossier = story.eligible()
    seat = story.seats()[0]

    assert reasons(
        lambda: actions.declare_interests(
            seat=seat, statements=[actions.Statement(dossier, True, " ")], by=seat.user, at=story.tick()
        )
    )


def test_nobody_declares_for_another_member(story):
    dossier = story.eligible()
    one, two = story.seats()[:2]

    assert reasons(
        lambda: actions.declare_interests(
            seat=one, statements=[actions.Statement(dossier, False)], by=two.user, at=story.tick()
        )
    )


def test_a_member_who_represents_the_enterprise_cannot_deny_the_conflict(story):
    from enterprises.actions import add_representative

    dossier = story.eligible()
    seat = story.seats()[0]
    add_representative(enterprise=dossier.enterprise, user=seat.user, by=story.officer, at=story.tick())

    assert reasons(
        lambda: actions.declare_interests(
            seat=seat, statements=[actions.Statement(dossier, False)], by=seat.user, at=story.tick()
        )
    )


def test_a_conflicted_member_is_never_assigned_and_cannot_score(story):
    waiting = story.eligible("a")
    story.seats(3)
    story.declared(conflicts={1: [waiting]})
    actions.assign(season=story.season(), by=story.secretary, at=story.tick())
    story.open_session()
    barred = story.seats()[1]

    assert not Assignment.objects.filter(seat=barred).exists()
    with pytest.raises(Http404):
        story.score(waiting, barred, {"1": 10})
    with pytest.raises(IntegrityError), transaction.atomic():
        ScoreSheet.objects.create(seat=barred, dossier=waiting, saved_at=story.now)


def test_a_conflict_declared_while_scoring_takes_the_sheet_away(story):
    (dossier,) = story.scoring()
    seat = story.seats()[0]
    story.score(dossier, seat, {"1": 40}, sign=False)

    statement = actions.Statement(dossier, True, "Vợ là cổ đông")
    actions.declare_interests(seat=seat, statements=[statement], by=seat.user, at=story.tick())

    assert not ScoreSheet.objects.filter(seat=seat).exists()
    assert not Assignment.objects.filter(seat=seat).exists()
    with pytest.raises(Http404):
        story.score(dossier, seat, {"1": 40})


def test_marks_out_of_bounds_and_of_others_are_refused_in_words(story):
    (dossier,) = story.scoring()
    seat = story.seats()[0]

    assert reasons(lambda: story.score(dossier, seat, {"1": "50.01"}, sign=False))
    assert reasons(lambda: story.score(dossier, seat, {"1": "-1"}, sign=False))
    assert reasons(lambda: story.score(dossier, seat, {"9": "1"}, sign=False))
    assert not Mark.objects.exists()


def test_a_sheet_with_a_gap_cannot_be_signed(story):
    (dossier,) = story.scoring()
    seat = story.seats()[0]
    story.score(dossier, seat, {"1": 40, "2": 20}, sign=False)

    found = reasons(lambda: actions.sign_sheet(dossier=dossier, by=seat.user, at=story.tick()))

    assert "3" in found[0]


def test_a_signed_sheet_is_sealed_in_the_program_and_in_the_database(story):
    (dossier,) = story.scoring()
    seat = story.seats()[0]
    story.score(dossier, seat, {"1": 40, "2": 20, "3": 15})
    sheet = ScoreSheet.objects.get(seat=seat)

    assert reasons(lambda: story.score(dossier, seat, {"1": 50}, sign=False))
    for act in (
        lambda: Mark.objects.filter(sheet=sheet).update(points=50),
        lambda: Mark.objects.filter(sheet=sheet).delete(),
        lambda: ScoreSheet.objects.filter(pk=sheet.pk).update(digest="0" * 64),
        lambda: ScoreSheet.objects.filter(pk=sheet.pk).delete(),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            act()
    assert sheet.digest == actions.sheet_digest(sheet)
    assert actions.sign_sheet(dossier=dossier, by=seat.user, at=story.tick()).signed_at == sheet.signed_at


def test_the_session_cannot_close_while_a_sheet_is_missing(story):
    (dossier,) = story.scoring()
    for seat in story.seats()[:2]:
        story.score(dossier, seat, {"1": 40, "2": 20, "3": 15})

    found = reasons(lambda: actions.close_session(season=story.season(), by=story.secretary, at=story.tick()))

    assert any("member-3" in reason for reason in found)
    assert Dossier.objects.get(pk=dossier.pk).stage == Stage.SCORING


def test_the_secretary_cannot_score_and_a_member_cannot_close(story):
    (dossier,) = story.scoring()
    member = story.seats()[0].user

    with pytest.raises(Http404):
        actions.save_marks(dossier=dossier, marks={"1": Decimal(1)}, by=story.secretary, at=story.tick())
    with pytest.raises(Http404):
        actions.close_session(season=story.season(), by=member, at=story.tick())


def test_nothing_is_accepted_after_closing(story):
    (dossier,) = story.scored()
    seat = story.seats()[0]

    assert reasons(lambda: story.score(dossier, seat, {"1": 50}))
    assert ResultRun.objects.get().number == 1


def test_the_result_is_computed_once_however_often_the_job_runs(story):
    from core.models import Job
    from evaluations import closing

    story.scored(2)
    job = Job.objects.get(kind=closing.JOB)
    closing.finish(job.payload, closing.work(job.payload), story.now)

    assert jobs.perform(job.pk) is False
    assert ResultRun.objects.count() == 1
    assert Result.objects.count() == 2


def test_a_result_never_changes(story):
    story.scored()

    for act in (lambda: Result.objects.update(rank=9), lambda: ResultRun.objects.update(number=9)):
        with pytest.raises(IntegrityError), transaction.atomic():
            act()


def test_recompute_finds_a_mark_altered_behind_our_back(story):
    from django.core.management import CommandError, call_command
    from django.db import connection

    story.scored()
    call_command("recompute_results", check=True)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE evaluations_mark DISABLE TRIGGER USER")
        cursor.execute(
            "UPDATE evaluations_mark SET points = points - 1 WHERE id = (SELECT min(id) FROM evaluations_mark)"
        )

    with pytest.raises(CommandError, match="differ from the signed marks"):
        call_command("recompute_results", check=True)


def test_a_shared_assignment_spreads_the_work(story):
    for name in ("a", "b", "c"):
        story.eligible(name)
    story.seats(4)
    story.declared()

    actions.assign(season=story.season(), per_criterion=2, by=story.secretary, at=story.tick())

    loads = [Assignment.objects.filter(seat=seat).count() for seat in story.seats()]
    assert sum(loads) == 3 * 3 * 2
    assert max(loads) - min(loads) <= 3  # one dossier of three criteria


def test_an_impossible_assignment_names_the_dossier(story):
    waiting = story.eligible("a")
    story.seats(2)
    story.declared(conflicts={0: [waiting]})

    found = reasons(
        lambda: actions.assign(season=story.season(), per_criterion=2, by=story.secretary, at=story.tick())
    )

    assert waiting.number in found[0]
    assert Interest.objects.filter(has_conflict=True).count() == 1


def test_marks_that_changed_after_they_were_shown_are_not_signed(story):
    (dossier,) = story.scoring()
    seat = story.seats()[0]
    story.score(dossier, seat, {"1": 40, "2": 20, "3": 15}, sign=False)
    sheet = ScoreSheet.objects.get(seat=seat)
    shown = actions.sheet_digest(sheet)
    story.score(dossier, seat, {"1": 10}, sign=False)

    assert reasons(lambda: actions.sign_sheet(dossier=dossier, shown=shown, by=seat.user, at=story.tick()))
    assert ScoreSheet.objects.get(seat=seat).signed_at is None
