"""The reliability page and a member's own line: who sees what, and that nothing breaks."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from analysis.models import Report
from evaluations.models import StandingSheet
from tests.analysis.closed import bar, closed, perform

pytestmark = pytest.mark.django_db


def page_of(client, user, name="analysis:reliability", *args, language="vi"):
    client.force_login(user)
    with translation.override(language):
        return client.get(reverse(name, args=args))


def bytes_of(response) -> bytes:
    """The page without the token that every answer draws anew."""
    return re.sub(rb'name="csrfmiddlewaretoken" value="[^"]+"', b"", response.content)


def text_of(response) -> str:
    return response.content.decode()


def test_the_secretary_reads_plain_sentences_first(client, story):
    closed(story)

    response = page_of(client, story.secretary, "analysis:reliability", 2026)

    assert response.status_code == 200
    text = text_of(response)
    assert "Kết quả kỳ 2026 đáng tin đến đâu?" in text
    assert "nằm trong dải cần thảo luận" in text
    assert text.index("Tóm tắt") < text.index("Tổng điểm và độ phân tán")
    assert "nan" not in text.lower().split()


def test_the_page_speaks_english(client, story):
    closed(story)

    text = text_of(page_of(client, story.secretary, "analysis:reliability", 2026, language="en"))

    assert "How reliable is the result of 2026?" in text
    assert "the band to be discussed" in text
    assert "Member beside member" in text


def test_every_drawing_has_its_table(client, story):
    closed(story)

    text = text_of(page_of(client, story.secretary, "analysis:reliability", 2026))

    for drawing in ('class="dots"', 'class="dots severity"', 'class="columns"', 'class="variance"'):
        after = text[text.index(drawing) :]
        assert after.index("<details>") < after.index("<table")
    assert text.count('style="') == 0


def test_before_closing_there_is_nothing_to_see(client, story):
    dossiers = story.scoring(1)
    story.score(dossiers[0], story.seats()[0], {"1": 40, "2": 20, "3": 15})

    text = text_of(page_of(client, story.secretary, "analysis:reliability", 2026))

    assert "Chưa có gì để kiểm tra" in text
    assert "Chưa có gì để hiển thị" in text_of(page_of(client, story.seats()[0].user, "analysis:mine"))


def test_secretary_and_chair_only(client, story):
    closed(story, 3)
    chair, member, _ = story.seats()

    answers = {
        "secretary": story.secretary,
        "chair": chair.user,
        "member": member.user,
        "officer": story.officer,
        "applicant": story.person("clerk-1"),
    }
    found = {who: page_of(client, user, "analysis:reliability", 2026).status_code for who, user in answers.items()}

    assert found == {"secretary": 200, "chair": 200, "member": 404, "officer": 404, "applicant": 404}


def test_a_secretary_with_a_seat_in_this_council_does_not_see_it(client, story):
    _run, _ = closed(story, 3)
    seat = story.seats()[1]
    type(seat).objects.filter(pk=seat.pk).update(user=story.secretary)

    assert page_of(client, story.secretary, "analysis:reliability", 2026).status_code == 404


def test_a_member_sees_the_own_level_and_nobody_elses(client, story):
    closed(story)
    first, _, third = story.seats()

    text = text_of(page_of(client, third.user, "analysis:mine"))

    assert "Bạn chấm nghiêm hơn hẳn hội đồng" in text
    assert str(first.user) not in text
    own = Report.objects.get().content["members"]
    values = {m["member"]: m["severity"]["effect"] for m in own}
    shown = f"{abs(values[str(third.pk)]):.1f}".replace(".", ",")
    assert f"\u2212{shown}" in text


def test_a_member_of_the_running_council_still_sees_the_last_closed_season(client, story):
    closed(story, 3)
    other = type(story)(year=2027)
    other.people, other.now, other.count = story.people, story.now, story.count
    other.seats()

    text = text_of(page_of(client, story.seats()[1].user, "analysis:mine"))

    assert "Mức chấm của tôi trong kỳ 2026" in text


def test_nobody_without_a_seat_has_a_level(client, story):
    closed(story, 3)

    assert page_of(client, story.secretary, "analysis:mine").status_code == 404
    assert page_of(client, story.officer, "analysis:mine").status_code == 404


def test_the_page_of_a_barred_secretary_does_not_change_with_the_hidden_points(client, story):
    _, dossiers = closed(story)
    bar(story.secretary, dossiers[0], story)

    first = bytes_of(page_of(client, story.secretary, "analysis:reliability", 2026))
    StandingSheet.objects.filter(dossier=dossiers[0]).update(points=[2000, 100, 100])
    second = bytes_of(page_of(client, story.secretary, "analysis:reliability", 2026))

    assert first == second
    assert dossiers[0].product.name_vi not in first.decode()
    assert "xung đột lợi ích" in first.decode()


def test_the_page_says_when_sheets_have_changed_since(client, story):
    _, dossiers = closed(story, 3)
    StandingSheet.objects.filter(dossier=dossiers[0]).update(points=[2000, 100, 100])

    text = text_of(page_of(client, story.secretary, "analysis:reliability", 2026))

    assert "Phiếu đã thay đổi sau khi có kết quả" in text


def test_one_dossier_is_explained_not_computed(client, story):
    closed(story, 1)

    response = page_of(client, story.secretary, "analysis:reliability", 2026)

    assert response.status_code == 200
    assert "không tính được vì chỉ có một hồ sơ" in text_of(response)


def test_members_who_all_agree_break_nothing(client, story):
    for dossier in story.scoring(3):
        for seat in story.seats():
            story.score(dossier, seat, {"1": 40, "2": 25, "3": 15})
    perform(story)

    text = text_of(page_of(client, story.secretary, "analysis:reliability", 2026))

    assert "không tính được vì mọi điểm bằng nhau" in text


def queries_of(client, user, name, *args):
    page_of(client, user, name, *args)
    with CaptureQueriesContext(
        connection,
    ) as found:
        assert page_of(client, user, name, *args).status_code == 200
    return len(found)


def test_the_page_takes_as_many_queries_for_six_dossiers_as_for_one(client, story):
    closed(story, 1)
    one = queries_of(client, story.secretary, "analysis:reliability", 2026)
    other = type(story)(year=2027)
    other.people, other.now, other.count = story.people, story.now, story.count
    closed_next_year(other, 6)

    assert queries_of(client, story.secretary, "analysis:reliability", 2027) == one


def closed_next_year(story, dossiers):
    from tests.analysis import closed as made

    found = story.scoring(dossiers)
    for place, dossier in enumerate(found):
        for seat, strict in zip(story.seats(), made.STRICT, strict=True):
            story.score(dossier, seat, {"1": 45 - 3 * place, "2": made.EXPORT[place] - strict, "3": 15})
    perform(story)


def test_the_rail_leads_secretary_chair_and_member_there(client, story):
    closed(story, 3)
    chair, member, _ = story.seats()
    address = reverse("analysis:reliability", args=[2026])

    for user, wanted in ((story.secretary, True), (chair.user, True), (member.user, False)):
        client.force_login(user)
        text = text_of(client.get(reverse("dossiers:desk" if user == story.secretary else "evaluations:queue")))
        assert (address in text) is wanted
    assert reverse("analysis:mine") in text
