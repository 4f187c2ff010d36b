"""Signatures by a remote service: the request is a row before it is sent, and a doubtful one is asked about first."""

import hashlib
from datetime import datetime
from typing import cast

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from signing import providers
from signing.models import SignatureRequest, SigningKey
from signing.providers.base import Doubtful, KeyPlace, SigningFault, WrongAnswer
from signing.providers.remote import RemoteProvider

State = SignatureRequest.State


def earlier_time(request_id: str) -> datetime | None:
    """The signing time of an earlier try under this id: with it the same bytes are made again."""
    return SignatureRequest.objects.filter(request_id=request_id).values_list("signing_time", flat=True).first()


def sign(key: SigningKey, place: KeyPlace, data: bytes, request_id: str, at: datetime | None = None) -> bytes:
    """The signature for this request id, from the row when the service has answered before. Raises SigningFault.

    The row is committed before the call: call it outside a transaction. Whether it is written with a first request or
    found from an earlier try decides whether the service is sent the request or asked about it.
    """
    digest = hashlib.sha256(data).hexdigest()
    first = _write_down(key, digest, request_id, at)
    row = SignatureRequest.objects.get(request_id=request_id)
    if row.digest != digest or row.key_id != key.pk:
        raise SigningFault(_("the request %(id)s stands for other bytes.") % {"id": request_id})
    if row.state == State.ANSWERED:
        return bytes(cast(bytes, row.signature))
    if row.state == State.REFUSED:
        raise WrongAnswer(_("the answer to request %(id)s was refused.") % {"id": request_id})
    remote = cast(RemoteProvider, providers.named("remote"))
    try:
        signature = (
            remote.ask_then_send(place, data, request_id) if not first else remote.send(place, data, request_id)
        )
    except SigningFault as fault:
        state = State.REFUSED if isinstance(fault, WrongAnswer) else State.DOUBTFUL
        _note(
            row, state=state if isinstance(fault, WrongAnswer | Doubtful) else State.DOUBTFUL, fault=str(fault)[:300]
        )
        raise
    _note(row, state=State.ANSWERED, signature=signature, answered_at=timezone.now(), fault="")
    return signature


def _write_down(key: SigningKey, digest: str, request_id: str, at: datetime | None) -> bool:
    """True when the row is new: nobody has asked the service under this id."""
    with transaction.atomic(durable=True):
        _row, made = SignatureRequest.objects.get_or_create(
            request_id=request_id,
            defaults={"key": key, "digest": digest, "signing_time": at, "made_at": timezone.now()},
        )
    return made


def _note(row: SignatureRequest, **facts: object) -> None:
    """Two tries at once may both be answered: they hold the same bytes' signature, and the first one stays."""
    SignatureRequest.objects.filter(pk=row.pk).exclude(state=State.ANSWERED).update(asked=row.asked + 1, **facts)
