"""Places in the work where a process may die or freeze, wrapped around the house's own functions in the worker's
entry. A fuse is a file `<action>.<point>`; whoever passes first takes it, and the rest pass unharmed."""

import os
import signal
from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from pathlib import Path
from types import SimpleNamespace
from typing import Any

POINTS = {
    "received": "message received, nothing claimed",
    "claimed": "after the claim",
    "press": "before the rendering",
    "pen": "before the signing",
    "half-file": "file written, not flushed, not named",
    "file": "after the file",
    "finish": "before the finishing transaction",
    "number": "after a number was drawn",
    "commit": "effect written, before the commit",
    "committed": "after the commit, before the acknowledgement",
}
IN_HAND = set(POINTS) - {"received", "committed"}
FREEZE_AT = ("press", "pen", "file", "finish")  # a freeze inside the transaction would stop everybody else too


def reach(point: str) -> None:
    """Passes, or takes the fuse that lies here and ends or freezes this process, or its whole group."""
    folder = Path(os.environ["KIP_FAULTS_FUSES"])
    for action in ("pause", "kill", "group", "freeze"):
        burnt = folder / "burnt" / f"{action}.{point}.{os.getpid()}.{os.getpgid(0)}"
        try:
            (folder / f"{action}.{point}").rename(burnt)
        except FileNotFoundError:
            continue
        if action == "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        elif action == "group":
            os.killpg(0, signal.SIGKILL)
        else:
            os.kill(os.getpid(), signal.SIGSTOP)


def before(point: str, function: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(function)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        reach(point)
        return function(*args, **kwargs)

    return wrapped


def after(point: str, function: Callable[..., Any]) -> Callable[..., Any]:
    """The point is passed only when something was done: a claim that found nothing is no claim."""

    @wraps(function)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        found = function(*args, **kwargs)
        if found is not False and not (point == "claimed" and found is None):
            reach(point)
        return found

    return wrapped


def install() -> None:
    """After the weaknesses, if any: what is wrapped may be a weak function."""
    from certificates import actions, paper
    from core import files, jobs
    from signing import pades

    vars(jobs)["claim"] = after("claimed", jobs.claim)
    vars(jobs)["_finish"] = before("finish", jobs._finish)
    vars(jobs)["perform"] = before("received", after("committed", jobs.perform))
    for name, kind in list(jobs.kinds.items()):
        jobs.kinds[name] = replace(kind, finish=after("commit", kind.finish))
    vars(paper)["render"] = before("press", paper.render)
    vars(pades)["sign"] = before("pen", pades.sign)
    vars(files)["put"] = after("file", files.put)
    vars(files)["os"] = SimpleNamespace(fdopen=os.fdopen, fsync=before("half-file", os.fsync))
    vars(actions)["next_number"] = after("number", actions.next_number)
