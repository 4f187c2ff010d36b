"""Doors of the workers. A message carries an id only; it may be lost, doubled or late."""

from celery import shared_task

from core import jobs


@shared_task(name="core.tasks.run")
def run(job_id: int) -> None:
    jobs.perform(job_id)


@shared_task(name="core.tasks.sweep", expires=10)
def sweep() -> None:
    """The beat wakes the workers again for everything that is due."""
    for job_id in jobs.due_ids():
        run.delay(job_id)
