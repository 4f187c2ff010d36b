"""make faults: the path from the decision to the issued certificate under injected faults.

`make faults ARGS=300` injects so many, `make faults ARGS=controls` shows that the campaign catches what it must. What
was found is printed, each run as a JSON line too, and with `--write` put into docs/faults.md. Exit code 1 when any
invariant is broken, or a planted weakness is not caught.
"""

import argparse
import json
import os
import platform
import signal
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from typing import Any

from embedded.refusal import Refusal
from embedded.state import PROJECT
from faults.groups import Nursery
from faults.house import enter, own_house

FIRST_SEED = 20261122
FAULTS, A_RUN, A_ROUND = 1_000, 250, 50
A_CONTROL_ROUND = 40
CONTROL_FAULTS = 400


def main() -> int:
    parser = argparse.ArgumentParser(prog="make faults", description=__doc__)
    parser.add_argument("what", nargs="*", default=[str(FAULTS)], help="a number of faults, controls, or both")
    parser.add_argument("--seed", type=int, default=FIRST_SEED, help="of the first run; the next ones follow")
    parser.add_argument("--runs", type=int, default=0, help="how many seeds share the faults")
    parser.add_argument("--rounds", type=int, default=0, help="rests in a run")
    parser.add_argument("--pace", type=float, default=1.5, help="1: a fault every eighth of a second")
    parser.add_argument("--real", action="store_true", help="the real press and pen in every run, not in the last one")
    parser.add_argument("--light", action="store_true", help="the real press and pen in no run")
    parser.add_argument("--no-fsync", action="store_true", help="quicker: a power cut cannot happen here anyway")
    parser.add_argument("--only", help="some controls, by name: a,b")
    parser.add_argument("--json", type=Path, help="the facts of every run, a line each")
    parser.add_argument("--write", action="store_true", help="also write docs/faults.md")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, _end_in_order)
    facts = measure(options)
    from faults import report

    text = report.text(facts)
    print(text)
    if options.write and facts["runs"]:
        (PROJECT / "docs" / "faults.md").write_text(text + "\n", encoding="utf-8")
    return 1 if bad(facts) else 0


def measure(options: argparse.Namespace) -> dict[str, Any]:
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0
    facts: dict[str, Any] = {
        "at": datetime.now(UTC),
        "commit": _commit(),
        "cores": os.cpu_count(),
        "system": platform.system(),
        "python": platform.python_version(),
        "load": round(load, 1),
        "runs": [],
        "controls": [],
    }
    with own_house(fsync=not options.no_fsync) as house:
        nursery = Nursery(house.environment, house.state.folder / "nursery.log")
        try:
            say("making the seasons")
            enter(house)
            from faults import campaign, seeds

            seeds.prepare(house)
            for plan in plans(options, campaign.Plan):
                say(f"seed {plan.seed}, {plan.faults} faults{', ' + plan.weakness if plan.weakness else ''}")
                found = campaign.run(house, nursery, plan)
                facts["controls" if plan.weakness else "runs"].append(found)
                _tell(found, plan, options.json)
        finally:
            nursery.close()
    return facts


def plans(options: argparse.Namespace, plan: Any) -> list[Any]:
    found = []
    numbers = [int(word) for word in options.what if word.isdigit()]
    total = sum(numbers)
    if total:
        runs = options.runs or max(1, total // A_RUN)
        for index in range(runs):
            share = total * (index + 1) // runs - total * index // runs
            real = options.real or (runs > 1 and index == runs - 1 and not options.light)
            rounds = options.rounds or max(1, round(share / A_ROUND))
            found.append(plan(options.seed + index, share, rounds, real, "", options.pace))
    if "controls" in options.what:
        from faults.weak import WEAKNESSES

        for name in options.only.split(",") if options.only else WEAKNESSES:
            share = CONTROL_FAULTS
            rounds = options.rounds or max(1, share // A_CONTROL_ROUND)
            found.append(plan(options.seed, share, rounds, options.real, name, options.pace))
    return found


def _tell(found: dict[str, Any], plan: Any, path: Path | None) -> None:
    line = json.dumps(found, ensure_ascii=False)
    print(line, flush=True)
    if path is not None:
        with path.open("a", encoding="utf-8") as file:
            file.write(line + "\n")
    if not found["caught"] if plan.weakness else found["broken"]:
        say(f"NOT AS IT MUST BE: {found['broken'] or 'the weakness was not caught'}")
        say(f"the same again: {plan.command}")


def bad(facts: dict[str, Any]) -> bool:
    return any(run["broken"] for run in facts["runs"]) or not all(run["caught"] for run in facts["controls"])


def say(words: str) -> None:
    print(f"faults: {words}", file=sys.stderr, flush=True)


def _commit() -> str:
    """Short, with a mark when files differ from it; nothing where there is no repository."""
    try:
        done = subprocess.run(
            ["git", "describe", "--always", "--dirty"], cwd=PROJECT, capture_output=True, text=True, check=True
        )
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return done.stdout.strip()


def _end_in_order(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Refusal as refusal:
        sys.exit(str(refusal))
    except KeyboardInterrupt:
        sys.exit(130)
