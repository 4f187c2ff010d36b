"""Published rows made by the real actions; enterprises and products are written directly. Names are invented."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from itertools import count
from typing import Any

from django.db import connection
from django.utils import timezone

from certificates.actions import order_certificates
from certificates.issue import name_certificate
from certificates.models import Certificate
from core import files
from enterprises.models import Enterprise
from products.models import Product
from programme.actions import load_rubric, plan_season, publish_rubric
from programme.models import Season
from reference.models import Sector
from registry.actions import Recognised, publish_decision, publish_list, revoke
from registry.models import PublishedList, Recognition
from tests.story import SMALL_RUBRIC, make_reference, tax_code

PAPER = b"%PDF-1.7 a paper"
_numbers = count(1)


def now() -> datetime:
    return timezone.now()


def today() -> date:
    return timezone.localdate()


def make_enterprise(name_vi: str = "Công ty Cổ phần Chiếu sáng Sông Tô", **facts: Any) -> Enterprise:
    ward, _sector = make_reference()
    values = {
        "tax_code": tax_code(Enterprise.objects.count()),
        "name_vi": name_vi,
        "name_en": "Song To Lighting JSC",
        "form": Enterprise.Form.JOINT_STOCK,
        "street": "Số 1 phố Thử",
        "ward": ward,
        "legal_representative": "Trần Văn Kín",
        "phone": "024 0000 0000",
        "created_at": now(),
    }
    return Enterprise.objects.create(**(values | facts))


def make_product(name_vi: str = "Đèn LED SángTô", *, sector: str = "electrical", **facts: Any) -> Product:
    enterprise = facts.pop("enterprise", None) or make_enterprise(f"Công ty Thử {next(_numbers)}")
    values = {"name_en": "SangTo LED lamp", "summary_vi": "Đèn để thử.", "created_at": now()}
    return Product.objects.create(
        enterprise=enterprise, sector=Sector.objects.get(pk=sector), name_vi=name_vi, **(values | facts)
    )


def recognise(
    *products: Product,
    year: int = 2026,
    top10: tuple[Product, ...] = (),
    signed: date | None = None,
    months: int = 36,
    is_demo: bool = False,
) -> list[Recognition]:
    """One decision over these products, signed a month ago unless said otherwise."""
    return publish_decision(
        season_year=year,
        number=f"{year}/QĐ-UBND",
        signed_date=signed or today() - timedelta(days=30),
        signer_name="Nguyễn Văn Ký",
        signer_position="Phó Chủ tịch",
        products=[Recognised(product, product in top10) for product in products],
        validity_months=months,
        is_demo=is_demo,
        by=None,
        at=now(),
    )


def expire(recognition: Recognition) -> None:
    """As if the decision had been signed long ago."""
    with no_triggers():
        Recognition.objects.filter(pk=recognition.pk).update(
            valid_from=today() - timedelta(days=1000), valid_to=today() - timedelta(days=1)
        )


@contextmanager
def no_triggers() -> Iterator[None]:
    """What only somebody with the rights of the database's owner can do: rows change that are frozen."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        yield
        cursor.execute("SET session_replication_role = DEFAULT")


def withdraw(recognition: Recognition) -> Recognition:
    ground = Recognition.Ground.FALSE_DATA
    return revoke(recognition=recognition, ground=ground, document="99/QĐ-UBND", reason="x", by=None, at=now())


def order(recognition: Recognition) -> Certificate:
    """The number is drawn, the paper not made."""
    return order_certificates(recognitions=[recognition], by=None, at=now())[0]


def issue(recognition: Recognition, content: bytes = PAPER) -> Certificate:
    """The paper exists: these bytes stand for a signed one."""
    certificate = order(recognition)
    produced = {"sha256": files.put(content), "size_bytes": len(content), "kid": "test"}
    name_certificate({"certificate_id": certificate.pk}, produced, now())
    certificate.refresh_from_db()
    return certificate


def open_list(*products: Product, year: int = 2026, opens: timedelta = timedelta(days=-1)) -> PublishedList:
    """A list open for comment for ten days, since yesterday unless said otherwise."""
    start = now() + opens
    return publish_list(
        season_year=year,
        products=[Recognised(product, False) for product in products],
        opens_at=start,
        closes_at=start + timedelta(days=10),
        by=None,
        at=now(),
    )


def make_season(year: int = 2026, *, with_rubric: bool = True, **facts: Any) -> Season:
    """A season whose registration is open."""
    values = {
        "registration_opens_at": now() - timedelta(days=10),
        "registration_closes_at": now() + timedelta(days=20),
        "scoring_closes_at": now() + timedelta(days=50),
    }
    season = plan_season(by=None, at=now(), year=year, **(values | facts))
    if with_rubric:
        rubric, _new = load_rubric(document=SMALL_RUBRIC, by=None, at=now())
        before = min(now(), season.registration_opens_at)  # criteria are published before scoring opens
        publish_rubric(season=season, rubric=rubric, by=None, at=before)
        season.refresh_from_db()
    return season
