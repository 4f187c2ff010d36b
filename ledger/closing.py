"""The end of a day: a job for every day that is over, one after the other, until yesterday has its root.

The slow half reads the entries, signs and asks for a time stamp; the quick half keeps the root (ledger.actions). A
root that nobody could sign is kept unsigned and says so: the next signed one covers its days too.
"""

import base64
import logging
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from core import jobs, merkle
from core.errors import Refused
from core.models import Job
from ledger import actions, queries, statement
from ledger.models import LogRoot
from signing import keys, stamping, statements

log = logging.getLogger(__name__)

KIND = "ledger.close_day"
# For so long after midnight a signature or a time stamp that does not come is waited for, not given up.
PATIENCE = timedelta(hours=6)
# `manage.py doctor` speaks of a late root from here on.
LATE = timedelta(hours=30)


class Contradiction(Exception):
    """The entries no longer give the newest root: nothing may be signed until somebody has looked."""


def register() -> None:
    jobs.register(KIND, jobs.Kind(work=_work, finish=_finish))


@transaction.atomic
def ask(now: datetime) -> Job | None:
    """Write the next missing day down as a job; a failed one is tried again. None when yesterday has its root.

    The first root ever covers everything that happened until then.
    """
    day = queries.next_day(now)
    if day is None:
        return None
    job = jobs.enqueue(KIND, key=day.isoformat(), payload={"day": day.isoformat()})
    jobs.retry(job=job)
    return job


def _work(payload: dict[str, Any]) -> dict[str, Any] | None:
    day, now = date.fromisoformat(payload["day"]), timezone.now()
    if LogRoot.objects.filter(day=day).exists():
        return None
    newest = queries.newest()
    if newest and day != newest.day + timedelta(days=1):
        raise Contradiction(f"The newest root is that of {newest}, so the next is not that of {day}.")
    size = queries.size_at_end(day, newest)
    actions.enter_events(size=size, at=now)
    root = _root(size, newest)
    log_name = settings.SITE_URL
    previous = newest.chain_hash if newest else ""
    bare = statement.document(log=log_name, day=day, size=size, root=root, previous=previous, made_at=now)
    late = now - queries.end_of(day) > PATIENCE
    missing: dict[str, str] = {}
    signed = _or_say_why(lambda: _sign(bare, now), missing, "signature", late) or bare
    stamp = _or_say_why(lambda: _stamp(bare), missing, "time_stamp", late) or ""
    return {"signed": signed, "stamp": stamp, "missing": missing}


def _root(size: int, newest: LogRoot | None) -> str:
    """Over the entries 1..size. Raises Contradiction when they do not begin with the newest root."""
    tree = merkle.Tree()
    check_at = newest.size if newest else -1
    for seq, entry in queries.entries(1, size):
        if tree.size == check_at and newest and tree.root().hex() != newest.root:
            raise Contradiction(f"The entries no longer give the root of {newest}; run verify_audit.")
        if seq != tree.size + 1:
            break
        tree.append(merkle.leaf_hash(entry))
    if tree.size != size:
        raise Contradiction(f"Event {tree.size + 1} is missing; run verify_audit.")
    if tree.size == check_at and newest and tree.root().hex() != newest.root:
        raise Contradiction(f"The entries no longer give the root of {newest}; run verify_audit.")
    return tree.root().hex()


def _sign(bare: dict[str, Any], now: datetime) -> dict[str, Any]:
    try:
        key = keys.current("credential", now)
    except Refused as refusal:
        raise NobodyToAsk(str(refusal)) from refusal
    return statements.sign_json(bare, key=key, at=now)


def _stamp(bare: dict[str, Any]) -> str:
    token = stamping.time_stamp(bytes.fromhex(statement.chain_hash(bare)))
    if token is None:
        raise NobodyToAsk("No time stamp authority is configured.")
    return base64.b64encode(token).decode()


class NobodyToAsk(Exception):
    """No key, no authority: waiting does not help."""


def _or_say_why(ask_for: Callable[[], Any], missing: dict[str, str], name: str, late: bool) -> Any:
    """What was asked for, or None with the reason in `missing`. Raises while it is worth waiting."""
    try:
        return ask_for()
    except NobodyToAsk as error:
        missing[name] = str(error)[:500]
    except Exception as error:  # an authority that does not answer fails in many ways; the root is not lost for it
        if not late:
            raise
        log.warning("The log root has no %s: %s", name, error)
        missing[name] = f"{type(error).__name__}: {error}"[:500]
    return None


def _finish(payload: dict[str, Any], produced: dict[str, Any] | None, at: datetime) -> None:
    if produced is not None:
        actions.close_day(
            day=date.fromisoformat(payload["day"]),
            signed=produced["signed"],
            proof_of_time=produced["stamp"],
            missing=produced["missing"],
            at=at,
        )
    ask(at)


def fault() -> str | None:
    """For `manage.py doctor`: days are no longer closed."""
    newest = queries.newest()
    if newest is None:
        return None
    if timezone.now() - queries.end_of(newest.day) > LATE:
        return f"the newest daily root is that of {newest}; is the beat running? (jobs of kind {KIND})"
    return None
