"""How sure the cut is: the published formula on known cases, and chances against the truth of a simulation."""

import itertools
from math import asin, pi, sqrt

import numpy as np
import pytest
from scipy.stats import multivariate_normal, norm

from analysis.absent import NotComputable, Reason
from analysis.cut import Cut
from analysis.selection import both_above, chances, error_rate
from tests.analysis.made import season, sheets_of


def spearman_brown(icc, k):
    return icc * k / (1 + (k - 1) * icc)


def test_the_published_example():
    """IRR2FPR, example on Erosheva et al. 2021: ICC 0.34, 2.79 ratings, 18 % selected."""
    share = 0.18
    right = both_above(spearman_brown(0.34, 2.79), share)

    assert right / share == pytest.approx(0.6027441, abs=2e-6)
    assert 1 - right / share == pytest.approx(0.3972559, abs=2e-6)
    assert (share - right) / (1 - share) == pytest.approx(0.08720251, abs=2e-6)


def test_a_perfect_panel_never_errs():
    rate = error_rate(1.0, 10, 54)

    assert (rate.wrongly_in, rate.wrongly_out) == (0, 0)


@pytest.mark.parametrize("share", [0.05, 0.2, 0.5, 0.85])
def test_a_panel_without_reliability_draws_lots(share):
    """Then the selected hold no more of the best than all do."""
    assert both_above(0.0, share) == pytest.approx(share**2, abs=1e-9)


@pytest.mark.parametrize("reliability", [0.01, 0.25, 0.5, 0.9, 0.999])
def test_half_selected_follows_sheppard(reliability):
    assert both_above(reliability, 0.5) == pytest.approx(0.25 + asin(sqrt(reliability)) / (2 * pi), abs=1e-8)


@pytest.mark.parametrize("reliability", [0.3, 0.8, 0.98])
@pytest.mark.parametrize("share", [0.1, 0.4, 0.9])
def test_it_equals_the_bivariate_normal_distribution(reliability, share):
    line, rho = norm.isf(share), sqrt(reliability)
    wanted = multivariate_normal([0, 0], [[1, rho], [rho, 1]]).cdf([-line, -line])

    assert both_above(reliability, share) == pytest.approx(wanted, abs=1e-6)


def test_more_reliability_means_fewer_errors_all_the_way():
    found = [error_rate(r / 50, 10, 54).wrongly_in for r in range(51)]

    assert all(a >= b - 1e-9 for a, b in itertools.pairwise(found))
    assert found[0] == pytest.approx(1 - 10 / 54)


@pytest.mark.parametrize(("selected", "judged"), [(0, 10), (10, 10), (0, 0)])
def test_where_all_or_none_are_selected_nothing_can_err(selected, judged):
    assert error_rate(0.8, selected, judged) == NotComputable(Reason.ALL_OR_NONE)


def test_chances_are_certain_far_from_the_lines_and_open_at_them():
    values = np.tile(np.array([40.0, 69.8, 70.2, 71, 90]), (5, 1)) + np.random.default_rng(2).normal(0, 1, (5, 5))

    found = chances(sheets_of(values), Cut(places=1, threshold=70))

    passing = [c.passing for c in found]
    assert passing[0] == 0
    assert passing[4] == 1
    assert passing == sorted(passing)
    assert [c.in_band for c in found] == [False, True, True, found[3].in_band, False]
    assert found[4].top == 1


def test_chances_are_calibrated():
    """Among dossiers given about p, about a share p truly stands above the line."""
    given, true = [], []
    for seed in range(30):
        values, quality, strict = season(5, 40, seed=seed, missing=0.2)
        for chance, q in zip(chances(sheets_of(values), Cut(10, 75.0), draws=2000), quality, strict=True):
            given.append(chance.passing)
            true.append(q + strict.mean() >= 75)
    given, true = np.array(given), np.array(true)
    for low, high in ((0.0, 0.1), (0.1, 0.35), (0.35, 0.65), (0.65, 0.9), (0.9, 1.001)):
        inside = (given >= low) & (given < high)
        assert true[inside].mean() == pytest.approx(given[inside].mean(), abs=0.08)


def test_the_places_of_the_top_list_are_shared_out_whole():
    values, _, _ = season()

    found = chances(sheets_of(values), Cut(places=10))

    assert sum(c.top for c in found) == pytest.approx(10, abs=0.01)
    assert {c.passing for c in found} == {NotComputable(Reason.NO_LINE)}


def test_who_failed_by_another_rule_stands_above_no_line():
    values, _, _ = season(6, 12, missing=0.0)
    best = int(values.mean(axis=0).argmax())

    found = chances(sheets_of(values), Cut(3, 60.0, barred=frozenset({f"d{best}"})))

    assert (found[best].passing, found[best].top) == (0, 0)
    assert not found[best].in_band
    assert sum(c.top for c in found) == pytest.approx(3, abs=0.01)


def test_the_same_season_gives_the_same_chances():
    values, _, _ = season(5, 20)

    assert chances(sheets_of(values), Cut(5, 75.0)) == chances(sheets_of(values), Cut(5, 75.0))


def test_fewer_dossiers_than_places_have_no_top_line():
    values, _, _ = season(5, 6, missing=0.0)

    assert {c.top for c in chances(sheets_of(values), Cut(10, 70.0))} == {NotComputable(Reason.NO_LINE)}
