"""Criteria in the reader's words: what is wrong with a file, when a product passes, how ties are broken."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from core.templatetags.ui import in_language
from programme.models import TrackName
from programme.rubric_file import (
    VOTE,
    CriterionRule,
    PassRule,
    Place,
    Problem,
    RubricRules,
    Signed,
    place_words,
    words,
)

# --- problems -----------------------------------------------------------------------------------------
# What the keys of a file are called on a page.
KEYS = {
    "code": gettext_noop("the code"),
    "label_vi": gettext_noop("the name in Vietnamese"),
    "label_en": gettext_noop("the name in English"),
    "title_vi": gettext_noop("the title in Vietnamese"),
    "title_en": gettext_noop("the title in English"),
    "status": gettext_noop("the state of the criteria"),
    "scale_max": gettext_noop("the points of the whole"),
    "max_points": gettext_noop("the most points"),
    "points": gettext_noop("the points"),
    "from": gettext_noop("the start"),
    "type": gettext_noop("the rule"),
    "at_least": gettext_noop("the points of the condition"),
    "when_vi": gettext_noop("the words in Vietnamese"),
    "when_en": gettext_noop("the words in English"),
    "case_vi": gettext_noop("the case in Vietnamese"),
    "case_en": gettext_noop("the case in English"),
    "eliminates_vi": gettext_noop("the eliminating condition in Vietnamese"),
    "eliminates_en": gettext_noop("the eliminating condition in English"),
}


def problem_place(place: Place) -> str:
    group = place.params.get("group")
    if group in TrackName.values:
        place = replace(place, params={**place.params, "group": str(TrackName(group).label)})
    return place_words(place, _)


def problem_words(problem: Problem) -> str:
    known = dict(problem.params)
    if known.get("name") in KEYS:
        known["name"] = _(KEYS[known["name"]])
    if known.get("group") in TrackName.values:
        known["group"] = str(TrackName(known["group"]).label)
    problem = replace(problem, params=known)
    return words(problem, _, figure)


def problem_sentence(problem: Problem) -> str:
    return f"{problem_place(problem.place)}: {problem_words(problem)}"


def figure(value: Any) -> str:
    """A figure in the reader's language; a difference keeps its sign."""
    if not isinstance(value, Decimal):
        return str(value)
    text = str(number_format(abs(value).normalize(), use_l10n=True))
    if isinstance(value, Signed):
        return f"{'+' if value > 0 else '−'}{text}"
    return text


def points(value: Decimal) -> str:
    """70 or 62,5: no zeros that say nothing."""
    whole = value == value.to_integral_value()
    return str(number_format(value if not whole else int(value), None if whole else _decimals(value)))


def _decimals(value: Decimal) -> int:
    return 1 if value * 10 == (value * 10).to_integral_value() else 2


def exact(value: Fraction) -> str:
    """70, 62,5 or 2/3: never rounded."""
    decimals = next((d for d in range(3) if (value * 10**d).denominator == 1), None)
    if decimals is None:
        return f"{value.numerator}/{value.denominator}"
    return str(number_format(Decimal(value.numerator) / value.denominator, decimals, use_l10n=True))


# --- rules --------------------------------------------------------------------------------------------
def criterion_name(code: str, rules: RubricRules) -> str:
    """`2. Xuất khẩu`; the bare code where it stands for one criterion of each set."""
    found = rules.by_code.get(code)
    if found is None and rules.sets:
        found = rules.named(code, rules.sets[0].code)
    return f"{code}. {in_language(found, 'label')}" if found else code


def pass_sentences(rules: RubricRules) -> list[str]:
    return [pass_sentence(rule, rules) for rule in rules.pass_rules]


def pass_sentence(rule: PassRule, rules: RubricRules) -> str:
    value = exact(rule.value)
    if rule.type == "total_at_least":
        return _("A product passes with at least %(value)s points in total.") % {"value": value}
    if rule.type == "each_criterion_at_least_percent":
        return _("Every criterion of the first level must reach at least %(value)s %% of its points.") % {
            "value": value
        }
    if rule.type == "criterion_at_least":
        return _("Criterion %(criterion)s must reach at least %(value)s points.") % {
            "criterion": criterion_name(rule.criterion, rules),
            "value": value,
        }
    return _("At least %(value)s of the votes must be in favour.") % {"value": value}


def tie_steps(rules: RubricRules) -> list[str]:
    """The tie rules in order; what stays equal is said by `cut_sentence`."""
    return [_("the council's recorded vote") if code == VOTE else _tie_name(code, rules) for code in rules.tie_rules]


def _tie_name(code: str, rules: RubricRules) -> str:
    """`Xuất khẩu (2)`: in a numbered list a code in front would read as the number."""
    name = criterion_name(code, rules).removeprefix(f"{code}. ")
    return f"{name} ({code})" if name != code else code


def cut_sentence(rules: RubricRules) -> str:
    if rules.cut == "refer":
        return _("What stays equal shares its rank. At the last place of the top list the council decides by a vote.")
    return _("What stays equal shares its rank. At the last place of the top list all equals are admitted.")


def condition_sentence(rule: CriterionRule, rules: RubricRules) -> str:
    if rule.condition is None:
        return ""
    return _("Asked only when criterion %(criterion)s has at least %(value)s points; otherwise it counts 0.") % {
        "criterion": criterion_name(rule.condition.criterion, rules),
        "value": points(rule.condition.at_least),
    }


def justification_sentence(rule: CriterionRule) -> str:
    below, above = rule.justify_below, rule.justify_above
    if below is not None and above is not None:
        return _("A written reason is required below %(below)s and above %(above)s points.") % {
            "below": points(below),
            "above": points(above),
        }
    if below is not None:
        return _("A written reason is required below %(below)s points.") % {"below": points(below)}
    if above is not None:
        return _("A written reason is required above %(above)s points.") % {"above": points(above)}
    return ""


def set_name(code: str, rules: RubricRules) -> str:
    """A set by its name, a track by its own."""
    for one in rules.sets:
        if one.code == code:
            return str(in_language(one, "label"))
    return str(TrackName(code).label) if code in TrackName.values else code
