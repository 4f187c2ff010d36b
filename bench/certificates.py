"""One measurement of certificates in a process of its own; prints its facts as JSON.

python -m bench.certificates ways RUNS       naive and ours in turn, processor time and size of each
python -m bench.certificates memory COUNT    the most memory while so many papers are rendered one after another
python -m bench.certificates rate COUNT      renders so many papers and says when it began and ended
python -m bench.certificates signing RUNS    the documented way to sign, and ours, for three kinds of keys
"""

import json
import statistics
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

NAIVE_SHARE = 2  # ours runs twice for each run of the naive way, which is slow


def cpu_ms(act: Callable[[], Any]) -> float:
    start = time.process_time()
    act()
    return (time.process_time() - start) * 1000


def ways(runs: int) -> dict[str, Any]:
    from bench import certificates_ways as made
    from certificates import paper, paper_check

    found: dict[str, list[float]] = {"naive": [], "naive_plain": [], "ours": [], "check": []}
    first = {name: cpu_ms(partial(act, 0)) for name, act in (("ours", made.ours), ("naive", made.naive))}
    made.naive_plain(0)
    form = paper.form_for(2026)
    for number in range(1, runs + 1):
        found["naive"].append(cpu_ms(partial(made.naive, number)))
        found["naive_plain"].append(cpu_ms(partial(made.naive_plain, number)))
        for more in range(NAIVE_SHARE):
            found["ours"].append(cpu_ms(partial(made.ours, 1000 + NAIVE_SHARE * number + more)))
        content, facts = made.ours(number), made.facts(number)
        arguments = (content, made.SERIAL.format(number), facts, form, made.qr_text(number))
        found["check"].append(cpu_ms(partial(paper_check.faults, *arguments)))
    sizes = {name: len(getattr(made, name)(1)) for name in ("naive", "naive_plain", "ours")}
    return {
        "runs": runs,
        "first": first,
        "cpu": {name: statistics.median(times) for name, times in found.items()},
        "fastest": {name: min(times) for name, times in found.items()},
        "bytes": sizes,
    }


def memory(count: int) -> dict[str, Any]:
    from bench import certificates_ways as made
    from bench.measuring import peak_mib

    marks = {}
    for number in range(1, count + 1):
        made.ours(number)
        if number in (1, 100, 500, 1000) or number == count:
            marks[number] = round(peak_mib(), 1)
    return {"peak": marks}


def rate(count: int) -> dict[str, Any]:
    from bench import certificates_ways as made

    made.ours(0)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    start, busy = time.time(), time.process_time()
    for number in range(1, count + 1):
        made.ours(number)
    return {"start": start, "end": time.time(), "cpu": time.process_time() - busy, "count": count}


def signing(runs: int) -> dict[str, Any]:
    import tempfile

    from bench import certificates_signing as made
    from bench import certificates_ways

    paper = certificates_ways.ours(1)
    found: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as folder:
        for algorithm in ("rsa-2048", "rsa-3072", "es256"):
            key = made.new_key(Path(folder), algorithm)
            acts: dict[str, Callable[[], bytes]] = {
                "documented": partial(made.documented, paper, key),
                "key_kept": partial(made.documented_with_kept_key, paper, key),
                "ours": partial(made.ours, paper, key),
                "bare": partial(made.bare, paper, key),
            }
            sizes = {name: len(act()) for name, act in acts.items()}
            times: dict[str, list[float]] = {name: [] for name in acts}
            for _turn in range(runs):
                for name, act in acts.items():
                    times[name].append(cpu_ms(act))
            whole: dict[str, list[float]] = {"naive": [], "naive_plain": [], "ours": []}
            for number in range(1, max(3, runs // 2) + 1):
                for name in ("naive", "naive_plain"):
                    render = getattr(certificates_ways, name)
                    whole[name].append(cpu_ms(partial(_then, made.documented, render, number, key)))
                whole["ours"].append(cpu_ms(partial(_then, made.ours, certificates_ways.ours, number + 50, key)))
            found[algorithm] = {
                "cpu": {name: statistics.median(values) for name, values in times.items()},
                "whole": {name: statistics.median(values) for name, values in whole.items()},
                "added": {name: size - len(paper) for name, size in sizes.items() if name != "bare"},
            }
    return {"runs": runs, "keys": found}


def _then(sign: Callable[..., bytes], render: Callable[[int], bytes], number: int, key: Any) -> bytes:
    return sign(render(number), key)


def main() -> None:
    import logging

    import django

    django.setup()
    logging.disable(logging.WARNING)
    what, number = sys.argv[1], int(sys.argv[2])
    json.dump({"ways": ways, "memory": memory, "rate": rate, "signing": signing}[what](number), sys.stdout)


if __name__ == "__main__":
    main()
