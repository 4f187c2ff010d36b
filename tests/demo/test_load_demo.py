"""One load for the whole module, inside a transaction that is rolled back at the end."""

import csv
from collections import Counter
from datetime import timedelta
from io import StringIO
from itertools import pairwise

import pytest
from django.core.management import call_command
from django.db import transaction
from django.db.models import F, Q
from django.test import override_settings
from django.utils import timezone

from accounts.models import User, roles_of
from accounts.second_factor import demo_code
from certificates.models import Batch, Certificate
from core import vietnamese
from core.models import AuditEvent, Job
from decisions.models import ReasonsLetter
from demo import people
from dossiers import automatic
from dossiers.check_queries import automatic_facts, checked
from dossiers.evidence import State
from dossiers.models import (
    Document,
    Dossier,
    Message,
    SelfMark,
    StaffNote,
    Stage,
    SupplementRequest,
    latest_figure,
)
from dossiers.queries import due_date
from dossiers.talk import waiting_for_department
from enterprises import tax_code
from enterprises.models import Enterprise, Representative, RepresentativeRole
from evaluations.models import Interest, Result, ScoreSheet, Seat
from mail.models import Letter
from products.models import Product
from programme.models import Season
from programme.queries import open_season, running_season
from programme.tracks import below_threshold
from reference.actions import DATA, load_classifications
from registry.models import Decision, PublishedList, Recognition, Status

PLANNED = {
    "submitted": 6,
    "checking": 6,
    "supplement": 5,
    "eligible": 5,
    "scoring": 22,
    "refused": 3,
    "withdrawn": 3,
}
# Brands of the real lists that a whole-cell comparison would miss.
REAL_BRANDS = (
    "rang dong", "cadisun", "son ha", "innoviti", "misa", "vicostone", "rossi", "sino", "vanlock", "eurowindow",
    "vnsteel", "thuong dinh", "garment 10", "may 10", "fpt", "mk", "tpa", "manh quang", "viglacera", "phenikaa",
    "tan phat", "hanel", "traphaco", "hapro", "kinh do", "vinamilk", "toto", "canon", "panasonic",
)  # fmt: skip


@pytest.fixture(scope="module", autouse=True)
def _demonstration(django_db_setup, django_db_blocker, tmp_path_factory):
    with (
        django_db_blocker.unblock(),
        override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("media")),
        transaction.atomic(),
    ):
        load_classifications()
        call_command("load_demo", stdout=StringIO())
        yield
        transaction.set_rollback(True)


def in_2026():
    return Dossier.objects.filter(season__year=2026)


def test_the_two_running_seasons_have_54_products_of_34_enterprises():
    both = Dossier.objects.filter(season__year__in=[2026, 2027])
    assert both.count() == 54
    assert both.values("product").distinct().count() == 54
    assert both.values("enterprise").distinct().count() == 34


def test_the_running_season_stands_at_every_stage_as_planned():
    assert Counter(in_2026().values_list("stage", flat=True)) == PLANNED


def test_every_sector_and_every_track_takes_part():
    assert in_2026().values("product__sector").distinct().count() == 8
    assert set(in_2026().values_list("track", flat=True)) == {"standard", "hi_tech", "handicraft", "startup"}


def test_a_newcomer_can_still_register():
    season, now = Season.objects.get(year=2027), timezone.now()
    assert season.is_open(now)
    assert season.is_open(now + timedelta(days=19))
    assert season.scoring_closes_at > season.registration_closes_at
    assert open_season(now) == season
    assert set(Dossier.objects.filter(season=season).values_list("stage", flat=True)) == {"draft"}


def test_the_council_scores_in_its_window_while_the_desk_stays_with_its_season():
    season, now = Season.objects.get(year=2026), timezone.now()
    assert season.registration_closes_at <= season.scoring_opens_at <= now < season.scoring_closes_at
    assert running_season() == season
    saved = ScoreSheet.objects.filter(dossier__season=season).order_by("saved_at").first()
    assert saved.saved_at > season.scoring_opens_at


def test_one_supplement_is_overdue_and_one_is_due_tomorrow():
    today = timezone.localdate()
    due = SupplementRequest.objects.filter(answered_at=None).values_list("due_date", flat=True)
    days = sorted((day - today).days for day in due)
    assert len(days) == 5
    assert days[0] < 0
    assert days[1] == 1


def test_a_check_is_overdue():
    today = timezone.localdate()
    late = [d for d in in_2026().filter(stage=Stage.CHECKING) if (due_date(d) or today) < today]
    assert 1 <= len(late) <= 2


def test_the_council_of_nine_is_at_work():
    assert Seat.objects.filter(council__season__year=2026, vacated_at=None).count() == 9
    assert Interest.objects.filter(dossier__season__year=2026, has_conflict=True).count() == 4
    sheets = ScoreSheet.objects.filter(dossier__season__year=2026)
    signed = sheets.exclude(signed_at=None).count()
    assert 0 < signed < 22 * 9 - 4
    assert sheets.filter(signed_at=None).exists()


def test_the_season_of_2025_is_decided_as_its_scores_say():
    results = Result.objects.filter(run__season__year=2025)
    recognitions = Recognition.objects.filter(season_year=2025)
    assert results.count() == 40
    assert recognitions.count() == results.filter(passes=True).count() == 35
    assert recognitions.filter(is_top10=True).count() == results.filter(is_top10=True).count() == 10
    assert Dossier.objects.filter(season__year=2025, stage=Stage.NOT_RECOGNISED).count() == 5


def test_its_decision_is_clearly_invented_and_of_november_2025():
    decision = Decision.objects.get(season_year=2025)
    assert decision.number == "0000/QĐ-UBND"
    assert (decision.signed_date.year, decision.signed_date.month) == (2025, 11)
    assert "minh họa" in decision.signer_name
    assert PublishedList.objects.get(season_year=2025).comments.count() == 3


def test_certificates_are_ordered_in_batches_and_left_to_the_worker_and_the_signatory():
    made = Certificate.objects.filter(recognition__season_year=2025)
    assert made.count() == 35 + 10
    assert not made.exclude(file=None).exists()
    drafts = Job.objects.filter(kind="certificate.draft")
    wanted = Certificate.objects.filter(recognition__revoked_at=None)
    assert set(drafts.values_list("key", flat=True)) == {f"{c.batch_id}:{c.serial}" for c in wanted}
    assert set(drafts.values_list("state", flat=True)) == {Job.State.READY}
    # The newest Top 10 is left for whoever signs in as the signatory.
    left = set(Batch.objects.values_list("pk", flat=True)) - {
        int(j.key) for j in Job.objects.filter(kind="demo.approve")
    }
    assert {b.season_year for b in Batch.objects.filter(pk__in=left)} == {2025}
    assert set(Certificate.objects.filter(batch__in=left).values_list("kind", flat=True)) == {"top10"}


def test_valid_expired_and_revoked_recognitions_exist():
    today = timezone.localdate()
    assert Counter(r.status(today) for r in Recognition.objects.filter(season_year=2021)) == {Status.EXPIRED: 6}
    found = Counter(r.status(today) for r in Recognition.objects.filter(season_year=2025))
    assert found == {Status.VALID: 34, Status.REVOKED: 1}


def test_every_stored_result_equals_its_recomputation():
    call_command("recompute_results", "--check", stdout=StringIO())


def test_the_audit_log_holds_and_runs_forward_in_time():
    call_command("verify_audit", stdout=StringIO())
    moments = list(AuditEvent.objects.order_by("seq").values_list("at", flat=True))
    assert all(first <= second for first, second in pairwise(moments))
    assert moments[-1] < timezone.now()


def test_a_second_load_changes_nothing():
    before = AuditEvent.objects.count(), User.objects.count(), Dossier.objects.count()
    said = StringIO()
    call_command("load_demo", stdout=said)
    assert (AuditEvent.objects.count(), User.objects.count(), Dossier.objects.count()) == before
    assert "already" in said.getvalue()


@pytest.mark.parametrize("model", [Enterprise, Product, Season, Decision, Recognition, PublishedList])
def test_everything_is_marked_as_demonstration(model):
    assert model.objects.exists()
    assert not model.objects.filter(is_demo=False).exists()


def test_every_tax_code_is_valid_and_of_the_unused_range():
    codes = list(Enterprise.objects.values_list("tax_code", flat=True))
    assert len(codes) == len(set(codes)) == 46
    for code in codes:
        assert tax_code.parse(code) == code
        assert code.startswith("99")


def test_no_real_name_appears():
    names = [
        vietnamese.fold(name)
        for model in (Enterprise, Product)
        for row in model.objects.values_list("name_vi", "name_en")
        for name in row
    ]
    real = set(REAL_BRANDS)
    for file_name in ("recognised_products.csv", "recognised_products_period.csv"):
        with (DATA / file_name).open(encoding="utf-8", newline="") as stream:
            for row in csv.DictReader(stream):
                real |= {vietnamese.fold(row[c]) for c in ("product_vi", "enterprise_vi") if row.get(c)}
    for name in names:
        assert not [brand for brand in real if f" {brand} " in f" {name} "], name


def test_the_figures_of_admitted_dossiers_reach_the_thresholds():
    admitted = Dossier.objects.filter(
        stage__in=[Stage.ELIGIBLE, Stage.SCORING, Stage.RECOGNISED, Stage.NOT_RECOGNISED]
    )
    for dossier in admitted.prefetch_related("figures"):
        revenue, export = latest_figure(list(dossier.figures.all()))
        assert below_threshold(dossier.track, revenue=revenue, export=export) is None, dossier


def test_names_and_summaries_are_given_in_both_languages():
    for product in Product.objects.exclude(dossiers__stage=Stage.DRAFT):
        assert all((product.name_vi, product.name_en, product.summary_vi, product.summary_en)), product


def test_very_long_names_are_there_for_the_layout():
    for year in (2025, 2026):
        names = Product.objects.filter(dossiers__season__year=year).values_list("name_vi", flat=True)
        assert 140 <= max(map(len, names)) <= 200


def test_the_applicant_has_dossiers_at_several_stages():
    applicant = User.objects.get(email=people.APPLICANT.email)
    found = Dossier.objects.of_representative(applicant)
    assert set(found.values_list("season__year", "stage")) == {
        (2025, "recognised"),
        (2027, "draft"),
        (2026, "supplement"),
        (2026, "scoring"),
    }


@pytest.mark.parametrize("person", [*people.OFFICERS, people.SECRETARY, *people.MEMBERS, people.IT_OFFICER])
def test_everybody_of_the_house_holds_one_role(person):
    assert roles_of(User.objects.get(email=person.email)) == {person.role}


@pytest.mark.parametrize("person", [*people.OFFICERS, people.SECRETARY, *people.MEMBERS, people.IT_OFFICER])
def test_everybody_of_the_house_has_the_second_step_that_the_page_shows(person, settings):
    settings.LOAD_DEMO = True
    assert len(demo_code(User.objects.get(email=person.email))) == 6


def test_the_printed_password_opens_every_account():
    hashes = set(User.objects.values_list("password", flat=True))
    assert len(hashes) == 1
    assert User.objects.get(email="doanh-nghiep@kip.demo").check_password(people.PASSWORD)


def test_every_file_belongs_to_one_enterprise_and_all_of_them_are_small():
    held = Document.objects.order_by().values_list("file", "dossier__enterprise").distinct()
    assert held.count() > 400
    assert max(Counter(file for file, _enterprise in held).values()) == 1
    sizes = dict(Document.objects.values_list("file", "file__size_bytes"))
    assert sum(sizes.values()) < 25_000_000


# --- what the pages of the desk have to show ----------------------------------------------------------
def test_certificates_have_an_issuer_and_an_end_and_one_ended_while_it_is_checked():
    today = timezone.localdate()
    papers = Document.objects.filter(paper="quality_certificates", dossier__season__year=2026, removed_at=None)
    assert not papers.filter(Q(issuer="") | Q(valid_until=None)).exists()
    ended = papers.filter(valid_until__lt=today)
    assert list(ended.values_list("dossier__stage", flat=True)) == [Stage.CHECKING]
    assert papers.filter(valid_until__gt=today, valid_until__lt=today + timedelta(days=60)).count() >= 3
    assert all("minh họa" in issuer for issuer in papers.values_list("issuer", flat=True))


def test_no_file_of_the_demonstration_stands_in_another_enterprise():
    for dossier in checked().filter(season__year=2026, stage=Stage.CHECKING):
        found = automatic.checks(automatic_facts(dossier, today=timezone.localdate()))
        assert [c.state for c in found if c.code == "twins"] == [State.OK], dossier


def test_a_consultant_serves_two_enterprises_and_a_clerk_only_fills_in():
    rows = Representative.objects.filter(ended_at=None)
    consultant = rows.filter(user__email=people.CONSULTANT.email)
    assert [(row.role, row.is_consultant) for row in consultant] == [(RepresentativeRole.FILLS_IN, True)] * 2
    clerk = rows.get(user__email=people.CLERK.email)
    assert (clerk.role, clerk.is_consultant) == (RepresentativeRole.FILLS_IN, False)
    assert clerk.enterprise.sites.filter(ended_at=None).count() == 2


def test_the_desk_has_notes_two_conversations_and_one_message_that_waits():
    assert StaffNote.objects.filter(removed_at=None).count() == 3
    assert Message.objects.values("dossier").distinct().count() == 2
    officer = User.objects.get(email=people.OFFICERS[0].email)
    assert waiting_for_department(officer).count() == 1


def test_a_figure_that_looks_wrong_is_confirmed_as_right():
    assert [d.stage for d in in_2026().exclude(confirmed_figures=[])] == [Stage.CHECKING]


def test_some_enterprises_marked_themselves():
    marked = SelfMark.objects.values("dossier").distinct().count()
    assert 8 <= marked <= 25
    assert not SelfMark.objects.filter(Q(points=None) | Q(evidence="")).exists()


def test_one_dossier_came_on_paper_from_an_enterprise_without_an_account():
    dossier = in_2026().get(is_on_paper=True)
    assert dossier.stage == Stage.SUBMITTED
    assert not dossier.enterprise.representatives.exists()
    assert dossier.documents.count() == 2


def test_letters_of_the_past_are_told_and_decisions_of_today_wait_for_a_person():
    letters = Counter(Letter.objects.values_list("state", flat=True))
    held = Letter.objects.filter(state=Letter.State.HELD)
    assert set(held.values_list("kind", flat=True)) == {"dossier_eligible", "dossier_refused"}
    assert letters["held"] < 30
    assert 0 < letters["waiting"] < 30, "the worker has them in the mailbox within seconds"
    assert letters["sent"] > 150
    assert not Letter.objects.filter(state=Letter.State.SENT).exclude(sent_at=F("created_at")).exists()
    waiting = Job.objects.filter(kind="mail.send", state=Job.State.READY)
    assert waiting.count() == letters["waiting"]


def test_the_letters_of_reasons_of_the_decided_season_are_drafted_and_some_approved():
    letters = ReasonsLetter.objects.filter(run__season__year=2025)
    assert letters.count() == Dossier.objects.filter(season__year=2025, stage=Stage.NOT_RECOGNISED).count() == 5
    approved = letters.filter(state="approved")
    assert approved.count() == 3
    assert [bool(letter.paragraph) for letter in approved.order_by("pk")] == [True, False, False]
    # The worker makes the files; the enterprises were told then, not today.
    jobs = Job.objects.filter(kind="reasons.paper", key__in=[str(letter.pk) for letter in approved])
    assert {job.state for job in jobs} == {Job.State.READY}
    told = Letter.objects.filter(kind="reasons_released")
    assert told.count() >= 3
    assert set(told.values_list("state", flat=True)) == {Letter.State.SENT}
    assert {letter.sent_at.year for letter in told} == {2025}
