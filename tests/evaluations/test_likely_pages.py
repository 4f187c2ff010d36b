"""Likely conflicts: the machine compares, a secretary decides each one, and nothing bars before."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Role
from core.errors import Refused
from core.models import AuditEvent
from dossiers.models import Conflict, LikelyConflict
from dossiers.wall import forget, is_barred
from enterprises.models import Enterprise
from evaluations import actions

pytestmark = pytest.mark.django_db
DOMAIN = "minh-hoa-thu-nghiem.vn"


@pytest.fixture
def noticed(story):
    """The mail of a member has the domain of an enterprise."""
    dossiers = [story.eligible("clerk-1"), story.eligible("clerk-2")]
    seats = story.seats(4)
    Enterprise.objects.filter(pk=dossiers[0].enterprise_id).update(email=f"info@{DOMAIN}")
    type(seats[2].user).objects.filter(pk=seats[2].user_id).update(email=f"uy-vien@{DOMAIN}")
    return story, dossiers, seats


@pytest.fixture
def secretary(noticed) -> Client:
    client = Client()
    client.force_login(noticed[0].secretary)
    return client


def searched(secretary: Client) -> str:
    answer = secretary.post(reverse("evaluations:likely", args=[2026]), follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_search_names_the_sign_and_bars_nobody(noticed, secretary):
    _story, dossiers, seats = noticed

    page = searched(secretary)

    row = LikelyConflict.objects.get(signal="mail_domain")
    assert (row.user, row.dossier) == (seats[2].user, dossiers[0])
    assert DOMAIN in page
    assert not is_barred(seats[2].user, dossiers[0])


def test_searching_twice_notices_nothing_twice(noticed, secretary):
    searched(secretary)
    before = set(LikelyConflict.objects.values_list("pk", flat=True))

    searched(secretary)

    assert before
    assert set(LikelyConflict.objects.values_list("pk", flat=True)) == before


def test_a_confirmed_notice_bars_at_once_and_says_who_decided(noticed, secretary):
    story, dossiers, seats = noticed
    searched(secretary)
    row = LikelyConflict.objects.get(signal="mail_domain")
    address = reverse("evaluations:judge_likely", args=[2026, row.pk])
    assert secretary.get(address).status_code == 200

    answer = secretary.post(address, {"answer": "conflict", "kind": "employment", "reason": "Đang làm việc tại đó."})

    assert answer.status_code == 302, answer.content.decode()
    forget(seats[2].user)
    assert is_barred(seats[2].user, dossiers[0])
    assert Conflict.objects.get(user=seats[2].user, dossier=dossiers[0], lifted_at=None).kind == "employment"
    row.refresh_from_db()
    assert row.answered_by_name == str(story.secretary)
    assert AuditEvent.objects.filter(act="likely_conflict.answered").count() == 1


def test_an_ignored_notice_stays_recorded_and_is_not_raised_again(noticed, secretary):
    _story, dossiers, seats = noticed
    searched(secretary)
    row = LikelyConflict.objects.get(signal="mail_domain")
    address = reverse("evaluations:judge_likely", args=[2026, row.pk])

    refused = secretary.post(address, {"answer": "none", "reason": ""})
    assert refused.status_code in (200, 409)
    assert LikelyConflict.objects.get(pk=row.pk).answer == ""
    assert secretary.post(address, {"answer": "none", "reason": "Tên miền dùng chung."}).status_code == 302
    searched(secretary)

    assert LikelyConflict.objects.get(signal="mail_domain").answer == "ignored"
    assert not is_barred(seats[2].user, dossiers[0])


def test_one_answer_is_enough(noticed, secretary):
    story, _dossiers, _seats = noticed
    searched(secretary)
    row = LikelyConflict.objects.get(signal="mail_domain")
    actions.answer_likely(
        likely=row, is_conflict=False, reason="Tên miền dùng chung.", by=story.secretary, at=story.tick()
    )

    with pytest.raises(Refused, match="đã trả lời"):
        actions.answer_likely(
            likely=row, is_conflict=True, reason="Khác", kind="employment", by=story.secretary, at=story.tick()
        )


@pytest.mark.parametrize("role", [Role.OFFICER, Role.IT_OFFICER, Role.MEMBER])
def test_only_the_secretary_reads_and_decides(noticed, secretary, role):
    story, _dossiers, _seats = noticed
    searched(secretary)
    row = LikelyConflict.objects.get(signal="mail_domain")
    other = Client()
    other.force_login(story.person(f"other-{role}", role))

    for address in (
        reverse("evaluations:likely", args=[2026]),
        reverse("evaluations:judge_likely", args=[2026, row.pk]),
    ):
        assert other.get(address).status_code == 404
        assert other.post(address, {"answer": "none", "reason": "x"}).status_code == 404


def test_a_secretary_behind_the_wall_sees_no_notice_about_the_dossier(noticed, secretary):
    story, dossiers, _seats = noticed
    searched(secretary)
    row = LikelyConflict.objects.get(signal="mail_domain")
    actions.declare_own(
        dossier=dossiers[0], kind="family", words="Em trai làm giám đốc", by=story.secretary, at=story.tick()
    )

    page = secretary.get(reverse("evaluations:likely", args=[2026])).content.decode()

    assert DOMAIN not in page
    assert secretary.get(reverse("evaluations:judge_likely", args=[2026, row.pk])).status_code == 404
