"""Runs `python -m faults` with servers of its own: nothing of the tests' servers reaches it."""

import json
import os
import subprocess
import sys

from django.conf import settings

SERVERS = ("DATABASE_URL", "REDIS_URL", "KIP_CACHE_URL", "KIP_MEDIA_ROOT", "KIP_STATIC_ROOT")


def campaign(folder, *arguments):
    """What the process said, and the facts of every run."""
    told = folder / "runs.jsonl"
    done = subprocess.run(
        [sys.executable, "-m", "faults", *map(str, arguments), "--pace", "1", "--no-fsync", "--json", str(told)],
        cwd=settings.BASE_DIR,
        env={name: value for name, value in os.environ.items() if name not in SERVERS},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=900,
    )
    assert told.exists(), done.stdout
    return done, [json.loads(line) for line in told.read_text().splitlines()]
