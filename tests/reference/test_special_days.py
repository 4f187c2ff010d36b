"""The days that break the rule of the week: shipped with their sources, kept by officers."""

from datetime import date

import pytest
from django.core.management import call_command

from core.lunar import hung_kings_day, tet
from core.models import AuditEvent
from reference.actions import load_classifications, rows
from reference.models import SpecialDay
from reference.queries import holidays
from tests.dossiers.applicant import signed_in, tell_time, url, words

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _clock(monkeypatch, story, settings):
    tell_time(monkeypatch, story, settings)


def test_every_row_names_its_source_and_both_names():
    found = list(rows("special_days.csv"))

    assert {row["day"][:4] for row in found} == {"2025", "2026", "2027"}
    for row in found:
        assert row["name_vi"], row
        assert row["name_en"], row
        assert "https://" in row["source"] or row["source"].startswith("computed, not announced"), row


def test_tet_and_the_hung_kings_of_the_table_are_those_of_the_lunar_calendar():
    off = {date.fromisoformat(row["day"]) for row in rows("special_days.csv") if row["is_working"] == "0"}
    for year in (2025, 2026, 2027):
        assert hung_kings_day(year) in off
        assert tet(year) in off


def test_worked_saturdays_are_saturdays_and_days_off_stand_in_the_week():
    for row in rows("special_days.csv"):
        if row["is_working"] == "1":
            assert date.fromisoformat(row["day"]).weekday() == 5


def test_an_exchange_costs_nothing_over_the_year():
    """For each Saturday worked in exchange there is an exchanged day off."""
    found = list(rows("special_days.csv"))
    worked = [row for row in found if row["is_working"] == "1"]
    given = [row for row in found if "hoán đổi" in row["name_vi"]]

    assert len(worked) == len(given) == 3


def test_loading_fills_the_calendar_twice_alike():
    load_classifications()
    first = list(SpecialDay.objects.values())
    load_classifications()

    assert list(SpecialDay.objects.values()) == first
    calendar = holidays()
    assert not calendar.is_working(date(2026, 2, 17))
    assert calendar.is_working(date(2026, 8, 22))
    assert not calendar.is_working(date(2026, 8, 31))
    assert calendar.between(date(2026, 2, 13), date(2026, 2, 23)) == 1


def add(client, **changes):
    given = {"day": "24/11/2026", "kind": "off", "name_vi": "Ngày Văn hóa", "source": "Thông báo số 1"} | changes
    return client.post(url("special_days"), given)


def test_an_officer_adds_a_day_with_its_reason_and_the_audit_knows(story):
    client = signed_in(story.officer)

    assert add(client).status_code == 302

    assert not holidays().is_working(date(2026, 11, 24))
    assert AuditEvent.objects.filter(act="special_day.marked").get().actor_name == str(story.officer)
    page = words(client.get(url("special_days_year", year=2026)))
    assert "Ngày Văn hóa" in page
    assert "Thông báo số 1" in page
    assert page.count('<table class="month-table">') == 12


def test_a_removed_day_stays_removed_when_the_data_are_loaded_again(story):
    load_classifications()
    client = signed_in(story.officer)

    answer = client.post(url("special_days"), {"act": "strike", "day": "31/08/2026", "reason": "Thông báo mới"})
    call_command("load_reference")

    assert answer.status_code == 302
    assert holidays().is_working(date(2026, 8, 31))
    assert AuditEvent.objects.filter(act="special_day.struck").count() == 1


def test_a_day_that_staff_changed_is_not_overwritten_and_can_come_back(story):
    load_classifications()
    client = signed_in(story.officer)
    add(client, day="31/08/2026", kind="worked", name_vi="Vẫn làm việc")
    load_classifications()
    assert holidays().is_working(date(2026, 8, 31))

    client.post(url("special_days"), {"act": "strike", "day": "31/08/2026", "reason": "Nhầm"})
    add(client, day="31/08/2026")
    assert not holidays().is_working(date(2026, 8, 31))


@pytest.mark.parametrize("changes", [{"source": ""}, {"day": "31/02/2026"}, {"name_vi": " "}, {"kind": "x"}])
def test_a_day_without_its_facts_is_refused(story, changes):
    assert add(signed_in(story.officer), **changes).status_code == 409
    assert not SpecialDay.objects.exists()


def test_a_removal_needs_a_reason_and_a_day_that_is_marked(story):
    client = signed_in(story.officer)
    add(client)

    for given in (
        {"day": "24/11/2026", "reason": ""},
        {"day": "25/11/2026", "reason": "x"},
        {"day": "x", "reason": "x"},
    ):
        assert client.post(url("special_days"), {"act": "strike"} | given).status_code == 409
    assert SpecialDay.objects.filter(is_struck=False).count() == 1


def test_only_officers_change_it_staff_read_it_others_do_not_find_it(story):
    secretary = signed_in(story.secretary)
    story.enterprise()

    assert secretary.get(url("special_days")).status_code == 200
    assert add(secretary).status_code == 404
    assert signed_in(story.person("clerk")).get(url("special_days")).status_code == 404
    assert not SpecialDay.objects.exists()


def test_computed_days_say_so(story):
    load_classifications()

    page = words(signed_in(story.officer).get(url("special_days_year", year=2027)))

    assert "Chưa có thông báo" in page
    assert "Chưa có thông báo" not in words(signed_in(story.officer).get(url("special_days_year", year=2026)))


@pytest.mark.parametrize("year", [1999, 2100])
def test_years_out_of_reach_are_not_found(story, year):
    assert signed_in(story.officer).get(url("special_days_year", year=year)).status_code == 404


def test_a_changed_day_moves_every_deadline_that_runs_over_it(story):
    from dossiers.queries import due_date

    dossier = story.submitted()
    before = due_date(dossier)
    add(signed_in(story.officer), day="12/08/2026")

    assert before == date(2026, 8, 24)
    assert due_date(dossier) == date(2026, 8, 25)
