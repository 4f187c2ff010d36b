"""The questions before the start, and the product of a new dossier."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dossiers import eligibility, words
from dossiers.models import Dossier
from products.forms import NamesForm
from products.models import Product
from programme.models import TrackName

YES_NO = [(eligibility.YES, gettext_lazy("Yes")), (eligibility.NO, gettext_lazy("No"))]


@dataclass(frozen=True)
class Obstacle:
    """A "no" that stands in the way: why, what can be done, and where the rule comes from."""

    code: str
    why: str
    advice: str
    source: str


@dataclass(frozen=True)
class Asked:
    """One question on the page."""

    field: BoundField
    hint: str
    source: str


def obstacles_of(track: str, answers: Mapping[str, str]) -> list[Obstacle]:
    return [
        Obstacle(code, words.obstacle(code, track), words.advice(code, track), words.source(code, track))
        for code in eligibility.obstacles(track, answers)
    ]


class EligibilityForm(forms.Form):
    """Six questions, each yes or no."""

    use_required_attribute = False

    def __init__(self, *args: Any, chosen_track: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.chosen_track = chosen_track
        for question in eligibility.QUESTIONS:
            self.fields[question.code] = forms.ChoiceField(
                label=words.QUESTIONS[question.code],
                choices=YES_NO,
                widget=forms.RadioSelect,
                error_messages={"required": words.UNANSWERED[question.code]},
            )

    def asked(self) -> Iterator[Asked]:
        for question in eligibility.QUESTIONS:
            code = question.code
            yield Asked(
                self[code], words.question_hint(code, self.chosen_track), words.source(code, self.chosen_track)
            )

    @property
    def answers(self) -> dict[str, str]:
        return {code: self.cleaned_data[code] for code in eligibility.CODES}


def kept(answers: Mapping[str, str], *, by: Any, at: datetime) -> dict[str, Any]:
    """The answers as the dossier keeps them."""
    return {"answers": dict(answers), "by": str(by), "at": at.isoformat()}


class StartForm(EligibilityForm, NamesForm):
    """May it take part, on which track, and which product it is."""

    NEW = "new"

    track = forms.ChoiceField(
        label=gettext_lazy("On which track"),
        choices=TrackName.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Choose the track."),
            "invalid_choice": gettext_lazy("Choose the track."),
        },
    )
    product = forms.ChoiceField(
        label=gettext_lazy("Product"),
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Choose a product, or describe a new one."),
            "invalid_choice": gettext_lazy("Choose a product, or describe a new one."),
        },
    )

    def __init__(self, *args: Any, products: list[Product], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.products = {str(product.pk): product for product in products}
        choice = self.fields["product"]
        assert isinstance(choice, forms.ChoiceField)
        choice.choices = [
            *((key, product.name_vi) for key, product in self.products.items()),
            (self.NEW, _("A product that is not on this list")),
        ]
        if not self.products:
            del self.fields["product"]
        self.order_fields(["track", *eligibility.CODES, "product"])

    @property
    def wants_new(self) -> bool:
        return not self.products or self.data.get("product") == self.NEW

    def _clean_fields(self) -> None:
        """The description of a new product is asked for only when the product is new."""
        if self.is_bound and not self.wants_new:
            for name in NamesForm.base_fields:
                if name in self.fields:
                    self.fields[name].required = False
        super()._clean_fields()  # type: ignore[misc]

    def obstacles(self) -> list[Obstacle]:
        """Why this product cannot take part now. Asked of a valid form."""
        return obstacles_of(self.cleaned_data["track"], self.answers)


def answered_in_words(dossier: Dossier) -> list[tuple[str, str]]:
    """Question and answer, as the dossier keeps them."""
    answers, names = eligibility.answers_of(dossier.eligibility), dict(YES_NO)
    return [(str(words.QUESTIONS[code]), str(names[answers[code]])) for code in eligibility.CODES if code in answers]
