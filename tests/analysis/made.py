"""Seasons made for the tests of statistics: numbers from a seeded generator, never from people."""

import numpy as np

from analysis.table import Floats, MarkTable, SheetTotals, sheet_totals


def table_of(points: Floats, maxima: Floats | None = None) -> MarkTable:
    """A table around bare points, members x dossiers x criteria."""
    members, dossiers, criteria = points.shape
    return MarkTable(
        tuple(f"d{i}" for i in range(dossiers)),
        tuple(f"m{i}" for i in range(members)),
        tuple(f"c{i}" for i in range(criteria)),
        np.full(criteria, 100.0 / max(criteria, 1)) if maxima is None else maxima,
        points,
    )


def sheets_of(values: Floats) -> SheetTotals:
    """Whole sheets with these totals, members x dossiers."""
    found = sheet_totals(table_of(values[:, :, None], np.array([100.0])))
    assert isinstance(found, SheetTotals)
    return found


def season(
    members: int = 9,
    dossiers: int = 54,
    *,
    seed: int = 7,
    quality: float = 8.0,
    severity: Floats | float = 5.0,
    noise: float = 5.0,
    missing: float = 0.08,
) -> tuple[Floats, Floats, Floats]:
    """Totals as a panel would give them: (totals, true qualities, true severities)."""
    rng = np.random.default_rng(seed)
    true = rng.normal(75, quality, dossiers)
    strict = rng.normal(0, severity, members) if isinstance(severity, float) else severity
    totals = true + strict[:, None] + rng.normal(0, noise, (members, dossiers))
    totals[rng.random(totals.shape) < missing] = np.nan
    return totals, true, strict
