"""What the enterprise fills in. A draft may be saved with gaps: what is still missing is said by the task list
and the last check, not by the form."""

from typing import Any

from django import forms
from django.utils.formats import number_format
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from core.forms import LongTextField, TextField
from dossiers.models import Dossier
from enterprises.forms import phone_number
from enterprises.models import Enterprise
from products.forms import NamesForm, ProductForm
from products.models import Product
from programme import tracks
from programme.models import TrackName

YES_NO = [("yes", gettext_lazy("Yes")), ("no", gettext_lazy("No"))]


class DraftForm(forms.Form):
    """Its required fields are needed in the end, not at every save."""

    use_required_attribute = False

    def _clean_fields(self) -> None:
        needed = {name: field.required for name, field in self.fields.items()}
        for field in self.fields.values():
            field.required = False
        try:
            super()._clean_fields()  # type: ignore[misc]
        finally:
            for name, field in self.fields.items():
                field.required = needed[name]


# --- start --------------------------------------------------------------------------------------------
def threshold_in_words(code: str) -> str:
    """What the guidance asks of this track, in one sentence."""
    track = tracks.TRACKS[code]
    if track.min_revenue is not None:
        words = {
            "standard": _("Revenue of the product from %(n)s billion VND a year."),
            "hi_tech": _(
                "On the Prime Minister's list of hi-tech products, with revenue from %(n)s billion VND a year."
            ),
        }
        return words[code] % {"n": number_format(track.min_revenue, 0, force_grouping=True)}
    if track.min_export is not None:
        return _("No limit of revenue, but exports from %(n)s million USD a year.") % {
            "n": number_format(track.min_export, 0, force_grouping=True)
        }
    return _("No limit of revenue; a creative idea with a trend of growth, markets and meaning for society.")


class EnterpriseField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        enterprise: Enterprise = obj
        return enterprise.name_en if get_language() == "en" and enterprise.name_en else enterprise.name_vi


class StartForm(NamesForm):
    """Which product, on which track, and whether it may take part at all."""

    NEW = "new"

    enterprise = EnterpriseField(
        label=gettext_lazy("For which enterprise"),
        queryset=Enterprise.objects.none(),
        empty_label=None,
        error_messages={
            "required": gettext_lazy("Choose the enterprise."),
            "invalid_choice": gettext_lazy("Choose the enterprise."),
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
    track = forms.ChoiceField(
        label=gettext_lazy("On which track"),
        choices=TrackName.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Choose the track."),
            "invalid_choice": gettext_lazy("Choose the track."),
        },
    )
    in_hanoi = forms.ChoiceField(
        label=gettext_lazy("Does the enterprise have its head office or a production site in Hanoi?"),
        choices=YES_NO,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Say whether the enterprise is in Hanoi.")},
    )
    over_threshold = forms.ChoiceField(
        label=gettext_lazy("Did the product reach what its track asks, in the last full year?"),
        choices=YES_NO,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Say whether the product reaches what its track asks.")},
    )
    no_breach = forms.ChoiceField(
        label=gettext_lazy(
            "Is the enterprise free of serious breaches of tax, environment, labour and intellectual property law?"
        ),
        choices=YES_NO,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Say whether there is a serious breach of law.")},
    )

    def __init__(self, *args: Any, enterprises: list[Enterprise], products: list[Product], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.products = {str(product.pk): product for product in products}
        self.enterprises = enterprises
        choice, enterprise = self.fields["product"], self.fields["enterprise"]
        assert isinstance(choice, forms.ChoiceField)
        assert isinstance(enterprise, forms.ModelChoiceField)
        choice.choices = [
            *((key, product.name_vi) for key, product in self.products.items()),
            (self.NEW, _("A product that is not on this list")),
        ]
        if len(enterprises) > 1:
            enterprise.queryset = Enterprise.objects.filter(pk__in=[e.pk for e in enterprises])
        else:
            del self.fields["enterprise"]
        if not self.products:
            del self.fields["product"]

    @property
    def wants_new(self) -> bool:
        return not self.products or self.data.get("product") == self.NEW

    def _clean_fields(self) -> None:
        """The description of a new product is asked for only when the product is new."""
        if self.is_bound and not self.wants_new:
            for name in (*NamesForm.base_fields, "enterprise"):
                if name in self.fields:
                    self.fields[name].required = False
        super()._clean_fields()  # type: ignore[misc]

    def obstacles(self) -> list[str]:
        """Why this product cannot take part now, and what can be done. Asked of a valid form."""
        found = []
        if self.cleaned_data["in_hanoi"] == "no":
            found.append(
                _(
                    "The programme is for products of enterprises with their head office or a production site in "
                    "Hanoi. Your own province may have a programme of the same kind."
                )
            )
        if self.cleaned_data["over_threshold"] == "no":
            found.append(
                _(
                    "On this track the guidance asks: “%(rule)s” Look whether another track fits, or apply in the "
                    "season after the product has reached it."
                )
                % {"rule": threshold_in_words(self.cleaned_data["track"])}
            )
        if self.cleaned_data["no_breach"] == "no":
            found.append(
                _(
                    "A serious breach has to be settled first. When the authority has confirmed that it is, you "
                    "can apply; ask the Department if you are not sure."
                )
            )
        return found


# --- the parts of a dossier ---------------------------------------------------------------------------
class ContactForm(DraftForm):
    """Whom the Department calls."""

    contact_name = TextField(
        label=gettext_lazy("Contact person"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    contact_phone = TextField(
        label=gettext_lazy("Telephone of the contact person"),
        max_length=30,
        validators=[phone_number],
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
    )
    contact_email = forms.EmailField(
        label=gettext_lazy("Email of the contact person"),
        max_length=254,
        error_messages={"invalid": gettext_lazy("This is not an email address. An example: name@company.vn")},
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )


class ProductPartForm(ProductForm, DraftForm):
    """The product as the public will see it, and as the council will judge it."""

    description = LongTextField(
        label=gettext_lazy("Description of the product"),
        max_length=6000,
        help_text=gettext_lazy(
            "Use, specifications, markets, place among competitors; at least 100 characters. The council reads it."
        ),
    )
    technology = LongTextField(
        label=gettext_lazy("Technology and equipment"),
        max_length=6000,
        help_text=gettext_lazy("Production line, its age and origin, share of automation, own research."),
    )
    track_basis = LongTextField(label=gettext_lazy("Basis of the track"), max_length=2000)

    def __init__(self, *args: Any, dossier: Dossier, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        basis = {
            "hi_tech": _("Item and edition of the Prime Minister's list of hi-tech products, in words."),
            "startup": _("The idea, its growth so far and what it means for society."),
        }
        if dossier.track in basis:
            self.fields["track_basis"].help_text = basis[dossier.track]
        else:
            del self.fields["track_basis"]
        # Without a name and a sector there is no product: these two are asked for at every save.
        self.always = ("name_vi", "sector")
        for name, field in self.fields.items():
            if isinstance(field, LongTextField):
                field.widget.attrs.setdefault("rows", 5 if name.startswith("summary") else 8)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for name in self.always:
            if name not in self.errors and not cleaned.get(name):
                self.add_error(name, self.fields[name].error_messages["required"])
        return cleaned

    def dossier_facts(self) -> dict[str, Any]:
        names = ("description", "technology", "track_basis")
        return {name: self.cleaned_data[name] for name in names if name in self.cleaned_data}


class UndertakingsForm(forms.Form):
    use_required_attribute = False

    agreed = forms.BooleanField(
        label=gettext_lazy("On behalf of the enterprise I give these undertakings."),
        error_messages={"required": gettext_lazy("Tick the box to give the undertakings.")},
    )


class DeclarationForm(forms.Form):
    use_required_attribute = False

    declared = forms.BooleanField(
        label=gettext_lazy("I have checked the dossier. What it says is true, and I may send it for the enterprise."),
        error_messages={"required": gettext_lazy("Tick the declaration to send the dossier.")},
    )


class TrackForm(forms.Form):
    """The look-up without an account."""

    use_required_attribute = False

    number = TextField(
        label=gettext_lazy("Dossier number"),
        max_length=40,
        help_text=gettext_lazy("It stands on the receipt, such as H26.12-260915-0001."),
        error_messages={"required": gettext_lazy("Enter the dossier number.")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    tax_code_end = forms.RegexField(
        r"^[0-9]{4}$",
        label=gettext_lazy("Last four digits of the tax code"),
        max_length=8,
        error_messages={
            "required": gettext_lazy("Enter the last four digits of the tax code."),
            "invalid": gettext_lazy("Enter exactly four digits."),
            "max_length": gettext_lazy("Enter exactly four digits."),
        },
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
