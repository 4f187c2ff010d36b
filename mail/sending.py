"""The job that hands a letter to the mail server (docs/adr/0003).

No mail protocol can promise "exactly once": the server may have accepted a letter whose answer never came back. So
an attempt is written down before the hand-over and answered right after it. An attempt without an answer makes the
letter "unsure": it is not repeated until a person says so. The Message-ID is the same in every attempt.
"""

import smtplib
from contextlib import suppress
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import transaction
from django.utils import timezone
from django.utils.html import escape

from core import audit, jobs
from mail import hidden, merge
from mail.actions import JOB
from mail.calendars import FILE_NAME
from mail.models import Attempt, Letter

State, Outcome = Letter.State, Attempt.Outcome
MAX_TRIES = 5  # in one round, as many as a job has


class NotAccepted(Exception):
    """The server said no, or nobody answered at its door: nothing went out."""

    def __init__(self, answer: str, *, for_good: bool) -> None:
        super().__init__(answer)
        self.for_good = for_good


def message_of(letter: Letter) -> EmailMultiAlternatives:
    """The letter as it goes over the wire."""
    headers = {"Message-ID": letter.message_id, "Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"}
    if letter.is_reminder:
        headers["List-Unsubscribe"] = f"<mailto:{settings.REPLY_EMAIL}?subject=stop>"
    if letter.language:
        headers["Content-Language"] = letter.language
    message = EmailMultiAlternatives(
        subject=merge.one_line(hidden.reveal(letter.subject, letter.secrets)),
        body=hidden.reveal(letter.text, letter.secrets),
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[letter.to_email],
        reply_to=[settings.REPLY_EMAIL],
        headers=headers,
    )
    message.attach_alternative(hidden.reveal(letter.html, [escape(s) for s in letter.secrets]), "text/html")
    if letter.calendar:
        message.attach(FILE_NAME, letter.calendar, "text/calendar")
    return message


def work(payload: dict[str, Any]) -> dict[str, Any] | None:
    """The slow half. Returns how the attempt ended, or None when the letter needs no sending any more."""
    attempt = _begin(payload)
    if attempt is None or attempt.ended_at is not None:
        return {"attempt": attempt.pk} if attempt is not None else None
    try:
        _hand_over(message_of(attempt.letter))
    except NotAccepted as refusal:
        last = refusal.for_good or _tries(attempt) >= MAX_TRIES
        _answer(attempt, Outcome.REFUSED, str(refusal), letter_state=State.SENDING if last else State.WAITING)
        if not last:
            raise  # the table of jobs tries again, later each time
    except Exception as error:
        _answer(attempt, Outcome.UNSURE, f"{type(error).__name__}: {error}", letter_state=State.SENDING)
    else:
        _answer(attempt, Outcome.SENT, "", letter_state=State.SENDING)
    return {"attempt": attempt.pk}


def _begin(payload: dict[str, Any]) -> Attempt | None:
    """Open the next attempt. A letter found in the middle of one gives that attempt back, ended: it is never
    handed over a second time by itself."""
    with transaction.atomic():
        letter = Letter.objects.select_for_update().get(pk=payload["letter"])
        if letter.round != payload["round"] or letter.state not in (State.WAITING, State.SENDING):
            return None
        last = letter.attempts.order_by("number").last()
        now = timezone.now()
        if letter.state == State.SENDING and last is not None:
            if last.ended_at is None:
                last.ended_at, last.outcome = now, Outcome.UNSURE
                last.save(update_fields=["ended_at", "outcome"])
            return last
        letter.state = State.SENDING
        letter.save(update_fields=["state"])
        number = last.number + 1 if last else 1
        return Attempt.objects.create(letter=letter, number=number, round=letter.round, started_at=now)


def _hand_over(message: EmailMultiAlternatives) -> None:
    """Raises NotAccepted when surely nothing went out; any other error leaves that open."""
    connection = get_connection()
    try:
        connection.open()
    except smtplib.SMTPAuthenticationError as error:
        raise NotAccepted(_said(error), for_good=False) from error
    except (smtplib.SMTPException, OSError) as error:
        raise NotAccepted(f"{type(error).__name__}: {error}", for_good=False) from error
    try:
        connection.send_messages([message])
    except smtplib.SMTPRecipientsRefused as error:
        code, words = next(iter(error.recipients.values()))
        raise NotAccepted(f"{code} {_text(words)}", for_good=code >= 500) from error
    except smtplib.SMTPResponseException as error:
        raise NotAccepted(_said(error), for_good=error.smtp_code >= 500) from error
    finally:
        with suppress(smtplib.SMTPException, OSError):  # the letter's fate is known; the farewell changes nothing
            connection.close()


def _said(error: smtplib.SMTPResponseException) -> str:
    return f"{error.smtp_code} {_text(error.smtp_error)}"


def _text(words: bytes | str) -> str:
    return words.decode("utf-8", "replace") if isinstance(words, bytes) else words


def _tries(attempt: Attempt) -> int:
    return Attempt.objects.filter(letter=attempt.letter, round=attempt.round).count()


def _answer(attempt: Attempt, outcome: str, answer: str, *, letter_state: str) -> None:
    """The shortest possible gap between the server's answer and its record."""
    with transaction.atomic():
        letter = Letter.objects.select_for_update().get(pk=attempt.letter_id)
        # A process that was taken for dead and was not: its answer is worth more than our doubt.
        late = letter.state == State.UNSURE and letter.round == attempt.round
        Attempt.objects.filter(pk=attempt.pk).update(
            ended_at=timezone.now(), outcome=outcome, answer=merge.one_line(answer)[:500]
        )
        if late and outcome == Outcome.SENT:
            _settle(letter, outcome, timezone.now())
        elif letter.state == State.SENDING and letter_state != State.SENDING:
            letter.state = letter_state
            letter.save(update_fields=["state"])


def finish(payload: dict[str, Any], produced: dict[str, Any] | None, at: datetime) -> None:
    """The short half: the letter takes over how its attempt ended."""
    if produced is None:
        return
    letter = Letter.objects.select_for_update().get(pk=payload["letter"])
    if letter.state == State.SENDING and letter.round == payload["round"]:
        _settle(letter, Attempt.objects.get(pk=produced["attempt"]).outcome, at)


def _settle(letter: Letter, outcome: str, at: datetime) -> None:
    if outcome == Outcome.SENT:
        letter.state, letter.sent_at, letter.secrets = State.SENT, at, []
    else:
        letter.state = State.FAILED if outcome == Outcome.REFUSED else State.UNSURE
    letter.save(update_fields=["state", "sent_at", "secrets"])
    act = {State.SENT: "letter.sent", State.FAILED: "letter.failed"}.get(State(letter.state), "letter.unsure")
    audit.record(act, letter, by=None, at=at)


def register() -> None:
    jobs.register(JOB, jobs.Kind(work=work, finish=finish))
