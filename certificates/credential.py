"""What machines read of a certificate: the credential inside the paper and the token in its QR code.

The credential is a W3C Verifiable Credential 2.0 that is also an Open Badge 3.0 (1EdTech), with a Data Integrity
proof; the token carries the facts that a person compares with the paper, so that it needs no network.
"""

from datetime import date, datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone

from certificates.models import Certificate
from certificates.paper import verify_url
from signing import keys, statements, tokens
from signing.models import SigningKey

CONTEXTS = (
    "https://www.w3.org/ns/credentials/v2",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
)
# The facts of the paper that neither vocabulary has a word for.
OWN_TERMS = ("serial", "product", "enterprise", "decision", "seasonYear", "isDemo", "replaces")
EXPIRES, NOT_BEFORE, ISSUED = 4, 5, 6  # RFC 8392
SERIAL, PRODUCT, ENTERPRISE, DECISION, SIGNED_ON, STATUS_INDEX, TOP10, DEMO = -1, -2, -3, -4, -5, -6, -7, -8
LONGEST_NAME = 120  # bytes of UTF-8 that a name may take in the token; the paper has it in full


def status_list_url() -> str:
    return f"{settings.SITE_URL}/credentials/status/1"


def first_moment(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min), timezone.get_default_timezone())


def period_of(snapshot: dict[str, Any]) -> tuple[datetime, datetime]:
    """From the first second of the first day to the last second of the last, in Hanoi."""
    start, end = date.fromisoformat(snapshot["valid_from"]), date.fromisoformat(snapshot["valid_to"])
    return first_moment(start), first_moment(end + timedelta(days=1)) - timedelta(seconds=1)


def signed_credential(certificate: Certificate, index: int, *, key: SigningKey, at: datetime) -> dict[str, Any]:
    """The credential with its proof. Raises Refused when the key does not sign."""
    return statements.sign_json(credential(certificate, index), key=key, at=at)


def credential(certificate: Certificate, index: int) -> dict[str, Any]:
    """The credential of this certificate whose bit in the status list is `index`, without proof."""
    said, address = certificate.snapshot, verify_url(certificate.serial)
    top10 = certificate.kind == Certificate.Kind.TOP10
    title = f"{'Top 10 sản' if top10 else 'Sản'} phẩm công nghiệp chủ lực thành phố Hà Nội năm {said['season_year']}"
    start, end = period_of(said)
    return {
        "@context": [*CONTEXTS, {term: f"{settings.SITE_URL}/credentials/terms#{term}" for term in OWN_TERMS}],
        "id": address,
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": title,
        "issuer": {
            "id": keys.controller(),
            "type": ["Profile"],
            "name": "Ủy ban nhân dân thành phố Hà Nội",
            "url": settings.SITE_URL,
        },
        "validFrom": keys.iso(start),
        "validUntil": keys.iso(end),
        "credentialSubject": {
            "type": ["AchievementSubject"],
            "achievement": {
                "id": f"{settings.SITE_URL}/credentials/achievements/{said['season_year']}-{certificate.kind}",
                "type": ["Achievement"],
                "name": title,
                "description": f"Key industrial product of Hanoi, season {said['season_year']}",
                "criteria": {"narrative": f"Quyết định số {said['decision_number']} ({said['decision_date']})"},
            },
        },
        "serial": certificate.serial,
        "seasonYear": said["season_year"],
        "product": {"vi": said["product_name_vi"], "en": said["product_name_en"]},
        "enterprise": {"vi": said["enterprise_name_vi"], "en": said["enterprise_name_en"]},
        "decision": {"number": said["decision_number"], "date": said["decision_date"]},
        "replaces": said.get("replaces", ""),
        "isDemo": said["is_demo"],
        "credentialStatus": {
            "id": f"{status_list_url()}#{index}",
            "type": "BitstringStatusListEntry",
            "statusPurpose": "revocation",
            "statusListIndex": str(index),
            "statusListCredential": status_list_url(),
        },
    }


def token(certificate: Certificate, index: int, *, key: SigningKey, at: datetime) -> str:
    """The text behind `#` in the QR code. Raises Refused when the key does not sign."""
    said = certificate.snapshot
    start, end = period_of(said)
    claims: dict[int, Any] = {
        EXPIRES: int(end.timestamp()),
        NOT_BEFORE: int(start.timestamp()),
        ISSUED: int(at.timestamp()),
        SERIAL: certificate.serial,
        PRODUCT: _short(said["product_name_vi"]),
        ENTERPRISE: _short(said["enterprise_name_vi"]),
        DECISION: said["decision_number"],
        SIGNED_ON: said["decision_date"],
        STATUS_INDEX: index,
    }
    if certificate.kind == Certificate.Kind.TOP10:
        claims[TOP10] = True
    if said["is_demo"]:
        claims[DEMO] = True
    return tokens.seal(claims, key=key)


def _short(name: str) -> str:
    """The name, or as much of it as fits whole letters; an ellipsis says that the paper says more."""
    raw = name.encode()
    if len(raw) <= LONGEST_NAME:
        return name
    return raw[: LONGEST_NAME - 3].decode(errors="ignore").rstrip() + "…"


def qr_text(certificate: Certificate, sealed: str) -> str:
    """What the QR code holds: the address, and behind `#`, where no server sees it, the token."""
    return f"{verify_url(certificate.serial)}#{sealed}"
