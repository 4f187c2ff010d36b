"""Doors of the workers."""

from celery import shared_task
from django.utils import timezone

from evaluations import checking


@shared_task(name="evaluations.tasks.check_results")
def check_results() -> None:
    """Nightly: every stored result once more, both ways; the verdict goes into the audit log. May be repeated."""
    checking.keep(checking.check_all(), timezone.now())
