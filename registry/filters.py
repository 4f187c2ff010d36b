"""One set of filters for the directory, its downloads and the API, so that the three never disagree."""

from collections.abc import Callable, Collection
from datetime import date
from typing import Any

import django_filters
from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field

from reference.models import Sector, Ward
from registry.models import PublishedEnterprise, PublishedProduct, Recognition, Status
from registry.queries import matching, published, search_words

FIRST_YEAR, LAST_YEAR = 2005, 2100
YES, NO = "true", "false"
Codes = Callable[[], Collection[str]]


def sector_codes() -> Collection[str]:
    return set(Sector.objects.values_list("code", flat=True))


def ward_codes() -> Collection[str]:
    return set(Ward.objects.values_list("code", flat=True))


def years() -> Collection[str]:
    return {str(year) for year in range(FIRST_YEAR, LAST_YEAR + 1)}


def statuses() -> Collection[str]:
    return {status.value for status in Status.of_products()}


class CodesField(forms.MultipleChoiceField):
    """Several codes of one kind; what is known is asked once, and only when something was chosen."""

    def __init__(self, *, codes: Codes, **kwargs: Any) -> None:
        kwargs.pop("null_label", None)
        super().__init__(**kwargs)
        self.codes = codes

    def validate(self, value: Any) -> None:
        known = self.codes() if value else set()
        for code in value or []:
            if code not in known:
                raise forms.ValidationError(
                    self.error_messages["invalid_choice"], code="invalid_choice", params={"value": code}
                )


class CodesFilter(django_filters.MultipleChoiceFilter):
    field_class = CodesField


def several(codes: Codes, label: Any, kind: str = "string") -> CodesFilter:
    """A filter that may be given more than once; any of its values is enough."""
    found = CodesFilter(codes=codes, label=label)
    extend_schema_field({"type": kind, "description": label})(found)
    return found


def yes_or_no(label: Any) -> django_filters.ChoiceFilter:
    """A filter that takes `true` or `false` and nothing else."""
    found = django_filters.ChoiceFilter(choices=[(YES, YES), (NO, NO)], label=label)
    extend_schema_field({"type": "string", "enum": [YES, NO], "description": label})(found)
    return found


class WordsField(forms.CharField):
    """What people type into a search box."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=200, **kwargs)


class WordsFilter(django_filters.CharFilter):
    field_class = WordsField


class RegistryFilter(django_filters.FilterSet):
    """Shared by products and recognitions. `on` is the day by which a status is told."""

    q = WordsFilter(label=_("words in the name of the product or its maker, with or without accents"))
    sector = several(sector_codes, _("code of a sector; may be repeated"))
    year = several(years, _("year of the season; may be repeated"), "integer")
    top10 = yes_or_no(_("with or without the title Top 10"))
    status = several(statuses, _("what holds today: valid, expired or revoked; may be repeated"))

    def __init__(self, *args: Any, on: date | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.on = on or timezone.localdate()

    def wanted(self, name: str) -> Any:
        """The understood value of one filter; empty when it is not in use or was not understood."""
        self.errors  # noqa: B018 - judges the form
        return self.form.cleaned_data.get(name) if self.is_bound else None

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return self.narrowed(queryset)

    def narrowed(self, queryset: QuerySet[Any], leave_out: str = "") -> QuerySet[Any]:
        """Every filter in use but one: so a facet counts what each of its values would give."""
        for name, condition in self.conditions().items():
            if name != leave_out and self.wanted(name):
                queryset = queryset.filter(condition(leave_out))
        return queryset

    def conditions(self) -> dict[str, Callable[[str], Q | Exists]]:
        raise NotImplementedError


class RecognitionFilter(RegistryFilter):
    class Meta:
        model = Recognition
        fields: list[str] = []

    def conditions(self) -> dict[str, Callable[[str], Q | Exists]]:
        return {
            "q": lambda _o: matching(search_words(self.wanted("q")), "product__search_text"),
            "sector": lambda _o: Q(product__sector__in=self.wanted("sector")),
            "year": lambda _o: Q(season_year__in=self.wanted("year")),
            "top10": lambda _o: Q(is_top10=self.wanted("top10") == YES),
            "status": lambda _o: self._status(),
        }

    def _status(self) -> Q:
        found = Q(pk__in=[])
        for status in self.wanted("status"):
            found |= Q(pk__in=Recognition.objects.with_status(status, self.on).values("pk"))
        return found


class ProductFilter(RegistryFilter):
    """Over `registry.queries.products`. Year and Top 10 speak of the same recognition."""

    ward = several(ward_codes, _("code of the maker's ward or commune; may be repeated"))

    class Meta:
        model = PublishedProduct
        fields: list[str] = []

    def conditions(self) -> dict[str, Callable[[str], Q | Exists]]:
        return {
            "q": lambda _o: matching(search_words(self.wanted("q"))),
            "sector": lambda _o: Q(sector__in=self.wanted("sector")),
            "year": lambda leave_out: Exists(self.recognitions(leave_out)),
            "top10": self._top10,
            "status": lambda _o: Q(standing__in=self.wanted("status")),
            "ward": lambda _o: Q(enterprise__ward__in=self.wanted("ward")),
        }

    def _top10(self, leave_out: str) -> Q | Exists:
        if self.wanted("top10") == YES:
            return Exists(self.recognitions(leave_out))
        return Q(~Exists(Recognition.objects.filter(product=OuterRef("pk"), is_top10=True, revoked_at=None)))

    def recognitions(self, leave_out: str = "") -> QuerySet[Recognition]:
        """The recognitions of the product at hand that the filters for year and Top 10 mean."""
        found = Recognition.objects.filter(product=OuterRef("pk"))
        if leave_out != "year" and self.wanted("year"):
            found = found.filter(season_year__in=self.wanted("year"))
        if leave_out != "top10" and self.wanted("top10") == YES:
            found = found.filter(is_top10=True, revoked_at=None)
        return found


class EnterpriseFilter(django_filters.FilterSet):
    """Over `registry.queries.enterprises`: makers by their own name or the name of a product."""

    q = WordsFilter(label=_("words in the name of the maker or of a product, with or without accents"))
    sector = several(sector_codes, _("code of a sector; may be repeated"))

    class Meta:
        model = PublishedEnterprise
        fields: list[str] = []

    def filter_queryset(self, queryset: QuerySet[PublishedEnterprise]) -> QuerySet[PublishedEnterprise]:
        wanted = self.form.cleaned_data
        own = published().filter(enterprise=OuterRef("pk"))
        if wanted.get("q"):
            queryset = queryset.filter(Exists(own.filter(matching(search_words(wanted["q"])))))
        if wanted.get("sector"):
            queryset = queryset.filter(Exists(own.filter(sector__in=wanted["sector"])))
        return queryset
