"""What visitors may type."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from certificates import serial
from certificates.answers import Question, is_telling, tax_code_in
from core.forms import DateField, LongTextField, TextField
from core.templatetags.ui import in_language
from enterprises import tax_code
from registry.models import PublishedList, PublishedListItem

EXAMPLE = serial.make(2026, 46)


class SerialForm(forms.Form):
    """Any spacing, any case; a mistyped serial is told from one that was never issued."""

    serial = TextField(
        label=_("Number of the certificate"),
        help_text=format_lazy(
            _("It stands under the QR code, for example {example}. Spaces and small letters do not matter."),
            example=EXAMPLE,
        ),
        max_length=60,
        error_messages={"required": _("Enter the number of the certificate.")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )

    def clean_serial(self) -> str:
        found = serial.parse(self.cleaned_data["serial"])
        if found is None:
            raise ValidationError(
                _("This number is mistyped: its characters do not fit together. Compare it with the paper."),
                code="mistyped",
            )
        return found


class QuestionForm(forms.Form):
    """A number, a product or an enterprise, and a day."""

    KINDS = [
        ("product", pgettext_lazy("question", "A product, by its name")),
        ("enterprise", pgettext_lazy("question", "An enterprise, by name or tax code")),
        ("number", pgettext_lazy("question", "A certificate, by its number")),
    ]

    kind = forms.ChoiceField(
        label=_("What do you ask about?"),
        choices=KINDS,
        error_messages={
            "required": _("Choose what you ask about."),
            "invalid_choice": _("Choose what you ask about."),
        },
    )
    text = TextField(
        label=_("Name or number"),
        max_length=200,
        error_messages={"required": _("Enter the name or the number.")},
    )
    on = DateField(
        label=_("On which day?"),
        help_text=_("For example the day on which a tender closed."),
        error_messages={
            "required": _("Enter the day."),
            "invalid": _("Enter the date as day/month/year."),
        },
    )

    def clean_text(self) -> str:
        text: str = self.cleaned_data["text"]
        if not is_telling(text):
            raise ValidationError(_("Enter at least three letters or digits."), code="too_short")
        return text

    def clean_on(self) -> date:
        """Nobody can say what will be true tomorrow: it may be revoked tonight."""
        on: date = self.cleaned_data["on"]
        if on > timezone.localdate():
            raise ValidationError(_("This day has not come yet; nothing can be said about it."), code="future")
        return on

    def clean(self) -> None:
        """A mistyped tax code must not become a signed no."""
        code = tax_code_in(self.cleaned_data.get("text") or "")
        if self.cleaned_data.get("kind") != "enterprise" or code is None:
            return
        try:
            tax_code.parse(code)
        except tax_code.InvalidTaxCode:
            words = _("This tax code is mistyped: its digits do not fit together.")
            self.add_error("text", ValidationError(words, code="mistyped"))

    def question(self) -> Question:
        said = self.cleaned_data
        return Question(on=said["on"], **{said["kind"]: said["text"]})


class ItemField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.position}. {in_language(obj, 'product_name')} – {in_language(obj, 'enterprise_name')}"


class CommentForm(forms.Form):
    """What citizens and organisations write about a published list."""

    item = ItemField(
        label=_("The product you write about"),
        queryset=PublishedListItem.objects.none(),
        required=False,
        empty_label=_("The whole list"),
    )
    text = LongTextField(
        label=pgettext_lazy("public comment", "Your comment"),
        help_text=_("Say what you know and, where you can, how it can be checked. At most 4,000 letters."),
        max_length=4000,
        error_messages={"required": _("Write your comment.")},
    )
    name = TextField(
        label=_("Your name or organisation"), max_length=120, error_messages={"required": _("Enter your name.")}
    )
    contact = TextField(
        label=_("Email or telephone"),
        help_text=_("For the answer only; it is not published."),
        max_length=120,
        error_messages={"required": _("Enter an email address or a telephone number.")},
    )
    # A trap for programs: people neither see nor reach it.
    homepage = forms.CharField(required=False, widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}))

    def __init__(self, *args: Any, published: PublishedList, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["item"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = published.items.all()
        self.order_fields(["item", "text", "name", "contact", "homepage"])

    @property
    def is_from_a_program(self) -> bool:
        return bool(self.data.get("homepage"))
