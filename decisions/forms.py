"""What the secretary and the officer type between result and certificate."""

import re
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.forms import DateField, DateTimeField, LongTextField, TextField
from evaluations.models import Result
from registry.models import Recognition

# 5012/QĐ-UBND, 26/2014/TT-BCT: a gentle check, because offices also number otherwise.
NUMBER = re.compile(r"^\d{1,5}(/\d{4})?/[A-ZĐ]{2,6}r?(-[A-ZĐ][A-Za-zĐđ0-9]{1,14})+$")
WHEN = _("Hour and day, for example 17:00 15/10/2026.")
NOT_A_TIME = _("Enter the hour and the day, for example 17:00 15/10/2026.")


class PublishForm(forms.Form):
    """The window for comments."""

    opens_at = DateTimeField(
        label=_("Comments open"),
        help_text=WHEN,
        error_messages={"required": _("Enter when comments open."), "invalid": NOT_A_TIME},
    )
    closes_at = DateTimeField(
        label=_("Comments close"),
        help_text=WHEN,
        error_messages={"required": _("Enter when comments close."), "invalid": NOT_A_TIME},
    )
    confirmed = forms.BooleanField(
        label=_("I have checked the list; once published it cannot be taken back"),
        error_messages={"required": _("Confirm that you have checked the list.")},
    )


class ReplyForm(forms.Form):
    text = LongTextField(
        label=_("Reply"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Write the reply."), "max_length": _("Write at most 4,000 letters.")},
    )


class DecisionForm(forms.Form):
    """The signed decision, as printed."""

    number = TextField(
        label=_("Number of the decision"),
        max_length=60,
        help_text=_("As printed, for example 5012/QĐ-UBND."),
        error_messages={"required": _("Enter the number of the decision.")},
    )
    signed_date = DateField(
        label=_("Date of signing"),
        help_text=_("Day, month and year, for example 05/12/2026."),
        error_messages={
            "required": _("Enter the date of signing."),
            "invalid": _("Enter the date as day/month/year."),
        },
    )
    signer_name = TextField(
        label=_("Signed by"),
        max_length=120,
        help_text=_("Full name without titles, as it stands under the signature."),
        error_messages={"required": _("Enter the name of the signatory.")},
    )
    signer_position = TextField(
        label=pgettext_lazy("signatory", "Position"),
        max_length=120,
        help_text=_("For example Phó Chủ tịch. It gives the lines above the signature on the certificates."),
        error_messages={"required": _("Enter the position of the signatory.")},
    )
    left_out = forms.MultipleChoiceField(
        label=_("Passing products that the decision leaves out"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, passing: Sequence[Result], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.passing = passing
        choices = [(str(result.dossier_id), result.dossier.product.name_vi) for result in passing]
        self.fields["left_out"].choices = choices  # type: ignore[attr-defined]

    def clean_left_out(self) -> frozenset[int]:
        return frozenset(int(pk) for pk in self.cleaned_data["left_out"])

    def number_is_unusual(self) -> bool:
        """Does the number look unlike those of decisions? Worth a second look, never an error."""
        return not NUMBER.match(self.cleaned_data["number"])

    def ticked(self) -> set[str]:
        """What stands ticked on the page, typed or stored."""
        return {str(pk) for pk in self["left_out"].value() or []}


class RevokeForm(forms.Form):
    ground = forms.ChoiceField(
        label=pgettext_lazy("revocation", "Ground"),
        choices=Recognition.Ground.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose the ground."),
            "invalid_choice": _("Choose one of the listed grounds."),
        },
    )
    document = TextField(
        label=_("Document that revokes the recognition"),
        max_length=120,
        help_text=_("Number and date, for example 12/QĐ-UBND, 03/03/2027. It is shown to the public."),
        error_messages={"required": _("Name the document that revokes the recognition.")},
    )
    confirmed = forms.BooleanField(
        label=_("I understand that this cannot be undone"),
        error_messages={"required": _("Confirm that you understand the effects.")},
    )
