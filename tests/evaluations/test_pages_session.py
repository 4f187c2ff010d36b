"""The secretary's pages of a session: council, assignment, progress, closing, ranking."""

import csv
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override

from accounts.models import Role, RoleGrant, User
from core import jobs
from core.models import Job
from dossiers.models import Dossier, Stage
from evaluations import actions, tally
from evaluations.models import Assignment, ResultRun, ScoreSheet, Seat

RUNNING = ["council", "assignment", "close_session"]
READING = ["progress", "ranking"]


@pytest.fixture(autouse=True)
def _vietnamese():
    """A page asked for in English leaves its language behind."""
    with override("vi"):
        yield


def at(name, *args, year=2026):
    return reverse(f"evaluations:{name}", args=[year, *args])


@pytest.fixture
def secretary(story, client):
    """Signed in as the secretary of a season that exists."""
    story.season()
    client.force_login(story.secretary)
    return client


# --- who may come in ----------------------------------------------------------------------------------
def test_the_secretary_runs_the_session(secretary):
    for name in RUNNING + READING:
        assert secretary.get(at(name)).status_code == 200


def test_an_officer_reads_progress_and_ranking_only(story, client):
    story.season()
    client.force_login(story.officer)

    for name in READING:
        assert client.get(at(name)).status_code == 200
    for name in RUNNING:
        assert client.get(at(name)).status_code == 404
        assert client.post(at(name)).status_code == 404


@pytest.mark.parametrize("who", ["member-1", "clerk-1", "superuser", "sitting secretary"])
def test_members_applicants_and_the_superuser_run_nothing(story, client, who):
    story.scoring(1)
    if who == "superuser":
        person = User.objects.create_superuser("root@kip.test", "root", full_name="Root")
    elif who == "sitting secretary":  # nobody both scores and runs the session
        person = story.person("member-1")
        RoleGrant.objects.create(user=person, role=Role.SECRETARY, granted_at=story.tick(), granted_by_name="x")
    else:
        person = story.person(who)
    client.force_login(person)

    for name in RUNNING if who == "sitting secretary" else RUNNING + READING:
        assert client.get(at(name)).status_code == 404
    for name in ("open_session", "compute_again", "close_session", "assignment"):
        assert client.post(at(name)).status_code == 404
    assert Dossier.objects.get().stage == Stage.SCORING


def test_a_season_that_does_not_exist_is_not_found(secretary):
    for name in RUNNING + READING:
        assert secretary.get(at(name, year=1999)).status_code == 404


# --- the council --------------------------------------------------------------------------------------
def test_an_empty_season_says_what_to_do_first(secretary):
    text = secretary.get(at("council")).content.decode()

    assert "Chưa thành lập Hội đồng" in text
    assert "Ghi quyết định" in text


def test_the_decision_is_recorded_with_a_vietnamese_date(secretary, story):
    secretary.post(at("council"), {"do": "decision", "decision_number": "12/QĐ-UBND", "decision_date": "05/03/2026"})

    council = story.season().council
    assert (council.decision_number, str(council.decision_date)) == ("12/QĐ-UBND", "2026-03-05")


def test_a_missing_decision_is_told_in_words(secretary):
    answer = secretary.post(at("council"), {"do": "decision", "decision_number": "", "decision_date": "31/02/2026"})

    text = answer.content.decode()
    assert "Nhập số quyết định." in text
    assert "Nhập ngày theo dạng ngày/tháng/năm." in text


def test_a_new_member_gets_an_account_and_a_password_shown_once(secretary, story, django_user_model):
    story.seats(1)
    new = {
        "do": "new",
        "new-email": "Moi@Kip.Test",
        "new-full_name": "Lê Văn Mới",
        "new-position": "member",
        "new-unit": "Viện Thử nghiệm",
    }

    answer = secretary.post(at("council"), new)

    person = django_user_model.objects.get(email="moi@kip.test")
    _user, password = answer.context["opened"]
    assert person.check_password(password)
    assert password in answer.content.decode()
    assert "no-store" in answer.headers["Cache-Control"]
    assert Seat.objects.get(user=person).unit == "Viện Thử nghiệm"
    assert password not in secretary.get(at("council")).content.decode()
    assert password not in str(dict(secretary.session))
    # a reload of the answer seats nobody twice
    assert secretary.post(at("council"), new).status_code == 409
    assert Seat.objects.filter(user=person).count() == 1


def test_an_address_with_an_account_takes_the_seat_without_a_new_password(secretary, story):
    story.seats(1)
    known = story.person("expert")

    answer = secretary.post(
        at("council"),
        {"do": "new", "new-email": known.email, "new-full_name": "Ai đó", "new-position": "member"},
    )

    assert answer.status_code == 302
    assert Seat.objects.filter(user=known).exists()


def test_an_account_is_not_opened_when_the_seat_is_refused(secretary, story):
    story.seats(1)

    answer = secretary.post(
        at("council"),
        {"do": "new", "new-email": "hai@kip.test", "new-full_name": "Hai Chủ", "new-position": "chair"},
    )

    assert answer.status_code == 409
    assert "Hội đồng đã có Chủ tịch." in answer.content.decode()
    assert not User.objects.filter(email="hai@kip.test").exists()


def test_officers_can_be_seated_from_the_list_and_secretaries_do_not_stand_there(secretary, story):
    story.seats(1)
    text = secretary.get(at("council")).content.decode()
    assert story.officer.email in text
    assert f"({story.secretary.email})" not in text

    secretary.post(at("council"), {"do": "known", "known-user": story.officer.pk, "known-position": "member"})

    assert Seat.objects.filter(user=story.officer).exists()


def test_a_seat_is_vacated_after_a_question(secretary, story):
    seat = story.seats(2)[1]
    address = at("vacate_seat", seat.pk)

    assert seat.user.full_name in secretary.get(address).content.decode()
    assert secretary.post(address).status_code == 302
    seat.refresh_from_db()
    assert seat.vacated_at is not None


def test_a_member_with_signed_sheets_keeps_the_seat(secretary, story):
    dossier = story.scoring(1)[0]
    seat = story.seats()[0]
    story.score(dossier, seat, {"1": 40, "2": 20, "3": 10})

    answer = secretary.post(at("vacate_seat", seat.pk))

    assert answer.status_code == 409
    assert "đã ký phiếu chấm nên không thể thôi tham gia Hội đồng" in answer.content.decode()


# --- the assignment -----------------------------------------------------------------------------------
def test_the_matrix_shows_criteria_conflicts_and_silence(secretary, story):
    free, barred = story.eligible("clerk-1"), story.eligible("clerk-2")
    story.declared(conflicts={0: [barred]})
    late = story.eligible("clerk-3")
    actions.set_assignment(seat=story.seats()[1], dossier=free, codes=["1", "2"], by=story.secretary, at=story.tick())

    answer = secretary.get(at("assignment"))

    rows = {row.dossier: [cell.kind for cell in row.cells] for row in answer.context["rows"]}
    assert rows[free] == ["none", "some", "none"]
    assert rows[barred] == ["conflict", "none", "none"]
    assert rows[late] == ["silent", "silent", "silent"]
    assert answer.context["uncovered"] == 1 + 3 + 3
    assert answer.context["silent"] == 3
    assert [one["load"] for one in answer.context["seats"]] == [0, 2, 0]


def test_sharing_out_gives_each_criterion_its_members(secretary, story):
    story.seats(5)
    dossier = story.eligible()
    story.declared()

    tried = secretary.post(at("assignment"), {"do": "try", "per_criterion": "3"})
    assert not Assignment.objects.exists()
    answer = secretary.post(at("assignment"), {"do": "keep", "trial": tried.context["trial"]["token"]})

    assert answer.status_code == 302
    assert Assignment.objects.filter(dossier=dossier, criterion__code="1").count() == 3
    assert Assignment.objects.count() == 9


def test_too_few_members_are_told_with_the_dossier(secretary, story):
    dossier = story.eligible()
    story.declared()

    answer = secretary.post(at("assignment"), {"per_criterion": "7"})

    assert answer.status_code == 409
    text = answer.content.decode()
    assert f"{dossier.number}: chỉ 3 trong 3 thành viên không xung đột lợi ích, cần 7" in text
    assert "tối đa 3 thành viên cho mỗi tiêu chí" in text


def test_one_cell_is_changed_by_hand(secretary, story):
    dossier = story.eligible()
    story.declared()
    seat = story.seats()[0]
    address = at("assignment_cell", dossier.pk, seat.pk)

    assert "Chưa có ai khác chấm tiêu chí này." in secretary.get(address).content.decode()
    secretary.post(address, {"codes": ["1", "3"]})

    assert set(Assignment.objects.values_list("seat", "criterion__code")) == {(seat.pk, "1"), (seat.pk, "3")}
    assert secretary.post(address, {"codes": ["99"]}).status_code == 200
    assert Assignment.objects.count() == 2


def test_a_conflicted_cell_cannot_be_filled(secretary, story):
    dossier = story.eligible()
    story.declared(conflicts={0: [dossier]})

    answer = secretary.post(at("assignment_cell", dossier.pk, story.seats()[0].pk), {"codes": ["1"]})

    assert answer.status_code == 409
    assert not Assignment.objects.exists()


def test_scoring_does_not_open_without_reasons_met_and_names_them_all(secretary, story):
    dossier = story.eligible()
    story.seats(3)

    answer = secretary.post(at("open_session"))

    text = answer.content.decode()
    assert answer.status_code == 409
    assert "chưa có khai báo lợi ích của Người member-1, Người member-2, Người member-3" in text
    assert "chưa có ai chấm tiêu chí 1, 2, 3" in text
    dossier.refresh_from_db()
    assert dossier.stage == Stage.ELIGIBLE


def test_scoring_opens(secretary, story):
    dossier = story.eligible()
    story.declared()
    actions.assign(season=story.season(), by=story.secretary, at=story.tick())

    assert secretary.post(at("open_session"))["Location"] == at("progress")

    dossier.refresh_from_db()
    assert dossier.stage == Stage.SCORING


def test_a_criterion_that_lost_its_scorer_can_be_given_to_another_while_scoring(secretary, story):
    dossier = story.scoring(1)[0]
    first, second, third = story.seats()
    for seat, codes in ((first, ["1", "2", "3"]), (second, ["1"]), (third, ["1"])):
        actions.set_assignment(seat=seat, dossier=dossier, codes=codes, by=story.secretary, at=story.tick())
    statement = actions.Statement(dossier, True, "Mới biết")
    actions.declare_interests(seat=first, statements=[statement], by=first.user, at=story.tick())
    story.score(dossier, third, {"1": 40})

    # nobody scores 2 and 3 now: the result could never be computed
    answer = secretary.post(at("close_session"))
    assert "chưa có ai chấm tiêu chí 2, 3" in answer.content.decode()

    secretary.post(at("assignment_cell", dossier.pk, second.pk), {"codes": ["1", "2", "3"]})
    story.score(dossier, second, {"1": 40, "2": 20, "3": 10})
    assert secretary.post(at("close_session")).status_code == 302
    # a signed sheet is not touched any more
    assert secretary.post(at("assignment_cell", dossier.pk, third.pk), {"codes": []}).status_code == 409


# --- progress and closing -----------------------------------------------------------------------------
def test_progress_counts_sheets_and_never_shows_points(secretary, story):
    first, second = story.scoring(2)
    seats = story.seats()
    story.score(first, seats[0], {"1": "33.25", "2": "17.75", "3": "11.5"})
    story.score(second, seats[0], {"1": "44.25"}, sign=False)

    answer = secretary.get(at("progress"))

    text = answer.content.decode()
    assert "1/6" in text
    assert [(m.signed, m.begun, m.asked) for m in answer.context["members"]] == [(1, 2, 2), (0, 0, 2), (0, 0, 2)]
    pages = text + secretary.get(at("ranking")).content.decode() + secretary.get(at("assignment")).content.decode()
    for hidden in ("33,25", "17,75", "11,5", "62,5", "44,25"):
        assert hidden not in pages


def test_closing_is_refused_with_every_member_who_has_not_signed(secretary, story):
    dossier = story.scoring(1)[0]
    story.score(dossier, story.seats()[0], {"1": 40, "2": 20, "3": 10})
    assert "Điều gì sẽ diễn ra" in secretary.get(at("close_session")).content.decode()

    answer = secretary.post(at("close_session"))

    text = answer.content.decode()
    assert answer.status_code == 409
    assert f"{dossier.number}: còn 2 phiếu chấm chưa ký (Người member-2, Người member-3)." in text
    assert "Mới có 1/3 thành viên ký phiếu" in text
    dossier.refresh_from_db()
    assert dossier.stage == Stage.SCORING
    assert not Job.objects.filter(kind="result.compute").exists()


def signed_by_all(story, n=1):
    for dossier in story.scoring(n):
        for seat in story.seats():
            story.score(dossier, seat, {"1": 45, "2": 25, "3": 15})


def test_after_closing_the_page_follows_the_computation(secretary, story):
    signed_by_all(story)

    answer = secretary.post(at("close_session"))

    assert answer["Location"] == at("progress")
    waiting = secretary.get(at("progress")).content.decode()
    assert "data-waiting" in waiting
    assert "Việc tính kết quả đang chờ xử lý" in waiting
    assert "Chưa tính xong kết quả" in secretary.get(at("ranking")).content.decode()
    part = secretary.get(at("progress"), headers={"X-Partial": "1"}).content.decode()
    assert "data-waiting" in part
    assert "<html" not in part

    assert jobs.perform(Job.objects.get(kind="result.compute").pk)

    done = secretary.get(at("progress"), headers={"X-Partial": "1"}).content.decode()
    assert "data-waiting" not in done
    assert at("ranking") in done


def test_a_failed_computation_says_so_and_can_be_asked_again(secretary, story, django_capture_on_commit_callbacks):
    signed_by_all(story)
    secretary.post(at("close_session"))
    job = Job.objects.get(kind="result.compute")
    Job.objects.filter(pk=job.pk).update(
        state="failed", finished_at=story.tick(), last_error="ValueError: <b>hỏng</b>"
    )

    text = secretary.get(at("progress")).content.decode()
    assert "Không tính được kết quả" in text
    assert "&lt;b&gt;hỏng&lt;/b&gt;" in text

    assert secretary.post(at("compute_again")).status_code == 302
    job.refresh_from_db()
    assert job.state == Job.State.READY


# --- the ranking --------------------------------------------------------------------------------------
def test_there_is_no_ranking_before_closing(secretary, story):
    signed_by_all(story)

    answer = secretary.get(at("ranking"))

    assert "Chưa có bảng xếp hạng" in answer.content.decode()
    assert "rows" not in answer.context
    assert secretary.get(at("ranking_csv")).status_code == 404


def test_the_ranking_shows_totals_averages_and_what_was_missed(secretary, story):
    good, poor = story.scoring(2)
    for seat, extra in zip(story.seats(), (0, 1, 2), strict=True):
        story.score(good, seat, {"1": 40 + extra, "2": 25, "3": 15})
        story.score(poor, seat, {"1": 30, "2": 5, "3": 15})
    job = actions.close_session(season=story.season(), by=story.secretary, at=story.tick())
    jobs.perform(job.pk)

    answer = secretary.get(at("ranking"))

    text = answer.content.decode()
    first, last = answer.context["rows"]
    assert (first.result.dossier, first.span, first.spread) == (good, (80, 82), 2)
    assert "81,00" in text
    assert "Tổng điểm dưới 70" in text
    assert "Tiêu chí 2 dưới 40% điểm tối đa" in text
    assert last.failures
    assert answer.context["is_current"]
    assert ResultRun.objects.get().input_digest[:12] in text


def test_equal_places_are_explained(secretary, story):
    season = story.season()
    season.top_places = 1
    season.save()
    signed_by_all(story, 2)
    jobs.perform(actions.close_session(season=season, by=story.secretary, at=story.tick()).pk)

    text = secretary.get(at("ranking")).content.decode()

    assert "Bằng nhau ở mọi tiêu chí phân định: đồng hạng" in text
    assert "Vị trí cuối của Top 1 có đồng hạng" in text


def test_a_basis_that_changed_since_is_told(secretary, story):
    dossier = story.scored(1)[0]
    tally.withdraw(ScoreSheet.objects.get(dossier=dossier, seat=story.seats()[0]))

    assert "Dữ liệu gốc của kết quả này đã thay đổi" in secretary.get(at("ranking")).content.decode()


def test_unequal_sheets_have_no_range_of_totals(secretary, story):
    dossier = story.scoring(1)[0]
    first, second, third = story.seats()
    actions.set_assignment(seat=first, dossier=dossier, codes=["1"], by=story.secretary, at=story.tick())
    story.score(dossier, first, {"1": 45})
    for seat in (second, third):
        story.score(dossier, seat, {"1": 45, "2": 25, "3": 15})
    jobs.perform(actions.close_session(season=story.season(), by=story.secretary, at=story.tick()).pk)

    answer = secretary.get(at("ranking"))

    assert answer.context["rows"][0].span is None
    assert "không so sánh được tổng điểm từng phiếu" in answer.content.decode()


def test_the_csv_opens_in_excel_and_carries_no_formula(secretary, story):
    clerk = "clerk-1"
    story.enterprise(clerk, name_vi="=HYPERLINK(1)")
    product = story.product(clerk, name_vi='+cmd|"calc"')
    story.eligible(clerk, product=product)
    signed_by_all(story)
    for dossier in Dossier.objects.filter(product=product):
        for seat in story.seats():
            story.score(dossier, seat, {"1": "45.5", "2": 25, "3": 15})
    jobs.perform(actions.close_session(season=story.season(), by=story.secretary, at=story.tick()).pk)

    answer = secretary.get(at("ranking_csv"))

    text = answer.content.decode()
    assert text.startswith("\ufeff")
    rows = list(csv.reader(io.StringIO(text[1:]), delimiter=";"))
    assert rows[0][:3] == ["Hạng", "Mã hồ sơ", "Sản phẩm"]
    assert rows[1][2:4] == ['\'+cmd|"calc"', "'=HYPERLINK(1)"]
    assert rows[1][6] == "85,50"
    assert all(len(row) == len(rows[0]) for row in rows)


def test_an_average_is_rounded_half_up_in_the_csv():
    from decimal import Decimal

    from evaluations.views.ranking_files import _csv, _two

    assert _csv(_two(Decimal("74.8350"))) == "74,84"
    assert _csv(_two(None)) == ""


# --- the database is asked as often for three as for one ----------------------------------------------
@pytest.mark.parametrize("name", ["progress", "assignment", "council"])
def test_session_pages_do_not_grow_with_the_dossiers(secretary, story, name, django_assert_num_queries):
    story.scoring(1)
    secretary.get(at(name))
    with CaptureQueriesContext(connection) as one:
        secretary.get(at(name))
    story.scoring(2)
    with django_assert_num_queries(len(one)):
        secretary.get(at(name))


def test_the_ranking_does_not_grow_with_the_dossiers(secretary, story, django_assert_num_queries):
    story.scored(1)
    secretary.get(at("ranking"))
    with CaptureQueriesContext(connection) as one:
        secretary.get(at("ranking"))
    story.scored(2)
    with django_assert_num_queries(len(one)):
        assert len(secretary.get(at("ranking")).context["rows"]) == 3
