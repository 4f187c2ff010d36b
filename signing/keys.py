"""The key to sign with now, why there is none, and the history that verifiers are given."""

import hashlib
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core.errors import Refused
from signing import providers, trust
from signing.models import Purpose, SigningKey
from signing.multibase import base64url, from_base64url
from signing.providers.base import KeyPlace, SigningFault


def current(purpose: str, at: datetime, kid: str = "") -> SigningKey:
    """The newest key that may sign for this purpose at `at`; `kid` asks for that key and no other.

    One query; certificates are read and chains checked once per process and version of the row. Raises Refused with
    one reason per registered key when none fits.
    """
    rows = SigningKey.objects.filter(purpose=purpose)
    candidates = list(rows.filter(kid=kid) if kid else rows)
    reasons = []
    for key in candidates:
        reason = fault(key, at)
        if reason is None:
            return key
        reasons.append(reason)
    if kid and not candidates:
        raise Refused(_("No key “%(kid)s” is registered for %(purpose)s.") % {"kid": kid, "purpose": _for(purpose)})
    raise Refused(reasons or [_("No key is registered for %(purpose)s.") % {"purpose": _for(purpose)}])


def _for(purpose: str) -> str:
    return str(Purpose(purpose).label) if purpose in Purpose.values else purpose


def fault(key: SigningKey, at: datetime) -> str | None:
    """Why this key may not sign at `at`, one sentence in the reader's language; None when it may."""
    words = {"kid": key.kid, "day": ""}
    if key.retired_at is not None and key.retired_reason == SigningKey.Reason.COMPROMISED:
        return _("The key “%(kid)s” is retired because it is no longer only in the hands of its owner.") % words
    if key.retired_at is not None and key.retired_at <= at:
        return _("The key “%(kid)s” was retired on %(day)s.") % {**words, "day": day(key.retired_at)}
    if at < key.valid_from:
        return _("The key “%(kid)s” is valid only from %(day)s.") % {**words, "day": day(key.valid_from)}
    if at > key.valid_to:
        return _("The key “%(kid)s” was valid until %(day)s.") % {**words, "day": day(key.valid_to)}
    if key.is_demo and not settings.SIGNING_ALLOW_DEMO:
        return _("The key “%(kid)s” is for demonstration and does not sign here.") % words
    return certificate_fault(key, at)


def certificate_fault(key: SigningKey, at: datetime) -> str | None:
    """What is wrong with the certificate of the row: unreadable, another key, wrong usage, no way to a root."""
    words = {"kid": key.kid}
    try:
        certificate = certificate_of(key)
    except ValueError:
        return _("The certificate of the key “%(kid)s” cannot be read.") % words
    if key.fingerprint != trust.fingerprint(certificate):
        return _("The certificate of the key “%(kid)s” is not the one that was registered.") % words
    if trust.algorithm_of(certificate) != key.algorithm:
        return _("The kind or length of the key “%(kid)s” is not accepted.") % words
    if not trust.may_sign_documents(certificate):
        return _("The certificate of the key “%(kid)s” does not allow signing documents.") % words
    path = chain_of(key)
    if path is None or not all(trust.is_valid(c, at) for c in path):
        return _("The certificate of the key “%(kid)s” does not lead to a configured root.") % words
    return None


def day(moment: datetime) -> str:
    return date_format(timezone.localtime(moment), "SHORT_DATE_FORMAT")


def certificate_of(key: SigningKey) -> x509.Certificate:
    """Raises ValueError when the row holds no certificate."""
    return _certificates(key.certificate_pem)[0]


@lru_cache(maxsize=64)
def _certificates(pem: str) -> tuple[x509.Certificate, ...]:
    found = tuple(trust.certificates(pem))
    if not found:
        raise ValueError("no certificate")
    return found


def others_of(key: SigningKey) -> tuple[x509.Certificate, ...]:
    return _certificates(key.chain_pem) if key.chain_pem.strip() else ()


def chain_of(key: SigningKey) -> list[x509.Certificate] | None:
    """From the certificate to the root; None when it leads to none of the configured roots."""
    found = _chain(key.kid, key.version, key.certificate_pem, key.chain_pem, _roots_now(settings.SIGNING_ROOTS))
    return None if found is None else list(found)


@lru_cache(maxsize=64)
def _chain(
    kid: str, version: int, certificate: str, others: str, roots: tuple[x509.Certificate, ...]
) -> tuple[x509.Certificate, ...] | None:
    first = _certificates(certificate)[0]
    between = trust.certificates(others) if others.strip() else []
    found = trust.chain(first, between, roots, first.not_valid_before_utc)
    return None if found is None else tuple(found)


def roots(path: str) -> list[x509.Certificate]:
    """The configured roots; none when the file is absent or cannot be read."""
    return list(_roots_now(path))


def _roots_now(path: str) -> tuple[x509.Certificate, ...]:
    try:
        return _roots(path, Path(path).stat().st_mtime_ns)
    except (OSError, ValueError):
        return ()


@lru_cache(maxsize=8)
def _roots(path: str, changed: int) -> tuple[x509.Certificate, ...]:
    return tuple(trust.certificates(Path(path).read_bytes()))


def sign(key: SigningKey, data: bytes, request_id: str = "", at: datetime | None = None) -> bytes:
    """Signature over SHA-256 of `data` (ECDSA as DER) by whoever keeps the key.

    Without a request id the bytes name their own request: the same bytes are never asked for twice. Raises Refused.
    """
    place = KeyPlace(key.kid, key.algorithm, certificate_of(key))
    request_id = request_id or hashlib.sha256(key.kid.encode() + b"\0" + data).hexdigest()
    provider = providers.named(key.provider)
    try:
        if provider.is_remote:
            from signing import requests

            return requests.sign(key, place, data, request_id, at)
        return provider.sign(place, data, request_id)
    except SigningFault as error:
        raise Refused(_("The key “%(kid)s” did not sign: %(fault)s") % {"kid": key.kid, "fault": error}) from error


def jwk(certificate: x509.Certificate) -> dict[str, str]:
    """The public key as a JSON Web Key (RFC 7517). Raises ValueError unless it is on P-256."""
    key = certificate.public_key()
    if not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(key.curve, ec.SECP256R1):
        raise ValueError("not a key on P-256")
    point = key.public_numbers()
    x, y = (base64url(number.to_bytes(32, "big")) for number in (point.x, point.y))
    return {"kty": "EC", "crv": "P-256", "x": x, "y": y}


def from_jwk(public: Any) -> ec.EllipticCurvePublicKey:
    """Raises ValueError unless it is a point on P-256."""
    if not isinstance(public, dict) or (public.get("kty"), public.get("crv")) != ("EC", "P-256"):
        raise ValueError("not a key on P-256")
    x, y = (int.from_bytes(from_base64url(str(public.get(name, ""))), "big") for name in ("x", "y"))
    return ec.EllipticCurvePublicNumbers(x, y, ec.SECP256R1()).public_key()


def controller() -> str:
    """The name of this site as the holder of keys: did:web of the address."""
    return "did:web:" + quote(urlsplit(settings.SITE_URL).netloc, safe=".-_")


def published(at: datetime) -> dict[str, Any]:
    """The key history as a controlled identifier document (did:web), plain JSON.

    `expires` and `revoked` as in Controlled Identifiers 1.0; `validFrom`, `revokedReason` and `compromisedAt` beside
    them. `paperCertificates` names the certificates of signed papers by fingerprint.
    """
    name = controller()
    keys = list(SigningKey.objects.order_by("valid_from", "pk"))
    statement_keys = [key for key in keys if key.purpose == Purpose.CREDENTIAL]
    return {
        "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/jwk/v1"],
        "id": name,
        "verificationMethod": [
            {
                "id": f"{name}#{key.kid}",
                "type": "JsonWebKey",
                "controller": name,
                "publicKeyJwk": key.public_jwk,
                **_times(key, at),
            }
            for key in statement_keys
        ],
        "assertionMethod": [f"{name}#{key.kid}" for key in statement_keys],
        "paperCertificates": [
            {
                "id": f"{name}#{key.kid}",
                "sha256": key.fingerprint,
                "subject": trust.names(certificate_of(key)),
                "certificatePem": key.certificate_pem,
                **_times(key, at),
            }
            for key in keys
            if key.purpose == Purpose.PAPER
        ],
    }


def _times(key: SigningKey, at: datetime) -> dict[str, Any]:
    times: dict[str, Any] = {"validFrom": iso(key.valid_from), "expires": iso(key.valid_to)}
    if key.retired_at and (key.retired_at <= at or key.compromised_at):
        times |= {"revoked": iso(key.retired_at), "revokedReason": key.retired_reason}
    if key.compromised_at:
        times["compromisedAt"] = iso(key.compromised_at)
    return times | ({"demonstration": True} if key.is_demo else {})


def iso(moment: datetime) -> str:
    """UTC to the second, as XML Schema and JSON-LD write it."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
