"""An answer that can be kept: signed, with what the register covers and what is true today."""

from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from certificates.answers import Answer, Found, Link, Scope
from registry.models import Status
from signing import keys, statements
from signing.models import SigningKey

UNTOLD = {"mistyped", "not_covered"}


def scope_words(scope: Scope | None) -> str:
    """What the register can tell of at all."""
    if scope is None:
        return _("This register holds no decision yet. Earlier recognitions were not decided in it.")
    return _(
        "This register holds the decisions since %(day)s (season %(season)s). Earlier recognitions were not decided "
        "in it; it says nothing about them."
    ) % {"day": f"{scope.first_day:%d/%m/%Y}", "season": scope.season}


def _scope_data(scope: Scope | None) -> dict[str, Any]:
    words = {}
    for language in ("vi", "en"):
        with translation.override(language):
            words[language] = scope_words(scope)
    return {
        "from": scope.first_day.isoformat() if scope else None,
        "fromSeason": scope.season if scope else None,
        "words": words,
    }


def _link_data(link: Link, status: Status) -> dict[str, Any]:
    said, paper = link.recognition, link.certificate
    return {
        "number": link.serial,
        "paperIssuedAt": keys.iso(paper.issued_at) if paper and paper.issued_at else None,
        "product": said.product_name_vi,
        "enterprise": said.enterprise_name_vi,
        "season": said.season_year,
        "decision": said.decision.number,
        "validFrom": said.valid_from.isoformat(),
        "validTo": said.valid_to.isoformat(),
        "status": str(status.value),
        "isDemo": said.is_demo,
    }


def _end_data(link: Link) -> dict[str, Any]:
    said, gone = link.recognition, link.gone_at
    return {
        "revokedAt": keys.iso(said.revoked_at) if said.revoked_at else None,
        "revokedGround": said.revoked_ground,
        "revokedDocument": said.revoked_document,
        "revokedReason": said.revoked_reason,
        "replacedAt": keys.iso(gone) if gone else None,
    }


def _found_data(one: Found, today: date) -> dict[str, Any]:
    """The day asked about, and under `today` what is true now: revoked, expired, or replaced by what."""
    now: dict[str, Any] = {"on": today.isoformat(), "status": str(one.now.value)} | _end_data(one.held)
    now["replacedBy"] = None
    if one.newest is not None and one.newest_now is not None:
        now["replacedBy"] = _link_data(one.newest, one.newest_now) | _end_data(one.newest)
    return _link_data(one.held, one.standing) | {"today": now}


def signed_answer(said: Answer, *, key: SigningKey, at: datetime) -> dict[str, Any]:
    """The answer as a signed document that somebody can keep and show. `recognised` is null where the register tells
    nothing. Raises Refused when the key does not sign."""
    document = {
        "type": "RegistryAnswer",
        "registry": settings.SITE_URL,
        "asked": {"kind": said.question.kind, "text": said.question.text, "on": said.question.on.isoformat()},
        "scope": _scope_data(said.scope),
        "recognised": None if said.outcome in UNTOLD else said.is_recognised,
        "outcome": said.outcome,
        "recognitions": [_found_data(one, said.today) for one in said.found],
        "similar": list(said.similar),
        "reported": [
            {
                "period": row.period,
                "product": row.product_name,
                "enterprise": row.enterprise_name,
                "source": row.source_url,
            }
            for row in said.reported
        ],
        "answeredAt": keys.iso(at),
    }
    return statements.sign_json(document, key=key, at=at)
