"""The settings that every process of the site is started with. A value that is already in the environment
wins, so `KIP_DEMO=0 make run` means what it says."""

import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import environ
import psycopg
import redis

from embedded.machine import HOMEBREW_LIBRARIES, chromium
from embedded.refusal import Refusal
from embedded.services import Postgres, Server, Valkey
from embedded.state import PROJECT, State


@dataclass(frozen=True)
class Addresses:
    """Where the data are."""

    database: str
    broker: str
    cache: str

    def as_environment(self) -> dict[str, str]:
        return {"DATABASE_URL": self.database, "REDIS_URL": self.broker, "KIP_CACHE_URL": self.cache}


def embedded_servers(state: State, *, durable: bool) -> list[Server]:
    """The servers that nobody named: none of ours starts beside DATABASE_URL or REDIS_URL."""
    servers: list[Server] = []
    if not os.environ.get("DATABASE_URL"):
        servers.append(Postgres(state, durable=durable))
    if not os.environ.get("REDIS_URL"):
        servers.append(Valkey(state, durable=durable))
    return servers


def addresses(servers: list[Server]) -> Addresses:
    database = os.environ.get("DATABASE_URL", "")
    broker = os.environ.get("REDIS_URL", "")
    cache = os.environ.get("KIP_CACHE_URL", "") or (cache_beside(broker) if broker else "")
    for server in servers:
        if isinstance(server, Postgres):
            database = server.url
        if isinstance(server, Valkey):
            broker, cache = server.broker_url, server.cache_url
    return Addresses(database=database, broker=broker, cache=cache)


def cache_beside(broker: str) -> str:
    """Database 1 of the server whose database 0 is the broker."""
    parts = urlsplit(broker)
    if parts.scheme == "redis+socket":
        return urlunsplit(("unix", "", parts.path, "db=1", "")).replace("unix:/", "unix:///", 1)
    query = urlencode([(name, value) for name, value in parse_qsl(parts.query) if name != "db"])
    return urlunsplit(parts._replace(path="/1", query=query))


def require_answers(places: Addresses) -> None:
    """Named servers that do not answer are told in one sentence, before anything slow starts."""
    database = environ.Env.db_url_config(places.database)
    try:
        psycopg.connect(
            host=database["HOST"] or None,
            port=database["PORT"] or None,
            user=database["USER"] or None,
            password=database["PASSWORD"] or None,
            dbname=database["NAME"],
            connect_timeout=5,
            **database.get("OPTIONS", {}),
        ).close()
    except psycopg.OperationalError as error:
        reason = str(error).strip().splitlines()[-1]
        raise Refusal(f"The database that DATABASE_URL names does not answer ({reason}).") from None
    try:
        with redis.Redis.from_url(places.cache, socket_connect_timeout=5) as client:
            client.ping()
    except (redis.RedisError, ValueError) as error:
        raise Refusal(f"The server that REDIS_URL names does not answer ({error}).") from None


def site_environment(state: State, places: Addresses, *, port: int) -> dict[str, str]:
    """What web, worker, beat and `manage.py` of `make run` are started with."""
    return {
        "KIP_SECRET_KEY": state.secret_key(),
        "KIP_DEBUG": "0",
        "KIP_INSECURE_HTTP": "1",  # one machine, no TLS: cookies and redirects stay on http
        "KIP_ALLOWED_HOSTS": "localhost,127.0.0.1,[::1]",
        "KIP_SITE_URL": f"http://localhost:{port}",
        "KIP_DEMO": "1",
        "KIP_MEDIA_ROOT": str(state.private("media")),
        "KIP_STATIC_ROOT": str(state.private("static")),
        "DJANGO_SETTINGS_MODULE": "hanoi_kip.settings",
        "PYTHONUNBUFFERED": "1",
        **_library_path(),
        **os.environ,
        **places.as_environment(),
        "KIP_STATE": str(state.folder),
        "KIP_SIGNING_KEY_FOLDER": str(state.private("keys")),
        "KIP_SIGNING_TIME_STAMP": os.environ.get("KIP_SIGNING_TIME_STAMP", "demo"),
        "KIP_ACCOUNTS_FILE": str(state.private("accounts") / "accounts.txt"),
        "PYTHONPATH": str(PROJECT),
    }


def test_environment(state: State, places: Addresses) -> dict[str, str]:
    """What the tests and checks see; nothing of the caller's own settings leaks in."""
    found = chromium()
    return {
        **places.as_environment(),
        "KIP_SECRET_KEY": "a key for tests only, long enough to be taken for a real one by the checks",
        "KIP_DEBUG": "0",
        "KIP_INSECURE_HTTP": "1",
        "KIP_ALLOWED_HOSTS": "localhost,127.0.0.1,[::1],testserver",
        "KIP_SITE_URL": "http://testserver",
        "KIP_DEMO": "0",
        "KIP_MEDIA_ROOT": str(state.private("media")),
        "KIP_STATIC_ROOT": str(state.private("static")),
        "DJANGO_SETTINGS_MODULE": "hanoi_kip.settings",
        **({"KIP_CHROMIUM": found} if found else {}),
        **_library_path(),
    }


def _library_path() -> dict[str, str]:
    """A Python that is not Homebrew's does not look where Homebrew puts Pango."""
    if sys.platform == "darwin":
        return {"DYLD_FALLBACK_LIBRARY_PATH": ":".join((*HOMEBREW_LIBRARIES, "/usr/lib"))}
    return {}


@contextmanager
def throw_away_servers() -> Iterator[dict[str, str]]:
    """PostgreSQL and Valkey for one test run, in a folder of their own; nothing of them stays."""
    with ExitStack() as stack:
        state = State.temporary()
        stack.callback(state.remove)
        servers = embedded_servers(state, durable=False)
        for server in servers:
            stack.callback(server.stop)
            server.start()
        places = addresses(servers)
        if len(servers) < 2:
            require_answers(places)
        yield test_environment(state, places)
