"""Totals of sheets that can be compared although members scored different criteria."""

import numpy as np
import pytest

from analysis.absent import NotComputable, Reason
from analysis.table import MarkTable, SheetTotals, mean_over, sheet_totals
from tests.analysis.made import table_of

NO = np.nan


def totals(points, maxima):
    found = sheet_totals(table_of(np.array(points, dtype=float), np.array(maxima, dtype=float)))
    assert isinstance(found, SheetTotals)
    return found


def test_a_whole_sheet_keeps_its_plain_total():
    found = totals([[[40, 20]], [[30, 25]]], [60, 40])

    assert found.values.tolist() == [[60], [55]]
    assert found.weights.tolist() == [[1], [1]]


def test_a_partial_sheet_stands_at_the_official_total_plus_its_deviation_stretched():
    # c0: 40, 30, mean 35; c1: 20 and 24, mean 22; the third member scored c1 alone
    found = totals([[[40, 20]], [[30, NO]], [[NO, 24]]], [60, 40])

    official = 35 + 22
    assert found.values[0, 0] == 60
    assert found.values[1, 0] == pytest.approx(official - 5 / 0.6)
    assert found.values[2, 0] == pytest.approx(official + 2 / 0.4)
    assert found.weights[:, 0] == pytest.approx([1, 0.6, 0.4])


def test_who_was_given_a_hard_criterion_is_not_called_strict():
    """Both members agree in every criterion they share; one has only the criterion in which all do badly."""
    found = totals([[[50, 5]], [[50, 5]], [[NO, 5]]], [60, 40])

    assert found.values[:, 0].tolist() == [55, 55, 55]


def test_a_criterion_scored_by_one_member_alone_says_nothing_about_deviation():
    found = totals([[[40, 20]], [[30, NO]]], [60, 40])

    assert found.values[1, 0] == pytest.approx(35 + 20 - 5 / 0.6)
    assert found.weights[1, 0] == pytest.approx(0.6)


def test_members_with_nothing_in_common_have_no_comparable_sheet():
    found = sheet_totals(table_of(np.array([[[40, NO]], [[NO, 20]]]), np.array([60.0, 40])))

    assert found == NotComputable(Reason.NOTHING_TWICE)


def test_an_empty_table_is_named_empty():
    assert sheet_totals(table_of(np.full((2, 2, 2), NO))) == NotComputable(Reason.NO_POINTS)
    assert sheet_totals(table_of(np.empty((0, 0, 0)))) == NotComputable(Reason.NO_POINTS)


def test_the_official_total_is_the_sum_of_the_criterion_means():
    table = table_of(np.array([[[40, 20], [NO, NO]], [[30, NO], [NO, NO]]]))

    assert table.totals()[0] == 55
    assert np.isnan(table.totals()[1])


def test_a_dossier_that_is_left_out_leaves_no_trace():
    points = np.arange(12, dtype=float).reshape(2, 3, 2)
    table = table_of(points)

    left = table.without(["d1"])

    assert left.dossiers == ("d0", "d2")
    assert left.points.tolist() == points[:, [0, 2], :].tolist()


def test_a_table_of_the_wrong_shape_is_refused():
    with pytest.raises(ValueError, match="members x dossiers x criteria"):
        MarkTable(("d",), ("m",), ("c",), np.array([1.0]), np.zeros((2, 1, 1)))


def test_the_mean_of_nothing_is_nothing_and_warns_nobody():
    assert np.isnan(mean_over(np.full((3, 1), NO))).all()
