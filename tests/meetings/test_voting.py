"""Votes are cast by members in the room without a conflict; secret ones leave sums only; a vote on the last place
decides the next result."""

import pytest
from django.db import IntegrityError, transaction
from django.http import Http404

from core.errors import Refused
from core.models import AuditEvent
from evaluations.models import CutVote, Result
from meetings import actions, queries
from meetings.models import SecretTally, Vote
from tests.meetings.conftest import voting_rubric

pytestmark = pytest.mark.django_db


def begun(held, dossier: int = 0):
    """The item is being discussed and the vote is open."""
    item = held.item(dossier)
    held.act("call_item", item)
    held.act("let_out", item)
    held.act("start_item", item)
    held.act("open_vote", item)
    return item


def cast(held, item, member: int, choice: str) -> None:
    actions.cast_vote(item=item, choice=choice, by=held.seats[member].user, at=held.now)


@pytest.fixture
def room(held):
    """Five members, the second barred from the first dossier."""
    held.council(conflicts={1: [0]})
    return held


def test_an_open_vote_is_counted_and_may_be_changed_until_it_ends(room):
    room.plan()
    room.open()
    item = begun(room)
    for member, choice in ((0, "against"), (2, "for"), (3, "abstain"), (4, "for"), (0, "for")):
        cast(room, item, member, choice)
    room.act("close_vote", item)

    count = queries.count_of(queries.items_of(room.the_meeting).get(pk=item.pk))

    assert (count.in_favour, count.against, count.abstained, count.cast) == (3, 0, 1, 4)
    with pytest.raises(Refused):
        cast(room, item, 0, "against")


def test_a_barred_member_does_not_learn_that_there_is_a_vote(room):
    room.plan()
    room.open()
    item = begun(room)

    with pytest.raises(Http404):
        cast(room, item, 1, "for")


def test_the_database_takes_no_vote_of_a_barred_member_and_none_after_the_end(room):
    room.plan()
    room.open()
    item = begun(room)
    with pytest.raises(IntegrityError), transaction.atomic():
        Vote.objects.create(item=item, seat=room.seats[1], is_secret=False, choice="for", cast_at=room.now)
    for member in (0, 2, 3):
        cast(room, item, member, "for")
    room.act("close_vote", item)

    for change in (
        lambda: Vote.objects.create(item=item, seat=room.seats[4], is_secret=False, choice="for", cast_at=room.now),
        lambda: Vote.objects.update(choice="against"),
        lambda: Vote.objects.all().delete(),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()


def test_whoever_is_not_ticked_as_present_does_not_vote(room):
    room.plan()
    room.open(0, 2, 3, 4)
    item = begun(room, 1)

    with pytest.raises(Refused, match=str(room.seats[1])):
        cast(room, item, 1, "for")


def test_a_vote_needs_as_many_votes_as_the_quorum(room):
    room.plan()
    room.open()
    item = begun(room)
    cast(room, item, 0, "for")
    cast(room, item, 2, "for")

    with pytest.raises(Refused, match="2/3"):
        room.act("close_vote", item)


def test_an_item_that_asks_for_a_vote_does_not_end_without_it(room):
    room.plan()
    room.open()
    item = room.item(2)
    room.act("ask_vote", item, asks_vote=True)
    room.act("call_item", item)
    room.act("start_item", item)

    with pytest.raises(Refused):
        room.act("end_item", item)


def test_a_raised_hand_is_entered_by_the_secretary_and_marked_for_ever(room):
    room.plan()
    room.open()
    item = begun(room)
    cast(room, item, 0, "for")

    room.act("enter_vote", item, seat=room.seats[2], choice="against")
    with pytest.raises(Refused):
        room.act("enter_vote", item, seat=room.seats[0], choice="against")

    vote = Vote.objects.get(item=item, seat=room.seats[2])
    assert vote.entered_by_name == str(room.secretary)
    assert Vote.objects.get(item=item, seat=room.seats[0]).choice == "for"


def test_a_secret_vote_leaves_sums_and_no_trace_of_who_voted_how(room):
    room.plan(ballot="secret")
    room.open()
    item = begun(room)
    for member, choice in ((0, "against"), (2, "for"), (3, "for")):
        cast(room, item, member, choice)

    with pytest.raises(Refused):
        cast(room, item, 0, "for")
    with pytest.raises(Refused):
        room.act("enter_vote", item, seat=room.seats[4], choice="for")
    room.act("close_vote", item)

    tally = SecretTally.objects.get(item=item)
    assert (tally.in_favour, tally.against, tally.abstained) == (2, 1, 0)
    assert set(Vote.objects.values_list("choice", flat=True)) == {""}
    log = AuditEvent.objects.filter(act="vote.cast").values_list("detail", flat=True)
    assert all("choice" not in detail for detail in log)


def test_a_vote_under_way_is_void_when_the_item_is_put_off(room):
    room.plan()
    room.open()
    item = begun(room)
    cast(room, item, 0, "for")

    room.act("put_off_item", item)

    assert not Vote.objects.filter(item=item).exists()


# --- the last place -----------------------------------------------------------------------------------
def test_the_vote_on_the_last_place_decides_the_next_result(held):
    """Two dossiers share the one place of the top; the council votes; the new result follows the vote."""
    held.story.season(voting_rubric())
    type(held.season).objects.filter(pk=held.season.pk).update(top_places=1)
    held.council(dossiers=3)
    held.result([45, 45, 40])
    referred = set(Result.objects.filter(run=held.run, is_referred=True).values_list("dossier_id", flat=True))
    assert referred == {held.dossiers[0].pk, held.dossiers[1].pk}
    held.plan()
    held.open()
    assert [item.asks_vote for item in (held.item(0), held.item(1), held.item(2))] == [True, True, False]
    with pytest.raises(Refused):
        held.act("ask_vote", held.item(0), asks_vote=False)

    held.treat(held.item(0), votes=["for", "against", "against", "against", "for"])
    held.treat(held.item(1), votes=["for", "for", "for", "against", "abstain"])
    held.treat(held.item(2))
    held.close()
    votes = {vote.dossier_id: (vote.in_favour, vote.against) for vote in CutVote.objects.all()}
    assert votes == {held.dossiers[0].pk: (2, 3), held.dossiers[1].pk: (3, 1)}
    held.make_papers()

    assert held.run.number == 2
    top = Result.objects.get(run=held.run, is_top10=True)
    assert (top.dossier, top.tie_rule) == (held.dossiers[1], "vote")
    assert not Result.objects.filter(run=held.run, is_referred=True).exists()
