"""The pages of a session: the secretary leads it with buttons, the wall and the members follow, a barred viewer gets
nothing of the item, and every refusal stands on the page in words."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.errors import Refused
from core.models import AuditEvent
from dossiers.models import Conflict
from meetings import actions, queries
from meetings.models import AgendaItem, Meeting, Vote

pytestmark = pytest.mark.django_db


def as_(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def led(held):
    """Five members, the second barred from the first dossier; the result is known, the meeting planned."""
    held.council(dossiers=2, conflicts={1: [0]})
    held.result()
    held.plan()
    return held


def url(held, name: str, *more) -> str:
    return reverse(f"meetings:{name}", args=[held.season.year, held.the_meeting.number, *more])


def press(held, client: Client, item: AgendaItem, act: str, **data):
    data.setdefault("seen", held.seen)
    return client.post(url(held, "item_act", item.pk, act), data)


def began(held, dossier: int = 0) -> AgendaItem:
    item = held.item(dossier)
    held.act("call_item", item)
    held.act("let_out", item)
    held.act("start_item", item)
    return item


# --- the secretary ------------------------------------------------------------------------------------
def test_a_meeting_is_planned_on_the_page_and_a_bad_hour_is_told(held):
    held.council()
    client, address = as_(held.secretary), reverse("meetings:meetings", args=[held.season.year])
    assert "Chưa có phiên họp nào" in client.get(address).content.decode()

    wrong = client.post(address, {"opens_at": "hôm nay", "place": "", "ballot": "open"})
    assert wrong.status_code == 409
    assert "Nhập nơi họp." in wrong.content.decode()
    made = client.post(address, {"opens_at": "08:30 09/11/2026", "place": "Phòng 1", "ballot": "secret"})

    assert made.status_code == 302
    meeting = Meeting.objects.get()
    assert (meeting.place, meeting.ballot, meeting.items.count()) == ("Phòng 1", "secret", 3)
    page = client.get(made.url).content.decode()
    assert all(dossier.number in page for dossier in held.dossiers)


def test_a_whole_meeting_is_led_with_buttons(led):
    """From the ticks to the closing; what the page offers next is what the action takes."""
    client = as_(led.secretary)
    item = led.item(0)
    refused = client.post(url(led, "agenda_act", "open"), {"seen": led.seen})
    assert refused.status_code == 409
    assert "Không đủ túc số: có mặt 0/5" in refused.content.decode()

    for seat in led.seats:
        client.post(url(led, "seat_act", seat.pk, "came"), {"seen": led.seen})
    client.post(url(led, "agenda_act", "open"), {"seen": led.seen})
    press(led, client, item, "call")
    page = client.get(url(led, "run")).content.decode()
    assert "Phải rời phòng ngay" in page
    assert not re.search(r">\s*8[45](,\d+)?\s*<", page)  # no points before the item begins
    early = press(led, client, item, "start")
    assert early.status_code == 409
    press(led, client, item, "out", seat=led.seats[1].pk)
    press(led, client, item, "start")
    assert re.search(r">\s*8[45](,\d+)?\s*<", client.get(url(led, "run")).content.decode())
    press(led, client, item, "open-vote")
    for seat in (led.seats[0], led.seats[2], led.seats[3]):
        press(led, client, item, "enter", enter=f"{seat.pk}-for")
    press(led, client, item, "close-vote")
    assert "3 tán thành" in client.get(url(led, "run")).content.decode()
    press(led, client, item, "end", conclusion="Thống nhất.")
    client.post(url(led, "seat_act", led.seats[1].pk, "in"), {"seen": led.seen})
    press(led, client, led.item(1), "call")
    press(led, client, led.item(1), "put-off")
    closed = client.post(url(led, "agenda_act", "close"), {"seen": led.seen, "leaves_items": "on"})

    assert closed.url == url(led, "minutes")
    item.refresh_from_db()
    assert (item.conclusion, item.present, item.needed) == ("Thống nhất.", 4, 3)
    assert led.the_meeting.closed_at is not None


def test_a_stale_page_is_told_who_changed_the_meeting(led, second_secretary):
    seen = led.seen
    led.act("move_item", led.item(0), up=True, by=second_secretary)

    answer = press(led, as_(led.secretary), led.item(1), "up", seen=seen)

    assert answer.status_code == 409
    assert str(second_secretary) in answer.content.decode()


def test_order_is_changed_by_buttons_that_a_keyboard_reaches(led):
    led_order = [item.dossier_id for item in queries.items_of(led.the_meeting)]
    page = as_(led.secretary).get(url(led, "prepare")).content.decode()
    first = queries.items_of(led.the_meeting).first()
    assert f'formaction="{url(led, "item_act", first.pk, "down")}"' in page

    answer = press(led, as_(led.secretary), first, "down")

    assert answer.url.endswith(f"#item-{first.pk}")
    assert [item.dossier_id for item in queries.items_of(led.the_meeting)] == led_order[::-1]


def test_an_unknown_act_or_a_meeting_of_another_number_is_not_there(led):
    client = as_(led.secretary)

    assert press(led, client, led.item(0), "explode").status_code == 404
    assert client.get(reverse("meetings:run", args=[led.season.year, 9])).status_code == 404
    assert client.get(reverse("meetings:run", args=[1999, 1])).status_code == 404


def test_officers_read_and_press_nothing(led):
    client = as_(led.story.officer)

    assert "Khai mạc phiên họp" not in client.get(url(led, "run")).content.decode()
    assert press(led, client, led.item(0), "call").status_code == 404
    assert client.get(url(led, "prepare")).status_code == 404


# --- the wall -----------------------------------------------------------------------------------------
def test_the_wall_shows_the_item_that_is_up_without_names_ranks_or_other_dossiers(led):
    led.open()
    client = as_(led.secretary)
    began(led)

    wall = client.get(url(led, "screen")).content.decode()

    assert led.dossiers[0].product.name_vi in wall
    assert led.dossiers[1].product.name_vi not in wall
    assert "45" in wall
    assert "Hạng" not in wall
    assert not any(str(seat) in wall for seat in led.seats)
    assert "rail" not in wall


def test_the_wall_shows_no_data_of_a_dossier_before_barred_members_have_left(led):
    led.open()
    led.act("call_item", led.item(0))

    wall = as_(led.secretary).get(url(led, "screen")).content.decode()

    assert led.dossiers[0].product.name_vi not in wall
    assert "Mời thành viên có xung đột lợi ích rời phòng." in wall


def test_a_page_that_follows_is_told_304_until_something_changes(led):
    led.open()
    client = as_(led.secretary)
    began(led, 1)
    first = client.get(url(led, "screen"), headers={"X-Partial": "1"})
    tag = first.headers["ETag"]
    assert "<html" not in first.content.decode()

    same = client.get(url(led, "screen"), headers={"X-Partial": "1", "If-None-Match": tag})
    assert (same.status_code, same.content) == (304, b"")
    led.act("open_vote", led.item(1))
    changed = client.get(url(led, "screen"), headers={"X-Partial": "1", "If-None-Match": tag})

    assert changed.status_code == 200
    assert "Đang biểu quyết: 0/5" in changed.content.decode()


# --- members ------------------------------------------------------------------------------------------
def attend(held, member: int) -> str:
    address = reverse("meetings:attend", args=[held.the_meeting.number])
    return as_(held.seats[member].user).get(address, headers={"X-Partial": "1"}).content.decode()


def test_a_member_follows_the_chair_and_votes_with_one_press(led):
    led.open()
    assert "Sắp đến mục tiếp theo" in attend(led, 0)
    item = began(led)
    led.act("open_vote", item)
    page = attend(led, 0)
    assert led.dossiers[0].product.name_vi in page
    assert page.count('name="choice"') == 3
    client = as_(led.seats[0].user)

    done = client.post(reverse("meetings:vote", args=[led.the_meeting.number, item.pk]), {"choice": "for"})
    wrong = client.post(reverse("meetings:vote", args=[led.the_meeting.number, item.pk]), {"choice": "maybe"})

    assert done.status_code == 302
    assert wrong.status_code == 409
    assert Vote.objects.get().choice == "for"
    assert 'aria-pressed="true"' in attend(led, 0)


def test_a_barred_member_sees_only_that_it_is_time_to_leave(led):
    """Byte for byte the same, whatever the dossier is and however far its item."""
    led.open()
    item = led.item(0)
    led.act("call_item", item)
    called = attend(led, 1)
    assert "Bạn tạm rời phòng" in called
    led.act("let_out", item)
    led.act("start_item", item)
    begun = attend(led, 1)
    led.act("open_vote", item)
    for member in (0, 2, 3):
        from meetings import actions

        actions.cast_vote(item=item, choice="for", by=led.seats[member].user, at=led.now)
    voting = attend(led, 1)
    led.act("close_vote", item)

    assert called == begun == voting == attend(led, 1)
    assert led.dossiers[0].number not in called
    assert led.dossiers[0].product.name_vi not in called
    vote = reverse("meetings:vote", args=[led.the_meeting.number, item.pk])
    assert as_(led.seats[1].user).post(vote, {"choice": "for"}).status_code == 404


def test_members_of_no_council_and_strangers_find_no_meeting(led):
    address = reverse("meetings:attend", args=[led.the_meeting.number])

    for who in (led.secretary, led.story.officer, led.story.person("stranger")):
        assert as_(who).get(address).status_code == 404
    assert as_(led.seats[0].user).get(reverse("meetings:own")).status_code == 200


# --- a barred secretary -------------------------------------------------------------------------------
def test_a_barred_secretary_gets_nothing_of_the_dossier_on_any_page(led, second_secretary):
    """Not its name, not its number, not who is barred from it, not its points, and none of its buttons."""
    Conflict.objects.create(
        user=second_secretary, dossier=led.dossiers[0], kind="family", words="x", declared_at=led.now
    )
    led.open()
    client = as_(second_secretary)
    hidden = [led.dossiers[0].number, led.dossiers[0].product.name_vi, led.dossiers[0].enterprise.name_vi]
    seen = [client.get(url(led, name)).content.decode() for name in ("prepare", "run", "screen")]
    began(led)
    seen += [client.get(url(led, name)).content.decode() for name in ("prepare", "run", "screen")]

    for page in seen:
        assert not any(text in page for text in hidden)
    assert "Bạn phải rời phòng" in seen[4]
    assert "Mời bạn chờ ngoài phòng" in seen[5]
    assert press(led, client, led.item(0), "end").status_code == 404
    assert f"rời phòng: {led.seats[1]}" not in seen[0]  # whom a dossier bars depends on the dossier


def test_a_planned_meeting_is_cancelled_only_when_that_is_meant(client, held):
    held.council(dossiers=1)
    held.result()
    meeting = held.plan()
    client.force_login(held.secretary)
    address = reverse("meetings:agenda_act", args=[2026, meeting.number, "cancel"])
    with pytest.raises(Refused, match="được lên lịch"):
        actions.plan_meeting(
            season=held.season, opens_at=meeting.opens_at, place="x", ballot="open", by=held.secretary, at=held.now
        )

    assert client.post(address, {"seen": held.seen}).status_code == 409
    assert client.post(address, {"seen": held.seen, "sure": "on"}).status_code == 302

    assert not Meeting.objects.exists()
    assert AuditEvent.objects.filter(act="meeting.cancelled").count() == 1


def test_a_meeting_that_somebody_came_to_stays(held):
    held.council(dossiers=1)
    held.result()
    held.plan()
    held.come(0)

    with pytest.raises(Refused):
        actions.cancel_meeting(meeting=held.the_meeting, seen=held.seen, by=held.secretary, at=held.now)

    assert Meeting.objects.count() == 1


# --- counts of queries --------------------------------------------------------------------------------
@pytest.mark.parametrize("name", ["run", "screen", "prepare"])
def test_pages_take_the_same_queries_for_one_item_and_for_many(held, name):
    held.council(dossiers=3, conflicts={1: [0]})
    held.result()
    held.plan()
    held.open()
    client = as_(held.secretary)
    client.get(url(held, name))
    with CaptureQueriesContext(connection) as many:
        client.get(url(held, name))
    for dossier in (1, 2):
        held.act("remove_item", held.item(dossier))

    with CaptureQueriesContext(connection) as one:
        client.get(url(held, name))
    assert len(one) == len(many)
