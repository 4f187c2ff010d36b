"""The automatic checks and the clock of the check, on plain facts."""

from datetime import date
from decimal import Decimal

import pytest

from dossiers import automatic
from dossiers.automatic import Clock, Facts, Other, State
from dossiers.completeness import DossierFacts, YearFacts
from dossiers.papers import required_on


def year(number: int, revenue: str | None = "150", export: str | None = "2", workers: int | None = 200) -> YearFacts:
    return YearFacts(number, revenue and Decimal(revenue), export and Decimal(export), workers)


def facts(track: str = "standard", figures: tuple[YearFacts, ...] | None = None, **more) -> Facts:
    """A dossier in order; `more` replaces facts of the dossier or of the checks."""
    asked = (2023, 2024, 2025)
    dossier = {
        "track": track,
        "years_asked": asked,
        "figures": tuple(year(y) for y in asked) if figures is None else figures,
        "papers": frozenset(paper.code for paper in required_on(track)),
        "product_summary": "Tóm tắt",
        "description": "x" * 100,
        "technology": "Dây chuyền",
        "track_basis": "Danh mục",
        "contact_name": "Trần Văn Thử",
        "contact_email": "thu@kip.test",
        "undertaken": True,
    }
    own = {name: more.pop(name) for name in ("tax_code", "same_name", "of_enterprise") if name in more}
    return Facts(**({"tax_code": "0100109106"} | own), dossier=DossierFacts(**(dossier | more)))


def states(found: Facts) -> dict[str, State]:
    return {check.code: check.state for check in automatic.checks(found)}


def evidence(found: Facts, code: str) -> dict:
    return next(dict(check.about) for check in automatic.checks(found) if check.code == code)


def test_a_dossier_in_order_has_no_cross_and_no_question():
    assert set(states(facts()).values()) == {State.OK}


def test_a_wrong_check_digit_is_a_cross():
    assert states(facts(tax_code="0100109107"))["tax_code"] is State.NO


@pytest.mark.parametrize(
    ("track", "revenue", "export", "state"),
    [
        ("standard", "100", "0", State.OK),
        ("standard", "99.999", "9", State.NO),
        ("hi_tech", "10", "0", State.OK),
        ("hi_tech", "9.9", "0", State.NO),
        ("handicraft", "1", "1", State.OK),
        ("handicraft", "500", "0.99", State.NO),
        ("startup", "0", "0", State.OK),
        ("standard", None, "9", State.NO),
    ],
)
def test_the_threshold_is_that_of_the_track_and_of_the_last_full_year(track, revenue, export, state):
    figures = (year(2023, "900", "9"), year(2024, "900", "9"), year(2025, revenue, export))

    assert states(facts(track, figures))["threshold"] is state


def test_missing_papers_are_named():
    papers = frozenset(p.code for p in required_on("standard")) - {"photos", "tax_confirmation"}

    found = facts(papers=papers)

    assert states(found)["papers"] is State.NO
    assert evidence(found, "papers") == {"asked": 8, "attached": 6, "lacking": ["photos", "tax_confirmation"]}


def test_a_start_up_needs_figures_of_the_last_year_only():
    assert states(facts("startup", (year(2025),)))["figures"] is State.OK
    assert evidence(facts("standard", (year(2025),)), "figures")["lacking"] == ["2023", "2024"]


@pytest.mark.parametrize(("after", "state"), [("50", State.OK), ("49.999", State.ASK), ("300", State.OK)])
def test_a_fall_of_the_revenue_by_more_than_half_asks(after, state):
    found = facts(figures=(year(2023, "100"), year(2024, "100"), year(2025, after)))

    assert states(found)["revenue"] is state


def test_an_earlier_fall_is_not_forgotten_when_the_last_year_grew():
    found = facts(figures=(year(2023, "400"), year(2024, "100"), year(2025, "200")))

    assert states(found)["revenue"] is State.ASK
    assert (evidence(found, "revenue")["year_before"], evidence(found, "revenue")["year"]) == (2023, 2024)


def test_years_with_a_gap_between_them_are_not_compared():
    assert "revenue" not in states(facts(figures=(year(2023, "400"), year(2025, "100"))))


def test_the_same_product_name_asks_and_other_dossiers_of_the_enterprise_inform():
    other = Other(7, "H26.12-260803-0007", 2026, "Đèn LED", "Công ty khác")

    found = states(facts(same_name=(other,), of_enterprise=(other,)))

    assert (found["same_name"], found["enterprise"]) == (State.ASK, State.INFO)


# --- the clock ----------------------------------------------------------------------------------------
MONDAY = date(2026, 8, 3)


def test_the_check_is_due_after_its_working_days():
    clock = Clock(MONDAY, 5)

    assert clock.due == date(2026, 8, 10)
    assert clock.left(date(2026, 8, 7)) == 1
    assert clock.left(date(2026, 8, 10)) == 0
    assert clock.left(date(2026, 8, 12)) == -2


def test_the_weekend_does_not_make_a_check_late():
    clock = Clock(MONDAY, 4)  # Friday

    assert clock.left(date(2026, 8, 8)) == 0
    assert not clock.is_late(date(2026, 8, 9))
    assert clock.is_late(date(2026, 8, 10))


def test_the_clock_stands_still_while_a_supplement_is_awaited():
    waiting = Clock(MONDAY, 5, ((date(2026, 8, 5), None),))
    answered = Clock(MONDAY, 5, ((date(2026, 8, 5), date(2026, 8, 12)),))

    assert waiting.is_paused
    assert waiting.left(date(2026, 8, 30)) is None
    assert not waiting.is_late(date(2026, 8, 30))
    assert answered.due == date(2026, 8, 17)


def test_a_stopped_clock_knows_what_it_used_and_whether_it_was_late():
    in_time = Clock(MONDAY, 5, ((date(2026, 8, 4), date(2026, 8, 6)),), stopped=date(2026, 8, 11))
    late = Clock(MONDAY, 5, stopped=date(2026, 8, 11))

    assert (in_time.used, in_time.is_late(date(2027, 1, 1))) == (4, False)
    assert (late.used, late.is_late(date(2026, 8, 12))) == (6, True)


def test_one_day_or_none_left_is_soon_and_late_is_not_soon():
    clock = Clock(MONDAY, 5)

    assert [clock.is_soon(date(2026, 8, day)) for day in (6, 7, 10, 11)] == [False, True, True, False]


def test_growth_cannot_be_said_from_nothing():
    assert automatic.growth(Decimal(0), Decimal(5)) is None
    assert automatic.growth(Decimal(100), Decimal("126.6")) == Decimal("26.6")
