"""`make run` for real: a whole site with its own data, started, asked, stopped, killed."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO

import psycopg
import pytest
import redis

from embedded.machine import is_free
from embedded.state import PROJECT, State

pytestmark = pytest.mark.worker

STARTS_WITHIN = 120.0
STOPS_WITHIN = 60.0
OF_THE_SITE = re.compile(r"^(KIP_|PG|DATABASE_URL$|REDIS_URL$|DJANGO_|PYTEST_|PORT$|MAKELEVEL$)")


def wait_until(done: Callable[[], bool], seconds: float) -> bool:
    end = time.monotonic() + seconds
    while not done():
        if time.monotonic() > end:
            return False
        time.sleep(0.1)
    return True


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Site:
    """A checkout's site on a free port, with its data in a folder of this test."""

    def __init__(self, state: State) -> None:
        self.state = state
        self.port = free_port()
        self.failed = False
        self.output: IO[str] | None = None
        self.process: subprocess.Popen[str] | None = None

    def command(self, **settings: str) -> tuple[list[str], dict[str, str]]:
        inherited = {name: value for name, value in os.environ.items() if not OF_THE_SITE.match(name)}
        environment = inherited | {
            "KIP_STATE": str(self.state.folder),
            "KIP_DEMO": "0",
            "PORT": str(self.port),
        }
        return [sys.executable, "-m", "embedded.up"], environment | settings

    def run_to_its_end(self, **settings: str) -> subprocess.CompletedProcess[str]:
        command, environment = self.command(**settings)
        return subprocess.run(command, env=environment, cwd=PROJECT, capture_output=True, text=True, timeout=60)

    def ensure_running(self) -> "Site":
        if self.runs():
            return self
        assert not self.failed, "the site did not start for an earlier test"
        self.failed = True
        command, environment = self.command()
        self.output = (self.state.folder / "output.txt").open("w+", encoding="utf-8")
        self.process = subprocess.Popen(
            command, env=environment, cwd=PROJECT, stdout=self.output, stderr=subprocess.STDOUT, text=True
        )
        ready = wait_until(lambda: "Stop: Ctrl-C" in self.said() or not self.runs(), STARTS_WITHIN)
        assert ready, self.said()
        assert self.runs(), self.said()
        self.failed = False
        return self

    def runs(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def said(self) -> str:
        return (self.state.folder / "output.txt").read_text(encoding="utf-8")

    def send(self, number: signal.Signals) -> int:
        assert self.process is not None
        self.process.send_signal(number)
        return self.process.wait(STOPS_WITHIN)

    def first_page(self) -> int:
        with urllib.request.urlopen(f"http://localhost:{self.port}/", timeout=30) as page:
            return int(page.status)

    def processes(self) -> list[str]:
        """Command lines of living processes that were started for this state folder."""
        mark = f"KIP_STATE={self.state.folder}".encode()
        found = []
        for process in Path("/proc").glob("[0-9]*"):
            try:
                if mark in (process / "environ").read_bytes().split(b"\0"):
                    line = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
                    found.append(f"{process.name} {line}")
            except OSError:
                continue
        return [line for line in found if " " in line.strip()]

    def database(self) -> psycopg.Connection:
        sockets = self.state.folder / "postgresql" / "s"
        return psycopg.connect(host=str(sockets), user="kip", dbname="kip", autocommit=True)

    def broker(self) -> redis.Redis:
        return redis.Redis(unix_socket_path=str(self.state.folder / "valkey" / "s" / "valkey.sock"))

    def identity(self) -> tuple[object, str]:
        with self.database() as connection:
            row = connection.execute("select system_identifier from pg_control_system()").fetchone()
        return row, (self.state.folder / "secret-key").read_text()


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    state = State.temporary()
    site = Site(state)
    yield site
    if site.process and site.runs():
        site.send(signal.SIGTERM)
    if site.output:
        site.output.close()
    state.remove()


def test_the_first_page_answers_and_the_address_is_told(site: Site) -> None:
    site.ensure_running()
    assert site.first_page() == 200
    assert f"http://localhost:{site.port}/" in site.said()


def test_what_is_secret_is_closed_to_others(site: Site) -> None:
    site.ensure_running()
    assert (site.state.folder / "secret-key").stat().st_mode & 0o777 == 0o600
    for name in ("media", "accounts", "log", "postgresql", "valkey"):
        assert (site.state.folder / name).stat().st_mode & 0o777 == 0o700


def test_a_second_start_on_the_same_data_is_refused(site: Site) -> None:
    site.ensure_running()
    second = site.run_to_its_end(PORT=str(free_port()))
    assert second.returncode == 2
    assert "already running" in second.stderr
    assert f"http://localhost:{site.port}/" in second.stderr
    assert site.first_page() == 200


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_a_worker_that_dies_is_started_again_and_said(site: Site) -> None:
    site.ensure_running()
    workers = [line for line in site.processes() if "hanoi_kip worker" in line]
    for line in workers:
        os.kill(int(line.split()[0]), signal.SIGKILL)
    assert wait_until(lambda: "worker ended by itself" in site.said(), 10)
    gone = set(workers)
    assert wait_until(lambda: any("hanoi_kip worker" in line for line in site.processes() if line not in gone), 20)
    assert site.first_page() == 200


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_ctrl_c_ends_every_process_and_the_next_start_finds_the_data(site: Site) -> None:
    site.ensure_running()
    before = site.identity()
    with site.database() as connection:
        connection.execute("create table if not exists kept_over_a_stop (word text)")
        connection.execute("insert into kept_over_a_stop values ('gốm')")
    with site.broker() as broker:
        broker.set("kept over a stop", "sứ")

    assert site.send(signal.SIGINT) == 0, site.said()
    assert site.processes() == []
    assert is_free(site.port)

    site.ensure_running()
    assert site.identity() == before
    with site.database() as connection:
        assert connection.execute("select word from kept_over_a_stop").fetchone() == ("gốm",)
        connection.execute("drop table kept_over_a_stop")
    with site.broker() as broker:
        assert broker.get("kept over a stop") == "sứ".encode()

    # Even when the supervisor itself is killed outright, nothing stays behind.
    assert site.send(signal.SIGKILL) == -signal.SIGKILL
    assert wait_until(lambda: site.processes() == [], 20), site.processes()


def test_a_taken_port_is_told_before_anything_starts() -> None:
    state = State.temporary()
    try:
        with socket.socket() as other:
            other.bind(("127.0.0.1", 0))
            other.listen()
            port = other.getsockname()[1]
            began = time.monotonic()
            outcome = Site(state).run_to_its_end(PORT=str(port))
        assert outcome.returncode == 2
        assert re.search(rf"Port {port} is taken; start on another one: PORT=\d+ make run", outcome.stderr)
        assert len(outcome.stderr.strip().splitlines()) == 1
        assert time.monotonic() - began < 10
        assert list(state.folder.iterdir()) == []
    finally:
        state.remove()


def test_a_database_that_does_not_answer_is_told_in_one_sentence() -> None:
    state = State.temporary()
    try:
        site = Site(state)
        nowhere = f"postgres://kip@127.0.0.1:{free_port()}/kip"
        outcome = site.run_to_its_end(DATABASE_URL=nowhere)
        assert outcome.returncode == 2
        assert "The database that DATABASE_URL names does not answer" in outcome.stderr
        assert "Traceback" not in outcome.stderr
    finally:
        state.remove()
