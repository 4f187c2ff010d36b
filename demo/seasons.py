"""Four invented seasons: 2021 and 2025 decided, 2026 with the council at the moment of loading, 2027 receiving."""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import connection, transaction
from django.utils import timezone

from accounts.models import User
from core import jobs
from core.models import Job
from decisions import preparing, release
from decisions.actions import close_comments, publish_result
from demo import extras, figures, issuing, meeting, old_letters, people, reasons, texts
from demo.cases import RUNNING, Case, World
from demo.diary import Calendar, Diary
from dossiers.models import Dossier
from evaluations import actions as council
from evaluations.models import Assignment, Seat
from evaluations.queries import seats_of
from ledger import closing
from programme import rubric_file
from programme.actions import load_rubric, plan_season, publish_rubric
from programme.models import Rubric, Season
from registry.actions import leave_comment, reply_to_comment, revoke
from registry.models import Comment, PublishedList, Recognition

RUBRIC = Path(rubric_file.__file__).resolve().parents[1] / "rubrics" / "proposal.json"
MOST = {"1": 15, "2": 20, "3": 10, "4": 15, "5": 15, "6": 15, "7": 5, "8": 5}
DECISION_NUMBER = "0000/QĐ-UBND"
SIGNER = ("Người ký (minh họa)", "Phó Chủ tịch Ủy ban nhân dân thành phố")
# The season that receives dossiers while the council of the running one scores; days since that one stopped to, and
# since its scoring began.
NEXT, CLOSED, OPENED = RUNNING + 1, 9, 8
# A round number for comparing, as invented as the seasons themselves.
RATE = 25_000
# How many sheets each member has signed and begun in the running season; the rest is untouched.
SIGNED_AND_BEGUN = ((8, 2), (13, 1), (9, 3), (19, 0), (5, 2), (11, 0), (2, 1), (7, 3), (0, 0))
# Which members have declared a conflict: (place of the member, place of the dossier before the council).
CONFLICTS = {RUNNING: ((0, 3), (2, 7), (4, 12), (6, 0)), 2025: ((1, 5), (3, 20), (4, 31)), 2021: ()}


class Round:
    """One season of the demonstration: its cases and the way of its council."""

    def __init__(self, world: World, year: int) -> None:
        self.world = world
        self.year = year
        entries = [(ware, entry) for ware in world.wares for entry in ware.entries if entry.season == year]
        self.cases = [Case(world, ware, entry, number) for number, (ware, entry) in enumerate(entries)]
        self.marks: dict[int, dict[str, Decimal]] = {}
        self.codes: dict[tuple[int, int], list[str]] = {}

    @property
    def season(self) -> Season:
        return self.world.seasons[self.year]

    @property
    def with_council(self) -> list[Case]:
        """The cases before the council, in the order of their numbers."""
        stages = ("scoring", "recognised", "not_recognised")
        return sorted((c for c in self.cases if c.entry.stage in stages), key=lambda c: c.dossier.number or "")

    def plan(self, at: datetime, **facts: Any) -> None:
        self.world.seasons[self.year] = plan_season(
            year=self.year,
            plan_number="000/KH-UBND",
            is_demo=True,
            usd_rate_vnd=RATE,
            by=self.world.officer(0),
            at=at,
            **facts,
        )

    def publish_criteria(self, at: datetime) -> None:
        rubric = Rubric.objects.filter(code="kip-proposal").order_by("-loaded_at").first()
        if rubric is None:
            document = rubric_file.read(RUBRIC.read_text(encoding="utf-8"), toml=False)
            rubric, _new = load_rubric(document=document, by=self.world.secretary, at=at)
        publish_rubric(season=self.season, rubric=rubric, by=self.world.secretary, at=at)
        self.season.refresh_from_db()

    def seat(self, at: datetime, *, members: int) -> None:
        secretary = self.world.secretary
        made = council.set_up_council(
            season=self.season,
            decision_number=DECISION_NUMBER,
            decision_date=timezone.localdate(at),
            by=secretary,
            at=at,
        )
        for user, chair in list(zip(self.world.members, people.CHAIRS, strict=True))[:members]:
            council.seat_member(council=made, user=user, position=chair.position, unit=chair.unit, by=secretary, at=at)

    def seats(self) -> list[Seat]:
        return list(seats_of(self.season).order_by("pk"))

    def declare(self, at: datetime, *, place: int) -> None:
        seat = self.seats()[place]
        conflicts = {dossier for member, dossier in CONFLICTS[self.year] if member == place}
        kind, words = texts.CONFLICT_GROUNDS[place % len(texts.CONFLICT_GROUNDS)]
        statements = [
            council.Statement(case.dossier, has_conflict=True, kind=kind, ground=words)
            if index in conflicts
            else council.Statement(case.dossier, has_conflict=False)
            for index, case in enumerate(self.with_council)
        ]
        council.declare_interests(seat=seat, statements=statements, by=self.world.members[place], at=at)

    def open_council(self, at: datetime, *, per_criterion: int) -> None:
        """Share the work, open the session, and think of what a sober member would give."""
        secretary = self.world.secretary
        council.assign(season=self.season, per_criterion=per_criterion, by=secretary, at=at)
        council.open_session(season=self.season, by=secretary, at=at)
        for case in self.with_council:
            fails = case.entry.stage == "not_recognised"
            self.marks[case.dossier.pk] = case.base_marks(case.entry.how if fails else "strong")
        found = defaultdict(list)
        rows = Assignment.objects.filter(dossier__season=self.season).order_by("criterion__position")
        for user, dossier, code in rows.values_list("seat__user_id", "dossier_id", "criterion__code"):
            found[user, dossier].append(code)
        self.codes = dict(found)

    def sheets_of(self, member: User) -> list[Dossier]:
        return [c.dossier for c in self.with_council if (member.pk, c.dossier.pk) in self.codes]

    def save_sheet(self, at: datetime, *, member: User, dossier: Dossier, part: int = 0) -> None:
        """The whole sheet, or its first `part` criteria with a note to oneself."""
        most = {code: Decimal(points) for code, points in MOST.items()}
        seen = figures.by_member(self.marks[dossier.pk], most, self.world.source)
        codes = self.codes[member.pk, dossier.pk]
        chosen = codes[:part] if part else codes
        council.save_marks(
            dossier=dossier,
            marks={code: seen[code] for code in chosen},
            justifications={code: texts.JUSTIFICATIONS[code] for code in chosen if code in texts.JUSTIFICATIONS},
            note=texts.NOTES[dossier.pk % len(texts.NOTES)] if part else None,
            by=member,
            at=at,
        )

    def sign_sheet(self, at: datetime, *, member: User, dossier: Dossier) -> None:
        council.sign_sheet(dossier=dossier, by=member, at=at)

    def close_council(self, at: datetime) -> None:
        """The session closes, and its result is computed in the same moment of the past.

        `core.jobs.perform` reads the clock, so the two halves of the job are called here.
        """
        job = council.close_session(season=self.season, by=self.world.secretary, at=at)
        kind = jobs.kinds[job.kind]
        kind.finish(job.payload, kind.work(job.payload), at)
        Job.objects.filter(pk=job.pk).update(state=Job.State.DONE, attempt=1, finished_at=timezone.now())

    def publish(self, at: datetime, *, opens_at: datetime, closes_at: datetime) -> None:
        publish_result(season=self.season, opens_at=opens_at, closes_at=closes_at, by=self.world.secretary, at=at)
        self.season.refresh_from_db()

    def comment(self, at: datetime, *, number: int) -> None:
        name, contact, words, answer = texts.COMMENTS[number]
        published = PublishedList.objects.get(season_year=self.year)
        item = published.items.all()[number * 7] if number else None
        received = leave_comment(published=published, item=item, name=name, contact=contact, text=words, at=at)
        if answer:
            day = timezone.localdate(at) + timedelta(days=4)
            reply = partial(self.reply, comment=received, answer=answer)
            self.world.diary.note(self.world.calendar.at_work(day, 15, 20 + number), reply)

    def reply(self, at: datetime, *, comment: Comment, answer: str) -> None:
        reply_to_comment(comment=comment, text=answer, by=self.world.officer(0), at=at)

    def decide(self, at: datetime, *, signed: date) -> None:
        """Reported, prepared by the secretary, confirmed by the signatory, and released at `at`."""
        secretary, signatory = self.world.secretary, self.world.users[people.SIGNATORY.mailbox]
        conclusion = "Các ý kiến đã được trả lời; không có ý kiến làm thay đổi danh sách (minh họa)."
        close_comments(season=self.season, conclusion=conclusion, by=secretary, at=at - timedelta(hours=3))
        prepared = preparing.prepare_decision(
            season=self.season,
            number=DECISION_NUMBER,
            signed_date=signed,
            signer_name=SIGNER[0],
            signer_position=SIGNER[1],
            release_at=at,
            by=secretary,
            at=at - timedelta(hours=2),
        )
        typed = prepared.result_digest[: release.TYPED]
        release.confirm_decision(
            prepared=prepared, seen=prepared.digest(), typed=typed, by=signatory, at=at - timedelta(hours=1)
        )
        release.release_decision(prepared=prepared, at=at)
        Job.objects.filter(kind=release.JOB, key=str(prepared.pk)).update(
            state=Job.State.DONE, attempt=1, finished_at=timezone.now()
        )

    def revoke_one(self, at: datetime) -> None:
        for case in self.cases:
            if case.entry.how == "revoked":
                recognition = Recognition.objects.get(
                    season_year=self.year, product__source_id=case.dossier.product_id
                )
                revoke(
                    recognition=recognition,
                    ground=Recognition.Ground.NOT_MADE,
                    document="0000/TB-SCT (minh họa)",
                    reason="Doanh nghiệp ngừng sản xuất quạt này (minh họa).",
                    by=self.world.officer(0),
                    at=at,
                )


@contextmanager
def all_or_nothing() -> Iterator[None]:
    """One transaction. The actions need no savepoints of their own here, for whatever fails ends the whole load;
    thousands of them would take a third of the time."""
    before = connection.features.uses_savepoints
    with transaction.atomic():
        connection.features.uses_savepoints = False
        try:
            yield
        finally:
            connection.features.uses_savepoints = before


def load(now: datetime) -> dict[str, int]:
    """Build everything; all or nothing. Returns what there is afterwards."""
    calendar = Calendar(timezone.get_default_timezone(), timezone.localdate(now))
    with all_or_nothing():
        world = World(Diary(), calendar)
        world.diary.note(calendar.on(date(2020, 12, 7), 8, 30), world.hire)
        _note_decided(world, 2021, members=5, per_criterion=3, signed=date(2021, 12, 1), top_places=2)
        decided = _note_decided(world, 2025, members=5, per_criterion=3, signed=date(2025, 11, 26))
        world.diary.note(calendar.at_work(calendar.ago(30), 10, 10), decided.revoke_one)
        _note_running(world)
        _note_receiving(world)
        acts = world.diary.play()
        old_letters.count_the_old_as_sent(now)
        issuing.order(world.secretary, now)
        closing.ask(now)  # the public log begins with a root over all of this
        User.objects.filter(pk__in=[user.pk for user in world.users.values()]).update(
            password=make_password(people.PASSWORD)
        )
    return {
        "acts": acts,
        "accounts": len(world.users),
        "enterprises": len(world.enterprises),
        "products": len(world.products),
        "dossiers": Dossier.objects.filter(season__in=world.seasons.values()).count(),
        "recognitions": Recognition.objects.filter(is_demo=True).count(),
    }


def _note_decided(
    world: World, year: int, *, members: int, per_criterion: int, signed: date, top_places: int = 10
) -> Round:
    """A season of the past from its plan to its decision."""
    this, diary, on, source = Round(world, year), world.diary, world.calendar.at_work, world.source
    plan = partial(
        this.plan,
        registration_opens_at=on(date(year, 4, 1), 8),
        registration_closes_at=on(date(year, 8, 29), 17),
        scoring_opens_at=on(date(year, 10, 20), 8),
        scoring_closes_at=on(date(year, 11, 6), 17),
        validity_months=36,
        top_places=top_places,
    )
    diary.note(on(date(year - 1, 12, 14), 9), plan)
    diary.note(on(date(year, 3, 17), 9), this.publish_criteria)
    for index, case in enumerate(this.cases):
        start = date(year, 5, 4) + timedelta(days=source.randint(0, 90))
        ready = case.fill(on(start, 8, 10 + index), photos=3)
        filed = start + timedelta(days=source.randint(3, 15))
        diary.note(max(on(filed, 10, index % 60), ready), case.submit)
        diary.note(on(filed + timedelta(days=4), 13, 30 + index % 30), case.take_in_hand)
        if index % 5 == 0:
            diary.note(on(filed + timedelta(days=8), 14, index % 60), case.ask)
            diary.note(on(filed + timedelta(days=13), 9, index % 60), case.mend)
            diary.note(on(filed + timedelta(days=13), 11, index % 60), case.answer)
        diary.note(on(filed + timedelta(days=18), 15, index % 60), case.admit)
    diary.note(on(date(year, 10, 13), 9), partial(this.seat, members=members))
    for place in range(members):
        diary.note(on(date(year, 10, 16), 8 + place, 20), partial(this.declare, place=place))
    diary.note(on(date(year, 10, 20), 10), partial(this.open_council, per_criterion=per_criterion))
    diary.note(on(date(year, 10, 20), 10, 1), partial(_note_all_sheets, this, members))
    diary.note(on(date(year, 11, 6), 17), this.close_council)
    opens, closes = on(date(year, 11, 11), 8), on(date(year, 11, 21), 17)
    diary.note(on(date(year, 11, 10), 16), partial(this.publish, opens_at=opens, closes_at=closes))
    if year == 2025:
        meeting.note_meeting(world, year, planned=on(date(year, 11, 4), 9), opens=on(date(year, 11, 7), 8))
        for number in range(len(texts.COMMENTS)):
            diary.note(on(date(year, 11, 13), 9 + number, 35), partial(this.comment, number=number))
    diary.note(on(signed + timedelta(days=1), 9, 30), partial(this.decide, signed=signed))
    if year == 2025:
        reasons.note_letters(world, year, after=on(signed, 9))
    return this


def _note_all_sheets(this: Round, members: int, at: datetime) -> None:
    """Every member signs every sheet, on the working days until the session closes."""
    for place, member in enumerate(this.world.members[:members]):
        for index, dossier in enumerate(this.sheets_of(member)):
            day = at.date() + timedelta(days=1 + index * 15 // 40)
            moment = this.world.calendar.at_work(day, 8 + index % 8, 6 * place)
            _note_sheet(this, moment, member, dossier)


def _note_sheet(this: Round, at: datetime, member: User, dossier: Dossier) -> None:
    diary = this.world.diary
    diary.note(at, partial(this.save_sheet, member=member, dossier=dossier))
    diary.note(at + timedelta(minutes=4), partial(this.sign_sheet, member=member, dossier=dossier))


def _note_running(world: World) -> None:
    """The season of today: something at every stage."""
    this, diary, calendar = Round(world, RUNNING), world.diary, world.calendar
    day = lambda ago, hour, minute=0: calendar.at_work(calendar.ago(ago), hour, minute)  # noqa: E731
    plan = partial(
        this.plan,
        registration_opens_at=day(100, 8),
        registration_closes_at=calendar.on(calendar.ago(CLOSED), 17),
        scoring_opens_at=calendar.on(calendar.ago(OPENED), 8),
        scoring_closes_at=calendar.on(calendar.ago(-28), 17),
        validity_months=36,
    )
    diary.note(day(125, 9), plan)
    diary.note(day(115, 9), this.publish_criteria)
    by_stage: dict[str, list[Case]] = defaultdict(list)
    for case in this.cases:
        by_stage[case.entry.stage].append(case)
    for case in by_stage["submitted"]:
        if extras.is_on_paper(case):
            diary.note(day(CLOSED + int(case.entry.how), 9, 40), partial(extras.receive_on_paper, case))
        else:
            _file(case, CLOSED + int(case.entry.how))
    for index, case in enumerate(by_stage["checking"]):
        taken = int(case.entry.how)
        back = index in (0, 3)
        _file(case, max(taken + (14 if back else 5), CLOSED + 1 + index))
        diary.note(day(taken + (11 if back else 0), 13, 30 + index), case.take_in_hand)
        if back:
            diary.note(day(taken + 8, 14, index), case.ask)
            diary.note(day(taken, 9, index), case.mend)
            diary.note(day(taken, 9, 30 + index), case.answer)
    for index, case in enumerate(by_stage["supplement"]):
        asked = int(case.entry.how)
        _file(case, max(asked + 8, CLOSED + 1 + index))
        diary.note(day(asked + 3, 13, 40 + index), case.take_in_hand)
        diary.note(calendar.on(calendar.ago(asked), 14, 10 + index), case.ask)
    for index, case in enumerate(by_stage["refused"]):
        ended = int(case.entry.how)
        reason = texts.REFUSALS["revenue" if case.ware.track == "standard" else "site"]
        _file(case, ended + 12)
        diary.note(day(ended + 7, 13, 50 + index), case.take_in_hand)
        diary.note(day(ended, 15, 45 + index), partial(case.refuse, reason=reason))
    for index, case in enumerate(by_stage["withdrawn"]):
        ended = int(case.entry.how)
        _file(case, ended + 10)
        if index:
            diary.note(day(ended + 5, 13, 20 + index), case.take_in_hand)
        diary.note(day(ended, 16, 5 + index), case.withdraw)
    for index, case in enumerate(by_stage["eligible"]):
        admitted = int(case.entry.how)
        _file(case, admitted + 13)
        diary.note(day(admitted + 9, 13, 10 + index), case.take_in_hand)
        # after the session was opened: they wait for its next list
        diary.note(calendar.on(calendar.ago(admitted), 15, 5 + index), case.admit)
    for index, case in enumerate(by_stage["scoring"]):
        filed = 80 - 2 * index
        _file(case, filed)
        diary.note(day(filed - 3, 13, 15 + index), case.take_in_hand)
        if index % 6 == 1:
            diary.note(day(filed - 5, 14, 20 + index), case.ask)
            diary.note(day(filed - 11, 9, 20 + index), case.mend)
            diary.note(day(filed - 11, 10, 20 + index), case.answer)
        diary.note(day(filed - 13, 15, 30 + index), case.admit)
    diary.note(day(24, 8, 30), partial(this.seat, members=len(people.MEMBERS)))
    for place in range(len(people.MEMBERS)):
        diary.note(day(21, 10 + place // 2, 25 + place), partial(this.declare, place=place))
    diary.note(calendar.on(calendar.ago(OPENED), 10, 15), partial(this.open_council, per_criterion=0))
    diary.note(calendar.on(calendar.ago(OPENED), 10, 16), partial(_note_some_sheets, this))
    extras.note_people(world, day(60, 9, 5))
    extras.note_words(this.cases, day(1, 9, 15))


def _note_receiving(world: World) -> None:
    """The season after: registration is open, and four drafts lie where people left them."""
    this, diary, calendar = Round(world, NEXT), world.diary, world.calendar
    plan = partial(
        this.plan,
        registration_opens_at=calendar.at_work(calendar.ago(25), 8),
        registration_closes_at=calendar.on(calendar.ago(-21), 17),
        scoring_opens_at=calendar.on(calendar.ago(-40), 8),
        scoring_closes_at=calendar.on(calendar.ago(-60), 17),
        validity_months=36,
    )
    diary.note(calendar.at_work(calendar.ago(40), 9), plan)
    for index, case in enumerate(this.cases):
        case.fill_partly(calendar.at_work(calendar.ago(19 - 5 * index), 9, 12))


def _file(case: Case, ago: int) -> None:
    """A complete dossier, begun a week before it is submitted."""
    calendar = case.world.calendar
    ready = case.fill(calendar.at_work(calendar.ago(ago + 7), 8, 5 + case.number % 50), photos=3)
    case.world.diary.note(max(calendar.at_work(calendar.ago(ago), 10, case.number), ready), case.submit)


def _note_some_sheets(this: Round, at: datetime) -> None:
    """What the members have done so far, each at the own pace, until yesterday."""
    calendar = this.world.calendar
    for place, (member, (signed, begun)) in enumerate(zip(this.world.members, SIGNED_AND_BEGUN, strict=True)):
        dossiers = this.sheets_of(member)
        for index, dossier in enumerate(dossiers[: signed + begun]):
            moment = calendar.on(calendar.ago(OPENED - 1 - index * (OPENED - 2) // 22), 8 + index % 8, 6 * place)
            if index < signed:
                _note_sheet(this, moment, member, dossier)
            else:
                part = 2 + (index + place) % 4
                this.world.diary.note(moment, partial(this.save_sheet, member=member, dossier=dossier, part=part))
