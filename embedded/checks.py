"""`make check` and `make test`: every check in order, then pytest, under one throw-away PostgreSQL and
Valkey. All of them run even when one fails; the last lines are pytest's own summaries.

`python -m embedded.checks`               the checks alone
`python -m embedded.checks --with-tests`  then pytest, with whatever arguments follow
"""

import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from types import FrameType

from embedded.environment import throw_away_servers
from embedded.refusal import Refusal
from embedded.state import PROJECT

PRODUCTION_LIKE = {
    "KIP_INSECURE_HTTP": "0",
    "KIP_ALLOWED_HOSTS": "kip.example.gov.vn",
    "KIP_SITE_URL": "https://kip.example.gov.vn",
}


@dataclass(frozen=True)
class Check:
    name: str
    arguments: tuple[str, ...]
    environment: dict[str, str] = field(default_factory=dict)


CHECKS = (
    Check("format", ("-m", "ruff", "format", "--check", ".")),
    Check("lint", ("-m", "ruff", "check", ".")),
    Check("types", ("-m", "mypy", ".")),
    Check("migrations", ("manage.py", "makemigrations", "--check", "--dry-run")),
    Check("deployment", ("manage.py", "check", "--deploy", "--fail-level", "WARNING"), PRODUCTION_LIKE),
    Check("catalogue", ("manage.py", "catalogue", "--check")),
)


# What only computes runs on every core; what also waits for browsers and workers runs afterwards, at most two at a
# time, so that not too much else takes the time it is given. Together they are every test. Each process takes them in
# their order (none steals from the end of another's), because the tests that empty their database come last.
_TIMED = "browser or worker"
_CORES = os.cpu_count() or 1
WHOLE_SUITE = (
    ["-n", str(min(_CORES, 4)), "--dist", "load", "-m", f"not ({_TIMED})"],
    ["-n", str(min(_CORES, 2)), "--dist", "load", "-m", _TIMED],
)


def run_check(check: Check, environment: dict[str, str]) -> bool:
    began = time.monotonic()
    outcome = subprocess.run(
        [sys.executable, *check.arguments],
        cwd=PROJECT,
        env=environment | check.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    passed = outcome.returncode == 0
    print(f"{'passed' if passed else 'FAILED'}  {check.name}  ({time.monotonic() - began:.1f} s)", flush=True)
    if not passed:
        print(outcome.stdout, flush=True)
    return passed


def main(arguments: list[str]) -> int:
    with_tests = arguments[:1] == ["--with-tests"]
    with throw_away_servers() as settings:
        environment = {**os.environ, **settings, "PYTHONPATH": str(PROJECT)}
        failed = [check.name for check in CHECKS if not run_check(check, environment)]
        if failed:
            print(f"Failed checks: {', '.join(failed)}.", flush=True)
        tests_failed = False
        if with_tests:
            for part in [arguments[1:]] if arguments[1:] else WHOLE_SUITE:
                command = [sys.executable, "-m", "pytest", *part]
                tests_failed |= subprocess.run(command, cwd=PROJECT, env=environment).returncode != 0
    return 1 if failed or tests_failed else 0


def _end_in_order(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, _end_in_order)
    try:
        sys.exit(main(sys.argv[1:]))
    except Refusal as refusal:
        sys.exit(str(refusal))
    except KeyboardInterrupt:
        sys.exit(130)
