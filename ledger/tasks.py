"""Doors of the workers."""

from celery import shared_task
from django.utils import timezone

from ledger import closing


@shared_task(name="ledger.tasks.close_days")
def close_days() -> None:
    """The day that ended, and every one that was missed. May be repeated."""
    closing.ask(timezone.now())
