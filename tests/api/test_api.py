import json
import re

import pytest
from django.conf import settings
from django.core.cache import cache
from django.core.management import call_command

from certificates import serial
from reference.models import Ward
from registry.models import PublishedProduct
from tests.registry.factories import expire, issue, make_enterprise, make_product, order, recognise, withdraw

pytestmark = pytest.mark.django_db

LISTS = ["recognitions", "products", "enterprises", "seasons", "sectors", "wards"]


def ask(client, path: str, status: int = 200, **headers: str):
    response = client.get(f"/api/v1/{path}", headers=headers)
    assert response.status_code == status, response.content
    return response.json()


def problem(client, path: str, status: int):
    response = client.get(f"/api/v1/{path}")
    body = response.json()
    assert response.status_code == status
    assert response["Content-Type"] == "application/problem+json"
    assert body["status"] == status
    assert set(body) == {"type", "title", "status", "code", "detail", "errors"}
    return body


# --- shape ---------------------------------------------------------------------------------------------
def test_the_root_lists_every_resource_and_each_answers(client):
    body = ask(client, "")

    assert set(LISTS) < set(body)
    for name in [*LISTS, "openapi", "documentation"]:
        assert client.get("/" + body[name].split("/", 3)[3]).status_code == 200, name


@pytest.mark.parametrize("name", LISTS)
def test_a_list_of_an_empty_registry_is_empty_and_of_one_shape(client, name):
    body = ask(client, name)

    assert set(body) == {"count", "next", "previous", "results"}
    assert body["count"] == len(body["results"]) == 0


@pytest.mark.parametrize("name", LISTS)
def test_a_slash_at_the_end_is_forgiven(client, name):
    assert client.get(f"/api/v1/{name}/").status_code == 200


@pytest.mark.parametrize("path", ["", *LISTS, "recognitions/1", "products/1", "certificates/x", "nothing"])
def test_every_answer_is_open_to_everyone_and_to_other_sites(client, path):
    response = client.get(f"/api/v1/{path}")

    assert response.status_code in (200, 404)
    assert response["Access-Control-Allow-Origin"] == "*"
    assert "Location" not in response


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_nothing_can_be_written(client, method):
    response = getattr(client, method)("/api/v1/products")

    assert response.status_code == 405
    assert response.json()["code"] == "method"


def test_a_recognition_has_exactly_these_fields(client):
    product = make_product()
    [recognition] = recognise(product, top10=(product,))
    certificate = issue(recognition)

    [row] = ask(client, "recognitions")["results"]

    published = PublishedProduct.objects.get()
    assert row == {
        "id": recognition.pk,
        "product": {
            "id": published.pk,
            "name_vi": "Đèn LED SángTô",
            "name_en": "SangTo LED lamp",
            "url": f"{settings.SITE_URL}/san-pham/{published.pk}-den-led-sangto/",
        },
        "enterprise": {
            "id": published.enterprise_id,
            "name_vi": published.enterprise.name_vi,
            "name_en": "Song To Lighting JSC",
        },
        "sector": {
            "code": "electrical",
            "name_vi": "Công nghiệp điện, điện tử",
            "name_en": "Electrical and electronics",
        },
        "season": 2026,
        "is_top10": True,
        "status": "valid",
        "valid_from": recognition.valid_from.isoformat(),
        "valid_to": recognition.valid_to.isoformat(),
        "decision": {"number": "2026/QĐ-UBND", "signed_date": recognition.valid_from.isoformat()},
        "certificate_serial": certificate.serial,
        "verify_url": f"{settings.SITE_URL}/v/{certificate.serial}",
        "is_demo": False,
    }
    assert ask(client, f"recognitions/{recognition.pk}") == row


def test_a_serial_is_told_only_when_the_paper_exists(client):
    [recognition] = recognise(make_product())
    order(recognition)

    row = ask(client, f"recognitions/{recognition.pk}")

    assert row["certificate_serial"] is None
    assert row["verify_url"] is None


def test_a_product_has_its_recognitions_the_newest_first(client):
    product = make_product()
    [old] = recognise(product, year=2022)
    recognise(product, year=2026)
    expire(old)

    row = ask(client, "products")["results"][0]

    assert row["status"] == "valid"
    assert [(r["season"], r["status"]) for r in row["recognitions"]] == [(2026, "valid"), (2022, "expired")]
    assert ask(client, f"products/{row['id']}") == row


def test_an_answer_says_nothing_private(client):
    product = make_product(enterprise=make_enterprise("Công ty Thử"))
    [recognition] = recognise(product)
    issue(recognition)
    make_product("Máy bí mật")
    secrets = [product.enterprise.tax_code, "Trần Văn Kín", "024 0000 0000", "bí mật", "source_id", "sort_key"]

    for name in LISTS:
        body = json.dumps(ask(client, name), ensure_ascii=False)
        assert not [secret for secret in secrets if secret in body], name


def test_seasons_keep_what_others_report_apart_from_what_was_decided_here(client):
    call_command("load_reference", verbosity=0)
    product = make_product()
    recognise(product, year=2026, top10=(product,))

    rows = {row["year"]: row for row in ask(client, "seasons")["results"]}

    assert rows[2026]["reported"] is None
    assert rows[2026]["registry"]["products"] == 1
    assert rows[2026]["registry"]["top10"] == 1
    assert rows[2021]["registry"] is None
    assert rows[2021]["reported"]["recognised_products"] == 46
    assert len(rows[2021]["reported"]["sources"]) == 3


# --- filters -------------------------------------------------------------------------------------------
@pytest.fixture
def three():
    """One valid Top 10 lamp of 2026, one expired pump of 2022, one revoked loom of 2024."""
    lamp, pump = make_product("Đèn LED"), make_product("Máy bơm", sector="mechanical", name_en="Pump")
    loom = make_product("Máy dệt", sector="textile", name_en="Loom")
    recognise(lamp, year=2026, top10=(lamp,))
    [old] = recognise(pump, year=2022)
    [gone] = recognise(loom, year=2024)
    expire(old)
    withdraw(gone)


@pytest.mark.parametrize("resource", ["recognitions", "products"])
@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", {"Đèn LED", "Máy bơm", "Máy dệt"}),
        ("q=den+led", {"Đèn LED"}),
        ("q=may", {"Máy bơm", "Máy dệt"}),
        ("year=2026", {"Đèn LED"}),
        ("year=2026&year=2022", {"Đèn LED", "Máy bơm"}),
        ("sector=mechanical", {"Máy bơm"}),
        ("status=valid", {"Đèn LED"}),
        ("status=expired", {"Máy bơm"}),
        ("status=revoked", {"Máy dệt"}),
        ("status=expired&status=revoked", {"Máy bơm", "Máy dệt"}),
        ("top10=true", {"Đèn LED"}),
        ("top10=false", {"Máy bơm", "Máy dệt"}),
        ("year=2005", set()),
    ],
)
def test_filters_mean_what_they_say(client, three, resource, query, names):
    rows = ask(client, f"{resource}?{query}")["results"]

    found = {row["product"]["name_vi"] if resource == "recognitions" else row["name_vi"] for row in rows}
    assert found == names


@pytest.mark.parametrize(
    ("query", "parameter", "code"),
    [
        ("statuss=valid", "statuss", "unknown_parameter"),
        ("status=good", "status", "invalid_choice"),
        ("sector=moon", "sector", "invalid_choice"),
        ("year=abc", "year", "invalid_choice"),
        ("year=1999", "year", "invalid_choice"),
        ("top10=yes", "top10", "invalid_choice"),
        ("ordering=price", "ordering", "invalid_choice"),
        ("page_size=many", "page_size", "invalid"),
        ("page=0", "page", "invalid"),
        ("q=%00", "q", "null_characters_not_allowed"),
        ("product__enterprise__tax_code=1", "product__enterprise__tax_code", "unknown_parameter"),
    ],
)
def test_what_is_not_understood_is_refused_by_name(client, three, query, parameter, code):
    body = problem(client, f"recognitions?{query}", 400)

    assert [(e["parameter"], e["code"]) for e in body["errors"]] == [(parameter, code)]
    assert body["code"] == "invalid"


@pytest.mark.parametrize("name", ["sectors", "wards", "seasons", ""])
def test_resources_without_filters_refuse_every_filter(client, name):
    assert problem(client, f"{name}?q=den", 400)["errors"][0]["parameter"] == "q"


def test_the_order_can_be_chosen(client, three):
    names = [row["name_vi"] for row in ask(client, "products?ordering=name")["results"]]
    seasons = [row["season"] for row in ask(client, "recognitions?ordering=season")["results"]]

    assert names == ["Đèn LED", "Máy bơm", "Máy dệt"]
    assert seasons == [2022, 2024, 2026]


def test_walking_from_page_to_page_meets_every_row_once(client):
    recognise(*[make_product(f"Sản phẩm {n}") for n in range(5)])

    seen, path = [], "recognitions?page_size=2"
    while path:
        body = ask(client, path)
        seen += [row["id"] for row in body["results"]]
        path = body["next"] and body["next"].split("/api/v1/")[1]

    assert len(seen) == len(set(seen)) == body["count"] == 5


def test_a_page_holds_at_most_two_hundred_rows(client):
    call_command("load_reference", verbosity=0)

    assert len(ask(client, "wards?page_size=1000")["results"]) == 126
    assert len(ask(client, "wards")["results"]) == 50
    assert Ward.objects.count() == 126


def test_a_page_that_does_not_exist_is_not_found(client):
    assert problem(client, "recognitions?page=9", 404)["code"] == "unknown"


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(
    ("name", "queries"), [("recognitions", 3), ("products", 3), ("enterprises", 2), ("seasons", 3)]
)
def test_a_list_needs_as_many_queries_for_three_rows_as_for_one(
    client, rows, name, queries, django_assert_num_queries
):
    for recognition in recognise(*[make_product(f"Sản phẩm {n}") for n in range(rows)]):
        issue(recognition)

    with django_assert_num_queries(queries):
        ask(client, name)


# --- certificates --------------------------------------------------------------------------------------
def test_a_certificate_tells_what_holds_and_where_its_paper_is(client):
    [recognition] = recognise(make_product())
    certificate = issue(recognition)

    body = ask(client, f"certificates/{certificate.serial.lower()}")

    assert body["serial"] == certificate.serial
    assert (body["kind"], body["status"], body["revoked"]) == ("product", "valid", None)
    assert body["sha256"] == certificate.file_id
    assert body["pdf_url"].endswith(f"/v/{certificate.serial}/pdf")
    assert client.get("/" + body["pdf_url"].split("/", 3)[3]).status_code == 200


def test_a_revocation_changes_the_answer_at_once(client):
    [recognition] = recognise(make_product())
    certificate = issue(recognition)
    before = client.get(f"/api/v1/certificates/{certificate.serial}")

    withdraw(recognition)

    after = client.get(f"/api/v1/certificates/{certificate.serial}", headers={"If-None-Match": before["ETag"]})
    assert after.status_code == 200
    assert after.json()["status"] == "revoked"
    assert after.json()["revoked"]["ground"] == "false_data"
    assert after.json()["revoked"]["document"] == "99/QĐ-UBND"
    assert ask(client, f"recognitions/{recognition.pk}")["status"] == "revoked"


def test_a_certificate_that_ended_by_date_is_expired(client):
    [recognition] = recognise(make_product())
    certificate = issue(recognition)
    expire(recognition)

    assert ask(client, f"certificates/{certificate.serial}")["status"] == "expired"


def test_a_certificate_without_a_paper_has_no_digest(client):
    [recognition] = recognise(make_product())

    body = ask(client, f"certificates/{order(recognition).serial}")

    assert (body["sha256"], body["pdf_url"], body["issued_at"]) == (None, None, None)


def test_a_mistyped_serial_is_told_from_an_unknown_one(client):
    unknown = serial.make(2026, 999)

    assert problem(client, f"certificates/{unknown}", 404)["code"] == "unknown"
    assert (
        problem(client, f"certificates/{unknown[:-1]}{'A' if unknown[-1] != 'A' else 'B'}", 404)["code"] == "mistyped"
    )


# --- manners -------------------------------------------------------------------------------------------
def test_an_unchanged_answer_is_not_sent_twice(client):
    recognise(make_product())
    first = client.get("/api/v1/products")

    second = client.get("/api/v1/products", headers={"If-None-Match": first["ETag"]})

    assert second.status_code == 304
    assert second.content == b""


def test_errors_speak_the_language_of_the_client(client):
    vi = client.get("/api/v1/products?x=1", headers={"Accept-Language": "vi"}).json()
    en = client.get("/api/v1/products?x=1", headers={"Accept-Language": "en"}).json()

    assert vi["title"] == "Không hiểu yêu cầu"
    assert en["title"] == "The request was not understood"
    assert vi["code"] == en["code"]


def test_an_address_that_is_no_resource_is_a_problem_and_not_a_page(client):
    assert problem(client, "dossiers", 404)["code"] == "unknown"
    assert problem(client, "products/999999999999999999999", 404)["code"] == "unknown"
    assert problem(client, "products/abc", 404)["code"] == "unknown"


def test_too_many_requests_are_put_off_with_a_time(client, monkeypatch):
    from api.throttling import KindThrottle

    monkeypatch.setattr(KindThrottle, "THROTTLE_RATES", {"anon": "2/min"})
    for _number in range(2):
        ask(client, "sectors")

    response = client.get("/api/v1/sectors")

    assert response.status_code == 429
    assert response.json()["code"] == "throttled"
    assert int(response["Retry-After"]) > 0


def test_a_forged_forwarding_header_does_not_escape_the_count(client, monkeypatch):
    from api.throttling import KindThrottle

    monkeypatch.setattr(KindThrottle, "THROTTLE_RATES", {"anon": "1/min"})
    ask(client, "sectors", **{"X-Forwarded-For": "10.0.0.1"})

    assert client.get("/api/v1/sectors", headers={"X-Forwarded-For": "10.0.0.2"}).status_code == 429


def test_the_api_answers_when_the_cache_is_down(client, monkeypatch):
    def broken(*args, **kwargs):
        raise ConnectionError

    monkeypatch.setattr(cache, "get", broken)
    monkeypatch.setattr(cache, "set", broken)

    ask(client, "products")


# --- description ---------------------------------------------------------------------------------------
def test_the_description_is_sound_and_leaves_no_warning(tmp_path):
    call_command("spectacular", validate=True, fail_on_warn=True, file=str(tmp_path / "schema.yaml"))


def test_the_description_names_every_resource_and_every_filter(client):
    body = ask(client, "openapi.json")

    assert body["openapi"].startswith("3.1")
    assert {f"/api/v1/{name}" for name in LISTS} <= set(body["paths"])
    assert all(re.match(r"^/api/v1/[a-z-]*(/\{[a-z_]+\})?$", path) for path in body["paths"])
    assert all(list(item) == ["get"] for item in body["paths"].values())
    named = {p["name"] for p in body["paths"]["/api/v1/recognitions"]["get"]["parameters"]}
    assert named == {"q", "year", "sector", "status", "top10", "ordering", "page", "page_size"}


@pytest.mark.parametrize(
    ("path", "query"), [("recognitions", ""), ("products", ""), ("enterprises", ""), ("seasons", ""), ("sectors", "")]
)
def test_an_answer_has_exactly_the_fields_that_the_description_names(client, path, query):
    call_command("load_reference", verbosity=0)
    [recognition] = recognise(make_product())
    issue(recognition)
    schema = ask(client, "openapi.json")

    page = schema["paths"][f"/api/v1/{path}"]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    page = schema["components"]["schemas"][page["$ref"].split("/")[-1]]
    row = schema["components"]["schemas"][page["properties"]["results"]["items"]["$ref"].split("/")[-1]]

    assert set(ask(client, path)["results"][0]) == set(row["properties"])


@pytest.mark.parametrize(("language", "words"), [("vi", "Tài liệu API"), ("en", "API documentation")])
def test_the_documentation_shows_every_endpoint_with_an_example_and_loads_nothing_from_elsewhere(
    client, language, words
):
    html = client.get(f"/api/docs/?lang={language}").content.decode()

    assert words in html
    for path in ask(client, "openapi.json")["paths"]:
        assert f"<code>{path}</code>" in html
    assert html.count("<pre") >= 12
    loaded = re.findall(r'<(?:script|link|img|iframe)[^>]*(?:src|href)="(https?://[^"]+)"', html)
    assert all(address.startswith(settings.SITE_URL) for address in loaded)


def test_every_kind_of_problem_is_explained_where_its_type_points(client):
    html = client.get("/api/docs/").content.decode()

    for path, status in [("products?x=1", 400), ("nothing", 404), ("certificates/x", 404)]:
        anchor = problem(client, path, status)["type"].split("#")[1]
        assert f'id="{anchor}"' in html
