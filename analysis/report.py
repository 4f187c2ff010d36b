"""The whole report of one run as plain JSON: numbers, or the name of the reason why there is none. Pure."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from analysis import stability as what_if
from analysis.absent import NotComputable
from analysis.agreement import Components, alpha, by_criterion, components, pairs
from analysis.cut import Cut
from analysis.halo import habits
from analysis.method import METHOD
from analysis.selection import DRAWS, SEED, Chance, at_line, chances, error_rate
from analysis.severity import Adjusted, MemberSeverity, severity
from analysis.table import MarkTable, SheetTotals, sheet_totals

DECIMALS = 6


@dataclass(frozen=True)
class Selected:
    """What the official result came to: how many passed, how many are in the top list, and who failed by another
    rule than the total (nothing about the total can change that)."""

    passing: int
    top: int
    out: frozenset[str] = frozenset()


def report(table: MarkTable, cut: Cut, selected: Selected) -> dict[str, Any]:
    """Every statistic of the page. Deterministic: the same table gives the same report."""
    totals = sheet_totals(table)
    found = severity(totals)
    parts = components(totals)
    out = cut.barred | selected.out
    odds = chances(totals, replace(cut, barred=out))
    moved = what_if.stability(table, cut)
    reliability = parts.reliability if isinstance(parts, Components) else parts
    judged = len(table.dossiers)
    return {
        "method": METHOD,
        "seeds": {"draws": [SEED, DRAWS], "weights": [what_if.SEED, what_if.SAMPLES]},
        "sheets": int(table.known.any(axis=2).sum()),
        "dossiers": _dossiers(table, totals, found, odds, moved, out),
        "members": _members(table, totals, found),
        "model": _plain(found)
        if isinstance(found, NotComputable)
        else {"member_variance": _plain(found.member_variance), "residual_variance": _plain(found.residual_variance)},
        "chances": _plain(odds) if isinstance(odds, NotComputable) else {},
        "agreement": [
            {"criterion": a.criterion, "alpha": _plain(a.alpha), "dossiers": a.dossiers, "marks": a.marks}
            for a in by_criterion(table)
        ],
        "total_alpha": _plain(totals if isinstance(totals, NotComputable) else alpha(totals.values)),
        "components": _components(parts),
        "pairs": [
            {
                "first": p.first,
                "second": p.second,
                "common": p.common,
                "correlation": _plain(p.correlation),
                "difference": _plain(p.difference),
            }
            for p in pairs(totals)
        ],
        "errors": {
            "passing": _error(reliability, selected.passing, judged),
            "top": _error(reliability, selected.top, judged),
        },
        "stability": _stability(moved),
    }


def _plain(value: Any) -> Any:
    if isinstance(value, NotComputable):
        return {"none": value.reason.value, "groups": [list(group) for group in value.groups]}
    number = round(float(value), DECIMALS)
    if not np.isfinite(number):
        raise ValueError("a number of the report is not finite")
    return number + 0.0  # -0.0 is written as 0.0


def _dossiers(
    table: MarkTable,
    totals: SheetTotals | NotComputable,
    found: Any,
    odds: tuple[Chance, ...] | NotComputable,
    moved: what_if.Stability | NotComputable,
    out: frozenset[str],
) -> list[dict[str, Any]]:
    adjusted: dict[str, Adjusted] = {} if isinstance(found, NotComputable) else {d.dossier: d for d in found.dossiers}
    chance: dict[str, Chance] = {} if isinstance(odds, NotComputable) else {c.dossier: c for c in odds}
    spans = _spans(totals)
    means = table.totals()
    rows = []
    for place, name in enumerate(table.dossiers):
        a, c = adjusted.get(name), chance.get(name)
        rows.append(
            {
                "dossier": name,
                "mean": None if np.isnan(means[place]) else _plain(means[place]),
                "span": spans.get(name),
                "adjusted": {"mean": _plain(a.mean), "error": _plain(a.error), "rank": a.rank} if a else None,
                "value": {"value": _plain(c.value), "error": _plain(c.error)} if c else None,
                "passing": _plain(c.passing) if c and name not in out else None,
                "top": _plain(c.top) if c and name not in out else None,
                "band": [line for line, p in (("passing", c.passing), ("top", c.top)) if at_line(p)] if c else [],
                "changes": {} if isinstance(moved, NotComputable) else _changes(moved, place),
            }
        )
    return rows


def _spans(totals: SheetTotals | NotComputable) -> dict[str, list[float]]:
    """Lowest and highest comparable total of a sheet, by dossier."""
    if isinstance(totals, NotComputable):
        return {}
    lowest = np.where(totals.known, totals.values, np.inf).min(axis=0)
    highest = np.where(totals.known, totals.values, -np.inf).max(axis=0)
    return {n: [_plain(lowest[i]), _plain(highest[i])] for i, n in enumerate(totals.dossiers)}


def _changes(moved: what_if.Stability, place: int) -> dict[str, list[int]]:
    """By kind of scenario: judged, changed at the pass line, changed at the top line."""
    return {
        c.kind: [c.judged[place], c.passing[place], c.top[place]]
        for c in moved.changes
        if not isinstance(c, NotComputable)
    }


def _members(table: MarkTable, totals: SheetTotals | NotComputable, found: Any) -> list[dict[str, Any]]:
    strict: dict[str, MemberSeverity] = {}
    if not isinstance(found, NotComputable):
        strict = {m.member: m for m in found.members}
    rows = []
    for habit in habits(table, totals):
        s = strict.get(habit.member)
        place = table.members.index(habit.member)
        rows.append(
            {
                "member": habit.member,
                "sheets": int(table.known[place].any(axis=1).sum()),
                "severity": {k: _plain(getattr(s, k)) for k in ("raw", "effect", "low", "high")} if s else None,
                "clear": bool(s and s.is_clear),
                "halo": _plain(habit.halo),
                "panel_halo": _plain(habit.panel_halo),
                "drift": _plain(habit.drift),
                "drift_interval": [_plain(habit.drift_low), _plain(habit.drift_high)],
                "drifts": habit.drifts,
            }
        )
    return rows


def _components(parts: Components | NotComputable) -> dict[str, Any]:
    if isinstance(parts, NotComputable):
        return dict(_plain(parts))
    names = ("dossier", "member", "residual", "k", "icc_1", "icc_k", "consistency_k", "reliability")
    return {name: _plain(getattr(parts, name)) for name in names} | {"whole": parts.is_whole}


def _error(reliability: float | NotComputable, selected: int, judged: int) -> dict[str, Any]:
    rate = error_rate(reliability, selected, judged)
    if isinstance(rate, NotComputable):
        return dict(_plain(rate))
    return {
        "selected": selected,
        "judged": judged,
        "wrongly_in": _plain(rate.wrongly_in),
        "wrongly_out": _plain(rate.wrongly_out),
        "expected": _plain(rate.wrongly_in * selected),
    }


def _stability(moved: what_if.Stability | NotComputable) -> dict[str, Any]:
    if isinstance(moved, NotComputable):
        return dict(_plain(moved))
    kinds = (what_if.MEMBER, what_if.CRITERION, what_if.WEIGHTS, what_if.ROUNDING)
    return {
        "tolerance": moved.tolerance,
        "kinds": {
            kind: _plain(c) if isinstance(c, NotComputable) else {"scenarios": c.scenarios}
            for kind, c in zip(kinds, moved.changes, strict=True)
        },
    }
