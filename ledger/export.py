"""The public files of the log, for any web host or a folder at home."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.serialization import Encoding
from django.utils import timezone

from ledger import queries
from signing import keys, stamping

SCRIPT = Path(__file__).with_name("check_log.py")
ROOTS, KEYS, LEAVES, TIME_STAMP_ROOTS = "roots.json", "keys.json", "leaves.txt", "time-stamp-roots.pem"


def as_text(document: dict[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def time_stamp_roots() -> str:
    """The roots that stamps are checked against here, for those who check elsewhere. Only certificates, whatever else
    the file holds."""
    return "".join(one.public_bytes(Encoding.PEM).decode() for one in stamping.roots())


def write(folder: str | Path, at: datetime | None = None) -> list[Path]:
    """Write roots, keys, entries and the checking script; the files written. Nothing of an event's content is in them.

    `check_log.py FOLDER` then checks them without the registry. Raises OSError when the folder cannot be written.
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    roots = queries.published()
    texts = {
        ROOTS: as_text(roots),
        KEYS: as_text(keys.published(at or timezone.now())),
        SCRIPT.name: SCRIPT.read_text(encoding="utf-8"),
    }
    if any(one["timeStamp"] for one in roots["roots"]):
        texts[TIME_STAMP_ROOTS] = time_stamp_roots()
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    with (folder / LEAVES).open("w", encoding="ascii") as file:
        file.writelines(queries.lines(1, roots["size"]))
    return [folder / name for name in (*texts, LEAVES)]
