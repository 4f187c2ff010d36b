"""The officer's desk through its pages: who may look, what the list shows, and each act."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from accounts.models import Role
from dossiers import actions
from dossiers.models import Dossier, Stage
from enterprises.models import Representative
from programme.models import Season

LISTS = ["desk", "desk_new", "desk_supplement", "desk_overdue", "desk_all"]


@pytest.fixture
def desk(client, story, monkeypatch):
    """A client for whom it is always the story's present."""
    monkeypatch.setattr(timezone, "now", lambda: story.now)

    def sign_in(user):
        client.force_login(user)
        return client

    return sign_in


def url(name: str, *args: object, **query: object) -> str:
    with translation.override("vi"):
        address = reverse(f"dossiers:{name}", args=args)
    return address + ("?" + "&".join(f"{k}={v}" for k, v in query.items()) if query else "")


def page(client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, address
    return response.content.decode()


# --- who may look -------------------------------------------------------------------------------------
def test_addresses_are_vietnamese_and_english():
    assert url("desk") == "/lam-viec/"
    assert url("check", 5) == "/lam-viec/ho-so/5/"
    with translation.override("en"):
        assert reverse("dossiers:desk_overdue") == "/en/desk/overdue/"


@pytest.mark.parametrize("name", LISTS)
def test_officer_and_secretary_see_the_lists(desk, story, name):
    story.submitted()
    for user in (story.officer, story.secretary):
        assert desk(user).get(url(name)).status_code == 200


@pytest.mark.parametrize("name", LISTS)
def test_applicant_and_council_member_find_no_desk(desk, story, name):
    story.submitted()
    for user in (story.person("clerk"), story.person("member", Role.MEMBER)):
        assert desk(user).get(url(name)).status_code == 404


def test_a_visitor_is_sent_to_sign_in(desk, story, client):
    dossier = story.submitted()

    for address in (url("desk"), url("check", dossier.pk)):
        response = client.get(address)
        assert response.status_code == 302
        assert response["Location"].startswith("/dang-nhap/")


def test_the_check_screen_is_for_the_department_alone(desk, story):
    dossier = story.submitted()
    address = url("check", dossier.pk)

    assert desk(story.officer).get(address).status_code == 200
    assert desk(story.secretary).get(address).status_code == 200
    assert desk(story.person("clerk")).get(address).status_code == 404
    assert desk(story.person("member", Role.MEMBER)).get(address).status_code == 404


def test_an_officer_works_on_no_dossier_of_an_own_enterprise(desk, story):
    dossier = story.submitted()
    Representative.objects.create(user=story.officer, enterprise=dossier.enterprise, since=story.now)
    client = desk(story.officer)

    for name in ("check", "ask_supplement", "refuse"):
        assert client.get(url(name, dossier.pk)).status_code == 404
    for name in ("admit", "start_check", "refuse", "ask_supplement"):
        assert client.post(url(name, dossier.pk)).status_code == 404
    assert dossier.number not in page(client, url("desk"))
    assert client.get(url("desk", chon=dossier.pk, panel=1)).status_code == 404


def test_drafts_are_never_visible(desk, story):
    draft = story.complete()
    dropped = story.draft("other")
    actions.withdraw(dossier=dropped, by=story.person("other"), at=story.tick())
    client = desk(story.officer)

    for dossier in (draft, dropped):
        assert client.get(url("check", dossier.pk)).status_code == 404
        assert client.get(url("desk_all", chon=dossier.pk, panel=1)).status_code == 404
    text = page(client, url("desk_all"))
    assert draft.product.name_vi not in text
    assert dropped.product.name_vi not in text


@pytest.mark.parametrize("name", ["admit", "start_check", "refuse", "ask_supplement"])
def test_the_secretary_reads_but_does_not_act(desk, story, name):
    dossier = story.submitted()

    assert desk(story.secretary).post(url(name, dossier.pk), {"reason": "không"}).status_code == 404
    dossier.refresh_from_db()
    assert dossier.stage == Stage.SUBMITTED


def test_the_secretary_sees_no_button_that_would_be_refused(desk, story):
    dossier = story.submitted()

    text = page(desk(story.secretary), url("check", dossier.pk))

    assert "Đủ điều kiện</button>" not in text
    assert "Chỉ xem" in text


# --- the list -----------------------------------------------------------------------------------------
def numbers_in(text: str) -> list[str]:
    return re.findall(r'<td class="code">([^<]+)</td>', text)


def test_the_nearest_deadline_stands_first_and_paused_ones_behind(desk, story):
    paused = story.supplement("a")
    story.tick(days=1)
    first = story.submitted("b")
    story.tick(days=2)
    second = story.submitted("c")

    text = page(desk(story.officer), url("desk"))

    assert numbers_in(text) == [first.number, second.number, paused.number]
    assert "tạm dừng" in text


def test_an_answer_that_is_late_stands_in_front_and_says_so(desk, story):
    story.submitted("a")
    late = story.supplement("b")
    story.tick(days=12)

    text = page(desk(story.officer), url("desk"))

    assert numbers_in(text)[0] == late.number
    assert "trễ 2 ngày" in text
    assert "Doanh nghiệp quá hạn trả lời" in text


def test_a_late_check_is_red_with_its_days_and_stands_in_the_overdue_list(desk, story):
    late = story.submitted("a")
    story.tick(days=24)
    story.submitted("b")

    text = page(desk(story.officer), url("desk_overdue"))

    assert numbers_in(text) == [late.number]
    assert "Quá hạn" in text
    assert 'class="due late"' in text


def test_the_time_of_a_supplement_does_not_make_the_check_late(desk, story):
    dossier = story.supplement("a")
    story.tick(days=9)
    story.attach(dossier, "quality_certificates", "a", b"%PDF-1.4 new")
    actions.answer_supplement(dossier=dossier, by=story.person("a"), at=story.tick())
    story.tick(days=15)

    assert numbers_in(page(desk(story.officer), url("desk_overdue"))) == []


@pytest.mark.parametrize("typed", ["den led", "ĐÈN", "cong ty co phan thu nghiem 1 den", "9900"])
def test_search_needs_no_accents(desk, story, typed):
    found = story.submitted("a", product=story.product("a", name_vi="Đèn LED chiếu sáng"))
    story.submitted("b", product=story.product("b", name_vi="Robot hàn"))

    numbers = numbers_in(page(desk(story.officer), url("desk", q=typed)))

    assert found.number in numbers
    assert len(numbers) == (2 if typed == "9900" else 1)


def test_number_and_tax_code_are_found(desk, story):
    one, _two = story.submitted("a"), story.submitted("b")
    client = desk(story.officer)

    assert numbers_in(page(client, url("desk", q=one.number))) == [one.number]
    assert numbers_in(page(client, url("desk", q=one.enterprise.tax_code))) == [one.number]


def test_filters_narrow_the_list(desk, story):
    mine, new = story.checking("a"), story.submitted("b")
    waiting = story.eligible("c")
    client = desk(story.officer)

    assert numbers_in(page(client, url("desk", officer="me"))) == [mine.number]
    assert numbers_in(page(client, url("desk", officer="0"))) == [new.number]
    assert numbers_in(page(client, url("desk_all", stage="eligible"))) == [waiting.number]
    assert len(numbers_in(page(client, url("desk_all", sector="electrical")))) == 3
    assert numbers_in(page(client, url("desk_all", sector="textile"))) == []
    assert len(numbers_in(page(client, url("desk_all", stage="nonsense", page="x", chon="x")))) == 3


def test_an_earlier_season_can_be_looked_at(desk, story):
    old = story.submitted("a")
    Season.objects.filter(year=2026).update(year=2025, decided_at=story.now)
    new = story.submitted("b")
    client = desk(story.officer)

    assert numbers_in(page(client, url("desk_all"))) == [new.number]
    text = page(client, url("desk_all", season=2025))
    assert numbers_in(text) == [old.number]
    assert "season=2025&amp;chon=" in text
    assert numbers_in(page(client, url("desk_all", season=1999))) == [new.number]


def test_an_empty_list_says_why(desk, story):
    client = desk(story.officer)

    assert "Chưa có kỳ xét chọn" in page(client, url("desk"))
    story.season()
    assert "Không còn việc ở đây" in page(client, url("desk"))
    assert "Không có hồ sơ phù hợp" in page(client, url("desk", q="xyz"))
    assert "Không có hồ sơ quá hạn" in page(client, url("desk_overdue"))


def test_the_strip_and_the_rail_count_the_season(desk, story):
    story.submitted("a")
    story.supplement("b")
    story.eligible("c")

    text = page(desk(story.officer), url("desk"))

    assert "<b>3</b>hồ sơ kỳ này" in text
    assert "<b>3</b>đúng hạn (100,0%)" in text
    rail = re.findall(r'<a href="(/lam-viec/[^"]*)"[^>]*>[^<]+<span>(\d+)</span>', text)
    assert {"/lam-viec/": "2", "/lam-viec/moi/": "1", "/lam-viec/tat-ca/": "3"}.items() <= dict(rail).items()


def test_the_list_asks_the_database_as_often_for_three_rows_as_for_one(desk, story):
    story.checking("a")
    client = desk(story.officer)
    client.get(url("desk_all"))

    def queries() -> int:
        with CaptureQueriesContext(connection) as caught:
            assert client.get(url("desk_all")).status_code == 200
        return len(caught)

    one = queries()
    story.checking("b")
    story.supplement("c")

    assert queries() == one
    assert one <= 36


def test_a_page_holds_fifty_rows(desk, story, monkeypatch):
    monkeypatch.setattr("dossiers.views.desk.lists.PER_PAGE", 2)
    for clerk in "abc":
        story.submitted(clerk)
    client = desk(story.officer)

    first, second = page(client, url("desk")), page(client, url("desk", page=2))

    assert len(numbers_in(first)) == 2
    assert len(numbers_in(second)) == 1
    assert "page=2&amp;chon=" in second


# --- the panel ----------------------------------------------------------------------------------------
def test_the_panel_opens_on_the_most_urgent_dossier_and_can_be_closed(desk, story):
    dossier = story.submitted()
    client = desk(story.officer)

    assert 'id="panel"' in page(client, url("desk"))
    assert "by-itself" in page(client, url("desk"))
    assert "by-itself" not in page(client, url("desk", chon=dossier.pk))
    assert 'id="panel"' not in page(client, url("desk", chon=0))


def test_the_panel_alone_is_the_same_panel_without_the_page(desk, story):
    dossier = story.submitted()
    client = desk(story.officer)

    part = page(client, url("desk", chon=dossier.pk, panel=1))

    assert part.lstrip().startswith("<aside")
    assert "<html" not in part
    assert dossier.enterprise.tax_code in part
    assert "Mã số thuế đúng chữ số kiểm tra" in part
    assert "Yêu cầu bổ sung…" in part


def test_the_panel_shows_what_the_checks_found(desk, story):
    dossier = story.submitted()
    Dossier.objects.get(pk=dossier.pk).documents.filter(paper="photos").update(removed_at=story.now)

    part = page(desk(story.officer), url("desk", chon=dossier.pk, panel=1))

    assert "Thiếu giấy tờ bắt buộc" in part
    assert "Chưa đủ điều kiện" in part


def test_the_list_explains_its_keys(desk, story):
    dossier = story.submitted()
    client = desk(story.officer)

    for address in (url("desk"), url("check", dossier.pk)):
        text = page(client, address)
        assert '<dialog id="shortcuts"' in text
        assert "data-keys-switch" in text
        assert 'data-key="d"' in text
        assert 'data-key="b"' in text
    assert "js/check.js" in text


# --- the check screen ---------------------------------------------------------------------------------
def test_the_check_screen_shows_files_figures_texts_and_history(desk, story):
    dossier = story.submitted()

    text = page(desk(story.officer), url("check", dossier.pk))

    for words in ("photos.pdf", "Dây chuyền tự động.", "150", "Trần Văn Thử", "Đã nộp", "Nhận thẩm định"):
        assert words in text
    assert text.count('class="check-row ') == 14  # eight required papers, two that are free, and four parts


def test_a_replaced_file_stays_in_sight(desk, story):
    dossier = story.supplement()
    dossier.documents.filter(paper="quality_certificates").update(removed_at=story.tick())
    story.attach(dossier, "quality_certificates", content=b"%PDF-1.4 second")

    assert "1 tệp đã thay" in page(desk(story.officer), url("check", dossier.pk))


def test_the_check_screen_asks_as_often_for_many_files_as_for_few(desk, story):
    few, many = story.supplement("a"), story.supplement("b")
    for number in range(3):
        story.attach(many, "quality_certificates", "b", b"%PDF-1.4 " + str(number).encode())
    client = desk(story.officer)
    counts = []
    for dossier in (few, few, many):
        with CaptureQueriesContext(connection) as caught:
            page(client, url("check", dossier.pk))
        counts.append(len(caught))

    assert counts[1] == counts[2]
    assert counts[1] <= 37


def test_english_pages_are_english(desk, story):
    dossier = story.submitted()
    client = desk(story.officer)

    assert "All work" in page(client, "/en/desk/")
    assert "Automatic checks" in page(client, f"/en/desk/dossiers/{dossier.pk}/")


# --- acts ---------------------------------------------------------------------------------------------
def test_taking_in_hand_names_the_officer(desk, story):
    dossier = story.submitted()

    response = desk(story.officer).post(url("start_check", dossier.pk))

    assert response.status_code == 302
    assert response["Location"].startswith(url("check", dossier.pk))
    dossier.refresh_from_db()
    assert (dossier.stage, dossier.officer) == (Stage.CHECKING, story.officer)


def test_eligible_goes_on_to_the_next_dossier(desk, story):
    dossier, after = story.submitted("a"), story.submitted("b")
    client = desk(story.officer)
    part = page(client, url("desk", chon=dossier.pk, panel=1))
    onward = re.search(r'name="onward" value="([^"]+)"', part)

    response = client.post(url("admit", dossier.pk), {"onward": onward[1].replace("&amp;", "&")})

    assert response["Location"] == url("desk", chon=after.pk)
    dossier.refresh_from_db()
    assert dossier.stage == Stage.ELIGIBLE
    text = page(client, response["Location"])
    assert f"Hồ sơ {dossier.number} đủ điều kiện" in text
    assert f'aria-label="Hồ sơ {after.number}"' in text


def test_what_stands_in_the_way_of_eligible_is_shown_and_nothing_changes(desk, story):
    dossier = story.submitted()
    dossier.documents.filter(paper="photos").update(removed_at=story.now)

    response = desk(story.officer).post(url("admit", dossier.pk))

    assert response.status_code == 409
    assert "error-summary" in response.content.decode()
    dossier.refresh_from_db()
    assert (dossier.stage, dossier.officer) == (Stage.SUBMITTED, None)


def test_a_second_press_hears_that_the_step_is_taken(desk, story):
    dossier = story.submitted()
    client = desk(story.officer)
    client.post(url("admit", dossier.pk))

    assert client.post(url("admit", dossier.pk)).status_code == 409


def test_an_address_of_another_site_is_not_followed(desk, story):
    dossier = story.submitted()

    response = desk(story.officer).post(
        url("admit", dossier.pk), {"onward": "https://elsewhere.test/lam-viec/", "back": "//elsewhere.test"}
    )

    assert response["Location"] == "/lam-viec/"


def test_acts_by_address_alone_are_not_possible(desk, story):
    dossier = story.submitted()
    client = desk(story.officer)

    assert client.get(url("admit", dossier.pk)).status_code == 405
    assert client.get(url("start_check", dossier.pk)).status_code == 405


def test_a_supplement_is_asked_with_usual_and_own_words(desk, story):
    dossier = story.submitted()

    response = desk(story.officer).post(
        url("ask_supplement", dossier.pk),
        {
            "message": "Đề nghị bổ sung.",
            "tick-photos": "on",
            "reason-photos": "unreadable",
            "tick-figures": "on",
            "reason-figures": "other",
            "words-figures": "Xuất khẩu năm 2025 nhầm đơn vị.",
            "reason-awards": "missing",
        },
    )

    assert response.status_code == 302
    dossier.refresh_from_db()
    request = dossier.open_supplement
    assert (dossier.stage, dossier.officer) == (Stage.SUPPLEMENT, story.officer)
    assert request.message == "Đề nghị bổ sung."
    assert request.due_date == timezone.localdate(story.now) + timedelta(days=10)
    assert [(d.part, d.reason) for d in request.defects.all()] == [("photos", "unreadable"), ("figures", "other")]
    usual, own = [d.words for d in request.defects.all()]
    assert "không đọc được tệp" in usual
    assert own == "Xuất khẩu năm 2025 nhầm đơn vị."


def test_the_words_to_the_enterprise_are_vietnamese_on_english_pages_too(desk, story):
    dossier = story.submitted()

    desk(story.officer).post(
        f"/en/desk/dossiers/{dossier.pk}/supplement/", {"tick-photos": "on", "reason-photos": "unreadable"}
    )

    assert "không đọc được tệp" in Dossier.objects.get(pk=dossier.pk).open_supplement.defects.get().words


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({}, "Đánh dấu ít nhất một nội dung"),
        ({"tick-photos": "on"}, "Chọn lý do"),
        ({"tick-photos": "on", "reason-photos": "other"}, "Ghi rõ chỗ chưa đúng"),
        ({"tick-photos": "on", "reason-photos": "nonsense"}, "error-summary"),
        ({"tick-photos": "on", "reason-photos": "other", "words-photos": "x" * 601}, "error-summary"),
    ],
)
def test_an_unfinished_request_is_kept_as_typed(desk, story, typed, said):
    dossier = story.submitted()

    response = desk(story.officer).post(url("ask_supplement", dossier.pk), typed | {"message": "Lời nhắn đã gõ"})

    text = response.content.decode()
    assert response.status_code in (200, 409)
    assert said in text
    assert "Lời nhắn đã gõ" in text
    assert bool(re.search(r'name="tick-photos"[^>]*checked', text)) == bool(typed)
    dossier.refresh_from_db()
    assert dossier.stage == Stage.SUBMITTED


def test_a_preview_sends_nothing(desk, story):
    dossier = story.submitted()

    response = desk(story.officer).post(
        url("ask_supplement", dossier.pk), {"tick-photos": "on", "reason-photos": "expired", "act": "preview"}
    )

    assert "đã hết hiệu lực. Đề nghị nộp bản còn hiệu lực.</li>" in response.content.decode()
    dossier.refresh_from_db()
    assert dossier.stage == Stage.SUBMITTED


def test_what_is_missing_is_ticked_already(desk, story):
    dossier = story.submitted()
    dossier.documents.filter(paper="photos").update(removed_at=story.now)

    text = page(desk(story.officer), url("ask_supplement", dossier.pk))

    assert re.search(r'name="tick-photos"[^>]*checked', text)
    assert not re.search(r'name="tick-awards"[^>]*checked', text)


def test_a_refusal_needs_its_reason_and_keeps_what_was_typed(desk, story):
    dossier = story.submitted()
    client = desk(story.officer)

    empty = client.post(url("refuse", dossier.pk), {"reason": "  "})
    assert "Nhập lý do từ chối" in empty.content.decode()
    dossier.refresh_from_db()
    assert dossier.stage == Stage.SUBMITTED

    actions.admit(dossier=dossier, by=story.officer, at=story.tick())
    late = client.post(url("refuse", dossier.pk), {"reason": "Sản phẩm không sản xuất tại Hà Nội."})
    assert late.status_code == 409
    assert "Sản phẩm không sản xuất tại Hà Nội." in late.content.decode()


def test_a_refused_dossier_tells_its_reason(desk, story):
    dossier = story.submitted()
    client = desk(story.officer)

    response = client.post(url("refuse", dossier.pk), {"reason": "Sản phẩm không sản xuất tại Hà Nội."})

    assert response["Location"] == "/lam-viec/"
    dossier.refresh_from_db()
    assert dossier.stage == Stage.REFUSED
    assert "Sản phẩm không sản xuất tại Hà Nội." in page(client, url("check", dossier.pk))


def test_a_letter_that_cannot_be_sent_says_so_before_anybody_writes(desk, story):
    dossier = story.eligible()
    client = desk(story.officer)

    for name in ("ask_supplement", "refuse"):
        assert "Không thể thực hiện ở trạng thái" in page(client, url(name, dossier.pk))
