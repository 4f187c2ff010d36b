"""What the secretary and the officer type between result and certificate."""

import re
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.forms import DateField, DateTimeField, LongTextField, TextField
from enterprises.models import Enterprise
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


class SignedForm(forms.Form):
    """Number, date and signatory of a signed decision, as printed, and the hour of its release."""

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
    release_at = DateTimeField(
        label=_("Released at"),
        required=False,
        help_text=_("Until then nothing of it is public. Leave it empty to release when it is confirmed."),
        error_messages={"invalid": NOT_A_TIME},
    )

    def number_is_unusual(self) -> bool:
        """Does the number look unlike those of decisions? Worth a second look, never an error."""
        return not NUMBER.match(self.cleaned_data["number"])


class DecisionForm(SignedForm):
    """The decision that recognises the products of a season."""

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

    def ticked(self) -> set[str]:
        """What stands ticked on the page, typed or stored."""
        return {str(pk) for pk in self["left_out"].value() or []}


class CorrectionForm(SignedForm):
    """A decision that puts one recognition right, moves it or renews it. What stays empty stays as decided."""

    change = forms.ChoiceField(
        label=pgettext_lazy("correction", "What happens"),
        initial=Recognition.Change.CORRECTION,
        choices=Recognition.Change.choices,
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(("required", "invalid_choice"), _("Choose what happens.")),
    )
    product_name_vi = TextField(label=_("Product, corrected"), max_length=200, required=False)
    product_name_en = TextField(label=_("Product in English, corrected"), max_length=200, required=False)
    enterprise_name_vi = TextField(label=_("Enterprise, corrected"), max_length=200, required=False)
    enterprise_name_en = TextField(label=_("Enterprise in English, corrected"), max_length=200, required=False)
    maker = TextField(
        label=_("Tax code of the enterprise that takes the product over"),
        max_length=14,
        required=False,
        help_text=_("It must have a record here. Leave it empty unless the product is transferred."),
    )
    valid_to = DateField(
        label=_("New last day"),
        required=False,
        help_text=_("Leave it empty unless the recognition is renewed."),
        error_messages={"invalid": _("Enter the date as day/month/year.")},
    )
    reason = LongTextField(
        label=_("Reason"),
        max_length=2000,
        help_text=_("It is shown to the public in the history of the certificate."),
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Say why the decision is corrected.")},
    )

    NAMES = ("product_name_vi", "product_name_en", "enterprise_name_vi", "enterprise_name_en")

    # What is typed for one kind of change and would be lost with another.
    BELONGS = {
        Recognition.Change.CORRECTION: NAMES,
        Recognition.Change.TRANSFER: ("maker",),
        Recognition.Change.RENEWAL: ("valid_to",),
    }

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        for kind, names in self.BELONGS.items():
            if given.get("change") in (None, kind):
                continue
            for name in names:
                if given.get(name):
                    words = {"change": kind.label.lower()}
                    self.add_error(name, _("This belongs to another kind of change: %(change)s. Empty it.") % words)
        return given

    def clean_maker(self) -> str:
        code: str = self.cleaned_data["maker"]
        if code and not Enterprise.objects.filter(tax_code=code).exists():
            raise forms.ValidationError(_("No enterprise with this tax code has a record here."))
        return code

    def signed(self) -> dict[str, Any]:
        """The facts of the signed decision."""
        return {name: self.cleaned_data[name] for name in SignedForm.base_fields}

    def said(self, recognition: Recognition) -> dict[str, Any]:
        """The change, as it is kept until the release: only what belongs to its kind."""
        given, kind = self.cleaned_data, self.cleaned_data["change"]
        change: dict[str, Any] = {"recognition": recognition.pk, "change": kind}
        if kind == Recognition.Change.CORRECTION:
            change |= {name: given[name] for name in self.NAMES if given[name]}
        elif kind == Recognition.Change.TRANSFER:
            change["maker"] = given["maker"]
        elif given["valid_to"]:
            change["valid_to"] = given["valid_to"].isoformat()
        return change


class ConfirmForm(forms.Form):
    typed = TextField(
        label=_("First eight characters of the digest of the result"),
        max_length=64,
        help_text=_("As the signed minutes show it. It proves that you compared the decision with them."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "none"}),
        error_messages={"required": _("Type the beginning of the digest.")},
    )


class ReportForm(forms.Form):
    conclusion = LongTextField(
        label=_("What came of the comments"),
        max_length=4000,
        help_text=_("For example: no objection; or which products were checked again, and with what result."),
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={
            "required": _("Say what came of the comments."),
            "max_length": _("Write at most 4,000 letters."),
        },
    )


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
    reason = LongTextField(
        label=_("Reason"),
        max_length=2000,
        help_text=_("What happened, in one or two sentences. It is shown to the public."),
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Say why the recognition is revoked.")},
    )
    confirmed = forms.BooleanField(
        label=_("I understand that this cannot be undone"),
        error_messages={"required": _("Confirm that you understand the effects.")},
    )

    def clean_document(self) -> str:
        document: str = self.cleaned_data["document"]
        if not any(letter.isdigit() for letter in document):
            raise forms.ValidationError(_("Give the document with its number and date."))
        return document
