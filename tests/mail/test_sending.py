"""What happens between the outbox and a real mail server, also when one of them dies."""

from datetime import timedelta
from email import message_from_bytes
from email.policy import default

import pytest
from django.utils import timezone

from core import jobs
from core.errors import Refused
from core.models import AuditEvent, Job
from mail import actions, sending
from mail.models import Attempt, Letter
from tests.mail.conftest import NOW


@pytest.fixture
def letter(person, values):
    return actions.post(kind="test_note", to=person, context=values, key="k", at=NOW)


def ring(letter, times=1):
    """The job of the letter's round, as often as asked, as if the back-off were over."""
    letter.refresh_from_db()
    job = Job.objects.get(kind="mail.send", key=letter.job_key)
    for _ in range(times):
        Job.objects.filter(pk=job.pk).update(not_before=timezone.now() - timedelta(seconds=1))
        jobs.perform(job.pk)
    letter.refresh_from_db()


def lease_over():
    Job.objects.filter(state="running").update(lease_until=timezone.now() - timedelta(seconds=1))


def outcomes(letter):
    return [attempt.outcome for attempt in letter.attempts.all()]


def test_a_letter_arrives_once_with_all_its_parts(letter, post_office):
    ring(letter, 3)

    assert letter.state == Letter.State.SENT
    assert letter.sent_at
    assert outcomes(letter) == ["sent"]
    assert len(post_office.accepted) == 1
    message = message_from_bytes(post_office.accepted[0], policy=default)
    assert message["Message-ID"] == letter.message_id
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["To"] == "ha@example.vn"
    assert message["Subject"] == "Hồ sơ H26.12-261005-0007: có việc"
    assert message["List-Unsubscribe"] is None
    assert message["Reply-To"] == message["From"]
    assert "Thiếu giấy." in message.get_body(("plain",)).get_content()
    assert "<b>Mở hồ sơ</b>" in message.get_body(("html",)).get_content()
    assert AuditEvent.objects.filter(act="letter.sent", object_id=str(letter.pk)).count() == 1


def test_a_reminder_says_how_to_stop_more(person, values, post_office, settings):
    settings.REPLY_EMAIL = "phong-qlcn@example.gov.vn"
    letter = actions.post(kind="test_reminder", to=person, context=values, key="r", at=NOW)
    ring(letter)

    message = message_from_bytes(post_office.accepted[0], policy=default)
    assert message["List-Unsubscribe"] == "<mailto:phong-qlcn@example.gov.vn?subject=stop>"
    assert message["Reply-To"] == "phong-qlcn@example.gov.vn"
    assert "stop" in letter.text


def test_a_process_that_dies_after_the_hand_over_leaves_the_letter_unsure(letter, post_office, monkeypatch):
    """SIGKILL between the server's answer and its record: nothing after the hand-over runs."""

    class Killed(BaseException):
        pass

    def die(*args, **kwargs):
        raise Killed

    monkeypatch.setattr(sending, "_answer", die)
    with pytest.raises(Killed):
        ring(letter)
    assert len(post_office.accepted) == 1
    monkeypatch.undo()
    lease_over()
    ring(letter, 3)

    assert letter.state == Letter.State.UNSURE
    assert outcomes(letter) == ["unsure"]
    assert len(post_office.accepted) == 1


def test_a_death_after_the_record_repeats_nothing(letter, post_office, monkeypatch):
    class Killed(BaseException):
        pass

    def die(*args, **kwargs):
        raise Killed

    monkeypatch.setattr(jobs, "_finish", die)
    with pytest.raises(Killed):
        ring(letter)
    letter.refresh_from_db()
    assert letter.state == Letter.State.SENDING
    monkeypatch.undo()
    lease_over()
    ring(letter)

    assert (letter.state, outcomes(letter)) == (Letter.State.SENT, ["sent"])
    assert len(post_office.accepted) == 1


def test_a_line_that_breaks_before_the_answer_leaves_the_letter_unsure(letter, post_office):
    post_office.data = None
    ring(letter, 3)

    assert (letter.state, outcomes(letter)) == (Letter.State.UNSURE, ["unsure"])
    assert len(post_office.accepted) == 1


def test_a_person_repeats_an_unsure_letter_under_the_same_message_id(letter, post_office, officer):
    post_office.data = None
    ring(letter)
    post_office.data = "250 queued"
    actions.send_again(letter=letter, by=officer, at=NOW)
    ring(letter)

    assert (letter.state, outcomes(letter)) == (Letter.State.SENT, ["unsure", "sent"])
    first, second = (message_from_bytes(raw, policy=default)["Message-ID"] for raw in post_office.accepted)
    assert first == second == letter.message_id


def test_a_person_who_knows_that_it_arrived_ends_the_doubt(letter, post_office, officer):
    post_office.data = None
    ring(letter)
    actions.count_as_sent(letter=letter, by=officer, at=NOW)
    ring(letter)

    assert letter.state == Letter.State.SENT
    assert letter.ended_by_name == "officer"
    assert len(post_office.accepted) == 1


def test_the_answer_of_a_process_taken_for_dead_ends_the_doubt(letter, post_office):
    """It slept past its lease, another gave the letter up as unsure, then the answer came."""
    payload = {"letter": letter.pk, "round": 1}
    attempt = sending._begin(payload)
    produced = sending.work(payload)
    sending.finish(payload, produced, timezone.now())
    letter.refresh_from_db()
    assert letter.state == Letter.State.UNSURE

    sending._answer(attempt, Attempt.Outcome.SENT, "", letter_state=Letter.State.SENDING)

    letter.refresh_from_db()
    assert letter.state == Letter.State.SENT


def test_a_closed_door_is_tried_again_and_ends_as_failed(letter, post_office, settings):
    settings.EMAIL_PORT = 1
    ring(letter)
    assert letter.state == Letter.State.WAITING
    ring(letter, 4)

    assert (letter.state, outcomes(letter)) == (Letter.State.FAILED, ["refused"] * 5)
    settings.EMAIL_PORT = post_office.port
    ring(letter)
    assert post_office.accepted == []


def test_a_server_that_asks_to_come_later_gets_the_letter_later(letter, post_office):
    post_office.data = "451 later"
    ring(letter)
    post_office.data = "250 queued"
    ring(letter)

    assert (letter.state, outcomes(letter)) == (Letter.State.SENT, ["refused", "sent"])
    assert letter.attempts.first().answer == "451 later"


@pytest.mark.parametrize("answer", [("recipient", "550 no such user"), ("data", "554 refused")])
def test_a_final_no_is_not_repeated(letter, post_office, answer):
    setattr(post_office, *answer)
    ring(letter, 3)

    assert (letter.state, outcomes(letter)) == (Letter.State.FAILED, ["refused"])
    assert letter.attempts.get().answer == answer[1]


def test_a_failed_letter_goes_out_when_a_person_asks(letter, post_office, officer):
    post_office.recipient = "550 no such user"
    ring(letter)
    post_office.recipient = "250 ok"
    actions.send_again(letter=letter, by=officer, at=NOW)
    ring(letter)

    assert (letter.state, letter.round, outcomes(letter)) == (Letter.State.SENT, 2, ["refused", "sent"])


def test_a_letter_whose_job_gave_up_can_be_sent_by_a_person(letter, post_office, officer):
    Job.objects.update(state="failed", finished_at=NOW)
    actions.send_again(letter=letter, by=officer, at=NOW)
    ring(letter)

    assert letter.state == Letter.State.SENT


def test_a_held_letter_goes_out_once_a_person_sends_it(person, values, post_office, officer):
    letter = actions.post(kind="test_decision", to=person, context=values, key="d", at=NOW)
    actions.send_now(letter=letter, by=officer, at=NOW)
    with pytest.raises(Refused, match="chờ gửi"):
        actions.send_now(letter=letter, by=officer, at=NOW)
    ring(letter)

    assert letter.state == Letter.State.SENT
    assert len(post_office.accepted) == 1


def test_a_cancelled_letter_is_not_sent_although_its_job_rings(letter, post_office, officer):
    actions.cancel(letter=letter, reason="Viết nhầm người", by=officer, at=NOW)
    ring(letter)

    assert (letter.state, letter.cancel_reason) == (Letter.State.CANCELLED, "Viết nhầm người")
    assert post_office.accepted == []


@pytest.mark.parametrize("state", ["sent", "sending", "cancelled"])
def test_what_is_over_or_under_way_cannot_be_cancelled_or_repeated(letter, officer, state):
    more = {"sent": {"sent_at": NOW}, "cancelled": {"cancel_reason": "x"}}.get(state, {})
    Letter.objects.update(state=state, **more)

    for act, words in ((actions.cancel, {"reason": "x"}), (actions.send_again, {}), (actions.count_as_sent, {})):
        with pytest.raises(Refused):
            act(letter=letter, by=officer, at=NOW, **words)
    letter.refresh_from_db()
    assert letter.state == state


def test_the_key_in_a_reset_link_is_forgotten_once_sent(person, post_office):
    token = "d2k3j4h5-0123456789abcdef0123456789abcdef"
    link = f"https://kip.example.gov.vn/dat-lai/{token}/"
    letter = actions.post(kind="account_password_reset", to=person, context={"link": link}, key="p", at=NOW)
    assert letter.secrets == [token]
    ring(letter)

    assert letter.secrets == []
    message = message_from_bytes(post_office.accepted[0], policy=default)
    assert link in message.get_body(("plain",)).get_content()
    assert f'href="{link}"' in message.get_body(("html",)).get_content()
