"""Letters about a supplement and about the end of the check: at the right day, once, to the right people."""

from datetime import timedelta

import pytest
from django.utils import timezone

from dossiers import actions, reminders
from dossiers.models import Dossier
from mail.models import Letter
from tests.dossiers.applicant import tell_time
from tests.story import Story

pytestmark = pytest.mark.django_db
FIGURES_ASKED = actions.Asked("figures", "contradicts", "Doanh thu khác báo cáo tài chính.")
PAPER_ASKED = actions.Asked("quality_certificates", "expired", "Chứng nhận ISO đã hết hạn.")


@pytest.fixture(autouse=True)
def _clock(monkeypatch, story, settings):
    tell_time(monkeypatch, story, settings)


def asked_for(story: Story, *asked: actions.Asked) -> Dossier:
    dossier = story.checking()
    actions.request_supplement(
        dossier=dossier, defects=asked, message="Đề nghị bổ sung.", by=story.officer, at=story.tick()
    )
    return Dossier.objects.get(pk=dossier.pk)


def send(story: Story, dossier: Dossier) -> Dossier:
    return actions.answer_supplement(dossier=dossier, by=story.person("clerk"), at=story.tick())


def mend_figures(story: Story, dossier: Dossier, workers: int = 321) -> None:
    year = dossier.season.year - 1
    actions.report_figures(
        dossier=dossier, figures={year: {"workers": workers}}, by=story.person("clerk"), at=story.tick()
    )


# --- letters ------------------------------------------------------------------------------------------
def letters(kind: str) -> list[Letter]:
    return list(Letter.objects.filter(kind=kind).order_by("pk"))


def test_the_request_itself_is_told_with_its_list_and_a_calendar_entry(story):
    dossier = asked_for(story, PAPER_ASKED)

    (letter,) = letters("supplement_asked")

    assert letter.to_user == story.person("clerk")
    assert "Chứng nhận ISO đã hết hạn." in letter.text
    assert "Đề nghị bổ sung." in letter.text
    assert f"{dossier.supplements.get().due_date:%Y%m%d}" in letter.calendar


def test_reminders_come_7_3_and_1_days_before_once_each_however_often_the_run_is_repeated(story):
    due = asked_for(story, PAPER_ASKED).supplements.get().due_date
    found = {}

    for _hour in range(13 * 24):
        at = story.tick(hours=1)
        reminders.send_due(at=at)
        found[timezone.localdate(at)] = len(letters("supplement_reminder"))

    assert [found[due - timedelta(days=d)] for d in (8, 7, 6, 3, 2, 1, 0)] == [0, 1, 1, 2, 2, 3, 3]
    assert len(letters("supplement_reminder")) == 3
    assert [letter.subject.split()[1] for letter in letters("supplement_reminder")] == ["7", "3", "1"]
    assert len(letters("supplement_late")) == 1


def test_after_missed_days_only_the_most_urgent_reminder_is_written(story):
    asked_for(story, PAPER_ASKED)
    story.tick(days=8)

    reminders.send_due(at=story.now)
    reminders.send_due(at=story.tick())

    (letter,) = letters("supplement_reminder")
    assert "Còn 2 ngày" in letter.subject


def test_a_day_ends_at_midnight_in_hanoi(story):
    """16:59 UTC is still the day before the due day; a minute later it has begun."""
    request = asked_for(story, PAPER_ASKED).supplements.get()
    from datetime import UTC, datetime, time

    seven = datetime.combine(request.due_date - timedelta(days=8), time(16, 59), UTC)

    assert reminders.send_due(at=seven) == 0
    assert reminders.send_due(at=seven + timedelta(minutes=1)) == 1


def test_a_reminder_lists_only_what_is_not_mended(story):
    dossier = asked_for(story, PAPER_ASKED, FIGURES_ASKED)
    mend_figures(story, dossier)
    story.tick(days=3)

    reminders.send_due(at=story.now)

    (letter,) = letters("supplement_reminder")
    assert "Chứng nhận ISO đã hết hạn." in letter.text
    assert "Doanh thu khác" not in letter.text


def test_no_reminder_after_the_answer_and_a_new_row_after_an_extension(story):
    dossier = asked_for(story, PAPER_ASKED)
    request = dossier.supplements.get()
    story.tick(days=9)
    reminders.send_due(at=story.now)
    until = request.due_date + timedelta(days=8)
    actions.extend_supplement(request=request, until=until, reason="Chờ.", by=story.officer, at=story.tick())
    for _day in range(4):
        reminders.send_due(at=story.tick(days=1))
    assert [letter.subject.split()[1] for letter in letters("supplement_reminder")] == ["1", "7"]

    story.attach(dossier, "quality_certificates", content=b"%PDF-1.4 new")
    send(story, dossier)
    for _day in range(12):
        reminders.send_due(at=story.tick(days=1))
    assert len(letters("supplement_reminder")) == 2
    assert letters("supplement_late") == []


def test_a_term_of_three_days_has_no_reminder_on_the_day_it_was_asked():
    assert reminders.reminder_due(3, 0) is None
    assert reminders.reminder_due(2, 1) is None
    assert reminders.reminder_due(1, 2) == 1
    assert reminders.reminder_due(7, 3) == 7
    assert reminders.reminder_due(8, 2) is None
    assert reminders.reminder_due(-1, 20) is None


def test_the_end_of_the_check_is_a_letter_that_waits_for_a_person(story):
    actions.admit(dossier=story.checking("a"), by=story.officer, at=story.tick())
    actions.refuse(dossier=story.checking("b"), reason="Không thuộc diện.", by=story.officer, at=story.tick())

    (eligible,) = letters("dossier_eligible")
    (refusal,) = letters("dossier_refused")
    assert {eligible.state, refusal.state} == {Letter.State.HELD}
    assert "Không thuộc diện." in refusal.text


def test_people_who_only_read_or_have_left_get_no_letter(story):
    from enterprises.models import Representative

    dossier = story.checking()
    reader = story.person("reader")
    Representative.objects.create(user=reader, enterprise=dossier.enterprise, role="reads", since=story.now)
    left = story.person("left")
    Representative.objects.create(user=left, enterprise=dossier.enterprise, since=story.now, ended_at=story.now)

    actions.request_supplement(dossier=dossier, defects=[PAPER_ASKED], by=story.officer, at=story.tick())

    assert [letter.to_user for letter in letters("supplement_asked")] == [story.person("clerk")]
