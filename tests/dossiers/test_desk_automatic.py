"""The automatic checks and the clock of the check, on plain facts."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dossiers import automatic
from dossiers.clock import Clock
from dossiers.completeness import DossierFacts, YearFacts
from dossiers.evidence import Check, Facts, Other, Paper, Record, Reported, State, Twin
from dossiers.papers import required_on
from dossiers.trends import Year
from dossiers.views.desk import evidence_words


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


# --- one thing against another --------------------------------------------------------------------------
TODAY = date(2026, 8, 3)
ENDS = date(2026, 10, 2)
VALID = date(2029, 10, 2)


def compared(**more) -> dict[str, Check]:
    """The checks of `comparison` on facts that are otherwise in order."""
    known = {"today": TODAY, "registration_ends": ENDS, "validity_ends": VALID} | more
    found = replace(facts(), **known)
    return {check.code: check for check in automatic.checks(found)}


def full(number: int, revenue=100, whole=None, export=None, workers=None) -> Year:
    given = [None if value is None else Decimal(value) for value in (revenue, whole, export)]
    return Year(number, *given, None, workers)


@pytest.mark.parametrize(
    ("until", "state", "kinds"),
    [
        (date(2026, 8, 2), State.NO, ["expired"]),
        (TODAY, State.ASK, ["expires_in_registration"]),
        (ENDS, State.ASK, ["expires_in_registration"]),
        (date(2026, 10, 3), State.INFO, ["expires_in_validity"]),
        (VALID, State.OK, []),
        (None, None, None),
    ],
)
def test_a_paper_is_held_against_today_the_registration_and_the_validity(until, state, kinds):
    found = compared(papers=(Paper("quality_certificates", "iso.pdf", "a", valid_until=until),)).get("certificates")

    if state is None:
        assert found is None  # nothing is dated: nothing is said
        return
    assert found.state is state
    assert [one["kind"] for one in found.about["found"]] == kinds


def test_the_dates_of_a_paper_cannot_run_backwards():
    later = Paper("awards", "a.pdf", "a", issued_on=date(2026, 9, 1), valid_until=VALID)
    backwards = Paper("awards", "b.pdf", "b", issued_on=date(2026, 7, 1), valid_until=date(2026, 6, 1))

    assert compared(papers=(later,))["certificates"].about["found"][0]["kind"] == "issued_later"
    assert compared(papers=(backwards,))["certificates"].state is State.NO


def test_a_product_cannot_sell_more_than_its_maker():
    assert "revenue_total" not in compared(years=(full(2025),))
    assert compared(years=(full(2025, 100, 100),))["revenue_total"].state is State.OK
    over = compared(years=(full(2024, 100, 90), full(2025, 100, 200)))["revenue_total"]
    assert (over.state, over.about["rows"]) == (State.NO, [(2024, Decimal(100), Decimal(90))])


def test_all_products_of_a_season_together_cannot_sell_more_than_their_maker():
    sibling = Reported("N-2", 2026, False, True, full(2025, 60))
    last_season = Reported("N-0", 2025, False, False, full(2025, 900))

    within = compared(years=(full(2025, 40, 100),), reported=(sibling, last_season))["products_total"]
    over = compared(years=(full(2025, 41, 100),), reported=(sibling,))["products_total"]

    assert within.state is State.OK
    assert (over.state, over.about["rows"]) == (State.NO, [(2025, Decimal(101), Decimal(100), 2)])
    assert "products_total" not in compared(years=(full(2025, 41, 100),), reported=(last_season,))


def test_exports_are_compared_only_when_the_season_has_a_rate():
    years = (full(2025, 100, None, 5),)

    assert "exports_total" not in compared(years=years)
    assert compared(years=years, usd_rate_vnd=Decimal(20000))["exports_total"].state is State.OK
    assert compared(years=years, usd_rate_vnd=Decimal(20001))["exports_total"].state is State.NO


def test_a_year_that_was_reported_before_is_compared_with_what_was_said_then():
    before = Reported("N-0", 2025, True, False, full(2024, 150, None, None, 90))

    assert compared(years=(full(2024, 150, None, None, 90),), reported=(before,))["last_year"].state is State.OK
    found = compared(years=(full(2024, 180, None, None, 90),), reported=(before,))["last_year"]
    assert found.state is State.ASK
    assert [(one["measure"], one["before"], one["after"]) for one in found.about["found"]] == [
        ("revenue_vnd_billion", 150, 180)
    ]
    other_product = replace(before, same_product=False)
    assert "last_year" not in compared(years=(full(2024, 180),), reported=(other_product,))
    assert "last_year" not in compared(years=(full(2025, 180),), reported=(before,))


def test_parts_that_contradict_each_other_ask():
    def kinds(**more) -> list[str]:
        return [one["kind"] for one in compared(**more)["agreement"].about["found"]]

    assert kinds(years=(full(2025, 100, None, 2),)) == ["exports_without_market"]
    assert kinds(years=(full(2025, 100, None, 2),), export_markets="Nhật Bản") == []
    assert kinds(years=(full(2025, 100, None, 0),), export_markets="Nhật Bản") == ["market_without_exports"]
    assert kinds(years=(full(2020, 5),), founded_year=2021) == ["before_founding"]
    assert kinds(years=(full(2021, 5),), founded_year=2021) == []
    assert kinds(papers=(Paper("photos", "a", "same"), Paper("awards", "b", "same"))) == ["same_file"]
    sibling = Reported("N-2", 2026, False, True, full(2025, 60, 500))
    assert kinds(years=(full(2025, 40, 400),), reported=(sibling,)) == ["season"]


def test_a_changed_representative_or_address_asks_for_its_proof():
    record = {"name_vi": "A", "legal_representative": "B", "street": "C", "ward_id": "1", "phone": "1"}
    before = Record("N-0", 2025, record)

    assert "record" not in compared(record=record)
    assert compared(record=record | {"phone": "2"}, earlier_record=before)["record"].state is State.OK
    changed = compared(record=record | {"legal_representative": "D"}, earlier_record=before)["record"]
    assert (changed.state, changed.about["changed"]) == (State.ASK, [("legal_representative", "B", "D")])


def test_what_stands_in_another_enterprise_s_dossier_asks():
    other = Other(7, "N-7", 2026, "Đèn LED", "Công ty khác")

    assert compared()["twins"].state is State.OK
    assert compared(twins=(Twin("photos", "a.jpg", other),))["twins"].state is State.ASK
    assert compared(same_contact=(other,))["contact"].state is State.ASK


def test_a_steep_change_that_the_enterprise_confirmed_is_told_as_confirmed():
    years = (full(2024, 100, None, None, 10), full(2025, 100, None, None, 100))
    found = compared(years=years)["usual"]
    keys = frozenset(doubt.key for doubt, _ in found.about["rows"])

    assert found.state is State.ASK
    assert compared(years=years, confirmed=keys)["usual"].state is State.INFO


money = st.none() | st.decimals(0, 10**6, places=3)
some_year = st.builds(Year, st.integers(2020, 2026), money, money, money, money, st.none() | st.integers(0, 10**6))
some_day = st.none() | st.dates(date(2020, 1, 1), date(2035, 1, 1))


# The first draw of a cold, busy machine takes a second; that is no property of the checks.
@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(
    st.lists(some_year, max_size=4, unique_by=lambda y: y.year),
    st.lists(some_year, max_size=4),
    st.lists(st.tuples(some_day, some_day), max_size=3),
    st.none() | st.decimals(1, 10**5, places=2),
)
def test_whatever_is_reported_every_check_answers_and_has_its_words(years, others, days, rate):
    papers = tuple(Paper("photos", "a.jpg", str(n), issued_on=a, valid_until=b) for n, (a, b) in enumerate(days))
    found = replace(
        facts(),
        years=tuple(sorted(years, key=lambda y: y.year)),
        reported=tuple(Reported("N", 2025 + n % 2, bool(n % 3), n % 2 == 1, y) for n, y in enumerate(others)),
        papers=papers,
        usd_rate_vnd=rate,
        today=TODAY,
        registration_ends=ENDS,
        validity_ends=VALID,
    )

    answered = automatic.checks(found)

    assert len({check.code for check in answered}) == len(answered)
    for check in answered:
        title, evidence = evidence_words.check(check)
        assert title
        assert "%(" not in title + evidence
    over = any(
        y.revenue_vnd_billion > y.enterprise_revenue_vnd_billion
        for y in years
        if None not in (y.revenue_vnd_billion, y.enterprise_revenue_vnd_billion)
    )
    assert any(c.code == "revenue_total" and c.state is State.NO for c in answered) == over
