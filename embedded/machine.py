"""What this machine has and what it lacks. Standard library only: it runs before .venv exists.

`python -m embedded.machine port`          says in one sentence why the site cannot listen there
`python -m embedded.machine pango`         fails when the libraries of WeasyPrint are missing
`python -m embedded.machine test-packages` prints the Debian packages that the whole test run still lacks
"""

import ctypes
import os
import shutil
import socket
import sys
from collections.abc import Callable

from embedded.refusal import Refusal
from embedded.state import State

PANGO_LIBRARIES = {
    "linux": ("libpango-1.0.so.0", "libpangoft2-1.0.so.0", "libharfbuzz.so.0", "libfontconfig.so.1"),
    "darwin": ("libpango-1.0.dylib", "libpangoft2-1.0.dylib", "libharfbuzz.dylib", "libfontconfig.dylib"),
}
HOMEBREW_LIBRARIES = ("/opt/homebrew/lib", "/usr/local/lib")
CHROMIUM_PLACES = (
    "/usr/bin/chromium",
    "/usr/bin/chromium-browser",
    "/usr/bin/google-chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)


def has_pango() -> bool:
    names = PANGO_LIBRARIES["darwin" if sys.platform == "darwin" else "linux"]
    folders = ("", *(f"{folder}/" for folder in HOMEBREW_LIBRARIES if sys.platform == "darwin"))
    return all(any(_loads(folder + name) for folder in folders) for name in names)


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def chromium() -> str | None:
    """The browser of the browser tests: the named one, else the first that is installed."""
    named = os.environ.get("KIP_CHROMIUM")
    if named:
        return shutil.which(named)
    return next((place for place in CHROMIUM_PLACES if os.access(place, os.X_OK)), None)


SOFTHSM_PLACES = (
    "/usr/lib/softhsm/libsofthsm2.so",
    "/usr/lib64/pkcs11/libsofthsm2.so",
    "/opt/homebrew/lib/softhsm/libsofthsm2.so",
    "/usr/local/lib/softhsm/libsofthsm2.so",
)


def softhsm() -> str | None:
    """The library of the software token that stands for a real one in the tests."""
    if shutil.which("softhsm2-util") is None:
        return None
    return next((place for place in SOFTHSM_PLACES if os.access(place, os.R_OK)), None)


# What the tests of one marker need from the machine, and the Debian packages that bring it.
TEST_NEEDS: dict[str, tuple[tuple[Callable[[], bool], str], ...]] = {
    "browser": ((lambda: chromium() is not None, "chromium"),),
    "pdf": (
        (has_pango, "libpango-1.0-0 libpangoft2-1.0-0"),
        (lambda: shutil.which("pdftotext") is not None, "poppler-utils"),
        (lambda: shutil.which("qpdf") is not None, "qpdf"),
    ),
    "token": ((lambda: softhsm() is not None, "softhsm2"),),
    "openssl": ((lambda: shutil.which("openssl") is not None, "openssl"),),
}


def lacking_packages(marker: str) -> list[str]:
    return [packages for present, packages in TEST_NEEDS[marker] if not present()]


def wanted_port() -> int:
    text = os.environ.get("PORT", "8000")
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise Refusal(f"PORT={text} is not a port number; start with one: PORT=8001 make run")
    return int(text)


def require_free_port(port: int) -> None:
    try:
        free = is_free(port)
    except PermissionError:
        raise Refusal(
            f"Port {port} may be opened only by the administrator; start on another one: PORT=8001 make run"
        ) from None
    if not free:
        other = next((candidate for candidate in range(port + 1, 65536) if is_free(candidate)), 8001)
        raise Refusal(f"Port {port} is taken; start on another one: PORT={other} make run")


def is_free(port: int) -> bool:
    """Nobody answers on the loopback of either family, and the port can be bound."""
    for family, address in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
        try:
            with socket.socket(family, socket.SOCK_STREAM) as probe:
                probe.settimeout(0.5)
                if probe.connect_ex((address, port)) == 0:
                    return False
        except OSError:
            continue  # no IPv6 here
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(("127.0.0.1", port))
        except PermissionError:
            raise
        except OSError:
            return False
    return True


def check_port() -> None:
    # A second `make run` of one checkout hears that the first is running, not that its port is taken.
    State.refuse_if_running()
    require_free_port(wanted_port())


def main(question: str) -> int:
    if question == "port":
        try:
            check_port()
        except Refusal as refusal:
            print(refusal, file=sys.stderr)
            return 2
        return 0
    if question == "pango":
        return 0 if has_pango() else 1
    if question == "test-packages":
        print(" ".join(package for marker in TEST_NEEDS for package in lacking_packages(marker)))
        return 0
    print(f"unknown question: {question}", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:2] or ["port"]))
