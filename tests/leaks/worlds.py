"""The first world: a season with a dossier that some people must not know of, and everything that hangs on it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import product
from typing import Any
from uuid import UUID

from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import translation

from accounts.models import Role, User
from core import jobs
from core.models import Job
from decisions import actions as decisions
from dossiers import actions as dossiers
from dossiers.models import Dossier, LikelyConflict, Message, StaffNote
from evaluations import actions as council
from evaluations.models import Mark, ScoreSheet, Seat
from tests.leaks.asking import Request
from tests.story import Story
from tests.test_access import _parameters, addresses

BARRED = ("barred member", "barred officer", "barred secretary", "barred root")
OUTSIDE = ("owner", "other owner", "visitor", "api")
EVERYBODY = (*BARRED, "chair", "member", "officer", "secretary", "it", *OUTSIDE)


def everybody_but(*roles: str) -> tuple[str, ...]:
    return tuple(role for role in EVERYBODY if role not in roles)


@dataclass
class World:
    """`hidden` is the dossier behind the wall of the barred; `author` is the member whose marks are secret."""

    story: Story
    hidden: Dossier
    others: list[Dossier]
    seats: list[Seat]
    people: dict[str, User | None]
    keys: dict[str, list[Any]] = field(default_factory=dict)
    of: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    clients: dict[str, Client] = field(default_factory=dict)

    def client(self, role: str) -> Client:
        if role not in self.clients:
            client, person = Client(), self.people[role]
            if person is not None:
                client.force_login(person)
            self.clients[role] = client
        return self.clients[role]

    # --- what is asked ----------------------------------------------------------------------------------------
    def requests(self, role: str) -> list[Request]:
        """Every address, each sensible way to fill it in, and the searches."""
        names = [name for name in sorted(set(addresses())) if name.startswith("api:") is (role == "api")]
        plain = [Request(name, path) for name in names for path in self.paths(name)]
        return plain + [Request(name, path) for name, path in self._searches(role)]

    def variants(self, request: Request) -> Iterator[Request]:
        """Other ways to ask the same: first in English, without the body and with conditions; then what is allowed."""
        if request.method != "GET" or request.is_search:
            return
        with translation.override("en"):
            other = self.paths(request.name)
        known = (("If-Modified-Since", "Sat, 01 Jan 2000 00:00:00 GMT"), ("If-None-Match", '"x"'))
        yield Request(request.name, (other or [request.path])[0], "HEAD", known)
        yield Request(request.name, request.path, "OPTIONS")

    def paths(self, name: str) -> list[str]:
        """Each sensible way to fill in the address; unknown parameters get a harmless value."""
        wanted = sorted(_parameters(name))
        rows = self.of.get(name)
        if rows is None:
            values = [self.keys.get(f"{name}.{key}") or self.keys.get(key) or ["1"] for key in wanted]
            rows = [dict(zip(wanted, row, strict=True)) for row in product(*values)][:6]
        found = []
        for row in rows:
            kwargs = {key: value for key, value in row.items() if key in wanted}
            kwargs |= {key: (self.keys.get(key) or ["1"])[0] for key in wanted if key not in kwargs}
            for chosen in (kwargs, {}):
                try:
                    found.append(reverse(name, kwargs=chosen))
                    break
                except Exception:
                    continue
        return list(dict.fromkeys(found))

    def _searches(self, role: str) -> Iterator[tuple[str, str]]:
        """Filters, orders and searches, with words and numbers that only the hidden dossier has."""
        secret = self.hidden
        words = (secret.number, secret.product.name_vi, secret.enterprise.tax_code, "BÍ MẬT", "z")
        lists = {
            "dossiers:desk_all": ("q", "stage", "sector", "track", "sort", "officer", "page", "chon", "panel", "done"),
            "dossiers:desk_inbox": ("page",),
            "dossiers:desk_enterprises": ("q", "page"),
            "mail:outbox": ("q", "list", "page"),
            "onestop:book": ("q", "season", "from", "to", "page"),
            "evaluations:queue": ("show", "sector", "sort"),
            "evaluations:ranking": ("sort", "sector", "what"),
            "evaluations:conflicts": ("page",),
            "evaluations:interests": ("dossier",),
            "exchange:export": ("season", "stage"),
            "dossiers:track": ("code", "q"),
            "public:directory": ("q", "sort", "sector"),
            "public:enterprises": ("q", "sort"),
        }
        values = {
            "stage": ("scoring", "eligible", "withdrawn"),
            "sort": ("number", "-rank", "total", "-changed"),
            "sector": ("electrical",),
            "page": ("2", "99"),
            "show": ("unsigned",),
            "season": ("2026",),
            "list": ("held", "sent"),
            "panel": ("1",),
            "chon": (str(secret.pk),),
            "dossier": (str(secret.pk),),
            "code": ("not-the-code",),
        }
        if role == "api":
            for name in ("products", "recognitions", "enterprises"):
                for word in words:
                    yield f"api:{name}", f"/api/v1/{name}/?q={word}"
                for sort in ("-result__total", "rank", "name"):
                    yield f"api:{name}", f"/api/v1/{name}/?ordering={sort}"
            return
        for name, parameters in lists.items():
            if name not in set(addresses()):
                continue
            base = self.paths(name)[0]
            for parameter in parameters:
                for value in values.get(parameter, words if parameter == "q" else words[:1]):
                    yield name, f"{base}?{parameter}={value}"


# --- building -------------------------------------------------------------------------------------------------
def _conflict(world_dossier: Dossier, person: User, story: Story, by: User | None = None) -> Any:
    return dossiers.declare_conflict(
        dossier=world_dossier, kind="family", words="họ hàng của giám đốc", by=by or person, at=story.tick()
    )


def begin(story: Story) -> World:
    """Scoring is open: the first dossier is hidden from some, one member has written and signed, one only written."""
    season = story.season()
    people: dict[str, User | None] = {
        "officer": story.officer,
        "secretary": story.secretary,
        "it": story.person("it", Role.IT_OFFICER),
        "barred officer": story.person("officer-2", Role.OFFICER),
        "barred secretary": story.person("secretary-2", Role.SECRETARY),
        "barred root": story.person("root", Role.IT_OFFICER),
        "visitor": None,
        "api": None,
    }
    root = people["barred root"]
    assert root is not None
    User.objects.filter(pk=root.pk).update(is_superuser=True)
    seats = story.seats(4)
    people |= {"chair": seats[0].user, "barred member": seats[1].user, "member": seats[3].user}
    admitted = [story.eligible(f"clerk-{n}") for n in range(1, 4)]
    hidden, others = admitted[0], admitted[1:]
    people |= {"owner": story.person("clerk-1"), "other owner": story.person("clerk-2")}
    note = StaffNote.objects.create(dossier=hidden, text="ghi chú", written_at=story.tick(), written_by=story.officer)
    Message.objects.create(
        dossier=hidden, text="lời nhắn", written_at=story.tick(), written_by=story.officer, is_from_department=True
    )
    story.declared(conflicts={1: [hidden]})
    for role in ("barred officer", "barred secretary", "barred root"):
        person = people[role]
        assert person is not None
        _conflict(hidden, person, story)
    council.assign(season=season, by=story.secretary, at=story.tick())
    story.open_session()
    hidden, *others = [Dossier.objects.select_related("product", "enterprise").get(pk=d.pk) for d in admitted]
    author = seats[2]
    story.score(hidden, author, {"1": 41, "2": 21, "3": 11})
    story.score(others[0], author, {"1": 31, "2": 11, "3": 9}, sign=False)
    story.score(others[1], author, {"1": 33, "2": 13, "3": 9})
    for one in (hidden, *others):
        sheet = ScoreSheet.objects.get(seat=author, dossier=one)
        with unguarded():
            ScoreSheet.objects.filter(pk=sheet.pk).update(private_note="ghi riêng", council_comment="góp ý")
            Mark.objects.filter(sheet=sheet).update(justification="vì thế")
    likely = [
        LikelyConflict.objects.create(
            user=seats[3].user, dossier=one, signal="name", score=70, ours="x", theirs="y", found_at=story.now
        )
        for one in (hidden, others[0])
    ]
    world = World(story, hidden, others, seats, people)
    pks = [hidden.pk, others[0].pk]
    documents = [hidden.documents.first(), others[0].documents.first()]
    letters = _ids("mail.Letter")
    world.keys = {
        "pk": pks, "year": [2026], "dossier": pks, "seat": [author.pk], "language": ["vi"], "part": ["enterprise"],
        "document": [d.pk for d in documents], "kind": ["dossiers", "products"], "form": ["01"], "note": [note.pk],
        "code": ["not-the-code-of-anybody"], "name": ["seasons"], "slug": ["x"], "serial": ["KIP-X"], "number": [1],
        "token": ["x"], "upload": [UUID(int=1)],
        "person": [hidden.enterprise.representatives.get().pk], "enterprise": [hidden.enterprise_id],
    }  # fmt: skip
    for name, ids in {
        "dossiers:document": [d.pk for d in documents],
        "evaluations:sheet_document": pks,
        "dossiers:record": [hidden.enterprise_id], "dossiers:wallet": [hidden.enterprise_id],
        "dossiers:enterprise_history": [hidden.enterprise_id], "dossiers:desk_enterprise": [hidden.enterprise_id],
        "dossiers:desk_correct_enterprise": [hidden.enterprise_id], "enterprises:people": [hidden.enterprise_id],
        "enterprises:sites": [hidden.enterprise_id], "mail:letter": letters[:3], "mail:letter_html": letters[:3],
        "evaluations:judge_likely": [one.pk for one in likely],
        "evaluations:ask_lift": list(hidden.conflicts.values_list("pk", flat=True))[:2],
        "evaluations:emergency": list(hidden.conflicts.values_list("pk", flat=True))[:3],
        "evaluations:answer_lift": list(hidden.conflicts.values_list("pk", flat=True))[:1],
        "evaluations:vacate_seat": [author.pk], "analysis:reliability": [1], "public:season": [2026],
    }.items():  # fmt: skip
        if name.startswith(("public:season", "analysis:")):
            continue
        world.of[name] = [{"pk": pk} for pk in ids]
    world.of["mail:text"] = world.of["mail:text_preview"] = [{"code": "dossier_received", "language": "vi"}]
    return world


def close(world: World) -> World:
    """Everybody signs, the session closes and the result is there, with its report and a meeting if the rooms have
    them; nothing is published."""
    story = world.story
    for index, dossier in enumerate((world.hidden, *world.others)):
        for seat in world.seats:
            marks = {"1": 45 - index, "2": 25 - index, "3": 15}
            if (seat is world.seats[1] and dossier is world.hidden) or (
                seat is world.seats[2] and dossier is not world.others[0]
            ):
                continue
            story.score(dossier, seat, marks)
    job = council.close_session(season=story.season(), by=story.secretary, at=story.tick())
    assert jobs.perform(job.pk)
    for waiting in Job.objects.filter(state=Job.State.READY).order_by("pk"):
        if waiting.kind.startswith("analysis"):
            jobs.perform(waiting.pk)
    _meet(world)
    return world


def _meet(world: World) -> None:
    """A meeting whose agenda has a point for each dossier."""
    from meetings import actions as meetings

    story = world.story
    meeting = meetings.plan_meeting(
        season=story.season(), opens_at=story.now + timedelta(days=1), place="Phòng họp 1", ballot="open",
        by=story.secretary, at=story.tick(),
    )  # fmt: skip
    items = list(meeting.items.values_list("pk", flat=True))
    world.keys |= {"number": [meeting.number], "item": items[:3], "act": ["call"], "face": ["pdf"]}


def publish(world: World) -> World:
    """The list is open for comment: names are public, scores are not."""
    now = world.story.tick()
    decisions.publish_result(
        season=world.story.season(),
        opens_at=now,
        closes_at=now + timedelta(days=10),
        by=world.story.secretary,
        at=now,
    )
    return world


def _ids(model: str) -> list[int]:
    from django.apps import apps

    return list(apps.get_model(model).objects.order_by("pk").values_list("pk", flat=True))


class unguarded:
    """Triggers rest: history is rewritten here on purpose, as no action can."""

    def __enter__(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")

    def __exit__(self, *_exc: object) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = origin")
