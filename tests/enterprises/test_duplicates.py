"""Which records resemble each other, and what the Department does about it."""

import pytest

from core.models import AuditEvent
from enterprises.duplicates import COMMON, Pair, Record, address_key, domain_of, name_key, pairs, phone_key, site_of
from enterprises.models import NotDuplicate
from tests.enterprises.people import as_
from tests.enterprises.post import words

PAGE, TWO = "/lam-viec/doanh-nghiep/trung/", "/lam-viec/doanh-nghiep/trung/hai/"


# --- the comparison, pure ---------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Công ty Cổ phần Kẻ Chợ", "CTCP KẺ CHỢ"),
        ("Công ty TNHH Một thành viên Đèn Lồng", "Cty TNHH MTV Den Long"),
        ("Công ty TNHH Bình-Minh", "Công ty Bình Minh"),
        ("Hợp tác xã Chè Đồi", "HTX Chè Đồi"),
    ],
)
def test_names_are_alike_without_accents_and_legal_form(one, other):
    assert name_key(one) == name_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("Công ty Kẻ Chợ", "Công ty Kẻ Chợ 2"), ("Cơ khí Hà Nội", "Cơ khí Hà Đông"), ("Công ty Cổ phần", "Công ty TNHH")],
)
def test_other_names_are_not(one, other):
    assert name_key(one) != name_key(other)


@pytest.mark.parametrize("phone", ["024 3825 1234", "+84 24 3825 1234", "(024) 3825.1234", "84-24-38251234"])
def test_a_telephone_is_its_last_nine_digits(phone):
    assert phone_key(phone) == "438251234"


@pytest.mark.parametrize("phone", ["", "1234", "000 000 000", "không có"])
def test_what_is_no_telephone_is_like_nothing(phone):
    assert phone_key(phone) == ""


@pytest.mark.parametrize(
    ("street", "key"),
    [("Số 12, phố Huế", "w|12 hue"), ("12 Phố HUẾ", "w|12 hue"), ("Lô CN3", "w|lo cn3"), ("Phố Huế", ""), ("", "")],
)
def test_an_address_needs_its_number(street, key):
    assert address_key(street, "w") == key


def test_domains():
    assert domain_of("a@Kecho.vn") == "Kecho.vn"
    assert site_of("https://www.kecho.vn/gioi-thieu?x=1") == "kecho.vn"


def test_a_pair_says_all_its_reasons_and_the_strongest_comes_first():
    found = pairs(
        [
            Record(1, "Công ty Kẻ Chợ", phone="024 3825 1234", email="a@kecho.vn", street="Số 1 Huế", ward="7"),
            Record(2, "CTCP Kẻ Chợ", phone="+842438251234", website="https://kecho.vn", street="1 phố Huế", ward="7"),
            Record(3, "Công ty Khác", phone="024 9999 9999", email="b@kecho.vn", street="1 phố Huế", ward="8"),
        ]
    )

    assert found[0] == Pair(1, 2, ("name", "phone", "domain", "address"))
    assert {(p.first, p.second): p.reasons for p in found[1:]} == {(1, 3): ("domain",), (2, 3): ("domain",)}


def test_free_mail_and_empty_fields_are_no_reason():
    assert (
        pairs(
            [
                Record(1, "Một", email="a@gmail.com"),
                Record(2, "Hai", email="b@gmail.com"),
                Record(3, "Ba"),
                Record(4, "Bốn"),
            ]
        )
        == []
    )
    assert pairs([Record(1, "Một", email="a@gmail.com"), Record(2, "Hai", email="A@gmail.com ")]) == [
        Pair(1, 2, ("email",))
    ]


def test_what_very_many_share_is_no_sign_but_a_name_is():
    many = [Record(n, f"Công ty {n}", street="Lô 1 khu A", ward="1") for n in range(COMMON + 1)]
    same = [Record(n, "Công ty Giống", street="") for n in range(COMMON + 1)]

    assert pairs(many) == []
    assert len(pairs(many[:-1])) == COMMON * (COMMON - 1) // 2
    assert len(pairs(same)) == (COMMON + 1) * COMMON // 2


def test_a_thousand_records_are_compared_quickly():
    import time

    records = [
        Record(n, f"Công ty {n}", phone=f"02438{n:06d}", email=f"a@c{n}.vn", street=f"Số {n}") for n in range(3000)
    ]
    start = time.perf_counter()

    assert pairs(records) == []
    assert time.perf_counter() - start < 3


# --- the page of the Department ---------------------------------------------------------------------------
@pytest.fixture
def twins(world):
    """`enterprise` and a second one of the same name; everything else differs."""
    return world.enterprise, world.story.enterprise(
        "twin", name_vi="CTCP Thử nghiệm 1", phone="024 1111 1111", street="Số 99 ngõ Xa"
    )


@pytest.mark.django_db
def test_the_department_sees_the_pair_and_why(world, twins):
    page = words(as_(world.story.officer).get(PAGE))

    assert "CTCP Thử nghiệm 1" in page
    assert "Tên giống nhau, chỉ khác loại hình và dấu" in page
    assert "Tên giống nhau" in words(as_(world.story.officer).get(f"/lam-viec/doanh-nghiep/{twins[0].pk}/"))


@pytest.mark.django_db
def test_a_note_takes_the_pair_from_the_list_and_stays(world, twins):
    client = as_(world.story.officer)
    data = {"first": twins[1].pk, "second": twins[0].pk, "note": "Hai pháp nhân khác nhau, đã gọi điện."}
    assert client.post(TWO, data).url == PAGE

    noted = NotDuplicate.objects.get()
    assert (noted.first, noted.second, noted.noted_by_name) == (*twins, str(world.story.officer))
    page = words(client.get(PAGE))
    assert "Tên giống nhau, chỉ khác" not in page
    assert "Hai pháp nhân khác nhau" in page
    assert AuditEvent.objects.filter(act="enterprise.not_duplicate").count() == 1
    own = words(as_(world.boss).get(world.at("lich-su/")))
    assert "Được xác định là doanh nghiệp riêng" not in own


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("change", "reason"),
    [({"note": ""}, "nêu ngắn gọn"), ({"second": "0"}, ""), ({"first": "x"}, ""), ({"second": None}, "với chính nó")],
)
def test_half_a_note_is_refused_and_nothing_is_kept(world, twins, change, reason):
    data = {"first": twins[0].pk, "second": twins[1].pk, "note": "Khác nhau"} | change
    if data["second"] is None:
        data["second"] = twins[0].pk
    answer = as_(world.story.officer).post(TWO, data)

    assert answer.status_code == 409
    assert reason in words(answer)
    assert not NotDuplicate.objects.exists()


@pytest.mark.django_db
def test_noted_twice_is_refused(world, twins):
    client = as_(world.story.officer)
    data = {"first": twins[0].pk, "second": twins[1].pk, "note": "Khác nhau"}
    client.post(TWO, data)

    assert client.post(TWO, data).status_code == 409
    assert NotDuplicate.objects.count() == 1


@pytest.mark.django_db
def test_the_secretary_reads_and_the_officer_judges(world, twins):
    secretary = as_(world.story.secretary)

    assert "Đây là hai doanh nghiệp" not in words(secretary.get(PAGE))
    data = {"first": twins[0].pk, "second": twins[1].pk, "note": "x"}
    for user in (world.story.secretary, world.boss, world.stranger):
        assert as_(user).post(TWO, data).status_code == 404
    assert as_(world.boss).get(PAGE).status_code == 404
    assert not NotDuplicate.objects.exists()


@pytest.mark.django_db
def test_a_wrong_judgement_is_taken_back_and_the_pair_stands_on_the_list_again(world, twins):
    client = as_(world.story.officer)
    client.post(TWO, {"first": twins[0].pk, "second": twins[1].pk, "note": "Nhầm"})
    undo = f"/lam-viec/doanh-nghiep/trung/{NotDuplicate.objects.get().pk}/hoan-tac/"
    assert f'action="{undo}"' in words(client.get(PAGE))
    assert f'action="{undo}"' not in words(as_(world.story.secretary).get(PAGE))
    for user in (world.story.secretary, world.boss, world.stranger):
        assert as_(user).post(undo).status_code == 404
    assert NotDuplicate.objects.exists()
    assert client.get(undo).status_code == 405

    page = words(client.post(undo, follow=True))

    assert "Tên giống nhau, chỉ khác" in page
    assert "Đã rút lại" in page
    assert not NotDuplicate.objects.exists()
    event = AuditEvent.objects.get(act="enterprise.duplicate_again")
    assert (event.detail["note"], event.actor_name) == ("Nhầm", str(world.story.officer))
    assert "Kết luận đó đã được rút lại" in words(client.get(f"/lam-viec/doanh-nghiep/{twins[0].pk}/"))
    again = words(client.post(undo, follow=True))
    assert "đã được rút lại" in again
    assert AuditEvent.objects.filter(act="enterprise.duplicate_again").count() == 1
    client.post(TWO, {"first": twins[0].pk, "second": twins[1].pk, "note": "Vẫn là hai"})
    assert NotDuplicate.objects.get().note == "Vẫn là hai"
