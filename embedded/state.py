"""The folder that keeps the site's data between starts. Standard library only."""

import fcntl
import hashlib
import os
import secrets
import shutil
import tempfile
import time
from pathlib import Path
from typing import IO

from embedded.refusal import Refusal

PROJECT = Path(__file__).resolve().parent.parent
TEMPORARY_PREFIX = "kip-test-"
KEPT_BY_THE_SYSTEM = Path("/var/tmp")  # noqa: S108 (owner and mode are checked)
A_DAY = 24 * 60 * 60


class State:
    """`.var` in the checkout. For root a folder under /var/tmp: the servers run as an ordinary account,
    which cannot enter the home of root. KIP_STATE names another place."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._lock: IO[str] | None = None

    @classmethod
    def of_checkout(cls, project: Path = PROJECT) -> "State":
        state = cls(cls._folder_of(project))
        state._make()
        return state

    @classmethod
    def temporary(cls) -> "State":
        """A new folder for one test run. Folders of runs that were killed are swept after a day."""
        place = Path(tempfile.gettempdir())
        if os.geteuid() == 0 and not reachable_by_others(place):
            place = KEPT_BY_THE_SYSTEM
        for old in place.glob(f"{TEMPORARY_PREFIX}*"):
            try:
                if old.stat().st_mtime < time.time() - A_DAY and old.stat().st_uid == os.geteuid():
                    shutil.rmtree(old, ignore_errors=True)
            except OSError:
                continue
        state = cls(Path(tempfile.mkdtemp(prefix=TEMPORARY_PREFIX, dir=place)))
        state._make()
        return state

    @staticmethod
    def _folder_of(project: Path) -> Path:
        if os.environ.get("KIP_STATE"):
            return Path(os.environ["KIP_STATE"]).resolve()
        if os.geteuid() == 0:
            return KEPT_BY_THE_SYSTEM / f"kip-{_short_hash(project)}"
        return project / ".var"

    def _make(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        if self.folder.stat().st_uid != os.geteuid():
            raise Refusal(
                f"{self.folder} belongs to another account; name a folder of your own: "
                "KIP_STATE=/path/to/folder make run"
            )
        # As root, the account of the servers must pass through; nobody else may list it.
        self.folder.chmod(0o711 if os.geteuid() == 0 else 0o700)

    def private(self, name: str) -> Path:
        """A folder inside that only we can enter."""
        folder = self.folder / name
        folder.mkdir(exist_ok=True)
        folder.chmod(0o700)
        return folder

    # --- one supervisor at a time ---------------------------------------------------------------------

    @property
    def _lock_file(self) -> Path:
        return self.folder / "supervisor.lock"

    def lock(self, address: str) -> None:
        """Held until this process ends, however it ends."""
        handle = self._lock_file.open("a+", encoding="utf-8")
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            handle.seek(0)
            raise Refusal(_already_running(handle.read())) from None
        handle.seek(0)
        handle.truncate()
        handle.write(f"{address} (process {os.getpid()})")
        handle.flush()
        self._lock = handle

    @classmethod
    def refuse_if_running(cls, project: Path = PROJECT) -> None:
        lock_file = cls(cls._folder_of(project))._lock_file
        try:
            handle = lock_file.open("r", encoding="utf-8")
        except OSError:
            return
        with handle:
            try:
                fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except OSError:
                raise Refusal(_already_running(handle.read())) from None

    # --- the key that signs sessions ------------------------------------------------------------------

    def secret_key(self) -> str:
        """Made once, readable by its owner alone."""
        path = self.folder / "secret-key"
        if not path.exists():
            descriptor, draft = tempfile.mkstemp(dir=self.folder)  # mode 0600
            with os.fdopen(descriptor, "w", encoding="ascii") as file:
                file.write(secrets.token_urlsafe(50))
            Path(draft).replace(path)
        return path.read_text(encoding="ascii")

    def remove(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)


def reachable_by_others(path: Path) -> bool:
    return all(part.stat().st_mode & 0o001 for part in (path, *path.parents))


def short_socket_folder(folder: Path) -> Path:
    """The path of a Unix socket may have about a hundred bytes; a deep checkout gets a folder elsewhere."""
    if len(os.fsencode(folder)) <= 80:
        return folder
    return Path("/tmp") / f"kip-{os.geteuid()}-{_short_hash(folder)}"  # noqa: S108 (owner and mode are checked)


def _already_running(holder: str) -> str:
    return f"The site of this checkout is already running: {holder.strip()}; stop it there with Ctrl-C first."


def _short_hash(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:10]
