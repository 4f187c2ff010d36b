"""A session is planned in the best order, people come and go, barred members leave, the quorum is kept per item."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.http import Http404

from accounts.models import Role
from core.errors import Refused
from core.models import AuditEvent
from meetings import actions, agenda, queries
from meetings.models import AgendaItem, Attendance, Exit, Meeting

pytestmark = pytest.mark.django_db


def order(held) -> list[str | None]:
    return [item.dossier.number if item.dossier else item.title for item in queries.items_of(held.the_meeting)]


# --- the plan -----------------------------------------------------------------------------------------
def test_the_proposed_agenda_has_the_fewest_walks(held):
    """Members 1 and 2 are each barred from two dossiers that do not stand together by number."""
    held.council(dossiers=4, conflicts={1: [0, 2], 2: [1, 3]})

    meeting = held.plan()

    items = list(queries.items_of(meeting))
    assert queries.walks_of(items, queries.room_of(meeting)) == meeting.walks == meeting.walks_bound == 4
    by_number = sorted(items, key=lambda item: item.dossier.number)
    assert queries.walks_of(by_number, queries.room_of(meeting)) == 8


def test_the_agenda_is_moved_by_hand_and_points_of_business_keep_their_place(held):
    held.council(dossiers=2)
    held.plan()
    opening = actions.add_business(
        meeting=held.the_meeting, title="Khai mạc", seen=held.seen, by=held.secretary, at=held.now
    )
    for _ in range(2):
        held.act("move_item", opening, up=True)
    assert order(held)[0] == "Khai mạc"

    actions.propose_order(meeting=held.the_meeting, seen=held.seen, by=held.secretary, at=held.now)

    assert order(held) == ["Khai mạc", *(d.number for d in held.dossiers)]
    with pytest.raises(Refused, match="cuối"):
        held.act("move_item", opening, up=True)


def test_an_item_is_taken_off_and_a_dossier_put_back(held):
    held.council(dossiers=2)
    held.plan()

    held.act("remove_item", held.item(0))
    assert order(held) == [held.dossiers[1].number]
    actions.add_dossier(
        meeting=held.the_meeting, dossier=held.dossiers[0], seen=held.seen, by=held.secretary, at=held.now
    )

    assert order(held) == [held.dossiers[1].number, held.dossiers[0].number]


def test_two_secretaries_at_once_do_not_overwrite_each_other(held, second_secretary):
    held.council(dossiers=2)
    held.plan()
    seen = held.seen
    held.act("move_item", held.item(0), up=False)

    with pytest.raises(Refused, match=str(held.secretary)):
        held.act("move_item", held.item(1), up=False, seen=seen, by=second_secretary)

    assert order(held) == [held.dossiers[1].number, held.dossiers[0].number]


def test_nobody_but_a_secretary_without_a_seat_runs_a_meeting(held):
    held.council()
    for who in (held.story.officer, held.seats[0].user, held.story.person("it", Role.IT_OFFICER)):
        with pytest.raises(Http404):
            actions.plan_meeting(season=held.season, opens_at=held.now, place="x", ballot="open", by=who, at=held.now)


# --- the room -----------------------------------------------------------------------------------------
def test_a_meeting_opens_with_a_quorum_only_and_says_the_rule(held):
    held.council()
    held.plan()
    held.come(0, 1, 2)

    with pytest.raises(Refused) as refused:
        held.open(0)

    assert "3" in refused.value.reasons[0]
    assert "5" in refused.value.reasons[0]
    assert "4" in refused.value.reasons[0]
    assert "2/3" in refused.value.reasons[0]
    held.open(3)
    assert held.the_meeting.is_running


def test_a_tick_made_twice_or_by_two_secretaries_changes_nothing(held, second_secretary):
    held.council()
    held.plan()
    held.come(0)
    version = held.seen

    actions.tick_attendance(
        meeting=held.the_meeting, seat=held.seats[0], present=True, by=second_secretary, at=held.now
    )

    assert held.seen == version
    assert Attendance.objects.count() == 1


def test_a_barred_member_must_leave_before_the_item_begins(held):
    held.council(conflicts={1: [0]})
    held.plan()
    held.open()
    item = held.item(0)
    held.act("call_item", item)

    with pytest.raises(Refused, match=str(held.seats[1])):
        held.act("start_item", item)
    held.act("let_out", item, seat=held.seats[1])
    held.act("start_item", item)

    assert [one.seat for one in Exit.objects.filter(item=item, back_at=None)] == [held.seats[1]]
    assert held.seats[1] not in queries.room_of(held.the_meeting).inside


def test_only_whoever_has_a_conflict_is_sent_out(held):
    held.council(conflicts={1: [0]})
    held.plan()
    held.open()
    held.act("call_item", held.item(0))

    with pytest.raises(Refused):
        held.act("let_out", held.item(0), seat=held.seats[2])


def test_a_member_stays_out_between_two_items_that_bar_him_and_walks_once(held):
    held.council(conflicts={1: [0, 1]})
    held.plan()
    held.open()
    held.treat(held.item(2))
    held.treat(held.item(0))

    held.act("call_item", held.item(1))
    with pytest.raises(Refused):
        actions.let_in(meeting=held.the_meeting, seat=held.seats[1], by=held.secretary, at=held.now)
    assert held.act("let_out", held.item(1)) == 0
    held.act("start_item", held.item(1))
    held.act("end_item", held.item(1))
    assert actions.let_in(meeting=held.the_meeting, by=held.secretary, at=held.now) == 1

    assert Exit.objects.count() == 1
    assert [one.seat for one in queries.exits_during(held.item(1))] == [held.seats[1]]


def test_the_quorum_counts_members_who_are_not_barred(held):
    """Five members, two barred: three may judge, two thirds of three are two."""
    held.council(conflicts={1: [0], 2: [0]})
    held.plan()
    held.open()
    held.tick(3, False)
    item = held.item(0)

    held.treat(item)

    item.refresh_from_db()
    assert (item.present, item.entitled, item.needed) == (2, 3, 2)


def test_a_broken_quorum_blocks_the_item_and_says_the_rule(held):
    held.council(conflicts={1: [0]})
    held.plan()
    held.open()
    item = held.item(0)
    held.act("call_item", item)
    held.act("let_out", item)
    held.act("start_item", item)
    held.tick(3, False)
    held.tick(4, False)

    with pytest.raises(Refused) as refused:
        held.act("end_item", item)
    assert "2/3" in refused.value.reasons[0]
    assert "4" in refused.value.reasons[0]

    held.act("put_off_item", item)
    assert order(held)[-1] == held.dossiers[0].number
    item.refresh_from_db()
    assert item.called_at is None
    assert item.ended_at is None


def test_the_database_too_refuses_an_item_that_ended_without_a_quorum(held):
    held.council()
    held.plan()
    held.open()
    item = held.item(0)
    held.act("call_item", item)
    held.act("start_item", item)

    with pytest.raises(IntegrityError), transaction.atomic():
        AgendaItem.objects.filter(pk=item.pk).update(ended_at=held.now, present=1, entitled=5, needed=4)


def test_the_vice_chair_leads_while_the_chair_is_barred_else_the_secretary_names_somebody(held):
    held.council(conflicts={0: [0]})
    held.plan()
    held.open()
    item = held.item(0)
    held.act("call_item", item)
    held.act("let_out", item)

    with pytest.raises(Refused, match=r"[Pp]hó"):
        held.act("start_item", item)
    held.act("start_item", item, led_by=held.seats[2])

    item.refresh_from_db()
    assert item.led_by == held.seats[2]


def test_one_item_at_a_time_and_nothing_before_the_meeting_is_open(held):
    held.council()
    held.plan()
    with pytest.raises(Refused):
        held.act("call_item", held.item(0))
    held.open()
    held.act("call_item", held.item(0))
    with pytest.raises(Refused):
        held.act("call_item", held.item(1))


def test_a_secretary_with_a_conflict_does_nothing_about_the_item(held, second_secretary):
    from dossiers.models import Conflict

    held.council()
    held.plan()
    held.open()
    Conflict.objects.create(
        user=second_secretary, dossier=held.dossiers[0], kind="family", words="x", declared_at=held.now
    )

    for act in ("call_item", "remove_item", "put_off_item"):
        with pytest.raises(Http404):
            held.act(act, held.item(0), by=second_secretary)
    held.act("call_item", held.item(1), by=second_secretary)


def test_a_closed_meeting_and_its_items_never_change(held):
    held.council()
    held.plan()
    held.open()
    held.treat_all()
    held.close()

    assert Attendance.objects.filter(left_at=None).count() == 0
    with pytest.raises(Refused):
        held.tick(0, True)
    for change in (
        lambda: Meeting.objects.update(place="Nơi khác"),
        lambda: AgendaItem.objects.update(present=1),
        lambda: AgendaItem.objects.all().delete(),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()


def test_every_act_stands_in_the_log(held):
    held.council(conflicts={1: [0]})
    held.plan()
    held.open()
    held.treat_all()
    actions.let_in(meeting=held.the_meeting, by=held.secretary, at=held.now)
    held.close()

    acts = set(AuditEvent.objects.values_list("act", flat=True))
    assert acts >= {
        "meeting.planned",
        "meeting.member_came",
        "meeting.opened",
        "meeting.item_called",
        "meeting.members_out",
        "meeting.item_started",
        "meeting.item_ended",
        "meeting.members_in",
        "meeting.closed",
    }


def test_the_room_takes_the_same_queries_for_one_dossier_and_for_many(held, django_assert_num_queries):
    held.council(dossiers=4, conflicts={1: [0, 1], 2: [2]})
    meeting = held.plan()

    with django_assert_num_queries(7):
        queries.room_of(meeting)
    assert agenda.walks([frozenset()]) == 0
    assert connection.in_atomic_block
