"""A press and a pen that cost next to nothing, so that the faults hit the path and not the typesetter. Like the real
ones: the same facts give the same paper, and no two signatures are the same bytes."""

import hashlib
import json
import secrets
import time
from datetime import datetime
from types import SimpleNamespace
from typing import Any

PRESS_SECONDS, PEN_SECONDS = 0.04, 0.04
_MARK = b"\n%signed "


def install() -> None:
    from certificates import paper, paper_check
    from signing import pades, verdict

    vars(paper)["render"] = render
    vars(paper_check)["faults"] = faults
    vars(pades)["sign"] = sign
    vars(verdict)["judge"] = judge


def render(serial: str, snapshot: dict[str, Any], *, qr_text: str = "", attachment: bytes = b"", **_: Any) -> bytes:
    time.sleep(PRESS_SECONDS)
    said = json.dumps([serial, snapshot, qr_text], sort_keys=True).encode()
    return b"%PDF-1.7\n%light " + said + b"\n" + attachment + b"\n%%EOF\n"


def faults(content: bytes, serial: str, *_: Any, **__: Any) -> list[str]:
    return [] if serial.encode() in content else [f"{serial} is not in its paper."]


def sign(content: bytes, **_: Any) -> bytes:
    time.sleep(PEN_SECONDS)
    seal = {"sha256": hashlib.sha256(content).hexdigest(), "salt": secrets.token_hex(8)}
    return content + _MARK + json.dumps(seal).encode() + b"\n"


def judge(content: bytes, *, at: datetime, **_: Any) -> Any:
    """As far as the caller reads a verdict: its case and its words."""
    from signing.verdict import Case

    body, _mark, seal = content.rpartition(_MARK)
    intact = bool(body) and json.loads(seal)["sha256"] == hashlib.sha256(body).hexdigest()
    return SimpleNamespace(case=Case.INTACT if intact else Case.ALTERED, words=[])
