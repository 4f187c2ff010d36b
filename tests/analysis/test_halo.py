"""One impression for all criteria, and a hand that changes."""

from dataclasses import replace

import numpy as np
import pytest

from analysis.absent import NotComputable, Reason
from analysis.halo import habits, halo
from analysis.table import sheet_totals
from tests.analysis.made import table_of


def test_one_impression_for_all_criteria_is_seen_beside_the_panel():
    rng = np.random.default_rng(4)
    points = rng.uniform(5, 25, (4, 30, 3))
    impression = rng.uniform(5, 25, 30)
    points[0] = impression[:, None] + rng.normal(0, 0.5, (30, 3))
    table = table_of(points)

    found = habits(table, sheet_totals(table))

    assert found[0].halo > 0.95
    assert abs(found[0].panel_halo) < 0.3
    assert abs(found[1].halo) < 0.3


def test_a_hand_that_grows_stricter_is_seen():
    rng = np.random.default_rng(5)
    totals = rng.normal(70, 8, 40) + rng.normal(0, 2, (5, 40))
    order = np.tile(np.arange(1.0, 41), (5, 1))
    totals[2] -= 0.4 * order[2]
    table = replace(table_of(totals[:, :, None], np.array([100.0])), order=order)

    found = habits(table, sheet_totals(table))

    assert found[2].drifts
    assert found[2].drift == pytest.approx(-4 * 0.8, abs=0.8)  # a fifth of it is in the official total
    assert found[2].drift_high < 0


def test_an_even_hand_does_not_drift():
    rng = np.random.default_rng(6)
    totals = rng.normal(70, 8, 40) + rng.normal(0, 2, (5, 40))
    table = replace(table_of(totals[:, :, None], np.array([100.0])), order=np.tile(np.arange(40.0), (5, 1)))

    assert sum(h.drifts for h in habits(table, sheet_totals(table))) <= 1


def test_what_cannot_be_told_is_named():
    table = table_of(np.array([[[50.0], [60]], [[55], [65]]]))
    first = habits(table, sheet_totals(table))[0]

    assert first.halo == NotComputable(Reason.ONE_CRITERION)
    assert first.drift == NotComputable(Reason.TOO_FEW_SHEETS)
    assert halo(np.array([[1.0, 2], [3, 4]])) == NotComputable(Reason.TOO_FEW_COMMON)
    assert halo(np.array([[1.0, 2], [1, 4], [1, 5]])) == NotComputable(Reason.ALL_EQUAL)


def test_a_member_without_a_sheet_has_no_line():
    points = np.array([[[50.0, 40], [30, 20]], [[np.nan] * 2] * 2])

    assert [h.member for h in habits(table_of(points), NotComputable(Reason.ONE_MEMBER))] == ["m0"]
