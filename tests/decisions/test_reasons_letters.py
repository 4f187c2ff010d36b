"""Letters of reasons through the pages: drafted from the record, read and edited."""

from fractions import Fraction

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.models import AuditEvent
from decisions import reasons_actions
from decisions.models import ReasonsLetter
from dossiers.models import Stage
from evaluations.models import Result, ResultRun, Seat
from tests.decisions.reasons_story import (
    LIST,
    address,
    decided,
    fields_of,
)
from tests.story import Story


# --- the list -------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("stage", "title"),
    [
        ("scoring", "Chưa có kết quả"),
        ("published", "Chưa ghi nhận quyết định"),
        ("recognised", "Mọi sản phẩm đều được công nhận"),
    ],
)
def test_before_there_is_anything_to_write_it_says_what_comes_first(as_, story, stage, title):
    getattr(story, stage)(1)
    client = as_("secretary")

    assert title in client.get(LIST).text
    if stage != "recognised":
        assert client.post(LIST, {"do": "draft"}).status_code == 409
    assert not ReasonsLetter.objects.exists()


@pytest.mark.parametrize(
    ("who", "status"), [("secretary", 200), ("officer", 404), ("clerk-1", 404), ("member-1", 404)]
)
def test_the_secretary_alone_has_the_list(as_, season, who, status):
    client = as_(who)

    assert client.get(LIST).status_code == status
    if status == 404:
        assert client.post(LIST, {"do": "draft"}).status_code == 404
        assert not ReasonsLetter.objects.exists()


def test_one_press_drafts_a_letter_for_everybody_who_was_not_recognised(as_, story, season):
    client = as_("secretary")

    answer = client.post(LIST, {"do": "draft"}, follow=True)

    assert "Đã dự thảo 2 thông báo từ hồ sơ chấm điểm." in answer.text
    assert [one.dossier for one in ReasonsLetter.objects.order_by("dossier_id")] == season[1:]
    assert season[0].stage == Stage.RECOGNISED
    assert season[0].number not in answer.text
    event = AuditEvent.objects.get(act="reasons.drafted")
    assert (event.actor_id, event.detail["dossiers"]) == (story.secretary.pk, [d.number for d in season[1:]])
    assert "Mọi dự thảo đã khớp với hồ sơ chấm điểm." in client.post(LIST, {"do": "draft"}, follow=True).text
    assert AuditEvent.objects.filter(act="reasons.drafted").count() == 1


def test_a_draft_says_points_levels_words_and_failed_rules_of_the_record_and_no_name(story, season, drafted):
    result = Result.objects.get(dossier=season[1])
    said = {one["key"]: one["vi"] for part in drafted[0].content["sections"] for one in part["sentences"]}

    assert said["c:1:points"].startswith("Điểm bình quân là 25 trên 50, từ điểm của 3 trong 3")
    assert said["c:1:reached"] == "Điểm bình quân đạt mức 20 điểm của bộ tiêu chí: “dưới 10%”."
    assert said["fails:total_at_least"] == "Tổng điểm 46 thấp hơn mức 70 điểm mà bộ tiêu chí đòi hỏi."
    assert result.total_exact == Fraction(46)
    words = sorted(text for key, text in said.items() if key.startswith("c:1:said:"))
    assert words == [
        "Ý kiến ghi trên phiếu chấm: “Tăng đều ba năm.”",
        "Ý kiến ghi trên phiếu chấm: “Đủ số liệu, ghi bởi […].”",
    ]
    whole = str(drafted[0].content)
    seats = list(Seat.objects.select_related("user"))
    hidden = [word for seat in seats for word in (seat.user.full_name, seat.user.email, seat.alias)]
    hidden += [
        word for d in (season[0], season[2]) for word in (d.number, d.enterprise.name_vi, d.enterprise.tax_code)
    ]
    assert [word for word in hidden if word in whole] == []


@pytest.fixture
def seasons(db):
    """A decided season with one dossier that was not recognised, then one with three; each is taken back."""

    def each():
        for n in (1, 3):
            with transaction.atomic():
                story = Story()
                decided(story, n + 1)
                yield n, story
                transaction.set_rollback(True)

    return each


def draft(story: Story) -> int:
    return reasons_actions.draft_letters(season=story.season(), by=story.secretary, at=story.tick())


def test_list_and_draft_ask_the_database_as_often_for_one_as_for_three(client, seasons):
    drafting, reading = [], []
    for n, story in seasons():
        with CaptureQueriesContext(connection) as asked:
            assert draft(story) == n
        drafting.append(len(asked))
        client.force_login(story.secretary)
        client.get(LIST)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(LIST).text.count('name="letter"') == n
        reading.append(len(asked))

    assert drafting[0] == drafting[1]
    assert reading[0] == reading[1]


# --- one letter -----------------------------------------------------------------------------------------------
def test_every_sentence_stands_beside_a_link_to_where_it_comes_from(as_, story, drafted):
    page = as_("secretary").get(address(drafted[0]))

    assert page.status_code == 200
    run, rubric = ResultRun.objects.get(), story.rubric()
    for link in (
        f'href="/lam-viec/ky/2026/xep-hang/">Kết quả, lần tính {run.number}</a>',
        f'href="{reverse("programme:rubric", args=[rubric.pk])}#criterion-1">Bộ tiêu chí, 1</a>',
        f'href="/lam-viec/ky/2026/xep-hang/{run.number}/goi-quyet-dinh/">3 phiếu chấm đã ký, tiêu chí 1</a>',
        'href="/lam-viec/ky/2026/quyet-dinh/">Quyết định đã ghi nhận</a>',
    ):
        assert link in page.text
    said = sum(len(part.said) for part in page.context["shown"])
    assert page.text.count('class="where"') == said + 1  # and the table


def test_in_english_the_record_is_read_beside_the_vietnamese_letter(as_, drafted):
    page = as_("secretary").get(f"/en/desk/seasons/2026/reasons/{drafted[0].pk}/")

    assert "The total of 46 points is below the 70 points that the criteria ask for." in page.text
    assert "Tổng điểm 46 thấp hơn mức 70 điểm" in page.text


def test_a_persons_words_are_kept_through_a_new_draft_and_an_empty_sentence_is_left_out(as_, story, drafted):
    client, letter = as_("secretary"), drafted[0]
    typed = fields_of(client.get(address(letter, "reasons_edit")))
    last = max((name for name in typed if name.startswith("s") and name != "seen"), key=lambda name: int(name[1:]))
    typed |= {"s0": "Câu của con người.", last: "", "paragraph": "Sở mong doanh nghiệp tham gia lại."}

    assert client.post(address(letter, "reasons_edit"), typed).status_code == 302

    letter.refresh_from_db()
    assert (len(letter.edits), letter.revision, letter.changed_by_name) == (2, 2, str(story.secretary))
    assert AuditEvent.objects.get(act="reasons.edited").detail["sentences"] == ["decided", "questions"]
    ReasonsLetter.objects.filter(pk=letter.pk).update(record_digest="0" * 64)
    client.post(LIST, {"do": "draft"})
    page = client.get(address(letter))
    assert "Câu của con người." in page.text
    assert "Sở mong doanh nghiệp tham gia lại." in page.text
    assert "Một câu đã được bỏ." in page.text
    assert "không được công nhận là sản phẩm công nghiệp" not in page.text


def test_of_two_who_edit_at_once_the_second_is_told(as_, drafted):
    client, letter = as_("secretary"), drafted[0]
    typed = fields_of(client.get(address(letter, "reasons_edit")))
    client.post(address(letter, "reasons_edit"), typed | {"paragraph": "Lời thứ nhất."})

    answer = client.post(address(letter, "reasons_edit"), typed | {"paragraph": "Lời thứ hai."})

    assert answer.status_code == 409
    assert "vừa sửa thông báo này. Hãy đọc lại." in answer.text
    letter.refresh_from_db()
    assert letter.paragraph == "Lời thứ nhất."
