"""One request and everything an outsider can measure of its answer, normalised for what differs without a secret."""

import hashlib
import io
import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from django.core.cache import cache
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.utils import translation

# What differs between two equal answers: the token against forged requests (masked anew each time) and the session.
TOKEN = re.compile(rb'(name="csrfmiddlewaretoken" value="|csrf[-_]?token"?[:=] ?")[A-Za-z0-9]+')
COOKIE = re.compile(r"(csrftoken|sessionid|__Host-[a-z-]+)=[^;]*")
SIGNED = re.compile(r"(messages=[^;:]*)(:[^;]*)?")  # the words; the hour and the seal of the cookie come after
EXPIRES = re.compile(r"expires=[^;]*")
ROOMS = (
    *("dossiers_", "evaluations_", "analysis_", "meetings_", "onestop_", "exchange_", "mail_", "core_"),
    *("decisions_", "certificates_"),
)
TABLE = re.compile(r"\b(?:" + "|".join(ROOMS) + r")[a-z0-9_]+\b")


@dataclass(frozen=True)
class Request:
    """How something is asked. `name` is that of the address, for the table."""

    name: str
    path: str
    method: str = "GET"
    headers: tuple[tuple[str, str], ...] = ()

    @property
    def is_search(self) -> bool:
        return "?" in self.path

    def __str__(self) -> str:
        also = " " + " ".join(f"{key}: {value[:20]}" for key, value in self.headers) if self.headers else ""
        return f"{self.method} {self.path}{also}"


@dataclass(frozen=True)
class Answer:
    """What can be seen from outside: status, headers, body by length and digest, and how often the database was asked.
    `tables` is what the answer was made from; `body` stays for telling the difference."""

    status: int
    headers: tuple[tuple[str, str], ...]
    length: int
    digest: str
    queries: int
    body: bytes = field(compare=False, repr=False)
    tables: frozenset[str] = field(compare=False, repr=False)

    def differs_in(self, other: "Answer") -> list[str]:
        found = [
            name for name in ("status", "headers", "length", "queries") if getattr(self, name) != getattr(other, name)
        ]
        return found or (["bytes"] if self.digest != other.digest else [])

    def refuses_like(self, other: "Answer") -> bool:
        """The same refusal to the last byte, whatever the work to come to it."""
        return self.status == 404 and replace(self, queries=other.queries) == other


@contextmanager
def _unrolled() -> Iterator[None]:
    """Whatever the request writes is taken back: the next one finds the same world."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def ask(client: Client, request: Request) -> Answer:
    cache.clear()
    seen: list[str] = []

    def watch(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        seen.append(sql)
        return execute(sql, params, many, context)

    session = dict(client.cookies)
    with _unrolled(), connection.execute_wrapper(watch):
        response = client.generic(
            request.method,
            request.path,
            headers=dict(request.headers),
            content_type="application/x-www-form-urlencoded",
        )
        body = _body(response)
    client.cookies.clear()
    client.cookies.update(session)
    translation.activate("vi")
    return Answer(
        status=response.status_code,
        headers=tuple(sorted((name, _header(name, value)) for name, value in _headers(response))),
        length=len(body),
        digest=hashlib.sha256(body).hexdigest(),
        queries=len(seen),
        body=body,
        tables=frozenset(TABLE.findall(" ".join(seen))),
    )


def _body(response: HttpResponse) -> bytes:
    content = b"".join(response.streaming_content) if response.streaming else response.content  # type: ignore[attr-defined]
    return TOKEN.sub(rb"\1-", _unpacked(content) if content.startswith(b"PK\x03\x04") else content)


def _unpacked(content: bytes) -> bytes:
    """What lies in a workbook or an archive, part by part, without the hour at which it was packed."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = [(name, archive.read(name)) for name in sorted(archive.namelist()) if name != "docProps/core.xml"]
    return b"\n".join(name.encode() + b"\n" + part for name, part in parts)


def _headers(response: HttpResponse) -> Iterator[tuple[str, str]]:
    packed = response.headers.get("Content-Type", "").startswith(("application/zip", "application/vnd"))
    yield from ((name, value) for name, value in response.headers.items() if not (packed and name == "Content-Length"))
    for morsel in response.cookies.values():
        yield "Set-Cookie", EXPIRES.sub("expires=", SIGNED.sub(r"\1", COOKIE.sub(r"\1=", morsel.OutputString())))


def _header(name: str, value: str) -> str:
    return "-" if name.lower() in ("x-request-id", "date", "expires") else value


def passage(first: Answer, second: Answer) -> str:
    """The first place where two answers part."""
    if first.headers != second.headers and first.digest == second.digest:
        return (
            f"{sorted(set(first.headers) - set(second.headers))} ≠ {sorted(set(second.headers) - set(first.headers))}"
        )
    if first.digest == second.digest:
        return f"{first.status}, {first.queries} ≠ {second.status}, {second.queries}"
    place = next(
        (n for n, (a, b) in enumerate(zip(first.body, second.body, strict=False)) if a != b),
        min(len(first.body), len(second.body)),
    )
    cut = slice(max(0, place - 60), place + 60)
    return f"…{first.body[cut].decode(errors='replace')!r} ≠ {second.body[cut].decode(errors='replace')!r}"
