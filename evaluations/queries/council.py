"""The council, its seats and the dossiers before it."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from accounts.models import Role, RoleGrant, User
from dossiers.models import Dossier, DossierQuerySet, Stage
from evaluations.models import Assignment, Council, Interest, Seat
from programme.models import Season

JUDGED = (Stage.SCORED, Stage.PUBLIC_COMMENT, Stage.RECOGNISED, Stage.NOT_RECOGNISED)


IN_COUNCIL = (Stage.ELIGIBLE, Stage.SCORING, *JUDGED)


def council_of(season: Season | None) -> Council | None:
    return Council.objects.filter(season=season).first() if season else None


def seats_of(season: Season | None) -> QuerySet[Seat]:
    """The seats that are taken now."""
    return Seat.objects.filter(council__season=season, vacated_at=None).select_related("user", "council")


def serving_seats(season: Season | None) -> QuerySet[Seat]:
    """Who counts for quorum and votes: every member, and an alternate from the first dossier that was assigned."""
    called_up = Exists(Assignment.objects.filter(seat=OuterRef("pk")))
    return seats_of(season).filter(Q(is_alternate=False) | called_up)


def seat_of(user: Any, season: Season | None) -> Seat | None:
    return seats_of(season).filter(user=user).first() if season else None


def newest_seat(user: Any) -> Seat | None:
    """The seat this person holds in the newest season."""
    seats = Seat.objects.filter(user=user, vacated_at=None).select_related("user", "council__season__rubric")
    return seats.order_by("-council__season__year").first()


def dossiers_before_council(season: Season) -> DossierQuerySet:
    """Those that members declare interests about and score: eligible or with the council."""
    return (
        Dossier.objects.filter(season=season, stage__in=[Stage.ELIGIBLE, Stage.SCORING])
        .select_related("season", "enterprise", "product__sector")
        .order_by("number")
    )


def undeclared(seat: Seat) -> DossierQuerySet:
    """Dossiers about which this member has not yet said whether there is a conflict; what lies behind the member's
    wall is known already."""
    said = Interest.objects.filter(seat=seat, dossier=OuterRef("pk"))
    return dossiers_before_council(seat.council.season).open_to(seat.user).exclude(Exists(said))


@dataclass(frozen=True)
class SeatRow:
    """One seat with what its member has declared."""

    seat: Seat
    declared: int
    conflicts: int
    asked: int


def seat_rows(season: Season, for_user: Any) -> list[SeatRow]:
    """The council as a table, in three queries; counted are the dossiers that are open to the reader."""
    dossiers = Dossier.objects.open_to(for_user).filter(season=season, stage__in=IN_COUNCIL)
    asked = dossiers.count()
    said = Interest.objects.filter(dossier__in=dossiers).values("seat_id").order_by()
    counts = {
        row["seat_id"]: row for row in said.annotate(n=Count("id"), barred=Count("id", filter=Q(has_conflict=True)))
    }
    nothing = {"n": 0, "barred": 0}
    return [
        SeatRow(seat, counts.get(seat.pk, nothing)["n"], counts.get(seat.pk, nothing)["barred"], asked)
        for seat in seats_of(season).prefetch_related("sectors")
    ]


def candidates(season: Season) -> QuerySet[User]:
    """Accounts that may take a seat: people of the Department and former members, without the secretaries."""
    seated = Seat.objects.filter(council__season=season, vacated_at=None).values("user_id")
    secretaries = RoleGrant.objects.filter(role=Role.SECRETARY, withdrawn_at=None).values("user_id")
    return (
        User.objects.filter(is_active=True)
        .filter(Q(grants__role__in=[Role.OFFICER, Role.MEMBER]) | Q(seats__isnull=False))
        .exclude(pk__in=seated)
        .exclude(pk__in=secretaries)
        .distinct()
        .order_by("full_name")
    )
