"""What a season does differently from the one before it, in words for the pages."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from programme import actions, rubric_difference, yearly
from programme.forms import SeasonForm
from programme.models import Rubric, Season


@dataclass(frozen=True)
class TermRow:
    """One term as the table shows it."""

    name: str
    label: str
    last: str
    proposed: str
    now: str
    state: str

    @property
    def words(self) -> str:
        if self.state == "proposed" and self.proposed == in_words(None):
            return pgettext("term", "to be written anew")
        return {
            "kept": pgettext("term", "as last year"),
            "proposed": pgettext("term", "moved by a year"),
            "changed": pgettext("term", "changed"),
        }[self.state]

    @property
    def kind(self) -> str:
        return {"kept": "grey", "proposed": "lam", "changed": "ho"}[self.state]


@dataclass(frozen=True)
class RubricRow:
    """One change of the criteria; `code` is empty for the rules of the whole."""

    code: str
    what: str
    before: str
    after: str


def before(year: int) -> Season | None:
    """The season that one of this year is set up from."""
    return Season.objects.filter(year__lt=year).select_related("rubric").order_by("-year").first()


def proposed_terms(last: Season, year: int) -> dict[str, Any]:
    """Dates move to the same weekday of the same week of the month; what must be new each year stays empty."""
    terms = SeasonForm.terms_of(last)
    for name, value in terms.items():
        if isinstance(value, datetime):
            terms[name] = yearly.moved_moment(timezone.localtime(value), year - last.year)
    terms["scoring_opens_at"] = terms["scoring_opens_at"] or terms["registration_closes_at"]
    return terms | {"plan_number": ""}


def term_rows(last: Season, year: int, now: Mapping[str, Any]) -> list[TermRow]:
    """Every term: last year's, the proposed and what stands there now."""
    proposed = proposed_terms(last, year)
    values = {name: now.get(name) for name in SeasonForm.base_fields}
    labels = {name: str(field.label) for name, field in SeasonForm().fields.items()}
    return [
        TermRow(row.name, labels[row.name], in_words(row.last), in_words(row.proposed), in_words(row.now), row.state)
        for row in yearly.compared(SeasonForm.terms_of(last), proposed, values)
    ]


def rubric_rows(last: Rubric | None, rubric: Rubric | None) -> list[RubricRow] | None:
    """What the criteria do differently; None when one of the two is missing."""
    if last is None or rubric is None:
        return None
    found = [] if last.pk == rubric.pk else rubric_difference.changes(actions.rules_of(last), actions.rules_of(rubric))
    return [RubricRow(change.code, _named(change.what), change.before or "–", change.after or "–") for change in found]


def _named(what: str) -> str:
    return {
        "added": _("new criterion"),
        "removed": _("criterion removed"),
        "label": _("name"),
        "points": _("most points"),
        "level": _("levels"),
        "condition": _("condition"),
        "justification": _("justification asked"),
        "scale": _("points in all"),
        "pass": _("when a product passes"),
        "tie": _("order of equal totals"),
        "cut": _("equal ranks at the cut"),
        "bands": _("bands"),
        "sets": _("sets of criteria"),
        "ballot": _("ballot"),
    }[what]


def in_words(value: Any) -> str:
    if isinstance(value, datetime):
        local = timezone.localtime(value)
        return f"{date_format(local, 'D')} {date_format(local, 'SHORT_DATETIME_FORMAT')}"
    if isinstance(value, date):
        return date_format(value, "SHORT_DATE_FORMAT")
    if value in (None, ""):
        return "–"
    return value if isinstance(value, str) else number_format(value, use_l10n=True)
