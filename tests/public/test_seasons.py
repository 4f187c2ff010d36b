"""What the public reads of a season, before and after its decision."""

import pytest
from django.core.management import call_command

from registry.models import PublishedProduct
from tests.public.pages import address, page, product_page
from tests.registry.factories import (
    make_product,
    make_season,
    open_list,
    order,
    recognise,
)

pytestmark = pytest.mark.django_db


def test_a_past_season_shows_what_others_reported_with_the_host_of_the_source_and_no_score(client):
    call_command("load_reference", verbosity=0)

    html = page(client, "season", 2021)

    assert "tapchicongthuong.vn" in html
    assert 'rel="noopener external"' in html
    assert "Đèn LED Rạng Đông" in html
    assert "Không làm tròn" not in html
    assert "điểm bình quân" not in html


def test_a_stored_source_is_text_and_not_a_link(client):
    call_command("load_reference", verbosity=0)

    html = page(client, "season", 2023)

    assert "văn bản nguồn lưu trữ 000" in html
    assert "seed" not in html


def test_the_contradictions_about_a_season_stand_on_its_page(client):
    call_command("load_reference", verbosity=0)

    assert "3,6 tỷ USD" in page(client, "season", 2023)
    assert "3,6 tỷ USD" not in page(client, "season", 2018)


def test_a_season_that_nobody_knows_is_not_found(client):
    call_command("load_reference", verbosity=0)

    assert client.get(address("season", 2013)).status_code == 404
    assert client.get(address("season", 99999)).status_code == 404


def test_the_criteria_are_shown_with_levels_and_digest_once_published(client):
    season = make_season()

    html = page(client, "season", 2026)

    assert season.rubric.digest in html
    assert "Tăng trưởng" in html
    assert "dưới 10%" in html
    assert "không phải văn bản pháp luật" in html


def test_criteria_that_are_not_published_are_not_shown(client):
    make_season(with_rubric=False)

    assert "chưa công bố bộ tiêu chí" in page(client, "season", 2026)


def test_after_the_decision_the_season_shows_what_was_recognised(client):
    product = make_product()
    make_season()
    open_list(product)
    recognise(product, year=2026)

    html = page(client, "season", 2026)

    assert "Quyết định số 2026/QĐ-UBND" in html
    assert "Sản phẩm đề nghị công nhận" not in html
    assert "<textarea" not in html


@pytest.mark.parametrize("rows", [1, 3])
def test_a_season_needs_as_many_queries_for_three_products_as_for_one(client, rows, django_assert_num_queries):
    products = [make_product(f"Sản phẩm {n}") for n in range(rows)]
    make_season()
    open_list(*products)
    with django_assert_num_queries(11):
        page(client, "season", 2026)

    recognise(*products, year=2026)
    with django_assert_num_queries(8):
        page(client, "season", 2026)


@pytest.mark.parametrize("rows", [1, 3])
def test_the_home_page_needs_as_many_queries_for_three_products_as_for_one(client, rows, django_assert_num_queries):
    products = [make_product(f"Sản phẩm {n}") for n in range(rows)]
    make_season()
    recognise(*products, year=2025, top10=tuple(products))

    with django_assert_num_queries(9):
        page(client, "home")


@pytest.mark.parametrize("rows", [1, 3])
def test_a_product_page_needs_as_many_queries_for_three_recognitions_as_for_one(
    client, rows, django_assert_num_queries
):
    product = make_product()
    for year in range(2026, 2026 - rows, -1):
        order(recognise(product, year=year)[0])
    published = PublishedProduct.objects.get()

    with django_assert_num_queries(4):
        client.get(product_page(published))
