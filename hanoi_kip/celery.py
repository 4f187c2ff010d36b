"""Celery rings the bell; the work itself is a row of core.Job (docs/adr/0003)."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hanoi_kip.settings")

app = Celery("hanoi_kip")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
