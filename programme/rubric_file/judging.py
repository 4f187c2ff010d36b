"""A document becomes exact rules, or is refused as a whole with every problem named by its place. Pure."""

import re
from decimal import Decimal
from fractions import Fraction
from typing import Any

from programme.rubric_file.criteria import CriteriaJudge
from programme.rubric_file.fields import Fields, decimal_of
from programme.rubric_file.problems import Place, UnsoundRubric
from programme.rubric_file.reading import bad_texts
from programme.rubric_file.rules import VOTE, BallotOption, Band, PassRule, RubricRules, RubricSet
from programme.tracks import TRACKS

PASS_RULES = (
    "total_at_least",
    "each_criterion_at_least_percent",
    "criterion_at_least",
    "ballot_share_at_least",
)
STATUSES = ("proposal", "law", "reference")
CUTS = ("admit", "refer")
MAX_SETS = 60
RUBRIC_KEYS = (
    *("format", "code", "title_vi", "title_en", "status", "status_note", "scale_max", "criteria", "sets", "cut"),
    *("pass_rule", "tie_rules", "award_bands", "aggregation", "ballot", "note_vi", "note_en"),
    *("source", "source_url", "legal_document", "issuer", "valid_from", "valid_to", "completeness", "inferred"),
)
AGGREGATION_KEYS = ("per_criterion", "total", "decimals", "rounding", "basis")
CODE = re.compile(r"[\w.-]+")
RUBRIC = Place("rubric")


def judge(document: dict[str, Any]) -> RubricRules:
    """The exact rules of a sound rubric. Raises UnsoundRubric with every problem found."""
    return _Judge(document).verdict()


class _Judge(Fields):
    def __init__(self, document: dict[str, Any]) -> None:
        super().__init__()
        self.document = document
        self.criteria = CriteriaJudge(self, ())

    def verdict(self) -> RubricRules:
        doc = self.document
        self.strict = self.format_of(doc) == 2
        for path in bad_texts(doc):
            self.say(Place("rubric", path=path), "bad_text", name=".".join(map(str, path)))
        self.keys(doc, RUBRIC_KEYS, RUBRIC)
        code = self.words(doc, "code", RUBRIC, 40)
        if self.strict and code and not CODE.fullmatch(code):
            self.say(RUBRIC.at("code"), "code_shape")
        for name in ("title_vi", "title_en"):
            self.words(doc, name, RUBRIC, 200)
        if doc.get("status") not in STATUSES:
            self.say(RUBRIC.at("status"), "one_of", name="status", choices=", ".join(STATUSES))
        if not isinstance(doc.get("status_note", ""), str):
            self.say(RUBRIC.at("status_note"), "missing", name="status_note")
        scale = self.number(doc.get("scale_max"), RUBRIC, "scale_max") or Decimal(0)
        sets = self.sets()
        self.criteria = CriteriaJudge(self, sets)
        self.criteria.read(doc.get("criteria"))
        self.criteria.sums(scale)
        tie_rules = self.tie_rules()
        pass_rules = self.pass_rules(scale)
        bands = self.bands(scale)
        decimals = self.decimals()
        cut = doc.get("cut", CUTS[0])
        if cut not in CUTS:
            self.say(RUBRIC.at("cut"), "one_of", name="cut", choices=", ".join(CUTS))
        ballot = self.ballot(pass_rules)
        if self.found:
            raise UnsoundRubric(self.found)
        return RubricRules(
            code=code,
            scale_max=scale,
            criteria=tuple(self.criteria.criteria),
            pass_rules=pass_rules,
            tie_rules=tie_rules,
            bands=bands,
            decimals=decimals,
            sets=sets,
            cut=cut,
            ballot=ballot,
            closed_tracks=self.criteria.closed_tracks(scale),
        )

    def format_of(self, doc: dict[str, Any]) -> int:
        """1 passes over keys it does not know, as it always did; 2 refuses them."""
        value = doc.get("format", 1)
        if isinstance(value, bool) or value not in (1, 2):
            self.say(RUBRIC.at("format"), "format")
            return 1
        return int(value)

    # --- sets -------------------------------------------------------------------------------------------------
    def sets(self) -> tuple[RubricSet, ...]:
        found: list[RubricSet] = []
        for number, table in self.tables(self.document.get("sets"), RUBRIC, "sets", MAX_SETS):
            code = str(table.get("code") or "").strip()
            place = Place("set", {"code": code or "?"}, ("sets", number))
            self.keys(table, ("code", "label_vi", "label_en", "tracks", "sectors", "basis"), place)
            if not code:
                self.say(place.at("code"), "missing", name="code")
            elif not CODE.fullmatch(code):
                self.say(place.at("code"), "code_shape")
            elif code in {s.code for s in found}:
                self.say(place.at("code"), "set_twice")
            if len(code) > 12:
                self.say(place.at("code"), "too_long", name="code", length=len(code), limit=12)
            tracks = self.names(table.get("tracks"), place, "tracks")
            for track in tracks:
                if track not in TRACKS:
                    self.say(place.at("tracks"), "track_unknown", group=track)
            one = RubricSet(
                code=code,
                label_vi=self.words(table, "label_vi", place, 200),
                label_en=self.words(table, "label_en", place, 200),
                tracks=tracks,
                sectors=self.names(table.get("sectors"), place, "sectors"),
            )
            for earlier in found:
                if _covers(earlier.tracks, one.tracks) and _covers(earlier.sectors, one.sectors):
                    self.say(place, "set_unreachable", earlier=earlier.code)
                    break
            found.append(one)
        return tuple(found)

    # --- rules ------------------------------------------------------------------------------------------------
    def known(self, code: str, place: Place) -> list[Decimal]:
        """The maxima of the criterion a rule names, in each set; says where there is none."""
        by_code = {c.code: c for c in self.criteria.criteria}
        if not self.criteria.sets:
            if code not in by_code:
                self.say(place, "no_criterion", code=code or "?")
            return [by_code[code].max_points] if code in by_code else []
        most = []
        lacking = []
        for group in self.criteria.set_codes:
            names = (f"{group}.{code}", code)
            node = next((by_code[n] for n in names if n in by_code and by_code[n].applies_to(group)), None)
            if node is None:
                lacking.append(group)
            else:
                most.append(node.max_points)
        if not most:
            self.say(place, "no_criterion", code=code or "?")
        for group in lacking if most else ():
            self.say(place, "not_in_set", code=code, group=group)
        return most

    def tie_rules(self) -> tuple[str, ...]:
        place = Place("tie", path=("tie_rules",))
        value = self.document.get("tie_rules")
        if value is not None and not isinstance(value, list):
            self.say(place, "list", name="tie_rules")
            return ()
        rules: list[str] = []
        for number, item in enumerate(self.listed(value, place, "tie_rules")):
            rule, where = str(item).strip(), Place("tie", path=("tie_rules", number))
            if rule in rules:
                self.say(where, "tie_twice")
            if rule == VOTE:
                if number != len(value or ()) - 1:
                    self.say(where, "vote_last")
            else:
                self.known(rule, where)
            rules.append(rule)
        return tuple(rules)

    def pass_rules(self, scale: Decimal) -> tuple[PassRule, ...]:
        place = Place("pass", path=("pass_rule",))
        rule = self.document.get("pass_rule") or {}
        listed = rule.get("rules", []) if isinstance(rule, dict) and rule.get("type") == "all_of" else None
        if not isinstance(listed, list):
            self.say(place, "pass_shape")
            return ()
        self.keys(rule, ("type", "rules", "basis", "note_vi", "note_en"), place)
        found = []
        for number, item in enumerate(self.listed(listed, place, "rules")):
            where = Place("pass_rule", {"number": str(number + 1)}, ("pass_rule", "rules", number))
            if not isinstance(item, dict) or item.get("type") not in PASS_RULES:
                self.say(where.at("type"), "one_of", name="type", choices=", ".join(PASS_RULES))
                continue
            self.keys(item, ("type", "value", "criterion", "basis"), where)
            criterion = str(item.get("criterion") or "").strip()
            limit = {"total_at_least": Fraction(scale), "ballot_share_at_least": Fraction(1)}.get(
                item["type"], Fraction(100)
            )
            if item["type"] == "criterion_at_least":
                most = self.known(criterion, where.at("criterion"))
                limit = Fraction(min(most, default=scale))
            value = self.fraction(item.get("value"), where)
            if value is None:
                continue
            if not 0 <= value <= limit:
                self.say(where.at("value"), "between", value=item["value"], limit=decimal_of(limit))
            found.append(PassRule(item["type"], value, criterion))
        return tuple(found)

    def bands(self, scale: Decimal) -> tuple[Band, ...]:
        found: list[Band] = []
        for number, item in enumerate(self.listed(self.document.get("award_bands"), RUBRIC, "award_bands")):
            place = Place("band", {"number": str(number + 1)}, ("award_bands", number))
            if not isinstance(item, dict):
                self.say(place, "table")
                continue
            self.keys(item, ("label_vi", "label_en", "from", "note_vi", "note_en", "basis"), place)
            start = self.number(item.get("from"), place, "from")
            vi, en = self.words(item, "label_vi", place, 100), self.words(item, "label_en", place, 100)
            note = self.note(item, "note", place)
            if start is None:
                continue
            if start > scale:
                self.say(place.at("from"), "above_scale", points=start, scale=scale)
            if found and start <= found[-1].from_points:
                self.say(place.at("from"), "bands_rise", points=start, before=found[-1].from_points)
            found.append(Band(vi, en, start, *note))
        return tuple(found)

    def ballot(self, pass_rules: tuple[PassRule, ...]) -> tuple[BallotOption, ...]:
        """The words of the ballot; without them a ballot is yes or no."""
        table, place = self.document.get("ballot"), Place("ballot", path=("ballot",))
        if table is None:
            return ()
        if not isinstance(table, dict):
            self.say(place, "table")
            return ()
        self.keys(table, ("options", "basis"), place)
        options = []
        for number, item in self.tables(table.get("options"), place, "options"):
            where = place.at("options", number)
            self.keys(item, ("label_vi", "label_en", "in_favour", "basis"), where)
            words = self.words(item, "label_vi", where, 200), self.words(item, "label_en", where, 200)
            options.append(BallotOption(*words, self.flag(item, "in_favour", where)))
        if not any(option.in_favour for option in options):
            self.say(place, "ballot_needed")
        elif all(option.in_favour for option in options):
            self.say(place, "ballot_no_against")
        if not any(rule.type == "ballot_share_at_least" for rule in pass_rules):
            self.say(place, "ballot_unused")
        return tuple(options)

    def decimals(self) -> int:
        place = Place("aggregation", path=("aggregation",))
        table = self.document.get("aggregation") or {}
        if not isinstance(table, dict) or table.get("per_criterion", "mean") != "mean":
            self.say(place, "mean_only")
            return 2
        self.keys(table, AGGREGATION_KEYS, place)
        if table.get("total", "sum") != "sum" or table.get("rounding", "half_up") != "half_up":
            self.say(place, "sum_only")
        decimals = table.get("decimals", 2)
        if not isinstance(decimals, int) or isinstance(decimals, bool) or not 0 <= decimals <= 4:
            self.say(place.at("decimals"), "decimals")
            return 2
        return decimals


def _covers(earlier: tuple[str, ...], later: tuple[str, ...]) -> bool:
    """Does a set that takes `earlier` (nothing named: any) leave nothing of `later`?"""
    return not earlier or (bool(later) and set(later) <= set(earlier))
