"""Who holds a role proves more than a password, on every page and file; a code opens one door once."""

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import call_command
from django.test import Client
from django.urls import resolve, reverse

from accounts import second_factor, totp
from accounts.actions import grant_role, withdraw_role
from accounts.models import Role
from core.models import AuditEvent
from tests.accounts.conftest import code_now, give_app, secret_of, sign_in, sign_in_with_code, words
from tests.test_access import world  # noqa: F401 - the house with everybody in it

pytestmark = pytest.mark.django_db
SET_UP = "/tai-khoan/buoc-hai/"


def staff_pages(house):
    from tests.test_access import ROWS, STAFF, address_of

    names = [name for name, (who, _how) in ROWS.items() if who & (STAFF | {"member"}) and "visitor" not in who]
    return {name: address_of(name, house) for name in names}


@pytest.mark.pdf
def test_with_the_password_alone_no_page_partial_or_file_of_the_house_opens(world):  # noqa: F811
    pages = staff_pages(world)
    assert len(pages) > 30
    for who in ("officer", "secretary", "member", "it"):
        client = Client()
        client.force_login_by_password_only(world["people"][who])
        asked = set()
        for name, path in pages.items():
            view = resolve(path).func
            if not getattr(view, "login_required", True) or getattr(view, "before_second_factor", False):
                continue
            asked.add(name)
            for answer in (client.get(path), client.post(path)):
                assert answer.status_code == 302, f"{who} {name}: {answer.status_code}"
                assert answer.url.startswith(SET_UP), f"{who} {name}: {answer.url}"
        assert {"dossiers:desk", "dossiers:document", "evaluations:sheet", "decisions:register"} <= asked


def test_a_visitor_of_the_public_pages_is_not_asked(story, client):
    client.force_login_by_password_only(story.officer)

    assert client.get("/").status_code == 200
    assert client.get("/san-pham/").status_code == 200


def test_an_applicant_may_do_without(story, client):
    story.enterprise()

    sign_in(client, "clerk@kip.test")

    assert client.get("/ho-so/").status_code == 200


@pytest.mark.parametrize("role", [Role.OFFICER, Role.SECRETARY, Role.MEMBER, Role.IT_OFFICER])
def test_whoever_gets_a_role_is_asked_from_the_next_page_on(story, client, role):
    person = story.person("somebody")
    sign_in(client, person.email)
    assert client.get("/cua-toi/").url == "/ho-so/"

    grant_role(user=person, role=role, by=None, at=story.tick())
    assert client.get("/cua-toi/").url == f"{SET_UP}?next=/cua-toi/"
    withdraw_role(user=person, role=role, by=None, at=story.tick())

    assert client.get("/cua-toi/").url == "/ho-so/"


def test_the_way_from_the_first_password_to_the_desk(story, client):
    sign_in(client, story.officer.email)

    led = client.get("/lam-viec/")
    page = words(client.get(led.url))
    assert "Cần thiết lập bước thứ hai trước" in page
    asked = client.get(SET_UP + "ung-dung/")
    secret = asked.context["secret"].replace(" ", "")
    assert "data:image/svg+xml;base64," in words(asked)
    done = client.post(SET_UP + "ung-dung/", {"code": code_now(secret)})
    assert done.url == "/tai-khoan/buoc-hai/ma-du-phong/"
    codes = client.get(done.url)

    assert len(codes.context["unused_codes"]) == 10
    assert 'href="/lam-viec/"' in words(codes)
    assert client.get("/lam-viec/").status_code == 200
    kinds = [event.detail["kind"] for event in AuditEvent.objects.filter(act="account.second_factor_added")]
    assert sorted(kinds) == ["recovery_codes", "totp"]


def test_no_second_step_stands_without_its_line_in_the_log(story, client, monkeypatch):
    sign_in(client, story.officer.email)
    secret = client.get(SET_UP + "ung-dung/").context["secret"].replace(" ", "")

    def full(*args, **kwargs):
        raise OSError("no room for the log")

    monkeypatch.setattr("core.audit.record", full)
    with pytest.raises(OSError, match="no room"):
        client.post(SET_UP + "ung-dung/", {"code": code_now(secret)})

    assert not Authenticator.objects.filter(user=story.officer).exists()


def test_renewed_recovery_codes_are_written_down_with_them(story, client, monkeypatch):
    sign_in_with_code(client, story.officer)
    client.post(SET_UP + "ma-du-phong/moi/")
    assert AuditEvent.objects.filter(act="account.recovery_codes_renewed").count() == 1
    before = Authenticator.objects.get(user=story.officer, type="recovery_codes").data

    def full(*args, **kwargs):
        raise OSError("no room for the log")

    monkeypatch.setattr("core.audit.record", full)
    with pytest.raises(OSError, match="no room"):
        client.post(SET_UP + "ma-du-phong/moi/")

    assert Authenticator.objects.get(user=story.officer, type="recovery_codes").data == before


def test_a_wrong_code_sets_nothing_up(story, client):
    sign_in(client, story.officer.email)
    client.get(SET_UP + "ung-dung/")

    answer = client.post(SET_UP + "ung-dung/", {"code": "000000"})

    assert "Mã chưa khớp" in words(answer)
    assert not Authenticator.objects.exists()
    assert client.get("/lam-viec/").status_code == 302


def test_signing_in_asks_for_the_code_and_the_session_starts_after_it(story, client):
    give_app(story.officer)

    asked = sign_in(client, story.officer.email, next="/lam-viec/")

    assert asked.url == "/dang-nhap/ma/"
    assert client.get("/lam-viec/").url.startswith("/dang-nhap/")
    answer = client.post(asked.url, {"code": code_now(secret_of(story.officer))})
    assert answer.url == "/lam-viec/"
    assert client.get("/lam-viec/").status_code == 200


def test_the_session_gets_a_new_number_at_each_step(story, client):
    give_app(story.officer)
    client.get("/dang-nhap/")
    sign_in(client, story.officer.email)
    before = client.session.session_key
    client.post("/dang-nhap/ma/", {"code": code_now(secret_of(story.officer))})

    assert client.session.session_key != before


def test_a_code_with_spaces_is_the_same_code(story, client):
    secret = give_app(story.officer)
    sign_in(client, story.officer.email)
    code = code_now(secret)

    assert client.post("/dang-nhap/ma/", {"code": f"{code[:3]} {code[3:]}"}).status_code == 302


def test_a_code_is_good_for_half_a_minute_on_either_side_and_no_longer(story):
    secret = give_app(story.officer)

    def outcome(shift):
        client = Client()
        sign_in(client, story.officer.email)
        return client.post("/dang-nhap/ma/", {"code": code_now(secret, shift)}).status_code

    assert [outcome(-30), outcome(30)] == [302, 302]
    assert [outcome(-90), outcome(90)] == [200, 200]


def test_a_code_opens_one_door_once_even_when_the_library_has_forgotten_it(story, client, later):
    from django.core.cache import cache

    secret = give_app(story.officer)
    code = code_now(secret, 30)
    sign_in(client, story.officer.email)
    assert client.post("/dang-nhap/ma/", {"code": code}).status_code == 302
    later(31)
    cache.delete(f"allauth.mfa.totp.used?user={story.officer.pk}&code={code}")
    thief = Client()
    sign_in(thief, story.officer.email)

    answer = thief.post("/dang-nhap/ma/", {"code": code})

    assert "Mã này đã được dùng" in words(answer)
    assert thief.get("/lam-viec/").url.startswith("/dang-nhap/")


def test_a_recovery_code_opens_once(story):
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes

    give_app(story.officer)
    code = RecoveryCodes.activate(story.officer).get_unused_codes()[0]

    def outcome():
        client = Client()
        sign_in(client, story.officer.email)
        return client.post("/dang-nhap/ma/", {"code": code}).status_code

    assert [outcome(), outcome()] == [302, 200]


def test_guessing_codes_is_stopped_with_words(story, client):
    give_app(story.officer)
    sign_in(client, story.officer.email)

    answers = [client.post("/dang-nhap/ma/", {"code": f"{n:06}"}) for n in range(6)]

    assert [a.status_code for a in answers] == [200] * 5 + [429]
    assert "Bạn đã thử quá nhiều lần" in words(answers[-1])
    right = client.post("/dang-nhap/ma/", {"code": code_now(secret_of(story.officer))})
    assert right.status_code == 429


@pytest.mark.parametrize("code", ["", "\x00", "١٢٣٤٥٦", "9" * 5000, "<script>", "-1"])
def test_odd_codes_are_an_error_of_the_form(story, client, code):
    give_app(story.officer)
    sign_in(client, story.officer.email)

    assert client.post("/dang-nhap/ma/", {"code": code}).status_code == 200


@pytest.mark.parametrize(
    "credential", ["", "x", "{}", "[]", "null", '"x"', '{"id": 1}', '{"response": null, "rawId": "x", "type": []}']
)
def test_odd_passkeys_are_refused_in_words(story, client, credential):
    give_app(story.officer)
    alone = client.post("/dang-nhap/khoa/", {"credential": credential})
    sign_in(client, story.officer.email)
    second = client.post("/dang-nhap/ma/", {"credential": credential})

    assert alone.status_code == 403
    assert "Khóa truy cập này" in words(alone) or "error-summary" in words(alone)
    assert second.status_code == 200
    assert "error-summary" in words(second)


@pytest.mark.parametrize("credential", ["x", "{}", "[]", '{"id": 1}', '{"response": {"clientDataJSON": 5}}'])
def test_an_odd_new_passkey_is_refused_in_words(story, client, credential):
    client.force_login(story.person("clerk"))
    client.get(SET_UP + "khoa/")

    answer = client.post(SET_UP + "khoa/", {"name": "x", "credential": credential})

    assert answer.status_code == 200
    assert "Chưa tạo được khóa truy cập" in words(answer)
    assert not Authenticator.objects.exists()


def test_passkeys_are_throttled_by_address(client):
    answers = [client.post("/dang-nhap/khoa/", {"credential": "{}"}) for _ in range(11)]

    assert answers[-1].status_code == 429
    assert "Quá nhiều lần thử" in words(answers[-1])


def test_the_last_second_step_of_a_role_cannot_be_taken_away(story, client):
    sign_in_with_code(client, story.officer)

    shown = client.get(SET_UP + "ung-dung/go/")
    client.post(SET_UP + "ung-dung/go/")

    assert "Vai trò của bạn bắt buộc có bước thứ hai" in words(shown)
    assert Authenticator.objects.filter(user=story.officer, type="totp").exists()


def test_an_applicant_may_switch_it_on_and_off(story, client):
    person = story.person("clerk")
    sign_in_with_code(client, person)

    answer = client.post(SET_UP + "ung-dung/go/")

    assert answer.url == SET_UP
    assert not Authenticator.objects.filter(user=person).exists()
    assert AuditEvent.objects.filter(act="account.second_factor_removed").exists()
    assert Client().post("/dang-nhap/", {"login": person.email, "password": "x"}).status_code == 200


def test_what_was_proven_with_a_removed_factor_counts_no_more(story, client):
    person = story.person("clerk")
    sign_in_with_code(client, person)
    client.post(SET_UP + "ung-dung/go/")

    grant_role(user=person, role=Role.OFFICER, by=None, at=story.tick())

    assert client.get("/lam-viec/").url == f"{SET_UP}?next=/lam-viec/"


def test_somebody_with_a_factor_and_a_role_given_meanwhile_proves_it(story, client):
    person = story.person("clerk")
    client.force_login_by_password_only(person)
    secret = give_app(person)
    grant_role(user=person, role=Role.OFFICER, by=None, at=story.tick())

    led = client.get("/lam-viec/")
    assert led.url == "/tai-khoan/xac-nhan/ma/?next=/lam-viec/"
    page = words(client.get(led.url))
    assert reverse("account_reauthenticate") + '"' not in page
    answer = client.post(led.url, {"code": code_now(secret)})

    assert answer.url == "/lam-viec/"
    assert client.get("/lam-viec/").status_code == 200


def test_nobody_touches_the_passkey_of_another(story, client):
    other = story.person("other")
    key = Authenticator.objects.create(user=other, type="webauthn", data={"name": "của người khác"})
    client.force_login(story.person("clerk"))

    for path in (f"{SET_UP}khoa/{key.pk}/", f"{SET_UP}khoa/{key.pk}/go/"):
        assert client.get(path).url == SET_UP
        assert client.post(path, {"name": "của tôi"}).url == SET_UP
    key.refresh_from_db()
    assert key.data["name"] == "của người khác"


def test_sensitive_pages_ask_again_after_a_while(story, client, later):
    person = story.person("clerk")
    sign_in(client, person.email)
    assert client.get(SET_UP + "ung-dung/").status_code == 200

    later(301)
    led = client.get(SET_UP + "ung-dung/")
    wrong = client.post(led.url, {"password": "khác hẳn đấy"})
    right = client.post(led.url, {"password": "một mật khẩu đủ dài"})

    assert led.url.startswith("/tai-khoan/xac-nhan/")
    assert "Đây không phải mật khẩu của bạn" in words(wrong)
    assert right.url == SET_UP + "ung-dung/"
    assert client.get(SET_UP + "ung-dung/").status_code == 200


def test_secrets_are_sealed_in_the_database_and_survive_a_change_of_the_key(story, settings):
    secret = give_app(story.officer)
    stored = Authenticator.objects.get().data["secret"]
    assert secret not in stored

    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another key of this site"
    assert secret_of(story.officer) == secret
    settings.SECRET_KEY_FALLBACKS = []
    assert secret_of(story.officer) not in ("", secret)


def test_a_lost_second_step_is_reset_by_a_command_with_a_trace(story, client):
    sign_in_with_code(client, story.officer)

    call_command("reset_second_factor", story.officer.email, by="IT: phiếu 12/2026")

    assert not Authenticator.objects.exists()
    assert client.get("/lam-viec/").url.startswith("/dang-nhap/")
    event = AuditEvent.objects.get(act="account.second_factor_reset")
    assert event.detail == {"reason": "IT: phiếu 12/2026"}


class TestDemonstration:
    @pytest.fixture
    def invented(self, story, settings):
        from accounts.actions import open_account

        settings.LOAD_DEMO = True
        user = open_account(email="can-bo@kip.demo", full_name="Người mẫu", password="demo-2026-kip", at=story.tick())
        grant_role(user=user, role=Role.OFFICER, by=None, at=story.tick())
        second_factor.give_published_secret(user=user, by=None, at=story.tick())
        return user

    def code_page(self, client, user, password="demo-2026-kip"):
        asked = sign_in(client, user.email, password)
        return client.get(asked.url)

    def test_the_page_shows_the_code_and_the_code_opens(self, invented, client):
        page = self.code_page(client, invented)
        code = page.context["demo_code"]

        assert f'data-demo-code="{code}"' in words(page)
        assert client.post("/dang-nhap/ma/", {"code": code}).status_code == 302

    def test_the_next_visitor_of_the_same_minute_comes_in_as_well(self, invented):
        for _ in range(4):
            client = Client()
            code = self.code_page(client, invented).context["demo_code"]
            assert client.post("/dang-nhap/ma/", {"code": code}).status_code == 302

    def test_never_outside_the_demonstration(self, invented, client, settings):
        settings.LOAD_DEMO = False

        page = self.code_page(client, invented)

        assert page.context["demo_code"] == ""
        assert "data-demo-code" not in words(page)

    def test_never_for_a_person_of_the_real_house(self, invented, story, client):
        give_app(story.officer)

        page = self.code_page(client, story.officer, "một mật khẩu đủ dài")

        assert "data-demo-code" not in words(page)

    def test_never_once_an_own_app_is_set_up(self, invented, client):
        Authenticator.objects.all().delete()
        give_app(invented)

        assert "data-demo-code" not in words(self.code_page(client, invented))

    def test_a_real_person_never_gets_a_published_secret(self, story):
        with pytest.raises(ValueError, match="Not an account of the demonstration"):
            second_factor.give_published_secret(user=story.officer, by=None, at=story.tick())


def test_codes_are_those_of_the_standard():
    """RFC 6238, appendix B, SHA-1, the last six digits."""
    import base64

    secret = base64.b32encode(b"12345678901234567890").decode()

    assert [totp.code_at(secret, moment) for moment in (59, 1111111109, 2000000000)] == ["287082", "081804", "279037"]
