"""Writing a letter, and what a person at the outbox decides about it."""

from datetime import datetime
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import models, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from core import audit, jobs
from core.errors import Refused
from mail import calendars, merge, queries, registry, rendering
from mail.kinds import Addressee, CalendarEntry
from mail.models import Letter, LetterText, about_of

JOB = "mail.send"
State = Letter.State


@transaction.atomic
def post(
    *,
    kind: str,
    to: User | Addressee,
    context: dict[str, str],
    key: str,
    about: models.Model | None = None,
    by: Any = None,
    at: datetime,
    calendar: CalendarEntry | None = None,
) -> Letter:
    """Write a letter in the caller's transaction; it goes out after the commit, a decision when a person sends it.

    The same key gives the same letter. Raises LookupError for an unknown kind, ValueError for values that do not
    fit it, Refused for an address that is none.
    """
    known = Letter.objects.filter(key=key).first()
    if known is not None:
        return known
    letter_kind = registry.kind_named(kind)
    name, language = (to.full_name, to.language) if isinstance(to, User) else (to.name, to.language)
    address = _address(to.email)
    rendered = rendering.render(letter_kind, queries.words_of(letter_kind), context, language=language, name=name)
    about_model, about_id = about_of(about) if about is not None else ("", "")
    letter, new = Letter.objects.get_or_create(
        key=key,
        defaults={
            "kind": kind,
            "room": registry.room_of(kind),
            "to_user": to if isinstance(to, User) else None,
            "to_name": merge.one_line(name)[:200],
            "to_email": address,
            "language": language,
            "subject": rendered.subject,
            "text": rendered.text,
            "html": rendered.html,
            "secrets": rendered.secrets,
            "calendar": calendars.calendar_file(calendar, key=key, at=at) if calendar else "",
            "is_reminder": letter_kind.is_reminder,
            "about_model": about_model,
            "about_id": about_id,
            "about_name": str(about)[:300] if about is not None else "",
            "state": State.HELD if letter_kind.is_decision else State.WAITING,
            "message_id": f"<{uuid4()}@{urlsplit(settings.SITE_URL).hostname or 'localhost'}>",
            "created_at": at,
            "created_by_name": str(by or audit.SYSTEM)[:200],
        },
    )
    if new and letter.state == State.WAITING:
        _ring(letter)
    return letter


def _address(email: str) -> str:
    try:
        validate_email(email)
    except ValidationError:
        raise Refused(_("“%(email)s” is not a mail address.") % {"email": merge.one_line(email)[:80]}) from None
    return email


def _ring(letter: Letter) -> None:
    jobs.enqueue(JOB, key=letter.job_key, payload={"letter": letter.pk, "round": letter.round})


def _locked(letter: Letter, *states: str) -> Letter:
    """The letter as it is now. Raises Refused when somebody or the sender was faster."""
    row = Letter.objects.select_for_update().get(pk=letter.pk)
    if row.state not in states:
        raise Refused(
            _("This letter is %(state)s now; the page was older.") % {"state": row.get_state_display().lower()}
        )
    return row


@transaction.atomic
def send_now(*, letter: Letter, by: Any, at: datetime) -> Letter:
    """A held letter goes out."""
    row = _locked(letter, State.HELD)
    row.state = State.WAITING
    row.save(update_fields=["state"])
    _ring(row)
    audit.record("letter.released", row, by=by, at=at)
    return row


@transaction.atomic
def cancel(*, letter: Letter, reason: str, by: Any, at: datetime) -> Letter:
    """A letter that has not been sent stays unsent, with the reason."""
    reason = merge.one_line(reason)
    if not reason:
        raise Refused(_("Give the reason: it stays with the letter."))
    row = _locked(letter, State.HELD, State.WAITING, State.FAILED, State.UNSURE)
    row.state, row.cancel_reason, row.ended_by_name, row.secrets = State.CANCELLED, reason[:500], str(by)[:200], []
    row.save(update_fields=["state", "cancel_reason", "ended_by_name", "secrets"])
    audit.record("letter.cancelled", row, by=by, at=at, reason=reason[:500])
    return row


@transaction.atomic
def send_again(*, letter: Letter, by: Any, at: datetime) -> Letter:
    """A failed letter, or one nobody is sure about, begins a new round of attempts under the same Message-ID."""
    stuck = (State.WAITING, State.SENDING) if queries.is_stuck(letter) else ()
    row = _locked(letter, State.FAILED, State.UNSURE, *stuck)
    row.state, row.round = State.WAITING, row.round + 1
    row.save(update_fields=["state", "round"])
    _ring(row)
    audit.record("letter.sent_again", row, by=by, at=at, round=row.round)
    return row


@transaction.atomic
def count_as_sent(*, letter: Letter, by: Any, at: datetime) -> Letter:
    """A person knows that the letter arrived, so it is not repeated."""
    row = _locked(letter, State.UNSURE)
    row.state, row.sent_at, row.ended_by_name, row.secrets = State.SENT, at, str(by)[:200], []
    row.save(update_fields=["state", "sent_at", "ended_by_name", "secrets"])
    audit.record("letter.counted_as_sent", row, by=by, at=at)
    return row


@transaction.atomic
def change_words(
    *, kind: str, language: str, subject: str, body: str, seen_version: int, by: Any, at: datetime
) -> LetterText:
    """Words of one kind in one language from now on. Letters already written keep theirs."""
    return _new_version(kind, language, seen_version, by, at, subject=subject, body=body)


@transaction.atomic
def restore_words(*, kind: str, language: str, seen_version: int, by: Any, at: datetime) -> LetterText:
    """Back to the standard words; the changed ones stay in the history."""
    return _new_version(kind, language, seen_version, by, at, is_standard=True)


def _new_version(
    kind: str, language: str, seen_version: int, by: Any, at: datetime, *, is_standard: bool = False, **words: str
) -> LetterText:
    letter_kind = registry.kind_named(kind)
    if not is_standard:
        words = {"subject": merge.one_line(words["subject"]), "body": merge.plain(words["body"]).strip()}
        reasons = [
            queries.words_for_fault(fault)
            for fault in merge.faults(**words, allowed=letter_kind.field_names, addresses=letter_kind.addresses)
        ]
        if not all(words.values()):
            reasons.append(_("Subject and text cannot be empty."))
        if reasons:
            raise Refused(reasons)
    with transaction.get_connection().cursor() as cursor:  # two editors at once: the second sees the first
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"mail.words:{kind}:{language}"])
    last = LetterText.objects.filter(kind=kind, language=language).first()
    if (last.version if last else 0) != seen_version:
        raise Refused(_("Somebody else changed these words meanwhile. Load the page again and compare."))
    text = LetterText.objects.create(
        kind=kind,
        language=language,
        version=seen_version + 1,
        is_standard=is_standard,
        changed_by_name=str(by)[:200],
        changed_at=at,
        **words,
    )
    act = "letter_text.restored" if is_standard else "letter_text.changed"
    audit.record(act, text, by=by, at=at, kind=kind, language=language, version=text.version)
    return text
