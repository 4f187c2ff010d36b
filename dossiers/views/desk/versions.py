"""What changed between two versions of a dossier, and since the dossier of the year before: old and new, in words."""

import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from itertools import pairwise
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from core.templatetags.ui import in_language
from dossiers import check_queries
from dossiers.models import Dossier, DossierVersion
from dossiers.papers import PAPERS
from dossiers.versions import ENTERPRISE, FIGURES, PRODUCT, TEXTS, Difference, differences
from dossiers.views.desk import words
from dossiers.views.desk.evidence_words import measure_name
from dossiers.views.desk.ground import Way, dossier_of
from enterprises.models import Enterprise
from products.models import Product
from programme.models import TrackName
from reference.models import IndustrialZone, IndustryCode, Sector, Ward

# The word of the query string that asks for the year before.
LAST_YEAR = "nam-truoc"
# Longer texts are compared word by word.
LONG = 60


@dataclass(frozen=True)
class Piece:
    """A stretch of a text: "same", "old" or "new"."""

    kind: str
    text: str


@dataclass(frozen=True)
class Change:
    """One field: what it is called, what it was and is; `pieces` for long texts, `files` for papers."""

    name: str
    before: str
    after: str
    pieces: Sequence[Piece] = ()
    removed: Sequence[str] = ()
    added: Sequence[str] = ()
    is_paper: bool = False


@dataclass(frozen=True)
class Part:
    name: str
    changes: Sequence[Change]


@dataclass(frozen=True)
class Choice:
    """One comparison that can be asked for."""

    value: str
    name: str
    is_chosen: bool


@require_safe
def changes(request: HttpRequest, pk: int) -> HttpResponse:
    """`ban=3` compares version 3 with version 2, `ban=nam-truoc` the newest with the year before."""
    dossier, way = dossier_of(request, pk), Way.of(request.GET)
    versions = list(dossier.versions.all())
    earlier = check_queries.earlier_dossier(dossier, for_user=request.user)
    last_year = _last(earlier)
    pairs: dict[str, tuple[DossierVersion, DossierVersion]] = {}
    for before, after in pairwise(versions):
        pairs[str(after.number)] = (before, after)
    if versions and last_year is not None:
        pairs[LAST_YEAR] = (last_year, versions[-1])
    wish = request.GET.get("ban", "")
    newest = str(versions[-1].number) if len(versions) > 1 else LAST_YEAR
    chosen = wish if wish in pairs else newest if newest in pairs else ""
    pair = pairs.get(chosen)
    context = {
        "dossier": dossier,
        "way": way,
        "check_url": way.to("check", pk),
        "choices": [Choice(key, _title(key, *both), key == chosen) for key, both in pairs.items()],
        "before": pair[0] if pair else None,
        "after": pair[1] if pair else None,
        "parts": parts_of(pair[0].content, pair[1].content) if pair else [],
        "versions": versions,
        "earlier": earlier,
    }
    return render(request, "dossiers/desk/changes.html", context)


def _last(dossier: Dossier | None) -> DossierVersion | None:
    return next(iter(reversed(list(dossier.versions.all()))), None) if dossier else None


def _title(key: str, before: DossierVersion, after: DossierVersion) -> str:
    if key == LAST_YEAR:
        return _("Since the dossier of the year before")
    day = date_format(timezone.localtime(after.taken_at), "SHORT_DATE_FORMAT")
    return _("Version %(before)s → %(after)s (%(day)s)") % {
        "before": before.number,
        "after": after.number,
        "day": day,
    }


# --- words --------------------------------------------------------------------------------------------
def parts_of(before: dict[str, Any], after: dict[str, Any]) -> list[Part]:
    """Every difference, part by part, in the order of the dossier."""
    found = sorted(differences(before, after), key=_place)
    names = _names(found)
    parts: dict[str, list[Change]] = {}
    for difference in found:
        parts.setdefault(difference.part, []).append(_change(difference, names))
    titles = {
        "enterprise": _("Enterprise"),
        "product": _("Product and texts"),
        "figures": words.part_name("figures"),
        "documents": words.part_name("papers"),
        "undertakings": words.part_name("undertakings"),
    }
    return [Part(titles.get(part, part), changes) for part, changes in parts.items()]


PARTS = ("enterprise", "product", "figures", "documents", "undertakings")
FIELDS = (*ENTERPRISE, *PRODUCT, *TEXTS, *(paper.code for paper in PAPERS))


def _place(difference: Difference) -> tuple[int, str, int]:
    """As the dossier has them: JSON keeps no order. Figures go year by year."""
    part, year, field = difference.part, "", difference.field
    if part == "figures":
        year, _dot, field = field.partition(".")
    order = FIGURES if part == "figures" else FIELDS
    return (
        PARTS.index(part) if part in PARTS else len(PARTS),
        year,
        order.index(field) if field in order else len(order),
    )


def _change(difference: Difference, names: Mapping[tuple[str, str], str]) -> Change:
    name = _field_name(difference)
    if difference.part == "documents":
        return _papers(name, difference.before or [], difference.after or [])
    before, after = (_value(difference, value, names) for value in (difference.before, difference.after))
    pieces = pieces_of(before, after) if max(len(before), len(after)) > LONG and before and after else []
    return Change(name, before or "–", after or "–", pieces)


def _papers(name: str, before: Any, after: Any) -> Change:
    """By digest: the same file under another name is the same file."""
    old = {one["sha256"]: one for one in before if isinstance(one, dict) and "sha256" in one}
    new = {one["sha256"]: one for one in after if isinstance(one, dict) and "sha256" in one}
    removed = [_file(one) for sha256, one in old.items() if sha256 not in new]
    added = [_file(one) for sha256, one in new.items() if sha256 not in old]
    kept = [_file(new[sha256]) for sha256 in new if sha256 in old and new[sha256] != old[sha256]]
    return Change(name, ", ".join(_file(old[s]) for s in old if s in new), ", ".join(kept), (), removed, added, True)


def _file(one: Mapping[str, Any]) -> str:
    until = one.get("valid_until")
    if not until:
        return str(one.get("name", ""))
    day, month, year = str(until)[8:10], str(until)[5:7], str(until)[:4]
    return _("%(name)s (valid until %(date)s)") % {"name": one.get("name", ""), "date": f"{day}/{month}/{year}"}


def pieces_of(before: str, after: str) -> list[Piece]:
    """Word by word, as a person would mark it."""
    old, new = before.split(" "), after.split(" ")
    found = []
    for kind, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            found.append(Piece("same", " ".join(old[a:b])))
            continue
        if b > a:
            found.append(Piece("old", " ".join(old[a:b])))
        if d > c:
            found.append(Piece("new", " ".join(new[c:d])))
    return found


def _field_name(difference: Difference) -> str:
    part, field = difference.part, difference.field
    if part == "documents":
        return words.part_name(field)
    if part == "figures":
        year, _dot, measure = field.partition(".")
        return f"{year}: {measure_name(measure)}" if measure else year
    if part == "undertakings":
        return _("given by") if field == "by" else _("given at")
    name = field.removesuffix("_id")
    for model in (Enterprise,) if part == "enterprise" else (Product, Dossier):
        known = {f.name: f for f in model._meta.get_fields() if hasattr(f, "verbose_name")}
        if name in known:
            return str(known[name].verbose_name)  # type: ignore[union-attr]
    return field


REFERENCES: dict[str, Any] = {
    "ward_id": Ward,
    "zone_id": IndustrialZone,
    "sector_id": Sector,
    "industry_id": IndustryCode,
}


def _names(found: Iterable[Difference]) -> dict[tuple[str, str], str]:
    """The names behind the keys that changed; one query a kind, and none when no key changed."""
    wanted: dict[str, set[str]] = {}
    for difference in found:
        if difference.field in REFERENCES:
            values = {str(value) for value in (difference.before, difference.after) if value is not None}
            wanted.setdefault(difference.field, set()).update(values)
    names = {}
    for field, keys in wanted.items():
        for row in REFERENCES[field].objects.filter(pk__in=keys):
            names[field, str(row.pk)] = str(in_language(row, "full_name") or in_language(row, "name") or row)
    return names


def _value(difference: Difference, value: Any, names: Mapping[tuple[str, str], str]) -> str:
    if value is None or value == "":
        return ""
    if (difference.field, str(value)) in names:
        return names[difference.field, str(value)]
    if difference.part == "figures":
        try:
            return words.exact(Decimal(str(value)))
        except InvalidOperation:
            return str(value)
    if difference.part == "enterprise" and difference.field == "form":
        return str(dict(Enterprise.Form.choices).get(value, value))
    if difference.part == "product" and difference.field == "track":
        return str(dict(TrackName.choices).get(value, value))
    if difference.part == "undertakings" and difference.field == "at":
        moment = parse_datetime(str(value))
        return date_format(timezone.localtime(moment), "SHORT_DATETIME_FORMAT") if moment else str(value)
    if isinstance(value, bool):
        return pgettext("value", "yes") if value else pgettext("value", "no")
    return str(value)
