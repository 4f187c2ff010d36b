"""What stands on the paper of a dossier that came to the counter, typed in by an officer."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime, time
from typing import Any

from django.db import transaction
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.access import require
from core import audit
from core.canonical import digest
from core.errors import Refused
from dossiers import versions
from dossiers.actions.row import touch
from dossiers.forms import mark_of
from dossiers.models import Dossier, FieldChange, Stage
from dossiers.supplements import CONTACT
from products.actions import update_product

# While the Department checks; what the council has seen is not typed over.
OPEN = (Stage.SUBMITTED, Stage.CHECKING, Stage.SUPPLEMENT)
TEXTS = ("description", "technology", "track_basis")
PRODUCT = (
    "name_vi", "name_en", "sector", "industry", "summary_vi", "summary_en", "hs_code", "standards", "export_markets",
)  # fmt: skip
UNDERTAKINGS = ("undertakings_by_name", "undertakings_on")


class BothWrote(Refused):
    """Somebody else wrote the same fields since the page was opened; `names` says which."""

    def __init__(self, names: Collection[str]) -> None:
        super().__init__(
            ngettext(
                "While you were typing, somebody else changed %(n)s field that you changed too. Nothing of yours is "
                "saved yet: say at the marked field whose version stays, and save again.",
                "While you were typing, somebody else changed %(n)s fields that you changed too. Nothing of yours is "
                "saved yet: say at each marked field whose version stays, and save again.",
                len(names),
            )
            % {"n": len(names)}
        )
        self.names = tuple(names)


def why_not_transcribed(dossier: Dossier) -> list[str]:
    """Why nothing can be typed into this dossier, whoever types."""
    if not dossier.is_on_paper:
        return [_("This dossier was filled in online; only its enterprise writes it.")]
    if dossier.stage not in OPEN:
        stage = dossier.get_stage_display()
        return [_("The dossier is at the stage “%(stage)s” and cannot be changed now.") % {"stage": stage}]
    return []


def stored_of(dossier: Dossier) -> dict[str, Any]:
    """Every field that is typed from the paper, by its name, as it is stored."""
    signed = dossier.undertakings_at
    figures = {f"{name}_{row.year}": getattr(row, name) for row in dossier.figures.all() for name in versions.FIGURES}
    return (
        {name: getattr(dossier, name) for name in (*CONTACT, *TEXTS)}
        | {name: getattr(dossier.product, name) for name in PRODUCT}
        | figures
        | {
            "undertakings_by_name": dossier.undertakings_by_name,
            "undertakings_on": timezone.localdate(signed) if signed else None,
        }
    )


def part_of(name: str) -> str:
    """The part of the dossier to which a typed field belongs."""
    if name in CONTACT:
        return "enterprise"
    if name in (*TEXTS, *PRODUCT):
        return "product"
    return "undertakings" if name in UNDERTAKINGS else "figures"


@transaction.atomic
def transcribe(
    *, dossier: Dossier, values: Mapping[str, Any], seen: Mapping[str, str], by: Any, at: datetime
) -> list[str]:
    """Write what was typed; returns the names of the fields that changed.

    `seen` has the digest (`forms.mark_of`) of what the page showed of each field. A field that this person left
    alone stays as it is now; one that somebody else wrote meanwhile raises BothWrote and nothing is written.
    """
    Dossier.objects.select_for_update().get(pk=dossier.pk)
    locked = Dossier.objects.select_related("season", "enterprise", "product__sector", "product__industry").get(
        pk=dossier.pk
    )
    require(by, "dossiers.check", locked)
    reasons = why_not_transcribed(locked)
    if reasons:
        raise Refused(reasons)
    stored = stored_of(locked)
    if not values.keys() <= stored.keys():
        raise Http404
    marks = {name: mark_of(value) for name, value in stored.items()}
    changed = [
        name for name, value in values.items() if mark_of(value) != marks[name] and mark_of(value) != seen.get(name)
    ]
    both = [name for name in changed if marks[name] != seen.get(name)]
    if both:
        raise BothWrote(both)
    if not changed:
        return []
    signed = _judge_undertakings(stored | {name: values[name] for name in changed}, changed, at)
    _write_texts(locked, {name: values[name] for name in changed if name in (*CONTACT, *TEXTS)}, signed)
    facts = {name: values[name] for name in changed if name in PRODUCT}
    if facts:
        update_product(product=locked.product, by=by, at=at, **facts)
    _write_figures(locked, {name: values[name] for name in changed if part_of(name) == "figures"})
    touch(locked, at)
    _note(locked, changed, by, at)
    audit.record(
        "dossier.transcribed", locked, by=by, at=at, fields=changed, **({"undertakings": signed} if signed else {})
    )
    return changed


def _judge_undertakings(values: Mapping[str, Any], changed: Iterable[str], at: datetime) -> dict[str, Any]:
    """Name and day of the signature on paper when one of them is new; both or none. Raises Refused."""
    if not set(UNDERTAKINGS) & set(changed):
        return {}
    name, day = values["undertakings_by_name"], values["undertakings_on"]
    if bool(name) != bool(day):
        raise Refused(_("Undertakings: give both who signed them and on which day, or neither."))
    if day is not None and day > timezone.localdate(at):
        raise Refused(_("Undertakings: the day of the signature lies in the future."))
    return {"by": name, "on": day}


def _write_texts(dossier: Dossier, texts: Mapping[str, str], signed: Mapping[str, Any]) -> None:
    facts: dict[str, Any] = dict(texts)
    if signed:
        facts["undertakings_by_name"] = signed["by"]
        facts["undertakings_at"] = _beginning_of(signed["on"])
    for name, value in facts.items():
        setattr(dossier, name, value)
    if facts:
        dossier.save(update_fields=list(facts))


def _beginning_of(day: date | None) -> datetime | None:
    """A paper has a day and no hour."""
    return timezone.make_aware(datetime.combine(day, time.min)) if day is not None else None


def _write_figures(dossier: Dossier, cells: Mapping[str, Any]) -> None:
    for row in dossier.figures.all():
        named = {name: f"{name}_{row.year}" for name in versions.FIGURES}
        fresh = {name: cells[cell] for name, cell in named.items() if cell in cells}
        for name, value in fresh.items():
            setattr(row, name, value)
        if fresh:
            row.save(update_fields=list(fresh))


def _note(dossier: Dossier, names: Iterable[str], by: Any, at: datetime) -> None:
    """Who wrote each field last, for whoever types at the same time."""
    FieldChange.objects.bulk_create(
        [FieldChange(dossier=dossier, part=part_of(n), name=n, changed_at=at, changed_by=by) for n in names],
        update_conflicts=True,
        unique_fields=["dossier", "part", "name"],
        update_fields=["changed_at", "changed_by"],
    )


def keep_transcript(*, dossier: Dossier, by: Any, at: datetime) -> None:
    """Before something is asked or decided about a paper dossier, what was typed and scanned until then becomes its
    latest version: an answer is measured against it. Online dossiers are kept when they are sent."""
    if not dossier.is_on_paper:
        return
    last = dossier.versions.order_by("-number").first()
    fresh = Dossier.objects.select_related("enterprise", "product").get(pk=dossier.pk)
    if last is None or last.digest != digest(versions.content_of(fresh)):
        versions.keep(dossier=dossier, by=by, at=at)
