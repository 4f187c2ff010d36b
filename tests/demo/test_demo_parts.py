"""The pure parts of the demonstration, and what an interrupted load leaves behind."""

import random
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from io import BytesIO, StringIO

import pikepdf
import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from PIL import Image

from accounts.models import User
from core.models import AuditEvent
from demo import enterprises, figures, people, pictures, seasons
from demo.diary import Calendar, Diary
from enterprises.models import Enterprise
from reference.actions import load_classifications

START = datetime(2026, 1, 5, 9, tzinfo=UTC)


def test_the_diary_plays_in_the_order_of_time_and_may_grow():
    diary, played = Diary(), []

    def first(at):
        played.append("first")
        diary.note(at + timedelta(hours=1), lambda at: played.append("between"))

    diary.note(START + timedelta(days=1), lambda at: played.append("last"))
    diary.note(START, first)
    assert diary.play() == 3
    assert played == ["first", "between", "last"]


def test_the_diary_refuses_the_past():
    diary = Diary()
    diary.note(START, lambda at: diary.note(at - timedelta(minutes=1), lambda at: None))
    with pytest.raises(ValueError, match="played already"):
        diary.play()


def test_work_is_done_on_working_days():
    calendar = Calendar(UTC, date(2026, 11, 22))
    for ago in range(14):
        moment = calendar.at_work(calendar.ago(ago))
        assert moment.weekday() < 5
        assert moment.date() <= calendar.ago(ago)


def test_marks_stay_within_their_bounds_and_strong_ones_pass():
    most = {code: Decimal(points) for code, points in seasons.MOST.items()}
    for ware in enterprises.wares():
        source = random.Random(1)
        base = figures.base_marks(ware, 2025, outcome="strong", source=source)
        assert base.keys() == most.keys()
        for marks in (base, figures.by_member(base, most, source)):
            assert all(0 <= marks[code] <= most[code] for code in marks)


def test_figures_grow_towards_the_last_year():
    for ware in enterprises.wares():
        years = figures.of_years(ware, 2026)
        assert sorted(years) == [2023, 2024, 2025]
        assert years[2025]["revenue_vnd_billion"] >= years[2023]["revenue_vnd_billion"]


def test_papers_and_pictures_are_whole_and_repeatable():
    for code in pictures.PAPER_TITLES:
        with pikepdf.open(BytesIO(pictures.paper(code))) as paper:
            assert len(paper.pages) == 1
    first = pictures.paper("awards", 2)
    pictures.paper.cache_clear()
    assert pictures.paper("awards", 2) == first != pictures.paper("awards", 1)
    for sector in pictures.COLOURS:
        with Image.open(BytesIO(pictures.photo(sector, 0))) as photo:
            assert photo.size == pictures.PHOTO


def test_every_person_has_an_own_mailbox():
    persons = [*people.OFFICERS, people.SECRETARY, people.IT_OFFICER, *people.MEMBERS]
    persons += [maker.representative for maker in enterprises.makers()]
    assert len({person.email for person in persons}) == len(persons)
    assert len({person.full_name for person in persons}) > 0.9 * len(persons)


def test_the_accounts_are_printed_with_role_password_and_page():
    said = StringIO()
    call_command("demo_accounts", stdout=said)
    printed = said.getvalue()
    for sign_in in people.SIGN_INS:
        line = next(line for line in printed.splitlines() if sign_in.person.email in line)
        assert people.PASSWORD in line
        assert sign_in.page in line
        assert sign_in.role_en in line


@pytest.mark.django_db
def test_without_classifications_the_load_says_what_to_do():
    with pytest.raises(CommandError, match="load_reference"):
        call_command("load_demo", stdout=StringIO())


@pytest.mark.django_db
def test_an_interrupted_load_leaves_nothing_behind(monkeypatch):
    load_classifications()

    def breaks_down(self, at):
        raise RuntimeError("the plug was pulled")

    monkeypatch.setattr(seasons.Round, "publish_criteria", breaks_down)
    with pytest.raises(RuntimeError, match="plug"):
        seasons.load(timezone.now())
    assert not Enterprise.objects.exists()
    assert not User.objects.exists()
    assert not AuditEvent.objects.exists()
