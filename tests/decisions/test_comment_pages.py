"""Publishing the list for comment and answering what comes in."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from core.models import AuditEvent
from dossiers.models import Dossier, Stage
from registry import actions as registry
from registry.models import Comment, PublishedList

URL = "/lam-viec/ky/2026/gop-y/"


def typed(moment) -> str:
    return f"{timezone.localtime(moment):%H:%M %d/%m/%Y}"


def window(story, days: int = 10, **more: str) -> dict[str, str]:
    return {
        "opens_at": typed(story.now),
        "closes_at": typed(story.now + timedelta(days=days)),
        "confirmed": "on",
    } | more


def comment(story, text: str = "Đề nghị xem lại.", name: str = "Người góp ý", item=None) -> Comment:
    published = PublishedList.objects.get()
    return registry.leave_comment(
        published=published, item=item, name=name, contact="gopy@kip.test", text=text, at=story.tick()
    )


@pytest.mark.django_db
def test_the_address_is_vietnamese_and_has_an_english_twin(as_, story):
    story.season()

    assert reverse("decisions:comments", args=[2026]) == URL
    assert as_("secretary").get("/en/desk/seasons/2026/comments/").status_code == 200


@pytest.mark.parametrize(("who", "status"), [("secretary", 200), ("officer", 200), ("clerk", 404), ("member-1", 404)])
def test_staff_read_it_and_nobody_else(as_, story, who, status):
    story.scored()

    assert as_(who).get(URL).status_code == status


def test_a_visitor_is_sent_to_sign_in(client, story):
    story.season()

    answer = client.get(URL)

    assert answer.status_code == 302
    assert answer.url.startswith(reverse("accounts:sign_in"))


def test_a_season_that_does_not_exist_is_not_found(as_, story):
    story.season()

    assert as_("secretary").get("/lam-viec/ky/1999/gop-y/").status_code == 404


def test_without_a_result_the_page_says_so(as_, story):
    story.season()

    assert "Chưa có kết quả" in as_("secretary").get(URL).text


def test_the_page_shows_what_will_be_published_without_scores(as_, story):
    first, second, third = story.scored(3)

    page = as_("secretary").get(URL)

    places = [page.text.index(d.product.name_vi) for d in (first, second, third)]
    assert places == sorted(places)
    assert [r.dossier_id for r in page.context["passing"]] == [first.pk, second.pk, third.pk]
    for score in ("85", "84", "83"):
        assert f">{score}" not in page.text


def test_the_secretary_publishes_for_ten_days_unless_told_otherwise(as_, story):
    (dossier,) = story.scored()
    client = as_("secretary")
    initial = client.get(URL).context["form"].initial
    assert initial["closes_at"] - initial["opens_at"] == timedelta(days=10)

    answer = client.post(URL, window(story), follow=True)

    assert "Đã công bố danh sách" in answer.text
    published = PublishedList.objects.get()
    assert published.comment_closes_at - published.comment_opens_at == timedelta(days=10)
    dossier.refresh_from_db()
    assert dossier.stage == Stage.PUBLIC_COMMENT
    assert AuditEvent.objects.filter(act="list.published").count() == 1


def test_an_officer_sees_no_form_and_cannot_publish(as_, story):
    story.scored()
    client = as_("officer")

    assert 'name="opens_at"' not in client.get(URL).text
    assert client.post(URL, window(story)).status_code == 404
    assert not PublishedList.objects.exists()


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"confirmed": ""}, "Xác nhận bạn đã kiểm tra danh sách."),
        ({"closes_at": "31/02/2026"}, "Nhập giờ và ngày, ví dụ 17:00 15/10/2026."),
        ({"closes_at": ""}, "Nhập thời điểm kết thúc góp ý."),
    ],
)
def test_a_form_that_is_not_whole_comes_back_with_what_was_typed(as_, story, change, sentence):
    story.scored()

    answer = as_("secretary").post(URL, window(story) | change)

    assert answer.status_code == 200
    assert sentence in answer.text
    assert window(story)["opens_at"] in answer.text
    assert not PublishedList.objects.exists()


@pytest.mark.parametrize(
    ("days", "sentence"),
    [(-1, "Thời điểm kết thúc góp ý phải sau thời điểm bắt đầu."), (0, "phải sau thời điểm bắt đầu")],
)
def test_a_window_that_ends_before_it_begins_is_refused(as_, story, days, sentence):
    story.scored()

    answer = as_("secretary").post(URL, window(story, days))

    assert answer.status_code == 409
    assert sentence in answer.text


def test_a_window_in_the_past_is_refused(as_, story):
    story.scored()
    past = window(story, -1, opens_at=typed(story.now - timedelta(days=5)))

    answer = as_("secretary").post(URL, past)

    assert answer.status_code == 409
    assert "Thời điểm kết thúc góp ý đã qua." in answer.text


def test_a_result_that_the_sheets_no_longer_give_is_refused(as_, story, monkeypatch):
    story.scored()
    monkeypatch.setattr("decisions.actions.closing.current_inputs", lambda season: "0" * 64)

    answer = as_("secretary").post(URL, window(story))

    assert answer.status_code == 409
    assert "Phiếu chấm đã ký có thay đổi" in answer.text
    assert not Dossier.objects.filter(stage=Stage.PUBLIC_COMMENT).exists()


def test_publishing_twice_changes_nothing(as_, story):
    story.published()

    answer = as_("secretary").post(URL, window(story))

    assert answer.status_code == 409
    assert PublishedList.objects.count() == 1


def test_no_comment_yet_and_none_received_are_said(as_, story):
    story.published()

    assert "Chưa có ý kiến" in as_("secretary").get(URL).text
    story.tick(days=11)
    assert "Không nhận được ý kiến nào" in as_("secretary").get(URL).text


def test_comments_are_listed_newest_first_and_counted_by_day(as_, story):
    story.published()
    item = PublishedList.objects.get().items.get()
    comment(story, "Ý kiến thứ nhất", item=item)
    story.tick(days=1)
    comment(story, "Ý kiến thứ hai")

    page = as_("officer").get(URL)

    assert page.text.index("Ý kiến thứ hai") < page.text.index("Ý kiến thứ nhất")
    assert f"Về: {item.product_name_vi}" in page.text
    assert "Về toàn bộ danh sách" in page.text
    assert page.context["counts"] == [1, 1]


def test_a_long_window_counts_only_the_days_with_comments(as_, story):
    from decisions import queries

    story.published()
    PublishedList.objects.update(comment_closes_at=story.now + timedelta(days=40))
    story.tick(days=30)
    comment(story)

    assert len(queries.comments_by_day(PublishedList.objects.get(), story.secretary, story.now)) == 1
    assert as_("officer").get(URL).context["is_long"] is False


def test_a_comment_cannot_carry_markup_into_the_page(as_, story):
    story.published()
    comment(story, "<script>alert(1)</script>", name="<b>Tên</b>")

    text = as_("officer").get(URL).text

    assert "<script>alert" not in text
    assert "<b>Tên</b>" not in text


@pytest.mark.parametrize("who", ["officer", "secretary"])
def test_staff_reply_and_the_reply_is_kept_with_their_name(as_, story, who):
    story.published()
    one = comment(story)
    client = as_(who)

    answer = client.post(f"{URL}{one.pk}/tra-loi/", {f"c{one.pk}-text": "Đã xem xét."}, follow=True)

    assert "Đã lưu trả lời cho Người góp ý." in answer.text
    one.refresh_from_db()
    assert (one.reply, one.replied_by_name) == ("Đã xem xét.", f"Người {who}")
    assert AuditEvent.objects.filter(act="comment.answered").count() == 1
    assert "Mọi ý kiến đã được trả lời" in client.get(URL + "?answered=no").text


def test_an_empty_reply_is_asked_for_beside_its_comment(as_, story):
    story.published()
    one = comment(story)

    answer = as_("officer").post(f"{URL}{one.pk}/tra-loi/", {f"c{one.pk}-text": " "})

    assert answer.status_code == 200
    assert "Nhập nội dung trả lời." in answer.text
    assert "<details open>" in answer.text


def test_others_cannot_reply_and_a_comment_belongs_to_its_season(as_, story):
    story.published()
    one = comment(story)

    assert as_("clerk").post(f"{URL}{one.pk}/tra-loi/", {f"c{one.pk}-text": "x"}).status_code == 404
    assert as_("officer").post(f"/lam-viec/ky/2025/gop-y/{one.pk}/tra-loi/").status_code == 404
    assert as_("officer").get(f"{URL}{one.pk}/tra-loi/").status_code == 405


def test_three_comments_cost_as_many_queries_as_one(as_, story, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    story.published()
    comment(story)
    client = as_("officer")
    client.get(URL)
    with CaptureQueriesContext(
        connection,
    ) as one:
        client.get(URL)
    comment(story)
    comment(story)
    with django_assert_num_queries(len(one)):
        client.get(URL)
