"""The draft saves itself, field by field, and nobody overwrites anybody.

Each change comes with its base: what its writer saw before. Under the row's lock a field is written when it still
holds its base; when it already holds the new value nothing is to do; else somebody was faster, and both versions
are shown. The pages without scripts send the bases of the whole form as short digests and get the same treatment.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext as _

from core.errors import Refused
from dossiers import actions
from dossiers.actions.row import editable
from dossiers.figures_form import FiguresForm
from dossiers.forms import ContactForm, DraftForm, ProductPartForm, mark_of
from dossiers.models import Dossier, FieldChange, Stage
from dossiers.queries import years_asked
from dossiers.selfmarks import SelfMarksForm
from programme.queries import leaves

MAX_FIELDS = 80
MAX_LETTERS = 8000
TEXTS = ("description", "technology", "track_basis")
CONTACT = ("contact_name", "contact_phone", "contact_email")


# --- the parts that save themselves -------------------------------------------------------------------
@dataclass(frozen=True)
class Sheet:
    """One part: its form over what is stored (bound when given data), and how its fields are written."""

    form: Callable[[Dossier, Any], DraftForm]
    write: Callable[[Dossier, Any, Any, datetime], None]


def contact_form(dossier: Dossier, data: Any = None) -> ContactForm:
    return ContactForm(data, initial={name: getattr(dossier, name) for name in CONTACT})


def product_form(dossier: Dossier, data: Any = None) -> ProductPartForm:
    texts = {name: getattr(dossier, name) for name in TEXTS}
    initial = ProductPartForm.facts_of(dossier.product) | texts
    return ProductPartForm(data, initial=initial, dossier=dossier)


def figures_form(dossier: Dossier, data: Any = None) -> FiguresForm:
    return FiguresForm(data, initial=FiguresForm.figures_of(dossier), years=years_asked(dossier.season.year))


def selfmarks_form(dossier: Dossier, data: Any = None) -> SelfMarksForm:
    rubric = dossier.season.rubric
    criteria = list(leaves(rubric)) if rubric else []
    return SelfMarksForm(data, criteria=criteria, marks=list(dossier.self_marks.all()))


def _write_contact(dossier: Dossier, form: ContactForm, by: Any, at: datetime) -> None:
    actions.describe(dossier=dossier, by=by, at=at, **form.cleaned_data)


def _write_product(dossier: Dossier, form: ProductPartForm, by: Any, at: datetime) -> None:
    facts = form.product_facts()
    actions.describe_product(dossier=dossier, product_facts=facts, by=by, at=at, **form.dossier_facts())


def _write_figures(dossier: Dossier, form: FiguresForm, by: Any, at: datetime) -> None:
    actions.report_figures(dossier=dossier, figures=form.figures(), by=by, at=at)


def _write_selfmarks(dossier: Dossier, form: SelfMarksForm, by: Any, at: datetime) -> None:
    actions.mark_oneself(dossier=dossier, marks=form.marks(), by=by, at=at)


SHEETS: dict[str, Sheet] = {
    "enterprise": Sheet(contact_form, _write_contact),
    "product": Sheet(product_form, _write_product),
    "figures": Sheet(figures_form, _write_figures),
    "selfmarks": Sheet(selfmarks_form, _write_selfmarks),
}


# --- three ways ---------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Conflict:
    """Somebody else wrote this field meanwhile."""

    theirs: str
    theirs_in_words: str
    mine: str
    who: str
    label: str


@dataclass
class Outcome:
    """What became of each field that was sent."""

    saved: dict[str, str] = field(default_factory=dict)
    errors: dict[str, list[str]] = field(default_factory=dict)
    conflicts: dict[str, Conflict] = field(default_factory=dict)
    marks: dict[str, str] = field(default_factory=dict)
    written: list[str] = field(default_factory=list)
    stamp: str = ""


@transaction.atomic
def save(*, dossier: Dossier, part: str, changes: Mapping[str, tuple[str, str]], by: Any, at: datetime) -> Outcome:
    """Write the fields that still hold their base (`changes[name]` is base and value). Fields that cannot be read
    or were written by somebody else stay as they are and are told; the others are saved all the same."""
    sheet, locked = SHEETS[part], _fresh(editable(dossier, by, part))
    stored = sheet.form(locked, None)
    outcome = Outcome(stamp=stamp_of(locked))
    asked = {name: pair for name, pair in changes.items() if name in stored.fields}
    for name in [name for name, pair in asked.items() if len(pair[1]) > MAX_LETTERS]:
        outcome.errors[name] = [_("This text is too long.")]
        del asked[name]
    values = stored.stored()
    bases = sheet.form(locked, values | {name: base for name, (base, _value) in asked.items()})
    bases.is_valid()
    new = sheet.form(locked, values | {name: value for name, (_base, value) in asked.items()})
    new.is_valid()
    write = []
    for name, (_base, value) in asked.items():
        if name in new.errors:
            outcome.errors[name] = [str(error) for error in new.errors[name]]
            continue
        base = mark_of(bases.cleaned_data[name]) if name in bases.cleaned_data else None
        if _may_write(outcome, stored, name, base, new.cleaned_data[name], value, dossier=locked, part=part):
            write.append(name)
    _write(locked, part, new, write, outcome, by, at)
    after = _fresh(locked)
    fresh = sheet.form(after, None)
    for name in asked:
        if name not in outcome.errors and name not in outcome.conflicts:
            outcome.saved[name] = fresh.shown(name, fresh.initial.get(name))
        outcome.marks[name] = mark_of(fresh.initial.get(name))
    outcome.stamp = stamp_of(after)
    return outcome


def _may_write(
    outcome: Outcome,
    stored: DraftForm,
    name: str,
    base: str | None,
    new: Any,
    typed: str,
    *,
    dossier: Dossier,
    part: str,
) -> bool:
    current = stored.initial.get(name)
    if mark_of(new) in (mark_of(current), base) and base != mark_of(current):
        return False  # it is so already, or only somebody else changed it
    if base == mark_of(current):
        return mark_of(new) != base
    outcome.conflicts[name] = Conflict(
        theirs=stored.shown(name, current),
        theirs_in_words=stored.in_words(name, current),
        mine=typed,
        who=who_wrote(dossier, part, name),
        label=str(stored.fields[name].label),
    )
    return False


def _write(
    dossier: Dossier, part: str, form: DraftForm, names: list[str], outcome: Outcome, by: Any, at: datetime
) -> None:
    """A name of the product that is taken is an error of its field; the others are written."""
    if not names:
        return
    cleaned = form.cleaned_data
    form.cleaned_data = {name: cleaned[name] for name in names}
    try:
        with transaction.atomic():
            SHEETS[part].write(dossier, form, by, at)
    except Refused as refused:
        if "name_vi" not in names:
            raise
        outcome.errors["name_vi"] = list(refused.reasons)
        form.cleaned_data = cleaned
        _write(_fresh(dossier), part, form, [name for name in names if name != "name_vi"], outcome, by, at)
        return
    outcome.written += names
    note(dossier=dossier, part=part, names=names, by=by, at=at)


@transaction.atomic
def press(
    *,
    dossier: Dossier,
    part: str,
    form: DraftForm,
    data: Mapping[str, Any],
    by: Any,
    at: datetime,
    write: Callable[[], None],
) -> dict[str, Conflict]:
    """The button of a page, with or without scripts: `form` is valid, `data["base"]` has the digests of what the
    page showed. Fields that the person left alone are not written; those that somebody else changed meanwhile are
    given back as conflicts, unless the person chose whose version stays."""
    locked = _fresh(editable(dossier, by, part))
    stored = SHEETS[part].form(locked, None)
    bases = _bases(data.get("base", ""))
    outcome, names = Outcome(), []
    for name in [name for name in form.fields if name in data and name in form.cleaned_data]:
        base = bases.get(name, mark_of(stored.initial.get(name)))
        choice = data.get(f"choice-{name}", "")
        if choice == "theirs":
            continue
        typed = str(data.get(name, ""))
        if _may_write(outcome, stored, name, base, form.cleaned_data[name], typed, dossier=locked, part=part):
            names.append(name)
    form.cleaned_data = {name: form.cleaned_data[name] for name in names}
    if names:
        write()
        note(dossier=locked, part=part, names=names, by=by, at=at)
    form.initial = stored.initial
    return outcome.conflicts


def _bases(text: str) -> dict[str, str]:
    try:
        found = json.loads(text or "{}")
    except ValueError:
        return {}
    return {str(k): str(v) for k, v in found.items()} if isinstance(found, dict) else {}


def _fresh(dossier: Dossier) -> Dossier:
    """With what its forms show; the row stays locked by this transaction."""
    found = Dossier.objects.select_related("season__rubric", "enterprise", "product__sector", "product__industry")
    return found.prefetch_related("figures", "self_marks").get(pk=dossier.pk)


# --- who and when -------------------------------------------------------------------------------------
def note(*, dossier: Dossier, part: str, names: list[str], by: Any, at: datetime) -> None:
    """Remember who wrote these fields last; what a person writes is no longer last year's answer."""
    FieldChange.objects.bulk_create(
        [FieldChange(dossier=dossier, part=part, name=name, changed_at=at, changed_by=by) for name in names],
        update_conflicts=True,
        unique_fields=["dossier", "part", "name"],
        update_fields=["changed_at", "changed_by"],
    )
    kept = Dossier.objects.values_list("origins", flat=True).get(pk=dossier.pk)
    left = {key: origin for key, origin in kept.items() if key not in {f"{part}.{name}" for name in names}}
    if left != kept:
        Dossier.objects.filter(pk=dossier.pk).update(origins=left)


def who_wrote(dossier: Dossier, part: str, name: str) -> str:
    """“Trịnh Thùy Dương, 10:42”, or nobody's name when the field was written by other ways."""
    change = FieldChange.objects.filter(dossier=dossier, part=part, name=name).select_related("changed_by").first()
    if change is None:
        return _("Somebody else changed this field meanwhile:")
    return _("%(name)s wrote at %(time)s:") % {"name": change.changed_by, "time": clock_words(change.changed_at)}


def clock_words(moment: datetime) -> str:
    """The hour of today, the day and hour of any other day."""
    local = timezone.localtime(moment)
    if local.date() == timezone.localdate():
        return time_format(local, "TIME_FORMAT")
    return date_format(local, "SHORT_DATETIME_FORMAT")


def stamp_of(dossier: Dossier) -> str:
    return dossier.changed_at.isoformat()


def news(*, dossier: Dossier, part: str, since: str) -> dict[str, Any]:
    """What the others wrote since the page last asked; nothing when nothing moved."""
    stamp = stamp_of(dossier)
    if stamp == since or part not in SHEETS:
        return {"stamp": stamp}
    form = SHEETS[part].form(_fresh(dossier), None)
    rows = FieldChange.objects.filter(dossier=dossier, part=part).select_related("changed_by")
    who = {
        row.name: _("%(name)s, %(time)s") % {"name": row.changed_by, "time": clock_words(row.changed_at)}
        for row in rows
    }
    return {
        "stamp": stamp,
        "values": form.stored(),
        "marks": {name: form.mark(name) for name in form.fields},
        "who": who,
    }


def was_sent(dossier: Dossier) -> str:
    """Why a late change is not kept: when the dossier was sent and by whom."""
    sent = dossier.changes.filter(step__in=["submit", "answer_supplement"]).order_by("-taken_at").first()
    if sent is None or dossier.stage == Stage.WITHDRAWN:
        stage = dossier.get_stage_display()
        return _("The dossier is at the stage “%(stage)s” and cannot be changed now.") % {"stage": stage}
    return _("%(name)s already sent the dossier at %(time)s. It cannot be changed now.") % {
        "name": sent.taken_by_name,
        "time": clock_words(sent.taken_at),
    }
