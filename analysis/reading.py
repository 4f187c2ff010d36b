"""A report and its run as the page reads them: rows with names, places on the drawings, sentences."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from analysis import words
from analysis.queries import Basis, Standing
from analysis.scale import Bin, Scale, around_zero, bins, points_scale
from core.templatetags.ui import in_language
from programme.models import Criterion, Rubric
from programme.queries import leaves

KINDS = ("member", "criterion", "weights", "rounding")
MOST_ROWS = 120  # of a drawing; the table holds all
NEAR_THE_LINE = 15


@dataclass(frozen=True)
class DossierRow:
    """One line of the ranked drawing and of its table. Places are percent of the width, empty where unknown."""

    standing: Standing
    report: Mapping[str, Any]
    name: str
    x: str
    low: str
    high: str
    adjusted: str
    ends_top: bool
    is_drawn: bool

    @property
    def in_band(self) -> bool:
        return bool(self.report["band"])

    @property
    def moves(self) -> bool:
        """Changes sides in any scenario."""
        return any(passing or top for _judged, passing, top in self.report["changes"].values())


@dataclass(frozen=True)
class MemberRow:
    place: int
    name: str
    report: Mapping[str, Any]
    x: str = ""
    low: str = ""
    high: str = ""


@dataclass(frozen=True)
class CriterionRow:
    code: str
    label: str
    report: Mapping[str, Any]
    grade: str


@dataclass(frozen=True)
class Column:
    """A column of the distribution, ready to draw."""

    bin: Bin
    x: str
    width: str
    y: str
    height: str
    middle: str
    above: str
    label: str


@dataclass(frozen=True)
class MatrixCell:
    """Two members: above the diagonal how alike they rank, below it how far apart their totals are."""

    text: str
    heat: str
    title: str


@dataclass(frozen=True)
class MatrixLine:
    place: int
    name: str
    cells: tuple[MatrixCell | None, ...]


@dataclass(frozen=True)
class Part:
    """A piece of the bar of variance."""

    kind: str
    label: str
    share: str
    x: str
    width: str


def names_of(basis: Basis) -> dict[str, str]:
    return {pk: str(seat.user) for pk, seat in basis.seats.items()}


def dossier_rows(basis: Basis, found: Mapping[str, Any]) -> tuple[list[DossierRow], Scale]:
    """Best first, as in the official ranking."""
    by_name = {row["dossier"]: row for row in found["dossiers"]}
    shown = [float(s.result.total) for s in basis.standings]
    shown += [row["span"][0] for row in found["dossiers"] if row["span"]]
    if basis.cut.threshold is not None and shown:
        shown.append(basis.cut.threshold)
    scale = points_scale(shown, float(basis.rules.scale_max))
    rows = []
    for place, standing in enumerate(basis.standings):
        row = by_name[str(standing.result.dossier_id)]
        after = basis.standings[place + 1] if place + 1 < len(basis.standings) else None
        span, adjusted = row["span"], row["adjusted"]
        rows.append(
            DossierRow(
                standing=standing,
                report=row,
                name=str(in_language(standing.result.dossier.product, "name")),
                x=scale.at(float(standing.result.total)),
                low=scale.at(span[0]) if span else "",
                high=scale.at(span[1]) if span else "",
                adjusted=scale.at(adjusted["mean"]) if adjusted else "",
                ends_top=standing.is_top and after is not None and not after.is_top,
                is_drawn=_is_drawn(place, basis.standings, bool(row["band"])),
            )
        )
    return rows, scale


def _is_drawn(place: int, standings: Sequence[Standing], in_band: bool) -> bool:
    """All of a usual season; of a very long list the neighbourhood of the lines and the band."""
    if len(standings) <= MOST_ROWS:
        return True
    lines = (sum(s.is_top for s in standings), sum(s.result.passes for s in standings))
    return in_band or place < 10 or any(abs(place - line) <= NEAR_THE_LINE for line in lines)


def member_rows(basis: Basis, found: Mapping[str, Any]) -> tuple[list[MemberRow], Scale]:
    """The strictest first."""
    names = names_of(basis)
    known = [m["severity"] for m in found["members"] if m["severity"]]
    scale = around_zero([v for s in known for v in (s["low"], s["high"])])
    places = {m["member"]: i for i, m in enumerate(found["members"], start=1)}
    rows = []
    for member in sorted(found["members"], key=lambda m: (m["severity"] or {"effect": 0.0})["effect"]):
        s = member["severity"]
        at = [scale.at(s[k]) for k in ("effect", "low", "high")] if s else ["", "", ""]
        rows.append(MemberRow(places[member["member"]], names.get(member["member"], ""), member, *at))
    return rows, scale


def criterion_rows(rubric: Rubric, found: Mapping[str, Any]) -> list[CriterionRow]:
    labels: dict[str, Criterion] = {c.code: c for c in leaves(rubric)}
    rows = []
    for row in found["agreement"]:
        if not row["marks"]:
            continue  # of a set that no judged dossier has
        label = str(in_language(labels[row["criterion"]], "label")) if row["criterion"] in labels else ""
        missing = words.is_missing(row["alpha"])
        rows.append(CriterionRow(row["criterion"], label, row, "" if missing else words.grade(row["alpha"])))
    return rows


def columns(values: Sequence[float], most: float) -> tuple[list[Column], Scale]:
    """The distribution of the official totals."""
    found = bins(values, most)
    scale = Scale(found[0].low, found[-1].high) if found else Scale(0, most)
    top = max((b.count for b in found), default=1)
    drawn = []
    for b in found:
        share = 80 * b.count / top
        drawn.append(
            Column(
                bin=b,
                x=scale.at(b.low),
                width=scale.width(b.low, b.high),
                y=f"{100 - share:.2f}%",
                height=f"{share:.2f}%",
                middle=scale.at((b.low + b.high) / 2),
                above=f"{96 - share:.2f}%",
                label=_("%(low)s to under %(high)s")
                % {"low": words.number(b.low, 0), "high": words.number(b.high, 0)},
            )
        )
    return drawn, scale


def matrix(basis: Basis, found: Mapping[str, Any]) -> list[MatrixLine]:
    """Members beside members, in the order of their seats."""
    names = names_of(basis)
    members = [m["member"] for m in found["members"]]
    pairs = {(p["first"], p["second"]): p for p in found["pairs"]}
    lines = []
    for i, first in enumerate(members):
        cells: list[MatrixCell | None] = []
        for j, second in enumerate(members):
            pair = pairs.get((first, second)) or pairs.get((second, first))
            cells.append(None if pair is None else _cell(pair, above=j > i, names=names))
        lines.append(MatrixLine(i + 1, names.get(first, ""), tuple(cells)))
    return lines


def _cell(pair: Mapping[str, Any], *, above: bool, names: Mapping[str, str]) -> MatrixCell:
    key = "correlation" if above else "difference"
    title = f"{names.get(pair['first'], '')} – {names.get(pair['second'], '')}"
    if words.is_missing(pair[key]):
        return MatrixCell("–", "", f"{title}: {words.why(pair[key])}")
    value = pair[key]
    if above:
        heat = "heat-5" if value >= 0.8 else "heat-3" if value >= 0.5 else ""
        return MatrixCell(words.number(value, 2), heat, title)
    return MatrixCell(words.number(value, 1), "", title)


def variance_parts(found: Mapping[str, Any]) -> list[Part]:
    """Of what the differences between sheets consist."""
    parts = found["components"]
    if words.is_missing(parts):
        return []
    total = parts["dossier"] + parts["member"] + parts["residual"]
    if total <= 0:
        return []
    labels = {
        "dossier": _("differences between dossiers"),
        "member": _("members' level"),
        "residual": _("chance and taste"),
    }
    drawn, start = [], 0.0
    for kind, label in labels.items():
        share = parts[kind] / total
        drawn.append(Part(kind, label, words.percent(share), f"{100 * start:.2f}%", f"{100 * share:.2f}%"))
        start += share
    return drawn


def sentences(basis: Basis, found: Mapping[str, Any]) -> list[str]:
    """What stands first, in plain words."""
    rows = found["dossiers"]
    said = []
    if not words.is_missing(found["chances"]):
        said.append(words.band_words([row["band"] for row in rows], basis.cut.places))
    lines = {"top": _("Top %(n)s") % {"n": basis.cut.places}, "passing": _("Pass line")}
    said += [words.error_words(found["errors"][key], line) for key, line in lines.items()]
    said.append(words.member_words(found["members"]))
    if not words.is_missing(found["stability"]):
        for kind in KINDS:
            scenarios = found["stability"]["kinds"][kind]
            if not words.is_missing(scenarios):
                moved = sum(any(row["changes"][kind][1:]) for row in rows)
                said.append(words.moved_words(kind, moved, scenarios["scenarios"]))
    return [sentence for sentence in said if sentence]
