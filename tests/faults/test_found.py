"""What the campaign found, kept as tests of their own."""

import time
from threading import Thread

import pytest
from django.db import OperationalError, connection, transaction
from django.utils import timezone

from certificates import batches
from certificates.models import Certificate
from core import jobs
from core.errors import Refused
from core.models import Job


@pytest.fixture
def kind(monkeypatch):
    """Registers a kind of job whose work is this function."""

    def make(work):
        monkeypatch.setitem(jobs.kinds, "test.found", jobs.Kind(work=work, finish=lambda *_: None))
        return jobs.enqueue("test.found", key="1", payload={})

    return make


def wait_of(job):
    job.refresh_from_db()
    return (job.not_before - timezone.now()).total_seconds()


@pytest.mark.parametrize(("over", "least", "most"), [(True, -60, 1), (False, 50, 61)])
def test_a_job_that_met_the_brake_while_it_was_released_goes_on_at_once(db, kind, over, least, most):
    def work(payload):
        raise jobs.Postponed("stopped", is_over=lambda: over)

    job = kind(work)

    assert not jobs.perform(job.pk)
    assert least < wait_of(job) < most
    assert (job.state, job.attempt) == (Job.State.READY, 0)


@pytest.mark.parametrize(("error", "least", "most"), [(OperationalError, 0, 2), (ValueError, 10, 17)])
def test_a_database_that_was_away_is_not_waited_for_longer_each_time(db, kind, error, least, most):
    def work(payload):
        raise error("away")

    job = kind(work)
    Job.objects.filter(pk=job.pk).update(attempt=2)

    assert not jobs.perform(job.pk)
    assert least < wait_of(job) < most


def test_two_starts_at_the_same_moment_make_one_batch(transactional_db, story):
    story.recognised(1)
    papers, said = list(Certificate.objects.all()), []

    def start():
        facts = {"season_year": story.year, "certificates": papers, "by": story.secretary, "at": story.now}
        return batches.start_batch(**facts)

    def second():
        try:
            said.append(start())
        except Refused as refused:
            said.append(refused)
        finally:
            connection.close()

    other = Thread(target=second)
    with transaction.atomic():
        start()
        other.start()
        time.sleep(0.5)  # it waits for the rows of the first
    other.join(10)

    assert len(said) == 1
    assert isinstance(said[0], Refused)
