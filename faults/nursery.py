"""The entry of the campaign's workers: `python -m faults.nursery`, told on its standard input.

Everything is imported once; each line, a name and its environment as JSON, forks a real Celery worker (prefork) in a
process group of its own. What is replaced or weakened is replaced there, in that process, and nowhere in the house.
"""

import contextlib
import json
import os
import select
import signal
import sys
from pathlib import Path
from typing import Any

from embedded.services import LIBC, PR_SET_PDEATHSIG

CHILDREN = 2  # pool processes of one worker


def main() -> None:
    import django

    django.setup()
    from celery import signals

    from hanoi_kip.celery import app

    app.loader.import_default_modules()
    app.finalize()
    _warm()
    signals.worker_process_init.connect(_child_began, weak=False)
    _say("ready")
    _serve(app)


def _warm() -> None:
    """What a worker would import in its first second."""
    import kombu.transport.redis  # noqa: F401

    from certificates import credential, paper, paper_check  # noqa: F401
    from core.jobs import Postponed
    from signing import pades, verdict  # noqa: F401

    with contextlib.suppress(Postponed):  # a machine without Pango prints nothing and needs nothing warm
        paper.warm_up(2026)


def _replace() -> None:
    from django.conf import settings

    from faults import light, points
    from faults.house import use
    from faults.weak import WEAKNESSES

    use(os.environ["KIP_FAULTS_DATABASE"], Path(os.environ["KIP_FAULTS_MEDIA"]))
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"  # letters are not this campaign's subject
    if os.environ["KIP_FAULTS_PRESS"] == "light":
        light.install()
    if weakness := os.environ.get("KIP_FAULTS_WEAKNESS"):
        WEAKNESSES[weakness].plant()
    points.install()


def _child_began(**_: Any) -> None:
    """A pool process tells its pid, and calls itself by it in the database (a witness compares: watch.sql)."""
    os.environ["PGAPPNAME"] = f"kip-{os.getpid()}"
    (Path(os.environ["KIP_FAULTS_CHILDREN"]) / f"{os.getpgid(0)}.{os.getpid()}").touch()


def _serve(app: Any) -> None:
    names: dict[int, str] = {}
    buffer = b""
    while True:
        readable, _w, _x = select.select([0], [], [], 0.05)
        if readable:
            told = os.read(0, 65536)
            if not told:
                _end(names)
                return
            buffer += told
        *lines, buffer = buffer.split(b"\n")
        for line in lines:
            name, _space, environment = line.decode().partition(" ")
            pid = _fork(app, name, json.loads(environment))
            names[pid] = name
            _say(f"started {name} {pid}")
        while names:
            pid, _status = os.waitpid(-1, os.WNOHANG)
            if pid == 0:
                break
            _say(f"ended {names.pop(pid)} {pid}")


def _fork(app: Any, name: str, environment: dict[str, str]) -> int:
    pid = os.fork()
    if pid:
        return pid
    os.setsid()
    os.environ.update(environment)
    if LIBC:
        LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    log = os.open(os.environ["KIP_FAULTS_LOG"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.dup2(log, 1)
    os.dup2(log, 2)
    options = ["-c", str(CHILDREN), "-n", f"{name}@faults", "--without-mingle", "--without-gossip", "-l", "WARNING"]
    try:
        _replace()
        app.worker_main(["worker", *options])
    finally:
        os._exit(0)


def _end(names: dict[int, str]) -> None:
    for pid in names:
        os.killpg(pid, signal.SIGKILL)


def _say(words: str) -> None:
    sys.stdout.write(words + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
