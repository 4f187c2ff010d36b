"""Every day has one root, whoever asks how often, and whatever is missing to sign it."""

import hashlib
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from core import merkle
from core.errors import Refused
from core.looks import looks
from core.models import AuditEvent, Job
from ledger import actions, closing, queries, statement
from ledger.models import LogEntry, LogRoot
from signing import keys, statements
from tests.ledger.conftest import DAY, NOON


def test_a_day_has_the_root_over_all_that_happened_until_its_end(diary):
    diary.events(5)
    before = AuditEvent.objects.count()

    (root,) = diary.night()

    assert (root.day, root.size) == (date(2026, 8, 3), before)
    leaves = []
    for event, entry in zip(AuditEvent.objects.all(), LogEntry.objects.all(), strict=False):
        made = hashlib.sha256(entry.salt.bytes + event.hash.encode()).digest()
        assert bytes(entry.entry) == made
        leaves.append(hashlib.sha256(b"\x00" + made).digest())
    assert root.root == merkle.root_of(leaves).hex()
    told = AuditEvent.objects.latest("seq")
    assert (told.act, told.detail["chain"]) == ("log.closed", root.chain_hash)


def test_each_statement_names_the_one_before_and_the_roots_are_beginnings_of_one_another(three_days):
    leaves = [merkle.leaf_hash(bytes(entry.entry)) for entry in LogEntry.objects.all()]

    assert [root.previous_hash for root in three_days] == ["", *(root.chain_hash for root in three_days[:-1])]
    assert [root.root for root in three_days] == [merkle.root_of(leaves[: root.size]).hex() for root in three_days]
    assert all(statement.chain_hash(root.statement) == root.chain_hash for root in three_days)


def test_the_statement_is_signed_and_says_nothing_of_what_happened(three_days):
    root = three_days[1]

    assert root.is_signed
    assert statements.verify_json(root.statement, keys.published(timezone.now()), timezone.now()) is None
    assert set(root.statement) == {
        "type", "version", "log", "day", "timeZone", "hash", "size", "root", "previous", "madeAt", "proof",
    }  # fmt: skip


def test_the_same_event_has_another_entry_in_another_log(diary):
    """Nobody can try out what an event may have been: the salt is not known."""
    diary.events(3)
    diary.night()

    hashes = set(AuditEvent.objects.values_list("hash", flat=True))
    published = {bytes(entry.entry).hex() for entry in LogEntry.objects.all()}
    assert not hashes & published
    assert len({entry.salt for entry in LogEntry.objects.all()}) == LogEntry.objects.count()


def test_missed_days_are_made_up_for_one_by_one_days_without_events_too(diary):
    diary.events(4)
    diary.night()
    diary.events(2)

    roots = diary.night(4)

    assert [root.day for root in roots] == [date(2026, 8, 3) + n * DAY for n in range(5)]
    assert [root.size for root in roots[1:]] == [roots[1].size] * 4
    assert LogRoot.objects.count() == AuditEvent.objects.filter(act="log.closed").count()


def test_the_first_root_ever_is_that_of_yesterday_and_covers_all_before(diary):
    diary.events(4)

    (root,) = diary.night(9)

    assert root.day == date(2026, 8, 11)
    assert root.size == 5  # with the account of the person


def test_closing_twice_changes_nothing(diary):
    diary.events(3)
    diary.night()
    kept = LogRoot.objects.get()
    events = AuditEvent.objects.count()

    closing.ask(diary.now)
    produced = closing._work({"day": kept.day.isoformat()})
    closing._finish({"day": kept.day.isoformat()}, produced, diary.now)
    again = actions.close_day(day=kept.day, signed={}, proof_of_time="", missing={}, at=diary.now)

    assert again == kept
    assert (LogRoot.objects.count(), AuditEvent.objects.count()) == (1, events)
    assert Job.objects.filter(kind=closing.KIND).count() == 1


def test_two_workers_that_made_the_same_day_keep_one_root(diary, monkeypatch):
    """Both did the slow half; the second finds the day closed. Nor can one slip past the check."""
    diary.events(3)
    monkeypatch.setattr("django.utils.timezone.now", lambda: diary.now + DAY)
    day = {"day": "2026-08-03"}
    produced = [closing._work(day), closing._work(day)]
    for one in produced:
        closing._finish(day, one, diary.now + DAY)

    root = LogRoot.objects.get()
    twin = {f.name: getattr(root, f.name) for f in LogRoot._meta.fields if f.name not in ("id", "day", "chain_hash")}
    with pytest.raises(IntegrityError), transaction.atomic():
        LogRoot.objects.create(day=root.day + DAY, chain_hash="0" * 64, **twin)


def test_nothing_is_closed_before_the_day_is_over_or_before_anything_happened(diary):
    assert queries.next_day(NOON) is None
    diary.events(1)
    assert queries.next_day(diary.now) is None
    assert queries.next_day(queries.end_of(date(2026, 8, 3)) - timedelta(seconds=1)) is None
    assert queries.next_day(queries.end_of(date(2026, 8, 3))) == date(2026, 8, 3)


def test_without_a_key_the_root_is_kept_unsigned_and_says_so(diary):
    diary.events(3)

    (root,) = diary.night()

    assert not root.is_signed
    assert root.unsigned_because
    assert root.unstamped_because


def test_a_key_that_does_not_answer_is_waited_for_until_the_morning(diary, signing_key, monkeypatch):
    diary.events(3)

    def down(*args, **kwargs):
        raise Refused("The service does not answer.")

    monkeypatch.setattr(statements, "sign_json", down)
    diary.now -= timedelta(hours=10)  # so that the night ends at two o'clock
    assert diary.night() == []
    assert Job.objects.get(kind=closing.KIND).last_error

    diary.now += timedelta(hours=6) - DAY
    (root,) = diary.night()
    assert "does not answer" in root.unsigned_because


def test_no_root_is_made_that_contradicts_an_earlier_one(three_days, diary, bare):
    bare("UPDATE ledger_logentry SET entry = sha256('x') WHERE seq = 2")
    diary.events(2)

    diary.night()

    assert LogRoot.objects.count() == 3
    assert "run verify_audit" in Job.objects.filter(kind=closing.KIND).latest("pk").last_error


def test_an_entry_that_is_gone_is_not_replaced(three_days, diary, bare):
    bare("DELETE FROM ledger_logentry WHERE seq = 5")
    diary.events(2)

    diary.night()

    assert LogRoot.objects.count() == 3
    assert "Event 5 is missing" in Job.objects.filter(kind=closing.KIND).latest("pk").last_error


def test_no_day_is_left_out(three_days):
    """A root that somebody removed is not made anew, and nothing is made behind the gap."""
    with pytest.raises(closing.Contradiction):
        closing._work({"day": "2026-08-09"})


def test_a_root_that_was_removed_is_not_quietly_made_anew(three_days, diary, bare):
    bare(f"DELETE FROM ledger_logroot WHERE id = {three_days[-1].pk}")

    diary.night()

    assert LogRoot.objects.count() == 2
    assert queries.next_day(diary.now) == three_days[-1].day


def test_a_failed_closing_is_tried_again_by_the_next_bell(diary, monkeypatch):
    diary.events(3)
    with monkeypatch.context() as broken:
        broken.setattr(closing, "_root", lambda *args: 1 / 0)
        diary.night()
    Job.objects.update(state="failed", lease_until=None, finished_at=timezone.now())

    diary.now -= DAY
    assert len(diary.night()) == 1


def test_a_statement_that_does_not_follow_is_refused(three_days):
    last = three_days[-1]
    signed = last.statement | {"previous": "0" * 64}

    with pytest.raises(Refused):
        actions.close_day(day=last.day + DAY, signed=signed, proof_of_time="", missing={}, at=last.made_at)


@pytest.mark.parametrize("table", ["ledger_logroot", "ledger_logentry"])
@pytest.mark.parametrize("sql", ["DELETE FROM {}", "UPDATE {} SET {}"])
def test_the_database_keeps_what_was_published(three_days, table, sql):
    change = {"ledger_logroot": "size = 1", "ledger_logentry": "seq = seq + 1000"}[table]
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql.format(table, change))


def test_the_doctor_says_when_days_are_no_longer_closed(diary, monkeypatch):
    look = looks["public log"]
    assert look() is None
    diary.events(2)
    diary.night()
    with monkeypatch.context() as told:
        told.setattr("django.utils.timezone.now", lambda: diary.now)
        assert look() is None
    assert "is the beat running?" in look()


def test_the_beat_rings_for_the_log():
    from hanoi_kip.celery import app

    assert "ledger.tasks.close_days" in {entry["task"] for entry in app.conf.beat_schedule.values()}
