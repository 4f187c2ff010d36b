"""Doors of the workers."""

from celery import shared_task
from django.utils import timezone

from dossiers import actions, reminders


@shared_task(name="dossiers.tasks.sweep_uploads")
def sweep_uploads() -> None:
    """Uploads that nobody finished within a day."""
    actions.sweep_uploads(at=timezone.now())


@shared_task(name="dossiers.tasks.remind")
def remind() -> None:
    """Letters before a supplement is due. Every run may be repeated or missed."""
    reminders.send_due(at=timezone.now())
