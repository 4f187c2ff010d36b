"""The virus scanner, by the protocol of ClamAV's daemon (`zINSTREAM`, `zPING`), over TCP or a socket file.

`KIP_CLAMD` says where it listens; empty: no scanner is connected, and nothing pretends that there is one.
"""

import socket
import struct
import time
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings

CONNECT_SECONDS = 5.0
WHOLE_SECONDS = 60.0
PIECE = 1 << 16
LONGEST_ANSWER = 4096


class ScannerDown(Exception):
    """No usable answer: not reached, too slow, or words that are not the protocol's. The file stays locked."""


@dataclass(frozen=True)
class Verdict:
    """What the scanner said of the bytes. `found` names the signature; empty when it found nothing."""

    found: str = ""

    @property
    def is_clean(self) -> bool:
        return not self.found


def is_connected() -> bool:
    return bool(settings.CLAMD)


def scan(content: bytes) -> Verdict:
    """Ask about these bytes. Raises ScannerDown."""
    answer = _ask(b"zINSTREAM\0", content)
    if answer == "stream: OK":
        return Verdict()
    if answer.startswith("stream: ") and answer.endswith(" FOUND"):
        return Verdict(found=answer.removeprefix("stream: ").removesuffix(" FOUND").strip() or "?")
    raise ScannerDown(f"The scanner answered: {answer[:120]!r}")


def ping() -> None:
    """Raises ScannerDown when the scanner does not answer."""
    answer = _ask(b"zPING\0", None)
    if answer != "PONG":
        raise ScannerDown(f"The scanner answered: {answer[:120]!r}")


def _ask(command: bytes, content: bytes | None) -> str:
    end = time.monotonic() + WHOLE_SECONDS
    try:
        with _connection() as link:
            _send(link, command, end)
            if content is not None:
                for place in range(0, len(content), PIECE):
                    piece = content[place : place + PIECE]
                    _send(link, struct.pack(">I", len(piece)) + piece, end)
                _send(link, struct.pack(">I", 0), end)
            return _answer(link, end)
    except (OSError, ValueError) as error:
        raise ScannerDown(f"{type(error).__name__}: {error}") from error


def _connection() -> socket.socket:
    place = urlsplit(settings.CLAMD)
    if place.scheme == "unix":
        link = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        link.settimeout(CONNECT_SECONDS)
        link.connect(place.path)
        return link
    if place.scheme == "tcp" and place.hostname:
        return socket.create_connection((place.hostname, place.port or 3310), CONNECT_SECONDS)
    raise ValueError("KIP_CLAMD is neither tcp://host:port nor unix:///path")


def _send(link: socket.socket, data: bytes, end: float) -> None:
    link.settimeout(_left(end))
    link.sendall(data)


def _answer(link: socket.socket, end: float) -> str:
    """Up to the zero byte that ends an answer; a closed line ends it too."""
    received = b""
    while b"\0" not in received and len(received) <= LONGEST_ANSWER:
        link.settimeout(_left(end))
        piece = link.recv(1024)
        if not piece:
            break
        received += piece
    return received.partition(b"\0")[0].decode("utf-8", "replace").strip()


def _left(end: float) -> float:
    left = end - time.monotonic()
    if left <= 0:
        raise TimeoutError("the scanner is too slow")
    return left
