"""Celery rings the bell; the work itself is a row of core.Job (docs/adr/0003)."""

import os
from typing import Any

from celery import Celery
from celery.schedules import crontab

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hanoi_kip.settings")
# The matrices of a season are small, and several processes share the cores: threads of linear algebra wait for each
# other (the tests of analysis took 1.2 to 1.4 times as long). It is read once, when numpy loads.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

app = Celery("hanoi_kip")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@app.on_after_configure.connect
def _close_days(sender: Celery, **_: Any) -> None:
    """Five past every hour: the day that ended in Hanoi gets its root soon after midnight, a missed one soon after."""
    task = sender.signature("ledger.tasks.close_days")
    sender.add_periodic_task(crontab(minute=5), task, name="close the days of the log")
