"""The test of the two worlds bites: each planted leak is found, whatever the way it goes out."""

from collections import Counter
from collections.abc import Callable

import pytest
from django.db import connection
from django.http import HttpRequest, HttpResponse

from dossiers import wall
from evaluations.models import Mark
from tests.leaks.secrets import SECRETS, Secret
from tests.leaks.test_two_worlds import build, differences, first_answers, frozen
from tests.leaks.worlds import World
from tests.story import Story

__all__ = ["frozen"]
pytestmark = pytest.mark.django_db
BY_NAME = {secret.name: secret for secret in SECRETS}
MARKS = BY_NAME["marks of the hidden dossier"]
Answering = Callable[[HttpRequest], HttpResponse]


def sum_of_marks() -> int:
    """What must stay hidden. It is read anew each time, as a careless page would."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(sum(points), 0)::int FROM evaluations_mark")
        return int(cursor.fetchone()[0])


# --- ways out -------------------------------------------------------------------------------------------------
def in_the_body(request: HttpRequest, answer: HttpResponse) -> None:
    answer.content += b"<!-- %d -->" % sum_of_marks()


def in_the_length(request: HttpRequest, answer: HttpResponse) -> None:
    answer.content += b" " * (sum_of_marks() % 97)


def in_a_header(request: HttpRequest, answer: HttpResponse) -> None:
    answer["X-Points"] = str(sum_of_marks())


def in_the_tag_of_the_version(request: HttpRequest, answer: HttpResponse) -> None:
    answer["ETag"] = f'"{sum_of_marks()}"'


def in_the_status(request: HttpRequest, answer: HttpResponse) -> None:
    if sum_of_marks() % 2 == 0:
        answer.status_code = 403


def in_a_cookie(request: HttpRequest, answer: HttpResponse) -> None:
    answer.set_cookie("seen", str(sum_of_marks()))


def in_the_work_done(request: HttpRequest, answer: HttpResponse) -> None:
    for _mark in range(sum_of_marks() % 5):
        Mark.objects.exists()


def when_only_the_head_is_asked(request: HttpRequest, answer: HttpResponse) -> None:
    points = sum_of_marks()
    if request.method == "HEAD":
        answer["X-Points"] = str(points)


def when_asked_what_is_allowed(request: HttpRequest, answer: HttpResponse) -> None:
    points = sum_of_marks()
    if request.method == "OPTIONS":
        answer["Allow"] = f"GET, {points}"


def in_english_only(request: HttpRequest, answer: HttpResponse) -> None:
    points = sum_of_marks()
    if request.path.startswith("/en/"):
        answer["X-Points"] = str(points)


def to_a_search_only(request: HttpRequest, answer: HttpResponse) -> None:
    points = sum_of_marks()
    if "q" in request.GET:
        answer["X-Points"] = str(points)


PLANTED: list[Callable[[HttpRequest, HttpResponse], None]] = []


def planted(get_response: Answering) -> Answering:
    """Stands in front of every page of the test."""

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        for leak in PLANTED:
            leak(request, response)
        return response

    return answer


def found_by(world: World, secret: Secret, role: str, *names: str) -> list[str]:
    """What the test of the two worlds says when only these addresses are asked."""
    every = world.requests

    def few(role: str) -> list[object]:
        return [request for request in every(role) if request.name in names]

    world.requests = few  # type: ignore[method-assign,assignment]
    try:
        return differences(world, [secret], role, first_answers(world, role, full=True), Counter())
    finally:
        world.requests = every  # type: ignore[method-assign]


def test_a_leak_is_found_whatever_its_way_out(story: Story, frozen: None, settings: pytest.FixtureRequest) -> None:
    settings.MIDDLEWARE = ["tests.leaks.test_teeth.planted", *settings.MIDDLEWARE]  # type: ignore[attr-defined]
    world = build(story, "scoring")
    ways = [in_the_body, in_the_length, in_a_header, in_the_tag_of_the_version, in_the_status, in_a_cookie,
            in_the_work_done, when_only_the_head_is_asked, when_asked_what_is_allowed, in_english_only,
            to_a_search_only]  # fmt: skip
    missed = []
    assert found_by(world, MARKS, "visitor", "public:directory") == []
    for way in ways:
        PLANTED[:] = [way]
        try:
            if not found_by(world, MARKS, "visitor", "public:directory"):
                missed.append(way.__name__)
        finally:
            PLANTED.clear()

    assert missed == []


WALLED = (
    ("facts of the hidden dossier", "barred officer", "dossiers:check"),
    ("stage of the hidden dossier", "barred secretary", "dossiers:desk_all"),
    ("existence of another's dossier", "barred officer", "dossiers:desk_all"),
    ("notes of staff", "barred officer", "dossiers:check"),
)


def test_a_wall_taken_down_is_noticed(story, frozen, monkeypatch):
    world = build(story, "scoring")
    for secret, role, address in WALLED:
        assert found_by(world, BY_NAME[secret], role, address) == []

    monkeypatch.setattr(wall, "barred_ids", lambda user, season=None: frozenset())
    monkeypatch.setattr(wall, "_enterprises_of", lambda user: frozenset())

    for secret, role, address in WALLED:
        assert found_by(world, BY_NAME[secret], role, address), secret
