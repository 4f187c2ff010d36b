"""The job table keeps its promises whatever the message queue does."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from core import jobs
from core.models import Job

done: list[int] = []


@pytest.fixture(autouse=True)
def _kinds(monkeypatch):
    done.clear()
    monkeypatch.setattr(jobs, "kinds", dict(jobs.kinds))
    jobs.register("test.note", jobs.Kind(work=lambda p: p["n"] * 2, finish=lambda p, r, at: done.append(r)))


def raising(payload):
    raise RuntimeError("không làm được")


@pytest.mark.django_db
def test_asking_twice_gives_one_job():
    first = jobs.enqueue("test.note", key="a", payload={"n": 1})
    second = jobs.enqueue("test.note", key="a", payload={"n": 1})

    assert first.pk == second.pk
    with pytest.raises(IntegrityError), transaction.atomic():
        Job.objects.create(kind="test.note", key="a")


@pytest.mark.django_db
def test_a_job_is_done_once_however_often_the_bell_rings():
    job = jobs.enqueue("test.note", key="a", payload={"n": 21})

    assert [jobs.perform(job.pk) for _ in range(3)] == [True, False, False]
    assert done == [42]
    job.refresh_from_db()
    assert (job.state, job.lease_until) == (Job.State.DONE, None)


@pytest.mark.django_db
def test_a_running_job_cannot_be_claimed_until_its_lease_ends():
    job = jobs.enqueue("test.note", key="a", payload={"n": 1})
    assert jobs.claim(job.pk)

    assert jobs.claim(job.pk) is None
    Job.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    assert job.pk in jobs.due_ids()
    assert jobs.claim(job.pk).attempt == 2


@pytest.mark.django_db
def test_a_late_worker_is_fenced():
    """It slept past its lease; another attempt took the job; its answer is thrown away."""
    job = jobs.enqueue("test.note", key="a", payload={"n": 1})
    sleeper = jobs.claim(job.pk)
    Job.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    assert jobs.perform(job.pk)

    assert jobs._finish(sleeper, jobs.kinds["test.note"], "late") is False
    assert done == [2]


@pytest.mark.django_db
def test_a_late_worker_is_fenced_also_when_attempts_were_counted_anew():
    """Its job failed, a person asked for it again, and the new claim is again the first attempt."""
    job = jobs.enqueue("test.note", key="a", payload={"n": 1})
    sleeper = jobs.claim(job.pk)
    Job.objects.update(state=Job.State.FAILED, lease_until=None, finished_at=timezone.now())
    jobs.retry(job=job)
    awake = jobs.claim(job.pk)
    assert sleeper.attempt == awake.attempt == 1

    assert jobs._finish(sleeper, jobs.kinds["test.note"], "late") is False
    assert jobs._finish(awake, jobs.kinds["test.note"], 2) is True
    assert done == [2]


@pytest.mark.django_db
def test_a_failing_job_waits_longer_each_time_and_ends_as_failed_with_its_words():
    jobs.register("test.poison", jobs.Kind(work=raising, finish=lambda p, r, at: None))
    job = jobs.enqueue("test.poison", key="p", payload={})
    for _ in range(5):
        Job.objects.update(not_before=timezone.now() - timedelta(seconds=1))
        assert jobs.perform(job.pk) is False

    job.refresh_from_db()
    assert (job.state, job.attempt) == (Job.State.FAILED, 5)
    assert job.last_error == "RuntimeError: không làm được"
    jobs.retry(job=job)
    job.refresh_from_db()
    assert (job.state, job.attempt) == (Job.State.READY, 0)


@pytest.mark.django_db
def test_a_job_whose_process_dies_every_time_becomes_failed():
    job = jobs.enqueue("test.note", key="a", payload={"n": 1})
    for _ in range(5):
        assert jobs.claim(job.pk)
        Job.objects.update(lease_until=timezone.now() - timedelta(seconds=1))

    assert jobs.claim(job.pk) is None
    job.refresh_from_db()
    assert job.state == Job.State.FAILED
    assert "ended without an answer" in job.last_error


@pytest.mark.django_db
def test_a_missing_system_library_costs_no_attempt():
    def postponed(payload):
        raise jobs.Postponed("Pango is missing.")

    jobs.register("test.later", jobs.Kind(work=postponed, finish=lambda p, r, at: None))
    job = jobs.enqueue("test.later", key="a", payload={})

    assert jobs.perform(job.pk) is False
    job.refresh_from_db()
    assert (job.state, job.attempt, job.last_error) == (Job.State.READY, 0, "Pango is missing.")


@pytest.mark.django_db
def test_an_effect_that_fails_leaves_no_half_of_it():
    def finish(payload, produced, at):
        Job.objects.create(kind="effect", key="x")
        raise RuntimeError("after the effect")

    jobs.register("test.half", jobs.Kind(work=lambda p: None, finish=finish))
    job = jobs.enqueue("test.half", key="a", payload={})

    assert jobs.perform(job.pk) is False
    assert not Job.objects.filter(kind="effect").exists()


@pytest.mark.django_db
def test_a_dead_broker_does_not_fail_the_act(monkeypatch, django_capture_on_commit_callbacks):
    from core import tasks

    monkeypatch.setattr(tasks.run, "delay", lambda job_id: (_ for _ in ()).throw(OSError("Redis is gone")))
    with django_capture_on_commit_callbacks(execute=True):
        job = jobs.enqueue("test.note", key="a", payload={"n": 1})

    assert job.pk in jobs.due_ids()


@pytest.mark.django_db
def test_progress_is_counted_by_query():
    for n in range(3):
        jobs.enqueue("test.note", key=str(n), payload={"n": n}, batch="b")
    jobs.perform(Job.objects.get(key="1").pk)

    assert jobs.progress("b") == jobs.Progress(total=3, done=1, failed=0)
    assert jobs.progress("b").waiting == 2
    assert jobs.progress("none").finished


def test_an_unfinished_transaction_leaves_no_work(transactional_db):
    with transaction.atomic():
        jobs.enqueue("test.note", key="a", payload={"n": 1})
        transaction.set_rollback(True)
    assert not Job.objects.exists()
