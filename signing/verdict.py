"""What we answer about a file that somebody brings: one case and its sentences. Never raises on hostile bytes.

A paper is ours when its certificate stands in the key history. The time that counts is the one a time stamp proves,
else the one the signer wrote, and the words say which of the two it is.
"""

import base64
import json
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from cryptography import x509
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core import child
from signing import cms, keys, reading, stamping, trust
from signing.models import Purpose, SigningKey

LARGEST_BYTES = 10 * 1024 * 1024


class Case(StrEnum):
    INTACT = "intact"
    UNSIGNED = "unsigned"
    ALTERED = "altered"
    TRUNCATED = "truncated"
    EXTENDED = "extended"
    FOREIGN_KEY = "foreign_key"
    EXPIRED_KEY = "expired_key"
    RETIRED_KEY = "retired_key"
    NOT_A_PDF = "not_a_pdf"
    ENCRYPTED = "encrypted"
    TOO_LARGE = "too_large"


@dataclass(frozen=True)
class Verdict:
    """`signed_at` is proven when `is_proven`; `level` is one of pades.LEVELS for a signature that holds."""

    case: Case
    words: list[str] = field(default_factory=list)
    signer: str = ""
    kid: str = ""
    signed_at: datetime | None = None
    is_proven: bool = False
    level: str = ""
    covers_whole_file: bool = False


def judge(content: bytes, *, at: datetime, apart: bool = False) -> Verdict:
    """The verdict at the time `at`, in the reader's language. One query.

    `apart` reads the file in a process of its own with limits of time and memory: for uploads from the public.
    """
    if len(content) > LARGEST_BYTES:
        return Verdict(Case.TOO_LARGE, [_("The file is larger than 10 MB; no certificate of ours is.")])
    facts = _apart(content) if apart else reading.read(content)
    if facts is None:
        return Verdict(Case.NOT_A_PDF, [_("The file could not be read within the limits of time and memory.")])
    if "certificate" not in facts:
        case = Case.NOT_A_PDF if facts["state"] == reading.TOO_MANY else Case(facts["state"])
        return Verdict(case, _words_without_signature(facts["state"]))
    try:
        return _judge(facts, at)
    except (ValueError, TypeError, KeyError):
        return Verdict(Case.ALTERED, [_("The signature cannot be read: the file was changed after signing.")])


def _apart(content: bytes) -> dict[str, Any] | None:
    told = child.run(Path(reading.__file__), content)
    return None if told is None else json.loads(told)


def _words_without_signature(state: str) -> list[str]:
    return [
        {
            reading.NOT_A_PDF: _("This is not a PDF file that can be read."),
            reading.TOO_MANY: _("The file holds more than 50 versions of itself; no certificate of ours does."),
            reading.TRUNCATED: _("The file is cut off: a part at its end is missing."),
            reading.ENCRYPTED: _("The file is encrypted; our certificates never are."),
            reading.UNSIGNED: _("The file bears no electronic signature."),
            reading.ALTERED: _("The content was changed after signing, or the signature is damaged."),
        }[state]
    ]


def _judge(facts: dict[str, Any], at: datetime) -> Verdict:
    certificate = x509.load_der_x509_certificate(base64.b64decode(facts["certificate"]))
    known = SigningKey.objects.filter(fingerprint=trust.fingerprint(certificate), purpose=Purpose.PAPER).first()
    proven, stamp_words = _proven(facts)
    claimed = datetime.fromisoformat(facts["claimed"]) if facts["claimed"] else None
    signed_at = proven or claimed
    base = Verdict(
        Case.ALTERED,
        signer=trust.names(certificate),
        kid=known.kid if known else "",
        signed_at=signed_at,
        is_proven=proven is not None,
        covers_whole_file=facts["covers_whole_file"],
    )
    if facts["state"] == reading.ALTERED or (known is not None and not _is_exact(facts, known, certificate)):
        return replace(base, words=[_("The content was changed after signing, or the signature is damaged.")])
    if known is None:
        words = [
            _("The file is signed by “%(signer)s”, whose key is none of this registry.") % {"signer": base.signer}
        ]
        return replace(base, case=Case.FOREIGN_KEY, words=words)
    if facts["state"] == reading.EXTENDED or not all(_holds(stamp) for stamp in facts["archive"]):
        words = [
            _("The signed part is unchanged, but something was added to the file afterwards; that is not allowed."),
            _("Ask whoever gave you the file for the certificate as it was issued, or look its number up here."),
        ]
        return replace(base, case=Case.EXTENDED, words=words)
    if signed_at is None:
        return replace(base, words=[_("The signature names no time.")])
    fault = _key_fault(known, signed_at, is_proven=base.is_proven)
    if fault is not None:
        return replace(base, case=fault[0], words=[fault[1], *stamp_words])
    words = [_intact(base), *stamp_words]
    if at > known.valid_to:
        words.append(_("The certificate of the signer ended later, on %(day)s.") % {"day": keys.day(known.valid_to)})
    if known.is_demo:
        words.append(_("The key is for demonstration: the paper has no legal value."))
    return replace(base, case=Case.INTACT, words=words, level=_level(facts, proven))


def _is_exact(facts: dict[str, Any], key: SigningKey, certificate: x509.Certificate) -> bool:
    token = None if facts["token"] is None else base64.b64decode(facts["token"])
    return cms.is_exact(base64.b64decode(facts["container"]), certificate, keys.others_of(key), token)


def _key_fault(key: SigningKey, signed_at: datetime, *, is_proven: bool) -> tuple[Case, str] | None:
    """Retired before expired: the worse news first."""
    if key.compromised_at is not None and (signed_at >= key.compromised_at or not is_proven):
        day = {"day": keys.day(key.compromised_at)}
        if signed_at >= key.compromised_at:
            words = _("The key has been out of its owner's hands since %(day)s, before this signature.") % day
        else:
            words = _("The key has been out of hand since %(day)s; no time stamp proves an earlier signature.") % day
        return Case.RETIRED_KEY, words
    if key.retired_at is not None and signed_at > key.retired_at:
        return Case.RETIRED_KEY, _("The key was retired on %(day)s, before this signature.") % {
            "day": keys.day(key.retired_at)
        }
    if signed_at < key.valid_from:
        return Case.EXPIRED_KEY, _("The key was valid only from %(day)s, after this signature.") % {
            "day": keys.day(key.valid_from)
        }
    if signed_at > key.valid_to:
        return Case.EXPIRED_KEY, _("The key was valid until %(day)s, before this signature.") % {
            "day": keys.day(key.valid_to)
        }
    return None


def _intact(verdict: Verdict) -> str:
    facts = {"signer": verdict.signer, "moment": _moment(verdict.signed_at)}
    if verdict.is_proven:
        return (
            _("The file is unchanged since “%(signer)s” signed it; a time stamp proves the time %(moment)s.") % facts
        )
    return _("The file is unchanged since “%(signer)s” signed it; the signer gives the time %(moment)s.") % facts


def _moment(moment: datetime | None) -> str:
    return date_format(timezone.localtime(moment), "SHORT_DATETIME_FORMAT") if moment else ""


def _proven(facts: dict[str, Any]) -> tuple[datetime | None, list[str]]:
    """The time of the stamp over the signature, and a sentence when there is one that proves nothing."""
    if facts["token"] is None:
        return None, []
    try:
        token, digest = base64.b64decode(facts["token"]), bytes.fromhex(facts["signature_digest"])
        return stamping.stamped_at(token, digest), []
    except ValueError:
        return None, [_("Its time stamp proves nothing: it is damaged or not of a known authority.")]


def _level(facts: dict[str, Any], proven: datetime | None) -> str:
    if proven is None:
        return "B-B"
    if not facts["revocation"]:
        return "B-T"
    return "B-LTA" if any(_holds(stamp) for stamp in facts["archive"]) else "B-LT"


def _holds(stamp: dict[str, str]) -> bool:
    try:
        stamping.stamped_at(base64.b64decode(stamp["token"]), bytes.fromhex(stamp["digest"]))
    except ValueError:
        return False
    return True
