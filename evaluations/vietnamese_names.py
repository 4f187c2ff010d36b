"""How much two Vietnamese names of people say about being one person. Pure.

The order is family, middle, given. Marks are taken off (đ is d), so that a name typed without them is found; where
both are written with marks and the marks differ they are two names (Hùng is not Hưng). A part counts by how seldom it
is: four in ten Vietnamese are Nguyễn, so that says almost nothing. The evidence is added up in bits, the logarithm of
"one in so many", and becomes a score from 0 to 100.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest
from math import log2

from core.vietnamese import fold, nfc

# Share of the people who bear it, in hundredths of a per cent; rounded, after published surveys of family names and
# of lists of pupils. Only the order of magnitude matters. What is not listed is rare.
FAMILY = {
    "nguyen": 3800, "tran": 1100, "le": 950, "pham": 710, "hoang": 300, "huynh": 210, "phan": 450, "vu": 240,
    "vo": 150, "dang": 210, "bui": 200, "do": 140, "ho": 130, "ngo": 130, "duong": 100, "ly": 50, "dinh": 90,
    "trinh": 70, "dao": 70, "doan": 60, "truong": 80, "mai": 50, "lam": 40, "ha": 40, "cao": 40, "luong": 50,
    "luu": 40, "ta": 30, "to": 20, "chu": 30, "thai": 30, "quach": 15, "kieu": 15, "nghiem": 12, "vuong": 20,
    "la": 15, "phung": 40, "tang": 15, "dam": 15, "tong": 15,
}  # fmt: skip
MIDDLE = {
    "van": 2500, "thi": 3500, "duc": 500, "minh": 450, "thanh": 500, "ngoc": 500, "quang": 400, "xuan": 300,
    "huu": 300, "thu": 350, "cong": 200, "dinh": 250, "hong": 300, "kim": 200, "anh": 200, "quoc": 250,
    "manh": 150, "viet": 150, "tuan": 150, "hoang": 250, "trong": 100, "the": 100, "tien": 100, "dang": 50,
    "khac": 40, "bich": 100, "phuong": 200, "thuy": 200, "my": 80, "hai": 150, "nhu": 60, "gia": 80, "bao": 80,
    "ba": 80, "duy": 150,
}  # fmt: skip
GIVEN = {
    "anh": 450, "hung": 250, "dung": 280, "tuan": 250, "minh": 250, "hai": 230, "long": 150, "nam": 160,
    "son": 180, "thanh": 200, "cuong": 150, "duc": 150, "quang": 120, "huy": 170, "binh": 150, "tung": 130,
    "hoa": 180, "huong": 220, "lan": 180, "linh": 250, "trang": 220, "ha": 250, "thu": 130, "hang": 170,
    "mai": 130, "nga": 120, "nhung": 100, "thao": 160, "ngoc": 170, "yen": 110, "phuong": 220, "hong": 160,
    "thuy": 200, "oanh": 70, "hien": 150, "hanh": 120, "van": 120, "tam": 100, "phuc": 80, "khanh": 100,
    "kien": 80, "trung": 140, "hieu": 140, "thang": 140, "loan": 90, "giang": 110, "ly": 80, "dat": 90,
    "vinh": 90, "toan": 90, "hoang": 110, "viet": 80, "chi": 70, "my": 60, "uyen": 60, "khoa": 50, "lam": 60,
    "tien": 80, "chung": 50, "tu": 60, "duy": 60, "quan": 70, "hoai": 40, "bac": 40, "hau": 40,
}  # fmt: skip
RARE_FAMILY, RARE_MIDDLE, RARE_GIVEN = 4, 25, 25
WHOLE = 10_000
# So much evidence is as sure as names can be; they never are quite sure.
FULL_BITS = 22.0
MOST = 95
# One in nine thousand: below it a season of strangers would ring too often.
ALARM = 60
_TITLES = re.compile(
    r"^(?:(?:ong|ba|anh|chi|gs|pgs|ts|ths|ks|cn|bs|dr|mr|mrs|ms|tskh|kts)\.?\s+|(?:gs|pgs|ts|ths|ks|tskh|kts)\.)+",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Part:
    """One part that both names have: which (family, middle, given), and how common it is."""

    token: str
    place: str
    bits: float

    @property
    def is_common(self) -> bool:
        return self.bits < 6


@dataclass(frozen=True)
class NameMatch:
    """`score` and what it rests on. `marks`: same, missing (one side is written without) or different."""

    score: int
    parts: tuple[Part, ...] = ()
    marks: str = "same"
    is_reordered: bool = False
    has_slip: bool = False
    lacks_middle: bool = False


NO_MATCH = NameMatch(0)


def words_of(name: str) -> list[str]:
    """The words of a name without academic titles and forms of address."""
    cleaned = nfc(name)
    folded = fold(cleaned)
    cut = _TITLES.match(folded)
    kept = cleaned[cut.end() :] if cut and len(folded) == len(cleaned) else cleaned
    return [word for word in re.split(r"[\s.,;()/-]+", kept) if word]


def compare(ours: str, theirs: str) -> NameMatch:
    """How much speaks for one person behind both names. Family and given name must agree, give or take a slip."""
    first, second = words_of(ours), words_of(theirs)
    if len(first) < 2 or len(second) < 2:
        return NO_MATCH
    straight = _aligned(first, second)
    turned = _aligned(first, [*second[1:], second[0]]), _aligned(first, [*reversed(second)])
    return max((straight, *(_turned(match) for match in turned)), key=lambda match: match.score)


def _turned(match: NameMatch) -> NameMatch:
    """Given name first, as on an English page: a little less sure."""
    if not match.score:
        return match
    return NameMatch(match.score * 9 // 10, match.parts, match.marks, True, match.has_slip, match.lacks_middle)


def _aligned(first: Sequence[str], second: Sequence[str]) -> NameMatch:
    ours, theirs = [fold(w) for w in first], [fold(w) for w in second]
    family, family_slip = _same(ours[0], theirs[0])
    given, given_slip = _same(ours[-1], theirs[-1])
    if not family or not given or (family_slip and given_slip):
        return NO_MATCH
    parts = [
        Part(ours[0], "family", _bits(FAMILY, ours[0], RARE_FAMILY) * (0.5 if family_slip else 1)),
        Part(ours[-1], "given", _bits(GIVEN, ours[-1], RARE_GIVEN) * (0.5 if given_slip else 1)),
    ]
    slip, against, lacks = family_slip or given_slip, 0.0, False
    for mine, other in zip_longest(ours[1:-1], theirs[1:-1]):
        if mine is None or other is None:
            lacks, against = True, against + 1.5
            continue
        same, slipped = _same(mine, other)
        if not same:
            return NO_MATCH  # Nguyễn Văn Hùng is not Nguyễn Đức Hùng
        slip = slip or slipped
        parts.append(Part(mine, "middle", _bits(MIDDLE, mine, RARE_MIDDLE) * (0.5 if slipped else 1)))
    bits = sum(part.bits for part in parts) - against
    score = min(MOST, round(100 * bits / FULL_BITS))
    marks = _marks(first, second)
    if marks == "different":
        score //= 2
    elif marks == "missing":
        score = score * 9 // 10
    return NameMatch(max(0, score), tuple(parts), marks, False, slip, lacks)


def _bits(shares: dict[str, int], token: str, rare: int) -> float:
    return log2(WHOLE / shares.get(token, rare))


def _same(one: str, other: str) -> tuple[bool, bool]:
    """(the same part, with a slip of one letter). Short parts leave no room for a slip."""
    if one == other:
        return True, False
    if min(len(one), len(other)) < 4 or abs(len(one) - len(other)) > 1:
        return False, False
    return (True, True) if _one_edit(one, other) else (False, False)


def _one_edit(one: str, other: str) -> bool:
    """One letter changed, added, left out, or two neighbours swapped."""
    if len(one) > len(other):
        one, other = other, one
    place = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), len(one))
    if len(one) == len(other):
        changed = one[place + 1 :] == other[place + 1 :]
        swapped = one[place : place + 2] == other[place : place + 2][::-1] and one[place + 2 :] == other[place + 2 :]
        return changed or swapped
    return one[place:] == other[place + 1 :]


def _marks(first: Sequence[str], second: Sequence[str]) -> str:
    """Do the marks agree? A side without any is a side whose keyboard had none."""
    ours, theirs = " ".join(first).lower(), " ".join(second).lower()
    if fold(ours) == ours or fold(theirs) == theirs:
        return "same" if ours == theirs else "missing"
    pairs = {fold(word): word.lower() for word in first}
    differ = any(fold(word) in pairs and pairs[fold(word)] != word.lower() for word in second)
    return "different" if differ else "same"
