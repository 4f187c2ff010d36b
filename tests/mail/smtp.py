"""A mail server of thirty lines: it speaks just enough SMTP, keeps what it accepts, and can misbehave."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass
class Server:
    port: int = 0
    accepted: list[bytes] = field(default_factory=list)
    # What the server answers to RCPT and to the end of DATA; None closes the line without an answer.
    recipient: str = "250 ok"
    data: str | None = "250 queued"
    keeps_before_closing: bool = True


@contextmanager
def smtp_server() -> Iterator[Server]:
    state = Server()

    class Line(socketserver.StreamRequestHandler):
        def say(self, words: str) -> None:
            self.wfile.write(words.encode() + b"\r\n")

        def handle(self) -> None:
            self.say("220 test")
            while line := self.rfile.readline():
                command = line.strip().upper()
                if command.startswith(b"RCPT"):
                    self.say(state.recipient)
                elif command == b"DATA":
                    self.say("354 go on")
                    message = b""
                    while (part := self.rfile.readline()) not in (b".\r\n", b""):
                        message += part
                    if state.data is None:
                        if state.keeps_before_closing:
                            state.accepted.append(message)
                        return
                    if state.data.startswith("2"):
                        state.accepted.append(message)
                    self.say(state.data)
                elif command == b"QUIT":
                    self.say("221 bye")
                    return
                else:
                    self.say("250 ok")

    class Listener(socketserver.ThreadingTCPServer):
        allow_reuse_address = True
        daemon_threads = True

    with Listener(("127.0.0.1", 0), Line) as listener:
        state.port = listener.server_address[1]
        thread = threading.Thread(target=listener.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield state
        finally:
            listener.shutdown()
            thread.join()
