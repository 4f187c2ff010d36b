"""What is known of a member: expertise, agency, limit, term, alternate or not."""

from collections.abc import Collection, Iterable
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.access import require
from core import audit
from core.errors import Refused
from evaluations.actions.panel import advance, lock_panel
from evaluations.models import Seat
from programme.actions import rules_of
from reference.models import Sector


@transaction.atomic
def change_seat(
    *,
    seat: Seat,
    position: str,
    unit: str,
    sectors: Iterable[Sector],
    scorer_labels: Collection[str],
    max_dossiers: int | None,
    is_alternate: bool,
    term_from: date | None,
    term_until: date | None,
    seen: int | None = None,
    by: Any,
    at: datetime,
) -> Seat:
    """Raises Refused for a second chair, an alternate who is the chair or has work already, a term that ends before it
    begins, labels that the rubric does not know, and when the panel has changed meanwhile."""
    require(by, "evaluations.run_session")
    council = lock_panel(seat.council.season, seen=seen, by=by)
    seat = Seat.objects.select_for_update(of=("self",)).select_related("user", "council__season").get(pk=seat.pk)
    reasons = []
    if seat.vacated_at is not None:
        reasons.append(_("%(name)s no longer sits in this council.") % {"name": seat})
    chairs = Seat.objects.filter(council=council, position=Seat.Position.CHAIR, vacated_at=None).exclude(pk=seat.pk)
    if position == Seat.Position.CHAIR and chairs.exists():
        reasons.append(_("The council has a chair already."))
    if is_alternate and position != Seat.Position.MEMBER:
        reasons.append(_("An alternate is a member without another position."))
    if is_alternate and not seat.is_alternate and seat.assignments.exists():
        reasons.append(_("%(name)s has dossiers to score; take them back first.") % {"name": seat})
    if term_from and term_until and term_until < term_from:
        reasons.append(_("The term ends before it begins."))
    strange = sorted(set(scorer_labels) - known_labels(seat))
    if strange:
        reasons.append(_("The criteria ask for no expertise named %(labels)s.") % {"labels": ", ".join(strange)})
    if reasons:
        raise Refused(reasons)
    facts = {
        "position": position,
        "unit": unit,
        "scorer_labels": sorted(scorer_labels),
        "max_dossiers": max_dossiers,
        "is_alternate": is_alternate,
        "term_from": term_from,
        "term_until": term_until,
    }
    before = {name: getattr(seat, name) for name in facts} | {"sectors": _codes(seat.sectors.all())}
    for name, value in facts.items():
        setattr(seat, name, value)
    seat.save(update_fields=list(facts))
    seat.sectors.set(sectors)
    after = facts | {"sectors": _codes(seat.sectors.all())}
    changed = {name: [before[name], after[name]] for name in after if before[name] != after[name]}
    if changed:
        audit.record("seat.changed", seat, by=by, at=at, changed=changed, panel=advance(council))
    return seat


def known_labels(seat: Seat) -> set[str]:
    """What the criteria of the season ask of their scorers, and what the seat carries from before."""
    rubric = seat.council.season.rubric
    asked = {label for c in rules_of(rubric).all_leaves for label in c.scorers} if rubric else set()
    return asked | set(seat.scorer_labels)


def _codes(sectors: Iterable[Sector]) -> list[str]:
    return sorted(s.code for s in sectors)
