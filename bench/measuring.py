"""Time and memory of one way to do a thing: wall clock, and the processor time of this process and of its backend.

On a machine that others use too the wall clock waits for them; processor time does not.
"""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import connection


def backend_pid() -> int:
    connection.ensure_connection()
    return int(connection.connection.info.backend_pid)


def backend_seconds(pid: int) -> float:
    """Processor time of the server's process for us; 0 where the system does not tell."""
    try:
        return int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) / 1e9
    except (OSError, ValueError, IndexError):
        return 0.0


def peak_mib() -> float:
    """The most memory that this process ever had (VmHWM); 0 where the system does not tell."""
    try:
        status = Path("/proc/self/status").read_text()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmHWM")), 0.0)


@dataclass
class Way:
    """One way, its runs, and what the result was (the same for all ways that compute it)."""

    name: str
    words: str
    act: Callable[[], Any]
    wall: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    answers: set[Any] = field(default_factory=set)
    peak: float = 0.0

    def run(self, pid: int) -> None:
        wall, own, served = time.perf_counter(), time.process_time(), backend_seconds(pid)
        answer = self.act()
        self.wall.append(time.perf_counter() - wall)
        self.cpu.append(time.process_time() - own + backend_seconds(pid) - served)
        self.peak = peak_mib()
        if answer is not None:
            self.answers.add(answer)

    def facts(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "words": self.words,
            "runs": len(self.wall),
            "wall": statistics.median(self.wall),
            "cpu": statistics.median(self.cpu),
            "peak": self.peak,
            "answers": sorted(map(str, self.answers)),
        }
