"""Time stamps (RFC 3161): asked of the configured authority, checked before they are used."""

import http.client
import ssl
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from secrets import randbits
from urllib.parse import urlsplit

from asn1crypto import tsp
from cryptography import x509
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from core.errors import Refused
from signing import cms, keys, trust

DEMO = "demo"
SECONDS = 10
LARGEST_ANSWER = 100_000
# Of our own demonstration; an arc that is set aside for examples (RFC 5612 uses its like).
DEMO_POLICY = "1.3.6.1.4.1.32473.1"
GRANTED = ("granted", "granted_with_mods")


def time_stamp(digest: bytes) -> bytes | None:
    """A checked token over a SHA-256 digest, DER; None when no authority is configured.

    Raises ValueError for a digest of another length, Refused when the authority does not answer or answers wrongly.
    """
    if len(digest) != 32:
        raise ValueError("a SHA-256 digest has 32 bytes")
    if not settings.SIGNING_TIME_STAMP:
        return None
    request, nonce = query(digest)
    answer = answer_as_demo(request) if settings.SIGNING_TIME_STAMP == DEMO else _ask(request)
    try:
        response = tsp.TimeStampResp.load(answer, strict=True)
        if response["status"]["status"].native not in GRANTED:
            raise ValueError("refused")
        token = bytes(response["time_stamp_token"].dump())
        if response["time_stamp_token"]["content"]["encap_content_info"]["content"].parsed["nonce"].native != nonce:
            raise ValueError("other_request")
        stamped_at(token, digest)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise Refused(_("The time stamp is refused (%(fault)s).") % {"fault": error}) from None
    return token


def required(digest: bytes) -> bytes:
    token = time_stamp(digest)
    if token is None:
        raise Refused(_("No time stamp authority is configured."))
    return token


def stamped_at(token: bytes, digest: bytes) -> datetime:
    """The proven time. Raises ValueError with a reason code: not_a_token, other_digest, altered, wrong_usage,
    untrusted (no way to a configured root, or a certificate that was not valid at that time)."""
    stamp = cms.read_stamp(token, digest)
    if path_of(stamp) is None:
        raise ValueError("untrusted")
    return stamp.at


def path_of(stamp: cms.Stamp) -> list[x509.Certificate] | None:
    """From the authority's certificate to a configured root, all valid at the time of the stamp."""
    return trust.chain(stamp.certificate, stamp.others, roots(), stamp.at)


def roots() -> list[x509.Certificate]:
    """Those of the authority; those of the signers when no others are configured."""
    return keys.roots(settings.SIGNING_TIME_STAMP_ROOTS or settings.SIGNING_ROOTS)


def query(digest: bytes) -> tuple[bytes, int]:
    """TimeStampReq and its nonce; the authority's certificate is asked for too."""
    nonce = randbits(63) | 1
    request = tsp.TimeStampReq(
        {
            "version": "v1",
            "message_imprint": {"hash_algorithm": {"algorithm": "sha256"}, "hashed_message": digest},
            "nonce": nonce,
            "cert_req": True,
        }
    )
    return request.dump(), nonce


def _ask(request: bytes) -> bytes:
    place = urlsplit(settings.SIGNING_TIME_STAMP)
    if place.scheme not in ("http", "https") or not place.hostname:
        raise Refused(_("The address of the time stamp authority cannot be used."))
    # Plain http is usual for RFC 3161: the token is signed, and only a digest travels.
    connection: http.client.HTTPConnection
    if place.scheme == "https":
        secured = ssl.create_default_context()
        connection = http.client.HTTPSConnection(place.hostname, place.port, timeout=SECONDS, context=secured)
    else:
        connection = http.client.HTTPConnection(place.hostname, place.port, timeout=SECONDS)
    try:
        path = (place.path or "/") + (f"?{place.query}" if place.query else "")
        connection.request("POST", path, request, {"Content-Type": "application/timestamp-query"})
        answer = connection.getresponse()
        content = answer.read(LARGEST_ANSWER)
    except (OSError, http.client.HTTPException) as error:
        raise Refused(_("The time stamp authority does not answer (%(fault)s).") % {"fault": error}) from None
    finally:
        connection.close()
    if answer.status != http.client.OK:
        raise Refused(_("The time stamp authority answers %(status)s.") % {"status": answer.status})
    return content


def answer_as_demo(request: bytes, at: datetime | None = None) -> bytes:
    """What an authority with the demonstration's key answers: the same protocol, in this process.

    Raises Refused without the key, ValueError for what is no request.
    """
    path = Path(settings.SIGNING_KEY_FOLDER) / "time-stamp.p12"
    try:
        who, key = _demo_signer(path, path.stat().st_mtime_ns, settings.SIGNING_KEY_PASSWORD)
    except (OSError, ValueError):
        raise Refused(_("The key of the demonstration's time stamps cannot be read.")) from None
    asked = tsp.TimeStampReq.load(request, strict=True)
    at = (at or timezone.now()).replace(microsecond=0)
    facts = {
        "version": "v1",
        "policy": DEMO_POLICY,
        "message_imprint": asked["message_imprint"],
        "serial_number": randbits(63) | 1,
        "gen_time": at,
    }
    if asked["nonce"].native is not None:
        facts["nonce"] = asked["nonce"].native
    info = tsp.TSTInfo(facts).dump()
    from signing.providers.file import raw_signature

    signed = cms.attributes(who, cms.sha256(info), cms.TIME_STAMP_INFO, at)
    token = cms.assemble(who, signed, raw_signature(key, signed), kind=cms.TIME_STAMP_INFO, content=info)
    return cms.sequence(cms.sequence(b"\x02\x01\x00"), token)


@lru_cache(maxsize=4)
def _demo_signer(path: Path, changed: int, password: str):  # type: ignore[no-untyped-def]
    from signing import demo_keys

    key, certificate = demo_keys.read(path)
    return cms.signer(certificate, (), "es256"), key
