"""Keys are registered and retired; both are events of the audit log."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core import audit
from core.errors import Refused
from signing import keys, trust
from signing.models import Purpose, SigningKey

LONGEST_KID = 40


@transaction.atomic
def register(
    *, kid: str, purpose: str, provider: str, certificate_pem: str, by: Any, at: datetime, chain_pem: str = ""
) -> SigningKey:
    """Take a certificate into the key history. Twice the same is once. Raises Refused with the reasons in words.

    The times of validity, the algorithm and whether it is for demonstration follow from the certificate.
    """
    known = SigningKey.objects.filter(kid=kid).first()
    if known is not None and known.certificate_pem.strip() == certificate_pem.strip():
        return known
    if known is not None:
        raise Refused(_("The key “%(kid)s” is registered already, with another certificate.") % {"kid": kid})
    if not kid.isascii() or not kid.replace("-", "").isalnum() or len(kid) > LONGEST_KID or purpose not in Purpose:
        raise Refused(_("A key has a name of letters, digits and hyphens, and one of the known purposes."))
    try:
        certificate = trust.certificates(certificate_pem)[0]
    except (ValueError, IndexError):
        raise Refused(_("The certificate of the key “%(kid)s” cannot be read.") % {"kid": kid}) from None
    algorithm = trust.algorithm_of(certificate)
    if algorithm is None or (purpose == Purpose.CREDENTIAL and algorithm != "es256"):
        raise Refused(_("The kind or length of the key “%(kid)s” is not accepted.") % {"kid": kid})
    key = SigningKey(
        kid=kid,
        purpose=purpose,
        provider=provider,
        algorithm=algorithm,
        certificate_pem=certificate_pem,
        chain_pem=chain_pem,
        fingerprint=trust.fingerprint(certificate),
        public_jwk=keys.jwk(certificate) if purpose == Purpose.CREDENTIAL else None,
        valid_from=certificate.not_valid_before_utc,
        valid_to=certificate.not_valid_after_utc,
        is_demo=trust.is_demonstration(certificate),
        registered_at=at,
    )
    if SigningKey.objects.filter(fingerprint=key.fingerprint).exists():
        raise Refused(_("This certificate is registered already under another name."))
    reason = keys.certificate_fault(key, key.valid_from)
    if reason is not None:
        raise Refused(reason)
    key.save(force_insert=True)
    audit.record("signing_key.registered", key, by=by, at=at, purpose=purpose, fingerprint=key.fingerprint)
    return key


@transaction.atomic
def retire(
    *, key: SigningKey, reason: str, by: Any, at: datetime, compromised_at: datetime | None = None
) -> SigningKey:
    """From now on the key signs nothing. A key replaced by a newer one may still turn out to be compromised."""
    key = SigningKey.objects.select_for_update().get(pk=key.pk)
    compromised = reason == SigningKey.Reason.COMPROMISED
    if key.retired_at is not None and (not compromised or key.compromised_at is not None):
        raise Refused(_("The key “%(kid)s” is retired already.") % {"kid": key.kid})
    if compromised and (compromised_at is None or compromised_at > at):
        raise Refused(_("Say since when the key is out of hand; a time to come is none."))
    key.retired_at = key.retired_at or at
    key.retired_reason = reason
    key.compromised_at = compromised_at if compromised else None
    key.version += 1
    key.save()
    audit.record("signing_key.retired", key, by=by, at=at, reason=reason, compromised_at=compromised_at or "")
    return key
