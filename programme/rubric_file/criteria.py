"""The tree of criteria: read from the file, then checked as a whole. Pure."""

import re
from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from typing import Any

from programme.rubric_file.fields import Fields
from programme.rubric_file.problems import Path, Place, Signed
from programme.rubric_file.rules import VOTE, Anchor, Condition, CriterionRule, RubricSet
from programme.tracks import TRACKS

MAX_CRITERIA = 200
MAX_CRITERIA_IN_SETS = 400
MAX_LEVELS = 6
CODE_LENGTH = 20
LABEL_LENGTH = 300
KEYS = (
    *("code", "label_vi", "label_en", "max_points", "children", "tracks", "sets", "scorers", "condition", "choice"),
    *("anchors", "anchors_by_track", "anchors_by_set", "eliminates_vi", "eliminates_en"),
    *("justify_below", "justify_above", "note_vi", "note_en", "basis", "input"),
)
LEAF_KEYS = (
    "anchors",
    "anchors_by_track",
    "anchors_by_set",
    "choice",
    "eliminates_vi",
    "justify_below",
    "justify_above",
)
ANCHOR_KEYS = ("points", "when_vi", "when_en", "eliminates", "case_vi", "case_en", "basis")
CODE_SHAPE = re.compile(r"[\w.+-]+")


class CriteriaJudge:
    """Fills `criteria`, in file order with parents before children, and says what is wrong with them."""

    def __init__(self, fields: Fields, sets: tuple[RubricSet, ...]) -> None:
        self.fields = fields
        self.sets = sets
        self.set_codes = tuple(s.code for s in sets)
        self.criteria: list[CriterionRule] = []
        self.places: list[Place] = []
        self.known: set[str] = set()
        self.limit = MAX_CRITERIA_IN_SETS if sets else MAX_CRITERIA

    def read(self, nodes: Any) -> None:
        if not isinstance(nodes, list) or not nodes:
            self.fields.say(Place("rubric", path=("criteria",)), "no_criteria")
            return
        self._walk(nodes, parent=None, path=("criteria",), level=1)
        self._conditions()

    # --- one node ---------------------------------------------------------------------------------------------
    def _walk(self, nodes: list[Any], *, parent: CriterionRule | None, path: Path, level: int) -> None:
        for number, node in enumerate(nodes):
            here = (*path, number)
            if not isinstance(node, dict):
                above = Place("under", {"code": parent.code}, here) if parent else Place("top", path=here)
                self.fields.say(above, "table")
                continue
            code = str(node.get("code") or "").strip()
            place = Place("criterion", {"code": code or "?"}, here)
            if len(self.criteria) >= self.limit:
                self.fields.say(place, "criteria_many", limit=self.limit)
                return
            if level > MAX_LEVELS:
                self.fields.say(place, "deep", limit=MAX_LEVELS)
                return
            self._code(code, place)
            self._node(node, code, place, parent, level)

    def _code(self, code: str, place: Place) -> None:
        if not code:
            self.fields.say(place.at("code"), "missing", name="code")
        elif code in self.known:
            self.fields.say(place.at("code"), "code_twice")
        elif code == VOTE:
            self.fields.say(place.at("code"), "code_reserved")
        elif self.fields.strict and not CODE_SHAPE.fullmatch(code):
            self.fields.say(place.at("code"), "code_shape")
        if len(code) > CODE_LENGTH:
            self.fields.say(place.at("code"), "too_long", name="code", length=len(code), limit=CODE_LENGTH)
        self.known.add(code)

    def _node(self, node: dict[str, Any], code: str, place: Place, parent: CriterionRule | None, level: int) -> None:
        fields = self.fields
        fields.keys(node, KEYS, place)
        children = fields.listed(node.get("children"), place, "children", limit=self.limit)
        most = fields.number(node.get("max_points"), place, "max_points") or Decimal(0)
        if most == 0:
            fields.say(place.at("max_points"), "max_zero")
        choice = node.get("choice", "free")
        if choice not in ("free", "anchors"):
            fields.say(place.at("choice"), "choice")
        for key in LEAF_KEYS if children and fields.strict else ():
            if node.get(key):
                fields.say(place.at(key), "leaf_only", name=key)
        label_vi = fields.words(node, "label_vi", place, LABEL_LENGTH)
        label_en = fields.words(node, "label_en", place, LABEL_LENGTH)
        eliminates = ("", "") if children else fields.pair(node, "eliminates", place, LABEL_LENGTH)
        note = fields.note(node, "note", place)
        rule = CriterionRule(
            code=code,
            label_vi=label_vi,
            label_en=label_en,
            max_points=most,
            parent=parent.code if parent else "",
            is_leaf=not children,
            anchors={} if children else self._anchors(node, place, most),
            free=choice == "free",
            sets=self._sets(node, place, parent),
            scorers=fields.names(node.get("scorers"), place, "scorers"),
            condition=self._condition(node, place, parent),
            eliminates_vi=eliminates[0],
            eliminates_en=eliminates[1],
            justify_below=None if children else self._justify(node, "justify_below", place, most),
            justify_above=None if children else self._justify(node, "justify_above", place, most),
            note_vi=note[0],
            note_en=note[1],
        )
        below, above = rule.justify_below, rule.justify_above
        if below is not None and above is not None and below > above:
            fields.say(place.at("justify_below"), "justify_crossed", below=below, above=above)
        if choice == "anchors" and not children and not rule.anchors:
            fields.say(place.at("anchors"), "choice_empty")
        self.criteria.append(rule)
        self.places.append(place)
        if children:
            self._walk(children, parent=rule, path=(*place.path, "children"), level=level + 1)

    def _justify(self, node: dict[str, Any], name: str, place: Place, most: Decimal) -> Decimal | None:
        points = self.fields.optional_number(node, name, place)
        if points is not None and points > most:
            self.fields.say(place.at(name), "above_max", points=points, most=most)
        return points

    def _sets(self, node: dict[str, Any], place: Place, parent: CriterionRule | None) -> tuple[str, ...]:
        """Where it counts: what it names, or what the criterion above it names."""
        inherited = parent.sets if parent else ()
        name, other = ("sets", "tracks") if self.sets else ("tracks", "sets")
        if node.get(other):
            self.fields.say(place.at(other), "set_not_track" if self.sets else "set_without_sets", name=other)
        own = self.fields.names(node.get(name), place, name)
        known = self.set_codes if self.sets else tuple(TRACKS)
        for group in own:
            if group not in known:
                self.fields.say(place.at(name), "set_unknown" if self.sets else "track_unknown", group=group)
            elif inherited and group not in inherited and self.fields.strict:
                self.fields.say(place.at(name), "set_outside", group=group)
        return own or inherited

    def _condition(self, node: dict[str, Any], place: Place, parent: CriterionRule | None) -> Condition | None:
        inherited = parent.condition if parent else None
        table = node.get("condition")
        if table is None:
            return inherited
        place = place.at("condition")
        if not isinstance(table, dict) or not str(table.get("criterion") or "").strip():
            self.fields.say(place, "condition_shape")
            return inherited
        self.fields.keys(table, ("criterion", "at_least"), place)
        if inherited:
            self.fields.say(place, "condition_twice")
        points = self.fields.number(table.get("at_least"), place, "at_least")
        if points is None:
            return inherited
        if points == 0:
            self.fields.say(place.at("at_least"), "condition_zero")
        return Condition(str(table["criterion"]).strip(), points)

    # --- levels -----------------------------------------------------------------------------------------------
    def _anchors(self, node: dict[str, Any], place: Place, most: Decimal) -> dict[str, tuple[Anchor, ...]]:
        found: dict[str, tuple[Anchor, ...]] = {}
        rising = node.get("choice", "free") != "anchors"
        if node.get("anchors"):
            found[""] = self._levels(node["anchors"], place.at("anchors"), most, rising=rising, group="")
        name, other = ("anchors_by_set", "anchors_by_track") if self.sets else ("anchors_by_track", "anchors_by_set")
        if node.get(other):
            self.fields.say(place.at(other), "set_not_track" if self.sets else "set_without_sets", name=other)
        by_group = node.get(name) or {}
        if not isinstance(by_group, dict):
            self.fields.say(place.at(name), "table")
            return found
        known = self.set_codes if self.sets else tuple(TRACKS)
        for group, levels in by_group.items():
            where = place.at(name, group)
            if group not in known:
                self.fields.say(where, "set_unknown" if self.sets else "track_unknown", group=group)
            found[group] = self._levels(levels, where, most, rising=rising, group=group)
        return found

    def _levels(self, levels: Any, place: Place, most: Decimal, *, rising: bool, group: str) -> tuple[Anchor, ...]:
        fields = self.fields
        if not isinstance(levels, list):
            fields.say(place, "list", name=str(place.path[-1]))
            return ()
        anchors: list[Anchor] = []
        for number, level in enumerate(fields.listed(levels, place, str(place.path[-1]))):
            params = dict(place.params) | {"number": str(number + 1)} | ({"group": group} if group else {})
            where = Place("level_of" if group else "level", params, (*place.path, number))
            if not isinstance(level, dict):
                fields.say(where, "table")
                continue
            fields.keys(level, ANCHOR_KEYS, where)
            points = fields.number(level.get("points"), where, "points")
            words = fields.words(level, "when_vi", where), fields.words(level, "when_en", where)
            case = fields.pair(level, "case", where)
            if points is None:
                continue
            if points > most:
                fields.say(where.at("points"), "above_max", points=points, most=most)
            if rising and anchors and points <= anchors[-1].points:
                fields.say(where.at("points"), "must_rise", points=points, before=anchors[-1].points)
            anchors.append(Anchor(points, *words, fields.flag(level, "eliminates", where), *case))
        self._level_set(anchors, place, rising=rising)
        return tuple(anchors)

    def _level_set(self, anchors: list[Anchor], place: Place, *, rising: bool) -> None:
        """What concerns the levels of a criterion together."""
        points = [anchor.points for anchor in anchors]
        for anchor in anchors:
            if anchor.eliminates and points.count(anchor.points) > 1:
                self.fields.say(place, "eliminating_points", points=anchor.points)
        cases = [anchor.case_vi for anchor in anchors]
        if not any(cases):
            return
        if rising:
            self.fields.say(place, "case_free")
        if not all(cases):
            self.fields.say(place, "case_partly")
        elif len(set(cases)) == 1:
            self.fields.say(place, "case_alone")

    # --- the tree as a whole ----------------------------------------------------------------------------------
    def groups(self) -> tuple[str, ...]:
        """The sets, or the tracks that the criteria name; one nameless group when all count everywhere."""
        if self.sets:
            return self.set_codes
        return tuple(sorted({track for c in self.criteria for track in c.sets})) or ("",)

    def sums(self, scale: Decimal) -> None:
        """On each set or track the first level adds up to the scale, and children to the criterion above them."""
        for group in self.groups():
            total = _total(c for c in self.criteria if not c.parent and c.applies_to(group))
            if total != scale:
                code = "sum" if not group else "sum_set" if self.sets else "sum_track"
                facts = {"total": total, "scale": scale, "difference": Signed(total - scale), "group": group}
                self.fields.say(Place("rubric", path=("scale_max",)), code, **facts)
        for node, place in zip(self.criteria, self.places, strict=True):
            self._children(node, place)

    def _children(self, node: CriterionRule, place: Place) -> None:
        children = [c for c in self.criteria if c.parent == node.code]
        wrong = {}
        for group in self.groups() if children else ():
            total = _total(c for c in children if c.applies_to(group))
            if node.applies_to(group) and total != node.max_points:
                wrong[group] = total
        if len(wrong) > 1 and len(set(wrong.values())) == 1 and not any(c.sets != node.sets for c in children):
            wrong = {"": next(iter(wrong.values()))}
        for group, total in wrong.items():
            facts = {"total": total, "most": node.max_points, "difference": Signed(total - node.max_points)}
            code = "children_sum_in" if group else "children_sum"
            self.fields.say(place.at("max_points"), code, **facts, group=group)

    def closed_tracks(self, scale: Decimal) -> tuple[str, ...]:
        """Tracks that no criterion names and for which the common ones do not make up the scale."""
        groups = self.groups()
        if self.sets or groups == ("",):
            return ()
        others = (track for track in TRACKS if track not in groups)
        return tuple(
            track
            for track in others
            if _total(c for c in self.criteria if not c.parent and c.applies_to(track)) != scale
        )

    def _conditions(self) -> None:
        """Each condition names a criterion that receives marks earlier, wherever the conditional one is asked."""
        earlier: dict[str, CriterionRule] = {}
        for number, rule in enumerate(self.criteria):
            if rule.condition is not None:
                place = self.places[number].at("condition")
                found = self._target(rule, rule.condition, earlier, place)
                if found is not None:
                    rule = replace(rule, condition=Condition(found, rule.condition.at_least))
                    self.criteria[number] = rule
            if rule.is_leaf:
                earlier.setdefault(rule.code, rule)

    def _target(
        self, rule: CriterionRule, condition: Condition, earlier: dict[str, CriterionRule], place: Place
    ) -> str | None:
        names = [condition.criterion] + [f"{s}.{condition.criterion}" for s in rule.sets if len(rule.sets) == 1]
        target = next((earlier[name] for name in names if name in earlier), None)
        if target is None:
            self.fields.say(place, "condition_unknown", other=condition.criterion)
            return None
        for group in self.groups():
            if rule.applies_to(group) and not target.applies_to(group):
                self.fields.say(place, "condition_elsewhere", other=target.code, group=group)
        if condition.at_least > target.max_points:
            facts = {"points": condition.at_least, "other": target.code, "most": target.max_points}
            self.fields.say(place.at("at_least"), "condition_points", **facts)
        return target.code


def _total(criteria: Iterable[CriterionRule]) -> Decimal:
    return sum((c.max_points for c in criteria), Decimal(0))
