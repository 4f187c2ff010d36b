"""One run: a fresh copy of the seasons, people at work, faults in rounds, rest after each, then the questions."""

import contextlib
import time
from collections.abc import Iterator
from dataclasses import dataclass
from threading import Event, Thread
from typing import Any

from django.db import connection

from faults import invariants, seeds
from faults.groups import Groups, Nursery
from faults.house import RING_SECONDS, House
from faults.nemesis import Nemesis
from faults.people import Ledger, Stream, look
from faults.weak import WEAKNESSES

NEVER_RESTS = ("bell-alone", "two-transactions")  # what is lost is waited for in vain
TROUBLE = "somebody could not go on"
CONTROL_REST_AT_MOST = 25.0
PAUSE = (0.03, 0.23)  # seconds between two faults
REST_PROMISED, REST_AT_MOST = 20.0, 100.0  # what is promised; and how long a slow machine is waited for


@dataclass(frozen=True)
class Plan:
    seed: int
    faults: int
    rounds: int
    real: bool = False
    weakness: str = ""
    pace: float = 1.0  # how many times slower the faults follow each other

    @property
    def name(self) -> str:
        return f"faults_{self.seed}_{self.weakness or 'house'}_{'real' if self.real else 'light'}".replace("-", "_")

    @property
    def command(self) -> str:
        press = "--real" if self.real else "--light"
        said = f"{self.faults} --seed {self.seed} --runs 1 --rounds {self.rounds} --pace {self.pace:g} {press}"
        if self.weakness:
            said = f"controls --only {self.weakness} --seed {self.seed} --pace {self.pace:g}"
        return f'make faults ARGS="{said}"'


def run(house: House, nursery: Nursery, plan: Plan) -> dict[str, Any]:
    """The facts of the run, as they go into its JSON line."""
    began = time.monotonic()
    with _stage(house, nursery, plan) as (groups, streams, ledger):
        nemesis = Nemesis(plan.seed, house, plan.name, groups, streams, ledger)
        groups.wait_until_there()
        rests: list[float] = []
        found: dict[str, list[str]] = {}
        for number in range(plan.rounds):
            share = plan.faults * (number + 1) // plan.rounds - nemesis.total
            for stream in streams:
                stream.open = True
            nemesis.inject(share, (PAUSE[0] * plan.pace, PAUSE[1] * plan.pace))
            at_most = CONTROL_REST_AT_MOST if plan.weakness in NEVER_RESTS else REST_AT_MOST
            rested = _rest(nemesis, streams, at_most)
            found = _trouble(streams, rested, at_most)
            if rested is not None:
                rests.append(rested)
            found |= invariants.broken(ledger, whole=number == plan.rounds - 1 or bool(plan.weakness))
            if found:
                break
        facts = _facts(nemesis, groups, streams, ledger)
    seconds = round(time.monotonic() - began, 1)
    return facts | _verdict(plan, found) | {"plan": vars(plan), "rests": rests, "seconds": seconds}


@contextlib.contextmanager
def _stage(house: House, nursery: Nursery, plan: Plan) -> Iterator[tuple[Groups, list[Stream], Ledger]]:
    seeds.copy(house, plan.name)
    weakness = WEAKNESSES.get(plan.weakness)
    for statement in weakness.statements if weakness else ():
        with connection.cursor() as cursor:
            cursor.execute(statement)
    environment = {
        "KIP_FAULTS_DATABASE": plan.name,
        "KIP_FAULTS_MEDIA": str(house.folder(f"media-{plan.name}")),
        "KIP_FAULTS_PRESS": "real" if plan.real else "light",
        "KIP_FAULTS_WEAKNESS": plan.weakness,
    }
    folder = house.folder(f"run-{plan.name}")
    ledger = Ledger(folder / "ledger.jsonl")
    streams = [Stream(year, ledger, plan.seed) for year in seeds.YEARS]
    groups = Groups(nursery, environment, folder)
    over = Event()
    beat = Thread(target=_ring, args=(over,), daemon=True)
    with _replaced(plan):
        try:
            for stream in streams:
                stream.start()
            if weakness is None or weakness.beat:
                beat.start()
            yield groups, streams, ledger
        finally:
            over.set()
            for stream in streams:
                stream.ended = stream.open = True
            for thread in [*streams, *([beat] if beat.ident else [])]:
                thread.join(10)
            groups.close()
            connection.close()
            house.drop(plan.name)


@contextlib.contextmanager
def _replaced(plan: Plan) -> Iterator[None]:
    """What this process itself does otherwise in this run: the same pen must judge, the same weakness be planted."""
    from certificates import actions
    from core import jobs, stops
    from faults import light
    from signing import verdict

    places = ((jobs, "enqueue"), (jobs, "_finish"), (stops, "pass_or_wait"), (actions, "next_number"))
    before = [(module, name, vars(module)[name]) for module, name in (*places, (verdict, "judge"))]
    if not plan.real:
        vars(verdict)["judge"] = light.judge
    if plan.weakness:
        WEAKNESSES[plan.weakness].plant()
    try:
        yield
    finally:
        for module, name, value in before:
            vars(module)[name] = value


def _ring(over: Event) -> None:
    """In the beat's stead, ten times as often as in the house, where a lease is five times as long."""
    from core.tasks import sweep

    while not over.wait(RING_SECONDS):
        with contextlib.suppress(Exception):  # the broker is away; the next turn rings again
            sweep.apply_async(expires=10)


def _rest(nemesis: Nemesis, streams: list[Stream], at_most: float) -> float | None:
    """The faults are over. Seconds until everything that was begun has ended by itself; None when it does not."""
    for stream in streams:
        stream.open = False
    began = time.monotonic()
    nemesis.calm()
    while time.monotonic() - began < at_most:
        if any(stream.trouble for stream in streams):
            return None
        if not any(stream.busy for stream in streams) and look(_nothing_open, False):
            return round(time.monotonic() - began, 2)
        time.sleep(0.05)
    return None


def _nothing_open() -> bool:
    from core.models import Job

    return not Job.objects.filter(state__in=["ready", "running"]).exclude(kind="mail.send").exists()


def _trouble(streams: list[Stream], rested: float | None, at_most: float) -> dict[str, list[str]]:
    troubles = [f"{stream.year}: {stream.trouble}" for stream in streams if stream.trouble]
    found = {TROUBLE: troubles} if troubles else {}
    if rested is None and not troubles:
        found["it did not come to rest by itself"] = [f"within {at_most:.0f} s"]
    return found


def _facts(nemesis: Nemesis, groups: Groups, streams: list[Stream], ledger: Ledger) -> dict[str, Any]:
    from certificates.models import Certificate
    from core.models import AuditEvent, Job

    log = groups.log.read_text(errors="replace") if groups.log.exists() else ""
    done = Job.objects.filter(state="done")
    return {
        "faults": nemesis.total,
        "by_kind": dict(sorted(nemesis.injected.items(), key=lambda item: -item[1])),
        "at_point": dict(sorted(nemesis.at_point.items())),
        "in_hand": nemesis.in_hand,
        "zombies": nemesis.zombies,
        "fenced": log.count("was fenced"),
        "workers_started": groups.started,
        "decisions": sum(stream.lots for stream in streams),
        "ordered": Certificate.objects.count(),
        "issued": Certificate.objects.exclude(file=None).count(),
        "jobs": done.count(),
        "taken_again": done.filter(attempt__gt=1).count(),
        "most_attempts": max(done.values_list("attempt", flat=True), default=0),
        "asked_again": sum(stream.asked_again for stream in streams),
        "stops": AuditEvent.objects.filter(act="work.stopped").count(),
        "late_seconds": round(invariants.late_seconds(), 3),
        "acts": {said: ledger.count(said) for said in ("sent", "acknowledged", "refused", "no answer")},
    }


def _verdict(plan: Plan, found: dict[str, list[str]]) -> dict[str, Any]:
    counts = {word: invariants.counted(found, word) for word in ("lost", "double", "gaps", "late")}
    tells = WEAKNESSES[plan.weakness].tells if plan.weakness else ()
    caught = any(name.startswith(tells) for name in found) if tells else False  # by what it breaks, not by anything
    return counts | {"caught": caught, "broken": {name: faults[:5] for name, faults in found.items()}}
