"""The short form of the counter: whose dossier it is, which product, which papers."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.forms.boundfield import BoundField
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import uploads
from core.errors import Refused
from core.forms import DateTimeField, IntegerField, TextField
from dossiers import words
from dossiers.actions import MAX_FILES_PER_SLOT
from dossiers.actions.uploads import kinds_of
from dossiers.papers import BY_CODE, PAPERS
from enterprises.entry_forms import parsed_tax_code, tax_code_field
from enterprises.forms import EnterpriseForm, phone_number
from products.forms import NamesForm
from products.models import Product
from programme.models import Season, TrackName

NEW = "new"


class CodeForm(forms.Form):
    """The first question at the counter."""

    mst = tax_code_field()

    def clean_mst(self) -> str:
        return parsed_tax_code(self.cleaned_data["mst"])


class ShortEnterpriseForm(EnterpriseForm):
    """An enterprise that is not known yet: what stands on its registration certificate."""

    is_another = forms.BooleanField(
        label=gettext_lazy("I compared: it is another enterprise than those above"), required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("name_en", "website", "zone"):
            del self.fields[name]
        self.fields["phone"].required = False

    def facts(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "is_another"}


@dataclass(frozen=True)
class PaperRow:
    """One paper on the page: its tick, how many copies, and where its scans go."""

    code: str
    name: str
    tick: BoundField
    copies: BoundField
    scan: str
    accept: str
    error: str


class CounterForm(NamesForm):
    """The dossier itself. A new product needs its name and sector only; the rest is asked for later."""

    season = forms.ChoiceField(label=gettext_lazy("Season"))
    track = forms.ChoiceField(
        label=gettext_lazy("Track"),
        choices=TrackName.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Choose the track."),
            "invalid_choice": gettext_lazy("Choose the track."),
        },
    )
    received_at = DateTimeField(
        label=gettext_lazy("Time of receipt"),
        error_messages={"required": gettext_lazy("Enter the time of receipt.")},
    )
    product = forms.ChoiceField(
        label=gettext_lazy("Product"),
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Choose a product, or describe a new one."),
            "invalid_choice": gettext_lazy("Choose a product, or describe a new one."),
        },
    )
    is_other_product = forms.BooleanField(
        label=gettext_lazy("I compared: it is another product than the one above"), required=False
    )
    contact_name = TextField(label=gettext_lazy("Contact person"), max_length=120, required=False)
    contact_phone = TextField(
        label=gettext_lazy("Telephone"),
        max_length=30,
        required=False,
        validators=[phone_number],
        widget=forms.TextInput(attrs={"inputmode": "tel"}),
    )
    contact_email = forms.EmailField(
        label=gettext_lazy("Email address"),
        max_length=254,
        required=False,
        error_messages={"invalid": gettext_lazy("This is not an email address. An example: name@company.vn")},
    )
    token = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, seasons: list[Season], products: list[Product], taken: set[int], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.seasons = {str(season.year): season for season in seasons}
        self.products = {str(product.pk): product for product in products if product.pk not in taken}
        self._offer("season", [(year, year) for year in self.seasons])
        free = [(key, product.name_vi) for key, product in self.products.items()]
        self._offer("product", [*free, (NEW, _("A product that is not on this list"))])
        if not self.products:
            del self.fields["product"]
        for name in ("name_vi", "sector"):
            self.fields[name].required = self.is_bound and self.wants_new
        for name in ("name_en", "industry"):
            del self.fields[name]
        for paper in PAPERS:
            self.fields[f"got_{paper.code}"] = forms.BooleanField(label=words.PAPER_NAMES[paper.code], required=False)
            self.fields[f"copies_{paper.code}"] = IntegerField(
                label=_("Copies"),
                required=False,
                min_value=1,
                max_value=99,
                initial=1,
                localize=False,
                error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), _("Enter a number from 1 to 99.")),
            )
        if not self.is_bound:
            self.initial.setdefault("token", uuid.uuid4())

    def _offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    @property
    def wants_new(self) -> bool:
        return not self.products or self.data.get("product") == NEW

    def clean(self) -> dict[str, Any]:
        if not any(self.cleaned_data.get(f"got_{paper.code}") for paper in PAPERS):
            self.add_error(None, _("Tick the papers that were received."))
        return super().clean() or self.cleaned_data

    def rows(self) -> Iterator[PaperRow]:
        errors = getattr(self, "scan_errors", {})
        for paper in PAPERS:
            yield PaperRow(
                paper.code,
                str(words.PAPER_NAMES[paper.code]),
                self[f"got_{paper.code}"],
                self[f"copies_{paper.code}"],
                f"scan_{paper.code}",
                uploads.ACCEPT_PICTURES if paper.only_pictures else uploads.ACCEPT,
                errors.get(paper.code, ""),
            )

    def papers(self) -> dict[str, int]:
        data = self.cleaned_data
        return {p.code: data.get(f"copies_{p.code}") or 1 for p in PAPERS if data.get(f"got_{p.code}")}

    def contact(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in ("contact_name", "contact_phone", "contact_email")}

    def chosen_product(self) -> Product | None:
        return None if self.wants_new else self.products[self.cleaned_data["product"]]

    def product_facts(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("name_vi", "sector")}


class ScanForm(forms.Form):
    """Scans that come after the dossier was received."""

    paper = forms.ChoiceField(
        label=gettext_lazy("Paper"),
        error_messages={
            "required": gettext_lazy("Choose the paper."),
            "invalid_choice": gettext_lazy("Choose the paper."),
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["paper"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "—"), *((code, str(words.PAPER_NAMES[code])) for code in BY_CODE)]


Scans = list[tuple[str, uploads.CheckedFile]]


def read_scans(sent: MultiValueDict[str, UploadedFile]) -> tuple[Scans, dict[str, str]]:
    """The files that came with the page, judged one by one, and what is wrong by paper."""
    scans: Scans = []
    errors: dict[str, str] = {}
    for paper in PAPERS:
        files = sent.getlist(f"scan_{paper.code}")
        found, wrong = read_files(paper.code, files)
        scans += found
        if wrong:
            errors[paper.code] = wrong
    return scans, errors


def read_files(code: str, files: list[UploadedFile]) -> tuple[Scans, str]:
    slot = BY_CODE[code]
    most = MAX_FILES_PER_SLOT if slot.several else 1
    if len(files) > most:
        return [], _("At most %(n)s files for this paper. Put the pages into one PDF.") % {"n": most}
    scans: Scans = []
    wrong = []
    for upload in files:
        try:
            scans.append((code, uploads.check(upload, kinds_of(slot))))
        except Refused as refused:
            wrong.append(f"{uploads.clean_name(upload.name or '')}: {' '.join(refused.reasons)}")
    return scans, " ".join(wrong)


def received_now(at: datetime) -> datetime:
    return at.replace(second=0, microsecond=0)
