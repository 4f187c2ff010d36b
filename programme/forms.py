"""The terms of a season, as an officer writes them."""

from typing import Any, cast

from django import forms
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from core.forms import DateTimeField, DecimalField, IntegerField, TextField
from programme import actions, windows
from programme.models import Rubric, Season


def _field(name: str) -> "models.Field[Any, Any]":
    return cast("models.Field[Any, Any]", Season._meta.get_field(name))


def _label(name: str) -> str:
    words = str(_field(name).verbose_name)
    return words[:1].upper() + words[1:]


class SeasonForm(forms.Form):
    """Every term but the criteria. Times are those of Hanoi."""

    plan_number = TextField(required=False, max_length=60)
    registration_opens_at = DateTimeField()
    registration_closes_at = DateTimeField()
    check_days = IntegerField(
        min_value=1,
        max_value=120,
        help_text=gettext_lazy("From the submission; the clock stands still while a supplement is awaited."),
    )
    supplement_days = IntegerField(
        min_value=1,
        max_value=120,
        help_text=gettext_lazy("Calendar days, counted from the request."),
    )
    scoring_opens_at = DateTimeField(
        help_text=gettext_lazy("Not before registration closes; the session cannot be opened earlier.")
    )
    scoring_closes_at = DateTimeField(help_text=gettext_lazy("No sheet is saved or signed afterwards."))
    comment_opens_at = DateTimeField(
        required=False, help_text=gettext_lazy("Left empty, the secretary sets it when publishing the list.")
    )
    comment_closes_at = DateTimeField(required=False)
    validity_months = IntegerField(min_value=1, max_value=120)
    top_places = IntegerField(min_value=1, max_value=100)
    usd_rate_vnd = DecimalField(
        required=False,
        min_value=1,
        max_digits=9,
        decimal_places=2,
        help_text=gettext_lazy("Left empty, exports are not compared with the revenue. No figure is changed by it."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.label = _label(name)
            if isinstance(field, DateTimeField):
                field.widget.attrs.setdefault("class", "w-16")
                field.widget.attrs.setdefault("autocomplete", "off")
            elif isinstance(field, IntegerField | DecimalField):
                field.widget.attrs.setdefault("class", "w-8")

    @classmethod
    def terms_of(cls, season: Season) -> dict[str, Any]:
        return {name: getattr(season, name) for name in cls.base_fields}

    @classmethod
    def usual_terms(cls) -> dict[str, Any]:
        """The defaults of the model, for a season that is being planned."""
        fields = {name: _field(name) for name in cls.base_fields}
        return {name: field.get_default() for name, field in fields.items() if field.has_default()}

    def clean(self) -> dict[str, Any]:
        """The windows follow one another; each mistake stands at the later date."""
        data = super().clean() or {}
        opens, closes = data.get("comment_opens_at"), data.get("comment_closes_at")
        unsound = {"comment_opens_at", "comment_closes_at"} & set(self.errors)
        if bool(opens) != bool(closes) and not unsound:
            lacking = "comment_closes_at" if opens else "comment_opens_at"
            self.add_error(lacking, _("Give both ends of the time for comments, or neither."))
        for later, earlier in windows.out_of_order(data):
            self.add_error(later, actions.follows_in_words(later, earlier))
        return data


class NewSeasonForm(SeasonForm):
    """The same terms, and the year. What is left over from `last` is refused at its field."""

    year = IntegerField(min_value=2005, max_value=2100, localize=False)
    field_order = ["year"]

    def __init__(self, *args: Any, last: Season | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.last = last

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        year = data.get("year")
        if self.last is not None and year is not None and year > self.last.year:
            for name, sentence in actions.dates_left_over(self.last, year, data).items():
                self.add_error(name, sentence)
        return data


class ScoringForm(forms.Form):
    """The window of scoring, moved by the secretary with a reason."""

    scoring_opens_at = DateTimeField()
    scoring_closes_at = DateTimeField()
    reason = TextField(max_length=300, label=gettext_lazy("Reason for the change"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("scoring_opens_at", "scoring_closes_at"):
            self.fields[name].label = _label(name)
            self.fields[name].widget.attrs |= {"class": "w-16", "autocomplete": "off"}


class PublishForm(forms.Form):
    """Which criteria, and the tick that says the person knows it cannot be undone."""

    rubric = forms.ModelChoiceField(
        label=gettext_lazy("Criteria"), queryset=Rubric.objects.all(), widget=forms.HiddenInput
    )
    understood = forms.BooleanField(
        label=pgettext_lazy("criteria", "I have read them; after publication nobody can change them."),
        error_messages={"required": gettext_lazy("Tick that you have read the criteria.")},
    )
