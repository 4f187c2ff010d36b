"""The ranking page and its files, appeals on the pages, and what a person with a conflict gets of them."""

from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from core import jobs
from core.models import Job
from core.xlsx.reading import pages
from dossiers.models import Conflict
from evaluations import actions, closing, replay, tally
from evaluations.actions.appeals import Correction
from evaluations.models import Appeal, ResultRun, ScoreSheet, SheetVoid

pytestmark = pytest.mark.django_db


@pytest.fixture
def secretary(client, story):
    client.force_login(story.secretary)
    return client


def at(name, *rest, year=2026):
    return reverse(f"evaluations:{name}", args=[year, *rest])


def apart(user, dossier):
    Conflict.objects.create(user=user, dossier=dossier, kind="family", words="x", declared_at=timezone.now())


def withdraw_one(story, dossier):
    """As if a conflict had come to light after closing."""
    sheet = ScoreSheet.objects.filter(dossier=dossier).first()
    SheetVoid.objects.create(sheet=sheet, reason="x", voided_by_name="x", voided_at=timezone.now())
    tally.withdraw(sheet)


# --- current or not -----------------------------------------------------------------------------------
def test_one_changed_input_turns_the_banner_and_a_computation_with_a_reason_turns_it_back(secretary, story):
    dossier = story.scored(2)[0]
    assert "không còn là hiện hành" not in secretary.get(at("ranking")).content.decode()
    withdraw_one(story, dossier)
    assert "không còn là hiện hành" in secretary.get(at("ranking")).content.decode()

    silent = secretary.post(at("order_run"), {"reason": " "})
    assert silent.status_code == 409
    answer = secretary.post(at("order_run"), {"reason": "Một phiếu không còn được tính"})

    assert answer.url == at("progress")
    jobs.perform(Job.objects.get(kind="result.compute", state="ready").pk)
    assert "không còn là hiện hành" not in secretary.get(at("ranking")).content.decode()


def test_a_double_click_gives_one_computation(secretary, story):
    withdraw_one(story, story.scored(2)[0])

    for _click in range(2):
        assert secretary.post(at("order_run"), {"reason": "Tính lại"}).status_code == 302

    assert Job.objects.filter(kind="result.compute").count() == 2
    for job in Job.objects.filter(kind="result.compute"):
        jobs.perform(job.pk)
    assert list(ResultRun.objects.order_by("number").values_list("number", flat=True)) == [1, 2]


def test_an_unchanged_basis_is_not_computed_again(secretary, story):
    story.scored(1)

    answer = secretary.post(at("order_run"), {"reason": "Cho chắc"})

    assert answer.status_code == 409
    assert ResultRun.objects.count() == Job.objects.filter(kind="result.compute").count() == 1


def test_two_runs_are_shown_side_by_side(secretary, story):
    dossiers = story.scored(2)
    season = story.season()
    sheet = ScoreSheet.objects.filter(dossier=dossiers[1]).first()
    appeal = Appeal.objects.create(
        dossier=dossiers[1], run=ResultRun.objects.get(), received_on=story.now.date(), lodge_until=story.now.date(),
        answer_until=story.now.date(), grounds="x", lodged_by_name="x", lodged_at=timezone.now(),
    )  # fmt: skip
    correction = Correction(sheet.seat.alias, "1", Decimal(50))
    actions.try_corrections(appeal=appeal, corrections=[correction], by=story.secretary, at=timezone.now())
    job = actions.decide_appeal(appeal=appeal, uphold=True, reason="Đúng", by=story.secretary, at=timezone.now())
    jobs.perform(job.pk)

    answer = secretary.get(at("run_difference", 1, 2))

    moved = {one.new.dossier: (one.old.rank, one.new.rank) for one in answer.context["moved"]}
    assert moved == {dossiers[1]: (2, 1), dossiers[0]: (1, 2)}
    assert closing.current_inputs(season) == ResultRun.objects.get(number=2).input_digest


# --- files --------------------------------------------------------------------------------------------
def test_the_xlsx_holds_typed_numbers(secretary, story):
    dossier = story.scored(1)[0]

    answer = secretary.get(at("ranking_xlsx"))

    found, _facts = pages(answer.content)
    row = next(row for page in found for row in page.cells if dossier.number in row)
    assert 85 in row
    assert 45 in row


def test_the_downloaded_bundle_replays_to_the_run(secretary, story):
    story.scored(2)

    answer = secretary.get(at("decision_bundle", 1))

    assert answer["Cache-Control"] == "private, no-store"
    assert replay.read(answer.content).as_recorded
    assert "decision-1.json" in answer["Content-Disposition"]


def test_an_officer_takes_no_bundle(client, story):
    story.scored(1)
    client.force_login(story.officer)

    assert client.get(at("decision_bundle", 1)).status_code == 404


# --- with a conflict ----------------------------------------------------------------------------------
def test_a_person_with_a_conflict_reads_ranks_among_the_others_and_no_digest(secretary, story):
    best, second, third = story.scored(3)
    apart(story.secretary, best)

    answer = secretary.get(at("ranking"))

    text = answer.content.decode()
    run = ResultRun.objects.get()
    assert [(r.result.dossier, r.result.rank) for r in answer.context["rows"]] == [(second, 1), (third, 2)]
    assert best.number not in text
    assert run.input_digest[:12] not in text
    assert run.result_digest[:12] not in text
    assert "Đây không phải thứ hạng chính thức" in text
    for name in ("ranking_csv", "ranking_xlsx"):
        assert best.number.encode() not in secretary.get(at(name)).content
    assert secretary.get(at("decision_bundle", 1)).status_code == 404
    assert secretary.get(at("run_difference", 1, 1)).status_code == 404
    assert secretary.get(reverse("evaluations:checks")).status_code == 404


def test_nothing_on_the_page_changes_for_that_person_when_the_closed_dossier_does(secretary, story):
    best, _second, _third = story.scored(3)
    apart(story.secretary, best)
    pages_of = ("ranking", "ranking_csv", "appeals")
    before = [_stable(secretary.get(at(name)).content) for name in pages_of]

    withdraw_one(story, best)
    Appeal.objects.create(
        dossier=best, run=ResultRun.objects.get(), received_on=story.now.date(), lodge_until=story.now.date(),
        answer_until=story.now.date(), grounds="x", lodged_by_name="x", lodged_at=timezone.now(),
    )  # fmt: skip
    closing.write_run(story.season(), 2, None, timezone.now())

    assert [_stable(secretary.get(at(name)).content) for name in pages_of] == before


def _stable(content):
    """Without the token against forged requests, which is new in every answer."""
    import re

    return re.sub(rb'name="csrfmiddlewaretoken" value="[^"]+"', b"", content)


# --- appeals on the pages -----------------------------------------------------------------------------
def test_an_appeal_goes_its_way_on_the_pages(secretary, story):
    dossier = story.scored(3)[2]
    today = timezone.localtime(ResultRun.objects.get().computed_at).strftime("%d/%m/%Y")
    assert "Chưa có kiến nghị" in secretary.get(at("appeals")).content.decode()

    answer = secretary.post(
        at("appeals"), {"dossier": dossier.pk, "received_on": today, "grounds": "Xem lại tiêu chí 1"}
    )
    appeal = Appeal.objects.get()
    assert answer.url == at("appeal", appeal.pk)
    alias = story.seats()[0].alias
    secretary.post(at("appeal", appeal.pk), {"member": alias, "what": "points", "criterion": "1", "points": "50"})
    text = secretary.get(at("appeal", appeal.pk)).content.decode()
    assert "3 → 1" in text
    assert "83,00 → 85,33" in text

    decided = secretary.post(at("decide_appeal", appeal.pk), {"outcome": "upheld", "reason": "Đúng như kiến nghị"})
    assert decided.status_code == 302
    jobs.perform(Job.objects.get(kind="result.compute", state="ready").pk)

    assert "đúng mã băm mà lần thử đã dự kiến" in secretary.get(at("appeal", appeal.pk)).content.decode()


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"what": "points", "criterion": "1"}, "Nhập số điểm"),
        ({"what": "points", "points": "50"}, "Chọn tiêu chí"),
        ({"what": "abstain"}, "Chọn tiêu chí"),
        ({"what": "points", "criterion": "1", "points": "99"}, "từ 0 đến 50|0 to 50"),
    ],
)
def test_a_trial_that_cannot_be_is_told_and_keeps_nothing(secretary, story, sent, words):
    import re

    dossier = story.scored(1)[0]
    appeal = actions.lodge_appeal(
        dossier=dossier, received_on=timezone.localdate(), grounds="x", by=story.secretary, at=timezone.now()
    )

    answer = secretary.post(at("appeal", appeal.pk), {"member": story.seats()[0].alias} | sent)

    assert re.search(words, answer.content.decode())
    appeal.refresh_from_db()
    assert appeal.changes == []


def test_lists_of_appeals_are_asked_for_as_often_for_three_as_for_one(secretary, story, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    dossiers = story.scored(3)
    lodge = {"received_on": timezone.localdate(), "grounds": "x", "by": story.secretary}
    actions.lodge_appeal(dossier=dossiers[0], at=timezone.now(), **lodge)
    secretary.get(at("appeals"))
    with CaptureQueriesContext(connection) as one:
        secretary.get(at("appeals"))
    for dossier in dossiers[1:]:
        actions.lodge_appeal(dossier=dossier, at=timezone.now(), **lodge)
    with django_assert_num_queries(len(one)):
        assert len(secretary.get(at("appeals")).context["appeals"]) == 3
