"""Why a dossier was not recognised, as sentences that each say where they come from. Pure.

What a letter tells, criterion by criterion: the exact mean and how many gave points, the quarter of the ranked
dossiers that it lies in, the described levels, what members wrote, and the evidence that the dossier did not hold.
What it never tells: who wrote what, and anything of another enterprise. Words of members stand in the order of the
alphabet, each once, apart from the points; a name in them is cut out and the sentence is flagged for the person who
approves.

Rules that are the letter's own:
- Quarter of n values with b strictly better ones: 1 + floor(4b/n), so equal values share the better quarter. Below
  `FEWEST` dossiers none is stated: it would be a rank.
- Level reached: the highest described level that is not above the mean; the next level is the lowest above it.
- A criterion folded by its condition counts 0 as on the sheet; an abstention is counted apart and never as zero.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from core import vietnamese
from core.canonical import digest
from decisions.reasons_words import LANGUAGES, QUARTERS, SENTENCES, TITLES, Words, below, day, number, without_names
from evaluations.scoring import HUNDREDTHS
from programme.rubric_file import Anchor, CriterionRule, RubricRules

FEWEST = 4


class Disagrees(ValueError):
    """The sheets that count now are not those of the result."""


# --- what goes in ---------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class MarkSaid:
    """One member's answer, without the member. `points` None: abstained."""

    points: Decimal | None
    why: str = ""
    option: int | None = None
    eliminates: bool = False


@dataclass(frozen=True)
class Lacking:
    """Evidence that was not there; with a day, evidence that had expired by then."""

    code: str
    name: Mapping[str, str]
    expired_on: date | None = None


@dataclass(frozen=True)
class CriterionFacts:
    """`total` are hundredths of `scorers` members, `others` all means of this criterion among the ranked dossiers,
    sorted, its own among them. `sheets` are the digests of the signed sheets."""

    code: str
    total: int
    scorers: int
    marks: tuple[MarkSaid, ...]
    others: "Field"
    sheets: tuple[str, ...] = ()
    lacking: tuple[Lacking, ...] = ()
    says_where: bool = True

    @property
    def mean(self) -> Fraction:
        return Fraction(self.total, self.scorers * HUNDREDTHS)


@dataclass(frozen=True)
class Facts:
    """All that a letter is made of. `hidden` are names and numbers that no sentence may carry."""

    number: str
    product: Mapping[str, str]
    enterprise: Mapping[str, str]
    year: int
    run: int
    decision: str
    decided_on: date
    rules: RubricRules
    set_code: str
    total: Fraction
    totals: "Field"
    criteria: tuple[CriterionFacts, ...]
    failed: tuple[str, ...]
    ballots_for: int
    ballots: int
    result_digest: str
    rubric_digest: str
    version_digest: str
    hidden: tuple[str, ...] = ()

    def record_digest(self) -> str:
        """What the letter was drafted from. The rubric is named by its digest; the other dossiers by the quarters."""
        apart = ("rules", "hidden", "totals", "criteria")
        plain = {k: v for k, v in vars(self).items() if k not in apart}
        plain["quarter"] = self.totals.quarter(self.total)
        plain["criteria"] = [
            {k: v for k, v in asdict(c).items() if k != "others"} | {"quarter": c.others.quarter(c.mean)}
            for c in self.criteria
        ]
        return digest(plain)


@dataclass(frozen=True)
class Field:
    """The exact values of all ranked dossiers, sorted."""

    values: tuple[Fraction, ...]

    @classmethod
    def of(cls, values: Iterable[Fraction]) -> "Field":
        return cls(tuple(sorted(values)))

    @property
    def compared(self) -> int:
        return len(self.values)

    def quarter(self, own: Fraction) -> int | None:
        """1 is the highest quarter; None among too few."""
        n = len(self.values)
        return 1 + 4 * (n - bisect_right(self.values, own)) // n if n >= FEWEST else None


# --- what comes out -------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Source:
    """Where a sentence comes from: result, sheets, rubric, dossier or decision, with criterion and digest."""

    kind: str
    criterion: str = ""
    digests: tuple[str, ...] = ()


@dataclass(frozen=True)
class Sentence:
    """`key` names it within the letter, so that an edit finds it again; `cut`: a name was taken out of it."""

    key: str
    vi: str
    en: str
    source: Source
    is_item: bool = False
    cut: bool = False


@dataclass(frozen=True)
class Section:
    key: str
    vi: str
    en: str
    sentences: tuple[Sentence, ...]


@dataclass(frozen=True)
class Row:
    """One criterion in the table of the letter; numbers as printed."""

    code: str
    vi: str
    en: str
    mean: Words
    most: Words
    quarter: int | None


@dataclass(frozen=True)
class Letter:
    rows: tuple[Row, ...]
    sections: tuple[Section, ...]

    def plain(self) -> dict[str, Any]:
        return asdict(self)


# --- levels ---------------------------------------------------------------------------------------------------
def reached(levels: Sequence[Anchor], mean: Fraction) -> Anchor | None:
    """The highest level that is not above the mean."""
    return max((a for a in levels if a.points <= mean), key=lambda a: a.points, default=None)


def next_level(levels: Sequence[Anchor], mean: Fraction) -> Anchor | None:
    """The lowest level above the mean."""
    return min((a for a in levels if a.points > mean), key=lambda a: a.points, default=None)


def chosen(levels: Sequence[Anchor], marks: Iterable[MarkSaid]) -> list[tuple[Anchor, int]]:
    """The levels on which members put the criterion, in the order of the rubric, with how many did."""
    found: Counter[int] = Counter()
    for mark in marks:
        if mark.points is None:
            continue
        places = [place for place, level in enumerate(levels) if level.points == mark.points]
        if mark.option is not None and mark.option < len(levels):
            places = [mark.option]
        if len(places) == 1:
            found[places[0]] += 1
    return [(levels[place], found[place]) for place in sorted(found)]


# --- the letter -----------------------------------------------------------------------------------------------
def compose(facts: Facts) -> Letter:
    """Raises Disagrees when the marks do not give the points of the result."""
    for one in facts.criteria:
        _check(one)
    if sum((one.mean for one in facts.criteria), Fraction(0)) != facts.total:
        raise Disagrees(facts.number)
    sections = [_opening(facts), _result(facts), *(_criterion(facts, one) for one in facts.criteria), _closing()]
    return Letter(tuple(_row(facts, one) for one in facts.criteria), tuple(sections))


def _check(one: CriterionFacts) -> None:
    given = [mark.points for mark in one.marks if mark.points is not None]
    if len(given) != one.scorers or sum(given) * HUNDREDTHS != one.total:
        raise Disagrees(one.code)


def _fill(words: Words, language: str, values: Mapping[str, Any]) -> str:
    """A value that is a mapping has its own words in each language."""
    here = {k: v[language] if isinstance(v, Mapping) else v for k, v in values.items()}
    return words[language].format_map(here)


def _say(key: str, name: str, source: Source, *, is_item: bool = False, **values: Any) -> Sentence:
    vi, en = (_fill(SENTENCES[name], language, values) for language in LANGUAGES)
    return Sentence(key, vi, en, source, is_item)


def _n(value: Fraction | Decimal | int) -> dict[str, str]:
    return {language: number(value, language) for language in LANGUAGES}


def _label(rule: CriterionRule) -> dict[str, str]:
    return {"vi": rule.label_vi, "en": rule.label_en or rule.label_vi}


def _when(level: Anchor) -> dict[str, str]:
    english = level.when_en or level.when_vi
    return {
        "vi": f"{level.case_vi}: {level.when_vi}" if level.case_vi else level.when_vi,
        "en": f"{level.case_en}: {english}" if level.case_en else english,
    }


def _section(key: str, sentences: Iterable[Sentence], title: str = "", **values: Any) -> Section:
    vi, en = (_fill(TITLES[title or key], language, values) for language in LANGUAGES)
    return Section(key, vi, en, tuple(sentences))


def _opening(facts: Facts) -> Section:
    decided = _say(
        "decided", "decided", Source("decision"), product=facts.product, enterprise=facts.enterprise,
        number=facts.number, year=facts.year, decision=facts.decision, day=day(facts.decided_on),
    )  # fmt: skip
    return _section("opening", (decided, _say("basis", "basis", _of_result(facts), run=facts.run)))


def _of_result(facts: Facts) -> Source:
    return Source("result", digests=(facts.result_digest,))


def _result(facts: Facts) -> Section:
    source, most = _of_result(facts), sum(rule.max_points for rule in facts.rules.leaves(facts.set_code))
    found = [
        _say("total", "total", source, total=_n(facts.total), most=_n(Decimal(most)), n=len(facts.criteria)),
        _quarter("quarter", "total_quarter", facts.totals, facts.total, source),
    ]
    for failed in facts.failed:
        found.append(_failure(facts, failed))
    if not facts.failed:
        found.append(_say("left_out", "left_out", Source("decision"), is_item=True))
    return _section("result", found)


def _quarter(key: str, name: str, field: Field, own: Fraction, source: Source) -> Sentence:
    quarter = field.quarter(own)
    if quarter is None:
        return _say(key, "no_quarter", source, compared=field.compared)
    return _say(key, name, source, quarter=QUARTERS[quarter - 1], compared=field.compared)


def _failure(facts: Facts, failed: str) -> Sentence:
    """One missed pass rule, as scoring names it: `type` or `type:criterion`."""
    kind, _colon, code = failed.partition(":")
    source = Source("rule", code, (facts.rubric_digest,))
    rule = facts.rules.by_code.get(code)
    label = _label(rule) if rule else {"vi": "", "en": ""}

    def say(**values: Any) -> Sentence:
        return _say(f"fails:{failed}", f"fails:{kind}", source, is_item=True, **values)

    if kind == "ballot_share_at_least":
        return say(value=facts.ballots_for, n=facts.ballots, need=str(_rule(facts, kind, code)))
    if kind == "eliminated":
        return say(code=code, label=label)
    need = _rule(facts, kind, code)
    value, percent = facts.total, need
    if rule is not None:
        under = {leaf.code for leaf in facts.rules.leaves_under(code, facts.set_code)}
        value = sum((one.mean for one in facts.criteria if one.code in under), Fraction(0))
        if kind == "each_criterion_at_least_percent":
            need = need * Fraction(rule.max_points) / 100
    shown = {language: below(value, need, language) for language in LANGUAGES}
    return say(code=code, label=label, value=shown, need=_n(need), percent=_n(percent))


def _rule(facts: Facts, kind: str, code: str) -> Fraction:
    for rule in facts.rules.pass_rules:
        named = facts.rules.named(rule.criterion, facts.set_code) if rule.criterion else None
        if rule.type == kind and (named is None or named.code == code):
            return rule.value
    return Fraction(0)


def _criterion(facts: Facts, one: CriterionFacts) -> Section:
    rule = facts.rules.by_code[one.code]
    levels = rule.anchors_for(facts.set_code)
    sheets, rubric = Source("sheets", one.code, one.sheets), Source("rubric", one.code, (facts.rubric_digest,))
    result = replace(_of_result(facts), criterion=one.code)
    key = f"c:{one.code}"
    asked, silent = len(one.marks), len(one.marks) - one.scorers
    most = _n(rule.max_points)
    found = [_say(f"{key}:points", "points", result, mean=_n(one.mean), most=most, scorers=one.scorers, asked=asked)]
    if silent:
        found.append(_say(f"{key}:abstained", "abstained", sheets, n=silent))
    found.append(_quarter(f"{key}:quarter", "quarter", one.others, one.mean, result))
    found += _levels(key, levels, one, rubric, sheets)
    found += _said(key, facts, one, sheets)
    if rule.eliminates_vi and any(mark.eliminates for mark in one.marks):
        words = {"vi": rule.eliminates_vi, "en": rule.eliminates_en or rule.eliminates_vi}
        found.append(_say(f"{key}:eliminates", "eliminates", sheets, words=words))
    found += _evidence(key, facts, one)
    found.sort(key=lambda sentence: sentence.is_item)  # as the paper has them: running text, then the items
    return _section(key, found, "criterion", code=one.code, label=_label(rule))


def _levels(
    key: str, levels: Sequence[Anchor], one: CriterionFacts, rubric: Source, sheets: Source
) -> Iterable[Sentence]:
    if not levels:
        yield _say(f"{key}:levels", "no_levels", rubric)
        return
    at, above = reached(levels, one.mean), next_level(levels, one.mean)
    if at is not None:
        yield _say(f"{key}:reached", "reached", rubric, points=_n(at.points), anchor=_when(at))
        if above is not None:
            yield _say(f"{key}:next", "next", rubric, points=_n(above.points), anchor=_when(above))
    elif above is not None:
        yield _say(f"{key}:below", "below_all", rubric, points=_n(above.points), anchor=_when(above))
    for place, (level, n) in enumerate(chosen(levels, one.marks), start=1):
        points, anchor = _n(level.points), _when(level)
        yield _say(f"{key}:chosen:{place}", "chosen", sheets, is_item=True, points=points, anchor=anchor, n=n)


def _said(key: str, facts: Facts, one: CriterionFacts, sheets: Source) -> list[Sentence]:
    """What members wrote about their points, each text once and in the order of the alphabet. Reasons of abstentions
    are the members' own affair."""
    texts = {" ".join(mark.why.split()) for mark in one.marks if mark.points is not None} - {""}
    found: dict[str, bool] = {}
    for text in texts:
        plain, cut = without_names(text, facts.hidden)
        found[plain] = found.get(plain, False) or cut
    ordered = sorted(found, key=lambda text: (vietnamese.sort_key(text), text))
    if not ordered:
        return [_say(f"{key}:said", "said_nothing", sheets)]
    return [
        replace(_say(f"{key}:said:{digest(text)[:12]}", "said", sheets, is_item=True, words=text), cut=found[text])
        for text in ordered
    ]


def _evidence(key: str, facts: Facts, one: CriterionFacts) -> Iterable[Sentence]:
    source = Source("dossier", one.code, (facts.version_digest,))
    for gap in one.lacking:
        name = "expired" if gap.expired_on else "lacking"
        until = day(gap.expired_on) if gap.expired_on else ""
        yield _say(f"{key}:{name}:{gap.code}", name, source, is_item=True, paper=gap.name, day=until)
    if not one.says_where:
        yield _say(f"{key}:nowhere", "nowhere", source, is_item=True)


def _closing() -> Section:
    source = Source("letter")
    return _section("closing", (_say("silence", "silence", source), _say("questions", "questions", source)))


def _row(facts: Facts, one: CriterionFacts) -> Row:
    rule = facts.rules.by_code[one.code]
    label = _label(rule)
    quarter = one.others.quarter(one.mean)
    return Row(one.code, label["vi"], label["en"], _n(one.mean), _n(rule.max_points), quarter)
