"""Agreement against the reference implementation, analysis of variance and numbers worked by hand."""

import krippendorff
import numpy as np
import pytest

from analysis.absent import NotComputable, Reason
from analysis.agreement import alpha, by_criterion, components, correlation, pairs
from tests.analysis.made import season, sheets_of, table_of

NO = np.nan


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("missing", [0.0, 0.2, 0.6])
def test_alpha_equals_the_reference_implementation(seed, missing):
    marks, _, _ = season(6, 20, seed=seed, missing=missing)
    marks = np.round(marks)

    assert alpha(marks) == pytest.approx(krippendorff.alpha(marks, level_of_measurement="interval"), abs=1e-12)


def test_alpha_of_the_published_example():
    """Krippendorff 2011, example C: four observers, twelve units, interval metric 0.849."""
    marks = np.array(
        [
            [1, 2, 3, 3, 2, 1, 4, 1, 2, NO, NO, NO],
            [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, NO, 3],
            [NO, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, NO],
            [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, NO],
        ]
    )

    assert alpha(marks) == pytest.approx(0.849, abs=0.0005)


def test_perfect_agreement_is_one_and_perfect_contradiction_is_below_zero():
    assert alpha(np.array([[1.0, 2, 3], [1, 2, 3]])) == pytest.approx(1)
    assert alpha(np.array([[1.0, 2, 3], [3, 2, 1]])) < 0


@pytest.mark.parametrize(
    ("marks", "reason"),
    [
        (np.full((3, 4), NO), Reason.NO_POINTS),
        (np.array([[1.0, 2, 3], [NO, NO, NO]]), Reason.ONE_MEMBER),
        (np.array([[1.0, NO], [NO, 2]]), Reason.NOTHING_TWICE),
        (np.array([[1.0], [2]]), Reason.ONE_DOSSIER),
        (np.array([[2.0, 2, 2], [2, 2, 2]]), Reason.ALL_EQUAL),
    ],
)
def test_an_alpha_that_has_no_meaning_is_named(marks, reason):
    assert alpha(marks) == NotComputable(reason)


def test_each_criterion_has_its_own_alpha():
    points = np.stack([np.array([[1.0, 5, 9], [1, 5, 9]]), np.full((2, 3), 4.0)], axis=2)

    first, second = by_criterion(table_of(points))

    assert (first.alpha, first.dossiers, first.marks) == (pytest.approx(1), 3, 6)
    assert second.alpha == NotComputable(Reason.ALL_EQUAL)


def anova(values):
    """Variance components of a complete two-way table by its mean squares, and the ICCs of Shrout & Fleiss."""
    k, n = values.shape
    rows, columns = values.mean(axis=0), values.mean(axis=1)
    between = k * ((rows - values.mean()) ** 2).sum() / (n - 1)
    judges = n * ((columns - values.mean()) ** 2).sum() / (k - 1)
    error = ((values - rows - columns[:, None] + values.mean()) ** 2).sum() / ((n - 1) * (k - 1))
    icc_1 = (between - error) / (between + (k - 1) * error + k * (judges - error) / n)
    icc_k = (between - error) / (between + (judges - error) / n)
    return (between - error) / k, (judges - error) / n, error, icc_1, icc_k, (between - error) / between


@pytest.mark.parametrize("seed", range(4))
def test_a_complete_panel_gives_the_correlations_of_shrout_and_fleiss(seed):
    values, _, _ = season(6, 30, seed=seed, missing=0.0)

    found = components(sheets_of(values))

    dossier, member, residual, icc_1, icc_k, consistency = anova(values)
    assert (found.dossier, found.member, found.residual) == pytest.approx((dossier, member, residual), rel=1e-4)
    assert (found.icc_1, found.icc_k, found.consistency_k) == pytest.approx((icc_1, icc_k, consistency), rel=1e-4)
    assert found.k == pytest.approx(6)
    assert found.is_whole
    assert found.reliability == found.consistency_k


def test_the_published_example_of_shrout_and_fleiss():
    """Shrout & Fleiss 1979, table 2: ICC(2,1) 0.29, ICC(2,4) 0.62, ICC(3,4) 0.91."""
    values = np.array([[9, 6, 8, 7, 10, 6], [2, 1, 4, 1, 5, 2], [5, 3, 6, 2, 6, 4], [8, 2, 8, 6, 9, 7]], dtype=float)

    found = components(sheets_of(values))

    assert found.icc_1 == pytest.approx(0.29, abs=0.005)
    assert found.icc_k == pytest.approx(0.62, abs=0.005)
    assert found.consistency_k == pytest.approx(0.91, abs=0.005)


def test_an_unequal_panel_counts_the_members_level_as_error():
    values, _, _ = season(6, 30, missing=0.3)

    found = components(sheets_of(values))

    assert not found.is_whole
    assert found.reliability == found.icc_k < found.consistency_k
    assert 3 < found.k < 5


def test_pairs_have_correlation_difference_and_the_number_in_common():
    values = np.array([[1.0, 2, 3, 9], [2, 4, 6, NO], [5, NO, NO, NO]])

    first, second, third = pairs(sheets_of(values))

    assert (first.first, first.second, first.common) == ("m0", "m1", 3)
    assert (first.correlation, first.difference) == (pytest.approx(1), pytest.approx(2))
    assert (second.common, second.correlation) == (1, NotComputable(Reason.TOO_FEW_COMMON))
    assert second.difference == 4
    assert third.common == 1


def test_a_member_who_gives_all_the_same_has_no_correlation():
    assert correlation(np.array([1.0, 2, 3]), np.array([4.0, 4, 4])) == NotComputable(Reason.ALL_EQUAL)
