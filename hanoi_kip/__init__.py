"""The wiring: settings, addresses, Celery. It owns no rule of the programme."""

from hanoi_kip.celery import app as celery_app

__all__ = ["celery_app"]
