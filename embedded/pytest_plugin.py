"""Loaded by `-p embedded.pytest_plugin`: a throw-away PostgreSQL and Valkey for one pytest run, unless
DATABASE_URL and REDIS_URL name others (`make test` starts them once for all its checks).

The hook below wraps the one by which pytest-django imports the settings, so the addresses are in the
environment before that. Workers of pytest-xdist inherit the environment and start nothing; each has a database of
its own (pytest-django) and its own numbered rooms in Valkey, because a test may empty its cache.

Stale translations are compiled first.

A test marked `browser` or `pdf` needs something that no wheel brings. Where it is missing such tests are
left out and the run says so loudly; with CI=true that is an error.
"""

import os
import re
from collections.abc import Generator
from contextlib import ExitStack
from pathlib import Path

import pytest

from embedded.environment import throw_away_servers
from embedded.machine import TEST_NEEDS, lacking_packages
from embedded.refusal import Refusal
from embedded.state import PROJECT

_running = ExitStack()
_left_out: dict[str, int] = {}


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests() -> Generator[None, object, object]:
    if not os.environ.get("DATABASE_URL") or not os.environ.get("REDIS_URL"):
        try:
            os.environ.update(_running.enter_context(throw_away_servers()))
        except Refusal as refusal:
            raise pytest.UsageError(str(refusal)) from None
    worker = os.environ.get("PYTEST_XDIST_WORKER", "")
    if worker:
        number = int(worker.removeprefix("gw"))
        for name, place in (("REDIS_URL", 2 * number), ("KIP_CACHE_URL", 2 * number + 1)):
            os.environ[name] = in_room(os.environ[name], place)
    # The browser driver runs an event loop in the thread of the test, and Django would refuse the database.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    try:
        return (yield)
    except BaseException:
        _running.close()
        raise


def in_room(address: str, number: int) -> str:
    """The same server, another of its numbered databases: `redis://host:6379/0`, `…?db=1`, `…?virtual_host=0`."""
    if "?" in address:
        return re.sub(r"(?<=[?&])(db|virtual_host)=\d+", rf"\1={number}", address)
    return re.sub(r"(://[^/]+)(/\d*)?$", rf"\1/{number}", address)


def pytest_sessionstart(session: pytest.Session) -> None:
    """Translations are compiled files that the repository does not hold; stale ones are made again."""
    if os.environ.get("PYTEST_XDIST_WORKER") or not any(_is_stale(source) for source in _catalogues()):
        return
    from django.core.management import call_command

    call_command("catalogue", compile=True)


def _catalogues() -> list[Path]:
    return list(PROJECT.glob("*/locale/*/LC_MESSAGES/django.po"))


def _is_stale(source: Path) -> bool:
    compiled = source.with_suffix(".mo")
    return not compiled.exists() or compiled.stat().st_mtime < source.stat().st_mtime


@pytest.hookimpl(trylast=True)
def pytest_unconfigure() -> None:
    _running.close()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    for marker in TEST_NEEDS:
        lacking = lacking_packages(marker)
        needy = [item for item in items if item.get_closest_marker(marker)] if lacking else []
        if not needy:
            continue
        if os.environ.get("CI", "").lower() in ("1", "true", "yes"):
            raise pytest.UsageError(_sentence(marker, len(needy)))
        _left_out[marker] = len(needy)
        config.hook.pytest_deselected(items=needy)
        items[:] = [item for item in items if item not in needy]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for marker, count in _left_out.items():
        terminalreporter.section("LEFT OUT", red=True, bold=True)
        terminalreporter.write_line(_sentence(marker, count), red=True)


def _sentence(marker: str, count: int) -> str:
    packages = " ".join(lacking_packages(marker))
    return (
        f"{count} tests marked `{marker}` cannot run on this machine; "
        f"on Debian or Ubuntu: sudo apt-get install --no-install-recommends {packages}"
    )
