"""The form of a rubric as a whole. It holds what a person types; programme.rubric_file judges it."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from core.forms import IntegerField, TextField
from core.templatetags.ui import in_language
from programme import rubric_draft
from programme.models import TrackName
from programme.rubric_file import CUTS, PASS_RULES, VOTE
from programme.rubric_rows import Row, Rows, figure, points, read_figure, with_remarks
from reference.models import Sector

PASS_WORDS = {
    "total_at_least": pgettext_lazy("pass rule", "total of at least (points)"),
    "each_criterion_at_least_percent": pgettext_lazy("pass rule", "each criterion of the first level at least (%)"),
    "criterion_at_least": pgettext_lazy("pass rule", "one criterion at least (points)"),
    "ballot_share_at_least": pgettext_lazy("pass rule", "share of the ballots in favour (such as 2/3)"),
}
STATUS_WORDS = {
    "proposal": pgettext_lazy("criteria", "a proposal"),
    "law": pgettext_lazy("criteria", "law: a decision gives these points"),
    "reference": pgettext_lazy("criteria", "criteria of another programme"),
}
CUT_WORDS = {
    "admit": pgettext_lazy("criteria", "all equals are admitted"),
    "refer": pgettext_lazy("criteria", "the council decides by a vote"),
}


# --- the rubric ---------------------------------------------------------------------------------------
class PassRow(Row):
    kept = ("type", "value")
    type = forms.ChoiceField(
        label=gettext_lazy("Rule"), required=False, choices=[("", "–"), *((n, PASS_WORDS[n]) for n in PASS_RULES)]
    )
    value = TextField(label=pgettext_lazy("pass rule", "Value"), required=False, max_length=20)
    criterion = forms.ChoiceField(label=gettext_lazy("Criterion"), required=False)

    def __init__(self, *args: Any, codes: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["criterion"].choices = [("", "–"), *codes]  # type: ignore[attr-defined]
        self.fields["value"].widget.attrs["class"] = "w-4"

    def clean_value(self) -> str:
        return str(self.cleaned_data["value"]).replace(",", ".")

    def stored(self) -> dict[str, Any]:
        found = dict(self.cleaned_data)
        number = read_figure(found["value"]) if "/" not in found["value"] else None
        found["value"] = figure(number) if number is not None else found["value"]
        if found["type"] != "criterion_at_least":
            found.pop("criterion")
        return {name: value for name, value in found.items() if value not in rubric_draft.EMPTY}


class TieRow(Row):
    code = forms.ChoiceField(label=gettext_lazy("Higher points in"), required=False)

    def __init__(self, *args: Any, codes: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        vote = (VOTE, _("the council's recorded vote"))
        self.fields["code"].choices = [("", "–"), *codes, vote]  # type: ignore[attr-defined]


class BandRow(Row):
    label_vi = TextField(label=gettext_lazy("Name in Vietnamese"), required=False, max_length=100)
    label_en = TextField(label=gettext_lazy("Name in English"), required=False, max_length=100)
    start = points(pgettext_lazy("band", "From (points)"))


class SetRow(Row):
    kept = ("code", "label_vi", "label_en")
    code = TextField(label=pgettext_lazy("criterion", "Code"), required=False, max_length=12)
    label_vi = TextField(label=gettext_lazy("Name in Vietnamese"), required=False, max_length=200)
    label_en = TextField(label=gettext_lazy("Name in English"), required=False, max_length=200)
    tracks = forms.MultipleChoiceField(
        label=gettext_lazy("Tracks"),
        required=False,
        choices=TrackName.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("none ticked: any"),
    )
    sectors = forms.MultipleChoiceField(
        label=gettext_lazy("Sectors"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("none ticked: any"),
    )

    def __init__(self, *args: Any, sectors: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["sectors"].choices = sectors  # type: ignore[attr-defined]


class BallotRow(Row):
    kept = ("label_vi", "label_en")
    label_vi = TextField(label=gettext_lazy("Words in Vietnamese"), required=False, max_length=200)
    label_en = TextField(label=gettext_lazy("Words in English"), required=False, max_length=200)
    in_favour = forms.BooleanField(label=gettext_lazy("counts in favour"), required=False)


class RubricForm(forms.Form):
    """What concerns the rubric as a whole."""

    code = TextField(
        label=gettext_lazy("Short name"), required=False, max_length=40, help_text=gettext_lazy("for files: kip-2027")
    )
    title_vi = TextField(label=gettext_lazy("Title in Vietnamese"), required=False, max_length=200)
    title_en = TextField(label=gettext_lazy("Title in English"), required=False, max_length=200)
    status = forms.ChoiceField(label=gettext_lazy("These criteria are"), choices=list(STATUS_WORDS.items()))
    source = TextField(label=gettext_lazy("Source"), required=False, max_length=2000)
    status_note = TextField(label=gettext_lazy("Remark"), required=False, max_length=2000)
    scale_max = points(gettext_lazy("Points of the whole"))
    decimals = IntegerField(label=gettext_lazy("Decimals for reading"), required=False, min_value=0, max_value=4)
    cut = forms.ChoiceField(
        label=gettext_lazy("Equals at the last place of the top list"), choices=[(c, CUT_WORDS[c]) for c in CUTS]
    )

    wanted = ("code", "title_vi", "title_en", "scale_max", "decimals")

    def __init__(self, document: rubric_draft.Document, data: Mapping[str, Any] | None = None) -> None:
        self.document = document
        super().__init__(data, initial=self._initial(document))
        for name in ("scale_max", "decimals"):
            self.fields[name].widget.attrs["class"] = "w-8"
        codes = _code_choices(document)
        sectors = [(s.code, str(in_language(s, "name"))) for s in Sector.objects.order_by("position")]
        rules = (document.get("pass_rule") or {}).get("rules") or []
        passes = [_text(rule) for rule in rules if isinstance(rule, dict)]
        ballot = (document.get("ballot") or {}).get("options") or []
        self.lists: dict[str, Rows] = {
            "pass": Rows(PassRow, "pass", data=data, initial=passes, codes=codes),
            "tie": Rows(
                TieRow, "tie", data=data, initial=[{"code": c} for c in document.get("tie_rules") or []], codes=codes
            ),
            "band": Rows(
                BandRow,
                "band",
                data=data,
                initial=[{**b, "start": read_figure(b.get("from"))} for b in document.get("award_bands") or []],
            ),
            "set": Rows(SetRow, "set", data=data, initial=document.get("sets") or [], sectors=sectors),
            "ballot": Rows(BallotRow, "ballot", data=data, initial=ballot),
        }

    @staticmethod
    def _initial(document: rubric_draft.Document) -> dict[str, Any]:
        names = ("code", "title_vi", "title_en", "status", "source", "status_note", "cut")
        found = {name: document.get(name) or "" for name in names}
        decimals = (document.get("aggregation") or {}).get("decimals", 2)
        found["cut"] = found["cut"] or CUTS[0]
        return found | {"scale_max": read_figure(document.get("scale_max")), "decimals": decimals}

    def is_valid(self) -> bool:
        return all([super().is_valid(), *(rows.is_valid() for rows in self.lists.values())])

    @property
    def line_errors(self) -> list[str]:
        return [error for rows in self.lists.values() for error in rows.errors]

    def values(self) -> dict[str, Any]:
        """The keys of the document that this form writes. What it does not show stays as it is."""
        data = dict(self.cleaned_data)
        decimals = data.pop("decimals")
        lists = {name: rows.values() for name, rows in self.lists.items()}
        old = self.document
        bands = [{"from": figure(row.pop("start", None)), **row} for row in lists["band"]]
        rule, ballot = old.get("pass_rule") or {}, old.get("ballot") or {}
        options = with_remarks([_vote(o) for o in lists["ballot"]], ballot.get("options"), "label_vi")
        return data | {
            "scale_max": figure(data["scale_max"]),
            "aggregation": {
                **(self.document.get("aggregation") or {}),
                "decimals": 2 if decimals is None else decimals,
            },
            "pass_rule": {
                **rule,
                "type": "all_of",
                "rules": with_remarks(lists["pass"], rule.get("rules"), "type", "criterion"),
            },
            "tie_rules": [row["code"] for row in lists["tie"]],
            "award_bands": with_remarks(bands, old.get("award_bands"), "label_vi"),
            "sets": with_remarks(lists["set"], old.get("sets"), "code"),
            "ballot": {**ballot, "options": options} if options else None,
        }

    def field_of(self, path: rubric_draft.Path) -> str:
        """The name of the input a problem belongs to; "" where it belongs to the whole."""
        match path:
            case ("pass_rule", "rules", int(n), *rest):
                return self._in("pass", n, rest, "type")
            case ("tie_rules", int(n)):
                return self._in("tie", n, [], "code")
            case ("award_bands", int(n), *rest):
                return self._in("band", n, ["start" if rest[:1] == ["from"] else r for r in rest], "label_vi")
            case ("sets", int(n), *rest):
                return self._in("set", n, rest, "code")
            case ("ballot", "options", int(n), *rest):
                return self._in("ballot", n, rest, "label_vi")
            case (str(name), *_rest) if name in self.fields:
                return name
        return ""

    def _in(self, name: str, number: int, rest: Sequence[Any], default: str) -> str:
        places = self.lists[name].places
        shown = places[number] if number < len(places) else number
        return f"{name}-{shown}-{rest[0] if rest else default}"


def _vote(option: dict[str, Any]) -> dict[str, Any]:
    return {**option, "in_favour": bool(option.get("in_favour"))}


def _text(rule: dict[str, Any]) -> dict[str, Any]:
    return {**rule, "value": str(rule.get("value", ""))}


def _code_choices(document: rubric_draft.Document) -> list[tuple[str, str]]:
    """Every criterion by its code; in a rubric with sets also the codes that the sets share."""
    found: dict[str, str] = {}
    sets = [s.get("code") for s in document.get("sets") or []]
    for node in (item.node for item in rubric_draft.walk(document)):
        code, label = str(node.get("code") or ""), str(node.get("label_vi") or "")
        head, dot, tail = code.partition(".")
        if dot and head in sets:
            found.setdefault(tail, _("%(code)s – %(label)s (in each set)") % {"code": tail, "label": label})
        elif code:
            found.setdefault(code, f"{code}. {label}")
    named = [*(document.get("tie_rules") or []), *_named_in_rules(document)]
    for code in named:
        if code and code != VOTE:
            found.setdefault(str(code), str(code))
    return list(found.items())


def _named_in_rules(document: rubric_draft.Document) -> list[str]:
    rules = (document.get("pass_rule") or {}).get("rules") or []
    return [str(rule.get("criterion", "")) for rule in rules if isinstance(rule, dict)]


class NewDraftForm(forms.Form):
    """From a file; copies come from the page of the rubric."""

    file = forms.FileField(
        label=gettext_lazy("Rubric file (TOML or JSON)"),
        widget=forms.ClearableFileInput(attrs={"accept": ".json,.toml"}),
        error_messages={"required": gettext_lazy("Choose a file.")},
    )
