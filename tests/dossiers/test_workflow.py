"""A stage changes only by a step of the table, taken by who may, when the guards agree."""

import itertools
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.http import Http404

from core.errors import Refused
from dossiers import actions, workflow
from dossiers.models import Dossier, Stage, StageChange


def reasons(act) -> list[str]:
    with pytest.raises(Refused) as error:
        act()
    return error.value.reasons


def test_an_empty_draft_cannot_be_submitted_and_everything_missing_is_named(story):
    draft = story.draft()

    found = reasons(lambda: actions.submit(dossier=draft, by=story.person("clerk"), at=story.tick()))

    assert len(found) == 2 + 3 + 8 + 1  # product, figures of three years, papers, undertakings
    draft.refresh_from_db()
    assert (draft.stage, draft.number) == (Stage.DRAFT, None)


def test_submitting_twice_gives_one_number_and_one_step(story):
    draft = story.complete()
    by, at = story.person("clerk"), story.tick()

    first = actions.submit(dossier=draft, by=by, at=at)
    second = actions.submit(dossier=draft, by=by, at=story.tick())

    assert first.number == second.number == f"H26.12-{at:%y%m%d}-0001"
    assert StageChange.objects.filter(dossier=draft, step="submit").count() == 1


def test_nobody_submits_for_another_enterprise(story):
    draft = story.complete("an-phat")
    stranger = story.enterprise("song-to").representatives.get().user

    with pytest.raises(Http404):
        actions.submit(dossier=draft, by=stranger, at=story.tick())


def test_a_late_draft_hears_when_registration_closed(story):
    draft = story.complete()
    story.tick(days=70)

    found = reasons(lambda: actions.submit(dossier=draft, by=story.person("clerk"), at=story.tick()))

    assert len(found) == 1
    assert "2026" in found[0]


def test_an_unchanged_supplement_is_refused(story):
    dossier = story.supplement()
    by = story.person("clerk")

    assert len(reasons(lambda: actions.answer_supplement(dossier=dossier, by=by, at=story.tick()))) == 1
    story.attach(dossier, "quality_certificates", content=b"%PDF-1.4 mended")
    actions.answer_supplement(dossier=dossier, by=by, at=story.tick())

    dossier.refresh_from_db()
    assert dossier.stage == Stage.CHECKING
    assert dossier.supplements.get().answered_at is not None


def test_a_supplement_after_its_term_is_refused(story):
    dossier = story.supplement()
    story.attach(dossier, "quality_certificates", content=b"%PDF-1.4 mended")
    story.tick(days=11)

    found = reasons(lambda: actions.answer_supplement(dossier=dossier, by=story.person("clerk"), at=story.tick()))

    assert len(found) == 1


def test_a_submitted_dossier_cannot_be_changed_and_the_applicant_hears_why(story):
    dossier = story.submitted()
    by = story.person("clerk")

    found = reasons(lambda: actions.describe(dossier=dossier, description="khác", by=by, at=story.tick()))

    assert len(found) == 1


def test_an_officer_cannot_check_the_dossier_of_an_enterprise_he_represents(story):
    from enterprises.actions import add_representative

    dossier = story.submitted()
    add_representative(enterprise=dossier.enterprise, user=story.officer, by=story.officer, at=story.tick())

    assert reasons(lambda: actions.start_check(dossier=dossier, by=story.officer, at=story.tick()))


def test_a_superuser_is_not_above_the_rules(story):
    dossier = story.submitted()
    root = story.person("root")
    root.is_superuser = root.is_staff = True
    root.save()

    for step in workflow.STEPS:
        assert workflow.blockers(dossier, step, by=root, at=story.tick()), step
        assert workflow.steps_for(dossier, by=root) == []


def test_no_step_outside_the_table_is_possible(story):
    """Every pair of stage and step: refused unless the table has it."""
    dossier = story.submitted()
    for stage, step in itertools.product(Stage.values, workflow.TABLE):
        dossier.stage = stage
        if stage not in step.sources:
            for who in (story.officer, story.secretary, story.person("clerk")):
                assert workflow.blockers(dossier, step.name, by=who, at=story.tick()), (stage, step.name)


def test_the_database_refuses_a_stage_without_its_step(story):
    dossier = story.submitted()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")

    with pytest.raises(IntegrityError), transaction.atomic():
        Dossier.objects.filter(pk=dossier.pk).update(stage=Stage.RECOGNISED)


def test_steps_taken_cannot_be_changed_or_removed(story):
    story.submitted()

    for act in (lambda: StageChange.objects.update(note="x"), lambda: StageChange.objects.all().delete()):
        with pytest.raises(IntegrityError), transaction.atomic():
            act()


def test_a_product_withdrawn_after_it_was_filed_waits_for_the_next_season(story):
    dossier = story.submitted()
    by = story.person("clerk")
    assert reasons(
        lambda: actions.start(season=story.season(), product=dossier.product, track="standard", by=by, at=story.tick())
    )

    actions.withdraw(dossier=dossier, by=by, at=story.tick())

    assert reasons(
        lambda: actions.start(season=story.season(), product=dossier.product, track="standard", by=by, at=story.tick())
    )


def test_a_refusal_needs_its_reason_and_ends_an_open_request(story):
    dossier = story.supplement()
    assert reasons(lambda: actions.refuse(dossier=dossier, reason=" ", by=story.officer, at=story.tick()))

    actions.refuse(dossier=dossier, reason="Không đủ điều kiện.", by=story.officer, at=story.tick())

    dossier.refresh_from_db()
    assert (dossier.stage, dossier.refusal_reason) == (Stage.REFUSED, "Không đủ điều kiện.")
    assert not dossier.supplements.filter(answered_at=None).exists()


def test_numbers_of_a_day_have_no_gap(story):
    numbers = [story.submitted(f"clerk-{i}").number[-4:] for i in range(3)]

    assert numbers == ["0001", "0002", "0003"]


def test_a_handicraft_needs_its_own_papers(story):
    assert story.submitted(track="handicraft").stage == Stage.SUBMITTED
    assert story.submitted(track="startup").stage == Stage.SUBMITTED
    assert story.submitted(track="hi_tech").stage == Stage.SUBMITTED


def test_due_dates_count_working_days(story):
    from dossiers.queries import due_date

    dossier = story.submitted()

    # Submitted on Monday 3 August 2026; fifteen working days end on Monday 24 August.
    assert due_date(dossier).isoformat() == "2026-08-24"
    assert due_date(story.supplement("b")) == (story.now + timedelta(days=10)).date()


def test_the_drawing_of_the_workflow_is_true():
    from django.core.management import call_command

    call_command("workflow", check=True)
