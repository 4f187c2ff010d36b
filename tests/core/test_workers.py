"""Real workers are killed in the middle of a batch and Redis is emptied; every certificate comes once.

Measured elsewhere (docs/adr/0003): Celery on Redis alone lost up to a tenth of the tasks under such faults.
"""

import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager

import pytest
import redis
from django.conf import settings
from django.db import connection

from certificates.models import Certificate
from core import files
from core.models import AuditEvent, Job

DOSSIERS = 12


@contextmanager
def celery(tmp_path, *args):
    """A Celery process of the test's database, in a process group of its own."""
    database = connection.settings_dict["NAME"]
    address = os.environ["DATABASE_URL"].rsplit("/", 1)[0] + f"/{database}"
    environment = os.environ | {
        "DATABASE_URL": address,
        "KIP_MEDIA_ROOT": str(settings.MEDIA_ROOT),
        "KIP_JOB_LEASE_SECONDS": "3",
    }
    log = (tmp_path / f"{args[0]}.log").open("ab")
    process = subprocess.Popen(
        [sys.executable, "-m", "celery", "-A", "hanoi_kip", *args, "--loglevel", "WARNING"],
        cwd=settings.BASE_DIR,
        env=environment,
        stdout=log,
        stderr=log,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        log.close()
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def worker(tmp_path):
    return celery(tmp_path, "worker", "-c", "2", "--without-mingle", "--without-gossip")


def beat(tmp_path):
    return celery(tmp_path, "beat", "-s", str(tmp_path / "beat"))


def wait_for(condition, seconds, what):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, f"waited {seconds} s for {what}"
        time.sleep(0.1)


def issued():
    return Certificate.objects.filter(issued_at__isnull=False).count()


@pytest.mark.worker
@pytest.mark.pdf
def test_every_certificate_comes_exactly_once_though_workers_are_killed_and_redis_is_flushed(
    transactional_db, tmp_path, capsys
):
    from tests.story import Story

    broker = redis.Redis.from_url(settings.CACHES["default"]["LOCATION"], db=0)
    story = Story()
    story.recognised(DOSSIERS)
    wanted = Certificate.objects.count()
    assert wanted == DOSSIERS + 10
    assert issued() == 0

    kills, in_hand = 0, 0
    with beat(tmp_path):
        for stop_at in (2, 6, 10):
            with worker(tmp_path) as group:
                wait_for(lambda n=stop_at: issued() >= n, 60, f"{stop_at} certificates")
                wait_for(
                    lambda: Job.objects.filter(state="running").exists() or issued() == wanted,
                    10,
                    "a running job",
                )
                os.killpg(group.pid, signal.SIGKILL)
                group.wait()
                kills += 1
            in_hand += Job.objects.filter(state="running").count()
            broker.flushall()
        with worker(tmp_path):
            # The letters of the season wait for a mail server, which nobody runs here.
            batch = Job.objects.exclude(kind="mail.send")
            wait_for(lambda: not batch.exclude(state="done").exists(), 90, "the end of the batch")

    certificates = list(Certificate.objects.order_by("book", "number"))
    assert len(certificates) == wanted
    assert all(c.issued_at and c.file_id for c in certificates)
    for book in {c.book for c in certificates}:
        numbers = [c.number for c in certificates if c.book == book]
        assert numbers == list(range(1, len(numbers) + 1))
    events = AuditEvent.objects.filter(act="certificate.issued").values_list("object_id", flat=True)
    assert sorted(events) == sorted(str(c.pk) for c in certificates)
    assert all(files.read(c.file_id).startswith(b"%PDF") for c in certificates)
    assert in_hand > 0, "no worker died with work in its hands: the test proved nothing"
    retried = Job.objects.filter(kind="certificate.issue", attempt__gt=1).count()
    with capsys.disabled():
        print(
            f"\n{kills} worker groups killed with SIGKILL ({in_hand} jobs in hand), Redis flushed {kills} times: "
            f"{wanted} certificates ordered, {len(certificates)} issued once each, {retried} jobs taken up again."
        )
