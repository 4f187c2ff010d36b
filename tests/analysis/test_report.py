"""The report as a whole: whatever the season, it is plain JSON without NaN, and nothing raises."""

import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.cut import Cut, Minimum
from analysis.method import METHOD
from analysis.report import Selected, report
from tests.analysis.made import season, table_of


def as_json(found):
    return json.loads(json.dumps(found, allow_nan=False))


@st.composite
def tables(draw):
    members, dossiers, criteria = draw(st.integers(1, 4)), draw(st.integers(1, 6)), draw(st.integers(1, 3))
    cells = members * dossiers * criteria
    kinds = draw(
        st.sampled_from(
            [
                st.none() | st.integers(0, 20),  # anything, with gaps
                st.just(7),  # all equal
                st.none(),  # nothing at all
                st.integers(0, 1),  # hardly any difference
                st.none() | st.just(3),
            ]
        )
    )
    marks = draw(st.lists(kinds, min_size=cells, max_size=cells))
    points = np.array([np.nan if m is None else m for m in marks], dtype=float).reshape(members, dossiers, criteria)
    table = table_of(points, np.full(criteria, 20.0))
    if draw(st.booleans()):
        table = replace(table, order=np.tile(np.arange(float(dossiers)), (members, 1)))
    return table


@settings(max_examples=100, deadline=None)
@given(tables(), st.integers(1, 6), st.none() | st.integers(0, 60), st.booleans())
def test_no_season_breaks_the_report(table, places, threshold, minimum):
    minima = (Minimum((0,), 0.4),) if minimum else ()
    cut = Cut(places, None if threshold is None else float(threshold), minima)

    found = as_json(report(table, cut, Selected(passing=len(table.dossiers) // 2, top=min(places, 2))))

    assert [d["dossier"] for d in found["dossiers"]] == list(table.dossiers)
    assert found["method"] == METHOD


def test_an_empty_season_has_an_empty_report():
    found = as_json(report(table_of(np.empty((0, 0, 0))), Cut(10), Selected(0, 0)))

    assert found["dossiers"] == found["members"] == []
    assert found["components"]["none"] == "no_points"


def test_the_same_season_gives_the_same_report_byte_for_byte():
    values, _, _ = season(5, 20)
    table = table_of(np.stack([values * 0.6, values * 0.4], axis=2), np.array([60.0, 40]))

    first, second = (json.dumps(report(table, Cut(5, 70.0), Selected(12, 5))) for _ in range(2))

    assert first == second


def test_the_report_does_not_depend_on_a_dossier_that_was_left_out():
    """Two seasons that differ only in the points of one dossier give the same report once it is left out."""
    values, _, _ = season(5, 20)
    table = table_of(values[:, :, None], np.array([100.0]))
    other = values.copy()
    other[:, 3] = 1.0
    changed = table_of(other[:, :, None], np.array([100.0]))
    selected = Selected(12, 5)

    seen = report(table.without(["d3"]), Cut(5, 70.0), selected)

    assert seen == report(changed.without(["d3"]), Cut(5, 70.0), selected)
    assert report(table, Cut(5, 70.0), selected) != report(changed, Cut(5, 70.0), selected)


def test_the_order_of_dossiers_and_members_changes_no_number():
    values, _, _ = season(5, 20)
    table = table_of(values[:, :, None], np.array([100.0]))
    turned = replace(
        table,
        members=table.members[::-1],
        dossiers=table.dossiers[::-1],
        points=table.points[::-1, ::-1],
    )
    cut, selected = Cut(5, 70.0), Selected(12, 5)

    first, second = report(table, cut, selected), report(turned, cut, selected)

    by_name = {d["dossier"]: d for d in second["dossiers"]}
    for row in first["dossiers"]:
        assert row["adjusted"]["mean"] == pytest.approx(by_name[row["dossier"]]["adjusted"]["mean"], abs=1e-4)
        assert row["changes"]["member"] == by_name[row["dossier"]]["changes"]["member"]
    assert first["components"]["icc_k"] == pytest.approx(second["components"]["icc_k"], abs=1e-5)
