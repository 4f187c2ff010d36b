"""A council of five, dossiers with conflicts, a result, and a meeting that takes them up. Real actions only."""

import copy
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pytest

from accounts.models import Role, User
from core import jobs
from core.models import Job
from dossiers.models import Dossier
from evaluations import actions as evaluations
from evaluations.models import ResultRun, Seat
from evaluations.queries import latest_run
from meetings import actions, queries
from meetings.models import AgendaItem, Meeting, SessionDocument
from meetings.papers_job import JOB as PAPER
from programme.models import Season
from tests.remembered import remembered
from tests.story import SMALL_RUBRIC, Story


def voting_rubric() -> dict[str, Any]:
    """The small rubric, in which the council's vote decides who of equals has the last place."""
    rubric = copy.deepcopy(SMALL_RUBRIC)
    return rubric | {"code": "voting", "tie_rules": ["2", "1", "vote"], "cut": "refer"}


@dataclass
class Held:
    """One story with its meeting. Numbers name dossiers and members in the order in which they came."""

    story: Story
    dossiers: list[Dossier] = field(default_factory=list)
    meeting: Meeting | None = None

    @property
    def season(self) -> Season:
        return self.story.season()

    @property
    def secretary(self) -> User:
        return self.story.secretary

    @property
    def seats(self) -> list[Seat]:
        return self.story.seats()

    @property
    def now(self) -> datetime:
        return self.story.tick()

    @property
    def seen(self) -> int:
        return Meeting.objects.get(pk=self.the_meeting.pk).version

    @property
    def the_meeting(self) -> Meeting:
        assert self.meeting is not None
        return queries.meetings_of(self.season).get(pk=self.meeting.pk)

    @property
    def run(self) -> ResultRun:
        found = latest_run(self.season)
        assert found is not None
        return found

    # --- the story so far -----------------------------------------------------------------------------
    @remembered
    def council(self, members: int = 5, dossiers: int = 3, conflicts: dict[int, list[int]] | None = None) -> None:
        """Dossiers before the council; `conflicts[member]` are the places of the dossiers that bar the member."""
        story = self.story
        self.dossiers += [story.eligible(f"clerk-{story.count + 1}") for _ in range(dossiers)]
        story.seats(members)
        barred = {member: [self.dossiers[n] for n in places] for member, places in (conflicts or {}).items()}
        story.declared(barred)
        for member, seat in enumerate(self.seats):
            for dossier in self.dossiers:
                if dossier not in barred.get(member, []):
                    evaluations.set_assignment(
                        seat=seat, dossier=dossier, codes=["1", "2", "3"], by=self.secretary, at=self.now
                    )
        story.open_session()

    @remembered
    def result(self, points: list[int] | None = None) -> None:
        """Everybody who is asked scores, the session closes, the result is computed. Papers are ordered, not made."""
        for index, dossier in enumerate(self.dossiers):
            first = points[index] if points else 45 - index
            for seat in self.seats:
                if seat.assignments.filter(dossier=dossier).exists():
                    self.story.score(dossier, seat, {"1": first, "2": 25, "3": 15})
        job = evaluations.close_session(season=self.season, by=self.secretary, at=self.now)
        assert jobs.perform(job.pk)

    @remembered
    def plan(self, ballot: str = "open") -> Meeting:
        self.meeting = actions.plan_meeting(
            season=self.season,
            opens_at=self.story.now,
            place="Phòng họp số 1",
            ballot=ballot,
            by=self.secretary,
            at=self.now,
        )
        return self.meeting

    # --- the session ----------------------------------------------------------------------------------
    def come(self, *members: int) -> None:
        """These members are there, or all."""
        for number in members or range(len(self.seats)):
            self.tick(number, True)

    def tick(self, member: int, present: bool) -> None:
        actions.tick_attendance(
            meeting=self.the_meeting, seat=self.seats[member], present=present, by=self.secretary, at=self.now
        )

    @remembered
    def open(self, *members: int) -> None:
        self.come(*members)
        actions.open_meeting(meeting=self.the_meeting, seen=self.seen, by=self.secretary, at=self.now)

    def item(self, dossier: int) -> AgendaItem:
        return queries.items_of(self.the_meeting).get(dossier=self.dossiers[dossier])

    def act(self, name: str, item: AgendaItem, **more: Any) -> Any:
        """One of the secretary's acts on an item as it is now."""
        if name not in ("let_out", "enter_vote", "word_conclusion"):
            more.setdefault("seen", self.seen)
        more.setdefault("by", self.secretary)
        return getattr(actions, name)(item=item, at=self.now, **more)

    def treat(self, item: AgendaItem, votes: list[str] | None = None, conclusion: str = "") -> None:
        """An item from its call to its end; `votes` by the members in the room, in the order of their seats."""
        actions.let_in(meeting=self.the_meeting, by=self.secretary, at=self.now)
        self.act("call_item", item)
        actions.let_in(meeting=self.the_meeting, by=self.secretary, at=self.now)
        self.act("let_out", item)
        self.act("start_item", item)
        if votes is not None:
            self.act("open_vote", item)
            voters = queries.room_of(self.the_meeting).voters(item)
            for seat, choice in zip(voters, votes, strict=False):
                actions.cast_vote(item=item, choice=choice, by=seat.user, at=self.now)
            self.act("close_vote", item)
        self.act("end_item", item, conclusion=conclusion)

    @remembered
    def treat_all(self) -> None:
        for item in queries.items_of(self.the_meeting):
            self.treat(item, votes=["for"] * len(self.seats) if item.asks_vote else None)

    @remembered
    def close(self, *, leaves_items: bool = True) -> None:
        actions.close_meeting(
            meeting=self.the_meeting, seen=self.seen, leaves_items=leaves_items, by=self.secretary, at=self.now
        )

    # --- papers ---------------------------------------------------------------------------------------
    @remembered
    def make_papers(self) -> None:
        """What a worker would do now."""
        for job in Job.objects.filter(state=Job.State.READY).order_by("id"):
            if job.kind == PAPER or job.kind == "result.compute":
                assert jobs.perform(job.pk), Job.objects.get(pk=job.pk).last_error
        for job in Job.objects.filter(kind=PAPER, state=Job.State.READY):
            assert jobs.perform(job.pk)

    def paper(self, kind: str) -> SessionDocument:
        return SessionDocument.objects.filter(season=self.season, kind=kind).order_by("-id")[0]

    @remembered
    def everybody_states(self) -> None:
        for person, _seat in queries.signers_of(self.the_meeting):
            actions.state_before_signing(meeting=self.the_meeting, has_conflict=False, by=person, at=self.now)


@pytest.fixture
def held(story: Story) -> Held:
    return Held(story)


@pytest.fixture
def second_secretary(story: Story) -> User:
    return story.person("secretary-2", Role.SECRETARY)
