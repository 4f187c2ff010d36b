"""A small virus scanner that speaks the protocol of ClamAV's daemon on a socket of its own. It knows one word, the
scanners' test word, and finds it in packed files, too."""

import io
import re
import socket
import struct
import threading
import time
import zipfile
import zlib
from collections.abc import Callable
from contextlib import suppress

from tests.dossiers.corpus import EICAR

_STREAM = re.compile(rb"stream\r?\n(.*?)endstream", re.DOTALL)


def contains(content: bytes, depth: int = 3) -> bool:
    if EICAR in content:
        return True
    if depth and content.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return any(contains(archive.read(name), depth - 1) for name in archive.namelist())
    if content.startswith(b"%PDF-"):
        return any(EICAR in _unpacked(found) for found in _STREAM.findall(content))
    return False


def _unpacked(content: bytes) -> bytes:
    try:
        return zlib.decompressobj().decompress(content)
    except zlib.error:
        return content


class Clamd:
    """`answer` changes what it says; `delay` how long it thinks. `heard` are the bytes of each stream."""

    def __init__(self, family: int = socket.AF_INET, place: object = ("127.0.0.1", 0)) -> None:
        self.answer: Callable[[bytes], bytes] | None = None
        self.delay = 0.0
        self.heard: list[bytes] = []
        self.socket = socket.socket(family, socket.SOCK_STREAM)
        self.socket.bind(place)  # type: ignore[arg-type]
        self.socket.listen(8)
        self.thread = threading.Thread(target=self._serve, daemon=True)
        self.thread.start()

    @property
    def url(self) -> str:
        name = self.socket.getsockname()
        return f"unix://{name}" if isinstance(name, str) else f"tcp://{name[0]}:{name[1]}"

    def close(self) -> None:
        with suppress(OSError):
            self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()
        self.thread.join(5)

    def _serve(self) -> None:
        while True:
            try:
                link, _ = self.socket.accept()
            except OSError:
                return
            with link:
                try:
                    self._talk(link)
                except OSError:
                    continue  # the other side hung up

    def _talk(self, link: socket.socket) -> None:
        stream = link.makefile("rb")
        command = b""
        while not command.endswith(b"\0"):
            letter = stream.read(1)
            if not letter:
                return
            command += letter
        content = b""
        if command == b"zINSTREAM\0":
            while size := struct.unpack(">I", stream.read(4))[0]:
                content += stream.read(size)
            self.heard.append(content)
        time.sleep(self.delay)
        link.sendall(self.answer(content) if self.answer else self._verdict(command, content))

    def _verdict(self, command: bytes, content: bytes) -> bytes:
        if command == b"zPING\0":
            return b"PONG\0"
        return b"stream: Eicar-Test-Signature FOUND\0" if contains(content) else b"stream: OK\0"
