"""A decision bundle judged: sealed, whole, of a known format, with a sound rubric and sheets that fit it. Pure."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from core.canonical import digest
from evaluations import scoring
from evaluations.scoring import Entry, Outcome, Sheet
from programme import rubric_file
from programme.rubric_file import RubricRules

FORMAT = "kip-decision/1"
# A season of a hundred dossiers takes less than one; JSON in memory takes some ten times its size.
MAX_BYTES = 64 * 1024 * 1024
_POINTS = re.compile(r"[0-9]{1,7}(\.[0-9]{1,2})?")


class Unusable(ValueError):
    """The bundle cannot be replayed; the message is a sentence that says why."""


@dataclass(frozen=True)
class Record:
    """What the recorded run says about itself."""

    number: int
    method: str
    input_digest: str
    result_digest: str


@dataclass(frozen=True)
class Bundle:
    """All that decides the ranking of a season. `conflicts` are (member, dossier, kind)."""

    season: int
    rules: RubricRules
    rubric_digest: str
    places: int
    entries: tuple[Entry, ...]
    conflicts: tuple[tuple[str, str, str], ...]
    record: Record

    @cached_property
    def outcome(self) -> Outcome:
        """The ranking. Raises Unusable where a mark is missing or impossible."""
        try:
            return scoring.outcome(self.rules, self.rubric_digest, self.entries, self.places)
        except scoring.Incomplete as error:
            words = "; ".join(_problem(*problem) for problem in error.problems[:5])
            more = f" and {len(error.problems) - 5} more" if len(error.problems) > 5 else ""
            raise Unusable(f"These sheets give no result: {words}{more}.") from None

    @property
    def as_recorded(self) -> bool:
        """Does the replay give the digests of the recorded run?"""
        mine = (self.outcome.input_digest, self.outcome.result_digest)
        return mine == (self.record.input_digest, self.record.result_digest)


def _problem(dossier: str, member: str, criterion: str, what: str) -> str:
    place = f"dossier {dossier}" + (f", criterion {criterion}" if criterion else "")
    return f"{place}: {what}" + (f" ({member})" if member else "")


def read(data: bytes, *, sealed: bool = True) -> Bundle:
    """The bundle of these bytes. Raises Unusable. `sealed=False` takes one that somebody edited on purpose."""
    if len(data) > MAX_BYTES:
        raise Unusable(f"The bundle has {len(data)} bytes; at most {MAX_BYTES} are read.")
    try:
        document = json.loads(data.decode(), object_pairs_hook=_once)
    except UnicodeDecodeError as error:
        raise Unusable(f"The bundle is not UTF-8 text (byte {error.start}).") from None
    except json.JSONDecodeError as error:
        where = "it ends too early" if error.pos >= len(data.decode().rstrip()) else f"at character {error.pos}"
        raise Unusable(f"The bundle is not whole JSON: {error.msg}, {where}.") from None
    except RecursionError:
        raise Unusable("The bundle is nested too deeply to be a decision bundle.") from None
    if not isinstance(document, dict) or not isinstance(document.get("bundle"), dict):
        raise Unusable("This is not a decision bundle: the member `bundle` is missing.")
    content = document["bundle"]
    if content.get("format") != FORMAT:
        raise Unusable(f"This program reads bundles of format {FORMAT}; this one says {content.get('format')!r}.")
    if sealed and digest(content) != document.get("sha256"):
        raise Unusable("The bundle was changed after it was written: its content does not have its digest.")
    try:
        return _bundle(content)
    except Unusable:
        raise
    except (KeyError, TypeError, ValueError, ArithmeticError, AttributeError) as error:
        what = f"{error} is missing" if isinstance(error, KeyError) else str(error)
        raise Unusable(f"The bundle is not complete: {what}.") from None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A name that comes twice would be read differently by other programs."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise Unusable("The bundle names one thing twice.")
    return found


def _bundle(content: Mapping[str, Any]) -> Bundle:
    if content["method"] != scoring.METHOD:
        raise Unusable(f"The bundle was computed by method {content['method']}; this program is {scoring.METHOD}.")
    rules, rubric_digest = _rubric(content["rubric"])
    if content["places"] != int(content["places"]) or content["places"] < 1:
        raise Unusable("The number of places is not a whole number of at least one.")
    conflicts = tuple((str(c["member"]), str(c["dossier"]), str(c["kind"])) for c in content["conflicts"])
    entries = _entries(content, rules, {(member, dossier) for member, dossier, _kind in conflicts})
    run = content["run"]
    record = Record(int(run["number"]), str(run["method"]), str(run["input_digest"]), str(run["result_digest"]))
    return Bundle(int(content["season"]), rules, rubric_digest, int(content["places"]), entries, conflicts, record)


def _rubric(stored: Mapping[str, Any]) -> tuple[RubricRules, str]:
    found = digest(stored["document"])
    if found != stored["digest"]:
        raise Unusable("The criteria of the bundle do not have their digest.")
    try:
        return rubric_file.judge(stored["document"]), found
    except rubric_file.UnsoundRubric as error:
        raise Unusable(f"The criteria of the bundle are not sound: {error}") from None


def _entries(content: Mapping[str, Any], rules: RubricRules, barred: set[tuple[str, str]]) -> tuple[Entry, ...]:
    dossiers: dict[str, Mapping[str, Any]] = {str(one["number"]): one for one in content["dossiers"]}
    if len(dossiers) != len(content["dossiers"]):
        raise Unusable("A dossier stands twice in the bundle.")
    sheets: dict[str, dict[str, Sheet]] = {number: {} for number in dossiers}
    for stored in content["sheets"]:
        number, member = str(stored["dossier"]), str(stored["member"])
        place = f"the sheet of {member} for dossier {number}"
        if number not in dossiers:
            raise Unusable(f"There is {place}, which the bundle does not list.")
        if member in sheets[number]:
            raise Unusable(f"There are two sheets where one counts: {place}.")
        if (member, number) in barred:
            raise Unusable(f"A conflict of interest bars {place}.")
        sheets[number][member] = _sheet(rules, member, stored, place)
    found = []
    for number, stored in sorted(dossiers.items(), key=lambda item: item[0].encode()):
        if stored["set"] not in {s.code for s in rules.sets} and rules.sets:
            raise Unusable(f"Dossier {number} belongs to the set {stored['set']}, which the criteria do not have.")
        assigned = content["assignments"].get(number, {})
        pairs = frozenset((str(member), str(code)) for member, codes in assigned.items() for code in codes)
        for _member, code in sorted(pairs):
            _known(rules, code, f"an assignment for dossier {number}")
        vote = stored["vote"]
        found.append(
            Entry(
                dossier=number,
                set_code=str(stored["set"]),
                assigned=pairs,
                sheets=tuple(sheets[number][member] for member in sorted(sheets[number])),
                vote=(int(vote["in_favour"]), int(vote["against"])) if vote is not None else None,
            )
        )
    return tuple(found)


def _sheet(rules: RubricRules, member: str, stored: Mapping[str, Any], place: str) -> Sheet:
    marks: dict[str, Decimal | None] = {str(code): None for code in stored["abstained"]}
    for code, text in stored["marks"].items():
        if code in marks:
            raise Unusable(f"In {place} criterion {code} has points and an abstention.")
        marks[code] = points_of(text, f"criterion {code} in {place}")
    for code in (*marks, *stored["eliminated"]):
        _known(rules, code, place)
    if not isinstance(stored["ballot"], bool | None):
        raise Unusable(f"In {place} the ballot is neither yes, no nor empty.")
    return Sheet(member, marks, frozenset(map(str, stored["eliminated"])), stored["ballot"])


def points_of(text: Any, place: str) -> Decimal:
    """Points written as decimal text, with at most two decimals. Raises Unusable."""
    if not isinstance(text, str) or not _POINTS.fullmatch(text):
        raise Unusable(f"The points of {place} are not a decimal text with at most two decimals.")
    return Decimal(text)


def _known(rules: RubricRules, code: str, place: str) -> None:
    if code not in rules.leaf_positions:
        raise Unusable(f"Criterion {code} of {place} is not one of the criteria.")
