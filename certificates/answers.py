"""What the registry says about a number, a product or an enterprise on a day (signed: `signed_answers`).

Also the authoritative no. It says what the registry searched and what it found; "not recognised" never rests on a
spelling that nobody entered: names are compared without marks, spaces and signs, with the forms of companies by their
usual abbreviations, and what looks alike is named. It also says from which day on the register can tell anything at
all (`Scope`), and what has become of that day's truth since.
"""

import functools
import itertools
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from certificates import serial as serials
from certificates.models import Certificate
from core import vietnamese
from registry import queries
from registry.models import PublishedProduct, Recognition, ReportedRecognition, Status, end_of

NEAREST = 5
FEWEST_LETTERS = 3
_TAX_CODE = re.compile(r"(?:MST)?:?([0-9]{10}|[0-9]{13})", re.IGNORECASE)
# Forms of companies (Law on Enterprises 59/2020/QH14, articles 46, 74, 111), as people write them: one word for each.
_FORMS = (
    (re.compile(r"\b(cong ty co phan|cong ty cp|cty co phan|cty cp|c t c p|ctcp)\b"), "ctcp"),
    (re.compile(r"\b(joint stock company|joint stock co|jsc)\b"), "jsc"),
    (re.compile(r"\b(cong ty|cty) (trach nhiem huu han|tnhh)\b"), "cttnhh"),
    (re.compile(r"\b(company limited|limited liability company|co ltd|coltd|llc)\b"), "coltd"),
)
_FORM = re.compile(r"\b(ctcp|jsc|cttnhh|coltd)\b")


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
class Link:
    """One recognition of a chain under its number; the number is empty when none was drawn."""

    recognition: Recognition
    certificate: Certificate | None

    @property
    def serial(self) -> str:
        return self.certificate.serial if self.certificate else ""

    @property
    def gone_at(self) -> datetime | None:
        """When another took its place: the paper may have been issued anew while the recognition stood."""
        return self.recognition.replaced_at or (self.certificate.replaced_at if self.certificate else None)

    @property
    def is_issued(self) -> bool:
        return self.certificate is not None and self.certificate.issued_at is not None

    def status(self, on: date) -> Status:
        status, gone = self.recognition.status(on), self.gone_at
        return Status.REPLACED if gone and gone < end_of(on) and status != Status.REVOKED else status


@dataclass(frozen=True)
class Found:
    """What the answer rests on: `held` with its `standing` on the day asked about, and today's truth: its `now`, and
    the newest of its chain when that is another one, standing as `newest_now`."""

    held: Link
    standing: Status
    now: Status
    newest: Link | None
    newest_now: Status | None

    @property
    def recognition(self) -> Recognition:
        return self.held.recognition

    @property
    def has_more(self) -> bool:
        """Whether a reader of the answer must hear of something beside the standing on that day."""
        return self.newest is not None or self.now != self.standing or self.now == Status.REVOKED


@dataclass(frozen=True)
class Scope:
    """From which season and day on the register holds decisions; None while it holds none."""

    season: int
    first_day: date


@dataclass(frozen=True)
class Answer:
    """`outcome`: recognised, or why not: never, not_yet, lapsed, withdrawn, replaced, mistyped; or not_covered: the
    register tells nothing of that day. `similar` are names that only look alike, `reported` what others tell of
    earlier seasons under this very name."""

    question: Question
    today: date
    outcome: str
    scope: Scope | None
    found: tuple[Found, ...] = ()
    similar: tuple[str, ...] = ()
    reported: tuple[ReportedRecognition, ...] = ()

    @property
    def is_recognised(self) -> bool:
        return self.outcome == "recognised"


_STRONGEST_FIRST = (
    (Status.VALID, "recognised"),
    (Status.REVOKED, "withdrawn"),
    (Status.REPLACED, "replaced"),
    (Status.EXPIRED, "lapsed"),
    (Status.NOT_YET, "not_yet"),
)


def is_telling(text: str) -> bool:
    """Whether a name says enough to be looked for: marks and signs alone are in every name, two letters in most."""
    return sum(c.isalnum() for c in vietnamese.fold(text)) >= FEWEST_LETTERS


def tax_code_in(text: str) -> str | None:
    """The tax code when the whole text is one; digits inside a name are none of it."""
    whole = _TAX_CODE.fullmatch(re.sub(r"[\s.\-–]", "", unicodedata.normalize("NFKC", text)))
    if whole is None:
        return None
    digits = whole[1]
    return digits if len(digits) == 10 else f"{digits[:10]}-{digits[10:]}"


def answer(question: Question, *, today: date) -> Answer:
    """What the registry knows now about that day, and what is true `today`. Reads published rows only."""
    found: list[Found] = []
    similar: list[str] = []
    if question.number:
        canonical = serials.parse(question.number)
        if canonical is None:
            return Answer(question, today, "mistyped", _scope())
        found = _of_number(canonical, question.on, today)
    else:
        of_maker = bool(question.enterprise)
        rows, similar = _of_enterprise(question.enterprise) if of_maker else _of_product(question.product)
        found = _in_chains(rows, question.on, today, of_maker=of_maker)
    scope = _scope()
    outcome = _outcome(found, question.on, scope)
    reported = () if question.number or outcome == "recognised" else _reported(question)
    return Answer(question, today, outcome, scope, tuple(found), tuple(similar), reported)


def _outcome(found: Sequence[Found], on: date, scope: Scope | None) -> str:
    if scope is None or on < scope.first_day:
        return "not_covered"
    known = {one.standing for one in found}
    return next((word for status, word in _STRONGEST_FIRST if status in known), "never")


def _scope() -> Scope | None:
    first = queries.decisions().order_by("signed_date").first()
    return Scope(first.season_year, first.signed_date) if first is not None else None


# --- finding -------------------------------------------------------------------------------------------
def _of_number(canonical: str, on: date, today: date) -> list[Found]:
    """A number stands for its own paper; one whose product came from another maker not before it came."""
    asked = Certificate.objects.select_related("recognition").filter(serial=canonical).first()
    if asked is None:
        return []
    links = _links(_chains([asked.recognition]), asked.kind)[0]
    there = next(n for n, link in enumerate(links) if link.recognition.pk == asked.recognition_id)
    held = Link(links[there].recognition, asked)
    makers = {link.recognition.enterprise_id for link in links[min(there, _place(links, on)) : there + 1]}
    standing = held.status(on) if len(makers) == 1 else Status.NOT_YET
    return [_told(held, standing, links[-1], today)]


def _of_product(name: str) -> tuple[list[Recognition], list[str]]:
    wanted, folded = key(name), vietnamese.fold(name)
    same = [r for r in Recognition.ever.all() if wanted in (key(r.product_name_vi), key(r.product_name_en))]
    known = {r.product_id for r in same}
    others = PublishedProduct.objects.exclude(pk__in=known).order_by("sort_key")
    alike = (
        vi
        for vi, en, search in others.values_list("name_vi", "name_en", "search_text")
        if folded in search or _look_alike(name, vi, en)
    )
    return same, list(itertools.islice(alike, NEAREST))


def _of_enterprise(name: str) -> tuple[list[Recognition], list[str]]:
    """By the tax code, or by any name under which a decision named the enterprise: what else it holds is found too."""
    code = tax_code_in(name)
    if code is not None:
        return list(Recognition.ever.filter(enterprise__tax_code=code)), []
    wanted = key(name)
    rows = Recognition.ever.values_list("enterprise_id", "enterprise_name_vi", "enterprise_name_en").distinct()
    same = {pk for pk, vi, en in rows if wanted in (key(vi), key(en))}
    alike = {vi for pk, vi, en in rows if pk not in same and _look_alike(name, vi, en)}
    return list(Recognition.ever.filter(enterprise__in=same)), sorted(alike, key=vietnamese.sort_key)[:NEAREST]


@functools.lru_cache(maxsize=20_000)
def key(name: str) -> str:
    """What two spellings of one name have in common: "CTCP Dệt-kim  Hàng Đào." and "Công ty cổ phần Dệt Kim Hàng Đào"
    have the same key. A name without Latin letters and digits is its own key."""
    return _words(name).replace(" ", "") or vietnamese.fold(name)


@functools.lru_cache(maxsize=20_000)
def _bare_key(name: str) -> str:
    """The key without the form of the company."""
    return _FORM.sub("", _words(name)).replace(" ", "")


def _words(name: str) -> str:
    words = vietnamese.slug(unicodedata.normalize("NFKC", name)).replace("-", " ")
    for form, word in _FORMS:
        words = form.sub(word, words)
    return words


def _look_alike(name: str, *names: str) -> bool:
    """Whether one contains the other, the form of the company aside."""
    wanted = _bare_key(name)
    known = (_bare_key(one) for one in names if one)
    return any(min(len(wanted), len(one)) >= FEWEST_LETTERS and (wanted in one or one in wanted) for one in known)


def _reported(question: Question) -> tuple[ReportedRecognition, ...]:
    """What press and enterprises tell under this very name. It was not decided in this register."""
    wanted = key(question.text)
    field = "product_name" if question.product else "enterprise_name"
    return tuple(row for row in ReportedRecognition.objects.all() if key(getattr(row, field)) == wanted)


# --- chains --------------------------------------------------------------------------------------------
def _chains(rows: Sequence[Recognition]) -> list[list[Recognition]]:
    """The whole chains of these recognitions, each the oldest first; the newest season first."""
    wanted = {row.pk for row in rows}
    family = Recognition.ever.filter(product__in={row.product_id for row in rows})
    family = family.select_related("decision", "product", "enterprise").order_by("-season_year", "-pk")
    later = {row.replaces_id: row for row in family if row.replaces_id is not None}
    chains = []
    for row in family:
        if row.replaces_id is not None:
            continue
        chain = [row]
        while chain[-1].pk in later:
            chain.append(later[chain[-1].pk])
        if any(one.pk in wanted for one in chain):
            chains.append(chain)
    return chains


def _links(chains: Sequence[Sequence[Recognition]], kind: str) -> list[list[Link]]:
    """The same with the newest number of each recognition; one query, however many there are."""
    pks = [row.pk for chain in chains for row in chain]
    papers = {c.recognition_id: c for c in Certificate.objects.filter(recognition__in=pks, kind=kind).order_by("pk")}
    return [[Link(row, papers.get(row.pk)) for row in chain] for chain in chains]


def _in_chains(rows: Sequence[Recognition], on: date, today: date, *, of_maker: bool) -> list[Found]:
    """One for each chain: what stood in it on that day. Where the question is about the maker, a recognition that had
    passed to another one, or had not come to it yet, does not stand for it."""
    wanted = {row.pk for row in rows}
    found = []
    for links in _links(_chains(rows), Certificate.Kind.PRODUCT):
        there = _place(links, on)
        held = [n for n, link in enumerate(links) if link.recognition.pk in wanted]
        makers = {links[n].recognition.enterprise_id for n in held}
        if not of_maker or links[there].recognition.enterprise_id in makers:
            found.append(_told(links[there], links[there].recognition.status(on), links[-1], today))
        elif held[0] < there:
            last = links[max(n for n in held if n < there)]
            found.append(_told(last, Status.REPLACED, links[-1], today))
        else:
            found.append(_told(links[held[0]], Status.NOT_YET, links[-1], today))
    return found


def _place(links: Sequence[Link], on: date) -> int:
    """Where in the chain that day fell: after all that had been replaced by then."""
    moment = end_of(on)
    gone = (n for n, link in enumerate(links) if not ((at := link.recognition.replaced_at) and at < moment))
    return next(gone)


def _told(held: Link, standing: Status, newest: Link, today: date) -> Found:
    other = newest if newest != held else None
    return Found(held, standing, held.status(today), other, newest.status(today) if other else None)
