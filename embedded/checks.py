"""`make check` and `make test`: every check, then pytest, under one throw-away PostgreSQL and Valkey. All of them run
even when one fails; the last lines are pytest's own summaries.

`python -m embedded.checks`               the checks alone
`python -m embedded.checks --with-tests`  then pytest, with whatever arguments follow
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
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
# On the database of the servers that this run has started; tests/conftest.py makes those of the tests as copies of it.
FROM_NOTHING = Check("migrations, from nothing", ("manage.py", "migrate", "--verbosity", "0"))

# What only computes runs on every core; what also waits for browsers and workers runs afterwards, at most two at a
# time, so that not too much else takes the time it is given. Together they are every test. Each process takes them in
# their order (none steals from the end of another's), because the tests that empty their database come last.
_TIMED = "browser or worker"
_CORES = os.cpu_count() or 1
WHOLE_SUITE = (
    ["-n", str(min(_CORES, 4)), "--dist", "load", "-m", f"not ({_TIMED})"],
    ["-n", str(min(_CORES, 2)), "--dist", "load", "-m", _TIMED],
)


def failing(checks: Sequence[Check], environment: dict[str, str]) -> list[str]:
    """The names of those that fail; two run at a time, because one of them, the types, takes longer than the rest."""
    with ThreadPoolExecutor(2) as both:
        outcomes = both.map(lambda check: passes(check, environment), checks)
        return [check.name for check, passed in zip(checks, outcomes, strict=True) if not passed]


def passes(check: Check, environment: dict[str, str]) -> bool:
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
    told = f"{'passed' if passed else 'FAILED'}  {check.name}  ({time.monotonic() - began:.1f} s)\n"
    print(told if passed else told + outcome.stdout, end="", flush=True)
    return passed


def main(arguments: list[str]) -> int:
    with_tests = arguments[:1] == ["--with-tests"]
    with throw_away_servers() as settings:
        environment = {**os.environ, **settings, "PYTHONPATH": str(PROJECT)}
        checks: tuple[Check, ...] = CHECKS
        if with_tests and not os.environ.get("DATABASE_URL"):
            checks = (FROM_NOTHING, *CHECKS)
            environment["KIP_TESTS_COPY"] = "1"
        failed = failing(checks, environment)
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
