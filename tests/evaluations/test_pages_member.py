"""The member's pages: queue, interests, score sheet. Times are real: the pages look at the clock."""

from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils.translation import override

from accounts.models import User
from core import jobs
from core.models import Job
from dossiers.models import Document
from evaluations import actions
from evaluations.models import Assignment, Interest, Mark, ScoreSheet


@pytest.fixture(autouse=True)
def _vietnamese():
    """A page asked for in English leaves its language behind."""
    with override("vi"):
        yield


def queue():
    return reverse("evaluations:queue")


def interests():
    return reverse("evaluations:interests")


def sheet_of(dossier):
    return reverse("evaluations:sheet", args=[dossier.pk])


def points(**given):
    """`_1="45"` is the field of the first criterion; the private note is sent with every sheet."""
    return {f"points-{name[1:]}": value for name, value in given.items()} | {"note": ""}


@pytest.fixture
def scoring(story):
    """One dossier with the council, its three seats, and the first member."""
    dossier = story.scoring(1)[0]
    seats = story.seats()
    return dossier, seats, seats[0]


# --- who may come in ----------------------------------------------------------------------------------
@pytest.mark.parametrize("who", ["officer", "secretary", "clerk-1", "superuser"])
def test_only_members_reach_the_member_pages(story, client, scoring, who):
    dossier, _seats, _seat = scoring
    if who == "superuser":
        person = User.objects.create_superuser("root@kip.test", "root", full_name="Root")
    else:
        person = story.person(who)
    client.force_login(person)

    for address in (queue(), interests(), sheet_of(dossier), reverse("evaluations:sign", args=[dossier.pk])):
        assert client.get(address).status_code == 404
    for address in (interests(), sheet_of(dossier), reverse("evaluations:sign", args=[dossier.pk])):
        assert client.post(address).status_code == 404
    assert client.post(sheet_of(dossier), points(_1="45")).status_code == 404
    assert not ScoreSheet.objects.exists()


def test_a_visitor_is_sent_to_the_sign_in_page(client, scoring):
    for address in (queue(), interests(), sheet_of(scoring[0])):
        assert client.get(address).status_code == 302


def test_a_conflicted_member_finds_neither_sheet_nor_documents(story, client):
    barred = story.eligible("clerk-7")
    story.declared(conflicts={0: [barred]})
    actions.assign(season=story.season(), by=story.secretary, at=story.tick())
    story.open_session()
    document = Document.objects.filter(dossier=barred).first()
    of_document = reverse("dossiers:document", args=[document.pk])

    client.force_login(story.person("member-1"))
    assert client.get(sheet_of(barred)).status_code == 404
    assert client.get(of_document).status_code == 404
    assert barred.product.name_vi not in client.get(queue()).content.decode()
    client.force_login(story.person("member-2"))
    assert client.get(sheet_of(barred)).status_code == 200
    answer = client.get(of_document)
    assert answer.status_code == 200
    assert "no-store" in answer.headers["Cache-Control"]


def test_an_unassigned_member_finds_no_sheet(story, client, scoring):
    dossier, seats, _seat = scoring
    Assignment.objects.filter(seat=seats[2]).delete()
    client.force_login(seats[2].user)

    assert client.get(sheet_of(dossier)).status_code == 404
    assert "Chưa có hồ sơ nào được phân công cho bạn" in client.get(queue()).content.decode()


def test_a_document_of_a_dossier_that_is_not_mine_does_not_come_through(story, client):
    mine, other = story.scoring(2)
    seat = story.seats()[0]
    Assignment.objects.filter(seat=seat, dossier=other).delete()
    client.force_login(seat.user)

    def of(dossier):
        return reverse("dossiers:document", args=[Document.objects.filter(dossier=dossier).first().pk])

    assert client.get(of(mine)).status_code == 200
    assert client.get(of(other)).status_code == 404


# --- the queue ----------------------------------------------------------------------------------------
def test_the_queue_shows_the_state_of_every_sheet(story, client):
    untouched, begun, signed = story.scoring(3)
    seat = story.seats()[0]
    story.score(begun, seat, {"1": 40}, sign=False)
    story.score(signed, seat, {"1": "42.5", "2": 20, "3": 10})
    client.force_login(seat.user)

    text = client.get(queue()).content.decode()
    assert "Đã ký 1/3" in text
    assert "Chưa chấm" in text
    assert "1/3 tiêu chí" in text
    assert "72,5" in text
    only = client.get(queue(), {"show": "unsigned"}).content.decode()
    assert untouched.product.name_vi in only
    assert signed.product.name_vi not in only


def test_the_queue_asks_for_missing_declarations_first(story, client):
    story.eligible()
    seat = story.seats()[0]
    client.force_login(seat.user)

    text = client.get(queue()).content.decode()
    assert "Hãy khai báo lợi ích trước: còn 1 hồ sơ chờ bạn trả lời" in text
    assert "hãy gọi thư ký Hội đồng" in text


def test_the_order_of_the_queue_is_the_members_own_and_stays(story):
    from evaluations import queries

    story.scoring(6)
    orders = [[task.dossier.pk for task in queries.tasks(seat)] for seat in story.seats()]
    again = [[task.dossier.pk for task in queries.tasks(seat)] for seat in story.seats()]

    assert orders == again
    assert len({tuple(order) for order in orders}) > 1


def test_the_queue_asks_as_much_of_the_database_for_three_dossiers_as_for_one(
    story, client, django_assert_num_queries
):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    story.scoring(1)
    client.force_login(story.seats()[0].user)
    client.get(queue())
    with CaptureQueriesContext(connection) as one:
        client.get(queue())
    story.scoring(2)
    with django_assert_num_queries(len(one)):
        client.get(queue())


# --- interests ----------------------------------------------------------------------------------------
@pytest.fixture
def two_eligible(story):
    first, second = story.eligible("clerk-1"), story.eligible("clerk-2")
    return first, second, story.seats()[0]


def test_interests_are_declared_for_the_whole_list_at_once(client, two_eligible):
    first, second, seat = two_eligible
    client.force_login(seat.user)

    answer = client.post(
        interests(),
        {
            f"d{first.pk}-answer": "none",
            f"d{second.pk}-answer": "conflict",
            f"d{second.pk}-kind": "family",
            f"d{second.pk}-ground": "Anh ruột là giám đốc",
            "do": "save",
        },
    )

    assert answer.status_code == 302
    assert answer["Location"] == queue()
    found = dict(Interest.objects.filter(seat=seat).values_list("dossier_id", "has_conflict"))
    assert found == {first.pk: False, second.pk: True}


def test_a_conflict_without_its_ground_is_told_beside_its_row_and_nothing_is_lost(client, two_eligible):
    first, second, seat = two_eligible
    client.force_login(seat.user)

    answer = client.post(
        interests(), {f"d{first.pk}-answer": "none", f"d{second.pk}-answer": "conflict", "do": "save"}
    )

    text = answer.content.decode()
    assert answer.status_code == 200
    assert f'href="#id_d{second.pk}-kind"' in text
    assert "Hãy chọn căn cứ của xung đột." in text
    assert answer.context["rows"][0][1]["answer"].value() == "none"
    assert not Interest.objects.exists()


def test_none_for_all_the_rest_answers_only_where_nothing_was_said(client, two_eligible):
    first, second, seat = two_eligible
    client.force_login(seat.user)

    client.post(
        interests(),
        {f"d{first.pk}-answer": "conflict", f"d{first.pk}-kind": "ownership", "do": "rest"},
    )

    found = dict(Interest.objects.filter(seat=seat).values_list("dossier_id", "has_conflict"))
    assert found == {first.pk: True, second.pk: False}


def test_an_enterprise_the_member_represents_is_written_down_as_a_conflict_without_asking(story, client, two_eligible):
    first, second, seat = two_eligible
    from enterprises.models import Representative

    Representative.objects.create(user=seat.user, enterprise=first.enterprise, since=story.tick())
    client.force_login(seat.user)

    assert f'name="d{first.pk}-answer"' not in client.get(interests()).content.decode()
    client.post(interests(), {"do": "rest"})

    said = {i.dossier_id: (i.has_conflict, i.kind) for i in Interest.objects.filter(seat=seat)}
    assert said == {first.pk: (True, "representation"), second.pk: (False, "")}


def test_only_what_is_new_is_declared(client, two_eligible):
    first, second, seat = two_eligible
    client.force_login(seat.user)
    said = {f"d{first.pk}-answer": "none", f"d{second.pk}-answer": "none", "do": "save"}
    client.post(interests(), said)
    before = list(Interest.objects.order_by("pk").values_list("declared_at", flat=True))

    client.post(interests(), said)

    assert list(Interest.objects.order_by("pk").values_list("declared_at", flat=True)) == before


def test_a_late_conflict_warns_that_the_points_go_and_then_takes_the_sheet(story, client, scoring):
    dossier, _seats, seat = scoring
    story.score(dossier, seat, {"1": 40}, sign=False)
    client.force_login(seat.user)
    said = {f"d{dossier.pk}-answer": "conflict", f"d{dossier.pk}-kind": "family", "do": "save"}

    warned = client.post(interests(), said)
    assert "Xác nhận rằng điểm bạn đã cho hồ sơ này sẽ bị xóa." in warned.content.decode()
    assert Mark.objects.count() == 1

    assert client.post(interests(), said | {f"d{dossier.pk}-sure": "on"}).status_code == 302
    assert not ScoreSheet.objects.exists()
    assert client.get(sheet_of(dossier)).status_code == 404


# --- the score sheet ----------------------------------------------------------------------------------
def test_a_sheet_is_saved_in_parts_and_then_signed(client, scoring):
    dossier, _seats, seat = scoring
    client.force_login(seat.user)

    client.post(sheet_of(dossier), points(_1="42,5") | {"do": "save"})
    assert Mark.objects.get().points == Decimal("42.5")
    text = client.get(sheet_of(dossier)).content.decode()
    assert 'value="42,5"' in text

    whole = points(_1="42,5", _2="20", _3="10") | {"why-1": "Tăng trưởng tốt", "do": "sign"}
    answer = client.post(sheet_of(dossier), whole)
    assert answer["Location"] == reverse("evaluations:sign", args=[dossier.pk])
    page = client.get(answer["Location"]).content.decode()
    assert "72,5" in page
    assert "Tăng trưởng tốt" in page
    assert ScoreSheet.objects.get().signed_at is None

    client.post(answer["Location"])
    sheet = ScoreSheet.objects.get()
    assert sheet.signed_at is not None
    read = client.get(sheet_of(dossier)).content.decode()
    assert sheet.digest[:16] in read
    assert 'name="points-1"' not in read


def test_a_mark_can_be_taken_back(story, client, scoring):
    dossier, _seats, seat = scoring
    story.score(dossier, seat, {"1": 40, "2": 20}, sign=False)
    client.force_login(seat.user)

    client.post(sheet_of(dossier), points(_1="", _2="20") | {"do": "save"})

    assert list(Mark.objects.values_list("criterion__code", flat=True)) == ["2"]


def test_signing_is_refused_while_points_are_missing_and_says_which(client, scoring):
    dossier, _seats, seat = scoring
    client.force_login(seat.user)

    answer = client.post(sheet_of(dossier), points(_1="40", _2="", _3="") | {"do": "sign"})

    assert answer.status_code == 409
    text = answer.content.decode()
    assert text.count("Cho điểm trước khi ký, hoặc ghi không chấm.") == 4  # in the summary and beside both fields
    assert "<title>Lỗi: " in text
    sign = client.get(reverse("evaluations:sign", args=[dossier.pk]))
    assert sign["Location"] == sheet_of(dossier)
    client.post(reverse("evaluations:sign", args=[dossier.pk]))
    assert ScoreSheet.objects.get().signed_at is None


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("51", "Cho từ 0 đến 50 điểm."),
        ("-1", "Cho từ 0 đến 50 điểm."),
        ("bốn mươi", "Ghi điểm bằng số, ví dụ 7,5."),
        ("1e3", "Ghi điểm bằng số, ví dụ 7,5."),
        ("1 2", "Ghi điểm bằng số, ví dụ 7,5."),
        ("1_0", "Ghi điểm bằng số, ví dụ 7,5."),
        ("٣", "Ghi điểm bằng số, ví dụ 7,5."),
        ("NaN", "Ghi điểm bằng số, ví dụ 7,5."),
        ("7,555", "Tối đa hai chữ số thập phân."),
    ],
)
def test_impossible_points_are_told_beside_the_field_and_nothing_typed_is_lost(client, scoring, typed, message):
    dossier, _seats, seat = scoring
    client.force_login(seat.user)

    answer = client.post(sheet_of(dossier), points(_1=typed, _2="20", _3="10") | {"do": "next"})

    text = answer.content.decode()
    assert message in text
    assert f'value="{typed}"' in text
    assert 'aria-describedby="error-1"' in text
    assert answer.status_code == 400
    # the other points are saved all the same
    assert dict(Mark.objects.values_list("criterion__code", "points")) == {"2": Decimal(20), "3": Decimal(10)}


@pytest.mark.parametrize(("language", "typed"), [("vi", "7,5"), ("vi", "7.5"), ("en", "7.5"), ("en", "7,5")])
def test_comma_and_point_both_part_the_decimals_in_both_languages(client, scoring, language, typed):
    dossier, _seats, seat = scoring
    client.force_login(seat.user)
    with override(language):
        address = sheet_of(dossier)

    client.post(address, points(_3=typed) | {"do": "save"})

    assert Mark.objects.get().points == Decimal("7.5")


def test_a_justification_without_points_is_asked_to_bring_them(client, scoring):
    dossier, _seats, seat = scoring
    client.force_login(seat.user)

    answer = client.post(sheet_of(dossier), points(_1="") | {"why-1": "Chưa rõ số liệu", "do": "save"})

    text = answer.content.decode()
    assert "Hãy cho cả điểm: nội dung ghi ở đây được lưu cùng với điểm." in text
    assert "Chưa rõ số liệu" in text


def test_save_and_next_goes_to_the_next_sheet_and_at_the_end_to_the_queue(story, client):
    from evaluations import queries

    story.scoring(3)
    seat = story.seats()[0]
    order = [task.dossier for task in queries.tasks(seat)]
    client.force_login(seat.user)
    whole = points(_1="40", _2="20", _3="10")

    assert client.post(sheet_of(order[0]), whole | {"do": "next"})["Location"] == sheet_of(order[1])
    # the last one has no follower: back to the first that lacks points
    assert client.post(sheet_of(order[2]), whole | {"do": "next"})["Location"] == sheet_of(order[1])
    for dossier in order:
        story.score(dossier, seat, {"1": 40, "2": 20, "3": 10})
    # all are signed: what is left is the look at all of them
    assert client.post(reverse("evaluations:sign", args=[order[2].pk]))["Location"] == reverse(
        "evaluations:own_review"
    )


def test_autosave_answers_in_json_with_total_and_problems(client, scoring):
    dossier, _seats, seat = scoring
    client.force_login(seat.user)

    answer = client.post(sheet_of(dossier), points(_1="42,5", _2="99", _3="10"), headers={"X-Autosave": "1"})

    said = answer.json()
    assert answer.status_code == 400
    assert (said["total"], said["marked"]) == ("52,5", 2)
    assert said["errors"] == {"points-2": "Cho từ 0 đến 30 điểm."}
    assert Mark.objects.count() == 2


def test_autosave_after_signing_is_refused_in_json(story, client, scoring):
    dossier, _seats, seat = scoring
    story.score(dossier, seat, {"1": 40, "2": 20, "3": 10})
    client.force_login(seat.user)

    answer = client.post(sheet_of(dossier), points(_1="1"), headers={"X-Autosave": "1"})

    assert answer.status_code == 409
    assert answer.json()["reasons"] == ["Phiếu này đã ký nên không sửa được."]
    assert Mark.objects.get(criterion__code="1").points == 40


def test_a_member_sees_and_changes_the_own_sheet_only(story, client, scoring):
    dossier, seats, seat = scoring
    story.score(dossier, seats[1], {"1": "33.25", "2": 20, "3": 10}, sign=False)
    actions.save_marks(dossier=dossier, marks={}, note="Bí mật của hai", by=seats[1].user, at=story.tick())
    client.force_login(seat.user)

    text = client.get(sheet_of(dossier)).content.decode()
    assert "33,25" not in text
    assert "Bí mật của hai" not in text
    client.post(sheet_of(dossier), points(_1="1") | {"do": "save"})
    assert Mark.objects.get(sheet__seat=seats[1], criterion__code="1").points == Decimal("33.25")


def test_only_assigned_criteria_stand_on_the_sheet(story, client, scoring):
    dossier, _seats, seat = scoring
    actions.set_assignment(seat=seat, dossier=dossier, codes=["2"], by=story.secretary, at=story.tick())
    client.force_login(seat.user)

    text = client.get(sheet_of(dossier)).content.decode()
    assert "2. Xuất khẩu" in text
    assert "1. Tăng trưởng" not in text
    answer = client.post(sheet_of(dossier), points(_1="12", _2="12") | {"do": "save"})
    assert answer.status_code == 400
    assert "Bạn không được phân công chấm tiêu chí 1." in answer.content.decode()
    assert Mark.objects.get().criterion.code == "2"


def test_after_closing_the_sheet_is_read_only(story, client):
    dossier = story.scored(1)[0]
    seat = story.seats()[0]
    client.force_login(seat.user)

    assert 'name="points-1"' not in client.get(sheet_of(dossier)).content.decode()
    answer = client.post(sheet_of(dossier), points(_1="1") | {"do": "save"})
    assert answer.status_code == 409
    assert "đã kết thúc chấm" in answer.content.decode()
    assert Mark.objects.filter(sheet__seat=seat, criterion__code="1").get().points == 45


def test_before_opening_an_assigned_member_reads_but_cannot_score(story, client):
    dossier = story.eligible()
    story.declared()
    actions.assign(season=story.season(), by=story.secretary, at=story.tick())
    client.force_login(story.seats()[0].user)

    text = client.get(sheet_of(dossier)).content.decode()
    assert "Chưa mở phiên chấm. Bạn có thể đọc hồ sơ trước." in text
    assert 'name="points-1"' not in text


def test_the_sheet_works_in_english_and_without_script(client, scoring):
    dossier, _seats, seat = scoring
    client.force_login(seat.user)
    with override("en"):
        address = sheet_of(dossier)

    text = client.get(address).content.decode()
    assert address.startswith("/en/council/")
    assert "1. Growth" in text
    assert "10 % or more" in text  # the levels stand as text too
    assert 'name="do" value="save"' in text
    assert " style=" not in text


def test_a_late_reassignment_while_scoring_drops_points_that_no_longer_count(story, client, scoring):
    dossier, _seats, seat = scoring
    story.score(dossier, seat, {"1": 40, "2": 20, "3": 10}, sign=False)

    actions.set_assignment(seat=seat, dossier=dossier, codes=["1", "3"], by=story.secretary, at=story.tick())

    assert sorted(Mark.objects.values_list("criterion__code", flat=True)) == ["1", "3"]
    assert not Job.objects.filter(pk__in=jobs.due_ids()).exclude(kind="mail.send").exists()
