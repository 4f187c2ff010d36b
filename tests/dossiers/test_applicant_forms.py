"""The enterprise fills in a dossier, part by part."""

from decimal import Decimal

import pytest

from dossiers.models import Dossier
from enterprises.models import Enterprise
from products.models import Product
from programme.models import Season
from tests.dossiers.applicant import PART_PAGES, pdf, signed_in, tell_time, upload, url, words

pytestmark = pytest.mark.django_db

ELIGIBLE = dict.fromkeys(("in_hanoi", "own_product", "over_threshold", "on_list", "undertakes", "no_breach"), "yes")


@pytest.fixture(autouse=True)
def _clock(monkeypatch, story, settings):
    tell_time(monkeypatch, story, settings)


@pytest.fixture
def client(story):
    story.enterprise()
    return signed_in(story.person("clerk"))


def new_product(**changes):
    return {"name_vi": "Tủ điện mới", "name_en": "", "sector": "electrical", "track": "standard"} | ELIGIBLE | changes


# --- home ---------------------------------------------------------------------------------------------
@pytest.mark.parametrize("n", [1, 3])
def test_the_home_page_asks_the_database_equally_often_for_any_number_of_dossiers(
    story, client, django_assert_num_queries, n
):
    for number in range(n):
        story.supplement() if number == 0 else story.draft()

    with django_assert_num_queries(15):
        page = client.get(url("mine"))

    assert words(page).count('class="dossier-card"') == n


def test_recognised_dossiers_link_to_their_public_page(story, django_assert_max_num_queries):
    (dossier,) = story.recognised()
    client = signed_in(dossier.enterprise.representatives.get().user)

    with django_assert_max_num_queries(18):
        page = words(client.get(url("mine")))

    assert "/san-pham/" in page
    assert "Được công nhận" in page


def test_an_enterprise_without_dossiers_is_shown_the_way(story, client):
    story.season()

    page = words(client.get(url("mine")))

    assert "Chưa có hồ sơ" in page
    assert url("new") in page


def test_outside_the_registration_the_dates_are_shown_and_nothing_can_be_started(story):
    season = story.season()
    story.enterprise()
    story.now = season.registration_closes_at
    client = signed_in(story.person("clerk"))

    assert "hết hạn nộp hồ sơ lúc" in words(client.get(url("mine")))
    assert "Chưa mở đăng ký" in words(client.get(url("new")))
    assert client.post(url("new"), new_product()).status_code == 200
    assert not Dossier.objects.exists()


def test_without_any_season_the_pages_still_stand(client):
    assert client.get(url("mine")).status_code == 200
    assert client.get(url("new")).status_code == 200


def test_somebody_who_acts_for_no_enterprise_is_told_so(story):
    story.season()
    client = signed_in(story.person("nobody"))

    assert "chưa đại diện cho doanh nghiệp nào" in words(client.get(url("mine")))
    assert client.get(url("new")).status_code == 302


# --- start --------------------------------------------------------------------------------------------
def test_a_new_product_begins_its_dossier(story, client):
    story.season()

    answer = client.post(url("new"), new_product())

    dossier = Dossier.objects.get()
    assert answer.url == url("dossier", dossier)
    assert (dossier.product.name_vi, dossier.track) == ("Tủ điện mới", "standard")


def test_a_known_product_begins_its_dossier(story, client):
    story.season()
    product = story.product()

    client.post(url("new"), {"product": product.pk, "track": "hi_tech"} | ELIGIBLE)

    assert Dossier.objects.get().product == product


def test_a_product_of_another_enterprise_cannot_be_chosen(story, client):
    story.season()
    story.product()
    foreign = story.product("rival")

    answer = client.post(url("new"), {"product": foreign.pk, "track": "standard"} | ELIGIBLE)

    assert answer.status_code == 200
    assert not Dossier.objects.exists()


@pytest.mark.parametrize(
    ("question", "word"), [("in_hanoi", "tại Hà Nội"), ("over_threshold", "100"), ("no_breach", "khắc phục")]
)
def test_a_no_explains_itself_and_starts_nothing(story, client, question, word):
    story.season()

    page = words(client.post(url("new"), new_product(**{question: "no"})))

    assert "chưa thể tham gia" in page
    assert word in page
    assert 'value="Tủ điện mới"' in page
    assert not Dossier.objects.exists()
    assert not Product.objects.exists()


def test_an_unfinished_start_says_what_is_missing_and_keeps_the_rest(story, client):
    story.season()

    page = words(client.post(url("new"), {"name_vi": "Tủ điện mới", "in_hanoi": "yes"}))

    assert "Hãy chọn nhóm ngành." in page
    assert "Hãy chọn diện đăng ký." in page
    assert 'value="Tủ điện mới"' in page


def test_a_second_press_finds_the_draft_of_the_first(story, client):
    story.season()

    first = client.post(url("new"), new_product())
    second = client.post(url("new"), new_product())

    assert first.url == second.url
    assert Dossier.objects.count() == 1


@pytest.mark.parametrize("field", ["name_vi", "sector", "industry", "track", "in_hanoi", "product", "enterprise"])
@pytest.mark.parametrize("value", ["\x00", "a\x00b", "9" * 40, "ă" * 5_000, "[]", "'"])
def test_odd_input_is_an_error_of_the_form(story, client, field, value):
    story.season()
    story.product()

    answer = client.post(url("new"), {"product": "new"} | new_product(**{field: value}))

    assert answer.status_code in (200, 302)


# --- parts --------------------------------------------------------------------------------------------
def test_the_task_list_tells_where_each_task_stands(story, client):
    page = words(client.get(url("dossier", story.draft())))

    assert "Bạn đã xong 1/9 việc" in page
    assert "0 trên 7 giấy tờ bắt buộc đã tải" in page
    assert page.count("Chưa bắt đầu") == 7
    assert "Chưa đủ để gửi" in page


def test_a_complete_draft_is_ready(story, client):
    page = words(client.get(url("dossier", story.complete())))

    assert "Bạn đã xong 6/9 việc" in page
    assert "Sẵn sàng gửi" in page


def test_a_part_may_be_saved_with_gaps(story, client):
    dossier = story.draft()

    answer = client.post(
        url("enterprise_part", dossier), {"contact_name": "", "contact_phone": "", "contact_email": ""}
    )

    assert answer.url == url("dossier", dossier)
    assert "Ghi tên người liên hệ." in words(client.get(url("enterprise_part", dossier)))


def test_save_and_stay_stays(story, client):
    dossier = story.draft()

    answer = client.post(url("enterprise_part", dossier), {"contact_name": "Lê An", "stay": "1"})

    assert answer.url == url("enterprise_part", dossier)


def test_errors_keep_what_was_typed(story, client):
    dossier = story.draft()

    page = words(
        client.post(
            url("enterprise_part", dossier),
            {"contact_name": "Lê An", "contact_phone": "không có", "contact_email": "lê an"},
        )
    )

    assert "<title>Lỗi:" in page
    for kept in ("Lê An", "không có", "lê an"):
        assert f'value="{kept}"' in page
    assert "Số điện thoại chưa đúng" in page
    assert Dossier.objects.get().contact_name != "Lê An"


def test_the_product_is_described_in_two_languages(story, client):
    dossier = story.draft(track="hi_tech")
    texts = {
        "name_vi": "Biến tần",
        "name_en": "Inverter",
        "summary_vi": "Tóm tắt.",
        "summary_en": "Summary.",
        "sector": "electrical",
        "hs_code": "8504.40.90",
        "standards": "ISO 9001:2015",
        "export_markets": "Nhật Bản",
        "description": "Một\r\nhai",
        "technology": "Dây chuyền",
        "track_basis": "Mục 5",
    }

    client.post(url("product_part", dossier), texts)

    dossier = Dossier.objects.select_related("product").get()
    assert (dossier.product.name_vi, dossier.product.hs_code) == ("Biến tần", "85044090")
    assert (dossier.description, dossier.technology, dossier.track_basis) == ("Một\nhai", "Dây chuyền", "Mục 5")


def test_a_product_keeps_its_name_and_sector(story, client):
    dossier = story.draft()

    page = words(client.post(url("product_part", dossier), {"name_vi": "", "description": "Có"}))

    assert "Hãy nhập tên của sản phẩm." in page or "Hãy nhập tên sản phẩm." in page
    assert Dossier.objects.get().description == ""


def test_a_name_that_is_taken_is_refused_and_nothing_is_half_saved(story, client):
    dossier, other = story.draft(), story.product()

    page = words(
        client.post(
            url("product_part", dossier), {"name_vi": other.name_vi, "sector": "electrical", "description": "Mới"}
        )
    )

    assert "đã có sản phẩm mang tên này" in page
    assert Dossier.objects.get().description == ""


def test_a_changed_product_counts_as_a_change_of_the_dossier(story, client):
    dossier = story.draft()
    before = dossier.changed_at

    client.post(url("product_part", dossier), {"name_vi": "Tên khác", "sector": "electrical"})

    assert Dossier.objects.get().changed_at > before


def test_figures_are_typed_as_people_write_them(story, client):
    dossier = story.draft()

    client.post(
        url("figures", dossier),
        {"revenue_vnd_billion_2025": "1.250,5", "export_usd_million_2025": "0", "workers_2025": "1.420", "stay": "1"},
    )

    figure = dossier.figures.get(year=2025)
    assert (figure.revenue_vnd_billion, figure.export_usd_million, figure.workers) == (Decimal("1250.5"), 0, 1420)
    page = words(client.get(url("figures", dossier)))
    assert 'value="1.250,5"' in page
    assert 'value="0"' in page


def test_english_pages_show_english_numbers(story, client):
    dossier = story.complete()

    page = words(client.get(f"/en/dossiers/{dossier.pk}/figures/"))

    assert 'value="150"' in page
    assert "billion VND" in page


def test_a_wrong_cell_is_named_and_every_cell_is_kept(story, client):
    dossier = story.draft()

    page = words(
        client.post(
            url("figures", dossier),
            {"revenue_vnd_billion_2024": "nhiều", "revenue_vnd_billion_2025": "12,5", "workers_2025": "-3"},
        )
    )

    assert "Doanh thu của sản phẩm năm 2024: hãy nhập một số" in page
    assert "Lao động của doanh nghiệp năm 2025: không nhập số âm." in page
    assert 'value="nhiều"' in page
    assert 'value="12,5"' in page
    assert dossier.figures.get(year=2025).revenue_vnd_billion is None


@pytest.mark.parametrize(
    "value", ["9" * 30, "1e400", "NaN", "Infinity", "-0", "\x00", "1,2,3", "1.2.3.4", "٣", "１２"]
)
@pytest.mark.parametrize("cell", ["revenue_vnd_billion_2025", "workers_2025"])
def test_odd_numbers_are_errors_of_their_cell(story, client, cell, value):
    assert client.post(url("figures", story.draft()), {cell: value}).status_code in (200, 302)


def test_growth_and_doubts_are_shown_after_saving(story, client):
    dossier = story.draft()
    values = {
        "revenue_vnd_billion_2023": "100",
        "revenue_vnd_billion_2024": "120",
        "revenue_vnd_billion_2025": "2.400",
    }
    values |= {"workers_2024": "60", "workers_2025": "70"}

    client.post(url("figures", dossier), values)
    page = words(client.get(url("figures", dossier)))

    assert "+20,0 %" in page
    assert "+16,7 %" in page
    assert "Đơn vị tính của cả hai năm đã đúng chưa?" in page
    assert 'class="chart-svg sparkbars"' in page


def test_figures_below_the_track_are_questioned_not_refused(story, client):
    dossier = story.draft()
    values = {"revenue_vnd_billion_2025": "99", "export_usd_million_2025": "1", "workers_2025": "10"}

    client.post(url("figures", dossier), values)

    assert "thấp hơn yêu cầu của diện" in words(client.get(url("figures", dossier)))


# --- papers -------------------------------------------------------------------------------------------
def test_a_paper_is_attached_and_replaced(story, client):
    dossier = story.draft()

    answer = client.post(url("papers", dossier), {"paper": "application_form", "files": upload("cũ.pdf", pdf("1"))})
    client.post(url("papers", dossier), {"paper": "application_form", "files": upload("mới.pdf", pdf("2"))})

    assert answer.url == url("papers", dossier) + "#slot-application_form"
    assert [d.name for d in dossier.documents.filter(removed_at=None)] == ["mới.pdf"]
    assert dossier.documents.count() == 2


def test_good_files_stay_when_one_of_several_is_refused(story, client):
    dossier = story.draft()

    page = words(
        client.post(
            url("papers", dossier),
            {
                "paper": "awards",
                "files": [upload("tốt.pdf"), upload("hỏng.pdf", b"%PDF-1.7 broken"), upload("x.exe", b"MZ")],
            },
        )
    )

    assert [d.name for d in dossier.documents.all()] == ["tốt.pdf"]
    assert "hỏng.pdf: Tệp (PDF) bị hỏng" in page
    assert "x.exe: Không nhận loại tệp này." in page
    assert 'href="#slot-awards"' in page


def test_a_slot_for_one_file_takes_one(story, client):
    dossier = story.draft()

    page = words(
        client.post(url("papers", dossier), {"paper": "application_form", "files": [upload("a.pdf"), upload("b.pdf")]})
    )

    assert "Mục này nhận một tệp" in page
    assert not dossier.documents.exists()


def test_no_file_is_said_plainly(story, client):
    page = words(client.post(url("papers", story.draft()), {"paper": "awards"}))

    assert "Hãy chọn tệp trước." in page


@pytest.mark.parametrize("paper", ["", "hi_tech_basis", "../x", "\x00"])
def test_a_slot_that_the_track_does_not_have_is_not_found(story, client, paper):
    answer = client.post(url("papers", story.draft()), {"paper": paper, "files": upload()})

    assert answer.status_code == 404


def test_a_file_is_removed_after_one_question(story, client):
    dossier = story.draft()
    story.attach(dossier, "awards")
    document = dossier.documents.get()

    assert "Bỏ tệp này?" in words(client.get(url("remove_document", dossier, document=document.pk)))
    assert dossier.documents.filter(removed_at=None).exists()
    client.post(url("remove_document", dossier, document=document.pk))

    assert not dossier.documents.filter(removed_at=None).exists()


def test_a_file_of_another_dossier_cannot_be_removed_through_the_own_one(story, client):
    mine = story.draft()
    theirs = story.draft("rival")
    story.attach(theirs, "awards", "rival")

    answer = client.post(url("remove_document", mine, document=theirs.documents.get().pk))

    assert answer.status_code == 404
    assert theirs.documents.filter(removed_at=None).exists()


# --- undertakings, record -----------------------------------------------------------------------------
def test_undertakings_need_the_tick(story, client):
    dossier = story.draft()

    assert "Hãy đánh dấu vào ô để cam kết." in words(client.post(url("undertakings", dossier), {}))
    client.post(url("undertakings", dossier), {"agreed": "on"})

    assert Dossier.objects.get().undertakings_by_name == str(story.person("clerk"))
    assert "đã cam kết lúc" in words(client.get(url("undertakings", dossier)))


def record_of(enterprise, **changes):
    facts = {
        "name_vi": enterprise.name_vi,
        "form": enterprise.form,
        "street": enterprise.street,
        "ward": enterprise.ward_id,
        "legal_representative": enterprise.legal_representative,
        "phone": enterprise.phone,
    }
    return facts | changes


def test_the_record_is_corrected_but_never_the_tax_code(story, client):
    enterprise = story.enterprise()
    code = enterprise.tax_code

    answer = client.post(
        url("record", pk=enterprise.pk),
        record_of(enterprise, street="Số 2 phố Mới", founded_year="1998", workers="1.250", tax_code="0100000000"),
    )

    enterprise.refresh_from_db()
    assert answer.url == url("mine")
    assert (enterprise.street, enterprise.founded_year, enterprise.workers) == ("Số 2 phố Mới", 1998, 1250)
    assert enterprise.tax_code == code
    assert 'value="1998"' in words(client.get(url("record", pk=enterprise.pk)))


def test_the_record_leads_back_to_the_dossier_it_was_opened_from(story, client):
    dossier = story.draft()

    answer = client.post(
        url("record", pk=dossier.enterprise_id) + f"?dossier={dossier.pk}", record_of(dossier.enterprise)
    )

    assert answer.url == url("enterprise_part", dossier)


@pytest.mark.parametrize("query", ["x", "-1", "9" * 30, "²", "\x00"])
def test_an_odd_way_back_is_ignored(story, client, query):
    answer = client.get(url("record", pk=story.enterprise().pk), {"dossier": query})

    assert answer.status_code == 200


def test_the_record_of_another_enterprise_is_not_found(story, client):
    other = story.enterprise("rival")

    assert client.post(url("record", pk=other.pk), record_of(other, street="x")).status_code == 404
    assert Enterprise.objects.get(pk=other.pk).street != "x"


# --- what cannot be written ---------------------------------------------------------------------
@pytest.mark.parametrize("name", [*PART_PAGES])
def test_nothing_is_written_once_the_dossier_is_sent(story, client, name):
    dossier = story.submitted()
    before = Dossier.objects.values().get()

    answer = client.post(url(name, dossier), {"agreed": "on", "paper": "awards", "files": upload()})

    assert answer.status_code == 409
    assert Dossier.objects.values().get() == before
    assert not dossier.documents.filter(paper="awards").exists()


def test_fields_that_are_not_on_the_form_are_ignored(story, client):
    dossier = story.draft()
    names = [f.name for model in (Dossier, Product, Enterprise, Season) for f in model._meta.get_fields()]
    odd = {name: "7" for name in names if name not in ("contact_name", "contact_phone", "contact_email")}
    before = Dossier.objects.values("stage", "number", "season_id", "enterprise_id", "product_id", "track").get()

    client.post(url("enterprise_part", dossier), odd | {"contact_name": "Lê An"})

    assert Dossier.objects.values(*before).get() == before


@pytest.mark.parametrize("page", [*PART_PAGES, "review", "supplement", "withdraw"])
def test_changes_need_the_token_of_the_page(story, page):
    from django.test import Client

    dossier = story.supplement()
    client = Client(enforce_csrf_checks=True)
    client.force_login(story.person("clerk"))

    assert client.post(url(page, dossier), {}).status_code == 403
