from datetime import date, timedelta

import pytest

from programme.actions import plan_season
from programme.validity import era_of
from registry.actions import add_months
from tests.registry.factories import make_product, make_season, now, recognise


@pytest.mark.parametrize(
    ("year", "months"), [(2005, 24), (2009, 24), (2017, 24), (2018, 36), (2022, 36), (2026, 36), (2040, 36)]
)
def test_the_rule_of_its_era(year, months):
    assert era_of(year).months == months


@pytest.mark.django_db
def test_a_new_season_proposes_the_rule_of_its_era_and_keeps_what_a_person_says():
    assert make_season(2026).validity_months == 36
    dates = {
        "registration_opens_at": now(),
        "registration_closes_at": now() + timedelta(days=20),
        "scoring_closes_at": now() + timedelta(days=50),
    }
    assert plan_season(by=None, at=now(), year=2027, validity_months=12, **dates).validity_months == 12


@pytest.mark.parametrize(
    ("day", "months", "last"),
    [
        (date(2026, 11, 26), 36, date(2029, 11, 26)),
        (date(2024, 2, 29), 24, date(2026, 2, 28)),
        (date(2024, 2, 29), 36, date(2027, 2, 28)),
        (date(2025, 8, 31), 24, date(2027, 8, 31)),
        (date(2025, 12, 31), 2, date(2026, 2, 28)),
    ],
)
def test_the_period_is_counted_in_whole_months(day, months, last):
    assert add_months(day, months) == last


@pytest.mark.django_db
def test_status_follows_the_calendar_to_the_day():
    signed = date(2011, 3, 1)
    one = recognise(make_product(), year=2010, signed=signed, months=era_of(2010).months)[0]

    told = {day: str(one.status(day)) for day in (date(2011, 2, 28), signed, date(2013, 3, 1), date(2013, 3, 2))}
    assert list(told.values()) == ["not_yet", "valid", "valid", "expired"]
    assert one.in_force(date(2012, 2, 29))
