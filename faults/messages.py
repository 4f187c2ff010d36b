"""What is asked of the database, and what is sent to the broker, in bad faith."""

from collections.abc import Callable
from functools import partial
from typing import Any

from faults.people import look


def storm(number: int) -> bool:
    """The bell of these jobs, three times each, as fast as it goes."""
    from core.tasks import run

    found = look(lambda: _some_ids(["ready", "running"], number), [])
    return bool(found) and _all_sent([partial(run.delay, pk) for pk in found * 3])


def forge(unknown: int) -> bool:
    """Old ids again, ids of nobody, wrong words, an unknown task, and bytes that must not be read."""
    from core.tasks import run
    from hanoi_kip.celery import app

    old = look(lambda: _some_ids(["done", "failed", "cancelled"], 5), [])
    forged: list[Callable[[], Any]] = [partial(run.delay, pk) for pk in [*old, unknown, "certificate"]]
    forged += [
        lambda: app.send_task("core.tasks.run", [-1, "more"]),
        lambda: app.send_task("core.tasks.issue_all", [1]),
        lambda: app.send_task("core.tasks.run", [1], serializer="pickle"),
    ]
    return _all_sent(forged)


def owners() -> list[str]:
    """Who says he holds a job now."""
    from core.models import Job

    return list(Job.objects.filter(state="running").values_list("lease_owner", flat=True))


def is_stopped() -> bool:
    from certificates.issue import SWITCH
    from core import stops

    return stops.is_stopped(SWITCH) is not None


def _some_ids(states: list[str], number: int) -> list[int]:
    from core.models import Job

    return list(Job.objects.filter(state__in=states).order_by("-pk").values_list("pk", flat=True)[:number])


def _all_sent(letters: list[Callable[[], Any]]) -> bool:
    """The broker may be away; then nothing was sent."""
    for letter in letters:
        try:
            letter()
        except Exception:
            return False
    return True
