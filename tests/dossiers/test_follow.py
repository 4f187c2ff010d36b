"""After sending: the stage, the story and the days of the check, and the withdrawal."""

import re
from datetime import date

import pytest
from django.db import IntegrityError, transaction

from core.errors import Refused
from core.workdays import Calendar
from dossiers import actions, queries, workflow
from dossiers.models import Dossier, StaffNote, Stage
from reference.models import SpecialDay
from tests.dossiers.applicant import signed_in, tell_time, url, words

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _clock(monkeypatch, story, settings):
    tell_time(monkeypatch, story, settings)


@pytest.fixture
def client(story):
    story.enterprise()
    return signed_in(story.person("clerk"))


# --- follow and withdraw ------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("stage", "sign"),
    [
        ("submitted", "Đã nộp, chờ tiếp nhận"),
        ("checking", "Đang thẩm định"),
        ("supplement", "Cần bổ sung"),
        ("eligible", "Đủ điều kiện"),
    ],
)
def test_following_shows_the_stage_and_the_story(story, client, stage, sign):
    dossier = getattr(story, stage)()

    page = words(client.get(url("follow", dossier)))

    assert sign in page
    assert "Lập bản nháp" in page
    assert "Đã nộp hồ sơ" in page


@pytest.mark.parametrize("stage", ["scoring", "scored", "published", "recognised"])
def test_following_after_the_council_tells_no_scores_and_no_names(story, stage):
    (dossier,) = getattr(story, stage)()
    client = signed_in(dossier.enterprise.representatives.get().user)

    page = words(client.get(url("follow", dossier)))

    assert "điểm" not in page.replace("Điểm", "").split("<main")[1].split("</main")[0]
    for seat in story.seats():
        assert str(seat.user) not in page
    assert str(story.officer) not in page


def test_scoring_and_scored_look_the_same_to_the_applicant(story):
    (dossier,) = story.scored()
    client = signed_in(dossier.enterprise.representatives.get().user)

    page = words(client.get(url("follow", dossier)))

    assert "Hội đồng đang xét" in page
    assert "Đã chấm" not in page


def test_a_refusal_gives_its_reason(story, client):
    dossier = story.checking()
    actions.refuse(dossier=dossier, reason="Sản phẩm không sản xuất tại Hà Nội.", by=story.officer, at=story.tick())

    page = words(client.get(url("follow", dossier)))

    assert "Lý do từ chối" in page
    assert "Sản phẩm không sản xuất tại Hà Nội." in page


def test_a_dossier_is_withdrawn_after_one_question(story, client):
    dossier = story.submitted()

    assert "Rút hồ sơ này?" in words(client.get(url("withdraw", dossier)))
    assert Dossier.objects.get().stage == Stage.SUBMITTED
    answer = client.post(url("withdraw", dossier))

    assert answer.url == url("mine")
    assert Dossier.objects.get().stage == Stage.WITHDRAWN
    assert client.post(url("withdraw", dossier)).url == url("follow", dossier)
    assert client.get(url("follow", dossier)).status_code == 200


def test_a_dossier_with_the_council_cannot_be_withdrawn(story):
    (dossier,) = story.scoring()
    client = signed_in(dossier.enterprise.representatives.get().user)

    assert client.post(url("withdraw", dossier)).url == url("follow", dossier)
    assert Dossier.objects.get().stage == Stage.SCORING


# --- a withdrawal ends the season for the product -----------------------------------------------------
def test_a_filed_and_withdrawn_product_cannot_be_filed_again_this_season(story):
    dossier = story.submitted()
    by = story.person("clerk")
    actions.withdraw(dossier=dossier, by=by, at=story.tick())

    with pytest.raises(Refused):
        actions.start(season=story.season(), product=dossier.product, track="standard", by=by, at=story.tick())
    with pytest.raises(Refused):
        actions.receive_on_paper(
            season=story.season(), product=dossier.product, track="standard", received_at=story.now,
            by=story.officer, at=story.tick(),
        )  # fmt: skip
    assert dossier.product not in queries.products_without_dossier(by, story.season())


def test_the_database_itself_keeps_the_place_of_a_filed_dossier(story):
    dossier = story.submitted()
    actions.withdraw(dossier=dossier, by=story.person("clerk"), at=story.tick())

    with pytest.raises(IntegrityError), transaction.atomic():
        Dossier.objects.create(
            season=dossier.season, product=dossier.product, enterprise=dossier.enterprise, track="standard",
            created_at=story.now, changed_at=story.now,
        )  # fmt: skip


def test_a_draft_that_was_given_up_leaves_its_place(story):
    draft = story.draft()
    by = story.person("clerk")
    actions.withdraw(dossier=draft, by=by, at=story.tick())

    again = actions.start(season=story.season(), product=draft.product, track="standard", by=by, at=story.tick())

    assert again.stage == Stage.DRAFT


def test_the_confirmation_says_what_a_withdrawal_means(story, client):
    filed, draft = story.submitted(), story.draft()

    assert "không nộp lại được trong kỳ 2026" in words(client.get(url("withdraw", filed)))
    assert "bạn có thể lập hồ sơ mới" in words(client.get(url("withdraw", draft)))


# --- the days of the check ----------------------------------------------------------------------------
def test_both_sides_read_the_same_number_of_days(story, client):
    """Applicant, page without an account, worklist and check screen."""
    from dossiers import desk_queries

    dossier = story.checking()
    officer = signed_in(story.officer)
    SpecialDay.objects.create(day=date(2026, 8, 14), name_vi="Ngày nghỉ thử")
    for _step in range(9):
        story.tick(days=3)
        officer, client = signed_in(story.officer), signed_in(story.person("clerk"))
        (line,) = desk_queries.desk_lines(story.season(), for_user=story.officer)
        today = story.now.date()
        left = line.clock.left(today)
        follow = words(client.get(url("follow", dossier)))
        tracked = words(client.get(url("track_code", code=Dossier.objects.get().track_code)))
        desk = words(officer.get(url("check", dossier)))
        assert f'data-days-left="{left}"' in follow
        assert f'data-days-left="{left}"' in tracked
        if left > 0:
            assert f"Còn {left} trong 15 ngày làm việc" in follow
            assert re.search(rf"còn {left} ngày làm việc", desk)
        elif left < 0:
            assert f"Quá hạn {-left} ngày làm việc" in follow
            assert re.search(rf"(?i)quá hạn {-left} ngày|chậm {-left} ngày", desk)
    assert left < 0


def test_the_clock_of_the_page_is_the_clock_of_the_worklist(story):
    from dossiers import desk_queries

    dossiers = [story.submitted("a"), story.checking("b"), story.supplement("c"), story.eligible("d")]
    story.tick(days=3)
    actions.admit(dossier=dossiers[1], by=story.officer, at=story.tick())
    workflow.take("check_again", dossiers[1], by=story.officer, at=story.tick(days=2))
    lines = {line.pk: line.clock for line in desk_queries.desk_lines(story.season(), for_user=story.officer)}

    for dossier in queries.whole():
        assert queries.clock_of(dossier) == lines[dossier.pk]
    assert lines[dossiers[1].pk].stopped is None, "taken up again"
    assert lines[dossiers[3].pk].stopped is not None


def test_a_dossier_sent_after_office_hours_counts_from_the_next_working_day(story):
    draft = story.complete()
    story.now = story.now.replace(hour=10, minute=1)  # 17:01 in Hanoi, Monday 3 August
    dossier = actions.submit(dossier=draft, by=story.person("clerk"), at=story.now)

    assert queries.clock_of(dossier, Calendar()).start == date(2026, 8, 4)
    assert queries.due_date(dossier) == date(2026, 8, 25)


def test_the_bar_is_hatched_for_a_pause_and_tells_it_in_words(story, client):
    dossier = story.supplement()
    story.tick(days=3)

    page = words(signed_in(story.person("clerk")).get(url("follow", dossier)))

    assert 'fill="url(#hatch)"' in page
    assert "tạm dừng: 3" in page
    assert "style=" not in page.split("<main")[1].split("</main")[0]


def test_a_list_of_dossiers_asks_for_the_calendar_as_often_as_one(story, django_assert_max_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    story.submitted()
    clerk = story.person("clerk")
    with CaptureQueriesContext(connection) as one:
        signed_in(clerk).get(url("mine"))
    for _ in range(2):
        story.submitted()
    with CaptureQueriesContext(connection) as three:
        signed_in(clerk).get(url("mine"))

    assert len(three) == len(one)


# --- the story ----------------------------------------------------------------------------------------
def test_laying_back_is_the_departments_own_business(story, client):
    dossier = story.checking()
    workflow.take("put_back", dossier, by=story.officer, at=story.tick())

    page = words(client.get(url("follow", dossier)))

    assert "Bắt đầu thẩm định" not in page
    assert "Đã nộp, chờ tiếp nhận" in page


def test_taking_up_again_is_told_without_a_reason(story, client):
    dossier = story.eligible()
    workflow.take("check_again", dossier, by=story.officer, at=story.tick(), note="Nghi sai số liệu")

    page = words(client.get(url("follow", dossier)))

    assert "Sở xem lại hồ sơ" in page
    assert "Nghi sai số liệu" not in page


def test_a_paper_dossier_tells_how_it_came(story, client):
    dossier = actions.receive_on_paper(
        season=story.season(), product=story.product(), track="standard", received_at=story.now, by=story.officer,
        at=story.tick(),
    )  # fmt: skip

    assert "Đã tiếp nhận hồ sơ giấy" in words(client.get(url("follow", dossier)))


def test_every_step_of_the_table_is_told_or_left_out_on_purpose():
    from dossiers.views.applicant.story import STEP_WORDS

    assert set(workflow.STEPS) - set(STEP_WORDS) == {"put_back", "close_scoring"}


def test_what_staff_note_stands_on_no_page_of_the_enterprise(story, client):
    canary = "CHIMHOANGYEN-7731"
    dossier = story.supplement()
    StaffNote.objects.create(dossier=dossier, text=canary, written_at=story.now, written_by=story.officer)
    pages = [
        url("mine"),
        *(
            url(name, dossier)
            for name in (
                "dossier", "enterprise_part", "product_part", "figures", "papers", "undertakings", "receipt",
                "follow", "supplement", "withdraw", "messages",
            )
        ),
        url("track_code", code=Dossier.objects.get().track_code),
    ]  # fmt: skip

    for page in pages:
        answer = client.get(page)
        assert answer.status_code == 200, page
        assert canary not in words(answer), page
    from mail.models import Letter

    assert not Letter.objects.filter(text__contains=canary).exists()
