"""Which credentials are no longer good, as one public list that tells nobody who asks about whom.

W3C Bitstring Status List 1.0: a bit for each place, compressed, in a signed credential. Whoever checks fetches the
whole list, so nobody learns which certificate was looked at.
"""

import base64
import gzip
from datetime import datetime, timedelta
from typing import Any

from django.db.models import F, Q

from certificates.batches import PLACES
from certificates.credential import CONTEXTS, status_list_url
from certificates.models import Batch, StatusEntry
from signing import keys, statements
from signing.models import SigningKey

# A kept copy is good for a week; a check without a network says how old it is.
KEPT_FOR = timedelta(days=7)


def revoked_places() -> list[int]:
    """The places whose bit is set: recognition revoked or replaced, certificate replaced, draft returned or superseded
    by the draft of a later batch."""
    gone = (
        Q(certificate__recognition__revoked_at__isnull=False)
        | Q(certificate__recognition__replaced_at__isnull=False)
        | Q(certificate__replaced_at__isnull=False)
        | Q(batch__state=Batch.State.RETURNED)
        | ~Q(certificate__batch=F("batch"))
    )
    return list(StatusEntry.objects.filter(gone).order_by("index").values_list("index", flat=True))


def encode(places: list[int]) -> str:
    """The list as multibase base64url of its GZIP; the first place is the leftmost bit (section 2.2). The same places
    give the same text."""
    bits = bytearray(PLACES // 8)
    for place in places:
        bits[place // 8] |= 0x80 >> place % 8
    packed = gzip.compress(bytes(bits), compresslevel=9, mtime=0)
    return "u" + base64.urlsafe_b64encode(packed).rstrip(b"=").decode()


def is_set(encoded: str, place: int) -> bool:
    """Reads one bit of a list. Raises ValueError for what is not one, or a place outside it."""
    if not encoded.startswith("u"):
        raise ValueError("not multibase base64url")
    text = encoded[1:]
    bits = gzip.decompress(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    if not 0 <= place < len(bits) * 8:
        raise ValueError("outside the list")
    return bool(bits[place // 8] & 0x80 >> place % 8)


def signed_list(*, key: SigningKey, at: datetime) -> dict[str, Any]:
    """The status list credential as of now, with its proof. Raises Refused when the key does not sign."""
    document = {
        "@context": [CONTEXTS[0]],
        "id": status_list_url(),
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": keys.controller(),
        "validFrom": keys.iso(at),
        "validUntil": keys.iso(at + KEPT_FOR),
        "credentialSubject": {
            "id": f"{status_list_url()}#list",
            "type": "BitstringStatusList",
            "statusPurpose": "revocation",
            "encodedList": encode(revoked_places()),
        },
    }
    return statements.sign_json(document, key=key, at=at)
