"""Which people may have a conflict with which dossier: hard identifiers first, then names. Pure; a person decides.

Each hit says what is alike on both sides and how much it says, from 0 to 100. Being an account of the enterprise is
certain and bars by itself (dossiers.wall); all else only asks for somebody's judgement.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from enterprises.duplicates import COMMON, FREE_MAIL, domain_of, name_key, phone_key
from evaluations.vietnamese_names import ALARM, compare

REPRESENTATION, TAX_CODE, PHONE, ADDRESS = "representation", "tax_code", "phone", "address"
MAIL_DOMAIN, NAME, AGENCY = "mail_domain", "name", "agency"
SCORES = {REPRESENTATION: 100, TAX_CODE: 95, PHONE: 90, ADDRESS: 85, MAIL_DOMAIN: 80}
AGENCY_ALARM = 60
# Names that are kept for examples belong to nobody.
_NOBODYS = re.compile(r"(?:^|\.)(?:test|demo|example|invalid|localhost|local)$|(?:^|\.)example\.[a-z.]+$")
# Below these names belong to whoever registered one: com.vn is no domain of a firm.
_SECOND_LEVEL = {"com", "net", "org", "edu", "gov", "ac", "biz", "info", "co", "int", "pro", "health"}
# Words of agencies and enterprises that tell nobody from another, folded.
_EMPTY_WORDS = (
    "so ban phong cuc vu vien truong dai hoc hoc khoa trung tam hiep hoi lien doan uy nhan dan thanh pho ha noi "
    "viet nam va cong thuong nghiep san xuat thuong mai dich vu dau tu phat trien xuat nhap khau ky thuat co khi "
    "dien tu nhua may mac thuc pham tong hop quoc te mien bac nha may xi chi nhanh van phong bo quan xa huyen "
    "thu do quoc gia group corp jsc ltd company mst"
)
_EMPTY = frozenset(_EMPTY_WORDS.split())


@dataclass(frozen=True)
class Person:
    """Somebody who would judge. `represents` are the tax codes of enterprises the person acts or acted for; `firms`
    are what else is known of those enterprises."""

    key: int
    name: str
    email: str = ""
    agency: str = ""
    represents: frozenset[str] = frozenset()
    phones: frozenset[str] = frozenset()
    addresses: frozenset[str] = frozenset()
    emails: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Party:
    """The other side: a dossier with its enterprise and its people."""

    key: int
    tax_code: str
    name: str
    people: frozenset[str] = frozenset()
    phones: frozenset[str] = frozenset()
    emails: frozenset[str] = frozenset()
    addresses: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Hit:
    """`ours` stands on the person's side, `theirs` in the dossier."""

    person: int
    party: int
    signal: str
    score: int
    ours: str
    theirs: str


def find(persons: Iterable[Person], parties: Iterable[Party]) -> list[Hit]:
    """Every hit worth showing, the surest first. Each person meets only parties that share a key with him."""
    everybody, sides = list(persons), list(parties)
    index: dict[tuple[str, str], list[tuple[Party, str]]] = defaultdict(list)
    for party in sides:
        for key, theirs in _keys_of_party(party):
            if all(known is not party or said != theirs for known, said in index[key]):
                index[key].append((party, theirs))
    hits: dict[tuple[int, int, str, str], Hit] = {}
    for person in everybody:
        for key, ours in _keys_of_person(person):
            found = index.get(key, [])
            if key[0] in (PHONE, ADDRESS, MAIL_DOMAIN) and len({party.tax_code for party, _t in found}) > COMMON:
                continue  # the number of a zone's board, the domain of a provider
            for party, theirs in found:
                if key[0] != REPRESENTATION and party.tax_code in person.represents:
                    continue  # the own enterprise is known already
                _add(hits, Hit(person.key, party.key, key[0], SCORES[key[0]], ours, theirs))
        for party in sides:
            for hit in _soft(person, party):
                _add(hits, hit)
    return sorted(hits.values(), key=lambda hit: (-hit.score, hit.person, hit.party, hit.signal, hit.theirs))


def _add(hits: dict[tuple[int, int, str, str], Hit], hit: Hit) -> None:
    key = hit.person, hit.party, hit.signal, hit.theirs
    if key not in hits or hits[key].score < hit.score:
        hits[key] = hit


# --- hard identifiers -----------------------------------------------------------------------------------
def _keys_of_person(person: Person) -> list[tuple[tuple[str, str], str]]:
    keys = [((REPRESENTATION, code), code) for code in sorted(person.represents)]
    keys += [((TAX_CODE, code[:10]), code) for code in codes_in(person.agency) if code not in person.represents]
    keys += _keyed(PHONE, person.phones, phone_key)
    keys += [((ADDRESS, one), one.partition("|")[2]) for one in sorted(person.addresses) if one]
    keys += _keyed(MAIL_DOMAIN, {person.email, *person.emails}, firm_domain)
    return keys


def _keys_of_party(party: Party) -> list[tuple[tuple[str, str], str]]:
    keys = [((REPRESENTATION, party.tax_code), party.tax_code), ((TAX_CODE, party.tax_code[:10]), party.tax_code)]
    keys += _keyed(PHONE, party.phones, phone_key)
    keys += [((ADDRESS, one), one.partition("|")[2]) for one in sorted(party.addresses) if one]
    keys += _keyed(MAIL_DOMAIN, party.emails, firm_domain)
    return keys


def _keyed(signal: str, values: Iterable[str], key_of: Callable[[str], str]) -> list[tuple[tuple[str, str], str]]:
    return [((signal, key), value) for value in sorted(values) if (key := key_of(value))]


def codes_in(text: str) -> list[str]:
    """Tax codes written in a text: ten digits, or ten and a branch."""
    return [digits[:10] for digits in re.findall(r"(?<!\d)(\d{10}(?:-?\d{3})?)(?!\d)", text)]


def firm_domain(email: str) -> str:
    """The registered domain of a mail address or web site; empty for a public provider and for names kept free."""
    written = email.strip().lower()
    host = (domain_of(written) or re.sub(r"^[a-z]+://|/.*$", "", written)).removeprefix("www.").rstrip(".")
    labels = host.split(".")
    if len(labels) < 2 or _NOBODYS.search(host):
        return ""
    deep = 3 if len(labels) > 2 and labels[-2] in _SECOND_LEVEL and len(labels[-1]) == 2 else 2
    registered = ".".join(labels[-deep:])
    if {host, registered} & FREE_MAIL or registered in {f"{one}.vn" for one in _SECOND_LEVEL}:
        return ""
    return registered


# --- names ------------------------------------------------------------------------------------------------
def _soft(person: Person, party: Party) -> list[Hit]:
    found: list[Hit] = []
    if party.tax_code in person.represents:
        return found
    for name in sorted(party.people):
        match = compare(person.name, name)
        if match.score >= ALARM:
            found.append(Hit(person.key, party.key, NAME, match.score, person.name, name))
    if person.agency and (score := agency_score(person.agency, party.name)) >= AGENCY_ALARM:
        found.append(Hit(person.key, party.key, AGENCY, score, person.agency, party.name))
    return found


def agency_score(agency: str, enterprise: str) -> int:
    """How alike an agency and an enterprise are named, by the words that tell enterprises apart."""
    ours, theirs = _telling(agency), _telling(enterprise)
    if not ours or not theirs:
        return 0
    common = ours & theirs
    if len(common) < 2 and not any(len(word) >= 6 for word in common):
        return 0  # one short syllable is chance
    return min(90, round(95 * len(common) / max(len(ours), len(theirs))))


def _telling(name: str) -> frozenset[str]:
    return frozenset(
        word for word in name_key(name).split() if word.isalpha() and len(word) > 1 and word not in _EMPTY
    )
