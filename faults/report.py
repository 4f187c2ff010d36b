"""What a campaign found, as a page."""

import math
from collections import Counter
from typing import Any

from faults.campaign import REST_PROMISED
from faults.house import LEASE_SECONDS, RING_SECONDS
from faults.weak import WEAKNESSES

Facts = dict[str, Any]


def text(facts: Facts) -> str:
    runs, controls = facts["runs"], facts["controls"]
    lines = [
        "# Faults, injected",
        "",
        f"{facts['at']:%d/%m/%Y}, commit {facts['commit']}; {facts['cores']} cores, {facts['system']}, Python "
        f"{facts['python']}. Load of the machine at the start: {facts['load']}. Written by `make faults`.",
        "",
        "The path: a prepared decision is confirmed and released by its job, numbers are drawn, certificates drafted, "
        "the list approved by digest, every paper signed and issued. Real Celery workers, a PostgreSQL and a Valkey "
        "of the campaign's own. Meanwhile a nemesis with a seed does what the table says; a fault counts when it "
        "really happened. The people of the campaign keep a ledger outside the system of what they sent and what was "
        "acknowledged. The last run uses the real press and pen, the others a light one.",
        "",
        f"A lease lasts {LEASE_SECONDS} s here and the bell rings every {RING_SECONDS:g} s, so that a run takes "
        "minutes; in the house it is 10 s and 10 s.",
        "",
        *([*_runs(runs), *_kinds(runs), *_what_was_asked(runs)] if runs else []),
        *_controls(controls),
    ]
    return "\n".join(lines).rstrip()


def _runs(runs: list[Facts]) -> list[str]:
    lines = [
        "## Runs",
        "",
        "| seed | press and pen | faults | decisions | certificates ordered | issued | lost | double | gaps "
        "| late after stop | rest p50 / p99 s | seconds |",
        "|---|---|---|---|---|---|---|---|---|---|---|---|",
    ]
    for run in runs:
        press = "real" if run["plan"]["real"] else "light"
        names = ("faults", "decisions", "ordered", "issued", "lost", "double", "gaps", "late")
        cells = [str(run["plan"]["seed"]), press, *(f"{run[name]:,}" for name in names)]
        lines.append(f"| {' | '.join([*cells, _rest(run['rests']), format(run['seconds'], '.0f')])} |")
    names = ("faults", "decisions", "ordered", "issued", "lost", "double", "gaps", "late")
    total = [f"**{sum(run[name] for run in runs):,}**" for name in names]
    rests = [seconds for run in runs for seconds in run["rests"]]
    lines.append(f"| all | | {' | '.join(total)} | {_rest(rests)} | {sum(run['seconds'] for run in runs):.0f} |")
    n = sum(run["faults"] for run in runs)
    if n and not any(run["broken"] for run in runs):
        lines += ["", f"No failure in {n:,} faults bounds the rate at {300 / n:.2g} % a fault (95 %); not more."]
    return [*lines, ""]


def _rest(rests: list[float]) -> str:
    if not rests:
        return "-"
    return f"{quantile(rests, 0.5):.1f} / {quantile(rests, 0.99):.1f}"


def quantile(values: list[float], share: float) -> float:
    """The smallest value that so large a share does not exceed."""
    return sorted(values)[max(0, math.ceil(share * len(values)) - 1)]


def _kinds(runs: list[Facts]) -> list[str]:
    kinds: Counter[str] = Counter()
    points: Counter[str] = Counter()
    for run in runs:
        kinds.update(run["by_kind"])
        points.update(run["at_point"])
    lines = ["## Faults by kind", "", "| fault | times |", "|---|---|"]
    lines += [f"| {kind} | {times:,} |" for kind, times in kinds.most_common()]
    lines += ["", "Of these at a named point of the work:", "", "| point | times |", "|---|---|"]
    lines += [f"| {point} | {times} |" for point, times in sorted(points.items())]
    return [*lines, ""]


def _what_was_asked(runs: list[Facts]) -> list[str]:
    def total(name: str) -> int:
        return sum(run[name] for run in runs)

    rests = [seconds for run in runs for seconds in run["rests"]]
    late = max((run["late_seconds"] for run in runs), default=0)
    acts = Counter[str]()
    for run in runs:
        acts.update(run["acts"])
    slowest = max(rests, default=0)
    lines = [
        "## What else was counted",
        "",
        "| | |",
        "|---|---|",
        f"| jobs in the hands of a process when it was killed or froze | {total('in_hand') + total('zombies'):,} |",
        f"| of these frozen longer than their lease, then awake again | {total('zombies')} |",
        f"| results thrown away by the fence | {total('fenced')} |",
        f"| jobs done; more than one attempt | {total('jobs'):,}; {total('taken_again'):,} |",
        f"| most attempts of one job that was done | {max(run['most_attempts'] for run in runs)} of 5 |",
        f"| jobs that used up their attempts and a person asked for again | {total('asked_again')} |",
        f"| workers started | {total('workers_started'):,} |",
        f"| stops pressed | {total('stops')} |",
        f"| longest time from a stop to a certificate after it, by the server's commit times | {late:g} s |",
        f"| acts sent, acknowledged, refused, without an answer | {acts['sent']:,}, {acts['acknowledged']:,}, "
        f"{acts['refused']:,}, {acts['no answer']:,} |",
        f"| slowest rest after a round, promised {REST_PROMISED:g} s | {slowest:.1f} s |",
        "",
        "Rest: from the last fault of a round (a process may still be frozen then, the brake still pulled) until "
        "every decision that was begun is released, drafted, approved, signed and issued, and no job is open. Each "
        "round then asks the invariants, each run at its end also reads every file and walks the chain of the log.",
        "",
    ]
    for run in runs:
        for name, faults in run["broken"].items():
            lines.append(f"- **Broken** in seed {run['plan']['seed']}: {name}: {'; '.join(faults)}")
    return [*lines, ""] if any(run["broken"] for run in runs) else lines


def _controls(controls: list[Facts]) -> list[str]:
    if not controls:
        return ["## Planted weaknesses", "", 'Not run this time: `make faults ARGS="controls"`.']
    lines = [
        "## Planted weaknesses",
        "",
        "The same campaign, with the same mix of faults, over a house that was weakened in one place. It must fail.",
        "",
        "| weakness | caught | after faults | by |",
        "|---|---|---|---|",
    ]
    for run in controls:
        words = WEAKNESSES[run["plan"]["weakness"]].words
        caught = "yes" if run["caught"] else "**no**"
        lines.append(f"| {words} | {caught} | {run['faults']} | {'; '.join(run['broken'])} |")
    return lines
