"""What the secretary and whoever signs type."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _

from accounts.models import Role, User
from certificates.paper import legal_date
from core.forms import DateField, DateTimeField, LongTextField, TextField
from dossiers.models import Dossier
from evaluations.models import Seat
from evaluations.queries import seats_of
from meetings.kinds import KINDS, PaperForm
from meetings.models import Ballot, Meeting


class PlanForm(forms.Form):
    """When, where and how a session votes."""

    opens_at = DateTimeField(
        label=gettext_lazy("Begins at"),
        help_text=gettext_lazy("Time and day, for example 08:30 09/11/2026."),
        error_messages={"required": gettext_lazy("Enter the time and the day of the meeting.")},
    )
    place = TextField(
        label=gettext_lazy("Place"),
        max_length=200,
        error_messages={"required": gettext_lazy("Enter where the council meets.")},
    )
    ballot = forms.ChoiceField(
        label=gettext_lazy("How it votes"),
        choices=Ballot.choices,
        initial=Ballot.OPEN,
        widget=forms.RadioSelect,
        help_text=gettext_lazy("In a secret vote nothing is kept but sums; it cannot be entered for somebody else."),
    )


class SeatChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj} – {obj.get_position_display()}"


class MeetingForm(PlanForm):
    """The facts of a session that is planned or open."""

    chair = SeatChoice(label=gettext_lazy("Chaired by"), queryset=Seat.objects.none())
    secretary = forms.ModelChoiceField(label=gettext_lazy("Secretary of the meeting"), queryset=User.objects.none())

    def __init__(self, *args: Any, meeting: Meeting, **kwargs: Any) -> None:
        facts = {name: getattr(meeting, name) for name in ("opens_at", "place", "ballot", "chair", "secretary")}
        super().__init__(*args, **{**kwargs, "initial": facts})
        chair, secretary = self.fields["chair"], self.fields["secretary"]
        assert isinstance(chair, forms.ModelChoiceField)
        assert isinstance(secretary, forms.ModelChoiceField)
        chair.queryset = seats_of(meeting.season).filter(is_alternate=False)
        granted = User.objects.filter(grants__role=Role.SECRETARY, grants__withdrawn_at=None, is_active=True)
        secretary.queryset = granted.distinct().order_by("full_name")
        if meeting.opened_at is not None:
            for name in ("opens_at", "place", "ballot"):
                del self.fields[name]

    def values(self, meeting: Meeting) -> dict[str, Any]:
        """What `change_meeting` is told: facts that can no longer change stay."""
        kept = {name: getattr(meeting, name) for name in ("opens_at", "place", "ballot")}
        return kept | self.cleaned_data


class BusinessForm(forms.Form):
    """A point of business."""

    title = TextField(
        label=gettext_lazy("Point of business"),
        max_length=200,
        error_messages={"required": gettext_lazy("Write what the point of business is.")},
    )
    asks_vote = forms.BooleanField(label=gettext_lazy("The council votes on it"), required=False)


class ConclusionForm(forms.Form):
    conclusion = LongTextField(
        label=gettext_lazy("Conclusion"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "lang": "vi"}),
        help_text=gettext_lazy("As it will stand in the minutes. It can be worded until the minutes are signed."),
    )


class FactsForm(forms.Form):
    """What only a person knows of the papers. Inputs are named t0, t1 …: field names have spaces."""

    DAYS = ("ngày tờ trình", "ngày quyết định")

    def __init__(self, *args: Any, values: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.names = [name for kind in KINDS for name in kind.typed]
        for number, name in enumerate(self.names):
            label = self._label(name)
            if name in self.DAYS:
                made: forms.Field = DateField(label=label, required=False)
            else:
                made = TextField(label=label, required=False, max_length=150)
            made.initial = values.get(f"{name}: ngày" if name in self.DAYS else name, "")
            self.fields[f"t{number}"] = made
        self.fields["bases"] = LongTextField(
            label=_("Legal bases"),
            required=False,
            max_length=4000,
            widget=forms.Textarea(attrs={"rows": 5, "lang": "vi"}),
            help_text=_(
                "One a line, beginning with “Căn cứ”. The council's decision, the plan and the minutes are added by "
                "the record itself."
            ),
            initial=values.get("căn cứ", ""),
        )

    @staticmethod
    def _label(name: str) -> str:
        kind: PaperForm = next(kind for kind in KINDS if name in kind.typed)
        field = kind.field(name)
        return field.meaning_en if get_language() == "en" else field.meaning_vi

    def values(self) -> dict[str, str]:
        """As they stand on paper; of a day also what was typed, so that the form shows it again."""
        found: dict[str, str] = {"căn cứ": self.cleaned_data.get("bases", "")}
        for number, name in enumerate(self.names):
            value = self.cleaned_data.get(f"t{number}")
            if isinstance(value, date):
                found[name], found[f"{name}: ngày"] = legal_date(value), f"{value:%d/%m/%Y}"
            elif value:
                found[name] = str(value)
        return found


class DossierBoxes(forms.ModelMultipleChoiceField):
    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.number} – {obj.product.name_vi} ({obj.enterprise.name_vi})"


class StatementForm(forms.Form):
    """The statement before signing. Neither answer is chosen beforehand."""

    NONE, SOME = "none", "some"
    answer = forms.ChoiceField(
        label=gettext_lazy("Your statement"),
        choices=[
            (NONE, pgettext_lazy("statement", "I have no conflict of interest with anything that was decided.")),
            (SOME, pgettext_lazy("statement", "I have a conflict of interest:")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose one of the two statements.")},
    )
    dossiers = DossierBoxes(label=gettext_lazy("With which dossier"), queryset=Dossier.objects.none(), required=False)
    words = TextField(label=gettext_lazy("What the conflict is"), required=False, max_length=300)

    def __init__(self, *args: Any, meeting: Meeting, hidden: frozenset[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        boxes = self.fields["dossiers"]
        assert isinstance(boxes, forms.ModelMultipleChoiceField)
        taken_up = meeting.items.exclude(dossier=None).exclude(dossier__in=hidden).values("dossier_id")
        found = Dossier.objects.filter(pk__in=taken_up).select_related("product", "enterprise").order_by("number")
        boxes.queryset = found
