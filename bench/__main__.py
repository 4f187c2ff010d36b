"""make bench: the result of a season, and certificates, by several ways, side by side, on one machine, in one run.

A PostgreSQL of its own is started and thrown away. What was measured is printed and, with `--write`, put into
docs/bench.md and docs/bench-certificates.md. `make bench ARGS=certificates` measures one part only.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg

from bench import certificates_report, peer, report
from embedded.environment import throw_away_servers
from embedded.state import PROJECT

SIZES = {1_000: 5, 10_000: 5, 100_000: 3}
LOOP_UP_TO = 1_000
PURE_UP_TO = 10_000


def main() -> None:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("part", nargs="?", choices=("all", "season", "certificates"), default="all")
    parser.add_argument("--sizes", default=",".join(map(str, SIZES)), help="numbers of dossiers")
    parser.add_argument("--peer-reviews", type=int, default=9_000, help="0 leaves pretalx out")
    parser.add_argument("--quick", action="store_true", help="certificates: a tenth of the runs")
    parser.add_argument("--write", action="store_true", help="also write the reports")
    options = parser.parse_args()
    if options.part != "certificates":
        finish("bench.md", report.text(season(options)), options)
    if options.part != "season":
        finish("bench-certificates.md", certificates_report.text(certificates(options)), options)


def finish(name: str, text: str, options: argparse.Namespace) -> None:
    print(text)
    if options.write:
        (PROJECT / "docs" / name).write_text(text + "\n", encoding="utf-8")


def season(options: argparse.Namespace) -> dict[str, Any]:
    sizes = [int(size) for size in options.sizes.split(",")]
    facts: dict[str, Any] = {"machine": machine(), "sizes": [], "at": datetime.now(UTC)}
    with throw_away_servers() as environment:
        base, _slash, _name = environment["DATABASE_URL"].rpartition("/")
        environment = {**os.environ, **environment}
        say("making the tables of the site")
        one(environment, base, "bench_template", 0)
        for size in sizes:
            say(f"{size} dossiers")
            with copied(base, size) as database:
                facts["sizes"].append(one(environment, base, database, size))
        facts["peer"] = measure_peer(base, options.peer_reviews) if options.peer_reviews else "left out by choice"
    return facts


def certificates(options: argparse.Namespace) -> dict[str, Any]:
    """No table is needed; the environment is that of the other measurements."""
    facts = {"machine": machine(), "at": datetime.now(UTC)}
    say("certificates")
    with throw_away_servers() as environment:
        return facts | certificates_report.measure({**os.environ, **environment}, quick=options.quick)


def say(words: str) -> None:
    print(f"bench: {words}", file=sys.stderr, flush=True)


def one(environment: dict[str, str], base: str, database: str, size: int) -> dict[str, Any]:
    """One size, in a process of its own: its memory is its own."""
    if size == 0:
        with administrator(base) as connection:
            connection.execute(f"CREATE DATABASE {database}")
    command = [sys.executable, "-m", "bench.one", str(size), "--runs", str(SIZES.get(size, 3))]
    command += ["--loop"] if 0 < size <= LOOP_UP_TO else []
    command += ["--pure"] if 0 < size <= PURE_UP_TO else []
    done = subprocess.run(
        command,
        cwd=PROJECT,
        env={**environment, "DATABASE_URL": f"{base}/{database}"},
        stdout=subprocess.PIPE,
        check=True,
    )
    return json.loads(done.stdout) if size else {}


def socket_of(base: str) -> str:
    return "/" + base.partition("@")[2].strip("/")


@contextmanager
def administrator(base: str) -> Iterator["psycopg.Connection[Any]"]:
    with psycopg.connect(host=socket_of(base), user="kip", dbname="postgres", autocommit=True) as connection:
        yield connection


@contextmanager
def copied(base: str, size: int) -> Iterator[str]:
    name = f"bench_{size}"
    with administrator(base) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE bench_template")
    yield name
    with administrator(base) as connection:
        connection.execute(f"DROP DATABASE {name}")


def measure_peer(base: str, reviews: int) -> Any:
    """What pretalx needed, or the sentence that says why it was not measured."""
    say("pretalx, installed for the occasion")
    with administrator(base) as connection:
        connection.execute("CREATE DATABASE bench_peer")
    with tempfile.TemporaryDirectory() as folder:
        try:
            return peer.measure(
                Path(folder), socket=socket_of(base), database="bench_peer", submissions=reviews // 9, reviewers=9
            )
        except peer.Unavailable as reason:
            return str(reason)


def machine() -> dict[str, Any]:
    """In words, without names or paths."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30 if hasattr(os, "sysconf") else 0
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0
    return {
        "cores": os.cpu_count(),
        "memory": round(memory),
        "system": platform.system(),
        "python": platform.python_version(),
        "load": round(load, 1),
    }


if __name__ == "__main__":
    main()
