"""What two sets of criteria do differently, one line a change. Pure.

Words only where the rubric has them; what a line is about is a short code that the page turns into a sentence.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from programme.rubric_file import CriterionRule, RubricRules


@dataclass(frozen=True)
class Change:
    """`what`: points, label, level, condition, justification, added, removed, pass, tie, bands, sets, cut, ballot.
    `code` names the criterion where there is one; `before` and `after` are empty where nothing stood."""

    what: str
    code: str = ""
    before: str = ""
    after: str = ""


def changes(before: RubricRules, after: RubricRules) -> list[Change]:
    """The difference in the order of the later rubric, then what it dropped, then the rules."""
    found: list[Change] = []
    for rule in after.criteria:
        old = before.by_code.get(rule.code)
        if old is None:
            found.append(Change("added", rule.code, "", f"{rule.label_vi} ({_number(rule.max_points)})"))
        else:
            found += _of_criterion(old, rule)
    for rule in before.criteria:
        if rule.code not in after.by_code:
            found.append(Change("removed", rule.code, f"{rule.label_vi} ({_number(rule.max_points)})", ""))
    for what, read in _RULES.items():
        old_words, new_words = read(before), read(after)
        if old_words != new_words:
            found.append(Change(what, "", old_words, new_words))
    return found


def _of_criterion(old: CriterionRule, new: CriterionRule) -> Iterator[Change]:
    if old.label_vi != new.label_vi:
        yield Change("label", new.code, old.label_vi, new.label_vi)
    if old.max_points != new.max_points:
        yield Change("points", new.code, _number(old.max_points), _number(new.max_points))
    if _levels(old) != _levels(new):
        yield Change("level", new.code, "; ".join(_levels(old)), "; ".join(_levels(new)))
    if (old.condition, old.eliminates_vi) != (new.condition, new.eliminates_vi):
        yield Change("condition", new.code, _condition(old), _condition(new))
    if _justified(old) != _justified(new):
        yield Change("justification", new.code, _justified(old), _justified(new))


def _levels(rule: CriterionRule) -> list[str]:
    return [
        f"{set_code + ': ' if set_code else ''}{_number(a.points)} {a.when_vi}{' ✕' if a.eliminates else ''}"
        for set_code, anchors in sorted(rule.anchors.items())
        for a in anchors
    ]


def _condition(rule: CriterionRule) -> str:
    parts = [rule.eliminates_vi] if rule.eliminates_vi else []
    if rule.condition is not None:
        parts.append(f"{rule.condition.criterion} ≥ {_number(rule.condition.at_least)}")
    return "; ".join(parts)


def _justified(rule: CriterionRule) -> str:
    below = f"< {_number(rule.justify_below)}" if rule.justify_below is not None else ""
    above = f"> {_number(rule.justify_above)}" if rule.justify_above is not None else ""
    return " ".join(part for part in (below, above) if part)


def _pass(rules: RubricRules) -> str:
    signs = {
        "total_at_least": "Σ ≥ {value}",
        "each_criterion_at_least_percent": "∀ ≥ {value}%",
        "criterion_at_least": "{criterion} ≥ {value}",
        "ballot_share_at_least": "✓ ≥ {value}",
    }
    return "; ".join(
        signs.get(rule.type, rule.type + " {value}").format(value=_number(rule.value), criterion=rule.criterion)
        for rule in rules.pass_rules
    )


def _number(value: Decimal | Fraction) -> str:
    """70, 62,5 or 2/3, as Vietnamese writes it."""
    exact = Fraction(value)
    if exact.denominator == 1:
        return str(exact.numerator)
    tenths = exact * 100
    if tenths.denominator == 1:
        return f"{tenths.numerator / 100:.2f}".rstrip("0").replace(".", ",")
    return f"{exact.numerator}/{exact.denominator}"


_RULES = {
    "scale": lambda rules: _number(rules.scale_max),
    "pass": _pass,
    "tie": lambda rules: " → ".join(rules.tie_rules),
    "cut": lambda rules: rules.cut,
    "bands": lambda rules: "; ".join(f"{b.label_vi} ≥ {_number(b.from_points)}" for b in rules.bands),
    "sets": lambda rules: "; ".join(s.label_vi for s in rules.sets),
    "ballot": lambda rules: "; ".join(b.label_vi for b in rules.ballot),
}


def texts_of(document: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Every text of a rubric file with its place: the key, or the code of the criterion it belongs to."""
    yield from _texts(document, "")


def _texts(node: Any, place: str) -> Iterator[tuple[str, str]]:
    if isinstance(node, str):
        yield place, node
    elif isinstance(node, list):
        for part in node:
            yield from _texts(part, place)
    elif isinstance(node, dict):
        inside = f"criterion:{node['code']}" if "max_points" in node and "code" in node else ""
        for key, value in node.items():
            yield from _texts(value, inside or place or key)
