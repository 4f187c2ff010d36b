"""An invitation lets one address in, once, in the role of its row."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import User
from core.models import AuditEvent
from enterprises import actions
from enterprises.actions.inviting import digest
from enterprises.models import Invitation, Representative
from tests.enterprises.people import as_
from tests.enterprises.post import letters, path_in, text_of, words

pytestmark = pytest.mark.django_db
HERE = "/loi-moi/"
NEW = {"full_name": "Lê Văn Mới", "password": "một câu đủ dài"}


def invite(world, email="moi@kip.test", role="fills_in", **more):
    return as_(world.boss).post(world.at(), {"email": email, "role": role} | more)


def open_link(client, email="moi@kip.test"):
    answer = client.get(path_in(letters("invitation", email)[-1]))
    assert answer.url == HERE
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    return client


# --- sending ----------------------------------------------------------------------------------------------
def test_an_invitation_goes_out_and_the_other_signers_are_told(world):
    second = world.join("second", "signs")
    assert invite(world, "Moi@Kip.test", is_consultant="on").url == world.at()

    row = Invitation.objects.get()
    assert (row.email, row.role, row.is_consultant) == ("moi@kip.test", "fills_in", True)
    assert row.expires_at - row.invited_at == timedelta(days=7)
    letter = letters("invitation")[0]
    assert world.enterprise.name_vi in letter.subject
    assert "Khai hồ sơ" in letter.text
    assert [one.to_user for one in letters("people_changed")] == [second]
    assert AuditEvent.objects.filter(act="invitation.sent", actor_id=world.boss.pk).count() == 1


def test_only_the_digest_of_the_token_is_kept(world):
    invite(world)
    letter, row = letters("invitation")[0], Invitation.objects.get()
    token = path_in(letter).split("/")[-2]

    assert row.token_digest == digest(token)
    assert token not in letter.text + letter.html
    assert token not in str(list(AuditEvent.objects.values("detail")))


def test_a_stranger_gets_the_letter_in_both_languages_a_known_person_in_his_own(world):
    User.objects.filter(pk=world.stranger.pk).update(language="en")
    invite(world)
    invite(world, world.stranger.email)

    assert "Reads" not in text_of(letters("invitation", "moi@kip.test")[0])
    assert "invites you" in text_of(letters("invitation", "moi@kip.test")[0])
    assert path_in(letters("invitation", world.stranger.email)[0]).startswith("/en/invitation/")


def test_whether_the_address_has_an_account_is_not_told_to_the_inviter(world):
    pages = []
    for email in ("khong-co@kip.test", world.stranger.email):
        page = words(as_(world.boss).post(world.at(), {"email": email, "role": "reads"}, follow=True))
        assert email in page
        pages.append(world.stranger.full_name in page)

    assert pages == [False, False]


@pytest.mark.parametrize(
    ("email", "reason"),
    [
        ("filler@kip.test", "đã thay mặt doanh nghiệp"),
        ("khong", "Ví dụ: "),
        ("", "Hãy nhập địa chỉ email"),
        ("a@x.vn\nBcc: b@x.vn", "Ví dụ: "),
    ],
)
def test_a_useless_invitation_is_refused_in_words(world, email, reason):
    answer = invite(world, email)

    assert reason in words(answer)
    assert not Invitation.objects.exists()


def test_one_open_invitation_for_each_address(world):
    invite(world)
    assert "đã được mời" in words(invite(world))
    assert Invitation.objects.count() == 1


def test_after_its_week_the_address_can_be_invited_again(world):
    invite(world)
    world.story.tick(days=8)
    assert "đã quá hạn" in words(as_(world.boss).get(world.at()))
    assert invite(world).status_code == 302

    assert Invitation.objects.filter(withdrawn_at=None).count() == 1


def test_sending_again_kills_the_first_link(world):
    invite(world)
    first = path_in(letters("invitation")[0])
    row = Invitation.objects.get()
    as_(world.boss).post(world.at(f"loi-moi/{row.pk}/gui-lai/"))
    late, fresh = as_(None), as_(None)
    late.get(first)

    assert len(letters("invitation")) == 2
    assert late.post(HERE, NEW).status_code == 409
    assert open_link(fresh).post(HERE, NEW).status_code == 302


def test_a_withdrawn_invitation_lets_nobody_in(world):
    invite(world)
    row = Invitation.objects.get()
    assert as_(world.boss).post(world.at(f"loi-moi/{row.pk}/thu-hoi/")).url == world.at()
    client = open_link(as_(None))

    assert client.get(HERE).status_code == 409
    assert client.post(HERE, NEW).status_code == 409
    assert not User.objects.filter(email="moi@kip.test").exists()
    again = as_(world.boss).post(world.at(f"loi-moi/{row.pk}/gui-lai/"))
    assert "đã bị thu hồi" in words(again)


@pytest.mark.parametrize("who", ["filler", "reader", "stranger"])
@pytest.mark.parametrize("act", ["gui-lai", "thu-hoi"])
def test_nobody_else_touches_an_invitation(world, who, act):
    invite(world)
    row = Invitation.objects.get()
    before = list(Invitation.objects.values())

    assert as_(getattr(world, who)).post(world.at(f"loi-moi/{row.pk}/{act}/")).status_code == 404
    assert as_(world.stranger).post(world.at(f"loi-moi/{row.pk}/{act}/", world.other)).status_code == 404
    assert list(Invitation.objects.values()) == before


# --- accepting --------------------------------------------------------------------------------------------
def test_opening_the_link_accepts_nothing(world):
    invite(world)
    client = open_link(as_(None))
    page = words(client.get(HERE))

    assert world.enterprise.name_vi in page
    assert "Người boss" in page
    assert "Khai hồ sơ" in page
    assert Invitation.objects.get().accepted_at is None
    assert not User.objects.filter(email="moi@kip.test").exists()


def test_a_new_person_gets_an_account_and_the_role_of_the_row(world):
    invite(world, role="reads", is_consultant="on")
    client = open_link(as_(None))
    answer = client.post(
        HERE, NEW | {"role": "signs", "is_consultant": "", "email": "khac@kip.test", "enterprise": world.other.pk}
    )

    user = User.objects.get(email="moi@kip.test")
    person = world.of(user)
    assert answer.url == "/ho-so/"
    assert (person.role, person.is_consultant, user.full_name) == ("reads", True, "Lê Văn Mới")
    assert not User.objects.filter(email="khac@kip.test").exists()
    assert not world.other.representatives.filter(user=user).exists()
    assert client.get(world.at()).status_code == 200
    told = letters("people_changed", world.boss.email)
    assert "đã nhận lời mời" in told[-1].text


@pytest.mark.parametrize(("field", "value"), [("full_name", ""), ("password", ""), ("password", "ngắn")])
def test_a_new_person_without_name_or_password_is_not_made(world, field, value):
    invite(world)
    page = words(open_link(as_(None)).post(HERE, NEW | {field: value}))

    assert "<title>Lỗi:" in page
    assert not User.objects.filter(email="moi@kip.test").exists()
    assert Invitation.objects.get().accepted_at is None


def test_a_known_person_signs_in_first(world):
    invite(world, world.stranger.email, role="signs")
    client = open_link(as_(None), world.stranger.email)
    page = words(client.get(HERE))
    assert "/dang-nhap/?next=/loi-moi/" in page.replace("%2F", "/")
    client.post(HERE, NEW)
    assert Invitation.objects.get().accepted_at is None

    client.force_login(world.stranger)
    open_link(client, world.stranger.email)
    assert "Nhận lời mời" in words(client.get(HERE))
    assert client.post(HERE).url == "/ho-so/"
    assert world.of(world.stranger).role == "signs"


def test_another_address_is_refused_in_words_and_the_invitation_stays(world):
    invite(world)
    client = open_link(as_(world.stranger))
    assert "dành cho địa chỉ khác" in words(client.get(HERE))
    answer = client.post(HERE)

    assert answer.status_code == 409
    assert "được gửi đến một địa chỉ khác" in words(answer)
    assert not world.enterprise.representatives.filter(user=world.stranger).exists()
    assert Invitation.objects.get().accepted_at is None


def test_a_link_works_once(world):
    invite(world, world.stranger.email)
    client = open_link(as_(world.stranger), world.stranger.email)
    client.post(HERE)
    as_(world.boss).post(world.at(f"nguoi/{world.of(world.stranger).pk}/thoi/"))
    again = open_link(as_(world.stranger), world.stranger.email)

    assert again.post(HERE).status_code == 409
    assert not world.enterprise.representatives.filter(user=world.stranger, ended_at=None).exists()


def test_a_link_is_dead_after_its_week(world):
    invite(world)
    world.story.tick(days=7, minutes=1)
    client = open_link(as_(None))

    assert "quá hạn" in words(client.get(HERE))
    assert client.post(HERE, NEW).status_code == 409
    assert not User.objects.filter(email="moi@kip.test").exists()


@pytest.mark.parametrize("token", ["x", "a" * 300, "%00"])
def test_a_guessed_link_opens_nothing(world, token):
    client = as_(None)
    client.get(f"{HERE}{token}/")

    assert client.get(HERE).status_code in (302, 409)
    assert client.post(HERE, NEW).status_code in (302, 409)


def test_without_a_link_the_page_leads_home(world):
    assert as_(None).get(HERE).url == "/"


def test_the_role_is_never_raised_by_accepting_what_one_has_already(world):
    """Admitted as a reader meanwhile: the open invitation does not make a signer in silence."""
    invite(world, world.stranger.email, role="signs")
    world.join("stranger", "reads")
    actions.accept_invitation(
        token=path_in(letters("invitation")[0]).split("/")[-2], user=world.stranger, at=timezone.now()
    )

    assert world.of(world.stranger).role == "reads"
    assert Representative.objects.filter(user=world.stranger, enterprise=world.enterprise).count() == 1


def test_an_officer_cannot_be_made_to_act_for_an_enterprise(story):
    """It would take the dossiers of the enterprise off that person's desk, for good."""
    from core.errors import Refused
    from enterprises.actions import ask_to_join

    enterprise = story.enterprise()

    with pytest.raises(Refused, match="Sở"):
        ask_to_join(enterprise=enterprise, by=story.officer, at=story.tick())
    assert not enterprise.join_requests.exists()
