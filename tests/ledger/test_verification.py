"""Damage done with real SQL by whoever owns the database: found, and told where."""

import json
from pathlib import Path
from threading import Thread

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from core import audit
from core.canonical import digest
from core.models import AuditEvent, AuditHead
from ledger import queries, statement, verification
from ledger.models import LogEntry, LogRoot
from ledger.verification import verify


def told():
    with pytest.raises(CommandError) as error:
        call_command("verify_audit")
    return str(error.value)


def rewrite_from(bare, number):
    """Every hash from this event on is made anew, and the head says so too: the chain is whole again."""
    previous = AuditEvent.objects.get(seq=number - 1).hash if number > 1 else ""
    for event in AuditEvent.objects.filter(seq__gte=number).order_by("seq"):
        event.previous_hash = previous
        previous = digest(event.content())
        bare(
            f"UPDATE core_auditevent SET previous_hash = '{event.previous_hash}', hash = '{previous}' "
            f"WHERE seq = {event.seq}"
        )
    bare(f"UPDATE core_audithead SET hash = '{previous}'")


def cut_to(bare, number):
    last = AuditEvent.objects.get(seq=number).hash
    bare(
        f"DELETE FROM core_auditevent WHERE seq > {number}",
        f"UPDATE core_audithead SET seq = {number}, hash = '{last}'",
    )


def test_a_whole_log_holds_and_says_how_much_was_looked_at(three_days, capsys):
    call_command("verify_audit")

    said = capsys.readouterr().out
    assert f"holds: {AuditEvent.objects.count()} events, chain unbroken" in said
    assert "3 daily roots come out." in said


def test_a_log_without_roots_or_events_holds(db):
    assert verify().fault is None


def test_an_altered_row_is_named(three_days, bare):
    bare("UPDATE core_auditevent SET actor_name = 'ai khác' WHERE seq = 6")

    assert told() == "Audit event 6 (test.happened) does not match its hash."


def test_a_removed_row_is_named(three_days, bare):
    bare("DELETE FROM core_auditevent WHERE seq = 4")

    assert "Audit event 4 is missing" in told()


def test_an_altered_row_is_named_though_every_later_hash_was_made_anew(three_days, bare):
    first, second, _ = three_days
    assert first.size < 16 <= second.size
    bare("UPDATE core_auditevent SET actor_name = 'ai khác' WHERE seq = 16")
    rewrite_from(bare, 16)

    said = told()
    assert "Audit event 16 was altered" in said
    assert f"root of {second} does not come out ({second.size} events)" in said
    assert f"the root of {first} still comes out" in said


def test_when_the_entries_were_made_to_fit_too_the_two_days_are_named(three_days, bare):
    first, second, _ = three_days
    bare("UPDATE core_auditevent SET actor_name = 'ai khác' WHERE seq = 16")
    rewrite_from(bare, 16)
    bare(
        "UPDATE ledger_logentry l SET entry = sha256(uuid_send(l.salt) || convert_to(e.hash, 'UTF8')) "
        "FROM core_auditevent e WHERE e.seq = l.seq"
    )

    said = told()
    assert f"One of the audit events {first.size + 1} to {second.size} was altered" in said
    assert f"the root of {first} still comes out" in said


def test_a_removed_row_is_found_though_the_rest_was_numbered_anew(three_days, bare):
    bare(
        "DELETE FROM core_auditevent WHERE seq = 4",
        "UPDATE core_auditevent SET seq = -seq WHERE seq > 4",
        "UPDATE core_auditevent SET seq = -seq - 1 WHERE seq < 0",
        "UPDATE core_audithead SET seq = seq - 1",
    )
    rewrite_from(bare, 4)

    assert "Audit event 4 was altered" in told()


def test_a_cut_tail_is_found_by_the_head(three_days, bare):
    bare(f"DELETE FROM core_auditevent WHERE seq > {AuditEvent.objects.count() - 2}")

    assert "its head says" in told()


def test_a_cut_tail_is_found_though_the_head_was_rewritten(three_days, bare):
    cut_to(bare, 15)

    assert told() == (
        f"The log ends at event 15, but the root of {three_days[-1]} covers {three_days[-1].size}: its tail was cut."
    )


def test_a_tail_cut_behind_the_newest_root_takes_its_own_announcement_along(three_days, bare):
    """The event that tells of a root lies behind it: what is cut there is found as well."""
    last = three_days[-1]
    assert AuditEvent.objects.latest("seq").act == "log.closed"
    cut_to(bare, last.size)

    assert told() == f"The root of {last} is not the one that the audit log tells of."


@pytest.mark.parametrize(
    ("sql", "words"),
    [
        ("size = 3", "was altered: its row and its statement differ"),
        ("day = day - 30", "was altered: its row and its statement differ"),
        ("statement = jsonb_set(statement, '{size}', '3')", "was altered: its row and its statement differ"),
        ("statement = '[]'", "was altered: its row and its statement differ"),
        ("statement = statement - 'proof'", "is not the one that the audit log tells of"),
        (
            "statement = jsonb_set(statement, '{proof,proofValue}', '\"z2\"')",
            "has a signature that does not hold (",
        ),
    ],
)
def test_an_altered_root_is_named(three_days, bare, sql, words):
    bare(f"UPDATE ledger_logroot SET {sql} WHERE day = '2026-08-03'")

    assert words in told()


def test_a_root_whose_statement_was_written_anew_breaks_the_chain_and_the_signature(three_days, bare):
    first = three_days[0]
    forged = first.statement | {"madeAt": "2026-08-03T00:00:00+00:00"}
    bare(
        f"UPDATE ledger_logroot SET statement = '{json.dumps(forged)}', "
        f"chain_hash = '{statement.chain_hash(forged)}' WHERE id = {first.pk}"
    )

    assert told() == f"The root of {first} has a signature that does not hold (altered)."


@pytest.mark.parametrize(
    ("which", "words"), [(1, "The root of 2026-08-04 is missing."), (2, "The root of 2026-08-05 is missing, though")]
)
def test_a_removed_root_is_named(three_days, bare, which, words):
    bare(f"DELETE FROM ledger_logroot WHERE id = {three_days[which].pk}")

    assert words in told()


def test_the_first_root_removed_is_named(three_days, bare):
    bare(f"DELETE FROM ledger_logroot WHERE id = {three_days[0].pk}")

    assert "The root of 2026-08-04 does not name the one before it." in told()


def test_an_altered_or_removed_entry_is_named(three_days, bare):
    bare("UPDATE ledger_logentry SET entry = sha256('x') WHERE seq = 5")
    assert told() == "The public entry of audit event 5 was altered."

    bare("DELETE FROM ledger_logentry WHERE seq = 5")
    assert told() == "The public entry of audit event 5 is missing."


@pytest.fixture
def stamped_days(settings, signing_key, request):
    settings.SIGNING_TIME_STAMP, settings.SIGNING_TIME_STAMP_ROOTS = "demo", settings.SIGNING_ROOTS
    return request.getfixturevalue("three_days")


def test_time_stamps_are_checked(stamped_days, bare):
    assert all(root.is_stamped for root in stamped_days)
    assert verify().fault is None

    first, second, _ = stamped_days
    bare(f"UPDATE ledger_logroot SET time_stamp = '{second.time_stamp}' WHERE id = {first.pk}")
    assert told() == f"The root of {first} has a time stamp that does not hold (other_digest)."


@pytest.mark.parametrize(("stamp", "words"), [("", "tells of"), ("x", "does not hold"), ("AAAA", "does not hold")])
def test_a_time_stamp_that_was_taken_away_or_is_none_is_told(stamped_days, bare, stamp, words):
    bare(f"UPDATE ledger_logroot SET time_stamp = '{stamp}' WHERE day = '2026-08-03'")

    assert words in told()


def kept_outside(tmp_path):
    path = tmp_path / "roots.json"
    path.write_text(json.dumps(queries.published()), encoding="utf-8")
    return str(path)


def test_a_copy_of_the_roots_kept_elsewhere_agrees(three_days, tmp_path, capsys):
    call_command("verify_audit", roots=kept_outside(tmp_path))

    assert "All 3 roots kept outside are among them." in capsys.readouterr().out


def forget_everything_after(bare, number):
    """Cut events, roots and entries, and make the head fit: here nothing tells of it any more."""
    cut_to(bare, number)
    bare(f"DELETE FROM ledger_logroot WHERE size > {number}", f"DELETE FROM ledger_logentry WHERE seq > {number}")


def test_what_nothing_in_the_database_tells_any_more_a_copy_kept_elsewhere_does(three_days, bare, tmp_path):
    copy = kept_outside(tmp_path)
    forget_everything_after(bare, three_days[0].size + 1)
    assert verify().fault is None

    with pytest.raises(CommandError, match="that was kept outside covers"):
        call_command("verify_audit", roots=copy)


def test_a_forged_history_with_new_roots_does_not_pass_for_the_kept_one(three_days, diary, bare, tmp_path):
    """Everything was cut and the log grew again to the same length, properly closed and signed."""
    copy = kept_outside(tmp_path)
    forget_everything_after(bare, three_days[0].size + 1)
    bare("DELETE FROM core_job")
    diary.now = three_days[1].made_at - queries.timedelta(hours=20)
    diary.events(7)
    diary.night()
    assert verify(now=diary.now).fault is None

    with pytest.raises(CommandError, match="does not come out"):
        call_command("verify_audit", roots=copy)


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"roots": [{}]}', '{"roots": 1}', "null"])
def test_a_file_that_is_no_copy_is_told(three_days, tmp_path, content):
    path = tmp_path / "x.json"
    path.write_text(content)

    with pytest.raises(CommandError, match=r"cannot be read|not a roots\.json"):
        call_command("verify_audit", roots=str(path))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ('{"roots": {}}', "not a roots.json"),
        ('{"roots": {}, "size": 0}', "not a roots.json"),
        ('{"roots": []}', "not a roots.json"),
        ('{"roots": [], "size": 0}', "No root is in this roots.json"),
    ],
)
def test_a_file_without_roots_proves_nothing(three_days, tmp_path, content, words):
    path = tmp_path / "x.json"
    path.write_text(content)

    with pytest.raises(CommandError, match=words):
        call_command("verify_audit", roots=str(path))


def test_a_root_that_lost_what_the_kept_one_bears_is_told(stamped_days, bare, tmp_path):
    """The announcements were rewritten too."""
    copy, day = kept_outside(tmp_path), stamped_days[0]
    for column, words in (
        ("time_stamp = ''", "lost the time stamp"),
        ("statement = statement - 'proof'", "signature"),
    ):
        bare(f"UPDATE ledger_logroot SET {column} WHERE id = {day.pk}")
        roots = list(LogRoot.objects.order_by("day"))
        assert words in str(verification._against(json.loads(Path(copy).read_text()), roots))


def test_an_unsigned_log_holds_and_says_that_it_is_unsigned(diary, capsys):
    diary.events(3)
    diary.night()

    call_command("verify_audit")
    assert "1 daily roots come out, 1 of them unsigned." in capsys.readouterr().out


def test_the_check_covers_what_the_row_covers(three_days):
    from core.audit import _COVERED

    assert set(_COVERED) == set(AuditEvent.objects.first().content())


def test_the_rows_of_a_day_that_is_being_closed_are_no_fault(three_days, diary):
    from ledger import actions

    diary.events(4)
    actions.enter_events(size=AuditHead.objects.get().seq, at=timezone.now())

    assert LogEntry.objects.count() == AuditEvent.objects.count()
    assert LogRoot.objects.count() == 3
    assert verify().fault is None


@pytest.mark.django_db(transaction=True)
def test_what_is_written_during_the_walk_is_no_fault(diary):
    diary.events(3)
    diary.night()

    def write():
        diary.events(1)
        connection.close()

    def see(seq, event_hash):
        if seq == 2:
            other = Thread(target=write)
            other.start()
            other.join()

    assert audit.first_break(see) is None
    assert verify().fault is None
    assert AuditHead.objects.get().seq == 6
