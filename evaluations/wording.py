"""The written rules of a rubric as sentences: for the ranking page, the papers and the decision bundle."""

from collections.abc import Mapping
from decimal import Decimal

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from core.templatetags.ui import in_language
from evaluations.queries import trim
from evaluations.scoring import SHARED
from programme.models import Season
from programme.queries import leaves
from programme.rubric_file import PassRule, RubricRules
from programme.rubric_file.rules import VOTE


def labels_of(season: Season) -> dict[str, str]:
    """The label of every criterion, groups included, in the language of the moment."""
    if season.rubric is None:
        return {}
    return {c.code: str(in_language(c, "label")) for c in season.rubric.criteria.all()}


def leaf_labels(season: Season) -> dict[str, str]:
    return {c.code: str(in_language(c, "label")) for c in leaves(season.rubric)} if season.rubric else {}


def all_rules(rules: RubricRules, labels: Mapping[str, str], places: int) -> list[str]:
    """How the result comes about, from the mean to the last place."""
    ties = [tie_rule_words(rule, labels) for rule in rules.tie_rules]
    order = _("Equal totals are parted by, in this order: %(rules)s.") % {"rules": "; ".join(ties)} if ties else ""
    return [
        how_words(),
        *(rule_words(rule) for rule in rules.pass_rules),
        *([order] if order else []),
        cut_words(rules.cut, places),
    ]


def how_words() -> str:
    return _(
        "For each criterion the mean of the members who were assigned to it and gave points; the total is the sum of "
        "these means. An abstention is left out of the mean and a missing mark is refused; neither is ever counted as "
        "zero. Ranks follow the exact totals; they are rounded for reading only."
    )


def cut_words(cut: str, places: int) -> str:
    """What the rubric says about those who share the last place of the top."""
    if cut == "refer":
        return _(
            "Where more dossiers share the last of the %(n)s top places than there are places left, the council votes "
            "on them."
        ) % {"n": places}
    return _("Dossiers that share the last of the %(n)s top places are all among the top.") % {"n": places}


def tie_rule_words(rule: str, labels: Mapping[str, str]) -> str:
    if rule == VOTE:
        return _("the recorded vote of the council")
    label = labels.get(rule, "")
    return _("criterion %(code)s (%(label)s)") % {"code": rule, "label": label} if label else rule


def points_of(rule: PassRule) -> Decimal:
    return Decimal(rule.value.numerator) / Decimal(rule.value.denominator)


def threshold_of(rules: RubricRules) -> Decimal | None:
    """The total that a dossier must reach, where the rubric states one."""
    return next((points_of(rule) for rule in rules.pass_rules if rule.type == "total_at_least"), None)


def rule_words(rule: PassRule) -> str:
    """A pass rule as a condition to meet."""
    if rule.type == "total_at_least":
        return _("Total of at least %(n)s points") % {"n": _n(points_of(rule))}
    if rule.type == "each_criterion_at_least_percent":
        return _("Every criterion at least %(n)s%% of its maximum") % {"n": _n(points_of(rule))}
    if rule.type == "criterion_at_least":
        return _("Criterion %(code)s at least %(n)s points") % {"code": rule.criterion, "n": _n(points_of(rule))}
    return _("At least %(share)s of the ballots in favour") % {"share": rule.value}


def failure_words(failed: str, rules: RubricRules) -> str:
    """A missed rule, as scoring names it: `type` or `type:criterion`."""
    kind, _colon, code = failed.partition(":")
    rule = next((r for r in rules.pass_rules if r.type == kind and r.criterion in ("", code)), None)
    rule = rule or next((r for r in rules.pass_rules if r.type == kind and code.endswith(f".{r.criterion}")), None)
    if kind == "eliminated":
        return _("Criterion %(code)s: an eliminating level was chosen") % {"code": code}
    if kind == "total_at_least" and rule:
        return _("Total below %(n)s points") % {"n": _n(points_of(rule))}
    if kind == "each_criterion_at_least_percent" and rule:
        return _("Criterion %(code)s below %(n)s%% of its maximum") % {"code": code, "n": _n(points_of(rule))}
    if kind == "criterion_at_least" and rule:
        return _("Criterion %(code)s below %(n)s points") % {"code": code, "n": _n(points_of(rule))}
    return _("Too few ballots in favour")


def tie_words(rule: str, labels: Mapping[str, str]) -> str:
    """What parted a dossier from one of equal total; "" for one without such a neighbour."""
    if not rule:
        return ""
    if rule == SHARED:
        return _("Equal in every tie criterion: the place is shared")
    if rule == VOTE:
        return _("Equal total, decided by the recorded vote of the council")
    return _("Equal total, decided by criterion %(code)s") % {"code": rule}


def _n(value: Decimal) -> str:
    return str(number_format(trim(value)))
