"""A released decision is never changed: a new one, linked to it, replaces what was wrong, moved or renewed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core import audit
from core.errors import Refused
from enterprises.models import Enterprise
from registry.actions import publish_enterprise
from registry.models import Decision, PublishedEnterprise, Recognition


@dataclass(frozen=True)
class Correction:
    """What a correcting decision says of one recognition. Empty names stay as they were decided; `maker` is the
    enterprise that takes the product over, `valid_to` the last day of a renewal."""

    recognition: Recognition
    change: str
    product_name_vi: str = ""
    product_name_en: str = ""
    enterprise_name_vi: str = ""
    enterprise_name_en: str = ""
    maker: Enterprise | None = None
    valid_to: date | None = None


@transaction.atomic
def correct_decision(
    *,
    corrects: Decision,
    number: str,
    signed_date: date,
    signer_name: str,
    signer_position: str,
    reason: str,
    corrections: Sequence[Correction],
    by: Any,
    at: datetime,
) -> list[Recognition]:
    """Release a decision that puts an earlier one right: each recognition it names is replaced by a new one, linked
    to it; nothing is overwritten. Raises Refused with every reason."""
    found = {
        row.pk: row
        for row in Recognition.ever.select_for_update(of=("self",)).filter(
            pk__in=[c.recognition.pk for c in corrections], decision__season_year=corrects.season_year
        )
    }
    if reasons := reasons_against(corrects, corrections, found, reason, signed_date):
        raise Refused(reasons)
    decision = Decision.objects.create(
        season_year=corrects.season_year,
        corrects=corrects,
        reason=reason.strip(),
        number=number,
        signed_date=signed_date,
        signer_name=signer_name,
        signer_position=signer_position,
        recorded_at=at,
        is_demo=corrects.is_demo,
    )
    new = [_replace(found[c.recognition.pk], c, decision, at) for c in corrections]
    audit.record(
        "decision.corrected",
        decision,
        by=by,
        at=at,
        corrects=corrects.number,
        replaced=[{"old": row.replaces_id, "new": row.pk, "change": row.change} for row in new],
    )
    return new


def reasons_against(
    corrects: Decision,
    corrections: Sequence[Correction],
    found: Mapping[int, Recognition],
    reason: str,
    signed_date: date,
) -> list[str]:
    """Why this correction cannot be made; empty when it can."""
    reasons = []
    if corrects.corrects_id is not None:
        reasons.append(_("A correction hangs from the decision that recognised, not from another correction."))
    if signed_date < corrects.signed_date:
        reasons.append(_("The correction is dated before the decision that it corrects."))
    if not reason.strip():
        reasons.append(_("Say why the decision is corrected."))
    if not corrections or len({c.recognition.pk for c in corrections}) < len(corrections):
        reasons.append(_("A correction names at least one recognition, and each only once."))
    for correction in corrections:
        old = found.get(correction.recognition.pk)
        if old is None:
            reasons.append(_("%(name)s was not recognised in this season.") % {"name": correction.recognition})
            continue
        reasons += _against_one(old, correction)
    return reasons


def against_any(old: Recognition) -> list[str]:
    """Why nothing of this recognition can be changed; empty when something can."""
    name = {"name": old.product_name_vi}
    if old.revoked_at is not None:
        return [_("The recognition of %(name)s is revoked; a revoked one is not changed.") % name]
    if old.replaced_at is not None:
        return [_("The recognition of %(name)s has been replaced already; change the newest one.") % name]
    return []


def _against_one(old: Recognition, said: Correction) -> list[str]:
    if closed := against_any(old):
        return closed
    name = {"name": old.product_name_vi}
    names = (said.product_name_vi, said.product_name_en, said.enterprise_name_vi, said.enterprise_name_en)
    if said.change == Recognition.Change.CORRECTION and not any(names):
        return [_("Nothing of %(name)s is corrected.") % name]
    if said.change == Recognition.Change.TRANSFER and (
        said.maker is None or said.maker.tax_code == old.enterprise.tax_code
    ):
        return [_("Name the enterprise that takes %(name)s over.") % name]
    if said.change == Recognition.Change.RENEWAL and (said.valid_to is None or said.valid_to <= old.valid_to):
        return [
            _("The renewal of %(name)s must end later than %(day)s.") % (name | {"day": f"{old.valid_to:%d/%m/%Y}"})
        ]
    if said.change not in Recognition.Change.values:
        return [_("Choose what changes: correction, transfer or renewal.")]
    return []


def _replace(old: Recognition, said: Correction, decision: Decision, at: datetime) -> Recognition:
    maker = publish_enterprise(said.maker) if said.maker is not None else None
    _follow(old, said, maker)
    Recognition.ever.filter(pk=old.pk).update(replaced_at=at)
    return Recognition.objects.create(
        product=old.product,
        enterprise=maker or old.enterprise,
        decision=decision,
        season_year=old.season_year,
        is_top10=old.is_top10,
        valid_from=_first_day(old, said, decision),
        valid_to=said.valid_to or old.valid_to,
        product_name_vi=said.product_name_vi or old.product_name_vi,
        product_name_en=said.product_name_en or old.product_name_en,
        enterprise_name_vi=maker.name_vi if maker else said.enterprise_name_vi or old.enterprise_name_vi,
        enterprise_name_en=maker.name_en if maker else said.enterprise_name_en or old.enterprise_name_en,
        enterprise_address_vi=maker.address_vi if maker else old.enterprise_address_vi,
        replaces=old,
        change=said.change,
        is_demo=old.is_demo,
    )


def _first_day(old: Recognition, said: Correction, decision: Decision) -> date:
    """A recognition that is renewed after its end was not one in between: it begins again with the new decision."""
    lapsed = said.change == Recognition.Change.RENEWAL and decision.signed_date > old.valid_to
    return decision.signed_date if lapsed else old.valid_from


def _follow(old: Recognition, said: Correction, maker: PublishedEnterprise | None) -> None:
    """The directory shows what the newest decision says."""
    product = old.product
    if maker is not None:
        product.enterprise = maker
    elif said.enterprise_name_vi or said.enterprise_name_en:
        owner = old.enterprise
        owner.name_vi = said.enterprise_name_vi or owner.name_vi
        owner.name_en = said.enterprise_name_en or owner.name_en
        owner.save()
    product.name_vi = said.product_name_vi or product.name_vi
    product.name_en = said.product_name_en or product.name_en
    product.save()
