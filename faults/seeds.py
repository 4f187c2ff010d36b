"""Seasons up to the report on the public comment, made by the real acts; what comes after is the campaign's work."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from unittest.mock import patch

from faults.house import TEMPLATE, House, use

YEARS = (2023, 2024, 2025, 2026)
PRODUCTS = 3  # each of them among the first ten: six certificates a decision


def prepare(house: House) -> None:
    """The template that every run is a copy of."""
    from django.core.management import call_command
    from django.db import connections
    from django.utils import timezone

    from accounts.models import Role
    from core.models import Job
    from signing import demo_keys
    from tests import story as stories

    house.make(TEMPLATE)
    use(TEMPLATE, house.folder("media-template"))
    call_command("migrate", verbosity=0)
    demo_keys.make(house.environment["KIP_SIGNING_KEY_FOLDER"], timezone.now())
    people: dict[str, Any] = {}
    for index, year in enumerate(YEARS):
        begin = datetime(year, 3, 3, 2, 0, tzinfo=UTC)
        with patch.multiple(stories, START=begin, YEAR=year):
            story = stories.Story(now=begin, year=year, people=people, count=1_000 * index)
            story.published(PRODUCTS)
            story.tick(days=11)
            story.report()
            story.person("secretary", Role.SECRETARY)
            story.person("signatory", Role.SIGNATORY)
    Job.objects.all().delete()  # of the sessions; the campaign's own begin now
    _watch()
    connections.close_all()
    house.harden()


def _watch() -> None:
    """A witness inside the database, which no worker knows of: who ended which job, and did he hold it?"""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(Path(__file__).with_name("watch.sql").read_text(encoding="utf-8"))


def copy(house: House, name: str) -> None:
    house.make(name, TEMPLATE)
    use(name, house.folder(f"media-{name}"))
