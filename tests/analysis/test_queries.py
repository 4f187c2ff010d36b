"""From standing sheets to the statistics: the same numbers as the official result, in few queries, behind the wall."""

import json

import numpy as np
import pytest

from analysis import computing
from analysis.cut import sides
from analysis.method import METHOD
from analysis.models import Report
from analysis.queries import basis_of, latest_run, report_for
from core import jobs
from core.models import Job
from evaluations import closing
from evaluations.models import ResultRun, StandingSheet
from tests.analysis.closed import bar, closed

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("dossiers", [1, 3])
def test_the_basis_takes_three_queries_however_many_dossiers_there_are(story, django_assert_num_queries, dossiers):
    closed(story, dossiers)
    run = latest_run(story.season())

    with django_assert_num_queries(3):
        basis_of(run)


def test_totals_and_sides_are_those_of_the_official_result(story):
    _run, _ = closed(story)

    basis = basis_of(latest_run(story.season()))

    assert basis.is_current
    assert basis.is_whole
    assert basis.table.totals() == pytest.approx([float(s.result.total_exact) for s in basis.standings])
    found = sides(basis.table, basis.cut, basis.table.totals()[None])
    assert found.passes[0].tolist() == [s.result.passes for s in basis.standings]
    assert found.top[0].tolist() == [s.result.is_top10 for s in basis.standings]
    assert {s.result.passes for s in basis.standings} == {True, False}


def test_the_rules_of_the_rubric_reach_the_what_if(story):
    closed(story, 3)

    cut = basis_of(latest_run(story.season())).cut

    assert (cut.threshold, cut.places) == (70.0, 10)
    assert [(m.positions, m.share) for m in cut.minima] == [((0,), 0.4), ((1,), 0.4), ((2,), 0.4)]


def test_what_was_not_asked_or_abstained_is_missing_not_zero(story):
    _run, dossiers = closed(story, 3)
    standing = StandingSheet.objects.filter(dossier=dossiers[1]).order_by("seat_id").first()
    StandingSheet.objects.filter(pk=standing.pk).update(points=[None, -1, 1500])

    basis = basis_of(latest_run(story.season()))

    place = basis.table.dossiers.index(str(dossiers[1].pk))
    assert np.isnan(basis.table.points[0, place, :2]).all()
    assert basis.table.points[0, place, 2] == 15
    assert not basis.is_current


def test_sheets_are_counted_in_the_order_of_signing(story):
    _run, dossiers = closed(story, 3)

    basis = basis_of(latest_run(story.season()))

    places = [basis.table.dossiers.index(str(d.pk)) for d in dossiers]
    assert basis.table.order[:, places].tolist() == [[1, 2, 3]] * 3


def test_a_new_run_orders_its_report_once(story):
    run, _ = closed(story, 3)

    kept = Report.objects.get()
    assert (kept.run, kept.method, kept.content["method"]) == (run, METHOD, METHOD)
    computing.order(run)
    job = Job.objects.get(kind=computing.JOB)
    computing.finish(job.payload, computing.work(job.payload), story.now)
    assert Report.objects.get().computed_at == kept.computed_at


def test_the_report_touches_nothing_official(story):
    run, _dossiers = closed(story, 3)
    before = list(ResultRun.objects.values()), list(run.results.order_by("pk").values())

    Report.objects.all().delete()
    job = Job.objects.get(kind=computing.JOB)
    Job.objects.filter(pk=job.pk).update(state="ready", finished_at=None)
    assert jobs.perform(job.pk)

    assert (list(ResultRun.objects.values()), list(run.results.order_by("pk").values())) == before
    assert closing.current_inputs(story.season()) == run.input_digest


def test_no_report_is_kept_of_sheets_that_are_not_those_of_the_run(story):
    run, dossiers = closed(story, 3)
    Report.objects.all().delete()
    StandingSheet.objects.filter(dossier=dossiers[0]).update(points=[4000, 2000, 1000])

    assert computing.work({"run_id": run.pk, "method": METHOD}) is None
    computing.finish({"run_id": run.pk, "method": METHOD}, None, story.now)

    assert not Report.objects.exists()


def test_the_kept_report_is_the_one_that_would_be_computed_now(story):
    closed(story)
    run = latest_run(story.season())

    _, kept = report_for(story.secretary, run)
    Report.objects.all().delete()
    _, anew = report_for(story.secretary, run)

    assert kept == json.loads(json.dumps(anew))


def test_whoever_is_barred_gets_statistics_that_never_saw_the_dossier(story):
    run, dossiers = closed(story)
    run = latest_run(story.season())
    bar(story.secretary, dossiers[0], story)

    basis, first = report_for(story.secretary, run)
    StandingSheet.objects.filter(dossier=dossiers[0]).update(points=[2000, 100, 100])
    _, second = report_for(story.secretary, run)

    assert not basis.is_whole
    assert str(dossiers[0].pk) not in basis.table.dossiers
    assert [s.rank for s in basis.standings] == [1, 2, 3, 4, 5]
    assert first == second
    assert str(dossiers[0].pk) not in {d["dossier"] for d in first["dossiers"]}


def test_a_conflict_with_a_dossier_that_was_not_judged_changes_nothing(story, monkeypatch):
    closed(story, 3)
    bar(story.secretary, story.draft("clerk-9"), story)
    monkeypatch.setattr("analysis.queries.report", lambda *_: pytest.fail("computed anew"))

    basis, _ = report_for(story.secretary, latest_run(story.season()))

    assert basis.is_whole
