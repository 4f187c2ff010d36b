"""The register as plain data: every certificate with what is true of it at one moment. Published rows only; a number
whose paper is still being made is not in it, one that came to its end before it had a paper is.
"""

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from certificates.models import Certificate
from certificates.queries import FACTS
from public.views.certificate import verdict_of
from registry.models import Recognition
from signing import jcs, keys, statements
from signing.models import SigningKey

TYPE = "RegisterCopy"
_ICONS = {"valid": "check", "expired": "clock", "revoked": "cross", "replaced": "undo", "not_yet": "clock"}


@dataclass(frozen=True)
class Entry:
    """One certificate as of the copy. The neighbours are those of its chain that are in the copy too."""

    certificate: Certificate
    status: str
    replaces: str
    replaced_by: str

    @property
    def recognition(self) -> Recognition:
        return self.certificate.recognition

    @property
    def serial(self) -> str:
        return self.certificate.serial

    @property
    def is_issued(self) -> bool:
        return self.certificate.file_id is not None

    @property
    def kind(self) -> str:
        return self.certificate.kind

    @property
    def season_year(self) -> int:
        return self.recognition.season_year

    @property
    def is_demo(self) -> bool:
        return self.recognition.is_demo

    @property
    def decision_number(self) -> str:
        return self.recognition.decision.number

    @property
    def decision_date(self) -> date:
        return self.recognition.decision.signed_date

    @property
    def valid_from(self) -> date:
        return self.recognition.valid_from

    @property
    def valid_to(self) -> date:
        return self.recognition.valid_to

    @property
    def replaced_at(self) -> datetime | None:
        return self.certificate.replaced_at or self.recognition.replaced_at

    @property
    def revoked_at(self) -> datetime | None:
        return self.recognition.revoked_at

    @property
    def revoked_ground(self) -> str:
        return str(self.recognition.get_revoked_ground_display()) if self.revoked_at else ""

    @property
    def revoked_document(self) -> str:
        return self.recognition.revoked_document

    @property
    def sha256(self) -> str:
        return str(self.certificate.file_id or "")

    @property
    def icon(self) -> str:
        return _ICONS[self.status]

    @property
    def status_words(self) -> str:
        return status_words()[self.status]

    @property
    def why(self) -> str:
        """Why it took the place of an earlier one."""
        said = str(self.recognition.get_change_display()) if self.recognition.change else ""
        if not said and self.certificate.replaces_id:
            said = pgettext("certificate", "Issued anew")
        return ". ".join(part for part in (said, self.recognition.decision.reason) if part)


def status_words() -> dict[str, str]:
    return {
        "valid": pgettext("certificate", "Valid"),
        "expired": pgettext("certificate", "Expired"),
        "revoked": pgettext("certificate", "Revoked"),
        "replaced": pgettext("certificate", "Replaced"),
        "not_yet": _("Not yet valid"),
    }


def entries() -> list[Entry]:
    """Every certificate but those in the making, the replaced ones too. One query, however many there are."""
    found = Certificate.objects.select_related(*FACTS).order_by("book", "number")
    known = {one.pk: one for one in found if verdict_of(one) != "pending"}
    after = {one.replaces_id: one for one in known.values() if one.replaces_id}

    def serial_of(one: Certificate | None) -> str:
        return one.serial if one else ""

    return [
        Entry(one, verdict_of(one), serial_of(known.get(one.replaces_id or 0)), serial_of(after.get(one.pk)))
        for one in known.values()
    ]


def chain_of(entry: Entry, by_serial: dict[str, Entry]) -> Sequence[Entry]:
    """All certificates before and after it, the oldest first; empty when it stands alone."""
    chain = [entry]
    while chain[0].replaces:
        chain.insert(0, by_serial[chain[0].replaces])
    while chain[-1].replaced_by:
        chain.append(by_serial[chain[-1].replaced_by])
    return chain if len(chain) > 1 else []


def _iso(moment: datetime | None) -> str | None:
    return keys.iso(moment) if moment else None


def as_data(entry: Entry) -> dict[str, Any]:
    said = entry.recognition
    return {
        "serial": entry.serial,
        "kind": entry.kind,
        "seasonYear": entry.season_year,
        "product": {"vi": said.product_name_vi, "en": said.product_name_en},
        "enterprise": {"vi": said.enterprise_name_vi, "en": said.enterprise_name_en},
        "decision": {"number": entry.decision_number, "date": entry.decision_date.isoformat()},
        "validFrom": entry.valid_from.isoformat(),
        "validTo": entry.valid_to.isoformat(),
        "issuedAt": _iso(entry.certificate.issued_at),
        "status": entry.status,
        "revokedAt": _iso(entry.revoked_at),
        "revokedGround": said.revoked_ground,
        "revokedDocument": entry.revoked_document,
        "revokedReason": said.revoked_reason,
        "replacedAt": _iso(entry.replaced_at),
        "replacedBy": entry.replaced_by,
        "replaces": entry.replaces,
        "sha256": entry.sha256,
        "isDemo": entry.is_demo,
    }


def signed(found: Sequence[Entry], *, key: SigningKey, at: datetime) -> dict[str, Any]:
    """The copy with its proof. Raises Refused when the key does not sign."""
    document = {
        "type": TYPE,
        "issuer": keys.controller(),
        "registry": settings.SITE_URL,
        "asOf": keys.iso(at),
        "statusOn": timezone.localdate(at).isoformat(),
        "certificates": [as_data(entry) for entry in found],
    }
    return statements.sign_json(document, key=key, at=at)


def thumbprint(public_jwk: dict[str, str]) -> str:
    """The name of a key by its content (RFC 7638), base64url of SHA-256."""
    members = {name: public_jwk[name] for name in ("crv", "kty", "x", "y")}
    return base64.urlsafe_b64encode(hashlib.sha256(jcs.canonical(members)).digest()).rstrip(b"=").decode()
