"""The rubric file: read, judged and turned into exact values. Pure; the format is docs/rubric-format.md.

A rubric that is not sound is refused as a whole, with every problem named by its place.
"""

import json
import tomllib
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any

PASS_RULES = (
    "total_at_least",
    "each_criterion_at_least_percent",
    "criterion_at_least",
    "ballot_share_at_least",
)
STATUSES = ("proposal", "law")
MAX_CRITERIA = 200


class UnsoundRubric(ValueError):
    """`problems` are sentences, each beginning with the place it speaks of."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        super().__init__("; ".join(problems))


@dataclass(frozen=True)
class Anchor:
    """One described level. An eliminating option ends the evaluation of the dossier: it cannot pass."""

    points: Decimal
    when_vi: str
    when_en: str
    eliminates: bool = False


@dataclass(frozen=True)
class CriterionRule:
    """One node. `anchors` by track, with "" for every other track; `free` says whether points between the
    anchors are allowed."""

    code: str
    label_vi: str
    label_en: str
    max_points: Decimal
    parent: str
    is_leaf: bool
    anchors: dict[str, tuple[Anchor, ...]]
    free: bool
    tracks: tuple[str, ...]
    scorers: tuple[str, ...]

    def anchors_for(self, track: str) -> tuple[Anchor, ...]:
        return self.anchors.get(track, self.anchors.get("", ()))

    def applies_to(self, track: str) -> bool:
        return not self.tracks or track in self.tracks


@dataclass(frozen=True)
class PassRule:
    """`value` is points, percent of the maximum, or a share between 0 and 1; `criterion` only where named."""

    type: str
    value: Fraction
    criterion: str = ""


@dataclass(frozen=True)
class Band:
    label_vi: str
    label_en: str
    from_points: Decimal


@dataclass(frozen=True)
class RubricRules:
    """All that scoring needs. `criteria` in file order, parents before children."""

    code: str
    scale_max: Decimal
    criteria: tuple[CriterionRule, ...]
    pass_rules: tuple[PassRule, ...]
    tie_rules: tuple[str, ...]
    bands: tuple[Band, ...]
    decimals: int

    def leaves(self, track: str) -> tuple[CriterionRule, ...]:
        """The criteria that receive marks on this track."""
        return tuple(c for c in self.criteria if c.is_leaf and c.applies_to(track))


def read(text: str, *, toml: bool) -> dict[str, Any]:
    """The document behind the text of a file. Raises UnsoundRubric when it is not TOML or JSON at all."""
    try:
        if toml:
            return tomllib.loads(text, parse_float=Decimal)
        document = json.loads(text, parse_float=Decimal)
    except (tomllib.TOMLDecodeError, json.JSONDecodeError, RecursionError) as error:
        raise UnsoundRubric([f"file: not readable as {'TOML' if toml else 'JSON'}: {error}"]) from error
    if not isinstance(document, dict):
        raise UnsoundRubric(["file: the outermost value must be a table (object)"])
    return document


def judge(document: dict[str, Any]) -> RubricRules:
    """The exact rules of a sound rubric. Raises UnsoundRubric with every problem found."""
    return _Judge(document).verdict()


class _Judge:
    def __init__(self, document: dict[str, Any]) -> None:
        self.document = document
        self.problems: list[str] = []
        self.criteria: list[CriterionRule] = []

    def verdict(self) -> RubricRules:
        doc = self.document
        code = self.words(doc, "code", "rubric")
        for name in ("title_vi", "title_en"):
            self.words(doc, name, "rubric")
        if doc.get("status") not in STATUSES:
            self.say("rubric", f"status must be one of {', '.join(STATUSES)}")
        scale = self.number(doc.get("scale_max"), "rubric: scale_max") or Decimal(0)
        nodes = doc.get("criteria")
        if not isinstance(nodes, list) or not nodes:
            self.say("rubric", "criteria must be a list with at least one criterion")
        else:
            self.walk(nodes, parent="", tracks=())
        self.sums(scale)
        tie_rules = self.tie_rules()
        pass_rules = self.pass_rules(scale)
        bands = self.bands(scale)
        decimals = self.decimals()
        if self.problems:
            raise UnsoundRubric(self.problems)
        return RubricRules(
            code=code,
            scale_max=scale,
            criteria=tuple(self.criteria),
            pass_rules=pass_rules,
            tie_rules=tie_rules,
            bands=bands,
            decimals=decimals,
        )

    def say(self, place: str, problem: str) -> None:
        self.problems.append(f"{place}: {problem}")

    def words(self, table: dict[str, Any], name: str, place: str) -> str:
        value = table.get(name)
        if not isinstance(value, str) or not value.strip():
            self.say(place, f"{name} is missing")
            return ""
        return value.strip()

    def number(self, value: Any, place: str) -> Decimal | None:
        if isinstance(value, bool) or not isinstance(value, int | Decimal | str | float):
            self.say(place, "must be a number")
            return None
        try:
            number = Decimal(str(value))
        except InvalidOperation:
            self.say(place, f"{value!r} is not a number")
            return None
        if not number.is_finite() or number < 0 or number != round(number, 2):
            self.say(place, f"{value} must be a number from 0 with at most two decimals")
            return None
        return number

    def walk(self, nodes: list[Any], *, parent: str, tracks: tuple[str, ...]) -> None:
        for node in nodes:
            if not isinstance(node, dict):
                self.say(f"criterion under {parent or 'the rubric'}", "must be a table (object)")
                continue
            code = str(node.get("code") or "").strip()
            place = f"criterion {code or '?'}"
            if not code:
                self.say(place, "code is missing")
            if code in {c.code for c in self.criteria}:
                self.say(place, "this code is used twice")
            if len(self.criteria) >= MAX_CRITERIA:
                self.say(place, f"more than {MAX_CRITERIA} criteria")
                return
            children = node.get("children") or []
            own_tracks = tuple(node.get("tracks") or tracks)
            most = self.number(node.get("max_points"), f"{place}: max_points") or Decimal(0)
            if most == 0:
                self.say(place, "max_points must be above 0")
            self.criteria.append(
                CriterionRule(
                    code=code,
                    label_vi=self.words(node, "label_vi", place),
                    label_en=self.words(node, "label_en", place),
                    max_points=most,
                    parent=parent,
                    is_leaf=not children,
                    anchors={} if children else self.anchors(node, place, most),
                    free=node.get("choice", "free") == "free",
                    tracks=own_tracks,
                    scorers=tuple(node.get("scorers") or ()),
                )
            )
            if node.get("choice", "free") not in ("free", "anchors"):
                self.say(place, "choice must be free or anchors")
            if node.get("choice") == "anchors" and not children and not self.criteria[-1].anchors:
                self.say(place, "choice is anchors, but there are none")
            if children:
                self.walk(children, parent=code, tracks=own_tracks)

    def anchors(self, node: dict[str, Any], place: str, most: Decimal) -> dict[str, tuple[Anchor, ...]]:
        found: dict[str, tuple[Anchor, ...]] = {}
        if node.get("anchors"):
            found[""] = self.levels(node["anchors"], place, most)
        by_track = node.get("anchors_by_track") or {}
        if not isinstance(by_track, dict):
            self.say(place, "anchors_by_track must be a table of tracks")
            return found
        for track, levels in by_track.items():
            found[track] = self.levels(levels, f"{place}, track {track}", most)
        return found

    def levels(self, levels: Any, place: str, most: Decimal) -> tuple[Anchor, ...]:
        if not isinstance(levels, list):
            self.say(place, "anchors must be a list")
            return ()
        anchors: list[Anchor] = []
        for number, level in enumerate(levels, start=1):
            where = f"{place}, level {number}"
            if not isinstance(level, dict):
                self.say(where, "must be a table (object)")
                continue
            points = self.number(level.get("points"), f"{where}: points")
            vi, en = self.words(level, "when_vi", where), self.words(level, "when_en", where)
            if points is None:
                continue
            if points > most:
                self.say(where, f"{points} points are above the maximum of {most}")
            if anchors and points <= anchors[-1].points:
                self.say(where, f"levels must rise, but {points} follows {anchors[-1].points}")
            anchors.append(Anchor(points, vi, en, bool(level.get("eliminates", False))))
        return tuple(anchors)

    def sums(self, scale: Decimal) -> None:
        tracks = {t for c in self.criteria for t in c.tracks} or {""}
        for track in sorted(tracks):
            top = [c for c in self.criteria if not c.parent and (not track or c.applies_to(track))]
            total = sum((c.max_points for c in top), Decimal(0))
            if total != scale:
                on = f" on track {track}" if track else ""
                self.say("rubric", f"the criteria{on} add up to {total}, not to scale_max {scale}")
        for node in self.criteria:
            children = [c for c in self.criteria if c.parent == node.code]
            total = sum((c.max_points for c in children), Decimal(0))
            if children and total != node.max_points:
                self.say(f"criterion {node.code}", f"its children add up to {total}, not to {node.max_points}")

    def tie_rules(self) -> tuple[str, ...]:
        rules = self.document.get("tie_rules") or []
        known = {c.code for c in self.criteria}
        for rule in rules:
            if rule not in known:
                self.say("tie_rules", f"there is no criterion {rule}")
        if len(set(rules)) != len(rules):
            self.say("tie_rules", "a criterion is named twice")
        return tuple(rules)

    def pass_rules(self, scale: Decimal) -> tuple[PassRule, ...]:
        rule = self.document.get("pass_rule") or {}
        listed = rule.get("rules", []) if isinstance(rule, dict) and rule.get("type") == "all_of" else None
        if listed is None:
            self.say("pass_rule", "must be a table of type all_of with a list of rules")
            return ()
        found = []
        for number, item in enumerate(listed, start=1):
            place = f"pass_rule {number}"
            if not isinstance(item, dict) or item.get("type") not in PASS_RULES:
                self.say(place, f"type must be one of {', '.join(PASS_RULES)}")
                continue
            try:
                value = Fraction(str(item.get("value")))
            except (ValueError, ZeroDivisionError):
                self.say(place, "value must be a number or a fraction such as 2/3")
                continue
            limit = {"total_at_least": Fraction(scale), "ballot_share_at_least": Fraction(1)}.get(
                item["type"], Fraction(100)
            )
            if not 0 <= value <= limit:
                self.say(place, f"value {item['value']} must lie between 0 and {limit}")
            criterion = str(item.get("criterion", ""))
            if item["type"] == "criterion_at_least" and criterion not in {c.code for c in self.criteria}:
                self.say(place, f"there is no criterion {criterion or '(none named)'}")
            found.append(PassRule(item["type"], value, criterion))
        return tuple(found)

    def bands(self, scale: Decimal) -> tuple[Band, ...]:
        found: list[Band] = []
        for number, item in enumerate(self.document.get("award_bands") or [], start=1):
            place = f"award_band {number}"
            if not isinstance(item, dict):
                self.say(place, "must be a table (object)")
                continue
            start = self.number(item.get("from"), f"{place}: from")
            vi, en = self.words(item, "label_vi", place), self.words(item, "label_en", place)
            if start is None:
                continue
            if start > scale:
                self.say(place, f"starts at {start}, above scale_max {scale}")
            if found and start <= found[-1].from_points:
                self.say(place, f"bands must rise, but {start} follows {found[-1].from_points}")
            found.append(Band(vi, en, start))
        return tuple(found)

    def decimals(self) -> int:
        table = self.document.get("aggregation") or {}
        if not isinstance(table, dict) or table.get("per_criterion", "mean") != "mean":
            self.say("aggregation", "per_criterion must be mean: the only method the programme's texts name")
            return 2
        if table.get("total", "sum") != "sum" or table.get("rounding", "half_up") != "half_up":
            self.say("aggregation", "total must be sum and rounding half_up")
        decimals = table.get("decimals", 2)
        if not isinstance(decimals, int) or isinstance(decimals, bool) or not 0 <= decimals <= 4:
            self.say("aggregation", "decimals must be a whole number from 0 to 4")
            return 2
        return decimals
