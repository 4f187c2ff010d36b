"""The public pages: home, directory, product, enterprise, statistics."""

import re
from datetime import timedelta

import pytest
from django.core.management import call_command

from registry.models import PublishedProduct
from tests.public.pages import LANGUAGES, PAGES, address, page, product_page, text_of
from tests.registry.factories import (
    expire,
    make_enterprise,
    make_product,
    make_season,
    order,
    recognise,
    withdraw,
)

pytestmark = pytest.mark.django_db


# --- every page ----------------------------------------------------------------------------------------
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", PAGES)
def test_every_page_opens_with_an_empty_database(client, name, language):
    assert client.get(address(name, language=language)).status_code == 200


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", PAGES)
def test_every_page_opens_with_real_history_and_published_products(client, name, language):
    call_command("load_reference", verbosity=0)
    make_season()
    recognise(make_product(), year=2025, is_demo=True)

    assert client.get(address(name, language=language)).status_code == 200


def test_addresses_speak_both_languages():
    assert address("directory") == "/san-pham/"
    assert address("directory", language="en") == "/en/products/"
    assert address("season", 2026) == "/ky-xet-chon/2026/"
    assert address("statistics") == "/so-lieu/"
    assert address("verify") == "/xac-minh/"
    assert address("help") == "/tro-giup/"
    assert address("certificate", "KIP2026-0001-5") == "/v/KIP2026-0001-5"


@pytest.mark.parametrize("name", ["home", "directory", "enterprises", "seasons", "statistics", "help"])
def test_reading_sets_no_cookie(client, name):
    recognise(make_product())

    assert not client.get(address(name)).cookies


@pytest.mark.parametrize("language", LANGUAGES)
def test_years_are_printed_without_a_thousands_mark(client, language):
    call_command("load_reference", verbosity=0)
    make_season()
    product = make_product()
    recognise(product, year=2025, top10=(product,))
    published = PublishedProduct.objects.get()
    addresses = [address(name, language=language) for name in PAGES]
    addresses += [address("season", year, language=language) for year in (2021, 2025, 2026)]
    addresses += [product_page(published, language), address("directory", language=language) + "?view=table"]
    addresses += [address("enterprise", published.enterprise_id, published.enterprise.slug, language=language)]

    for one in addresses:
        assert not re.search(r"\b2[.,]0[12]\d\b", client.get(one).content.decode()), one


def test_only_reading_is_offered(client):
    for name in PAGES:
        # A file to check is sent, and changes nothing (tests/public/test_checking.py).
        assert client.post(address(name)).status_code == (400 if name == "verify" else 405)


# --- home ----------------------------------------------------------------------------------------------
def test_the_home_page_shows_the_top_10_by_name_and_not_by_rank(client):
    first, second = make_product("Ấm điện"), make_product("Bơm nước")
    recognise(first, second, year=2025, top10=(second, first))

    html = page(client, "home")

    assert html.index("Ấm điện") < html.index("Bơm nước")
    assert "<ol" not in html.split("top-ten")[1].split("</ul>")[0]


def test_the_home_page_offers_a_dossier_only_while_registration_is_open(client):
    season = make_season()
    assert "Lập hồ sơ mới" in page(client, "home")

    type(season).objects.update(registration_closes_at=season.registration_opens_at + timedelta(days=1))

    assert "Lập hồ sơ mới" not in page(client, "home")


# --- directory -----------------------------------------------------------------------------------------
def test_den_led_finds_den_led_with_accents(client):
    recognise(make_product("Đèn LED SángTô"), make_product("Máy bơm", name_en="Pump"))

    html = page(client, "directory", query="?q=den+led")

    assert "Đèn LED SángTô" in html
    assert "Máy bơm" not in html


def test_nothing_of_an_unpublished_product_is_visible(client):
    recognise(make_product("Đèn LED SángTô"))
    make_product("Máy bí mật", name_en="Secret machine", enterprise=make_enterprise("Công ty Bí Mật"))

    for name in [*PAGES, "enterprises"]:
        html = client.get(address(name)).content.decode()
        assert "bí mật" not in html.lower(), name
        assert "secret" not in html.lower(), name
    assert client.get(address("directory") + "?q=bi+mat&format=csv").content.count(b"\n") == 1


def test_a_published_row_without_a_decision_has_no_page(client):
    recognise(make_product())
    known = PublishedProduct.objects.get()
    orphan = PublishedProduct.objects.create(
        source_id=999, enterprise=known.enterprise, sector=known.sector, name_vi="Chưa công bố"
    )

    assert client.get(product_page(orphan)).status_code == 404
    assert "Chưa công bố" not in page(client, "sitemap")


def test_a_facet_counts_what_each_choice_would_give_beside_the_other_filters(client):
    recognise(
        make_product("Đèn LED"),
        make_product("Quạt điện", name_en="Fan"),
        make_product("Đèn xưởng", sector="mechanical", name_en="Lamp"),
    )

    html = page(client, "directory", query="?q=den&sector=electrical")
    counts = dict(re.findall(r'name="sector" value="(\w+)"[^>]*>.*?class="count">(\d+)<', html))

    assert counts == {"electrical": "1", "mechanical": "1"}


def test_each_chip_leads_to_the_page_without_that_filter(client):
    recognise(make_product())

    html = page(client, "directory", query="?q=den&sector=electrical&year=2026&year=2025")
    links = re.findall(r'class="chip" href="([^"]*)"', html)

    assert [link.replace("&amp;", "&") for link in links] == [
        "?sector=electrical&year=2026&year=2025",
        "?q=den&year=2026&year=2025",
        "?q=den&sector=electrical&year=2025",
        "?q=den&sector=electrical&year=2026",
    ]


def test_when_nothing_is_found_the_page_names_what_comes_near(client):
    recognise(make_product("Máy biến áp khô"))

    html = page(client, "directory", query="?q=may+bien+ap+khp")

    assert "Tên gần giống" in html
    assert "Máy biến áp khô" in html


def test_a_misunderstood_filter_is_said_and_hurts_nobody(client):
    recognise(make_product("Đèn LED SángTô"))

    html = page(client, "directory", query="?sector=moon&year=-1&page=abc&sort=x&q=%00")

    assert "không hiểu được" in html
    assert "Đèn LED SángTô" in html


def test_the_csv_holds_exactly_the_result_and_runs_nothing_in_a_spreadsheet(client):
    recognise(make_product("=HYPERLINK(1)"), make_product("Máy bơm"), make_product("-2+3 đèn"))

    response = client.get(address("directory") + "?sort=name&format=csv")
    body = response.content.decode("utf-8")

    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert body.startswith("\ufeffid,name_vi")
    assert "'=HYPERLINK(1)" in body
    assert "'-2+3 đèn" in body
    assert body.count("\n") == 4
    assert client.get(address("directory") + "?q=bom&format=csv").content.decode().count("\n") == 2


def test_the_json_link_asks_the_api_for_the_same(client):
    recognise(make_product("Đèn LED"), make_product("Máy bơm", name_en="Pump"))

    html = page(client, "directory", query="?q=den&status=valid&view=table")
    link = re.search(r'href="(/api/v1/products[^"]*)"', html)[1].replace("&amp;", "&")
    body = client.get(link).json()

    assert [row["name_vi"] for row in body["results"]] == ["Đèn LED"]


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(
    "query", ["", "?view=table", "?q=san+pham&sector=electrical&year=2026&top10=true&status=valid"]
)
def test_the_directory_needs_as_many_queries_for_three_rows_as_for_one(client, rows, query, django_assert_num_queries):
    products = [make_product(f"Sản phẩm {n}") for n in range(rows)]
    recognise(*products, top10=tuple(products))

    with django_assert_num_queries(14 if "sector" in query else 13):
        page(client, "directory", query=query)


def test_the_second_page_of_the_directory_goes_on(client):
    recognise(*[make_product(f"Sản phẩm {n:02d}") for n in range(26)])

    assert page(client, "directory", query="?sort=name").count('class="card"') == 24
    assert page(client, "directory", query="?sort=name&page=2").count('class="card"') == 2


# --- product and enterprise ----------------------------------------------------------------------------
def test_a_wrong_slug_leads_to_the_right_one_for_good(client):
    recognise(make_product())
    product = PublishedProduct.objects.get()

    response = client.get(address("product", product.pk, "sai"))

    assert response.status_code == 301
    assert response["Location"] == product_page(product)
    enterprise = product.enterprise
    assert client.get(address("enterprise", enterprise.pk, "sai")).status_code == 301


def test_a_name_without_latin_letters_still_has_an_address(client):
    recognise(make_product("電燈"))
    product = PublishedProduct.objects.get()

    assert client.get(address("product", product.pk, "-")).status_code == 200
    assert "電燈" in page(client, "directory")


def test_the_product_page_tells_the_facts_and_the_certificate(client):
    [recognition] = recognise(make_product(hs_code="94054210", standards="IEC 62722", export_markets="Nhật Bản"))
    certificate = order(recognition)

    html = client.get(product_page(PublishedProduct.objects.get())).content.decode()

    assert "9405.42.10" in html
    assert "IEC 62722" in html
    assert certificate.serial in html
    assert "Còn hiệu lực" in html


def test_a_revocation_shows_at_once_with_ground_and_document(client):
    [recognition] = recognise(make_product())
    link = product_page(PublishedProduct.objects.get())
    assert "Bị thu hồi" not in client.get(link).content.decode()

    withdraw(recognition)

    html = client.get(link).content.decode()
    assert "đã bị thu hồi" in html
    assert "Hồ sơ có thông tin sai sự thật" in html
    assert "99/QĐ-UBND" in html
    assert "Còn hiệu lực" not in text_of(html)


def test_a_recognition_that_ended_by_date_says_so(client):
    [recognition] = recognise(make_product())
    expire(recognition)

    html = client.get(product_page(PublishedProduct.objects.get())).content.decode()

    assert "Hết hiệu lực" in html
    assert "đã hết hiệu lực sau ngày" in html


def test_an_invented_product_is_marked_wherever_it_stands(client):
    enterprise = make_enterprise("Công ty Thử", is_demo=True)
    recognise(make_product(enterprise=enterprise, is_demo=True), is_demo=True)
    product = PublishedProduct.objects.get()

    for html in (
        client.get(product_page(product)).content.decode(),
        page(client, "directory"),
        page(client, "directory", query="?view=table"),
        page(client, "enterprises"),
        client.get(address("enterprise", product.enterprise_id, product.enterprise.slug)).content.decode(),
        page(client, "statistics"),
    ):
        assert "Trình diễn" in html


def test_a_product_without_an_english_name_shows_its_vietnamese_one(client):
    recognise(make_product("Đèn lồng", name_en="", summary_vi="Đèn giấy."))

    html = client.get(product_page(PublishedProduct.objects.get(), "en")).content.decode()

    assert "Đèn lồng" in html
    assert "No English name" in html


@pytest.mark.parametrize("rows", [1, 3])
def test_an_enterprise_page_needs_as_many_queries_for_three_products_as_for_one(
    client, rows, django_assert_num_queries
):
    enterprise = make_enterprise()
    recognise(*[make_product(f"Sản phẩm {n}", enterprise=enterprise) for n in range(rows)])
    published = PublishedProduct.objects.first().enterprise

    with django_assert_num_queries(4):
        client.get(address("enterprise", published.pk, published.slug))


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_of_enterprises_needs_as_many_queries_for_three_as_for_one(client, rows, django_assert_num_queries):
    recognise(*[make_product(f"Sản phẩm {n}") for n in range(rows)])

    with django_assert_num_queries(3):
        page(client, "enterprises")


def test_a_product_page_says_nothing_about_the_house(client):
    product = make_product()
    recognise(product)

    html = client.get(product_page(PublishedProduct.objects.get())).content.decode()

    assert product.enterprise.tax_code not in html
    assert product.enterprise.legal_representative not in html
    assert product.enterprise.phone not in html


# --- statistics ----------------------------------------------------------------------------------------
def test_real_and_invented_products_never_share_a_chart(client):
    recognise(make_product("Thật"), year=2025)
    recognise(make_product("Đặt ra", is_demo=True), make_product("Đặt ra hai", is_demo=True), year=2026, is_demo=True)

    html = page(client, "statistics")
    charts = re.findall(r"<figure.*?</figure>", html.split('id="registry"')[1], re.S)

    assert len(charts) == 2
    assert "Trình diễn" not in charts[0]
    assert "1 trên 1" in charts[0]
    assert "Trình diễn" in charts[1]
    assert "2 trên 2" in charts[1]


def test_the_chart_of_seasons_counts_reported_figures_only(client):
    call_command("load_reference", verbosity=0)
    recognise(make_product(is_demo=True), year=2030, is_demo=True)

    html = page(client, "statistics")
    chart = html.split("season-columns")[1].split("</svg>")[0]

    assert "từ 26 đến 61 sản phẩm" in html
    assert "2030" not in chart


@pytest.mark.parametrize("name", ["seasons", "sectors", "reported", "registry"])
def test_each_chart_can_be_downloaded(client, name):
    call_command("load_reference", verbosity=0)

    response = client.get(address("statistics_csv", name))

    assert response.status_code == 200
    assert response.content.decode().startswith("\ufeff")
    assert response.content.count(b"\n") > 5


def test_a_table_that_does_not_exist_is_not_found(client):
    assert client.get(address("statistics_csv", "secrets")).status_code == 404


def test_every_citation_leads_to_a_source_on_the_page(client):
    call_command("load_reference", verbosity=0)

    html = page(client, "statistics")
    cited = set(re.findall(r'href="#(source-\w+)"', html))

    assert cited
    assert all(f'id="{anchor}"' in html for anchor in cited)


# --- search engines ------------------------------------------------------------------------------------
def test_the_sitemap_names_public_pages_in_both_languages_only(client):
    call_command("load_reference", verbosity=0)
    recognise(make_product())

    body = page(client, "sitemap")
    addresses = re.findall(r"<loc>([^<]+)</loc>", body)

    assert any("/san-pham/" in one and "den-led" in one for one in addresses)
    assert any("/en/products/" in one and "den-led" in one for one in addresses)
    assert not any(part in one for one in addresses for part in ("lam-viec", "ho-so", "hoi-dong", "/v/"))
    for one in addresses:
        path = "/" + one.split("/", 3)[3]
        assert client.get(path).status_code == 200, path
