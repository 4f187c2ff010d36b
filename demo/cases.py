"""The people, the enterprises and the dossiers of the demonstration, moved by the real actions only."""

import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from accounts.actions import grant_role, open_account
from accounts.models import User
from accounts.second_factor import give_published_secret
from demo import certificates, enterprises, figures, people, pictures, texts
from demo.diary import Calendar, Diary
from dossiers import actions, queries
from dossiers.models import Dossier
from dossiers.papers import BY_CODE, required_on
from enterprises.actions import register_enterprise
from enterprises.models import Enterprise
from products.actions import add_product
from products.models import Product
from programme.models import Season
from reference.models import IndustrialZone

NO_PASSWORD: Any = None  # hashing sixty of them would take longer than everything else
RUNNING = 2026
# Papers of a draft that somebody left half-way.
SOME_PAPERS = ("application_form", "business_registration", "product_description", "photos")


class World:
    """What every dossier of the demonstration shares."""

    def __init__(self, diary: Diary, calendar: Calendar) -> None:
        self.diary = diary
        self.calendar = calendar
        self.source = random.Random(2026)  # noqa: S311 - repeatable on purpose
        self.makers = {maker.key: maker for maker in enterprises.makers()}
        self.wares = enterprises.wares()
        self.zones = {zone.name_vi: zone for zone in IndustrialZone.objects.all()}
        self.users: dict[str, User] = {}
        self.enterprises: dict[str, Enterprise] = {}
        self.products: dict[tuple[str, str], Product] = {}
        self.seasons: dict[int, Season] = {}

    @property
    def secretary(self) -> User:
        return self.users[people.SECRETARY.mailbox]

    @property
    def members(self) -> list[User]:
        return [self.users[person.mailbox] for person in people.MEMBERS]

    def officer(self, number: int) -> User:
        return self.users[people.OFFICERS[number % len(people.OFFICERS)].mailbox]

    def hire(self, at: datetime) -> None:
        """Accounts of the house with their second step, and the roles of those who do not sit in a council."""
        by = None
        house = (people.IT_OFFICER, *people.OFFICERS, people.SECRETARY, people.SIGNATORY, *people.MEMBERS)
        for person in house:
            user = self.open(person, by=by, at=at)
            by = by or user
            give_published_secret(user=user, by=by, at=at)
            if person.role != "member":
                grant_role(user=user, role=person.role, by=by, at=at)

    def open(self, person: people.Person, *, by: Any = None, at: datetime) -> User:
        title = f"{person.title} ({people.TITLE_NOTE})"
        user = open_account(
            email=person.email, full_name=person.full_name, password=NO_PASSWORD, title=title, by=by, at=at
        )
        self.users[person.mailbox] = user
        return user

    def enter(self, key: str, at: datetime) -> None:
        """The enterprise registers, once."""
        if key in self.enterprises:
            return
        maker = self.makers[key]
        self.enterprises[key] = register_enterprise(
            code=maker.tax_code,
            by=self.open(maker.representative, at=at),
            at=at,
            position=maker.representative.title,
            **self.record_of(maker),
        )

    def record_of(self, maker: enterprises.Maker) -> dict[str, Any]:
        return {
            "name_vi": maker.name_vi,
            "name_en": maker.name_en,
            "form": maker.form,
            "street": maker.street,
            "ward_id": maker.ward,
            "zone": self.zones[maker.zone] if maker.zone else None,
            "legal_representative": people.legal_representative(maker.number),
            "phone": f"024 0000 {maker.number:04d}",
            "website": maker.website,
            "founded_year": maker.founded,
            "workers": maker.workers,
            "is_demo": True,
        }

    def product_of(self, ware: enterprises.Ware) -> dict[str, Any]:
        return {
            "sector_id": ware.sector,
            "industry_id": ware.industry,
            "name_vi": ware.name_vi,
            "name_en": ware.name_en,
            "summary_vi": ware.summary_vi,
            "summary_en": ware.summary_en,
            "hs_code": ware.hs_code,
            "standards": ware.standards,
            "export_markets": ware.markets,
            "is_demo": True,
        }


class Case:
    """One dossier and its way. Each verb is an act for the diary: it takes the moment."""

    def __init__(self, world: World, ware: enterprises.Ware, entry: enterprises.Entry, number: int) -> None:
        self.world = world
        self.ware = ware
        self.entry = entry
        self.number = number
        self._dossier: Dossier | None = None

    @property
    def dossier(self) -> Dossier:
        assert self._dossier is not None, "the dossier was not started"
        return self._dossier

    def adopt(self, dossier: Dossier) -> None:
        """It came on paper: the officer filed it, and nobody of the enterprise has an account."""
        self._dossier = dossier
        self.world.enterprises[self.ware.maker] = dossier.enterprise
        self.world.products[self.ware.maker, self.ware.name_vi] = dossier.product

    @property
    def applicant(self) -> User:
        return self.world.users[self.world.makers[self.ware.maker].representative.mailbox]

    @property
    def officer(self) -> User:
        return self.world.officer(self.number)

    def start(self, at: datetime) -> None:
        world, ware = self.world, self.ware
        world.enter(ware.maker, at)
        product = world.products.get((ware.maker, ware.name_vi))
        if product is None:
            product = add_product(
                enterprise=world.enterprises[ware.maker],
                by=self.applicant,
                at=at,
                **world.product_of(ware),
            )
            world.products[ware.maker, ware.name_vi] = product
        season = world.seasons[self.entry.season]
        self._dossier = actions.start(season=season, product=product, track=ware.track, by=self.applicant, at=at)

    def describe(self, at: datetime) -> None:
        actions.describe(
            dossier=self.dossier,
            by=self.applicant,
            at=at,
            description=texts.description(self.ware.sector, self.ware.summary_vi),
            technology=texts.TECHNOLOGY[self.ware.sector],
            track_basis=texts.BASIS.get(self.ware.track, ""),
        )

    def report(self, at: datetime, *, years: int = 3) -> None:
        known = figures.of_years(self.ware, self.entry.season)
        if self.is_young:
            first = known[min(known)]
            first["export_usd_million"] = Decimal("0.05")
        chosen = {year: known[year] for year in sorted(known, reverse=True)[:years]}
        actions.report_figures(dossier=self.dossier, figures=chosen, by=self.applicant, at=at)

    def undertake(self, at: datetime) -> None:
        actions.give_undertakings(dossier=self.dossier, by=self.applicant, at=at)

    def owner_of(self, paper: str) -> str:
        """Whose paper it is, as it stands on the page: so no two enterprises hold the same bytes."""
        slot, maker = BY_CODE[paper], self.world.makers[self.ware.maker].name_vi
        if not slot.is_reusable:
            return f"{maker} – {self.ware.name_vi} ({self.entry.season})"
        return f"{maker} ({self.entry.season})" if slot.of_one_season or slot.expires else maker

    def attach(self, paper: str, at: datetime, *, edition: int = 1, owner: str = "") -> None:
        owner = owner or self.owner_of(paper)
        if paper == "photos":
            view = edition - 1
            name, media_type = f"{pictures.VIEWS[view]}.png", "image/png"
            content = pictures.photo(self.ware.sector, view, owner)
        else:
            name, media_type = pictures.paper_name(paper, edition), "application/pdf"
            content = pictures.paper(paper, edition, owner)
        document = actions.attach(
            dossier=self.dossier,
            paper=paper,
            name=name,
            content=content,
            media_type=media_type,
            by=self.applicant,
            at=at,
        )
        if BY_CODE[paper].expires:
            facts = certificates.facts_of(self, paper, today=self.world.calendar.today, on=at.date(), edition=edition)
            actions.describe_document(document=document, by=self.applicant, at=at, **facts)

    def confirm(self, at: datetime) -> None:
        """Somebody of the enterprise says that a figure which looks unusual is right."""
        for doubt in queries.doubts_of(queries.whole().get(pk=self.dossier.pk))[:1]:
            actions.confirm_figure(dossier=self.dossier, key=doubt.key, by=self.applicant, at=at)

    def mark_oneself(self, at: datetime) -> None:
        """Own points where the figures decide, with the place of the evidence; the rest is left to the council."""
        rubric = self.dossier.season.rubric
        assert rubric is not None, "the criteria are published before registration opens"
        points = figures.own_marks(self.ware, self.entry.season)
        marks = {
            criterion.pk: {"points": points[criterion.code], "evidence": texts.EVIDENCE[criterion.code]}
            for criterion in rubric.criteria.filter(is_leaf=True, code__in=points)
        }
        actions.mark_oneself(dossier=self.dossier, marks=marks, by=self.applicant, at=at)

    def submit(self, at: datetime) -> None:
        self._dossier = actions.submit(dossier=self.dossier, by=self.applicant, at=at)

    def take_in_hand(self, at: datetime) -> None:
        actions.start_check(dossier=self.dossier, by=self.officer, at=at)

    def ask(self, at: datetime) -> None:
        actions.request_supplement(
            dossier=self.dossier,
            defects=[actions.Asked(*defect) for defect in self.defects],
            message=texts.SUPPLEMENT_MESSAGE,
            by=self.officer,
            at=at,
        )

    @property
    def is_young(self) -> bool:
        """Began to export in the first of the three years: a jump that asks, and that the enterprise confirms."""
        return (self.ware.maker, self.entry.stage) == ("tamngai", "checking")

    @property
    def defects(self) -> Sequence[tuple[str, str, str]]:
        """What the officer finds: something that this track has a slot for."""
        fitting = [
            found
            for found in texts.DEFECTS
            if all(part not in BY_CODE or self.ware.track in BY_CODE[part].required_on for part, _, _ in found)
        ]
        return fitting[self.number % len(fitting)]

    def mend(self, at: datetime) -> None:
        """A new edition of each paper that was found wanting, and the corrected figure of the last year."""
        for part, _, _ in self.defects:
            if part == "photos":
                self.attach(part, at, edition=1, owner=f"{self.owner_of(part)}, chụp bổ sung")
            elif part in BY_CODE:
                self.attach(part, at, edition=2)
            elif part == "figures":
                known = figures.of_years(self.ware, self.entry.season)
                last = known[max(known)]
                last["revenue_vnd_billion"] = Decimal(str(last["revenue_vnd_billion"])) + Decimal("0.4")
                actions.report_figures(dossier=self.dossier, figures=known, by=self.applicant, at=at)

    def answer(self, at: datetime) -> None:
        self._dossier = actions.answer_supplement(dossier=self.dossier, by=self.applicant, at=at)

    def admit(self, at: datetime) -> None:
        actions.admit(dossier=self.dossier, by=self.officer, at=at)

    def refuse(self, at: datetime, *, reason: str) -> None:
        actions.refuse(dossier=self.dossier, reason=reason, by=self.officer, at=at)

    def withdraw(self, at: datetime) -> None:
        actions.withdraw(dossier=self.dossier, by=self.applicant, at=at)

    def fill(self, start: datetime, *, photos: int) -> datetime:
        """Note everything up to a complete draft; returns the moment after the last act."""
        at = start
        self.world.diary.note(at, self.start)
        for act in (self.describe, self.report):
            at += timedelta(minutes=17)
            self.world.diary.note(at, act)
        for paper in required_on(self.ware.track):
            for edition in range(1, (photos if paper.code == "photos" else 1) + 1):
                at += timedelta(minutes=3)
                self.note_paper(at, paper.code, edition)
        if self.is_young:
            self.world.diary.note(at + timedelta(minutes=2), self.confirm)
        if self.entry.season == RUNNING and self.number % 3 == 0:
            self.world.diary.note(at + timedelta(minutes=4), self.mark_oneself)
        at += timedelta(minutes=9)
        self.world.diary.note(at, self.undertake)
        return at

    def fill_partly(self, start: datetime) -> None:
        """A draft as people leave it: bare, started, half done or nearly done."""
        diary, how, minute = self.world.diary, self.entry.how, timedelta(minutes=1)
        diary.note(start, self.start)
        if how == "bare":
            return
        diary.note(start + 20 * minute, self.describe)
        if how == "started":
            return
        years = 3 if how == "nearly" else 2
        diary.note(start + 40 * minute, lambda at: self.report(at, years=years))
        codes = [p.code for p in required_on(self.ware.track)][:-1] if how == "nearly" else SOME_PAPERS
        for index, code in enumerate(codes):
            self.note_paper(start + (50 + 4 * index) * minute, code)

    def note_paper(self, at: datetime, code: str, edition: int = 1) -> None:
        self.world.diary.note(at, lambda moment: self.attach(code, moment, edition=edition))

    def base_marks(self, outcome: str) -> dict[str, Decimal]:
        return figures.base_marks(self.ware, self.entry.season, outcome=outcome, source=self.world.source)
