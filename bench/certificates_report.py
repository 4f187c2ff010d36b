"""Certificates measured: the children that measure, and what they found as a page."""

import json
import subprocess
import sys
from typing import Any

from embedded.state import PROJECT

Facts = dict[str, Any]
RUNS, COUNT, RATE_COUNT, SIGN_RUNS = 30, 2_000, 80, 15
ROUNDS = 4  # one process and two in turn; the best of each, since others use this machine too
KEYS = {"rsa-2048": "RSA-2048", "rsa-3072": "RSA-3072", "es256": "P-256"}


def measure(environment: dict[str, str], *, quick: bool = False) -> Facts:
    """All measurements, one after another; `quick` takes a tenth of the runs."""
    part = 10 if quick else 1
    return {
        "ways": _child(environment, "ways", max(3, RUNS // part)),
        "signing": _child(environment, "signing", max(3, SIGN_RUNS // part)),
        "rates": rates(environment, RATE_COUNT // part),
        "memory": _child(environment, "memory", COUNT // part),
        "count": COUNT // part,
    }


def _command(what: str, number: int) -> list[str]:
    return [sys.executable, "-m", "bench.certificates", what, str(number)]


def _child(environment: dict[str, str], what: str, number: int) -> Any:
    done = subprocess.run(_command(what, number), cwd=PROJECT, env=environment, stdout=subprocess.PIPE, check=True)
    return json.loads(done.stdout)


def rates(environment: dict[str, str], count: int) -> list[Facts]:
    """The best that one worker reached, and the best that two did."""
    rounds = [[rate(environment, workers, count) for workers in (1, 2)] for _round in range(ROUNDS)]
    return [max(found, key=lambda f: f["per_second"]) for found in zip(*rounds, strict=True)]


def rate(environment: dict[str, str], workers: int, count: int) -> Facts:
    """Workers that begin at the same moment, each with as many papers."""
    options: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    children = [
        subprocess.Popen(_command("rate", count), cwd=PROJECT, env=environment, **options)
        for _worker in range(workers)
    ]
    for child in children:
        assert child.stdin
        assert child.stdout
        child.stdout.readline()
    for child in children:
        assert child.stdin
        child.stdin.write("\n")
        child.stdin.flush()
    found = [json.loads(child.communicate()[0]) for child in children]
    seconds = max(f["end"] for f in found) - min(f["start"] for f in found)
    papers = sum(f["count"] for f in found)
    return {"per_second": papers / seconds, "per_cpu_second": papers / sum(f["cpu"] for f in found)}


# --- as a page -----------------------------------------------------------------------------------------------
def text(facts: Facts) -> str:
    machine, ways = facts["machine"], facts["ways"]
    lines = [
        "# Certificates, measured",
        "",
        f"{facts['at']:%d/%m/%Y}; {machine['cores']} cores, {machine['memory']} GB, {machine['system']}, Python "
        f"{machine['python']}. Load of the machine at the start: {machine['load']}.",
        "",
        "The certificate of the shipped form, both languages, PDF/A-3a with the data attached, a QR code with a token "
        "of 400 characters (version 14-M). *CPU* is the processor time of the process, median of the runs, the ways "
        "in turn within one run. Written by `make bench ARGS=certificates`.",
        "",
        f"## One paper, {ways['runs']} runs",
        "",
        "| way | CPU ms | fastest | first of a process | bytes |",
        "|---|---|---|---|---|",
    ]
    words = {
        "naive": "naive WeasyPrint: one string of HTML, style and fonts inside, nothing kept",
        "naive_plain": "the same without the pattern in the corners",
        "ours": "ours",
        "check": "the check of the finished paper (`paper_check.faults`)",
    }
    for name, said in words.items():
        first = f"{ways['first'][name]:.0f}" if name in ways["first"] else "-"
        size = f"{ways['bytes'][name]:,}" if name in ways["bytes"] else "-"
        lines.append(f"| {said} | {ways['cpu'][name]:.1f} | {ways['fastest'][name]:.1f} | {first} | {size} |")
    lines += ["", *_memory(facts), *_signing(facts["signing"]), *_goals(facts)]
    return "\n".join(lines)


def _memory(facts: Facts) -> list[str]:
    marks = facts["memory"]["peak"]
    grown = ", ".join(f"{peak:.1f} MiB after {int(number):,}" for number, peak in marks.items())
    one, two = facts["rates"]
    return [
        "## Many papers",
        "",
        f"The most memory that one process ever had: {grown}.",
        "",
        f"One process {one['per_second']:.1f} papers a second ({one['per_cpu_second']:.1f} per second of processor "
        f"time); two at once {two['per_second']:.1f}. The best of {ROUNDS} rounds, one process and two in turn.",
        "",
    ]


def _signing(signing: Facts) -> list[str]:
    lines = [
        f"## Signing one paper (PAdES B-B), {signing['runs']} runs, CPU ms",
        "",
        "*Documented* opens the key and lets the library sign, as its documentation shows; *key kept* opens it once; "
        "*bare* is the signature over the bytes and nothing else. *Whole* is rendered and signed: the naive page and "
        "the documented way, the naive page without its pattern, and ours.",
        "",
        "| key | documented | key kept | ours | bare | bytes added | whole, naive | without pattern | whole, ours |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for name, said in KEYS.items():
        cpu, whole, added = (signing["keys"][name][part] for part in ("cpu", "whole", "added"))
        cells = [said, *(f"{cpu[way]:.1f}" for way in ("documented", "key_kept", "ours")), f"{cpu['bare']:.2f}"]
        cells += [f"{added['ours']:,}", *(f"{whole[way]:.0f}" for way in ("naive", "naive_plain", "ours"))]
        lines.append(f"| {' | '.join(cells)} |")
    return [*lines, ""]


def _goals(facts: Facts) -> list[str]:
    cpu, keys = facts["ways"]["cpu"], facts["signing"]["keys"]
    one, two = facts["rates"]
    marks = list(facts["memory"]["peak"].items())
    (early, settled), (_last, most) = marks[min(2, len(marks) - 1)], marks[-1]
    rows: list[tuple[str, str, str, bool]] = []

    def least(what: str, measured: float, goal: float) -> None:
        rows.append((what, f">= {goal:g}", f"{measured:.1f}", measured >= goal))

    least("naive / ours, full render", cpu["naive"] / cpu["ours"], 2.8)
    least("naive without pattern / ours, full render", cpu["naive_plain"] / cpu["ours"], 2.8)
    for name, said in KEYS.items():
        least(f"signing, documented / ours, {said}", keys[name]["cpu"]["documented"] / keys[name]["cpu"]["ours"], 5)
    for name, said in KEYS.items():
        whole = keys[name]["whole"]
        least(f"rendered and signed, naive / ours, {said}", whole["naive"] / whole["ours"], 3)
        least(f"the same without pattern, {said}", whole["naive_plain"] / whole["ours"], 3)
    least("two workers / one, by the clock", two["per_second"] / one["per_second"], 1.6)
    least("two workers / one, by processor time", 2 * two["per_cpu_second"] / one["per_cpu_second"], 1.6)
    flat = most - settled <= 5
    rows.append((f"MiB grown from {int(early):,} to {facts['count']:,}", "<= 5", f"{most - settled:.1f}", flat))
    lines = ["## Against the goals", "", "| what | goal | measured | |", "|---|---|---|---|"]
    return lines + [f"| {a} | {b} | {c} | {'met' if met else 'missed'} |" for a, b, c, met in rows]
