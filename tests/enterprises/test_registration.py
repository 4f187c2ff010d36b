"""A person proves a mail address, then brings an enterprise. Whoever asks learns nothing about anybody else."""

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone, translation

from accounts.models import User
from core.models import AuditEvent
from enterprises import addresses, throttle
from enterprises.models import Enterprise, JoinRequest, Representative
from mail.models import Letter
from tests.enterprises.post import letters, path_in, text_of, words
from tests.story import make_reference, tax_code

pytestmark = pytest.mark.django_db
NEXT, MINE = "/dang-ky/tiep/", "/doanh-nghiep-cua-toi/"


@pytest.fixture(autouse=True)
def _vietnamese():
    translation.activate("vi")
    make_reference()


def ask(client, email="hai@congty.vn", address="/dang-ky/"):
    return client.post(address, {"email": email})


def opened(client, email="hai@congty.vn"):
    """The person has asked, got the letter and opened its link."""
    ask(client, email)
    assert client.get(path_in(letters(to=email)[-1])).url == NEXT
    return client


def person(**changes):
    return {
        "full_name": "Nguyễn Thị Hai",
        "position": "Kế toán trưởng",
        "password": "một câu đủ dài",
        "tax_code": tax_code(7),
    } | changes


def facts(**changes):
    return {
        "name_vi": "Công ty TNHH Mới",
        "name_en": "",
        "form": "limited",
        "street": "Số 1",
        "ward": "00004",
        "zone": "",
        "legal_representative": "Trần Văn Một",
        "phone": "024 3825 1234",
        "email": "vanthu@congty.vn",
        "website": "www.congty.vn",
    } | changes


def facts_page(code=None):
    return f"{MINE}them/{code or tax_code(7)}/"


# --- page one: the address --------------------------------------------------------------------------------
def test_the_page_has_its_address_in_both_languages(client):
    assert "Đăng ký tài khoản doanh nghiệp" in words(client.get("/dang-ky/"))
    assert "Register an enterprise" in words(client.get("/en/register/"))


def test_a_known_and_an_unknown_address_get_the_same_answer(story):
    story.person("clerk")
    answers = []
    for email in ("clerk@kip.test", "newer@kip.test"):
        client = Client()
        sent = ask(client, email)
        page = client.get(sent.url)
        answers.append((sent.status_code, sent.url, page.status_code, words(page).replace(email, "")))

    assert answers[0] == answers[1]
    assert "hãy mở trong vòng 24 giờ" in answers[0][3]
    assert [letter.kind for letter in letters()] == ["registration_known", "registration_begin"]


def test_both_addresses_cost_the_same_number_of_queries(story, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    story.person("clerk")
    counts = []
    for email in ("warm@kip.test", "clerk@kip.test", "newer@kip.test"):
        with CaptureQueriesContext(connection) as queries:
            ask(Client(), email)
        counts.append(len(queries))

    assert counts[1] == counts[2]


def test_the_letter_to_a_known_address_leads_to_sign_in_and_reset(story, client):
    story.person("clerk")
    ask(client, "CLERK@kip.test")
    text = text_of(letters("registration_known")[0])

    assert "/dang-nhap/" in text
    assert "mat-khau" in text
    assert "lien-ket" not in text


def test_the_letter_speaks_the_language_of_the_page(client):
    ask(client, "a@congty.vn", "/en/register/")
    letter = letters()[0]

    assert letter.subject == "Go on with the registration of your enterprise"
    assert path_in(letter).startswith("/en/register/link/")


def test_the_link_comes_from_the_setting_and_not_from_the_request(client, settings):
    settings.ALLOWED_HOSTS = ["*"]
    client.post(
        "/dang-ky/", {"email": "a@congty.vn"}, headers={"host": "evil.example", "x-forwarded-host": "evil.example"}
    )

    assert "evil" not in text_of(letters()[0])
    assert settings.SITE_URL in text_of(letters()[0])


def test_a_second_press_sends_no_second_letter(client, monkeypatch):
    at = timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: at)
    ask(client)
    ask(client)

    assert Letter.objects.count() == 1


def test_too_many_letters_to_one_address_are_refused_in_words(client):
    answers = [ask(client) for _ in range(6)]

    assert answers[-1].status_code == 429
    assert "Quá nhiều lần" in words(answers[-1]) or "Bạn đã thử" in words(answers[-1])
    assert ask(client, "another@congty.vn").status_code == 302


def test_one_address_of_the_network_is_throttled_over_all_mail_addresses(client, settings):
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"register_address": "3/h/ip,5/h/key"}
    answers = [ask(client, f"a{n}@congty.vn").status_code for n in range(4)]

    assert answers == [302, 302, 302, 429]


def test_without_the_cache_the_door_stays_open(client, monkeypatch):
    from redis.exceptions import RedisError

    def broken(*args, **kwargs):
        raise RedisError

    monkeypatch.setattr(throttle.ratelimit, "consume", broken)

    assert ask(client).status_code == 302


@pytest.mark.parametrize("typed", ["", "không", "a@", "a" * 300 + "@x.vn", "\x00@x.vn", "a@x.vn\nBcc: b@x.vn"])
def test_what_is_no_address_is_refused_and_nothing_is_sent(client, typed):
    answer = ask(client, typed)

    assert answer.status_code == 200
    assert "<title>Lỗi:" in words(answer)
    assert not Letter.objects.exists()


def test_the_page_about_the_letter_needs_an_address(client):
    assert client.get("/dang-ky/da-gui/").url == "/dang-ky/"


# --- the link ---------------------------------------------------------------------------------------------
def test_opening_the_link_consumes_nothing_and_the_token_leaves_the_address(client):
    ask(client)
    path = path_in(letters()[0])
    for _ in range(3):
        answer = client.get(path)
        assert answer.url == NEXT
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert client.get(NEXT).status_code == 200

    assert not User.objects.exists()
    assert client.post(path).status_code == 405


def test_the_token_stands_nowhere_in_the_outbox(client):
    ask(client)
    letter = letters()[0]
    token = path_in(letter).split("/")[-2]

    assert token not in letter.text + letter.html + letter.subject


@pytest.mark.parametrize("token", ["x", "a" * 400, "eyJ:abc:def", "%00", "..%2F"])
def test_a_forged_link_is_refused_in_words(client, token):
    client.get(f"/dang-ky/lien-ket/{token}/")
    answer = client.get(NEXT)

    assert answer.status_code in (302, 409)
    assert client.post(NEXT, person()).status_code in (302, 409)
    assert not User.objects.exists()


def test_a_link_older_than_a_day_is_refused(client, monkeypatch):
    import time

    token = addresses.registration_token("hai@congty.vn")
    now = time.time()
    monkeypatch.setattr("django.core.signing.time.time", lambda: now + 24 * 3600 + 5)
    client.get(f"/dang-ky/lien-ket/{token}/")
    answer = client.post(NEXT, person())

    assert answer.status_code == 409
    assert "24 giờ" in words(answer)
    assert not User.objects.exists()


def test_a_token_of_another_purpose_opens_nothing(client):
    from django.core import signing

    client.get(f"/dang-ky/lien-ket/{signing.dumps('hai@congty.vn', salt='password_reset')}/")

    assert client.post(NEXT, person()).status_code == 409
    assert not User.objects.exists()


def test_a_link_opens_one_account(client):
    opened(client).post(NEXT, person())
    other = Client()
    other.get(path_in(letters()[0]))
    answer = other.post(NEXT, person(tax_code=tax_code(9), full_name="Kẻ Thứ Hai"))

    assert answer.status_code == 409
    assert "Tài khoản đã được mở" in words(answer)
    assert User.objects.get().full_name == "Nguyễn Thị Hai"


def test_without_a_link_there_is_no_second_page(client):
    assert client.get(NEXT).url == "/dang-ky/"
    assert client.post(NEXT, person()).url == "/dang-ky/"
    assert not User.objects.exists()


# --- page two: the person and the tax code ----------------------------------------------------------------
def test_a_new_enterprise_comes_in_and_its_person_signs(client):
    answer = opened(client, "Hai@Congty.vn".lower()).post(NEXT, person())
    assert answer.url == facts_page()
    answer = client.post(facts_page(), facts())

    enterprise, who = Enterprise.objects.get(), User.objects.get()
    assert answer.url == "/ho-so/"
    assert (enterprise.tax_code, enterprise.website, enterprise.email) == (
        tax_code(7),
        "https://www.congty.vn",
        "vanthu@congty.vn",
    )
    assert (who.email, who.full_name, who.title) == ("hai@congty.vn", "Nguyễn Thị Hai", "Kế toán trưởng")
    first = Representative.objects.get(enterprise=enterprise, user=who)
    assert (first.role, first.position, first.is_consultant) == ("signs", "Kế toán trưởng", False)
    assert "Công ty TNHH Mới" in words(client.get("/ho-so/"))


def test_the_address_of_the_form_cannot_replace_the_one_of_the_letter(client):
    opened(client).post(NEXT, person(email="giamdoc@khac.vn"))

    assert User.objects.get().email == "hai@congty.vn"


def test_the_person_keeps_the_language_of_the_page(client):
    client.post("/en/register/", {"email": "a@congty.vn"})
    client.get(path_in(letters()[0]))
    client.post("/en/register/next/", person())

    assert User.objects.get().language == "en"


@pytest.mark.parametrize("typed", ["{0}{1}", "{0} {1}", "{0}.{1}", "{0}-{1}", " {0} – {1} "])
def test_the_tax_code_may_be_typed_in_any_spacing(client, typed):
    code = tax_code(7)

    assert opened(client).post(NEXT, person(tax_code=typed.format(code[:4], code[4:]))).url == facts_page()


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("", "Hãy nhập mã số thuế."),
        ("123", "Mã số thuế có mười chữ số"),
        ("một hai ba", "Mã số thuế có mười chữ số"),
        ("0101243151", "Chữ số thứ mười"),
        ("0101\x00", "Mã số thuế có mười chữ số"),
    ],
)
def test_a_wrong_tax_code_says_what_is_wrong_with_it(client, typed, reason):
    page = words(opened(client).post(NEXT, person(tax_code=typed)))

    assert reason in page
    assert not User.objects.exists()


def test_every_value_but_the_password_is_kept_with_an_error(client):
    page = words(opened(client).post(NEXT, person(tax_code="123")))

    assert "<title>Lỗi:" in page
    for kept in ("Nguyễn Thị Hai", "Kế toán trưởng", "123"):
        assert kept in page
    assert "một câu đủ dài" not in page


@pytest.mark.parametrize(
    ("password", "reason"),
    [("ngắn", "quá ngắn"), ("1234567890", "rất dễ bị đoán"), ("hai@congty.vn", "quá giống tên")],
)
def test_a_weak_password_is_refused_in_words(client, password, reason):
    assert reason in words(opened(client).post(NEXT, person(password=password)))
    assert not User.objects.exists()


@pytest.mark.parametrize("field", list(person()))
@pytest.mark.parametrize("value", ["\x00", "ă" * 5_000, "9" * 40, "<script>alert(1)</script>", "\ud7ff\u202e"])
def test_odd_input_is_an_error_of_the_form_or_harmless(client, field, value):
    answer = opened(client).post(NEXT, person(**{field: value}))

    assert answer.status_code in (200, 302)
    assert b"<script>alert(1)" not in answer.content


@pytest.mark.parametrize("field", list(facts()))
@pytest.mark.parametrize("value", ["\x00", "ă" * 5_000, "9" * 40, "<script>alert(1)</script>", "\ud7ff\u202e"])
def test_odd_facts_are_an_error_of_the_form_or_harmless(client, field, value):
    opened(client).post(NEXT, person())
    answer = client.post(facts_page(), facts(**{field: value}))

    assert answer.status_code in (200, 302)
    assert b"<script>alert(1)" not in answer.content


def test_long_names_up_to_the_limit_are_kept(client):
    opened(client).post(NEXT, person(full_name="Ễ" * 120))
    client.post(facts_page(), facts(name_vi="Ấ" * 200, street="Ơ" * 200))

    assert len(Enterprise.objects.get().name_vi) == 200


def test_fields_that_are_not_on_the_forms_are_ignored(client):
    more = {"is_demo": "on", "is_superuser": "on", "is_active": "", "created_at": "x", "id": "7", "role": "officer"}
    opened(client).post(NEXT, person(**more))
    client.post(facts_page(), facts(**more, tax_code=tax_code(9), sort_key="x"))

    who, enterprise = User.objects.get(), Enterprise.objects.get()
    assert who.is_active
    assert not who.is_superuser
    assert not who.grants.exists()
    assert not enterprise.is_demo
    assert enterprise.tax_code == tax_code(7)


def test_too_many_codes_from_one_person_are_refused(client, settings):
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"register_code": "9/h/ip,2/h/key"}
    opened(client).post(NEXT, person())
    answers = [client.post(f"{MINE}them/", {"tax_code": tax_code(n), "position": "x"}) for n in range(3)]

    assert [a.status_code for a in answers] == [302, 302, 429]
    assert "Kế toán" not in words(answers[-1])


def test_a_signed_in_person_is_led_home(story, client):
    client.force_login(story.person("clerk"))

    assert client.get("/dang-ky/").url == "/cua-toi/"
    assert client.get(NEXT).url == "/cua-toi/"


# --- an enterprise that is known --------------------------------------------------------------------------
def test_a_known_enterprise_is_asked_and_the_stranger_learns_nothing(story, client):
    known = story.enterprise()
    answer = opened(client).post(NEXT, person(tax_code=known.tax_code), follow=True)

    page = words(answer)
    assert "Đề nghị của bạn đã được chuyển đi" in page
    assert known.name_vi not in page
    assert known.legal_representative not in page
    asked = JoinRequest.objects.get()
    assert (asked.enterprise, asked.user.email, asked.position) == (known, "hai@congty.vn", "Kế toán trưởng")
    assert not Representative.objects.filter(user=asked.user).exists()
    assert client.get(f"{MINE}{known.pk}/nguoi/").status_code == 404
    assert client.get(f"/ho-so/doanh-nghiep/{known.pk}/").status_code == 404


def test_whoever_signs_gets_the_letter_about_the_question(story, client):
    known = story.enterprise()
    opened(client).post(NEXT, person(tax_code=known.tax_code + "-001"))
    letter = letters("join_request")[0]

    assert letter.to_user == story.person("clerk")
    assert "Nguyễn Thị Hai" in letter.subject
    assert "hai@congty.vn" in letter.text.replace("\u200b", "")
    assert path_in(letter) == f"{MINE}{known.pk}/nguoi/"


def test_a_question_put_twice_is_put_once(story, client):
    known = story.enterprise()
    opened(client).post(NEXT, person(tax_code=known.tax_code))
    for _ in range(2):
        assert client.post(f"{MINE}them/", {"tax_code": known.tax_code, "position": "x"}).url == MINE

    assert JoinRequest.objects.count() == 1
    assert len(letters("join_request")) == 1


def test_the_own_enterprise_is_not_asked(story, client):
    known = story.enterprise()
    client.force_login(story.person("clerk"))
    answer = client.post(f"{MINE}them/", {"tax_code": known.tax_code, "position": "x"})

    assert "Bạn đã thay mặt doanh nghiệp này" in words(answer)
    assert not JoinRequest.objects.exists()


def test_a_stranger_is_told_nothing_about_similar_enterprises(story, client):
    known = story.enterprise(name_vi="Công ty Cổ phần Kẻ Chợ", phone="024 3825 1234")
    opened(client).post(NEXT, person())
    answer = client.post(facts_page(), facts(name_vi="CTCP Kẻ Chợ"), follow=True)

    assert Enterprise.objects.count() == 2
    assert known.name_vi not in words(answer)
    assert known.tax_code not in words(answer)


# --- a second enterprise ----------------------------------------------------------------------------------
def test_a_signed_in_person_adds_another_enterprise(story, client):
    story.enterprise()
    client.force_login(story.person("clerk"))
    assert client.post(f"{MINE}them/", {"tax_code": tax_code(7), "position": "Tư vấn"}).url == facts_page()
    client.post(facts_page(), facts())

    second = Enterprise.objects.get(tax_code=tax_code(7))
    assert Representative.objects.get(enterprise=second).position == "Tư vấn"
    page = words(client.get(MINE))
    assert second.name_vi in page
    assert "Công ty Cổ phần Thử nghiệm 1" in page


def test_two_tabs_with_two_codes_do_not_mix(story, client):
    client.force_login(story.person("clerk"))
    for number in (7, 9):
        client.post(f"{MINE}them/", {"tax_code": tax_code(number), "position": f"Chức vụ {number}"})
    for number in (7, 9):
        client.post(facts_page(tax_code(number)), facts(name_vi=f"Công ty {number}"))

    made = {e.tax_code: (e.name_vi, e.representatives.get().position) for e in Enterprise.objects.all()}
    assert made == {tax_code(7): ("Công ty 7", "Chức vụ 7"), tax_code(9): ("Công ty 9", "Chức vụ 9")}


def test_the_page_of_facts_sends_a_known_or_broken_code_away(story, client):
    known = story.enterprise()
    client.force_login(story.person("stranger"))

    assert client.get(facts_page(known.tax_code)).url == f"{MINE}them/"
    assert client.post(facts_page(known.tax_code), facts()).url == f"{MINE}them/"
    assert client.get(facts_page("123")).status_code == 404
    known.refresh_from_db()
    assert known.name_vi != "Công ty TNHH Mới"


def test_whoever_comes_second_with_the_same_code_asks_instead(story, client, monkeypatch):
    """The first one registered while the second was still filling in the facts."""
    from enterprises import queries

    client.force_login(story.person("late"))
    client.post(f"{MINE}them/", {"tax_code": tax_code(0), "position": "x"})
    first = story.enterprise("early")
    assert first.tax_code == tax_code(0)
    real, calls = queries.by_tax_code, []

    def blind_once(code):
        calls.append(code)
        return None if len(calls) == 1 else real(code)

    monkeypatch.setattr(queries, "by_tax_code", blind_once)
    answer = client.post(facts_page(tax_code(0)), facts())

    assert answer.url == MINE
    assert Enterprise.objects.count() == 1
    assert JoinRequest.objects.get().user == story.person("late")


# --- with the identity of an organisation -----------------------------------------------------------------
@pytest.fixture
def claimed(story, client, monkeypatch):
    found = {
        "tax_code": tax_code(7),
        "organisation": "Công ty Cổ phần Định Danh",
        "representative": "Lê Thị Đại Diện",
    }
    monkeypatch.setattr("enterprises.views.adding.organisation_claims", lambda user: found)
    client.force_login(story.person("director"))
    return found


def test_facts_of_the_identity_are_read_only_whatever_the_browser_sends(client, claimed):
    page = words(client.get(f"{MINE}them/"))
    assert f'value="{tax_code(7)}"' in page
    assert "readonly" in page
    answer = client.post(f"{MINE}them/", {"tax_code": tax_code(9), "position": "Giám đốc"})
    assert answer.url == facts_page()
    client.post(facts_page(), facts(name_vi="Tên khác", legal_representative="Người khác"))

    enterprise = Enterprise.objects.get()
    assert (enterprise.tax_code, enterprise.name_vi, enterprise.legal_representative) == (
        tax_code(7),
        "Công ty Cổ phần Định Danh",
        "Lê Thị Đại Diện",
    )


def test_the_identity_registers_no_other_enterprise_by_the_address(client, claimed):
    assert client.post(facts_page(tax_code(9)), facts()).url == f"{MINE}them/"
    assert not Enterprise.objects.exists()


def test_once_the_own_enterprise_is_there_another_can_be_added(client, claimed):
    client.post(f"{MINE}them/", {"position": "Giám đốc"})
    client.post(facts_page(), facts())

    assert "readonly" not in words(client.get(f"{MINE}them/"))
    assert client.post(f"{MINE}them/", {"tax_code": tax_code(9), "position": "x"}).url == facts_page(tax_code(9))


def test_a_claim_that_is_no_tax_code_is_no_claim(client, claimed):
    claimed["tax_code"] = "123"

    assert "readonly" not in words(client.get(f"{MINE}them/"))


# --- recorded by the Department ---------------------------------------------------------------------------
def test_the_department_records_an_enterprise_without_people(story):
    from core.errors import Refused
    from enterprises.actions import record_enterprise

    ward, _ = make_reference()
    given = {"name_vi": "Công ty Trên Giấy", "form": "limited", "street": "Số 9", "ward": ward}
    enterprise = record_enterprise(code=tax_code(5), by=story.officer, at=story.tick(), **given)

    assert not enterprise.representatives.exists()
    assert AuditEvent.objects.filter(act="enterprise.recorded", object_id=str(enterprise.pk)).count() == 1
    with pytest.raises(Refused, match="đã được đăng ký"):
        record_enterprise(code=tax_code(5) + "-002", by=story.officer, at=story.tick(), **given)
    cache.clear()
