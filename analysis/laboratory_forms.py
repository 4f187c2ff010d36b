"""What is tried in the laboratory: points of each criterion, pass rules, ties, places."""

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from analysis.laboratory import Trial, off_by
from core.forms import DecimalField, IntegerField, TextField
from programme import rubric_words
from programme.rubric_file import CUTS, VOTE, CriterionRule, PassRule, RubricRules
from programme.rubric_forms import CUT_WORDS
from programme.rubric_words import figure

TIES = 3


class TrialForm(forms.Form):
    """Fields `m0`, `m1`, … for the leaves in file order, `p0`, … for the pass rules, `t0`, … for the tie rules."""

    places = IntegerField(label=gettext_lazy("Places of the top list"), min_value=1, max_value=1000)
    cut = forms.ChoiceField(
        label=gettext_lazy("Equals at the last place"), choices=[(code, CUT_WORDS[code]) for code in CUTS]
    )
    only_moved = forms.BooleanField(label=gettext_lazy("show only what moves"), required=False)

    def __init__(
        self, rules: RubricRules, set_codes: list[str], trial: Trial, data: Mapping[str, Any] | None = None
    ) -> None:
        self.rules, self.set_codes, self.start = rules, set_codes, trial
        initial: dict[str, Any] = {"places": trial.places, "cut": trial.cut}
        super().__init__(data, initial=initial)
        for number, leaf in enumerate(rules.all_leaves):
            name = f"m{number}"
            self.fields[name] = DecimalField(
                label=rubric_words.criterion_name(leaf.code, rules),
                min_value=0,
                max_value=rules.scale_max,
                max_digits=7,
                decimal_places=2,
                widget=forms.TextInput(attrs={"class": "w-4", "inputmode": "decimal"}),
            )
            self.initial[name] = trial.maxima[leaf.code]
        self.pass_names = []
        for number, rule in enumerate(trial.pass_rules):
            name = f"p{number}"
            self.fields[name] = TextField(
                label=_pass_label(rule, rules), max_length=20, widget=forms.TextInput(attrs={"class": "w-4"})
            )
            self.initial[name] = rubric_words.exact(rule.value)
            self.pass_names.append(name)
        codes = [(c.code, rubric_words.criterion_name(c.code, rules)) for c in rules.criteria]
        known = {code for code, _label in codes}
        codes += [(c, c) for c in dict.fromkeys([*rules.tie_rules, *trial.tie_rules]) if c not in known and c != VOTE]
        choices = [("", "–"), *codes, (VOTE, _("the council's recorded vote"))]
        self.tie_names = [f"t{number}" for number in range(max(TIES, len(trial.tie_rules)))]
        for number, name in enumerate(self.tie_names):
            label = pgettext("laboratory", "Equal totals: step %(number)s") % {"number": number + 1}
            self.fields[name] = forms.ChoiceField(label=label, choices=choices, required=False)
            self.initial[name] = trial.tie_rules[number] if number < len(trial.tie_rules) else ""

    def weights(self) -> list[tuple[Any, CriterionRule]]:
        return [(self[f"m{number}"], leaf) for number, leaf in enumerate(self.rules.all_leaves)]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for name, rule in zip(self.pass_names, self.start.pass_rules, strict=True):
            if name in data:
                data[name] = self._value(name, rule, str(data[name]))
        ties = [data.get(name) for name in self.tie_names if data.get(name)]
        if len(set(ties)) != len(ties):
            self.add_error(self.tie_names[0], _("A criterion is named twice."))
        if VOTE in ties[:-1]:
            self.add_error(self.tie_names[0], _("The vote comes last, after all points."))
        if not self.errors:
            for code, off in off_by(self.rules, self.trial(), self.set_codes).items():
                words = _("The points add up to %(total)s, not to %(scale)s: %(off)s.")
                if len(self.set_codes) > 1:
                    words = f"{rubric_words.set_name(code, self.rules)}: {words}"
                self.add_error(None, words % self._sum(off))
        return data

    def _sum(self, off: Decimal) -> dict[str, str]:
        words = _("%(points)s too many") if off > 0 else _("%(points)s missing")
        scale = self.rules.scale_max
        total = rubric_words.points(scale + off)
        return {
            "total": total,
            "scale": rubric_words.points(scale),
            "off": words % {"points": rubric_words.points(abs(off))},
        }

    def _value(self, name: str, rule: PassRule, text: str) -> Fraction | None:
        limit = {
            "total_at_least": Fraction(self.rules.scale_max),
            "criterion_at_least": Fraction(self.rules.scale_max),
            "ballot_share_at_least": Fraction(1),
        }.get(rule.type, Fraction(100))
        try:
            value = Fraction(text.strip().replace(",", "."))
        except (ValueError, ZeroDivisionError):
            self.add_error(name, _("Give a number or a fraction such as 2/3."))
            return None
        if not 0 <= value <= limit:
            self.add_error(name, _("It lies between 0 and %(limit)s.") % {"limit": figure(_plain(limit))})
        return value

    def trial(self) -> Trial:
        data = self.cleaned_data
        rules = zip(self.pass_names, self.start.pass_rules, strict=True)
        return Trial(
            maxima={leaf.code: data[f"m{n}"] for n, leaf in enumerate(self.rules.all_leaves)},
            pass_rules=tuple(PassRule(rule.type, data[name], rule.criterion) for name, rule in rules),
            tie_rules=tuple(data[name] for name in self.tie_names if data[name]),
            cut=data["cut"],
            places=data["places"],
        )


def _plain(value: Fraction) -> Decimal:
    return Decimal(value.numerator) / Decimal(value.denominator)


def _pass_label(rule: PassRule, rules: RubricRules) -> str:
    if rule.type == "total_at_least":
        return pgettext("laboratory", "Total of at least (points)")
    if rule.type == "each_criterion_at_least_percent":
        return pgettext("laboratory", "Each criterion of the first level at least (%)")
    if rule.type == "criterion_at_least":
        name = rubric_words.criterion_name(rule.criterion, rules)
        return pgettext("laboratory", "%(criterion)s at least (points)") % {"criterion": name}
    return pgettext("laboratory", "Share of the ballots in favour")


class ChoiceForm(forms.Form):
    """Which frozen season, and whose points to begin with."""

    season = forms.ChoiceField(label=gettext_lazy("On the result of"))
    like = forms.ChoiceField(label=pgettext_lazy("laboratory", "Begin with the points of"), required=False)

    def __init__(self, seasons: list[tuple[str, str]], likes: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.fields["season"].choices = seasons  # type: ignore[attr-defined]
        self.fields["like"].choices = [("", _("that season")), *likes]  # type: ignore[attr-defined]
