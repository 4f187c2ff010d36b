"""How sure is each dossier's side of a line, which few are worth discussing, and how often does a selection of this
reliability err?

Two answers that do not lean on each other. The first comes from the additive model with random dossiers: the values
that it holds possible, drawn with a fixed seed. The value of a dossier is what it would come to if every member of
this council scored it without the accidents of one reading. The second needs two numbers only, the reliability of
the mean and the share selected (Bartoš & Martinková 2024, doi:10.1111/bmsp.12343, arXiv 2207.09101).
"""

from dataclasses import dataclass

import numpy as np
from scipy.integrate import quad
from scipy.stats import norm

from analysis.absent import NotComputable, Reason
from analysis.cut import NEAR, Cut
from analysis.mixed import fit
from analysis.table import SheetTotals

LOW, HIGH = 0.10, 0.90
DRAWS = 20_000
MOST_VALUES = 8_000_000
SEED = 20260102


@dataclass(frozen=True)
class Chance:
    """One dossier: its value in the model with error, and the probability to stand above each line."""

    dossier: str
    value: float
    error: float
    passing: float | NotComputable
    top: float | NotComputable

    @property
    def in_band(self) -> bool:
        """Cannot be told apart at one of the lines: between 10 % and 90 %."""
        return at_line(self.passing) or at_line(self.top)


@dataclass(frozen=True)
class ErrorRate:
    """Of a selection. `wrongly_in` is the share of the selected who do not belong to the best, `wrongly_out` the
    share of those not selected who do. The source calls them false positive and false negative rate."""

    reliability: float
    share: float
    wrongly_in: float
    wrongly_out: float


def at_line(chance: float | NotComputable) -> bool:
    return not isinstance(chance, NotComputable) and LOW <= chance <= HIGH


def chances(
    totals: SheetTotals | NotComputable, cut: Cut, *, draws: int = DRAWS, seed: int = SEED
) -> tuple[Chance, ...] | NotComputable:
    """Probabilities for every dossier. Only the total is uncertain here: a dossier barred for another reason (a
    minimum, an eliminating condition, ballots) stands above no line, in every draw."""
    if isinstance(totals, NotComputable):
        return totals
    found = fit(totals, dossiers_random=True)
    if isinstance(found, NotComputable):
        return found
    number = max(1000, min(draws, MOST_VALUES // len(totals.dossiers)))
    drawn = found.draws(number, np.random.default_rng(seed))
    may = np.array([name not in cut.barred for name in totals.dossiers], dtype=bool)
    above = np.broadcast_to(may, drawn.shape).copy()
    if cut.threshold is not None:
        above &= drawn >= cut.threshold - NEAR
    keys = np.where(above, drawn, -np.inf)
    top = above
    if len(totals.dossiers) > cut.places:
        place = len(totals.dossiers) - cut.places
        top = above & (keys >= np.partition(keys, place, axis=1)[:, place, None])
    errors = found.value_errors
    no_line = NotComputable(Reason.NO_LINE)
    has_top = len(totals.dossiers) > cut.places
    return tuple(
        Chance(
            name,
            float(found.values[i]),
            float(errors[i]),
            no_line if cut.threshold is None else float(above[:, i].mean()),
            float(top[:, i].mean()) if has_top else no_line,
        )
        for i, name in enumerate(totals.dossiers)
    )


def error_rate(reliability: float | NotComputable, selected: int, judged: int) -> ErrorRate | NotComputable:
    """Expected errors of choosing `selected` of `judged` by a mean of this reliability."""
    if isinstance(reliability, NotComputable):
        return reliability
    if not 0 < selected < judged:
        return NotComputable(Reason.ALL_OR_NONE)
    share = selected / judged
    right = both_above(reliability, share)
    wrong = max(0.0, share - right)
    return ErrorRate(reliability, share, wrong / share, wrong / (1 - share))


def both_above(reliability: float, share: float) -> float:
    """Probability that a dossier is among the best `share` both truly and by its measured mean.

    True and measured value are bivariate normal; the correlation is the square root of the reliability.
    """
    rho = float(np.sqrt(min(max(reliability, 0.0), 1.0)))
    if rho >= 1 - 1e-12:
        return share
    line = float(norm.isf(share))
    rest = np.sqrt(1 - rho**2)

    def density(x: float) -> float:
        return float(norm.pdf(x) * norm.sf((line - rho * x) / rest))

    # beyond nine deviations nothing is left; the bend of the inner function is named so that it is not stepped over
    end = max(line, 0.0) + 9.0
    bend = [p for p in (line / rho,) if line < p < end] if rho > 1e-9 else []
    value, _ = quad(density, line, end, points=bend or None, epsabs=1e-11, epsrel=1e-10, limit=200)
    return float(value)
