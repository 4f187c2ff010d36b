"""The campaign's hand on its workers: starts them again when they end, as a supervisor does, and knows their pids.

Every process is named by its own pid, and only while it belongs to a group that this campaign started.
"""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from threading import Event, Thread

from embedded.services import tail
from embedded.state import PROJECT

WANTED = 3  # workers at any time


class Nursery:
    """The process that forks the workers of every run; what it says goes to the run at hand."""

    def __init__(self, environment: dict[str, str], log: Path) -> None:
        self.log = log
        self.hear: Callable[[str, str, int], None] = lambda word, name, pid: None
        self.ready = Event()
        with log.open("ab") as stream:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "faults.nursery"],
                cwd=PROJECT,
                env={**os.environ, **environment},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=stream,
                start_new_session=True,
                text=True,
            )
        Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            word, *rest = line.split()
            if word == "ready":
                self.ready.set()
            else:
                self.hear(word, rest[0], int(rest[1]))

    def ask(self, name: str, environment: dict[str, str]) -> None:
        assert self.process.stdin
        with contextlib.suppress(BrokenPipeError, ValueError):
            self.process.stdin.write(f"{name} {json.dumps(environment)}\n")
            self.process.stdin.flush()

    def close(self) -> None:
        """It ends its workers when nobody speaks to it any more."""
        with contextlib.suppress(BrokenPipeError):
            if self.process.stdin:
                self.process.stdin.close()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


class Groups:
    """The workers of one run."""

    def __init__(self, nursery: Nursery, environment: dict[str, str], folder: Path) -> None:
        self.children = folder / "children"
        self.fuses = folder / "fuses"
        self.log = folder / "workers.log"
        for place in (self.children, self.fuses, self.fuses / "burnt"):
            place.mkdir(parents=True)
        self.environment = {
            **environment,
            "KIP_FAULTS_CHILDREN": str(self.children),
            "KIP_FAULTS_FUSES": str(self.fuses),
            "KIP_FAULTS_LOG": str(self.log),
        }
        self.alive: dict[int, str] = {}
        self.leaving: set[int] = set()  # told to end by TERM, at work until they have
        self.asked = 0
        self.started = 0
        self.closing = False
        self.nursery = nursery
        if not nursery.ready.wait(60):
            raise RuntimeError(f"the nursery did not start:\n{tail(nursery.log)}")
        nursery.hear = self._hear
        self.fill()

    def _hear(self, word: str, name: str, pid: int) -> None:
        if word == "started":
            self.alive[pid] = name
            self.started += 1
        elif word == "ended":
            self._bury(pid)
            self.alive.pop(pid, None)
            self.leaving.discard(pid)
            self.fill()

    def _bury(self, group: int) -> None:
        """Pool processes whose worker has gone: a process that froze, or waits for its parent's words for ever."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(group, signal.SIGKILL)
        for mark in self.children.glob(f"{group}.*"):
            mark.unlink(missing_ok=True)

    def fill(self) -> None:
        """Ask for as many workers as lack."""
        while not self.closing and self.asked - self.started + len(self.alive) - len(self.leaving) < WANTED:
            self.asked += 1
            self.nursery.ask(f"w{self.asked}", self.environment)

    # --- who is there -------------------------------------------------------------------------------------
    def groups(self) -> list[int]:
        return [pid for pid in list(self.alive) if pid not in self.leaving]

    def pool(self, group: int) -> list[int]:
        """The living pool processes of this worker."""
        found = []
        for mark in self.children.glob(f"{group}.*"):
            pid = int(mark.name.partition(".")[2])
            if self.owns(pid, group):
                found.append(pid)
            else:
                mark.unlink(missing_ok=True)
        return found

    def all_children(self) -> list[tuple[int, int]]:
        return [(pid, group) for group in self.groups() for pid in self.pool(group)]

    def owns(self, pid: int, group: int) -> bool:
        """The pid is still a process of a group that is ours: numbers of the dead are given to others."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            return group in self.alive and os.getpgid(pid) == group
        return False

    # --- what is done to them -----------------------------------------------------------------------------
    def signal(self, pid: int, group: int, number: signal.Signals) -> bool:
        if not self.owns(pid, group):
            return False
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)
            return True
        return False

    def kill_group(self, group: int) -> bool:
        if group not in self.alive:
            return False
        with contextlib.suppress(ProcessLookupError):
            os.killpg(group, signal.SIGKILL)
            return True
        return False

    def term(self, group: int) -> bool:
        """Asked to end in order; another one starts at once, as in a deployment."""
        if not self.signal(group, group, signal.SIGTERM):
            return False
        self.leaving.add(group)
        self.fill()
        return True

    # --- beginning and end --------------------------------------------------------------------------------
    def wait_until_there(self, seconds: float = 60) -> None:
        end = time.monotonic() + seconds
        while len(self.all_children()) < WANTED:
            if time.monotonic() > end:
                raise RuntimeError(f"the workers did not start:\n{tail(self.log)}")
            time.sleep(0.05)

    def close(self) -> None:
        """Everybody is killed, also who starts at this moment."""
        self.closing = True
        end = time.monotonic() + 10
        while (self.alive or self.started < self.asked) and time.monotonic() < end:
            for group in list(self.alive):
                self._bury(group)
            time.sleep(0.02)
