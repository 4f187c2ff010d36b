"""An answer that can be kept: what the registry said about a number, a product or an enterprise on a day, signed.

Also the authoritative no. It says what the registry searched and what it found; "not recognised" never rests on a
spelling that nobody entered: names are compared folded, and what looks alike is named.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db.models import Q

from certificates import serial as serials
from certificates.models import Certificate
from core import vietnamese
from registry.models import PublishedEnterprise, PublishedProduct, Recognition, Status
from signing import keys, statements
from signing.models import SigningKey

NEAREST = 5


@dataclass(frozen=True)
class Question:
    """Exactly one of `number`, `product` and `enterprise` (name or tax code) is asked about, for the day `on`."""

    on: date
    number: str = ""
    product: str = ""
    enterprise: str = ""

    @property
    def kind(self) -> str:
        return "number" if self.number else "product" if self.product else "enterprise"

    @property
    def text(self) -> str:
        return self.number or self.product or self.enterprise


@dataclass(frozen=True)
class Answer:
    """`outcome`: recognised, or why not: never, not_yet, lapsed, withdrawn, replaced, mistyped. `found` are the
    recognitions that the answer rests on, `similar` the names that only look alike."""

    question: Question
    outcome: str
    found: tuple[Recognition, ...]
    similar: tuple[str, ...]

    @property
    def is_recognised(self) -> bool:
        return self.outcome == "recognised"


_WORST_FIRST = (
    (Status.VALID, "recognised"),
    (Status.REVOKED, "withdrawn"),
    (Status.REPLACED, "replaced"),
    (Status.EXPIRED, "lapsed"),
    (Status.NOT_YET, "not_yet"),
)


def answer(question: Question) -> Answer:
    """What the registry knows now about that day. Reads published rows only."""
    if question.number:
        canonical = serials.parse(question.number)
        if canonical is None:
            return Answer(question, "mistyped", (), ())
        found = _of_number(canonical)
        return Answer(question, _outcome(found, question.on), tuple(found), ())
    found, similar = _of_product(question.product) if question.product else _of_enterprise(question.enterprise)
    return Answer(question, _outcome(found, question.on), tuple(found), tuple(similar))


def _outcome(found: list[Recognition], on: date) -> str:
    known = {recognition.status(on) for recognition in found}
    return next((word for status, word in _WORST_FIRST if status in known), "never")


def _of_number(canonical: str) -> list[Recognition]:
    certificate = Certificate.objects.select_related("recognition__decision").filter(serial=canonical).first()
    return [certificate.recognition] if certificate is not None else []


def _candidates(wanted: str) -> list[Recognition]:
    """Every recognition whose names may contain the folded text: the search text of a product holds its present
    names, and only what was corrected or moved may have had others."""
    chained = Q(replaced_at__isnull=False) | Q(replaces__isnull=False)
    found = Recognition.ever.filter(Q(product__search_text__contains=wanted) | chained)
    return list(found.select_related("decision", "product__enterprise").order_by("-season_year", "-pk"))


def _of_product(name: str) -> tuple[list[Recognition], list[str]]:
    wanted = vietnamese.fold(name)
    rows = _candidates(wanted)
    same = [r for r in rows if wanted in (vietnamese.fold(r.product_name_vi), vietnamese.fold(r.product_name_en))]
    known = {r.product_id for r in same}
    alike = PublishedProduct.objects.filter(search_text__contains=wanted).exclude(pk__in=known)
    return same, list(alike.order_by("sort_key").values_list("name_vi", flat=True)[:NEAREST])


def _of_enterprise(name: str) -> tuple[list[Recognition], list[str]]:
    """By the name, or by the tax code."""
    digits = "".join(c for c in name if c.isdigit() or c == "-")
    maker = PublishedEnterprise.objects.filter(tax_code=digits).first() if len(digits) >= 10 else None
    if maker is not None:
        own = Recognition.ever.filter(product__enterprise=maker)
        return list(own.select_related("decision").order_by("-season_year", "-pk")), []
    wanted = vietnamese.fold(name)
    rows = _candidates(wanted)
    same = [
        r for r in rows if wanted in (vietnamese.fold(r.enterprise_name_vi), vietnamese.fold(r.enterprise_name_en))
    ]
    others = {r.enterprise_name_vi for r in rows} - {r.enterprise_name_vi for r in same}
    return same, sorted((one for one in others if wanted in vietnamese.fold(one)), key=vietnamese.sort_key)[:NEAREST]


def signed_answer(said: Answer, *, key: SigningKey, at: datetime) -> dict[str, Any]:
    """The answer as a signed document that somebody can keep and show. Raises Refused when the key does not sign."""
    document = {
        "type": "RegistryAnswer",
        "registry": settings.SITE_URL,
        "asked": {"kind": said.question.kind, "text": said.question.text, "on": said.question.on.isoformat()},
        "recognised": said.is_recognised,
        "outcome": said.outcome,
        "recognitions": [
            {
                "product": recognition.product_name_vi,
                "enterprise": recognition.enterprise_name_vi,
                "season": recognition.season_year,
                "decision": recognition.decision.number,
                "validFrom": recognition.valid_from.isoformat(),
                "validTo": recognition.valid_to.isoformat(),
                "status": str(recognition.status(said.question.on).value),
                "isDemo": recognition.is_demo,
            }
            for recognition in said.found
        ],
        "similar": list(said.similar),
        "answeredAt": keys.iso(at),
    }
    return statements.sign_json(document, key=key, at=at)
