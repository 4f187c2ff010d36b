"""Certificates follow recognitions: their numbers are drawn with the decision, their papers come in batches."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.access import require
from certificates import serial
from certificates.models import Certificate
from core import audit
from core.errors import Refused
from core.numbers import next_number
from registry.models import Recognition


@transaction.atomic
def order_certificates(*, recognitions: Sequence[Recognition], by: Any, at: datetime) -> list[Certificate]:
    """Draw the numbers, in the transaction of the decision. Asking again adds only what lacks.

    The certificate of a recognition that replaces another one replaces its certificate.
    """
    certificates = []
    for recognition in recognitions:
        kinds = [Certificate.Kind.PRODUCT] + ([Certificate.Kind.TOP10] if recognition.is_top10 else [])
        certificates += [_order(recognition, kind, at) for kind in kinds]
    if certificates:
        audit.record(
            "certificates.ordered",
            recognitions[0].decision,
            by=by,
            at=at,
            serials=[certificate.serial for certificate in certificates],
        )
    return certificates


def _order(recognition: Recognition, kind: "Certificate.Kind", at: datetime) -> Certificate:
    found = Certificate.objects.filter(recognition=recognition, kind=kind, replaced_at=None).first()
    if found is not None:
        return found
    old = None
    if recognition.replaces_id is not None:
        old = Certificate.objects.filter(recognition_id=recognition.replaces_id, kind=kind, replaced_at=None).first()
    return _draw(recognition, kind, old, at)


def _draw(recognition: Recognition, kind: "Certificate.Kind", old: Certificate | None, at: datetime) -> Certificate:
    """The next number of its book. Gapless: the book is locked until this transaction ends."""
    if old is not None:
        Certificate.objects.filter(pk=old.pk).update(replaced_at=at)
    year, top10 = recognition.season_year, kind == Certificate.Kind.TOP10
    book = f"certificate-{'top10-' if top10 else ''}{year}"
    number = next_number(book)
    return Certificate.objects.create(
        recognition=recognition,
        kind=kind,
        book=book,
        number=number,
        serial=serial.make(year, number, top10=top10),
        snapshot=_snapshot(recognition, kind, old),
        replaces=old,
    )


@transaction.atomic
def reissue(*, certificates: Sequence[Certificate], reason: str, by: Any, at: datetime) -> list[Certificate]:
    """New certificates in the place of issued ones whose paper was wrong; the recognition stays as decided. The old
    serial leads to the new one. Raises Refused with every reason."""
    require(by, "certificates.issue")
    locked = list(
        Certificate.objects.select_for_update(of=("self",))
        .filter(pk__in=[c.pk for c in certificates])
        .select_related("recognition__decision")
        .order_by("pk")
    )
    reasons = [] if reason.strip() else [_("Say why the certificates are issued anew.")]
    if not locked:
        reasons.append(_("Choose at least one certificate."))
    for old in locked:
        if old.replaced_at is not None:
            reasons.append(_("%(serial)s has been replaced already.") % {"serial": old.serial})
        elif old.file_id is None:
            reasons.append(
                _("%(serial)s has not been issued yet; its draft can be made anew.") % {"serial": old.serial}
            )
        elif old.recognition.revoked_at is not None:
            reasons.append(_("The recognition behind %(serial)s is revoked.") % {"serial": old.serial})
    if reasons:
        raise Refused(reasons)
    new = [_draw(old.recognition, Certificate.Kind(old.kind), old, at) for old in locked]
    for certificate in new:
        replaced = certificate.replaces.serial if certificate.replaces else ""
        audit.record("certificate.reissued", certificate, by=by, at=at, replaces=replaced, reason=reason.strip())
    return new


def _snapshot(recognition: Recognition, kind: str, old: Certificate | None) -> dict[str, Any]:
    """All that the paper says, as decided."""
    decision = recognition.decision
    return {
        "kind": kind,
        "season_year": recognition.season_year,
        "product_name_vi": recognition.product_name_vi,
        "product_name_en": recognition.product_name_en,
        "enterprise_name_vi": recognition.enterprise_name_vi,
        "enterprise_name_en": recognition.enterprise_name_en,
        "enterprise_address_vi": recognition.enterprise_address_vi,
        "decision_number": decision.number,
        "decision_date": decision.signed_date.isoformat(),
        "signer_name": decision.signer_name,
        "signer_position": decision.signer_position,
        "valid_from": recognition.valid_from.isoformat(),
        "valid_to": recognition.valid_to.isoformat(),
        "is_demo": recognition.is_demo,
        "replaces": old.serial if old is not None else "",
    }
