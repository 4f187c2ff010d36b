"""What is known of a seat, and how many members may judge a dossier."""

from datetime import timedelta

import pytest
from django.utils import timezone

from core.errors import Refused
from core.models import AuditEvent
from evaluations import actions, guards, queries
from evaluations.assigning.problem import Settings
from evaluations.models import Assignment, Council, Seat
from programme.models import Criterion
from reference.models import Sector
from tests.story import make_reference


def reasons(act) -> list[str]:
    with pytest.raises(Refused) as error:
        act()
    return error.value.reasons


def held() -> set[tuple[int, int, str]]:
    return set(Assignment.objects.values_list("seat_id", "dossier_id", "criterion__code"))


def trial(story, **settings):
    return actions.try_assignment(
        season=story.season(), settings=Settings(**settings), by=story.secretary, at=story.tick()
    )


def keep(story, tried, by=None):
    return actions.keep_assignment(season=story.season(), kept=tried.kept, by=by or story.secretary, at=story.tick())


def panel(story, seats: int = 4, dossiers: int = 3):
    found = [story.eligible(f"clerk-{n}") for n in range(dossiers)]
    story.seats(seats)
    story.declared()
    return found


def change(story, seat: Seat, **facts):
    facts = {
        "position": seat.position,
        "unit": seat.unit,
        "sectors": [],
        "scorer_labels": [],
        "max_dossiers": None,
        "is_alternate": False,
        "term_from": None,
        "term_until": None,
    } | facts
    return actions.change_seat(seat=seat, by=story.secretary, at=story.tick(), **facts)


# --- seats --------------------------------------------------------------------------------------------
def test_a_seat_keeps_expertise_limit_and_term_and_the_log_says_what_changed(story):
    make_reference()
    seat = story.seats()[1]
    version = Council.objects.get().panel_version

    change(story, seat, unit="Viện Cơ điện", sectors=Sector.objects.filter(code="electrical"), max_dossiers=9)

    seat.refresh_from_db()
    assert (seat.unit, seat.max_dossiers, [s.code for s in seat.sectors.all()]) == ("Viện Cơ điện", 9, ["electrical"])
    event = AuditEvent.objects.get(act="seat.changed")
    assert event.detail["changed"]["max_dossiers"] == [None, 9]
    assert Council.objects.get().panel_version == version + 1


def test_a_seat_refuses_what_cannot_be(story):
    chair, member, *_others = story.seats()
    day = timezone.localtime(story.now).date()

    assert "chủ tịch" in reasons(lambda: change(story, member, position="chair"))[0].lower()
    assert reasons(lambda: change(story, chair, is_alternate=True))
    assert reasons(lambda: change(story, member, term_from=day, term_until=day - timedelta(days=1)))
    assert reasons(lambda: change(story, member, scorer_labels=["phép thuật"]))


def test_a_member_with_work_does_not_become_an_alternate(story):
    panel(story)
    actions.assign(season=story.season(), by=story.secretary, at=story.tick())

    assert "đang được phân công hồ sơ" in reasons(lambda: change(story, story.seats()[2], is_alternate=True))[0]


def test_an_alternate_counts_for_quorum_and_declarations_once_called_up(story):
    """Whoever is asked only when another cannot serve must hold nothing up by being silent."""
    dossier = story.eligible()
    seats = story.seats(4)
    change(story, seats[3], is_alternate=True)
    season = story.season()
    for seat in seats[:3]:
        statement = actions.Statement(dossier, False)
        actions.declare_interests(seat=seat, statements=[statement], by=seat.user, at=story.tick())

    assert set(queries.serving_seats(season)) == set(seats[:3])
    assert guards.interests_are_declared(dossier, story.now) == []
    leaf = Criterion.objects.filter(is_leaf=True)[0]
    Assignment.objects.create(seat=seats[3], dossier=dossier, criterion=leaf, assigned_at=story.now)
    assert set(queries.serving_seats(season)) == set(seats)
    assert str(seats[3]) in guards.interests_are_declared(dossier, story.now)[0]


def test_the_quorum_of_a_dossier_counts_members_without_conflict(story):
    first, *_others = panel(story, seats=4)
    for seat in story.seats()[1:3]:
        statement = actions.Statement(first, True, "Cổ đông")
        actions.declare_interests(seat=seat, statements=[statement], by=seat.user, at=story.tick())

    found = queries.quorums(Council.objects.get(), for_user=story.secretary)

    assert next((q.dossier, q.free, q.members, q.needed, q.is_short) for q in found) == (first, 2, 4, 2, True)
    assert not any(q.is_short for q in found[1:])
