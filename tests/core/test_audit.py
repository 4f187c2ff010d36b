import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction

from core import audit
from core.models import AuditEvent, AuditHead
from tests.story import START


@pytest.fixture
def events(story):
    story.submitted()
    return AuditEvent.objects.order_by("seq")


def test_every_act_leaves_an_event_in_an_unbroken_chain(events):
    acts = list(events.values_list("act", flat=True))

    assert acts[0] == "account.opened"
    assert acts[-1] == "dossier.submit"
    assert audit.first_break() is None


@pytest.mark.parametrize(
    "sql",
    ["UPDATE core_auditevent SET act = 'x.y'", "DELETE FROM core_auditevent", "TRUNCATE core_auditevent"],
)
def test_the_database_refuses_to_change_history(events, sql):
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # or ALTER TABLE would meet pending checks
        cursor.execute("ALTER TABLE core_auditevent ENABLE TRIGGER audit_no_truncate")
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


@pytest.mark.parametrize(
    ("sql", "words"),
    [
        ("UPDATE core_auditevent SET actor_name = 'ai khác' WHERE seq = 3", "Audit event 3 "),
        ("DELETE FROM core_auditevent WHERE seq = 2", "Audit event 2 is missing"),
        ("DELETE FROM core_auditevent WHERE seq = (SELECT max(seq) FROM core_auditevent)", "its head says"),
    ],
)
def test_a_row_altered_behind_our_back_is_found_and_named(events, sql, words):
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE core_auditevent DISABLE TRIGGER USER")
        cursor.execute(sql)

    with pytest.raises(CommandError, match=words):
        call_command("verify_audit")


def test_an_event_belongs_to_a_transaction(story):
    user = story.person("clerk")

    with pytest.raises(ValueError, match="Not an act"):
        audit.record("Something", user, by=user, at=START)


def test_a_refused_act_leaves_no_event(story):
    from core.errors import Refused
    from dossiers import actions

    draft = story.draft()
    before = AuditHead.objects.get().seq

    with pytest.raises(Refused):
        actions.submit(dossier=draft, by=story.person("clerk"), at=story.tick())
    assert AuditHead.objects.get().seq == before
