"""The job that writes a confirmed import, and the number of rows it has gone through for the page that waits."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.db import connection
from django.utils import translation

from core import jobs
from exchange import actions
from exchange.models import Import

EVERY_SECONDS = 0.4


def register() -> None:
    jobs.register(actions.JOB, jobs.Kind(work=_nothing_slow, finish=finish))


def _nothing_slow(payload: dict[str, Any]) -> None:
    """All is effect: it belongs into one transaction."""


def finish(payload: dict[str, Any], produced: Any, at: datetime) -> None:
    made = Import.objects.select_related("season", "confirmed_by").get(pk=payload["import"])
    if made.state != Import.State.CONFIRMED:
        return
    with translation.override(made.language):
        actions.write(made=made, at=at, progress=visible)


@contextmanager
def visible(pk: int) -> Iterator[Callable[[int], None]]:
    """The rows are written in one transaction, into which nobody can look; their number goes out on a connection of
    its own. It ends before the transaction touches the row of the import itself, or the two would wait for each
    other."""
    done, stopped = [0], threading.Event()

    def tell() -> None:
        try:
            while not stopped.wait(EVERY_SECONDS):
                Import.objects.filter(pk=pk, state=Import.State.CONFIRMED).update(written=done[0])
        finally:
            connection.close()

    def step(count: int) -> None:
        done[0] = count

    thread = threading.Thread(target=tell, daemon=True)
    thread.start()
    try:
        yield step
    finally:
        stopped.set()
        thread.join()
