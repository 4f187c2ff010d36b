"""Every address against every role. A new address without a row in this table fails."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import get_resolver, reverse
from django.utils import translation

from accounts.models import Role
from core import jobs
from core.models import Job
from tests.story import Story

EVERYBODY = {"visitor", "owner", "stranger", "officer", "secretary", "member", "barred", "it", "root"}
SIGNED_IN = EVERYBODY - {"visitor"}
OWNER = {"owner"}
STAFF = {"officer", "secretary"}
SEATED = {"member", "barred"}

# name: (who may, how it is asked). "GET" pages answer 2xx or redirect within the site; "POST" acts are asked with
# an empty body, so that they answer with a refusal in words and change nothing.
ROWS: dict[str, tuple[set[str], str]] = {}


def rows(who: set[str], how: str, *names: str) -> None:
    ROWS.update(dict.fromkeys(names, (who, how)))


rows(
    EVERYBODY,
    "GET",
    "livez",
    "readyz",
    "public:home",
    "public:directory",
    "public:product",
    "public:enterprises",
    "public:enterprise",
    "public:seasons",
    "public:season",
    "public:season_thanks",
    "public:statistics",
    "public:statistics_csv",
    "public:verify",
    "public:certificate",
    "public:certificate_pdf",
    "public:help",
    "public:robots",
    "public:sitemap",
    "accounts:sign_in",
    "accounts:register",
    "dossiers:track",
)
# Whoever represents no enterprise reads there how to register one.
rows(SIGNED_IN, "GET", "accounts:home", "core:kit", "dossiers:mine", "dossiers:new")
rows(SIGNED_IN, "POST", "accounts:sign_out")
rows(
    OWNER,
    "GET",
    "dossiers:record",
    "dossiers:dossier",
    "dossiers:enterprise_part",
    "dossiers:product_part",
    "dossiers:figures",
    "dossiers:papers",
    "dossiers:remove_document",
    "dossiers:undertakings",
    "dossiers:review",
    "dossiers:receipt",
    "dossiers:follow",
    "dossiers:supplement",
    "dossiers:withdraw",
)
rows(OWNER | STAFF | {"member"}, "GET", "dossiers:document")
rows(
    STAFF,
    "GET",
    "dossiers:desk",
    "dossiers:desk_new",
    "dossiers:desk_supplement",
    "dossiers:desk_overdue",
    "dossiers:desk_all",
    "dossiers:check",
    "programme:season_desk",
    "evaluations:progress",
    "evaluations:ranking",
    "evaluations:ranking_csv",
    "decisions:comments",
    "decisions:decision",
    "decisions:certificates",
    "decisions:register",
    "decisions:archive",
)
rows(
    {"officer"},
    "POST",
    "dossiers:start_check",
    "dossiers:admit",
)
rows({"officer"}, "GET", "dossiers:ask_supplement", "dossiers:refuse", "programme:season_new", "decisions:revoke")
rows({"secretary"}, "GET", "evaluations:council", "evaluations:assignment", "evaluations:assignment_cell")
rows(
    {"secretary"},
    "POST",
    "programme:publish_rubric",
    "evaluations:vacate_seat",
    "evaluations:open_session",
    "evaluations:close_session",
    "evaluations:compute_again",
    "decisions:retry",
)
rows(STAFF, "POST", "decisions:reply")
rows(SEATED, "GET", "evaluations:queue", "evaluations:interests")
rows({"member"}, "GET", "evaluations:sheet", "evaluations:sheet_document")
rows({"member"}, "POST", "evaluations:sign")


def addresses(patterns: Any = None, namespace: str = "") -> Iterator[str]:
    for pattern in patterns if patterns is not None else get_resolver().url_patterns:
        if hasattr(pattern, "url_patterns"):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from addresses(pattern.url_patterns, inner)
        else:
            yield f"{namespace}{pattern.name}"


def test_every_address_has_its_row():
    known = {name for name in addresses() if not name.startswith("api:")}

    assert known == set(ROWS)


@pytest.fixture
def world(story: Story) -> dict[str, Any]:
    """A past season with a certificate, and a dossier with the council in the running one."""
    from certificates.models import Certificate
    from dossiers.models import Dossier
    from registry.models import Comment, PublishedList, Recognition

    past = Story(year=2025)
    past.people = story.people
    recognised = past.recognised(1)[0]
    jobs.perform(Job.objects.filter(kind="certificate.issue").first().pk)
    story.now, story.count = past.now, past.count
    owner = past.person(recognised.enterprise.representatives.get().user.email.split("@")[0])
    product = story.product(owner.email.split("@")[0])
    season = story.season()
    type(season).objects.filter(pk=season.pk).update(
        registration_opens_at=story.now.replace(year=2026), registration_closes_at=story.now.replace(year=2027)
    )
    dossier = story.eligible(owner.email.split("@")[0], product=product)
    seats = story.seats(3)
    story.declared(conflicts={1: [dossier]})
    from evaluations import actions

    actions.assign(season=season, by=story.secretary, at=story.tick())
    actions.open_session(season=season, by=story.secretary, at=story.tick())
    stranger = story.person("stranger")
    story.enterprise("stranger")
    root = story.person("root")
    root.is_superuser = root.is_staff = True
    root.save()
    recognition = Recognition.objects.get()
    published = PublishedList.objects.get()
    comment = Comment.objects.create(list=published, name="x", contact="x", text="x", received_at=story.now)
    document = dossier.documents.first()
    return {
        "people": {
            "owner": owner,
            "stranger": stranger,
            "officer": story.officer,
            "secretary": story.secretary,
            "member": seats[0].user,
            "barred": seats[1].user,
            "it": story.person("it", Role.IT_OFFICER),
            "root": root,
        },
        "values": {
            "public": {
                "pk": recognition.product_id,
                "slug": recognition.product.slug,
                "serial": Certificate.objects.filter(issued_at__isnull=False).get().serial,
                "year": 2025,
            },
            "private": {
                "pk": Dossier.objects.get(pk=dossier.pk).pk,
                "year": 2026,
                "document": document.pk,
                "dossier": dossier.pk,
                "seat": seats[0].pk,
            },
        },
        "special": {
            "public:enterprise": {
                "pk": recognition.product.enterprise_id,
                "slug": recognition.product.enterprise.slug,
            },
            "public:statistics_csv": {"name": "seasons"},
            "evaluations:ranking_csv": {"year": 2025},
            "dossiers:record": {"pk": dossier.enterprise_id},
            "dossiers:document": {"pk": document.pk},
            "evaluations:vacate_seat": {"year": 2026, "pk": seats[2].pk},
            "decisions:revoke": {"year": 2025, "pk": recognition.pk},
            "decisions:reply": {"year": 2025, "pk": comment.pk},
        },
    }


def address_of(name: str, world: dict[str, Any]) -> str:
    """The address with the values its pattern asks for."""
    given = world["special"].get(name) or world["values"]["public" if name.startswith("public:") else "private"]
    for keys in (given, {}):
        wanted = dict(keys)
        while True:
            try:
                return reverse(name, kwargs=wanted)
            except Exception:
                if not wanted:
                    break
                names = _parameters(name)
                wanted = {key: value for key, value in wanted.items() if key in names}
                try:
                    return reverse(name, kwargs=wanted)
                except Exception:
                    break
    raise AssertionError(f"no address for {name}")


def _parameters(name: str) -> set[str]:
    space, _, bare = name.rpartition(":")
    resolver = get_resolver()
    if space:
        resolver = resolver.namespace_dict[space][1]
    return {key for entry in resolver.reverse_dict.getlist(bare) for key in entry[0][0][1]}


@pytest.mark.pdf
@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_address_answers_each_role_as_the_table_says(world, language):
    wrong = []
    with translation.override(language):
        paths = {name: address_of(name, world) for name in ROWS}
    for who in sorted(EVERYBODY):
        client = Client()
        if who != "visitor":
            client.force_login(world["people"][who])
        for name, (allowed, how) in ROWS.items():
            if name == "accounts:sign_out":
                continue
            cache.clear()
            response = client.get(paths[name]) if how == "GET" else client.post(paths[name])
            location = response.headers.get("Location", "")
            to_sign_in = response.status_code == 302 and ("/dang-nhap/" in location or "sign-in" in location)
            if who in allowed:
                fine = response.status_code in (200, 301, 302, 409) and not to_sign_in
            elif who == "visitor":
                fine = to_sign_in
            else:
                fine = response.status_code == 404
            if not fine:
                wrong.append(f"{who} {how} {paths[name]} ({name}): {response.status_code}")
    assert wrong == [], "\n".join(wrong)
