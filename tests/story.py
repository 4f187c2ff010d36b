"""The only maker of dossiers at a stage. It uses real actions, so no test stands on a state that the programme
cannot reach. Time is told: a story begins at `START` and every act is a minute later than the one before."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from stdnum.vn import mst

from accounts.actions import grant_role, open_account
from accounts.models import Role, User
from certificates import batches
from certificates.models import Batch, Certificate
from core import files, jobs, scanner, vietnamese
from core.models import Job, StoredFile
from decisions import actions as decisions
from decisions import preparing, release
from decisions.models import CommentReport, PreparedDecision
from dossiers import actions as dossiers
from dossiers.models import Document, Dossier, Stage
from dossiers.papers import required_on
from dossiers.queries import years_asked
from enterprises.actions import record_enterprise, register_enterprise
from enterprises.models import Enterprise
from evaluations import actions as evaluations
from evaluations.models import Seat
from evaluations.queries import seats_of
from products.actions import add_product
from products.models import Product
from programme import actions as programme
from programme.models import Rubric, Season
from reference.actions import SECTOR_SOURCE, SECTORS
from reference.models import Sector, Ward
from registry.models import Recognition
from tests.remembered import remembered

START = datetime(2026, 8, 3, 2, 0, tzinfo=UTC)
PASSWORD = "một mật khẩu đủ dài"
YEAR = 2026

# A small rubric of three criteria: quick to score by hand, and complete in the format.
SMALL_RUBRIC: dict[str, Any] = {
    "format": 1,
    "code": "small",
    "title_vi": "Bộ tiêu chí nhỏ",
    "title_en": "Small criteria",
    "status": "proposal",
    "scale_max": 100,
    "tie_rules": ["2", "1"],
    "pass_rule": {
        "type": "all_of",
        "rules": [
            {"type": "total_at_least", "value": 70},
            {"type": "each_criterion_at_least_percent", "value": 40},
        ],
    },
    "aggregation": {"per_criterion": "mean", "total": "sum", "decimals": 2, "rounding": "half_up"},
    "criteria": [
        {
            "code": "1",
            "label_vi": "Tăng trưởng",
            "label_en": "Growth",
            "max_points": 50,
            "anchors": [
                {"points": 20, "when_vi": "dưới 10%", "when_en": "below 10 %"},
                {"points": 40, "when_vi": "từ 10%", "when_en": "10 % or more"},
            ],
        },
        {"code": "2", "label_vi": "Xuất khẩu", "label_en": "Export", "max_points": 30},
        {"code": "3", "label_vi": "Chất lượng", "label_en": "Quality", "max_points": 20},
    ],
}


def tax_code(number: int) -> str:
    """The `number`-th valid invented tax code; range 99 is not in use as far as we know."""
    base, found = 0, -1
    while found < number:
        base += 1
        digits = f"99{base:07d}"
        if sum(w * int(d) for w, d in zip((31, 29, 23, 19, 17, 13, 7, 5, 3), digits, strict=True)) % 11:
            found += 1
    return digits + mst.calc_check_digit(digits)


def make_reference() -> tuple[Ward, Sector]:
    """One ward and the eight sectors, without reading files."""
    for position, (code, name_vi, name_en) in enumerate(SECTORS, start=1):
        Sector.objects.get_or_create(
            code=code,
            defaults={
                "name_vi": name_vi,
                "name_en": name_en,
                "position": position,
                "source_url": SECTOR_SOURCE,
            },
        )
    ward, _ = Ward.objects.get_or_create(
        code="00004",
        defaults={
            "type_vi": "Phường",
            "type_en": "Ward",
            "name_vi": "Ba Đình",
            "name_en": "Ba Dinh",
            "full_name_vi": "Phường Ba Đình",
            "sort_key": vietnamese.sort_key("Ba Đình"),
            "valid_from": START.date(),
        },
    )
    return ward, Sector.objects.get(code="electrical")


@dataclass
class Story:
    """A season with its people. `now` moves forward with every act."""

    now: datetime = START
    year: int = YEAR
    people: dict[str, User] = field(default_factory=dict)
    count: int = 0

    def tick(self, **step: float) -> datetime:
        self.now += timedelta(**(step or {"minutes": 1}))
        return self.now

    # --- people ---------------------------------------------------------------------------------------
    @remembered
    def person(self, key: str, role: str | None = None) -> User:
        """One person per key; the mail address is the key."""
        if key not in self.people:
            user = open_account(email=f"{key}@kip.test", full_name=f"Người {key}", password=PASSWORD, at=self.tick())
            if role:
                grant_role(user=user, role=role, by=None, at=self.tick())
            self.people[key] = user
        return self.people[key]

    @property
    def officer(self) -> User:
        return self.person("officer", Role.OFFICER)

    @property
    def secretary(self) -> User:
        return self.person("secretary", Role.SECRETARY)

    # --- season ---------------------------------------------------------------------------------------
    @remembered
    def season(self, rubric: dict[str, Any] | None = None, *, published: bool = True) -> Season:
        """The running season, with its published criteria unless said otherwise."""
        found = Season.objects.filter(year=self.year).first()
        if found:
            return found
        season = programme.plan_season(
            by=self.officer,
            at=self.tick(),
            year=self.year,
            registration_opens_at=START - timedelta(days=30),
            registration_closes_at=START + timedelta(days=60),
            scoring_opens_at=START + timedelta(days=60),
            scoring_closes_at=START + self._span,
        )
        if not published:
            return season
        loaded, _ = programme.load_rubric(document=rubric or SMALL_RUBRIC, by=self.secretary, at=self.tick())
        # A story that begins late in the year has published its criteria in time all the same.
        in_time = min(self.tick(), season.scoring_opens_at - timedelta(hours=1))
        programme.publish_rubric(season=season, rubric=loaded, by=self.secretary, at=in_time)
        season.refresh_from_db()
        return season

    def rubric(self) -> Rubric:
        rubric = self.season().rubric
        assert rubric is not None
        return rubric

    @property
    def _span(self) -> timedelta:
        """A long time to score, within the years that the season may touch."""
        return timedelta(days=240 if self.year >= YEAR else 80)

    def _move(self, **windows: datetime) -> None:
        """The windows of the season move: a story lives its year in minutes, in the order of the year all the same."""
        season = self.season()
        if season.decided_at is None:
            programme.change_season(season=season, by=self.officer, at=self.tick(), **windows)

    def receive(self, opens: datetime, closes: datetime) -> None:
        """Registration has this window, as the real clock sees it; scoring follows."""
        self.season()
        Season.objects.filter(year=self.year).update(
            registration_opens_at=opens,
            registration_closes_at=closes,
            scoring_opens_at=closes,
            scoring_closes_at=closes + timedelta(days=60),
        )

    def registration(self) -> None:
        """Dossiers are received now, whatever stood before."""
        if not self.season().is_open(self.now) and self.season().comment_opens_at is None:
            closes = self.now + timedelta(days=60)
            opens = min(self.season().registration_opens_at, self.now)
            self._move(
                registration_opens_at=opens,
                registration_closes_at=closes,
                scoring_opens_at=closes,
                scoring_closes_at=closes + self._span,
            )

    def council_time(self) -> None:
        """Registration is over and the council may score now."""
        if not self.season().scoring_begins_at <= self.now < self.season().scoring_closes_at:
            end = self.tick()
            self._move(registration_closes_at=end, scoring_opens_at=end, scoring_closes_at=end + self._span)

    # --- enterprises ----------------------------------------------------------------------------------
    def enterprise(self, clerk: str = "clerk", **facts: Any) -> Enterprise:
        """An enterprise represented by the person of that key."""
        user = self.person(clerk)
        known = Enterprise.objects.represented_by(user).first()
        if known and not facts:
            return known
        ward, _ = make_reference()
        number = Enterprise.objects.count()
        values = {
            "name_vi": f"Công ty Cổ phần Thử nghiệm {number + 1}",
            "name_en": f"Test Company {number + 1}",
            "form": Enterprise.Form.JOINT_STOCK,
            "street": "Số 1 phố Thử",
            "ward": ward,
            "legal_representative": "Trần Văn Thử",
            "phone": "024 0000 0000",
        } | facts
        return register_enterprise(code=tax_code(number), by=user, at=self.tick(), **values)

    def product(self, clerk: str = "clerk", **facts: Any) -> Product:
        enterprise = self.enterprise(clerk)
        _, sector = make_reference()
        self.count += 1
        values = {
            "name_vi": f"Sản phẩm thử {self.count}",
            "name_en": f"Test product {self.count}",
            "summary_vi": "Một sản phẩm để thử.",
            "summary_en": "A product for tests.",
            "sector": sector,
        } | facts
        return add_product(enterprise=enterprise, by=self.person(clerk), at=self.tick(), **values)

    # --- dossiers, stage by stage ---------------------------------------------------------------------
    @remembered
    def draft(self, clerk: str = "clerk", track: str = "standard", product: Product | None = None) -> Dossier:
        """An empty draft."""
        self.registration()
        season = self.season()
        product = product or self.product(clerk)
        return dossiers.start(season=season, product=product, track=track, by=self.person(clerk), at=self.tick())

    @remembered
    def complete(self, clerk: str = "clerk", track: str = "standard", product: Product | None = None) -> Dossier:
        """A draft from which nothing is missing."""
        dossier, by = self.draft(clerk, track, product), self.person(clerk)
        dossiers.describe(
            dossier=dossier,
            description="Mô tả sản phẩm. " * 10,
            technology="Dây chuyền tự động.",
            track_basis="Danh mục 38/2020/QĐ-TTg, mục 1" if track in ("hi_tech", "startup") else "",
            contact_phone="024 0000 0000",
            by=by,
            at=self.tick(),
        )
        figure = {"revenue_vnd_billion": Decimal(150), "export_usd_million": Decimal(2), "workers": 200}
        figures = {year: dict(figure) for year in years_asked(dossier.season.year)}
        dossiers.report_figures(dossier=dossier, figures=figures, by=by, at=self.tick())
        first, *others = [(paper.code, paper.code) for paper in required_on(track)]
        self.attach(dossier, first[0], clerk)
        # At least three photos are asked for.
        self._lay_in(dossier, [*others, ("photos", "photos trái"), ("photos", "photos phải")], by)
        dossiers.give_undertakings(dossier=dossier, by=by, at=self.tick())
        return Dossier.objects.get(pk=dossier.pk)

    def attach(self, dossier: Dossier, paper: str, clerk: str = "clerk", content: bytes | None = None) -> None:
        dossiers.attach(
            dossier=dossier,
            paper=paper,
            name=f"{paper}.pdf",
            content=content or b"%PDF-1.4 " + paper.encode(),
            media_type="application/pdf",
            by=self.person(clerk),
            at=self.tick(),
        )

    def _lay_in(self, dossier: Dossier, papers: list[tuple[str, str]], by: User) -> None:
        """As `attach` does it, in a few statements: one by one took more than a quarter of a sample of tests."""
        if scanner.is_connected():
            for paper, words in papers:
                self.attach(dossier, paper, content=b"%PDF-1.4 " + words.encode())
            return
        rows, stored = [], []
        for paper, words in papers:
            content, at = b"%PDF-1.4 " + words.encode(), self.tick()
            sha256 = files.put(content)
            facts = {"size_bytes": len(content), "media_type": "application/pdf", "stored_at": at}
            stored.append(StoredFile(sha256=sha256, **facts))
            position = sum(row.paper == paper for row in rows)
            rows.append(
                Document(
                    dossier=dossier, paper=paper, file_id=sha256, name=f"{paper}.pdf", position=position,
                    uploaded_at=at, uploaded_by_name=str(by),
                )
            )  # fmt: skip
        StoredFile.objects.bulk_create(stored, ignore_conflicts=True)
        Document.objects.bulk_create(rows)
        Dossier.objects.filter(pk=dossier.pk).update(changed_at=self.now)

    @remembered
    def submitted(self, clerk: str = "clerk", track: str = "standard", product: Product | None = None) -> Dossier:
        dossier = self.complete(clerk, track, product)
        return dossiers.submit(dossier=dossier, by=self.person(clerk), at=self.tick())

    def checking(self, clerk: str = "clerk") -> Dossier:
        return dossiers.start_check(dossier=self.submitted(clerk), by=self.officer, at=self.tick())

    def supplement(self, clerk: str = "clerk") -> Dossier:
        dossier = self.checking(clerk)
        asked = [dossiers.Asked("quality_certificates", "expired", "Chứng nhận ISO đã hết hạn.")]
        dossiers.request_supplement(
            dossier=dossier, defects=asked, message="Đề nghị bổ sung.", by=self.officer, at=self.tick()
        )
        return Dossier.objects.get(pk=dossier.pk)

    @remembered
    def eligible(self, clerk: str = "clerk", track: str = "standard", product: Product | None = None) -> Dossier:
        dossier = self.submitted(clerk, track, product)
        dossiers.admit(dossier=dossier, by=self.officer, at=self.tick())
        return Dossier.objects.get(pk=dossier.pk)

    # --- at the counter -------------------------------------------------------------------------------
    def on_paper(self, track: str = "standard", product: Product | None = None, **facts: Any) -> Dossier:
        """Received by the officer, of an enterprise without an account; nothing of it is typed in yet."""
        self.registration()
        season, (ward, sector) = self.season(), make_reference()
        if product is None:
            number = Enterprise.objects.count()
            enterprise = record_enterprise(
                code=tax_code(number),
                name_vi=f"Công ty Cổ phần Thử nghiệm {number + 1}",
                form=Enterprise.Form.JOINT_STOCK,
                street="Số 1 phố Thử",
                ward=ward,
                legal_representative="Trần Văn Thử",
                by=self.officer,
                at=self.tick(),
            )
            self.count += 1
            name = f"Sản phẩm giấy {self.count}"
            product = add_product(enterprise=enterprise, by=self.officer, at=self.tick(), name_vi=name, sector=sector)
        at = self.tick()
        return dossiers.receive_on_paper(
            season=season, product=product, track=track, received_at=at, by=self.officer, at=at, **facts
        )

    # --- council --------------------------------------------------------------------------------------
    def seats(self, n: int = 3) -> list[Seat]:
        """The council with its members `member-1`… ; the first is the chair."""
        season = self.season()
        if not seats_of(season).exists():
            council = evaluations.set_up_council(
                season=season,
                decision_number="0001/QĐ-UBND",
                decision_date=START.date(),
                by=self.secretary,
                at=self.tick(),
            )
            for number in range(1, n + 1):
                evaluations.seat_member(
                    council=council,
                    user=self.person(f"member-{number}"),
                    position="chair" if number == 1 else "member",
                    unit="Sở Thử nghiệm",
                    by=self.secretary,
                    at=self.tick(),
                )
        return list(seats_of(season))

    @remembered
    def declared(self, conflicts: dict[int, list[Dossier]] | None = None) -> None:
        """Every member declares about every dossier before the council; `conflicts[i]` for the i-th seat."""
        waiting = list(Dossier.objects.filter(season=self.season(), stage=Stage.ELIGIBLE))
        for index, seat in enumerate(self.seats()):
            barred = {d.pk for d in (conflicts or {}).get(index, [])}
            statements = [
                evaluations.Statement(
                    d, d.pk in barred, "Người thân làm việc tại doanh nghiệp" if d.pk in barred else ""
                )
                for d in waiting
            ]
            evaluations.declare_interests(seat=seat, statements=statements, by=seat.user, at=self.tick())

    @remembered
    def scoring(self, n: int = 1, conflicts: dict[int, list[Dossier]] | None = None) -> list[Dossier]:
        """`n` more dossiers, each of its own enterprise, with the council; assigned and open."""
        found = [self.eligible(f"clerk-{self.count + 1}") for _ in range(n)]
        self.declared(conflicts)
        evaluations.assign(season=self.season(), by=self.secretary, at=self.tick())
        self.open_session()
        return list(Dossier.objects.filter(pk__in=[d.pk for d in found]).order_by("pk"))

    @remembered
    def open_session(self) -> int:
        """Registration ends and the session opens."""
        self.council_time()
        return evaluations.open_session(season=self.season(), by=self.secretary, at=self.tick())

    def score(self, dossier: Dossier, seat: Seat, points: dict[str, int | str], *, sign: bool = True) -> None:
        marks = {code: Decimal(value) for code, value in points.items()}
        evaluations.save_marks(dossier=dossier, marks=marks, by=seat.user, at=self.tick())
        if sign:
            evaluations.sign_sheet(dossier=dossier, by=seat.user, at=self.tick())

    @remembered
    def scored(self, n: int = 1) -> list[Dossier]:
        """`n` dossiers scored by all, the first the best, the session closed and the result computed."""
        found = self.scoring(n)
        for index, dossier in enumerate(found):
            for seat in self.seats():
                self.score(dossier, seat, {"1": 45 - index, "2": 25, "3": 15})
        job = evaluations.close_session(season=self.season(), by=self.secretary, at=self.tick())
        assert jobs.perform(job.pk)
        return list(Dossier.objects.filter(pk__in=[d.pk for d in found]).order_by("pk"))

    # --- decision -------------------------------------------------------------------------------------
    @remembered
    def published(self, n: int = 1) -> list[Dossier]:
        """The list is open for comment for ten days from now."""
        found = self.scored(n)
        now = self.tick()
        decisions.publish_result(
            season=self.season(), opens_at=now, closes_at=now + timedelta(days=10), by=self.secretary, at=now
        )
        return [Dossier.objects.get(pk=d.pk) for d in found]

    @remembered
    def recognised(self, n: int = 1) -> list[Dossier]:
        """The decision is recorded; certificates are ordered but not made."""
        found = self.published(n)
        self.tick(days=11)
        self.decide()
        return [Dossier.objects.get(pk=d.pk) for d in found]

    @remembered
    def decide(self, *, left_out: Collection[int] = (), number: str = "0002/QĐ-UBND") -> list[Recognition]:
        """The comments are reported, the decision prepared, confirmed by the signatory and released at once."""
        self.report()
        prepared = self.prepare(left_out=left_out, number=number)
        return self.release(self.confirm(prepared))

    @remembered
    def report(self) -> None:
        """The public comment ends with its report."""
        if not CommentReport.objects.filter(season=self.season()).exists():
            decisions.close_comments(
                season=self.season(), conclusion="Không có ý kiến trái chiều.", by=self.secretary, at=self.tick()
            )

    def prepare(self, **change: Any) -> PreparedDecision:
        facts = {
            "number": "0002/QĐ-UBND",
            "signed_date": self.now.date(),
            "signer_name": "Nguyễn Văn Ký",
            "signer_position": "Phó Chủ tịch",
        }
        return preparing.prepare_decision(season=self.season(), by=self.secretary, at=self.tick(), **(facts | change))

    @property
    def signatory(self) -> User:
        return self.person("signatory", Role.SIGNATORY)

    def confirm(self, prepared: PreparedDecision) -> PreparedDecision:
        typed = prepared.result_digest[: release.TYPED]
        seen, by, at = prepared.digest(), self.signatory, self.tick()
        return release.confirm_decision(prepared=prepared, seen=seen, typed=typed, by=by, at=at)

    def release(self, prepared: PreparedDecision) -> list[Recognition]:
        """As the job does it, but at the hour of the story."""
        recognitions = release.release_decision(prepared=prepared, at=self.tick())
        Job.objects.filter(kind=release.JOB, key=str(prepared.pk)).update(
            state=Job.State.DONE, attempt=1, finished_at=self.now
        )
        return recognitions

    # --- certificates -----------------------------------------------------------------------------------
    @remembered
    def drafted(self) -> Batch:
        """Every certificate of the season in one batch, its drafts made. Needs the fixture `keys`."""
        waiting = Certificate.objects.filter(recognition__season_year=self.year, batch=None)
        batch = batches.start_batch(season_year=self.year, certificates=waiting, by=self.secretary, at=self.tick())
        self.work(batch.jobs_key)
        return batch

    @remembered
    def issued(self) -> Batch:
        """The same, approved by the signatory and signed."""
        batch = self.drafted()
        seen = batches.list_digest(list(batch.certificates.all()))
        batches.approve(batch=batch, seen_digest=seen, by=self.signatory, at=self.tick())
        self.work(batch.signatures_key)
        return Batch.objects.get(pk=batch.pk)

    def work(self, name: str) -> None:
        """A worker does the jobs of this name."""
        for pk in Job.objects.filter(batch=name).exclude(state__in=Job.FINAL).values_list("pk", flat=True):
            jobs.perform(pk)
