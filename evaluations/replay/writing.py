"""What scoring reads, written as the plain values of a bundle; `reading` is its inverse. Pure."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from core.canonical import canonical, digest
from evaluations.scoring import Entry, Sheet


def seal(content: Mapping[str, Any]) -> bytes:
    """The bytes of a bundle: canonical JSON with the SHA-256 of its content, ended by a line feed."""
    return canonical({"bundle": content, "sha256": digest(content)}) + b"\n"


def inputs(
    entries: Sequence[Entry], facts: Mapping[tuple[str, str], Mapping[str, Any]] | None = None
) -> dict[str, Any]:
    """Dossiers, assignments and sheets. `facts` are further values of a sheet, by (dossier, member)."""
    ordered = sorted(entries, key=lambda entry: entry.dossier)
    further = facts or {}
    return {
        "dossiers": [_dossier(entry) for entry in ordered],
        "assignments": {entry.dossier: _assigned(entry) for entry in ordered},
        "sheets": [
            {"dossier": entry.dossier, **_sheet(sheet), **further.get((entry.dossier, sheet.member), {})}
            for entry in ordered
            for sheet in entry.sheets
        ],
    }


def _dossier(entry: Entry) -> dict[str, Any]:
    vote = {"in_favour": entry.vote[0], "against": entry.vote[1]} if entry.vote else None
    return {"number": entry.dossier, "set": entry.set_code, "vote": vote}


def _assigned(entry: Entry) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for member, code in sorted(entry.assigned):
        found[member].append(code)
    return dict(found)


def _sheet(sheet: Sheet) -> dict[str, Any]:
    return {
        "member": sheet.member,
        "marks": {code: f"{points:.2f}" for code, points in sheet.marks.items() if points is not None},
        "abstained": sorted(code for code, points in sheet.marks.items() if points is None),
        "eliminated": sorted(sheet.eliminated),
        "ballot": sheet.ballot,
    }
