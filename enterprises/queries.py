"""What the pages of an enterprise need, and what other rooms may ask about its people."""

from typing import Any

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When
from django.utils import timezone

from core import vietnamese
from enterprises import duplicates
from enterprises.models import (
    Enterprise,
    EnterpriseQuerySet,
    Invitation,
    JoinRequest,
    NotDuplicate,
    Representative,
    RepresentativeRole,
)


def by_tax_code(code: str) -> Enterprise | None:
    """`code` as `tax_code.parse` gives it; a branch leads to its enterprise."""
    return Enterprise.objects.filter(tax_code=code[:10]).first()


def people_of(enterprise: Enterprise) -> QuerySet[Representative]:
    """Who acts for it now, whoever signs first."""
    order = {role: place for place, role in enumerate(RepresentativeRole.values)}
    found = enterprise.representatives.filter(ended_at=None).select_related("user", "enterprise")
    place = Case(*(When(role=role, then=Value(n)) for role, n in order.items()), output_field=IntegerField())
    return found.order_by(place, "since", "pk")


def signers_of(enterprise: Enterprise) -> QuerySet[Representative]:
    """Whoever can sign and send now; a closed account cannot."""
    return people_of(enterprise).filter(role=RepresentativeRole.SIGNS, user__is_active=True)


def open_invitations(enterprise: Enterprise) -> list[Invitation]:
    """Not accepted and not withdrawn; `is_late` tells whose week is over."""
    found = list(enterprise.invitations.filter(accepted_at=None, withdrawn_at=None))
    now = timezone.now()
    for invitation in found:
        invitation.is_late = invitation.expires_at <= now  # type: ignore[attr-defined]
    return found


def open_requests(enterprise: Enterprise) -> QuerySet[JoinRequest]:
    return enterprise.join_requests.filter(answered_at=None).select_related("user", "enterprise")


def own_requests(user: Any) -> QuerySet[JoinRequest]:
    """What the person asked and nobody has answered. The name of the enterprise is not for the asker's eyes."""
    return JoinRequest.objects.filter(user=user, answered_at=None).select_related("enterprise")


def requests_without_signer() -> QuerySet[JoinRequest]:
    """Requests that only the Department can answer: nobody signs for the enterprise."""
    signing = Representative.objects.filter(role=RepresentativeRole.SIGNS, ended_at=None, user__is_active=True)
    return (
        JoinRequest.objects.filter(answered_at=None)
        .exclude(enterprise__in=signing.values("enterprise"))
        .select_related("user", "enterprise")
    )


def representations_of(user: Any) -> QuerySet[Representative]:
    """Every enterprise for which the person acts now, by name."""
    found = Representative.objects.filter(user=user, ended_at=None)
    return found.select_related("enterprise__ward", "enterprise__zone").order_by("enterprise__sort_key")


def search(words: str) -> EnterpriseQuerySet:
    """By name without accents, by the beginning of the tax code, by telephone or address."""
    found = Enterprise.objects.select_related("ward", "zone")
    for word in vietnamese.nfc(words).split()[:8]:
        found = found.filter(
            Q(name_vi__unaccent__icontains=word)
            | Q(name_en__unaccent__icontains=word)
            | Q(tax_code__startswith=word)
            | Q(phone__icontains=word)
            | Q(street__unaccent__icontains=word)
            | Q(ward__name_vi__unaccent__icontains=word)
        )
    return found


# --- duplicates ---------------------------------------------------------------------------------------
def possible_duplicates() -> list[duplicates.Pair]:
    """Every pair that resembles each other, but those the Department has judged to be two. Two queries."""
    judged = set(NotDuplicate.objects.values_list("first_id", "second_id"))
    return [pair for pair in duplicates.pairs(_records()) if (pair.first, pair.second) not in judged]


def duplicates_of(enterprise: Enterprise) -> list[duplicates.Pair]:
    return [pair for pair in possible_duplicates() if enterprise.pk in (pair.first, pair.second)]


def _records() -> list[duplicates.Record]:
    columns = ("pk", "name_vi", "phone", "email", "website", "street", "ward_id")
    return [
        duplicates.Record(pk=pk, name=name, phone=phone, email=email, website=website, street=street, ward=str(ward))
        for pk, name, phone, email, website, street, ward in Enterprise.objects.order_by("pk").values_list(*columns)
    ]


def judged_pairs() -> QuerySet[NotDuplicate]:
    return NotDuplicate.objects.select_related("first", "second")
