"""Celery rings the bell; the work itself is a row of core.Job (docs/adr/0003)."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hanoi_kip.settings")
# The matrices of a season are small, and several processes share the cores: threads of linear algebra wait for each
# other (the tests of analysis took 1.2 to 1.4 times as long). It is read once, when numpy loads.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

app = Celery("hanoi_kip")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
