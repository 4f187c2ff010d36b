"""The additive model, against statsmodels, against a dense posterior, and against judges whose severity is known."""

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from scipy.stats import kendalltau

from analysis.absent import NotComputable, Reason
from analysis.mixed import fit, groups_of
from analysis.severity import severity, shared_ranks
from analysis.table import SheetTotals
from tests.analysis.made import season, sheets_of

SEEDS = (1, 2, 3)


def long(values):
    member, dossier = np.nonzero(~np.isnan(values))
    return pd.DataFrame({"y": values[member, dossier], "m": member, "d": dossier, "one": 1})


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("missing", [0.0, 0.3])
def test_severity_equals_the_mixed_model_of_statsmodels(seed, missing):
    values, _, _ = season(8, 30, seed=seed, missing=missing)

    ours = severity(sheets_of(values))
    theirs = sm.MixedLM.from_formula("y ~ 0 + C(d)", groups="m", data=long(values)).fit(reml=True)

    effects = [float(theirs.random_effects[i].iloc[0]) for i in range(8)]
    assert [m.effect for m in ours.members] == pytest.approx(effects, abs=0.01)
    assert [d.mean for d in ours.dossiers] == pytest.approx(list(theirs.fe_params), abs=0.01)
    assert ours.member_variance == pytest.approx(float(theirs.cov_re.iloc[0, 0]), rel=0.01)
    assert ours.residual_variance == pytest.approx(theirs.scale, rel=0.001)


@pytest.mark.parametrize("seed", SEEDS)
def test_variance_components_equal_the_crossed_model_of_statsmodels(seed):
    values, _, _ = season(7, 25, seed=seed, missing=0.2)

    ours = fit(sheets_of(values), dossiers_random=True)
    parts = {"d": "0 + C(d)", "m": "0 + C(m)"}
    model = sm.MixedLM.from_formula("y ~ 1", groups="one", vc_formula=parts, data=long(values))
    theirs = model.fit(reml=True)

    assert [ours.dossier_variance, ours.member_variance] == pytest.approx(list(theirs.vcomp), rel=0.01)
    assert ours.residual_variance == pytest.approx(theirs.scale, rel=0.005)
    # at the found variances our restricted likelihood is at least as high as theirs
    at_ours = np.array([ours.dossier_variance, ours.member_variance]) / ours.residual_variance
    assert restricted(values, *at_ours) >= restricted(values, *(theirs.vcomp / theirs.scale)) - 1e-6


def restricted(values, dossier, member):
    """The restricted log-likelihood, profiled, from the dense covariance: nothing of analysis.mixed in it."""
    m, d = np.nonzero(~np.isnan(values))
    y, ones = values[m, d], np.ones((len(m), 1))
    covariance = np.eye(len(m)) + dossier * (d[:, None] == d) + member * (m[:, None] == m)
    inverse = np.linalg.inv(covariance)
    gram = ones.T @ inverse @ ones
    rest = y - float((ones.T @ inverse @ y)[0] / gram[0, 0])
    free = len(m) - 1
    variance = rest @ inverse @ rest / free
    return -0.5 * (np.linalg.slogdet(covariance)[1] + np.linalg.slogdet(gram)[1] + free * np.log(variance))


def test_values_and_errors_equal_the_dense_posterior():
    values, _, _ = season(5, 12, seed=5, missing=0.25)
    found = fit(sheets_of(values), dossiers_random=True)
    m, d = np.nonzero(~np.isnan(values))
    y = values[m, d]
    n_members, n_dossiers = values.shape

    design = np.column_stack([np.ones(len(y)), np.eye(n_dossiers)[d], np.eye(n_members)[m]])
    ridge = np.diag(
        [0.0]
        + [found.residual_variance / found.dossier_variance] * n_dossiers
        + [found.residual_variance / found.member_variance] * n_members
    )
    covariance = np.linalg.inv(design.T @ design + ridge)
    mean = covariance @ design.T @ y
    wanted = np.column_stack(
        [np.ones(n_dossiers), np.eye(n_dossiers), np.full((n_dossiers, n_members), 1 / n_members)]
    )

    assert found.values == pytest.approx(wanted @ mean, abs=1e-6)
    errors = np.sqrt(np.diag(wanted @ covariance @ wanted.T) * found.residual_variance)
    assert found.value_errors == pytest.approx(errors, rel=1e-6)
    assert found.member_effects == pytest.approx(mean[-n_members:], abs=1e-6)
    apart = np.hstack([np.zeros((n_members, 1 + n_dossiers)), np.eye(n_members) - 1 / n_members])
    errors = np.sqrt(np.diag(apart @ covariance @ apart.T) * found.residual_variance)
    assert found.member_errors == pytest.approx(errors, rel=1e-6)
    drawn = found.draws(40_000, np.random.default_rng(1))
    assert drawn.mean(axis=0) == pytest.approx(found.values, abs=0.05)
    assert np.cov(drawn.T) == pytest.approx(wanted @ covariance @ wanted.T * found.residual_variance, abs=0.25)


def test_a_weight_of_one_half_counts_as_one_sheet_of_two_with_the_same_points():
    """Two copies of a season at weight 1/2 know as much as one copy at weight 1."""
    values, _, _ = season(4, 10, seed=3, missing=0.0)
    once = fit(sheets_of(values), dossiers_random=True)
    m, d = values.shape
    halves = SheetTotals(tuple(map(str, range(d))), tuple(map(str, range(m))), values, np.full((m, d), 0.5))

    half = fit(halves, dossiers_random=True)

    assert half.residual_variance == pytest.approx(once.residual_variance / 2, rel=1e-4)
    assert half.dossier_variance == pytest.approx(once.dossier_variance, rel=1e-4)
    assert half.values == pytest.approx(once.values, abs=1e-4)


def test_a_severe_judge_is_recovered():
    strict = np.array([0.0, 1, -1, 2, -12, -2, 1, 0, 3])
    values, _, _ = season(9, 54, severity=strict)

    found = severity(sheets_of(values))

    effects = {m.member: m for m in found.members}
    worst = min(found.members, key=lambda m: m.effect)
    assert worst.member == "m4"
    assert worst.is_clear
    assert worst.high < 0
    true = strict - strict.mean()
    for i, name in enumerate(sorted(effects)):
        assert abs(effects[name].effect - true[i]) < 3 * (effects[name].high - effects[name].low) / 3.92
        assert abs(effects[name].effect) <= abs(effects[name].raw) + 0.2  # shrunk, never stretched


def test_intervals_hold_the_true_severity_about_nineteen_times_in_twenty():
    inside = asked = 0
    for seed in range(40):
        values, _, strict = season(8, 25, seed=seed, missing=0.1)
        for member, true in zip(severity(sheets_of(values)).members, strict - strict.mean(), strict=True):
            asked += 1
            inside += member.low <= true <= member.high

    assert 0.92 <= inside / asked <= 0.98


def test_adjusting_beats_the_plain_mean_where_sectors_have_their_own_members():
    """Two sectors with a bridge: each dossier is scored by three of its own four members and one of the others."""
    better = []
    for seed in range(12):
        rng = np.random.default_rng(seed)
        whole, true, _ = season(8, 40, seed=seed, missing=0.0, severity=6.0)
        values = np.full_like(whole, np.nan)
        for d in range(40):
            own, other = (range(4), range(4, 8)) if d < 20 else (range(4, 8), range(4))
            for m in [*rng.choice(list(own), 3, replace=False), rng.choice(list(other))]:
                values[m, d] = whole[m, d]
        found = severity(sheets_of(values))
        plain = np.nanmean(values, axis=0)
        adjusted = [d.mean for d in found.dossiers]
        better.append(kendalltau(adjusted, true).statistic - kendalltau(plain, true).statistic)

    assert np.mean(better) > 0.02


def test_with_a_full_panel_the_adjusted_mean_is_the_plain_mean():
    values, _, _ = season(6, 20, missing=0.0)

    found = severity(sheets_of(values))

    assert [d.mean for d in found.dossiers] == pytest.approx(list(values.mean(axis=0)))


def test_groups_without_a_common_sheet_are_named_and_nothing_is_invented():
    values = np.full((4, 6), np.nan)
    values[:2, :3] = [[70, 80, 75], [60, 72, 66]]
    values[2:, 3:] = [[90, 85, 88], [80, 79, 77]]

    found = severity(sheets_of(values))

    assert found == NotComputable(Reason.DISCONNECTED, (("m0", "m1"), ("m2", "m3")))
    assert groups_of(sheets_of(values))[1] == (("m2", "m3"), ("d3", "d4", "d5"))


def test_one_bridge_is_enough_to_connect():
    values = np.full((4, 6), np.nan)
    values[:2, :3] = [[70, 80, 75], [60, 72, 66]]
    values[2:, 3:] = [[90, 85, 88], [80, 79, 77]]
    values[1, 3] = 70

    assert not isinstance(severity(sheets_of(values)), NotComputable)


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ([[70.0, 80, 75]], Reason.ONE_MEMBER),
        ([[70.0], [60.0]], Reason.ONE_DOSSIER),
        ([[70.0, 70], [70, 70]], Reason.ALL_EQUAL),
        ([[70.0, np.nan], [60, 65]], Reason.TOO_FEW_SHEETS),
    ],
)
def test_what_cannot_be_computed_says_why(values, reason):
    totals = sheets_of(np.array(values))

    assert severity(totals) == NotComputable(reason)
    assert fit(totals, dossiers_random=True) == NotComputable(reason)


def test_members_who_agree_exactly_have_no_severity():
    values = np.tile(np.array([60.0, 70, 80, 90]), (3, 1))

    found = severity(sheets_of(values))

    assert [m.effect for m in found.members] == pytest.approx([0, 0, 0], abs=1e-6)
    assert [d.mean for d in found.dossiers] == pytest.approx([60, 70, 80, 90])
    assert [d.rank for d in found.dossiers] == [4, 3, 2, 1]


def test_ranks_are_shared():
    assert shared_ranks(np.array([5.0, 7, 7, 1])).tolist() == [3, 1, 1, 4]
