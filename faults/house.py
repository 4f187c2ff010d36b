"""A house of the campaign's own: servers that it may break, a folder, keys, and a season's worth of decided work."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from embedded.environment import Addresses, test_environment
from embedded.services import TAKES_AT_MOST, Postgres, Valkey, kill_group
from embedded.state import State

TEMPLATE = "faults_template"
LEASE_SECONDS = 2
RING_SECONDS = 1.0


class Database(Postgres):
    """The moment of every commit is kept: the server's own times are the witnesses."""

    keeps = False  # every acknowledged commit is handed to the system before it is acknowledged

    def _command(self) -> list[str]:
        more = {"track_commit_timestamp": "on", "max_connections": "150"}
        if self.keeps:
            more |= {"synchronous_commit": "on", "full_page_writes": "on", "autovacuum": "on"}
        return [*super()._command(), *(word for name, value in more.items() for word in ("-c", f"{name}={value}"))]

    def crash(self) -> None:
        """As `pg_ctl restart -m immediate`: no checkpoint, every session cut, recovery from the log."""
        assert self.process
        self.process.send_signal(signal.SIGQUIT)
        self.process.wait(TAKES_AT_MOST)
        self.start()


class Broker(Valkey):
    def crash(self) -> None:
        """Killed, and back with nothing: it keeps nothing on the disk."""
        assert self.process
        kill_group(self.process)
        self.start()


class House:
    """Call from the main thread: the servers end with it, however it ends."""

    def __init__(self, state: State, *, fsync: bool = True) -> None:
        self.state = state
        self.fsync = fsync
        self.database = Database(state, durable=False)
        self.broker = Broker(state, durable=False)
        self.environment: dict[str, str] = {}

    def open(self) -> None:
        self.database.start()
        self.broker.start()
        places = Addresses(self.address("postgres"), self.broker.broker_url, self.broker.cache_url)
        keys = self.state.private("keys")
        self.environment = {
            **test_environment(self.state, places),
            "KIP_JOB_LEASE_SECONDS": str(LEASE_SECONDS),
            "KIP_SIGNING_KEY_FOLDER": str(keys),
            "KIP_SIGNING_ROOTS": str(keys / "roots.pem"),
            "KIP_SIGNING_ALLOW_DEMO": "1",
            "KIP_SIGNING_TIME_STAMP": "",
            "KIP_LOG_LEVEL": "WARNING",
        }

    def harden(self) -> None:
        """The seasons are made quickly; from now on what is acknowledged is kept. Without `fsync` it outlives the
        death of every process, but not a power cut, which nobody here can cause."""
        self.database.stop()
        self.database.keeps, self.database.durable = True, self.fsync
        self.database.start()

    def close(self) -> None:
        self.broker.stop()
        self.database.stop()

    def address(self, name: str) -> str:
        return f"{self.database.url.rpartition('/')[0]}/{name}"

    def folder(self, name: str) -> Path:
        return self.state.private(name)

    def administrator(self) -> "psycopg.Connection[tuple[object, ...]]":
        where = str(self.database.sockets)
        return psycopg.connect(host=where, user="kip", dbname="postgres", autocommit=True, connect_timeout=5)

    def make(self, name: str, template: str = "template0") -> None:
        with self.administrator() as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
            connection.execute("CHECKPOINT")  # a crash recovers what the faults left, not the copy

    def drop(self, name: str) -> None:
        with self.administrator() as connection:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")

    def cut_sessions(self, name: str) -> int:
        """`pg_terminate_backend` for everybody in this database; how many there were."""
        with self.administrator() as connection:
            found = connection.execute(
                "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = %s", [name]
            ).fetchone()
        return int(str(found[0])) if found else 0


@contextmanager
def own_house(*, fsync: bool = True) -> Iterator[House]:
    state = State.temporary()
    house = House(state, fsync=fsync)
    try:
        house.open()
        yield house
    finally:
        house.close()
        state.remove()


def enter(house: House) -> None:
    """This process becomes one of the house: Django with its addresses. Once per process."""
    os.environ.update(house.environment)
    import django

    django.setup()
    from django.conf import settings

    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # invented people, made quickly


def use(name: str, media: Path) -> None:
    """Every later connection of this process goes to this database."""
    from django.conf import settings
    from django.db import connections

    connections.close_all()
    connections.settings["default"]["NAME"] = name
    settings.MEDIA_ROOT = str(media)
