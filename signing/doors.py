"""What `manage.py doctor` is told about keys."""

from datetime import timedelta

from django.utils import timezone

from core import looks
from core.errors import Refused
from core.models import AuditEvent
from signing import keys
from signing.models import Purpose, SignatureRequest, SigningKey

WARN_BEFORE = timedelta(days=30)
STALE_AFTER = timedelta(hours=1)


def register() -> None:
    looks.add("signing keys", keys_look)
    looks.add("key history", history_look)
    looks.add("signature requests", requests_look)


def keys_look() -> str | None:
    """A purpose whose registered keys sign no more, or only for another month."""
    now = timezone.now()
    for purpose in Purpose.values:
        if not SigningKey.objects.filter(purpose=purpose).exists():
            continue
        try:
            key = keys.current(purpose, now)
        except Refused as refusal:
            return " ".join(refusal.reasons)
        if key.valid_to < now + WARN_BEFORE:
            return f"the key {key.kid} ends on {key.valid_to:%d/%m/%Y}; register its successor"
    return None


def history_look() -> str | None:
    """A key that came in past `actions.register` would make foreign papers look like ours."""
    events = AuditEvent.objects.filter(act="signing_key.registered").values_list("object_id", "detail__fingerprint")
    known = set(events)
    strange = [key.kid for key in SigningKey.objects.all() if (str(key.pk), key.fingerprint) not in known]
    return f"no event of the audit log registers {', '.join(strange)}" if strange else None


def requests_look() -> str | None:
    states = [SignatureRequest.State.SENDING, SignatureRequest.State.DOUBTFUL]
    count = SignatureRequest.objects.filter(state__in=states, made_at__lt=timezone.now() - STALE_AFTER).count()
    refused = SignatureRequest.objects.filter(state=SignatureRequest.State.REFUSED).count()
    if count or refused:
        return f"{count} requests to the signing service are in doubt for over an hour, {refused} answers were refused"
    return None
