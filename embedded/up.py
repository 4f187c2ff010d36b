"""`make run`: the whole site from one command, and one Ctrl-C that stops it in order."""

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from embedded.environment import addresses, embedded_servers, require_answers, site_environment
from embedded.machine import require_free_port, wanted_port
from embedded.refusal import Refusal
from embedded.services import LIBC, PR_SET_PDEATHSIG, Server, kill_group, spawn, tail
from embedded.state import PROJECT, State

LOOK_EVERY = 0.2  # seconds
FIRST_PAGE_WITHIN = 90.0
LOG_LIMIT = 5_000_000  # bytes; an older log is kept once
BACK_OFF = (1, 2, 4, 8, 15, 30)  # seconds before a helper that died is started again
STEADY_AFTER = 60.0  # seconds of life that make earlier deaths forgotten


@dataclass
class Child:
    """One process of the site."""

    name: str
    command: Sequence[str]
    patience: float  # seconds between asking it to stop and insisting
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    deaths: int = 0
    start_again_at: float = 0.0

    @property
    def alive(self) -> bool:
        return self.process is not None and self.process.poll() is None


class Site:
    def __init__(self) -> None:
        self.began = time.monotonic()
        self.asked_to_stop = 0
        self.servers: list[Server] = []
        self.children: list[Child] = []
        self.environment: dict[str, str] = {}
        self.port = wanted_port()

    @property
    def address(self) -> str:
        return f"http://localhost:{self.port}/"

    def run(self) -> int:
        self._hear_signals()
        require_free_port(self.port)
        self.state = State.of_checkout()
        self.state.lock(self.address)
        self.logs = self.state.private("log")
        failed = True
        try:
            self._start()
            failed = not self._watch()
        finally:
            self._stop()
        return 1 if failed else 0

    # --- starting -------------------------------------------------------------------------------------

    def _start(self) -> None:
        steps = (
            self._start_servers,
            self._prepare,
            self._start_web,
            self._wait_for_first_page,
            self._start_helpers,
        )
        for step in steps:
            if self.asked_to_stop:
                return
            step()
        if not self.asked_to_stop:
            self._welcome()

    def _start_servers(self) -> None:
        for server in embedded_servers(self.state, durable=True):
            self.servers.append(server)
            server.start()
            self._say(f"{server.name} is up")
        places = addresses(self.servers)
        if len(self.servers) < 2:
            require_answers(places)
        self.environment = site_environment(self.state, places, port=self.port)

    def _prepare(self) -> None:
        """One Django process for everything before the first page; its words go to the terminal."""
        Path(self.environment["KIP_ACCOUNTS_FILE"]).unlink(missing_ok=True)
        self._say("preparing the database; the first time this takes a minute")
        preparation = Child("prepare", self._python("manage.py", "prepare"), patience=5)
        preparation.process = spawn(
            preparation.command, log=sys.stdout.fileno(), environment=self.environment, folder=PROJECT
        )
        while preparation.alive and not self.asked_to_stop:
            time.sleep(0.02)
        self._end(preparation)
        if self.asked_to_stop:
            return
        if preparation.process.returncode != 0:
            raise Refusal("The database could not be prepared; the reason stands above.")
        self._say("the database is ready")

    def _start_web(self) -> None:
        bind = f"127.0.0.1:{self.port}"
        web = ["-m", "gunicorn", "hanoi_kip.wsgi:application", "--bind", bind, "--workers", "2", "--threads", "4"]
        web += ["--preload", "--graceful-timeout", "5", "--timeout", "60", "--no-control-socket"]
        self._start_child(Child("web", self._python(*web), patience=8))

    def _start_helpers(self) -> None:
        """After the first page, so that it comes sooner; jobs that wait are rows and lose nothing."""
        beat = ["-m", "celery", "-A", "hanoi_kip", "beat", "--loglevel", "WARNING"]
        beat += ["--schedule", str(self.state.private("beat") / "schedule")]
        self._start_child(Child("beat", self._python(*beat), patience=5))
        worker = ["-m", "celery", "-A", "hanoi_kip", "worker", "--concurrency", "2", "--loglevel", "WARNING"]
        worker += ["--without-mingle", "--without-gossip"]
        self._start_child(Child("worker", self._python(*worker), patience=20))

    def _start_child(self, child: Child) -> None:
        self.children.append(child)
        self._launch(child)

    def _python(self, *arguments: str) -> list[str]:
        return [sys.executable, *arguments]

    def _launch(self, child: Child) -> None:
        log = self._log(child.name)
        if log.exists() and log.stat().st_size > LOG_LIMIT:
            log.replace(log.with_suffix(".old.log"))
        with log.open("ab") as file:
            child.process = spawn(child.command, log=file, environment=self.environment, folder=PROJECT)
        child.started_at = time.monotonic()

    def _wait_for_first_page(self) -> None:
        end = time.monotonic() + FIRST_PAGE_WITHIN
        while not self.asked_to_stop:
            if self._first_page_answers():
                return
            for child in self.children:
                if not child.alive:
                    raise Refusal(f"{child.name} did not start; the end of its log:\n{tail(self._log(child.name))}")
            if time.monotonic() > end:
                raise Refusal(
                    f"The first page did not answer within {FIRST_PAGE_WITHIN:.0f} seconds; "
                    f"the end of the log:\n{tail(self._log('web'))}"
                )
            time.sleep(0.05)

    def _first_page_answers(self) -> bool:
        try:
            with urllib.request.urlopen(self.address, timeout=30) as page:  # noqa: S310 (our own address)
                page.read()
        except urllib.error.HTTPError as answer:
            raise Refusal(
                f"The first page answers {answer.code}; the end of the log:\n" + tail(self._log("web"), lines=40)
            ) from None
        except OSError:
            return False
        return True

    def _welcome(self) -> None:
        accounts = Path(self.environment["KIP_ACCOUNTS_FILE"])
        self._say("the first page answers; worker and beat are starting")
        print(f"\n  {self.address}\n", flush=True)
        if accounts.exists():
            print(
                "".join(f"  {line}\n" for line in accounts.read_text(encoding="utf-8").splitlines()),
                flush=True,
            )
        print(f"  Logs: {self.logs}    Stop: Ctrl-C", flush=True)

    # --- watching -------------------------------------------------------------------------------------

    def _watch(self) -> bool:
        while not self.asked_to_stop:
            for server in self.servers:
                if not server.alive:
                    self._say(f"{server.name} ended by itself and is started again")
                    server.start()
            for child in self.children:
                if child.alive:
                    continue
                if child.name == "web":
                    self._say(f"web ended by itself; the end of its log:\n{tail(self._log('web'))}")
                    return False
                self._start_again(child)
            time.sleep(LOOK_EVERY)
        return True

    def _start_again(self, child: Child) -> None:
        now = time.monotonic()
        if child.process is not None:
            if now - child.started_at > STEADY_AFTER:
                child.deaths = 0
            pause = BACK_OFF[min(child.deaths, len(BACK_OFF) - 1)]
            child.deaths += 1
            child.start_again_at = now + pause
            self._say(
                f"{child.name} ended by itself ({child.process.returncode}); again in {pause} s, "
                f"its log: {self._log(child.name)}"
            )
            kill_group(child.process)
            child.process = None
        if now >= child.start_again_at:
            self._launch(child)

    # --- stopping -------------------------------------------------------------------------------------

    def _hear_signals(self) -> None:
        signal.signal(signal.SIGINT, self._hear)
        signal.signal(signal.SIGTERM, self._hear)
        if signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:  # ignored under nohup
            signal.signal(signal.SIGHUP, self._hear)
        if LIBC and os.environ.get("MAKELEVEL"):
            LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)  # `make` itself was killed: stop as for Ctrl-C

    def _hear(self, number: int, frame: object) -> None:
        self.asked_to_stop += 1

    def _wait_while(self, going_on: Callable[[], bool], seconds: float | None = None) -> None:
        """Until it is over, the time is up, or one more signal asks to hurry."""
        end = None if seconds is None else time.monotonic() + seconds
        signals = self.asked_to_stop
        while going_on() and self.asked_to_stop == signals and (end is None or time.monotonic() < end):
            time.sleep(0.02)

    def _stop(self) -> None:
        began = time.monotonic()
        if self.asked_to_stop:
            print(flush=True)  # the line after ^C
            self._say("stopping")
        # First nobody may ask, then nobody reminds, then the work in hand ends, then the data close.
        for child in self.children:
            self._end(child)
        for server in reversed(self.servers):
            server.stop()
        self._say(f"stopped in {time.monotonic() - began:.1f} s")

    def _end(self, child: Child) -> None:
        if child.process is None:
            return
        for number, patience in ((signal.SIGTERM, child.patience), (signal.SIGQUIT, 3.0)):
            if child.alive:
                child.process.send_signal(number)
                self._wait_while(lambda: child.alive, patience)
        kill_group(child.process)

    def _log(self, name: str) -> Path:
        return self.logs / f"{name}.log"

    def _say(self, text: str) -> None:
        print(f"[{time.monotonic() - self.began:5.1f} s] {text}", flush=True)


def main() -> int:
    try:
        return Site().run()
    except Refusal as refusal:
        print(refusal, file=sys.stderr, flush=True)
        return 2


if __name__ == "__main__":
    sys.exit(main())
