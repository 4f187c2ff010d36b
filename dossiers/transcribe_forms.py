"""What an officer types from paper: the dossier itself, the arrival of an answer, a withdrawal."""

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.forms import DateField, DateTimeField, LongTextField, TextField
from dossiers.figures_form import FiguresForm, plain
from dossiers.forms import ContactForm, ProductPartForm
from dossiers.models import Dossier
from dossiers.queries import years_asked


class TranscribeForm(ContactForm, ProductPartForm, FiguresForm):
    """All that stands on the paper, in one sheet. Gaps are allowed: the checklist names what lacks."""

    undertakings_by_name = TextField(
        label=gettext_lazy("Undertakings signed by"),
        max_length=200,
        help_text=gettext_lazy("The name under the signature on the paper."),
    )
    undertakings_on = DateField(
        label=gettext_lazy("Signed on"),
        help_text=gettext_lazy("The day that stands on the paper, such as 05/09/2026."),
        error_messages={"invalid": gettext_lazy("Give the day as 05/09/2026.")},
    )

    def __init__(self, *args: Any, dossier: Dossier, today: date, **kwargs: Any) -> None:
        super().__init__(*args, dossier=dossier, years=years_asked(dossier.season.year), **kwargs)
        self.today = today
        for name in ("contact_name", "contact_phone", "contact_email"):
            self.fields[name].widget.attrs["autocomplete"] = "off"  # somebody else's, not the officer's own
        for name in ("summary_vi", "description", "technology", "track_basis", "standards", "export_markets"):
            if name in self.fields:
                self.fields[name].widget.attrs["lang"] = "vi"

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        name, day = cleaned.get("undertakings_by_name"), cleaned.get("undertakings_on")
        if name and not day and "undertakings_on" not in self.errors:
            self.add_error("undertakings_on", _("Enter the day on which the undertakings were signed."))
        if day and not name and "undertakings_by_name" not in self.errors:
            self.add_error("undertakings_by_name", _("Enter who signed the undertakings."))
        if day and day > self.today:
            self.add_error("undertakings_on", _("The day of the signature lies in the future."))
        return cleaned

    @classmethod
    def initial_of(cls, stored: dict[str, Any]) -> dict[str, Any]:
        return {name: plain(value) for name, value in stored.items()}


class PaperAnswerForm(forms.Form):
    use_required_attribute = False

    received_at = DateTimeField(
        label=gettext_lazy("Received at the counter"),
        help_text=gettext_lazy("Hour and day, such as 09:30 15/09/2026. The clock of the check goes on from here."),
        error_messages={"required": gettext_lazy("Enter when the answer came.")},
    )
    statement = LongTextField(
        label=gettext_lazy("What came"),
        help_text=gettext_lazy(
            "For colleagues: which papers, how many copies. Needed when nothing was scanned or typed in."
        ),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3, "lang": "vi"}),
    )


class PaperWithdrawalForm(forms.Form):
    use_required_attribute = False

    letter_on = DateField(
        label=gettext_lazy("Day of the letter"),
        help_text=gettext_lazy("The day that stands on the letter, such as 05/09/2026."),
        error_messages={
            "required": gettext_lazy("Enter the day of the letter."),
            "invalid": gettext_lazy("Give the day as 05/09/2026."),
        },
    )
    reason = LongTextField(
        label=gettext_lazy("Reason that the letter states"),
        help_text=gettext_lazy("It stands in the history of the dossier; the enterprise reads it."),
        max_length=1000,
        error_messages={"required": gettext_lazy("Give the reason that the letter states.")},
        widget=forms.Textarea(attrs={"rows": 3, "lang": "vi"}),
    )


def now_in_minutes() -> Any:
    return timezone.now().replace(second=0, microsecond=0)
