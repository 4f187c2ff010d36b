"""Two at the same moment: two tabs, two devices, two people."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.http import Http404
from django.utils import timezone

from core.errors import Refused
from enterprises import actions
from enterprises.actions import add_representative
from enterprises.models import Enterprise, Invitation, JoinRequest, Representative
from mail.models import Letter
from tests.enterprises.post import letters, path_in
from tests.story import Story, make_reference, tax_code

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """Every act in its own thread and connection, all let go together; what each gave or raised."""
    gate, given = threading.Barrier(len(acts)), [None] * len(acts)

    def run(place: int, act: Callable[[], Any]) -> None:
        try:
            gate.wait(10)
            given[place] = act()
        except (Refused, Http404, IntegrityError) as error:
            given[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(place, act)) for place, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return given


def refusals(given: list[Any]) -> int:
    return sum(isinstance(one, Exception) for one in given)


@pytest.fixture
def house(transactional_db):
    story = Story()
    enterprise = story.enterprise("boss")
    second = story.person("second")
    add_representative(enterprise=enterprise, user=second, role="signs", by=second, at=story.tick())
    return story, enterprise, story.person("boss"), second


def invited(enterprise, by, email):
    actions.invite(
        enterprise=enterprise, email=email, role="signs", is_consultant=False, language="vi", by=by, at=timezone.now()
    )
    return path_in(letters("invitation", email)[-1]).split("/")[-2]


def test_one_invitation_accepted_twice_at_once_makes_one_person(house):
    _story, enterprise, boss, _second = house
    token = invited(enterprise, boss, "moi@kip.test")

    def accept():
        return actions.accept_invitation(
            token=token, user=None, full_name="Lê Văn Mới", password="một câu đủ dài", at=timezone.now()
        )

    given = at_once(accept, accept)

    assert refusals(given) == 1
    assert enterprise.representatives.filter(user__email="moi@kip.test").count() == 1


def test_two_invitations_accepted_at_once_let_both_in(house):
    story, enterprise, boss, _second = house
    people = [story.person("third"), story.person("fourth")]
    tokens = [invited(enterprise, boss, person.email) for person in people]
    given = at_once(
        *(
            lambda token=token, person=person: actions.accept_invitation(token=token, user=person, at=timezone.now())
            for token, person in zip(tokens, people, strict=True)
        )
    )

    assert refusals(given) == 0
    assert enterprise.representatives.filter(ended_at=None).count() == 4


def test_the_last_two_who_sign_cannot_both_go_at_once(house):
    _story, enterprise, boss, second = house
    rows = [enterprise.representatives.get(user=user) for user in (boss, second)]
    given = at_once(
        lambda: actions.end_representation(representative=rows[0], by=boss, at=timezone.now()),
        lambda: actions.end_representation(representative=rows[1], by=second, at=timezone.now()),
    )

    assert refusals(given) == 1
    assert enterprise.representatives.filter(ended_at=None, role="signs").count() == 1


def test_two_tabs_that_end_each_other_leave_one(house):
    """Each removes the other; whoever comes second no longer has the right."""
    _story, enterprise, boss, second = house
    rows = {user: enterprise.representatives.get(user=user) for user in (boss, second)}
    given = at_once(
        lambda: actions.end_representation(representative=rows[second], by=boss, at=timezone.now()),
        lambda: actions.change_role(
            representative=rows[boss], role="reads", is_consultant=False, by=second, at=timezone.now()
        ),
    )

    assert refusals(given) == 1
    assert Representative.objects.filter(enterprise=enterprise, ended_at=None, role="signs").count() == 1


def test_one_question_answered_by_two_at_once_is_answered_once(house):
    story, enterprise, boss, second = house
    asked = actions.ask_to_join(enterprise=enterprise, by=story.person("asker"), at=timezone.now())
    given = at_once(
        lambda: actions.answer_join_request(asked=asked, admit=True, role="reads", by=boss, at=timezone.now()),
        lambda: actions.answer_join_request(asked=asked, admit=False, by=second, at=timezone.now()),
    )

    assert refusals(given) == 1
    row = JoinRequest.objects.get()
    assert enterprise.representatives.filter(user__email="asker@kip.test").count() == int(row.is_admitted)
    assert Letter.objects.filter(key=f"join_answer:{asked.pk}").count() == 1


def test_one_question_put_twice_at_once_is_one(house):
    story, enterprise, _boss, _second = house
    asker = story.person("asker")
    ask = lambda: actions.ask_to_join(enterprise=enterprise, by=asker, at=timezone.now())  # noqa: E731

    assert refusals(at_once(ask, ask)) == 0
    assert JoinRequest.objects.count() == 1


def test_two_invitations_of_one_address_at_once_are_one(house):
    _story, enterprise, boss, second = house
    given = at_once(*(lambda by=by: invited(enterprise, by, "moi@kip.test") for by in (boss, second)))

    assert refusals(given) == 1
    assert Invitation.objects.count() == 1


def test_two_registrations_of_one_code_at_once_make_one(house):
    story, *_ = house
    ward, _ = make_reference()
    people = [story.person("first"), story.person("later")]
    facts = {"name_vi": "Công ty Một", "form": "limited", "street": "Số 1", "ward": ward, "legal_representative": "A"}

    def register(by):
        with transaction.atomic():
            return actions.register_enterprise(code=tax_code(60), by=by, at=timezone.now(), **facts)

    given = at_once(*(lambda by=by: register(by) for by in people))

    assert refusals(given) == 1
    assert Enterprise.objects.get(tax_code=tax_code(60)).representatives.count() == 1


def test_an_account_opened_twice_from_one_letter_is_one(house):
    _story, enterprise, *_ = house

    def open_account():
        return actions.open_registered_account(
            email="moi@kip.test", full_name="Lê Văn Mới", password="một câu đủ dài", position="x",
            code=enterprise.tax_code, language="vi", at=timezone.now(),
        )  # fmt: skip

    given = at_once(open_account, open_account)

    assert refusals(given) == 1
    assert JoinRequest.objects.filter(user__email="moi@kip.test").count() == 1
