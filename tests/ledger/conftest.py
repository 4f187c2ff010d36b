from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, transaction

from core import audit, jobs
from core.models import Job
from ledger import closing
from ledger.models import LogRoot
from signing import demo_keys

NOON = datetime(2026, 8, 3, 5, 0, tzinfo=UTC)  # in Hanoi
DAY = timedelta(days=1)


class Diary:
    """A log that grows by days; the nights are those of the real jobs."""

    def __init__(self, monkeypatch, user):
        self.monkeypatch, self.user, self.now = monkeypatch, user, NOON

    def events(self, number):
        for _ in range(number):
            self.now += timedelta(seconds=1)
            with transaction.atomic():
                audit.record("test.happened", self.user, by=None, at=self.now, what="chuyện kín")

    def night(self, days=1):
        """The clock goes on, the beat rings, the workers work until nothing is left."""
        self.now += days * DAY
        with self.monkeypatch.context() as told:
            told.setattr("django.utils.timezone.now", lambda: self.now)
            closing.ask(self.now)
            while waiting := Job.objects.filter(kind=closing.KIND, state="ready").first():
                Job.objects.filter(pk=waiting.pk).update(not_before=NOON)
                if not jobs.perform(waiting.pk):
                    break
        return list(LogRoot.objects.order_by("day"))


@pytest.fixture
def diary(story, monkeypatch):
    return Diary(monkeypatch, story.person("somebody"))


@pytest.fixture(scope="session")
def log_keys(tmp_path_factory):
    """Made once for all tests of the log."""
    return tmp_path_factory.mktemp("log-keys")


@pytest.fixture
def signing_key(db, settings, log_keys):
    settings.SIGNING_KEY_FOLDER, settings.SIGNING_ROOTS = str(log_keys), str(log_keys / "roots.pem")
    return demo_keys.make(log_keys, NOON - DAY)["credential"]


@pytest.fixture
def three_days(diary, signing_key):
    """Eleven, then more, then only what the closing itself leaves; each day signed."""
    diary.events(11)
    diary.night()
    diary.events(7)
    diary.night()
    return diary.night()


@pytest.fixture
def bare():
    """SQL as the owner of the database may write it: no trigger is in the way."""

    def run(*statements):
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            for table in ("core_auditevent", "ledger_logentry", "ledger_logroot"):
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            for statement in statements:
                cursor.execute(statement)

    return run
