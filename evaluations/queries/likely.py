"""The two sides of the search for likely conflicts, and what was noticed."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from accounts.access import can
from dossiers import wall
from dossiers.models import BreakGlass, Conflict, Dossier, LikelyConflict
from enterprises.duplicates import address_key
from enterprises.models import Enterprise, Representative
from evaluations.likeness import Party, Person
from evaluations.models import Seat
from programme.models import Season


def persons(users: Sequence[Any], season: Season) -> list[Person]:
    """What is known of these people: account, agency, and the enterprises they act or acted for."""
    agencies: dict[int, str] = {}
    for seat in Seat.objects.filter(user__in=users).order_by("council__season__year", "pk"):
        agencies[seat.user_id] = seat.unit or agencies.get(seat.user_id, "")
    acted: dict[int, list[Enterprise]] = defaultdict(list)
    rows = Representative.objects.filter(user__in=users).select_related("enterprise__ward")
    for row in rows.prefetch_related("enterprise__sites"):
        acted[row.user_id].append(row.enterprise)
    return [
        Person(
            key=user.pk,
            name=user.full_name,
            email=user.email,
            agency=agencies.get(user.pk) or user.title,
            represents=frozenset(firm.tax_code for firm in acted[user.pk]),
            phones=frozenset(firm.phone for firm in acted[user.pk] if firm.phone),
            emails=frozenset(one for firm in acted[user.pk] for one in (firm.email, firm.website) if one),
            addresses=frozenset(key for firm in acted[user.pk] for key in _addresses(firm)),
        )
        for user in users
    ]


def parties(season: Season) -> list[Party]:
    """The filed dossiers of the season with their enterprises and the people behind them. Four queries."""
    dossiers = (
        Dossier.objects.filed()
        .filter(season=season)
        .select_related("enterprise__ward")
        .prefetch_related("enterprise__sites", "enterprise__representatives__user")
        .order_by("pk")
    )
    return [_party(dossier) for dossier in dossiers]


def _party(dossier: Dossier) -> Party:
    firm = dossier.enterprise
    accounts = [person.user for person in firm.representatives.all()]
    people = {firm.legal_representative, dossier.contact_name, dossier.undertakings_by_name}
    return Party(
        key=dossier.pk,
        tax_code=firm.tax_code,
        name=firm.name_vi,
        people=frozenset(name for name in people | {user.full_name for user in accounts} if name),
        phones=frozenset(one for one in (firm.phone, dossier.contact_phone) if one),
        emails=frozenset(
            one for one in (firm.email, firm.website, dossier.contact_email, *(user.email for user in accounts)) if one
        ),
        addresses=frozenset(_addresses(firm)),
    )


def _addresses(firm: Enterprise) -> Iterable[str]:
    places = [(firm.street, firm.ward_id), *((site.street, site.ward_id) for site in firm.sites.all())]
    return [key for street, ward in places if (key := address_key(street, str(ward)))]


def likely_conflicts(season: Season, reader: Any) -> QuerySet[LikelyConflict]:
    """What was noticed, unanswered first, the surest first; nothing about the reader or behind the reader's wall."""
    waits = Case(When(answer="", then=Value(0)), default=Value(1), output_field=IntegerField())
    rows = LikelyConflict.objects.filter(dossier__season=season).exclude(user_id=reader.pk)
    rows = rows.select_related("user", "dossier__enterprise", "dossier__product")
    return wall.beyond(rows, reader).order_by(waits, "-score", "user_id", "dossier__number", "pk")


def standing_conflicts(season: Season, reader: Any) -> QuerySet[Conflict]:
    """Who stands apart from what. Nothing about the reader or behind the reader's wall."""
    rows = Conflict.objects.filter(dossier__season=season, lifted_at=None).exclude(user_id=reader.pk)
    rows = rows.select_related("user", "dossier__product", "lift_asked_by")
    return wall.beyond(rows, reader).order_by("user__full_name", "dossier__number", "pk")


# --- what waits for a second person -------------------------------------------------------------------------
def lifts_waiting(reader: Any) -> list[Conflict]:
    """Conflicts that somebody asked to lift and the reader may confirm."""
    rows = Conflict.objects.filter(lifted_at=None).exclude(lift_asked_at=None)
    rows = rows.select_related("user", "dossier", "lift_asked_by").order_by("lift_asked_at", "pk")
    return [row for row in rows if can(reader, "dossiers.lift", row)]


def openings_waiting(reader: Any) -> list[BreakGlass]:
    """Emergencies that the reader may open or refuse."""
    rows = BreakGlass.objects.filter(opened_at=None, refused_at=None)
    rows = rows.select_related("asked_by", "dossier").order_by("asked_at", "pk")
    return [row for row in rows if can(reader, "dossiers.open_glass", row)]


def openings_log(reader: Any) -> QuerySet[BreakGlass]:
    """Every emergency that was answered, newest first: the Department reads all but what is closed to the reader,
    anybody else the own."""
    rows = BreakGlass.objects.exclude(opened_at=None, refused_at=None)
    rows = rows.select_related("asked_by", "opened_by", "refused_by", "dossier__season").order_by("-asked_at", "-pk")
    own = Q(asked_by_id=reader.pk)
    if not can(reader, "accounts.staff"):
        return rows.filter(own)
    return rows.filter(own | ~Q(dossier__in=wall.barred_ids(reader)))
