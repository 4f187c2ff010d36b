"""Letters of reasons in the words of the page: where a sentence comes from and where that can be looked at."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from core.templatetags.ui import in_language
from decisions.models import ReasonsLetter
from decisions.reasons_queries import Desk, Line
from evaluations import wording
from programme.actions import rules_of
from programme.models import Season

SHORT = 8


@dataclass(frozen=True)
class Where:
    """A source: what it is, its address if there is a page, and the beginnings of its digests."""

    label: str
    url: str = ""
    digests: tuple[str, ...] = ()


@dataclass(frozen=True)
class Said:
    """One sentence as it stands now. `english` is what the record said, for readers of the English page; `words` is
    empty where a person left the sentence out."""

    words: str
    where: Where
    is_item: bool
    is_edited: bool
    is_cut: bool
    english: str


@dataclass(frozen=True)
class Part:
    key: str
    title: str
    said: tuple[Said, ...]


def shown(letter: ReasonsLetter) -> list[Part]:
    parts = []
    for section in letter.content["sections"]:
        said = tuple(_said(letter, one) for one in section["sentences"])
        parts.append(Part(section["key"], section["vi"], said))
    return parts


def _said(letter: ReasonsLetter, one: dict[str, Any]) -> Said:
    edited = one["key"] in letter.edits
    english = one["en"] if get_language() == "en" and not edited else ""
    return Said(letter.words(one), where(letter, one["source"]), one["is_item"], edited, one["cut"], english)


def where(letter: ReasonsLetter, source: dict[str, Any]) -> Where:
    season, code = letter.dossier.season, source["criterion"]
    digests = tuple(one[:SHORT] for one in source["digests"])
    if source["kind"] == "result":
        label = _("Result, computation %(n)s") % {"n": letter.run.number}
        return Where(label, reverse("evaluations:ranking", args=[season.year]), digests)
    if source["kind"] == "sheets":
        n = len(source["digests"])
        label = ngettext("%(n)s signed sheet, criterion %(code)s", "%(n)s signed sheets, criterion %(code)s", n)
        url = reverse("evaluations:decision_bundle", args=[season.year, letter.run.number])
        return Where(label % {"n": n, "code": code}, url, digests)
    if source["kind"] in ("rubric", "rule"):
        label = _("Criteria, %(code)s") % {"code": code} if code else _("Rules of the criteria")
        anchor = f"#criterion-{code}" if code else ""
        url = reverse("programme:rubric", args=[season.rubric_id]) if season.rubric_id else ""
        return Where(label, f"{url}{anchor}" if url else "", digests)
    if source["kind"] == "dossier":
        return Where(_("Dossier as it was sent"), reverse("dossiers:check", args=[letter.dossier_id]), digests)
    if source["kind"] == "decision":
        return Where(_("Recorded decision"), reverse("decisions:decision", args=[season.year]))
    return Where(_("In every letter"))


def of_result(letter: ReasonsLetter) -> Where:
    return where(letter, {"kind": "result", "criterion": "", "digests": [letter.run.result_digest]})


@dataclass(frozen=True)
class Shown:
    """One dossier of the list with the rules that it missed, in words."""

    line: Line
    missed: tuple[str, ...]


def lines_of(desk: Desk, season: Season) -> list[Shown]:
    if season.rubric is None:
        return []
    rules = rules_of(season.rubric)
    found = []
    for line in desk.lines:
        failed = line.result.failed_rules if line.result is not None else []
        missed = tuple(wording.failure_words(rule, rules) for rule in failed)
        found.append(Shown(line, missed))
    return sorted(found, key=lambda one: (str(in_language(one.line.dossier.product, "name")), one.line.dossier.pk))
