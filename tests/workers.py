"""Real Celery processes on the database of the test."""

import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager

from django.conf import settings
from django.db import connection


@contextmanager
def celery(tmp_path, *args):
    """A Celery process of the test's database, in a process group of its own."""
    database = connection.settings_dict["NAME"]
    environment = os.environ | {
        "DATABASE_URL": os.environ["DATABASE_URL"].rsplit("/", 1)[0] + f"/{database}",
        "KIP_MEDIA_ROOT": str(settings.MEDIA_ROOT),
        "KIP_JOB_LEASE_SECONDS": "3",
        "KIP_SIGNING_KEY_FOLDER": settings.SIGNING_KEY_FOLDER,
        "KIP_SIGNING_ROOTS": settings.SIGNING_ROOTS,
        "KIP_SIGNING_ALLOW_DEMO": "1",
    }
    with (tmp_path / f"{args[0]}.log").open("ab") as log:
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
