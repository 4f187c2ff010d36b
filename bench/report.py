"""What was measured, as a page."""

from math import log10
from typing import Any

Facts = dict[str, Any]


def text(facts: Facts) -> str:
    machine = facts["machine"]
    server = facts["sizes"][0]["server"] if facts["sizes"] else ""
    lines = [
        "# The result of a season, measured",
        "",
        f"{facts['at']:%d/%m/%Y}; {machine['cores']} cores, {machine['memory']} GB, {machine['system']}, "
        f"Python {machine['python']}, PostgreSQL {server} with fsync off and without parallel workers. "
        f"Load of the machine at the start: {machine['load']}.",
        "",
        "Generated seasons of nine members and twenty criteria, eight sheets in a hundred missing, always the same "
        "points. Medians of the runs, the ways in turn within one run. *CPU* is the processor time of our process and "
        "of its backend in PostgreSQL together; the wall clock also waits for whatever else the machine does, so the "
        "ratios are those of the CPU times.",
        "",
    ]
    for size in facts["sizes"]:
        lines += _size(size)
    lines += _ratios(facts)
    return "\n".join(lines)


def _size(size: Facts) -> list[str]:
    lines = [
        f"## {_n(size['dossiers'])} dossiers: {_n(size['sheets'])} sheets, {_n(size['marks'])} marks",
        "",
        "| way | runs | CPU s | wall s | against the bare fetch |",
        "|---|---|---|---|---|",
    ]
    bare = size["ways"]["d"]["cpu"]
    for way in size["ways"].values():
        lines.append(
            f"| {way['words']} | {way['runs']} | {way['cpu']:.3f} | {way['wall']:.3f} | {way['cpu'] / bare:.1f} x |"
        )
    digests = {answer for name in "abf" if name in size["ways"] for answer in size["ways"][name]["answers"]}
    agree = "give the same two digests" if len(digests) == 1 else f"DISAGREE: {sorted(digests)}"
    lines += ["", f"All ways of ours that write or check a result {agree}.", ""]
    if "c" in size["ways"]:
        same = size["ways"]["c"]["answers"] == [size["order"]]
        lines += [f"The plain loop {'ranks alike' if same else 'RANKS OTHERWISE'}.", ""]
    grown = size["peak_after"] - size["peak_before"]
    lines += [
        f"Memory of our process: {size['peak_before']:.0f} MiB with the whole site loaded, {grown:.0f} MiB more at "
        "the most while it computed.",
        "",
    ]
    return lines


def _ratios(facts: Facts) -> list[str]:
    """The goals that were set, what was reached, and whether that is enough."""
    sizes = {size["dossiers"]: size for size in facts["sizes"]}
    rows: list[tuple[str, str, str, str]] = []

    def cpu(size: int, way: str) -> float:
        return float(sizes[size]["ways"][way]["cpu"])

    def row(
        what: str, measured: float, *, least: float | None = None, most: float | None = None, form: str = ".1f"
    ) -> None:
        goal = f">= {least:g}" if least is not None else f"<= {most:g}" if most is not None else "none"
        reached = (least is None or measured >= least) and (most is None or measured <= most)
        rows.append((what, goal, format(measured, form), "-" if goal == "none" else "met" if reached else "missed"))

    peer = facts.get("peer")
    small = sizes.get(1_000)
    if small and "c" in small["ways"]:
        row("plain ORM loop / ours at closing, 1,000", cpu(1_000, "c") / cpu(1_000, "a"), least=250, form=".0f")
        row("plain ORM loop / ours from the sheets, 1,000", cpu(1_000, "c") / cpu(1_000, "b"), form=".0f")
    if small and "c" in small["ways"] and 10_000 in sizes:
        projected = 10 * cpu(1_000, "c") / cpu(10_000, "a")
        row("the same at closing, 10,000; the loop projected from 1,000", projected, form=".0f")
    if small and isinstance(peer, dict):
        words = f"pretalx {peer['version']}, {_n(peer['reviews'])} reviews x 5 / ours at closing, 1,000 x 9 x 20"
        row(words, peer["cpu"] / cpu(1_000, "a"), least=700, form=".0f")
    for size in sizes:
        row(f"everything from the sheets / bare fetch, {_n(size)}", cpu(size, "b") / cpu(size, "d"), most=2.5)
        row(f"the numbers alone / bare fetch, {_n(size)}", cpu(size, "n") / cpu(size, "d"))
    if 10_000 in sizes and 100_000 in sizes:
        for way, words in (("a", "ours at closing"), ("b", "ours from the sheets")):
            found = log10(cpu(100_000, way) / cpu(10_000, way))
            row(f"exponent of growth 10,000 to 100,000, {words}", found, most=1.1, form=".2f")
    if sizes:
        most = max(sizes)
        after, before = sizes[most]["peak_after"], sizes[most]["peak_before"]
        row(f"MiB of our process with the whole site loaded, {_n(most)}", after, most=100, form=".0f")
        row(f"MiB that computing adds to it, {_n(most)}", after - before, form=".0f")
    lines = ["## Against the goals", "", "| what | goal | measured | |", "|---|---|---|---|"]
    lines += [f"| {' | '.join(cells)} |" for cells in rows]
    if isinstance(peer, dict):
        lines += ["", f"pretalx needed {peer['cpu']:.1f} s CPU ({peer['wall']:.1f} s wall), one run."]
    else:
        lines += ["", f"pretalx: {peer}"]
    lines += [
        "",
        "The goal for the full recompute comes from a prototype that wrote neither digests nor rows with keys and "
        "foreign keys; *the numbers alone* is what it measured.",
        "",
        "A run also orders the papers and the report that follow it; no way of this table is charged for that.",
    ]
    return lines


def _n(number: int) -> str:
    return f"{number:,}"
