from datetime import date, timedelta

import pytest
from django.http import QueryDict

from registry import queries
from registry.filters import ProductFilter
from registry.models import PublishedProduct, Status
from tests.registry.factories import expire, make_enterprise, make_product, recognise, today, withdraw

pytestmark = pytest.mark.django_db


def found(query: str = "") -> list[str]:
    filters = ProductFilter(QueryDict(query), queryset=queries.products(today()), on=today())
    return sorted(product.name_vi for product in filters.qs)


def standing(name: str = "Đèn LED SángTô") -> str:
    return queries.products(today()).get(name_vi=name).standing


def test_a_search_without_accents_finds_the_name_with_accents():
    recognise(make_product("Đèn LED SángTô"), make_product("Máy bơm nước", name_en="Pump"))

    assert found("q=den+led") == ["Đèn LED SángTô"]
    assert found("q=ĐÈN+led") == ["Đèn LED SángTô"]


def test_a_product_renamed_before_its_next_season_is_found_by_its_new_name():
    product = make_product("Đèn LED SángTô")
    recognise(product, year=2024)
    product.name_vi = "Máy bơm nước"
    product.save()
    recognise(product, year=2026)

    assert found("q=may+bom") == ["Máy bơm nước"]
    assert PublishedProduct.objects.get().slug == "may-bom-nuoc"


def test_every_word_of_a_search_must_be_found_but_in_any_order():
    recognise(make_product("Đèn LED SángTô"), make_product("Đèn đường", name_en="Street light"))

    assert found("q=led+den") == ["Đèn LED SángTô"]
    assert found("q=den") == ["Đèn LED SángTô", "Đèn đường"]
    assert found("q=den+bom") == []


def test_a_customs_code_may_be_typed_with_dots():
    recognise(make_product("Đèn LED SángTô", hs_code="94054210"))

    assert found("q=9405.42.10") == ["Đèn LED SángTô"]


def test_the_maker_finds_its_products():
    recognise(make_product(enterprise=make_enterprise("Công ty Kẻ Chợ")))

    assert found("q=ke+cho") == ["Đèn LED SángTô"]


def test_letters_that_do_not_end_a_pattern_are_taken_as_they_are():
    recognise(make_product("Bột 100% nghệ"), make_product("Bột 1000 nghệ"))

    assert found("q=100%25") == ["Bột 100% nghệ"]
    assert found("q=_") == []


def test_a_misspelt_search_names_what_comes_near():
    recognise(make_product("Máy biến áp khô"), make_product("Vải dệt kim", name_en="Fabric"))

    near = queries.nearest("may bien ap kho 500", today())

    assert [product.name_vi for product in near][:1] == ["Máy biến áp khô"]


def test_a_product_in_no_decision_is_not_found():
    recognise(make_product("Đèn LED SángTô"))
    published = PublishedProduct.objects.get()
    PublishedProduct.objects.create(
        source_id=999, enterprise=published.enterprise, sector=published.sector, name_vi="Chưa công bố"
    )

    assert found() == ["Đèn LED SángTô"]
    assert queries.enterprises().get().product_count == 1


@pytest.mark.parametrize(("change", "status"), [(lambda r: None, "valid"), (expire, "expired"), (withdraw, "revoked")])
def test_the_standing_follows_the_calendar_and_the_revocation(change, status):
    [recognition] = recognise(make_product())

    change(recognition)

    assert standing() == status
    assert found(f"status={status}") == ["Đèn LED SángTô"]


def test_a_recognition_in_force_counts_before_an_expired_one():
    product = make_product()
    [old] = recognise(product, year=2022)
    recognise(product, year=2026)
    expire(old)

    listing = queries.listings(list(queries.products(today())), today())[0]

    assert standing() == "valid"
    assert listing.recognition.season_year == 2026
    assert listing.years == [2026, 2022]


def test_a_revoked_newer_recognition_is_named_though_an_older_one_stands():
    product = make_product()
    recognise(product, year=2024)
    [new] = recognise(product, year=2026)
    withdraw(new)

    listing = queries.listings(list(queries.products(today())), today())[0]

    assert listing.status == Status.VALID
    assert listing.recognition.season_year == 2024
    assert listing.revoked.season_year == 2026


def test_year_and_top_10_speak_of_the_same_recognition():
    product = make_product()
    recognise(product, year=2024, top10=(product,))
    recognise(product, year=2026)

    assert found("year=2024&top10=true") == ["Đèn LED SángTô"]
    assert found("year=2026&top10=true") == []
    assert found("top10=false") == []


def test_a_revoked_title_is_no_title():
    product = make_product()
    [recognition] = recognise(product, top10=(product,))
    withdraw(recognition)

    listing = queries.listings(list(queries.products(today())), today())[0]

    assert listing.top10_year is None
    assert found("top10=true") == []
    assert list(queries.top_list(2026)) == []


def test_a_recognition_is_valid_on_its_last_day_and_expired_on_the_next():
    [recognition] = recognise(make_product(), signed=date(2026, 1, 10), months=1)

    assert recognition.status(recognition.valid_to) == Status.VALID
    assert recognition.status(recognition.valid_to + timedelta(days=1)) == Status.EXPIRED
    assert queries.products(recognition.valid_to).get().standing == "valid"
    assert queries.products(recognition.valid_to + timedelta(days=1)).get().standing == "expired"


@pytest.mark.parametrize("rows", [1, 3])
def test_listings_need_one_query_however_many_they_are(rows, django_assert_num_queries):
    recognise(*[make_product(f"Sản phẩm {n}") for n in range(rows)])

    with django_assert_num_queries(2):
        products = list(queries.products(today()).select_related("enterprise", "sector"))
        queries.listings(products, today())


def test_a_filter_that_is_not_understood_is_named_and_left_out():
    recognise(make_product())
    filters = ProductFilter(QueryDict("sector=moon&year=abc"), queryset=queries.products(today()), on=today())

    assert filters.qs.count() == 1
    assert set(filters.errors) == {"sector", "year"}


def test_live_numbers_count_products_once():
    product, other = make_product(), make_product("Máy bơm", sector="mechanical")
    recognise(product, other, year=2025, top10=(product,))
    recognise(product, year=2026)

    numbers = queries.live_numbers(today())

    assert (numbers.products, numbers.enterprises, numbers.sectors, numbers.top10) == (2, 2, 2, 1)
    assert numbers.top10_since == 2025
    assert numbers.updated == today()


def test_an_empty_registry_has_empty_numbers():
    numbers = queries.live_numbers(today())

    assert (numbers.products, numbers.top10, numbers.updated) == (0, 0, None)
