"""What is published, and how it ends."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from core import audit
from core.errors import Refused
from enterprises.models import Enterprise
from products.models import Product
from registry.models import (
    Comment,
    Decision,
    ProcessCount,
    PublishedEnterprise,
    PublishedList,
    PublishedListItem,
    PublishedProduct,
    Recognition,
)


@dataclass(frozen=True)
class Recognised:
    """One product that a decision names."""

    product: Product
    is_top10: bool


def add_months(day: date, months: int) -> date:
    """The same day that many months later; the last of the month where there is no such day."""
    index = day.month - 1 + months
    year, month = day.year + index // 12, index % 12 + 1
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month, last)
        except ValueError:
            continue
    raise ValueError(day)


@transaction.atomic
def publish_list(
    *,
    season_year: int,
    products: Sequence[Recognised],
    opens_at: datetime,
    closes_at: datetime,
    is_demo: bool = False,
    by: Any,
    at: datetime,
) -> PublishedList:
    """The proposed products of a season in the given order, open for comment. Once per season."""
    if PublishedList.objects.filter(season_year=season_year).exists():
        raise Refused(_("The list of %(year)s is published already.") % {"year": season_year})
    published = PublishedList.objects.create(
        season_year=season_year,
        published_at=at,
        comment_opens_at=opens_at,
        comment_closes_at=closes_at,
        is_demo=is_demo,
    )
    PublishedListItem.objects.bulk_create(
        PublishedListItem(
            list=published,
            position=position,
            product_name_vi=item.product.name_vi,
            product_name_en=item.product.name_en,
            enterprise_name_vi=item.product.enterprise.name_vi,
            enterprise_name_en=item.product.enterprise.name_en,
            sector_id=item.product.sector_id,
            proposed_top10=item.is_top10,
            source_id=item.product.pk,
        )
        for position, item in enumerate(products, start=1)
    )
    audit.record("list.published", published, by=by, at=at, products=len(products))
    return published


@transaction.atomic
def leave_comment(
    *,
    published: PublishedList,
    item: PublishedListItem | None,
    name: str,
    contact: str,
    text: str,
    at: datetime,
) -> Comment:
    """Raises Refused outside the comment window."""
    if not published.comment_opens_at <= at < published.comment_closes_at:
        raise Refused(_("The time for comments on this list is over."))
    comment = Comment.objects.create(list=published, item=item, name=name, contact=contact, text=text, received_at=at)
    audit.record("comment.received", comment, by=None, at=at)
    return comment


@transaction.atomic
def reply_to_comment(*, comment: Comment, text: str, by: Any, at: datetime) -> Comment:
    comment.reply, comment.replied_at, comment.replied_by_name = text, at, str(by)
    comment.save(update_fields=["reply", "replied_at", "replied_by_name"])
    audit.record("comment.answered", comment, by=by, at=at)
    return comment


@transaction.atomic
def publish_decision(
    *,
    season_year: int,
    number: str,
    signed_date: date,
    signer_name: str,
    signer_position: str,
    products: Sequence[Recognised],
    validity_months: int,
    is_demo: bool = False,
    by: Any,
    at: datetime,
) -> list[Recognition]:
    """Release the signed decision and publish what it recognises; valid from the day of signing.

    Raises Refused when the season has a decision, or the decision names nothing.
    """
    if Decision.objects.filter(season_year=season_year, corrects=None).exists():
        raise Refused(_("The season of %(year)s has its decision already.") % {"year": season_year})
    if not products:
        raise Refused(_("A decision must name at least one product."))
    decision = Decision.objects.create(
        season_year=season_year,
        number=number,
        signed_date=signed_date,
        signer_name=signer_name,
        signer_position=signer_position,
        recorded_at=at,
        is_demo=is_demo,
    )
    recognitions = [
        _recognise(item, decision, signed_date, add_months(signed_date, validity_months), is_demo) for item in products
    ]
    audit.record(
        "decision.released",
        decision,
        by=by,
        at=at,
        products=[r.product_name_vi for r in recognitions],
        top10=[r.product_name_vi for r in recognitions if r.is_top10],
    )
    return recognitions


def _recognise(item: Recognised, decision: Decision, start: date, end: date, is_demo: bool) -> Recognition:
    product = publish_product(item.product)
    return Recognition.objects.create(
        product=product,
        enterprise=product.enterprise,
        decision=decision,
        season_year=decision.season_year,
        is_top10=item.is_top10,
        valid_from=start,
        valid_to=end,
        product_name_vi=product.name_vi,
        product_name_en=product.name_en,
        enterprise_name_vi=product.enterprise.name_vi,
        enterprise_name_en=product.enterprise.name_en,
        enterprise_address_vi=product.enterprise.address_vi,
        is_demo=is_demo,
    )


def publish_enterprise(maker: Enterprise) -> PublishedEnterprise:
    """Copy the public facts of a maker into the registry."""
    enterprise, _new = PublishedEnterprise.objects.update_or_create(
        tax_code=maker.tax_code,
        defaults={
            "name_vi": maker.name_vi,
            "name_en": maker.name_en,
            "address_vi": maker.address_vi,
            "address_en": maker.address_en,
            "ward": maker.ward,
            "zone_name": maker.zone.name_vi if maker.zone else "",
            "website": maker.website,
            "is_demo": maker.is_demo,
        },
    )
    return enterprise


def publish_product(product: Product) -> PublishedProduct:
    """Copy the public facts of a product and its maker into the registry."""
    enterprise = publish_enterprise(product.enterprise)
    published, _new = PublishedProduct.objects.update_or_create(
        source_id=product.pk,
        defaults={
            "enterprise": enterprise,
            "sector_id": product.sector_id,
            "name_vi": product.name_vi,
            "name_en": product.name_en,
            "summary_vi": product.summary_vi,
            "summary_en": product.summary_en,
            "hs_code": product.hs_code,
            "standards": product.standards,
            "export_markets": product.export_markets,
            "is_demo": product.is_demo,
        },
    )
    return published


@transaction.atomic
def revoke(*, recognition: Recognition, ground: str, document: str, reason: str, by: Any, at: datetime) -> Recognition:
    """End a recognition for a listed ground, with the document that says so and the reason. Page and API change at
    once. Raises Refused."""
    recognition = Recognition.ever.select_for_update(of=("self",)).get(pk=recognition.pk)
    reasons = []
    if recognition.replaced_at is not None:
        reasons.append(_("This recognition has been replaced; revoke the one that stands today."))
    if recognition.revoked_at is not None:
        reasons.append(_("This recognition is revoked already."))
    if ground not in Recognition.Ground.values:
        reasons.append(_("Choose one of the listed grounds."))
    if not document.strip():
        reasons.append(_("Name the document that revokes the recognition."))
    if not reason.strip():
        reasons.append(_("Say why the recognition is revoked."))
    if reasons:
        raise Refused(reasons)
    recognition.revoked_at, recognition.revoked_ground = at, ground
    recognition.revoked_document, recognition.revoked_reason = document.strip(), reason.strip()
    recognition.revoked_by_name = str(by)
    recognition.save(
        update_fields=["revoked_at", "revoked_ground", "revoked_document", "revoked_reason", "revoked_by_name"]
    )
    audit.record("recognition.revoked", recognition, by=by, at=at, ground=ground, document=document, reason=reason)
    return recognition


@transaction.atomic
def count_in_public(*, season_year: int, kind: str, at: datetime) -> int:
    """One more event of this kind in the season. Returns the new count; two at once wait for each other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"process-count-{season_year}-{kind}"])
    found = ProcessCount.objects.filter(season_year=season_year, kind=kind).aggregate(last=Max("count"))
    row = ProcessCount.objects.create(
        season_year=season_year, kind=kind, count=(found["last"] or 0) + 1, counted_at=at
    )
    return row.count
