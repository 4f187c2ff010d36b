"""The finder of likely conflicts, on plain facts: what rings, what does not, and how many of the planted ones."""

import random

import pytest

from evaluations.likeness import (
    AGENCY,
    MAIL_DOMAIN,
    NAME,
    PHONE,
    REPRESENTATION,
    TAX_CODE,
    Party,
    Person,
    agency_score,
    find,
    firm_domain,
)
from evaluations.vietnamese_names import ALARM, FAMILY, GIVEN, compare

# The commonest whole names of the country, as lists of pupils and voters have them.
COMMONEST = (
    "Nguyễn Văn Hùng", "Nguyễn Thị Hương", "Nguyễn Văn Tuấn", "Nguyễn Thị Hà", "Nguyễn Văn Minh",
    "Trần Văn Hùng", "Nguyễn Thị Lan", "Nguyễn Thị Thủy", "Nguyễn Văn Dũng", "Trần Thị Hương",
)  # fmt: skip


@pytest.mark.parametrize("name", COMMONEST)
def test_the_ten_commonest_names_alone_raise_no_alarm(name):
    assert compare(name, name).score < ALARM
    person = Person(1, name, "a@gmail.com")

    assert find([person], [Party(7, "0100000001", "Công ty Thử", people=frozenset({name}))]) == []


@pytest.mark.parametrize(
    ("ours", "theirs", "rings"),
    [
        ("Khuất Duy Tiến", "Khuất Duy Tiến", True),
        ("Khuất Duy Tiến", "KHUAT DUY TIEN", True),
        ("Khuất Duy Tiến", "Tien Duy Khuat", True),
        ("Khuất Duy Tiến", "Khuất Tiến", True),
        ("Đoàn Khắc Việt", "Doan Khac Viet", True),
        ("PGS. TS. Nghiêm Xuân Bách", "Ông Nghiêm Xuân Bách", True),
        ("Hoàng Thị Bích Ngà", "Hoang Thi Bich Nga", True),
        ("Trịnh Công Thịnh", "Trịnh Công Thịn", True),
        ("Nguyễn Văn Hùng", "Nguyễn Văn Hưng", False),
        ("Khuất Duy Tiến", "Khuất Duy Tiền", False),
        ("Nguyễn Văn Hùng", "Nguyễn Đức Hùng", False),
        ("Khuất Duy Tiến", "Khuất Duy Thành", False),
        ("Khuất Duy Tiến", "Phùng Duy Tiến", False),
        ("Lê Minh", "Lê Minh", False),
        ("", "", False),
        ("Tiến", "Tiến", False),
    ],
)
def test_names_are_compared_without_marks_by_what_is_seldom(ours, theirs, rings):
    assert (compare(ours, theirs).score >= ALARM) is rings
    assert compare(ours, theirs).score == compare(theirs, ours).score


def test_a_rarer_name_says_more_and_names_are_never_proof():
    common, rarer = compare("Trần Quang Hải", "Trần Quang Hải"), compare("Khuất Quang Hải", "Khuất Quang Hải")

    assert common.score < rarer.score <= 95


@pytest.mark.parametrize(
    ("address", "domain"),
    [
        ("ha@rangdong.example.vn", ""),
        ("ha@rangdong.com.vn", "rangdong.com.vn"),
        ("HA@Mail.RangDong.com.vn", "rangdong.com.vn"),
        ("ha@rangdong.vn", "rangdong.vn"),
        ("https://www.rangdong.vn/lien-he", "rangdong.vn"),
        ("ha@gmail.com", ""),
        ("ha@hn.vnn.vn", ""),
        ("ha@yahoo.com.vn", ""),
        ("ha@kip.demo", ""),
        ("ha@com.vn", ""),
        ("không phải địa chỉ", ""),
        ("", ""),
    ],
)
def test_a_mail_domain_counts_when_it_belongs_to_a_firm(address, domain):
    assert firm_domain(address) == domain


def test_hard_identifiers_ring_whatever_the_names():
    person = Person(
        1,
        "Nguyễn Văn Hùng",
        "hung@rangdong.vn",
        agency="Công ty Cổ phần Kẻ Chợ (MST 0100000002)",
        represents=frozenset({"0100000001"}),
        phones=frozenset({"+84 24 3858 4310"}),
    )
    parties = [
        Party(1, "0100000001", "Công ty A", people=frozenset({"Nguyễn Văn Hùng"}), phones=frozenset({"02438584310"})),
        Party(2, "0100000002", "Công ty Cổ phần Kẻ Chợ"),
        Party(3, "0100000003", "Công ty C", phones=frozenset({"024 3858 4310"})),
        Party(4, "0100000004", "Công ty D", emails=frozenset({"info@rangdong.vn"})),
        Party(5, "0100000005", "Công ty E", emails=frozenset({"info@gmail.com"}), phones=frozenset({"024 0000 0000"})),
    ]

    found = {(hit.party, hit.signal): hit.score for hit in find([person], parties)}

    assert found == {
        (1, REPRESENTATION): 100,
        (2, TAX_CODE): 95,
        (3, PHONE): 90,
        (4, MAIL_DOMAIN): 80,
        (2, AGENCY): found[2, AGENCY],
    }


def test_what_many_enterprises_share_is_no_sign():
    person = Person(1, "Nguyễn Văn Hùng", "hung@khucongnghiep.vn")
    parties = [
        Party(n, f"01000000{n:02d}", "Công ty", emails=frozenset({f"dn{n}@khucongnghiep.vn"})) for n in range(20)
    ]

    assert find([person], parties) == []
    assert len(find([person], parties[:3])) == 3


@pytest.mark.parametrize(
    ("agency", "enterprise", "rings"),
    [
        ("Công ty Cổ phần Rạng Đông", "Công ty TNHH MTV Rạng Đông", True),
        ("Viện Cơ khí Trần Hưng Đạo", "Công ty TNHH Cơ khí Trần Hưng Đạo", True),
        ("Sở Công Thương Hà Nội", "Công ty Cổ phần Cơ khí Hà Nội", False),
        ("Trường Đại học Bách khoa Hà Nội", "Công ty Cổ phần Điện tử Hà Nội", False),
        ("Ban Quản lý các khu công nghiệp", "Công ty Cổ phần Thương mại và Dịch vụ Việt Nam", False),
    ],
)
def test_an_agency_rings_by_the_words_that_tell_enterprises_apart(agency, enterprise, rings):
    assert (agency_score(agency, enterprise) >= 60) is rings


def _seeded(seed: int) -> tuple[list[Person], list[Party], set[tuple[int, int]], set[tuple[int, int]]]:
    """40 members and 150 dossiers of invented people; 30 conflicts planted in the ways people really write."""
    chance = random.Random(seed)
    families = ["Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Phan", "Vũ", "Đặng", "Bùi", "Đỗ", "Khuất", "Nghiêm", "Tạ"]
    middles = ["Văn", "Thị", "Đức", "Minh", "Khắc", "Quang", "Bích", "Duy", "Thế", "Mạnh"]
    givens = ["Hùng", "Hương", "Bách", "Tiến", "Tuyển", "Ngà", "Lan", "Thịnh", "Chuyên", "Vượng", "Đạt", "Liễu"]

    def name(rare: bool = False) -> str:
        family = chance.choice(["Khuất", "Nghiêm", "Đàm", "Tạ", "Quách"] if rare else families)
        given = chance.choice(["Tuyển", "Chuyên", "Vượng", "Liễu", "Bách"] if rare else givens)
        return f"{family} {chance.choice(middles)} {given}"

    def bare(text: str) -> str:
        from core.vietnamese import fold

        return fold(text).title()

    persons = [Person(n, name(), f"tv{n}@sct.gov.test") for n in range(40)]
    parties = [
        Party(
            n,
            f"01{n:08d}",
            f"Công ty {n}",
            frozenset({name()}),
            frozenset({f"0243{n:07d}"}),
            frozenset({f"a@dn{n}.vn"}),
        )
        for n in range(150)
    ]
    hard, soft = set(), set()
    for n in range(30):
        person, party = persons[n], parties[n * 5]
        way = n % 6
        if way == 0:
            person = Person(n, person.name, person.email, represents=frozenset({party.tax_code}))
        elif way == 1:
            person = Person(n, person.name, f"ai-do@mail.dn{n * 5}.vn")
        elif way == 2:
            person = Person(n, person.name, person.email, phones=frozenset({"+84 " + next(iter(party.phones))[1:]}))
        else:
            whole = name(rare=True)
            written = {3: whole, 4: bare(whole), 5: " ".join(reversed(bare(whole).split()))}[way]
            person = Person(n, whole, person.email)
            party = Party(party.key, party.tax_code, party.name, frozenset({written}), party.phones, party.emails)
        persons[n], parties[n * 5] = person, party
        (hard if way < 3 else soft).add((n, n * 5))
    return persons, parties, hard, soft


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_recall_on_a_seeded_set(seed):
    """Every hard identifier, at least nine in ten of the names, and false alarms that a person can read through."""
    persons, parties, hard, soft = _seeded(seed)

    hits = find(persons, parties)

    found = {(hit.person, hit.party) for hit in hits}
    assert hard <= found
    assert len(soft & found) >= 0.9 * len(soft)
    false = [hit for hit in hits if (hit.person, hit.party) not in hard | soft]
    assert len(false) <= 20, [(hit.ours, hit.theirs, hit.score) for hit in false]
    assert all(hit.signal == NAME for hit in false)


def test_the_same_facts_give_the_same_hits_in_the_same_order():
    persons, parties, _hard, _soft = _seeded(1)

    assert find(persons, parties) == find(list(reversed(persons)), list(reversed(parties)))


def test_the_tables_of_names_hold_shares_of_people():
    assert sum(FAMILY.values()) <= 10_000
    assert sum(GIVEN.values()) <= 10_000
