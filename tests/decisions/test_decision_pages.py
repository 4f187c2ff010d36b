"""Entering the signed decision."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from certificates.models import Certificate
from core import jobs
from core.models import Job
from decisions import actions as decisions
from decisions.models import PreparedDecision
from dossiers.models import Dossier, Stage
from evaluations import actions as evaluations
from evaluations.models import Seat
from registry.models import Decision, Recognition
from tests.story import Story

URL = "/lam-viec/ky/2026/quyet-dinh/"


def typed(story, **change: object) -> dict[str, object]:
    return {
        "number": "5012/QĐ-UBND",
        "signed_date": f"{timezone.localdate(story.now):%d/%m/%Y}",
        "signer_name": "Nguyễn Văn Ký",
        "signer_position": "Phó Chủ tịch",
        "do": "check",
    } | change


@pytest.fixture
def closed(story):
    """Two dossiers whose time for comments is over."""
    found = story.published(2)
    story.tick(days=11)
    story.report()
    return found


@pytest.mark.parametrize(
    ("who", "status"),
    [("secretary", 200), ("officer", 200), ("signatory", 200), ("clerk", 404), ("member-1", 404)],
)
def test_staff_read_it_and_nobody_else(as_, closed, who, status):
    assert as_(who).get(URL).status_code == status


def test_before_publication_it_leads_to_the_public_comment(as_, story):
    story.scored()

    page = as_("secretary").get(URL)

    assert "Chưa thể ghi nhận quyết định" in page.text
    assert "/lam-viec/ky/2026/gop-y/" in page.text


def test_while_comments_are_open_it_says_until_when_and_shows_no_form(as_, story):
    story.published()

    page = as_("secretary").get(URL)

    assert "Chưa hết thời gian góp ý" in page.text
    assert 'name="number"' not in page.text


def test_an_entry_while_comments_are_open_is_refused(as_, story):
    story.published()

    answer = as_("secretary").post(URL, typed(story, do="prepare"))

    assert answer.status_code == 409
    assert "Thời gian góp ý kéo dài đến" in answer.text
    assert not Decision.objects.exists()


def test_an_officer_reads_and_cannot_enter(as_, story, closed):
    client = as_("officer")

    assert 'name="number"' not in client.get(URL).text
    assert client.post(URL, typed(story, do="prepare")).status_code == 404
    assert not Decision.objects.exists()


def test_a_secretary_with_a_seat_in_the_council_cannot_enter(as_, story, closed):
    council = story.seats()[0].council
    Seat.objects.create(council=council, user=story.secretary, position="member", seated_at=story.now)

    assert as_("secretary").post(URL, typed(story, do="prepare")).status_code == 404


def test_the_first_press_only_says_what_will_happen(as_, story, closed):
    page = as_("secretary").post(URL, typed(story))

    assert "<b>2</b> sản phẩm được công nhận và công bố." in page.text
    assert "<b>0</b> sản phẩm không được công nhận." in page.text
    assert "<b>4</b> giấy chứng nhận được cấp số" in page.text
    assert "KT. CHỦ TỊCH" in page.text
    assert not Decision.objects.exists()


def test_a_product_left_out_is_named_on_the_page_that_says_what_will_happen(as_, story, closed):
    page = as_("secretary").post(URL, typed(story, left_out=[str(closed[1].pk)]))

    assert "<b>1</b> sản phẩm được công nhận và công bố." in page.text
    assert "<b>1</b> sản phẩm không được công nhận." in page.text
    assert "<b>2</b> giấy chứng nhận được cấp số" in page.text
    assert closed[1].product.name_vi in page.text
    assert f'name="left_out" value="{closed[1].pk}"' in page.text


def test_going_back_keeps_what_was_typed(as_, story, closed):
    page = as_("secretary").post(URL, typed(story, do="edit", left_out=[str(closed[1].pk)]))

    assert 'value="5012/QĐ-UBND"' in page.text
    assert 'value="Nguyễn Văn Ký"' in page.text
    assert [is_out for _result, is_out in page.context["passing"]] == [False, True]
    assert f'value="{closed[1].pk}" aria-labelledby="out p{closed[1].pk}" checked' in page.text


def test_an_unusual_number_is_a_warning_and_no_error(as_, story, closed):
    client = as_("secretary")

    page = client.post(URL, typed(story, number="QĐ số 12"))

    assert "không giống số của một quyết định" in page.text
    assert "không giống số" not in client.post(URL, typed(story)).text
    assert client.post(URL, typed(story, number="QĐ số 12", do="prepare")).status_code == 302


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"number": ""}, "Nhập số quyết định."),
        ({"signed_date": "31/02/2026"}, "Nhập ngày theo dạng ngày/tháng/năm."),
        ({"signer_name": " "}, "Nhập họ tên người ký."),
        ({"signer_position": ""}, "Nhập chức vụ người ký."),
        ({"left_out": ["999999"]}, "999999"),
    ],
)
@pytest.mark.parametrize("do", ["check", "prepare"])
def test_a_form_that_is_not_whole_comes_back(as_, story, closed, change, sentence, do):
    answer = as_("secretary").post(URL, typed(story, do=do, **change))

    assert answer.status_code == 200
    assert sentence in answer.text
    assert not Decision.objects.exists()


@pytest.mark.parametrize(
    ("days", "sentence"),
    [(1, "Ngày ký ở trong tương lai."), (-30, "Ngày ký trước ngày công khai danh sách.")],
)
def test_a_day_of_signing_out_of_time_is_refused_and_the_form_keeps_its_values(as_, story, closed, days, sentence):
    day = f"{timezone.localdate(story.now) + timedelta(days=days):%d/%m/%Y}"

    answer = as_("secretary").post(URL, typed(story, do="prepare", signed_date=day))

    assert answer.status_code == 409
    assert sentence in answer.text
    assert f'value="{day}"' in answer.text
    assert not Decision.objects.exists()


def test_a_number_and_date_that_exist_are_refused_in_words(as_, story, closed):
    Decision.objects.create(
        season_year=2024,
        number="5012/QĐ-UBND",
        signed_date=timezone.localdate(story.now),
        signer_name="x",
        signer_position="x",
        recorded_at=story.now,
    )

    answer = as_("secretary").post(URL, typed(story, do="prepare"))

    assert answer.status_code == 409
    assert "Quyết định có số và ngày này đã được ghi nhận." in answer.text


def test_a_decision_that_leaves_out_everything_is_refused_whole(as_, story, closed):
    answer = as_("secretary").post(URL, typed(story, do="prepare", left_out=[str(d.pk) for d in closed]))

    assert answer.status_code == 409
    closed[0].refresh_from_db()
    assert closed[0].stage == Stage.PUBLIC_COMMENT
    assert not Recognition.objects.exists()


def test_a_product_that_does_not_pass_is_shown_apart_and_never_recognised(as_, story):
    good, weak = story.scoring(2)
    for seat in story.seats():
        story.score(good, seat, {"1": 45, "2": 25, "3": 15})
        story.score(weak, seat, {"1": 20, "2": 10, "3": 5})
    jobs.perform(evaluations.close_session(season=story.season(), by=story.secretary, at=story.tick()).pk)
    now = story.tick()
    decisions.publish_result(
        season=story.season(), opens_at=now, closes_at=now + timedelta(days=10), by=story.secretary, at=now
    )
    story.tick(days=11)
    story.report()
    client = as_("secretary")

    page = client.get(URL)
    assert [r.dossier_id for r, _out in page.context["passing"]] == [good.pk]
    assert [r.dossier_id for r in page.context["failing"]] == [weak.pk]
    assert f'name="left_out" value="{weak.pk}"' not in page.text
    effects = client.post(URL, typed(story))
    assert "<b>1</b> sản phẩm không được công nhận." in effects.text
    client.post(URL, typed(story, do="prepare"))
    story.release(story.confirm(PreparedDecision.objects.get()))
    weak.refresh_from_db()
    assert weak.stage == Stage.NOT_RECOGNISED
    assert Recognition.objects.count() == 1


def test_preparing_publishes_nothing_and_the_release_everything(as_, story, closed):
    client = as_("secretary")

    answer = client.post(URL, typed(story, do="prepare", left_out=[str(closed[1].pk)]), follow=True)

    assert "Đã chuẩn bị quyết định. Người thứ hai sẽ xác nhận" in answer.text
    assert not Decision.objects.exists()
    assert not Certificate.objects.exists()
    assert {d.stage for d in Dossier.objects.filter(pk__in=[d.pk for d in closed])} == {Stage.PUBLIC_COMMENT}

    story.release(story.confirm(PreparedDecision.objects.get()))
    for dossier in closed:
        dossier.refresh_from_db()
    assert [d.stage for d in closed] == [Stage.RECOGNISED, Stage.NOT_RECOGNISED]
    assert Certificate.objects.count() == 2
    assert not Job.objects.filter(kind="certificate.draft").exists()  # a person starts the batch
    season = story.season()
    season.refresh_from_db()
    assert season.decided_at == story.now

    page = client.get(URL)
    assert "Quyết định số 5012/QĐ-UBND" in page.text
    assert closed[1].product.name_vi in page.text
    assert 'name="number"' not in page.text


def test_preparing_twice_is_refused(as_, story, closed):
    client = as_("secretary")
    client.post(URL, typed(story, do="prepare"))

    answer = client.post(URL, typed(story, do="prepare"))

    assert answer.status_code == 409
    assert "đang được chuẩn bị. Hãy công bố hoặc rút lại trước." in answer.text
    assert PreparedDecision.objects.count() == 1


def test_three_products_cost_as_many_queries_as_one(as_, story, django_assert_num_queries):
    story.published(3)
    story.tick(days=11)
    story.report()
    other = Story(now=story.tick(), year=2027, people=story.people, count=story.count)
    other.published(1)
    other.tick(days=11)
    other.report()
    story.now = other.now
    client = as_("secretary")
    client.get(URL)

    with CaptureQueriesContext(connection) as three:
        assert len(client.get(URL).context["passing"]) == 3
    with django_assert_num_queries(len(three)):
        assert len(client.get(URL.replace("2026", "2027")).context["passing"]) == 1
