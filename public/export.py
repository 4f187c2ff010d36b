"""The whole check as plain files that any web host serves, and that a memory stick carries: for the day when this
site is gone (docs/adr/0022-a-verifier-without-us.md)."""

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _

from certificates import status_list
from core import files
from core.errors import Refused
from ledger import export as log_export
from public import offline, register_copy
from public.register_copy import Entry
from signing import jcs, keys

MANIFEST, README = "MANIFEST.sha256", "README.txt"
# Each page once in each language; the first is what a host shows for a folder.
PAGES = {"vi": "index.html", "en": "en.html"}


@dataclass(frozen=True)
class Summary:
    """What was written: numbers of files and bytes."""

    certificates: int
    papers: int
    files: int
    total_bytes: int
    index_bytes: int
    largest_page_bytes: int


def export(folder: Path, *, at: datetime, papers: bool = False) -> Summary:
    """Write the copy and put it in the place of `folder`. Raises Refused when another thing is there, when no key
    signs or a paper is damaged, and OSError when the place cannot be written; the folder is then as it was."""
    folder = folder.resolve()
    if reason := _against(folder):
        raise Refused(reason)
    folder.parent.mkdir(parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        made.chmod(0o755)
        summary = _write(made, at, papers)
        _take_place(made, folder)
    finally:
        shutil.rmtree(made, ignore_errors=True)
    return summary


def _against(folder: Path) -> str:
    """Why nothing may be put here: only an earlier copy, and nothing beside it, is ever removed."""
    if not folder.exists():
        return ""
    words = {"folder": folder.name}
    if not folder.is_dir():
        return _("“%(folder)s” is a file. Name a folder.") % words
    present = _files(folder)
    if not present:
        return ""
    try:
        lines = (folder / MANIFEST).read_text(encoding="utf-8").splitlines()
    except (OSError, ValueError):
        return _("“%(folder)s” holds something else than an earlier copy. Name an empty or a new folder.") % words
    strange = set(present) - {line[66:] for line in lines} - {MANIFEST}
    if strange:
        found = {**words, "file": min(strange)}
        return _("“%(folder)s” holds what no copy of ours wrote: %(file)s. Name another folder.") % found
    return ""


def _files(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if not path.is_dir())


def _take_place(made: Path, folder: Path) -> None:
    """Two renames: whoever looks sees the old copy or the new one, for a moment none, never half of one."""
    old = made.with_name(f"{made.name}-old")
    if folder.exists():
        folder.rename(old)
    try:
        made.rename(folder)
    except OSError:
        if old.exists():
            old.rename(folder)
        raise
    shutil.rmtree(old, ignore_errors=True)


def _write(folder: Path, at: datetime, papers: bool) -> Summary:
    key = keys.current("credential", at)
    found = register_copy.entries()
    history, listed = keys.published(at), status_list.signed_list(key=key, at=at)
    plain = {
        "keys.json": history,
        ".well-known/did.json": history,
        "credentials/status/1": listed,
        "register.json": register_copy.signed(found, key=key, at=at),
    }
    for name, document in plain.items():
        _put(folder / name, jcs.canonical(document))
    common = _common(history, listed, at, papers)
    for name, page in _pages(found, common):
        _put(folder / name, page.encode())
    issued = [entry for entry in found if entry.is_issued]
    for entry in issued:
        if entry.certificate.credential:
            _put(folder / "v" / entry.serial / "credential.json", jcs.canonical(entry.certificate.credential))
        if papers:
            _put(folder / "papers" / f"{entry.serial}.pdf", _paper(entry))
    log_export.write(folder / "log", at)
    _put(folder / README, render_to_string("public/copy/README.txt", common).encode())
    return _close(folder, len(issued), len(issued) if papers else 0)


def _common(history: dict[str, Any], listed: dict[str, Any], at: datetime, papers: bool) -> dict[str, Any]:
    """What every page of the copy needs; its own keys are those that sign tokens and statements."""
    needed = {name: history[name] for name in ("id", "verificationMethod", "assertionMethod")}
    prints = [
        (method["id"].partition("#")[2], register_copy.thumbprint(method["publicKeyJwk"]))
        for method in history["verificationMethod"]
    ]
    return {
        "keys": needed,
        "list": listed,
        "thumbprints": prints,
        "at": at,
        "papers": papers,
        "site_url": settings.SITE_URL,
        **offline.inline(),
    }


def _pages(found: list[Entry], common: dict[str, Any]) -> Iterator[tuple[str, str]]:
    by_serial = {entry.serial: entry for entry in found}
    languages = [(code, _capital(get_language_info(code)["name_local"]), file) for code, file in PAGES.items()]
    for code, file in PAGES.items():
        with translation.override(code):
            site = {"words": offline.words(), "home": file, "languages": languages, "site_name": _site_name()}
            shown = common | site
            yield file, render_to_string("public/copy/index.html", shown | {"up": ""})
            for entry in found:
                own = {
                    "one": entry,
                    "chain": register_copy.chain_of(entry, by_serial),
                    "has_credential": entry.is_issued and bool(entry.certificate.credential),
                    "has_paper": entry.is_issued and common["papers"],
                    "up": "../../",
                }
                yield f"v/{entry.serial}/{file}", render_to_string("public/copy/certificate.html", shown | own)


def _capital(name: str) -> str:
    return name[:1].upper() + name[1:]


def _site_name() -> str:
    return _("Key industrial products of Hanoi")


def _paper(entry: Entry) -> bytes:
    try:
        return files.read(entry.sha256)
    except (FileNotFoundError, ValueError) as error:
        raise Refused(
            _("The paper of %(serial)s is missing or damaged; nothing was exported.") % {"serial": entry.serial}
        ) from error


def _put(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def _close(folder: Path, certificates: int, papers: int) -> Summary:
    """The manifest, as `sha256sum --check` reads it, and every byte on the disk before the copy takes its place."""
    lines, sizes = [], {}
    for name in _files(folder):
        with (folder / name).open("rb") as file:
            lines.append(f"{hashlib.file_digest(file, 'sha256').hexdigest()}  {name}")
            os.fsync(file.fileno())
        sizes[name] = (folder / name).stat().st_size
    _put(folder / MANIFEST, ("\n".join(lines) + "\n").encode())
    pages = [size for name, size in sizes.items() if name.startswith("v/") and name.endswith(".html")]
    total = sum(sizes.values()) + (folder / MANIFEST).stat().st_size
    index = sizes[PAGES["vi"]]
    return Summary(certificates, papers, len(sizes) + 1, total, index, max(pages, default=0))
