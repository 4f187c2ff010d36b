"""Who acts for an enterprise: roles, the last who signs, questions from outside."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.errors import Refused
from core.models import AuditEvent
from enterprises import actions
from enterprises.actions import add_representative, ask_to_join
from enterprises.models import JoinRequest, Representative
from tests.enterprises.people import MINE, as_
from tests.enterprises.post import letters, words

pytestmark = pytest.mark.django_db


def rows():
    return list(Representative.objects.order_by("pk").values())


# --- the list ---------------------------------------------------------------------------------------------
@pytest.mark.parametrize("who", ["boss", "filler", "reader"])
def test_everybody_of_the_enterprise_reads_the_list(world, who):
    page = words(as_(getattr(world, who)).get(world.at()))

    for name in ("Người boss", "Người filler", "Người reader"):
        assert name in page
    assert ("Gửi lời mời" in page) == (who == "boss")
    assert ("Đổi vai trò" in page) == (who == "boss")


def test_a_stranger_does_not_find_it(world):
    for user in (world.stranger, world.story.officer, world.story.person("nobody")):
        assert as_(user).get(world.at()).status_code == 404


def test_the_list_costs_the_same_for_one_and_three_people(world):
    client, other = as_(world.boss), as_(world.stranger)
    client.get(world.at()), other.get(world.at(enterprise=world.other))
    counts = []
    for page, where in ((client, world.at()), (other, world.at(enterprise=world.other))):
        with CaptureQueriesContext(connection) as queries:
            assert page.get(where).status_code == 200
        counts.append(len(queries))

    assert counts[0] == counts[1]


# --- roles ------------------------------------------------------------------------------------------------
def test_whoever_signs_changes_a_role_and_everybody_concerned_is_told(world):
    second = world.join("second", "signs")
    answer = as_(world.boss).post(
        world.at(f"nguoi/{world.of(world.filler).pk}/vai-tro/"), {"role": "reads", "is_consultant": "on"}
    )

    person = world.of(world.filler)
    assert answer.url == world.at()
    assert (person.role, person.is_consultant) == ("reads", True)
    assert [letter.to_user for letter in letters("own_role_changed")] == [world.filler]
    assert [letter.to_user for letter in letters("people_changed")] == [second]
    event = AuditEvent.objects.get(act="representative.role_changed")
    assert event.detail["role"] == ["fills_in", "reads"]
    assert event.actor_id == world.boss.pk


def test_saving_the_same_role_is_no_change(world):
    as_(world.boss).post(world.at(f"nguoi/{world.of(world.filler).pk}/vai-tro/"), {"role": "fills_in"})

    assert not letters()
    assert not AuditEvent.objects.filter(act="representative.role_changed").exists()


@pytest.mark.parametrize("role", ["", "owner", "officer", "SIGNS", "signs\x00"])
def test_a_role_that_does_not_exist_is_refused_in_words(world, role):
    before = rows()
    answer = as_(world.boss).post(world.at(f"nguoi/{world.of(world.filler).pk}/vai-tro/"), {"role": role})

    assert answer.status_code == 409
    assert "Hãy chọn" in words(answer)
    assert rows() == before


@pytest.mark.parametrize("who", ["filler", "reader", "stranger"])
@pytest.mark.parametrize("act", ["role", "end", "invite"])
def test_nobody_else_manages_the_people(world, who, act):
    before = rows()
    pk = world.of(world.boss).pk
    address, data = {
        "role": (world.at(f"nguoi/{pk}/vai-tro/"), {"role": "reads"}),
        "end": (world.at(f"nguoi/{pk}/thoi/"), {}),
        "invite": (world.at(), {"email": "x@kip.test", "role": "signs"}),
    }[act]

    assert as_(getattr(world, who)).post(address, data).status_code == 404
    assert rows() == before
    assert not world.enterprise.invitations.exists()
    assert not letters()


def test_a_person_of_another_enterprise_is_not_reached_through_the_own(world):
    before = rows()
    foreign = world.of(world.stranger, world.other).pk

    assert as_(world.boss).post(world.at(f"nguoi/{foreign}/vai-tro/"), {"role": "reads"}).status_code == 404
    assert as_(world.boss).post(world.at(f"nguoi/{foreign}/thoi/")).status_code == 404
    assert rows() == before


def test_fields_that_are_not_on_the_form_change_nothing(world):
    person = world.of(world.filler)
    as_(world.boss).post(
        world.at(f"nguoi/{person.pk}/vai-tro/"),
        {"role": "reads", "user": world.stranger.pk, "enterprise": world.other.pk, "ended_at": "x", "since": "x"},
    )

    after = Representative.objects.get(pk=person.pk)
    assert (after.user, after.enterprise, after.ended_at, after.since) == (
        world.filler,
        world.enterprise,
        None,
        person.since,
    )


# --- the end of a right -----------------------------------------------------------------------------------
def test_the_last_who_signs_can_neither_leave_nor_step_down(world):
    client, pk = as_(world.boss), world.of(world.boss).pk
    before = rows()
    for answer in (
        client.post(world.at(f"nguoi/{pk}/thoi/")),
        client.post(world.at(f"nguoi/{pk}/vai-tro/"), {"role": "reads"}),
    ):
        assert answer.status_code == 409
        assert "người duy nhất ký thay" in words(answer)

    assert rows() == before


def test_a_signer_with_a_closed_account_does_not_count(world):
    second = world.join("second", "signs")
    second.is_active = False
    second.save()

    assert as_(world.boss).post(world.at(f"nguoi/{world.of(world.boss).pk}/thoi/")).status_code == 409


def test_with_a_second_signer_the_first_may_leave_and_sees_nothing_any_more(world):
    world.join("second", "signs")
    client, pk = as_(world.boss), world.of(world.boss).pk
    assert "Rời doanh nghiệp" in words(client.get(world.at(f"nguoi/{pk}/thoi/")))
    assert client.post(world.at(f"nguoi/{pk}/thoi/")).url == MINE

    assert client.get(world.at()).status_code == 404
    assert client.get(f"/ho-so/doanh-nghiep/{world.enterprise.pk}/").status_code == 404
    assert AuditEvent.objects.filter(act="representative.ended").count() == 1


def test_asking_first_ends_nothing(world):
    before = rows()
    assert "Thôi quyền thay mặt" in words(as_(world.boss).get(world.at(f"nguoi/{world.of(world.filler).pk}/thoi/")))

    assert rows() == before


def test_an_ended_person_is_told_and_the_row_stays_as_history(world):
    pk = world.of(world.filler).pk
    as_(world.boss).post(world.at(f"nguoi/{pk}/thoi/"))

    assert Representative.objects.get(pk=pk).ended_at is not None
    assert letters("own_role_changed")[0].to_user == world.filler
    assert as_(world.boss).post(world.at(f"nguoi/{pk}/thoi/")).status_code == 404


def test_everybody_may_leave(world):
    assert as_(world.reader).post(world.at(f"nguoi/{world.of(world.reader).pk}/thoi/")).url == MINE
    assert as_(world.filler).post(world.at(f"nguoi/{world.of(world.boss).pk}/thoi/")).status_code == 404


# --- questions from outside -------------------------------------------------------------------------------
@pytest.fixture
def asked(world):
    return ask_to_join(
        enterprise=world.enterprise, by=world.stranger, position="Kế toán trưởng", at=world.story.tick()
    )


def answer(world, user, asked, **data):
    return as_(user).post(world.at(f"de-nghi/{asked.pk}/"), data)


def test_a_question_is_answered_with_a_role(world, asked):
    assert "Kế toán trưởng" in words(as_(world.boss).get(world.at()))
    assert answer(world, world.boss, asked, answer="admit", role="fills_in", is_consultant="on").url == world.at()

    person = world.of(world.stranger)
    assert (person.role, person.is_consultant, person.position) == ("fills_in", True, "Kế toán trưởng")
    letter = letters("join_admitted")[0]
    assert letter.to_user == world.stranger
    assert world.enterprise.name_vi in letter.subject


def test_a_declined_question_gives_nothing_and_does_not_name_the_enterprise(world, asked):
    answer(world, world.boss, asked, answer="decline", role="signs")

    assert not world.enterprise.representatives.filter(user=world.stranger).exists()
    letter = letters("join_declined")[0]
    assert world.enterprise.name_vi not in letter.text
    assert world.enterprise.tax_code in letter.text  # the asker typed it
    asked.refresh_from_db()
    assert asked.is_admitted is False


@pytest.mark.parametrize("data", [{}, {"answer": "perhaps"}, {"answer": "admit"}, {"answer": "admit", "role": "x"}])
def test_half_an_answer_is_refused_and_the_question_stays(world, asked, data):
    assert answer(world, world.boss, asked, **data).status_code == 409
    asked.refresh_from_db()
    assert asked.answered_at is None
    assert not world.enterprise.representatives.filter(user=world.stranger).exists()


def test_answered_is_answered(world, asked):
    answer(world, world.boss, asked, answer="decline")
    again = answer(world, world.boss, asked, answer="admit", role="signs")

    assert again.status_code == 409
    assert "đã trả lời đề nghị này" in words(again)
    assert not world.enterprise.representatives.filter(user=world.stranger).exists()


@pytest.mark.parametrize("who", ["filler", "reader", "stranger"])
def test_nobody_else_answers_least_of_all_the_asker(world, asked, who):
    assert answer(world, getattr(world, who), asked, answer="admit", role="signs").status_code == 404
    assert answer(world, world.story.officer, asked, answer="admit", role="signs").status_code == 404
    assert JoinRequest.objects.get().answered_at is None


def test_a_question_is_reached_only_under_its_own_enterprise(world, asked):
    path = world.at(f"de-nghi/{asked.pk}/", world.other)

    assert as_(world.stranger).post(path, {"answer": "admit", "role": "signs"}).status_code == 404
    assert as_(world.boss).post(path, {"answer": "admit", "role": "signs"}).status_code == 404


def test_where_nobody_signs_the_department_answers(world):
    from enterprises.actions import record_enterprise
    from tests.story import make_reference, tax_code

    ward, _ = make_reference()
    recorded = record_enterprise(
        code=tax_code(50), by=world.story.officer, at=world.story.tick(), name_vi="Công ty Trên Giấy", street="1",
        form="limited", ward=ward, legal_representative="A",
    )  # fmt: skip
    asked = ask_to_join(enterprise=recorded, by=world.stranger, at=world.story.tick())
    assert not letters("join_request")
    officer = as_(world.story.officer)
    assert "Công ty Trên Giấy" in words(officer.get("/lam-viec/doanh-nghiep/"))
    assert "Chấp nhận" in words(officer.get(f"/lam-viec/doanh-nghiep/{recorded.pk}/"))
    path = world.at(f"de-nghi/{asked.pk}/", recorded)
    assert as_(world.story.secretary).post(path, {"answer": "admit", "role": "signs"}).status_code == 404
    assert officer.post(path, {"answer": "admit", "role": "signs"}).url == f"/lam-viec/doanh-nghiep/{recorded.pk}/"

    assert world.of(world.stranger, recorded).role == "signs"


def test_an_officer_never_answers_his_own_question(world):
    from enterprises.permissions import may_answer_request

    asked = JoinRequest(enterprise=world.other, user=world.story.officer)
    world.other.representatives.update(ended_at=world.story.now)

    assert not may_answer_request(world.story.officer, asked)


def test_the_actions_ask_for_the_right_themselves(world, asked):
    """A page that forgot to ask would still be refused."""
    from django.http import Http404

    person, at = world.of(world.reader), world.story.tick()
    for act in (
        lambda: actions.change_role(representative=person, role="signs", is_consultant=False, by=world.filler, at=at),
        lambda: actions.end_representation(representative=person, by=world.filler, at=at),
        lambda: actions.answer_join_request(asked=asked, admit=True, role="signs", by=world.filler, at=at),
        lambda: actions.invite(
            enterprise=world.enterprise, email="a@b.vn", role="signs", is_consultant=False, language="vi",
            by=world.filler, at=at,
        ),
    ):  # fmt: skip
        with pytest.raises(Http404):
            act()


def test_adding_somebody_twice_adds_once(world):
    add_representative(enterprise=world.enterprise, user=world.reader, by=world.boss, at=world.story.tick())

    assert world.of(world.reader).role == "reads"
    with pytest.raises(Refused):
        ask_to_join(enterprise=world.enterprise, by=world.reader, at=world.story.tick())


# --- for whom one acts ------------------------------------------------------------------------------------
def test_a_consultant_always_sees_for_which_enterprise_the_page_acts(world):
    consultant = world.join("consultant", "fills_in", is_consultant=True)
    world.join("consultant", "fills_in", world.other, is_consultant=True)
    client = as_(consultant)
    for enterprise, foreign in ((world.enterprise, world.other), (world.other, world.enterprise)):
        for path in (
            world.at("nguoi/", enterprise),
            world.at("dia-diem/", enterprise),
            world.at("lich-su/", enterprise),
        ):
            page = words(client.get(path))
            assert f"<b>{enterprise.name_vi}</b>" in page
            assert enterprise.tax_code in page
            assert foreign.name_vi not in page
            assert "Đổi doanh nghiệp" in page
    assert "Đổi doanh nghiệp" not in words(as_(world.filler).get(world.at()))


def test_two_tabs_of_a_consultant_never_write_into_the_wrong_enterprise(world):
    """The address of each tab decides; what was opened last in the other tab does not."""
    from enterprises.forms import RecordForm

    consultant = world.join("consultant", "fills_in", is_consultant=True)
    world.join("consultant", "fills_in", world.other, is_consultant=True)
    client = as_(consultant)
    first, second = f"/ho-so/doanh-nghiep/{world.enterprise.pk}/", f"/ho-so/doanh-nghiep/{world.other.pk}/"
    client.get(first), client.get(second)
    facts = {k: getattr(v, "pk", v) or "" for k, v in RecordForm.facts_of(world.enterprise).items()}
    client.post(first, facts | {"street": "Số 100 của tab thứ nhất"})
    client.post(
        world.at("dia-diem/"), {"kind": "branch", "street": "Số 5", "ward": world.enterprise.ward_id, "zone": ""}
    )

    world.enterprise.refresh_from_db(), world.other.refresh_from_db()
    assert world.enterprise.street == "Số 100 của tab thứ nhất"
    assert world.other.street == "Số 77 ngõ Lạ"
    assert (world.enterprise.sites.count(), world.other.sites.count()) == (1, 0)


def test_the_list_of_own_enterprises_costs_the_same_for_one_and_three(world):
    consultant = world.join("consultant", "fills_in", is_consultant=True)
    client = as_(consultant)
    client.get(MINE)
    counts = []
    for n in range(2):
        with CaptureQueriesContext(connection) as queries:
            page = words(client.get(MINE))
        counts.append(len(queries))
        if n == 0:
            world.join("consultant", "reads", world.other)
            world.join("consultant", "reads", world.story.enterprise("third"))
    assert counts[0] == counts[1]
    assert page.count("<h2>") >= 3
