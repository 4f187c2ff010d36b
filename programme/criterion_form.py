"""The form of one criterion, with its levels."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from core.forms import TextField
from programme import rubric_draft
from programme.models import TrackName
from programme.rubric_rows import Row, Rows, figure, points, read_figure, with_remarks


class LevelRow(Row):
    kept = ("points", "when_vi", "when_en")
    aside = ("case_vi", "case_en")
    aside_words = gettext_lazy("One of several cases")
    points = points(pgettext_lazy("level", "Points"))
    when_vi = TextField(label=gettext_lazy("When, in Vietnamese"), required=False, max_length=2000)
    when_en = TextField(label=gettext_lazy("When, in English"), required=False, max_length=2000)
    eliminates = forms.BooleanField(label=gettext_lazy("cannot pass"), required=False)
    case_vi = TextField(label=gettext_lazy("Case, in Vietnamese"), required=False, max_length=200)
    case_en = TextField(label=gettext_lazy("Case, in English"), required=False, max_length=200)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["points"].widget.attrs["class"] = "w-4"

    def is_blank(self) -> bool:
        data = self.cleaned_data
        return data.get("points") is None and not data.get("when_vi") and not data.get("when_en")

    def stored(self) -> dict[str, Any]:
        data = dict(self.cleaned_data)
        data["points"] = figure(data["points"])
        return {name: v for name, v in data.items() if v not in rubric_draft.EMPTY and v is not False}


class CriterionForm(forms.Form):
    """One criterion, without the criteria below it."""

    code = TextField(label=pgettext_lazy("criterion", "Code"), required=False, max_length=40)
    label_vi = TextField(label=gettext_lazy("Name in Vietnamese"), required=False, max_length=400)
    label_en = TextField(label=gettext_lazy("Name in English"), required=False, max_length=400)
    max_points = points(gettext_lazy("Most points"))
    note_vi = TextField(label=gettext_lazy("Note in Vietnamese"), required=False, max_length=2000)
    note_en = TextField(label=gettext_lazy("Note in English"), required=False, max_length=2000)
    groups = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple)
    condition_criterion = forms.ChoiceField(label=gettext_lazy("Only when criterion"), required=False)
    condition_points = points(gettext_lazy("has at least (points)"))
    choice = forms.ChoiceField(
        label=gettext_lazy("The member gives"),
        required=False,
        choices=[
            ("free", gettext_lazy("any points up to the most; levels only help")),
            ("anchors", gettext_lazy("the points of one level")),
        ],
    )
    justify_below = points(gettext_lazy("Written reason below"))
    justify_above = points(gettext_lazy("Written reason above"))
    eliminates_vi = TextField(label=gettext_lazy("Cannot pass when, in Vietnamese"), required=False, max_length=300)
    eliminates_en = TextField(label=gettext_lazy("Cannot pass when, in English"), required=False, max_length=300)
    scorers = TextField(
        label=gettext_lazy("Who should score it"),
        required=False,
        max_length=300,
        help_text=gettext_lazy("Words separated by commas; a hint for the assignment."),
    )
    wanted = ("code", "label_vi", "label_en", "max_points", "choice")
    LEAF_ONLY = ("choice", "justify_below", "justify_above", "eliminates_vi", "eliminates_en", "scorers")

    def __init__(
        self, document: rubric_draft.Document, found: rubric_draft.Found, data: Mapping[str, Any] | None = None
    ) -> None:
        self.node, self.document, self.path = found.node, document, found.path
        self.is_group = bool(found.node.get("children"))
        self.sets = [s for s in document.get("sets") or [] if s.get("code")]
        super().__init__(data, initial=self._initial())
        for name in ("max_points", "condition_points", "justify_below", "justify_above"):
            self.fields[name].widget.attrs["class"] = "w-4"
        self.fields["code"].widget.attrs["class"] = "w-8"
        codes = [
            (str(item.node.get("code")), f"{item.node.get('code')}. {item.node.get('label_vi') or ''}")
            for item in rubric_draft.walk(document)
            if item.node is not found.node and not item.node.get("children") and item.node.get("code")
        ]
        chosen = str((self.node.get("condition") or {}).get("criterion") or "")
        if chosen and chosen not in dict(codes):
            codes.append((chosen, chosen))
        self.fields["condition_criterion"].choices = [("", "–"), *codes]  # type: ignore[attr-defined]
        group_choices = [(str(s["code"]), str(s.get("label_vi") or s["code"])) for s in self.sets]
        group_choices = group_choices or [(code, str(words)) for code, words in TrackName.choices]
        for group in self.node.get(self.group_key) or []:
            if group not in dict(group_choices):
                group_choices.append((group, group))
        groups = self.fields["groups"]
        groups.choices = group_choices  # type: ignore[attr-defined]
        groups.label = _("Counts in the sets") if self.sets else _("Counts on the tracks")
        groups.help_text = _("none ticked: any")
        if self.is_group:
            for name in self.LEAF_ONLY:
                del self.fields[name]
        self.levels = [] if self.is_group else self._levels(data, dict(group_choices))

    @property
    def group_key(self) -> str:
        return "sets" if self.sets else "tracks"

    @property
    def by_key(self) -> str:
        return "anchors_by_set" if self.sets else "anchors_by_track"

    def _initial(self) -> dict[str, Any]:
        node, condition = self.node, self.node.get("condition") or {}
        texts = ("code", "label_vi", "label_en", "note_vi", "note_en", "eliminates_vi", "eliminates_en")
        return (
            {name: node.get(name) or "" for name in texts}
            | {name: read_figure(node.get(name)) for name in ("max_points", "justify_below", "justify_above")}
            | {
                "groups": node.get(self.group_key) or [],
                "condition_criterion": condition.get("criterion", ""),
                "condition_points": read_figure(condition.get("at_least")),
                "choice": node.get("choice", "free"),
                "scorers": ", ".join(node.get("scorers") or []),
            }
        )

    def _levels(self, data: Mapping[str, Any] | None, names: dict[str, str]) -> list[tuple[str, str, Rows, bool]]:
        """(group, its name, lines, is it in use?): for all, then for each track or set of its own."""
        by_group = self.node.get(self.by_key) or {}
        own = rubric_draft.groups_of(self.document, self.path, self.group_key) or list(names)
        shown = [g for g in names if g in by_group or (len(own) > 1 and g in own)]
        found = []
        for number, group in enumerate(["", *shown]):
            stored = (by_group.get(group) if group else self.node.get("anchors")) or []
            initial = [{**level, "points": read_figure(level.get("points"))} for level in stored]
            rows = Rows(LevelRow, f"level{number}", data=data, initial=initial)
            found.append((group, names.get(group, ""), rows, bool(stored)))
        return found

    def is_valid(self) -> bool:
        return all([super().is_valid(), *(rows.is_valid() for _group, _name, rows, _used in self.levels)])

    @property
    def line_errors(self) -> list[str]:
        return [error for _group, _name, rows, _used in self.levels for error in rows.errors]

    def values(self) -> dict[str, Any]:
        data = dict(self.cleaned_data)
        condition = {"criterion": data.pop("condition_criterion"), "at_least": figure(data.pop("condition_points"))}
        groups = data.pop("groups")
        found = {name: data[name] for name in ("code", "label_vi", "label_en", "note_vi", "note_en")}
        found["max_points"] = figure(data["max_points"])
        found[self.group_key] = groups
        found["condition"] = condition if condition["criterion"] else None
        if self.is_group:
            return found
        found |= {name: data[name] for name in ("eliminates_vi", "eliminates_en")}
        found |= {name: figure(data[name]) for name in ("justify_below", "justify_above")}
        found["choice"] = "anchors" if data["choice"] == "anchors" else None
        found["scorers"] = [word.strip() for word in data["scorers"].split(",") if word.strip()]
        old = {"": self.node.get("anchors"), **(self.node.get(self.by_key) or {})}
        levels = {
            group: with_remarks(rows.values(), old.get(group), "points", "when_vi")
            for group, _name, rows, _used in self.levels
        }
        found["anchors"] = levels.pop("", [])
        found[self.by_key] = {group: rows for group, rows in levels.items() if rows}
        return found

    def field_of(self, path: rubric_draft.Path) -> str:
        match path:
            case ("anchors", int(n), *rest):
                return self._in("", n, rest)
            case (str(key), str(group), int(n), *rest) if key == self.by_key:
                return self._in(group, n, rest)
            case ("condition", *rest):
                return "condition_points" if rest == ["at_least"] else "condition_criterion"
            case (str(key), *_rest) if key in ("tracks", "sets"):
                return "groups"
            case (str(name), *_rest) if name in self.fields:
                return name
        return ""

    def _in(self, group: str, number: int, rest: Sequence[Any]) -> str:
        for index, (name, _words, rows, _used) in enumerate(self.levels):
            if name == group:
                shown = rows.places[number] if number < len(rows.places) else number
                return f"level{index}-{shown}-{rest[0] if rest else 'points'}"
        return ""
