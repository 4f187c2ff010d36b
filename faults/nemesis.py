"""What goes wrong, in an order that one number decides."""

import heapq
import itertools
import random
import signal
import time
from collections import Counter
from collections.abc import Callable
from functools import partial

from django.db import connection
from django.utils import timezone

from faults import messages
from faults.groups import Groups
from faults.house import LEASE_SECONDS, House
from faults.people import Ledger, Stream, look, press
from faults.points import FREEZE_AT, IN_HAND, POINTS

# About the mix that is asked of a campaign at every landing: nearly half are deaths, an eighth freezes.
MIX = {
    "kill a pool process": 15,
    "kill at a named point": 32,
    "kill a worker group": 7,
    "freeze longer than the lease": 13,
    "cut every database session": 6,
    "empty the broker": 8,
    "cut every broker connection": 3,
    "ring thrice at once": 5,
    "forged and old messages": 3,
    "stop and resume": 7,
    "end a worker with TERM": 3,
    "kill the broker, restart it empty": 2,
    "restart the database at once": 2,
}
WORDS = {"kill": "kill at a named point", "group": "kill a worker group", "freeze": "freeze longer than the lease"}
FROZEN_SECONDS = 2.25 * LEASE_SECONDS  # long enough for another to take the job and end it
# A cut ends the line of a frozen process too, which then cannot even try to come late: so often the cut waits.
CUTS = (
    "cut every database session",
    "cut every broker connection",
    "kill the broker, restart it empty",
    "restart the database at once",
)
SPARED = 0.9
PAUSED_SECONDS = 0.3 * LEASE_SECONDS  # a signing process that still holds its lease when it wakes; the brake is pulled
FUSE_SECONDS = 8.0  # a point that nobody passes so long is taken off again, and another fault comes in its place


class Nemesis:
    def __init__(
        self, seed: int, house: House, database: str, groups: Groups, streams: list[Stream], ledger: Ledger
    ) -> None:
        self.random = random.Random(seed)  # a plan that can be repeated, not a secret
        self.house, self.database, self.groups = house, database, groups
        self.streams, self.ledger = streams, ledger
        self.injected: Counter[str] = Counter()
        self.at_point: Counter[str] = Counter()
        self.in_hand = 0
        self.zombies = 0
        self.stops = 0
        self.stopped = False
        self.frozen: dict[int, int] = {}
        self.laid: dict[str, float] = {}
        self._agenda: list[tuple[float, int, Callable[[], object]]] = []
        self._turn = itertools.count()
        self._points = itertools.cycle(self.random.sample(sorted(POINTS), len(POINTS)))
        self._acts: dict[str, Callable[[], bool]] = {
            "kill a pool process": self._kill_child,
            "kill at a named point": lambda: self._lay("kill", next(self._points)),
            "kill a worker group": self._kill_group,
            "freeze longer than the lease": self._freeze,
            "cut every database session": lambda: self.house.cut_sessions(self.database) >= 0,
            "empty the broker": self._flush,
            "cut every broker connection": self._cut_broker,
            "ring thrice at once": self._storm,
            "forged and old messages": self._forge,
            "stop and resume": self._stop_or_lay,
            "end a worker with TERM": self._term,
            "kill the broker, restart it empty": self._crash_broker,
            "restart the database at once": self._crash_database,
        }

    @property
    def total(self) -> int:
        return self.injected.total()

    # --- a round --------------------------------------------------------------------------------------------
    def inject(self, wanted: int, pause: tuple[float, float]) -> None:
        """Until so many more faults have really happened. A fuse counts when somebody burnt it."""
        goal = self.total + wanted
        plan = self._plan(wanted)
        end = time.monotonic() + 30 + wanted * 5
        while self.total < goal and time.monotonic() < end:
            kind = plan.pop() if plan else self.random.choices(list(MIX), list(MIX.values()))[0]
            if kind in CUTS and self.frozen and self.random.random() < SPARED:
                plan.insert(0, kind)
                continue
            if self._acts[kind]() and kind not in WORDS.values():
                self.injected[kind] += 1
            self.spend(self.random.uniform(*pause))

    def _plan(self, wanted: int) -> list[str]:
        """Every kind at least once in a long round, the rest by the mix."""
        kinds = list(MIX)
        first = kinds if wanted >= 2 * len(kinds) else []
        plan = first + self.random.choices(kinds, list(MIX.values()), k=wanted - len(first))
        self.random.shuffle(plan)
        return plan

    def spend(self, seconds: float) -> None:
        """Time passes: frozen processes wake, the brake is released, burnt fuses are counted."""
        end = time.monotonic() + seconds
        while True:
            while self._agenda and self._agenda[0][0] <= time.monotonic():
                heapq.heappop(self._agenda)[2]()
            self._count_burnt()
            left = end - time.monotonic()
            if left <= 0:
                return
            time.sleep(min(left, 0.03))

    def calm(self) -> None:
        """The faults end: fuses off, and in their time everybody awakes and the brake is released."""
        for fuse in list(self.laid):
            (self.groups.fuses / fuse).unlink(missing_ok=True)
            self.laid.pop(fuse)
        self._count_burnt()
        while self._agenda:  # who froze or was stopped stays so as long as was meant
            self.spend(0.05)

    def _later(self, seconds: float, act: Callable[[], object]) -> None:
        heapq.heappush(self._agenda, (time.monotonic() + seconds, next(self._turn), act))

    # --- fuses ----------------------------------------------------------------------------------------------
    def _lay(self, action: str, point: str) -> bool:
        fuse = f"{action}.{point}"
        if fuse in self.laid or len(self.laid) >= 8:
            return False
        self.laid[fuse] = time.monotonic()
        (self.groups.fuses / fuse).touch()
        return True

    def _count_burnt(self) -> None:
        for burnt in (self.groups.fuses / "burnt").iterdir():
            action, point, pid, group = burnt.name.split(".")
            burnt.unlink()
            self.laid.pop(f"{action}.{point}", None)
            if action == "pause":
                self._stop_while_paused(int(pid), int(group))
                continue
            self.injected[WORDS[action]] += 1
            self.at_point[f"{action} {POINTS[point]}"] += 1
            self.in_hand += point in IN_HAND
            if action == "freeze":
                self._wake_later(int(pid), int(group), working=True)
        for fuse, since in list(self.laid.items()):
            if time.monotonic() - since > FUSE_SECONDS:
                (self.groups.fuses / fuse).unlink(missing_ok=True)
                self.laid.pop(fuse)
        for stream in self.streams:
            while stream.pressed_twice:
                self.injected[f"{stream.pressed_twice.pop()} pressed twice at once"] += 1

    def _wake_later(self, pid: int, group: int, *, working: bool) -> None:
        self.frozen[pid] = group
        self.zombies += working

        def wake() -> None:
            self.groups.signal(pid, group, signal.SIGCONT)
            self.frozen.pop(pid, None)

        self._later(FROZEN_SECONDS, wake)

    # --- deaths and freezes -----------------------------------------------------------------------------------
    def _working(self) -> set[int]:
        """Pids that hold a job now."""
        owners = look(messages.owners, [])
        return {int(owner.rpartition(":")[2]) for owner in owners}

    def _kill_child(self) -> bool:
        there = [one for one in self.groups.all_children() if one[0] not in self.frozen]
        if not there:
            return False
        working = self._working()
        busy = [one for one in there if one[0] in working]
        pid, group = self.random.choice(busy or there)
        if not self.groups.signal(pid, group, signal.SIGKILL):
            return False
        self.injected["kill a pool process"] += 1
        self.in_hand += pid in working
        return False  # counted here, with what it held

    def _kill_group(self) -> bool:
        if self.random.random() < 0.5:
            return self._lay("group", self.random.choice(sorted(IN_HAND)))
        groups = self._awake()
        if not groups:
            return False
        group = self.random.choice(groups)
        working = self._working() & set(self.groups.pool(group))
        if self.groups.kill_group(group):
            self.injected["kill a worker group"] += 1
            self.in_hand += len(working)
        return False

    def _freeze(self) -> bool:
        self.frozen = {pid: group for pid, group in self.frozen.items() if self.groups.owns(pid, group)}
        if len(self.frozen) + sum(fuse.startswith("freeze") for fuse in self.laid) >= 2:
            return False
        if self.random.random() < 0.8:
            return self._lay("freeze", self.random.choice(FREEZE_AT))
        there = [one for one in self.groups.all_children() if one[0] not in self.frozen]
        if not there:
            return False
        pid, group = self.random.choice(there)
        if self.groups.signal(pid, group, signal.SIGSTOP):
            self.injected["freeze longer than the lease"] += 1
            self._wake_later(pid, group, working=pid in self._working())
        return False

    def _term(self) -> bool:
        groups = self._awake()
        return bool(groups) and self.groups.term(self.random.choice(groups))

    def _awake(self) -> list[int]:
        """Workers without a frozen process, if there are any: a zombie shall live to see that it is too late."""
        groups = self.groups.groups()
        return [group for group in groups if group not in self.frozen.values()] or groups

    # --- servers ------------------------------------------------------------------------------------------------
    def _flush(self) -> bool:
        with self.house.broker._client() as client:
            return bool(client.flushall())

    def _cut_broker(self) -> bool:
        with self.house.broker._client() as client:
            client.client_kill_filter(_type="normal", skipme=True)
        return True

    def _crash_broker(self) -> bool:
        self.house.broker.crash()
        return True

    def _crash_database(self) -> bool:
        connection.close()
        self.house.database.crash()
        return True

    # --- messages -----------------------------------------------------------------------------------------------
    def _storm(self) -> bool:
        return messages.storm(self.random.randint(2, 12))

    def _forge(self) -> bool:
        return messages.forge(self.random.randint(10**6, 10**9))

    # --- hands --------------------------------------------------------------------------------------------------
    def _stop(self) -> bool:
        from certificates import batches

        if self.stopped:
            return False
        self.stops += 1
        reason, by = f"Diễn tập {self.stops}", self.streams[0]._user("signatory")
        stopped = press(self.ledger, "stop", reason, lambda: batches.stop(reason=reason, by=by, at=timezone.now()))
        if not stopped and not look(messages.is_stopped, True):
            return False
        self.stopped = True
        self._later(PAUSED_SECONDS + self.random.uniform(0.1, 1.5), self._resume)
        return True

    def _stop_or_lay(self) -> bool:
        """Now, or as soon as somebody is about to sign: there the brake must hold."""
        if self.random.random() < 0.3:
            return self._stop()
        self._lay("pause", "pen")
        return False

    def _stop_while_paused(self, pid: int, group: int) -> None:
        self.injected["stop and resume"] += self._stop()
        self._later(PAUSED_SECONDS, partial(self.groups.signal, pid, group, signal.SIGCONT))

    def _resume(self) -> None:
        from certificates import batches

        by, key = self.streams[0]._user("signatory"), f"after stop {self.stops}"
        while look(messages.is_stopped, True):
            press(self.ledger, "resume", key, lambda: batches.resume(by=by, at=timezone.now()))
        self.stopped = False
