"""What goes out comes back as the same; what is changed in between is seen cell by cell."""

import io
import unicodedata
import zipfile
from datetime import datetime
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from python_calamine import CalamineWorkbook

from core import audit
from core.models import AuditEvent
from dossiers.models import Dossier
from enterprises.models import Enterprise
from exchange import actions
from exchange.kinds import CODES, kind_of
from products.models import Product
from reference.models import IndustrialZone, Ward
from tests.story import tax_code

KINDS = ["enterprises", "products", "dossiers"]
NEW_ENTERPRISE = {
    "tax_code": tax_code(40),
    "name_vi": "Công ty TNHH Giấy",
    "form": "Limited liability company",
    "street": "Số 2 phố Giấy",
    "ward": "Phường Ba Đình",
    "legal_representative": "Lê Thị Giấy",
    "phone": "024 1111 2222",
}
NEW_PRODUCT = {"tax_code": tax_code(40), "name_vi": "Giấy bao gói", "sector": "Handicrafts"}


def paper(story, **facts):
    return {
        "tax_code": tax_code(40),
        "product": "Giấy bao gói",
        "track": "Standard",
        "received_at": story.now.replace(second=0, microsecond=0),
    } | facts


def without_keys(content):
    """As people make their own: the hidden sheet lost its name."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(stream, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b'name="_kip"', b'name="_old"'))
    return stream.getvalue()


@pytest.fixture
def some(office):
    """Three of each, with everything that a cell can hold."""
    zone = IndustrialZone.objects.create(kind="KCN", name_vi="Khu công nghiệp Thử", name_en="Test Park", status="x",
                                         source_url="x", sort_key="x")  # fmt: skip
    for n in range(3):
        office.story.submitted(f"clerk-{n}")
    first = Enterprise.objects.order_by("pk").first()
    Enterprise.objects.filter(pk=first.pk).update(
        zone=zone, name_vi="=Công ty, “Dấu” bằng", phone="+84 24 3825 1234", website="https://thu.vn",
        founded_year=1998, workers=1234,
    )  # fmt: skip
    Product.objects.filter(enterprise=first).update(
        summary_vi="Dòng một\nDòng hai", hs_code="09011110", name_en="-5 mm"
    )
    return office


def test_there_are_three_tables():
    assert list(CODES) == KINDS


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("language", ["vi", "en"])
def test_an_export_that_is_brought_in_changes_nothing(some, kind, language):
    with translation.override(language):
        made = some.preview(kind, some.export(kind))

    assert made.errors() == []
    assert made.counts == {"error": 0, "new": 0, "changed": 0, "same": 3}


@pytest.mark.parametrize("kind", KINDS)
def test_an_export_of_one_language_is_read_on_the_pages_of_the_other(some, kind):
    with translation.override("vi"):
        content = some.export(kind)

    made = some.preview(kind, content)
    assert (made.counts["same"], made.unread) == (3, [])


@pytest.mark.parametrize("kind", KINDS)
def test_a_workbook_without_hidden_keys_is_read_by_its_headings(some, kind):
    with translation.override("vi"):
        rows = some.rows(kind)
        content = some.workbook(kind, *rows, keys={})

    made = some.preview(kind, without_keys(content))
    assert (made.counts["same"], made.unread) == (3, [])


@pytest.mark.parametrize("kind", KINDS)
def test_exports_and_plans_take_as_many_queries_for_three_rows_as_for_one(office, kind):
    def queries():
        with CaptureQueriesContext(
            connection,
        ) as export:
            content = office.export(kind)
        with CaptureQueriesContext(connection) as plan:
            table_kind, table = actions.open_table(kind, office.season_for(kind), content, office.story.now)
            table_kind.plan(table, by=office.story.officer, season=office.season_for(kind))
        return len(export), len(plan)

    office.story.submitted("clerk-0")
    queries()  # what is asked once and remembered: roles, the wall
    one = queries()
    for n in (1, 2):
        office.story.submitted(f"clerk-{n}")

    assert queries() == one


def test_an_export_narrows_to_a_season_and_a_stage(some):
    assert len(some.rows("enterprises", some.export("enterprises", season=some.story.season()))) == 3
    office_rows = some.export("dossiers", stage="submitted")
    assert len(some.rows("dossiers", office_rows)) == 3
    some.story.enterprise("without")
    assert len(some.rows("enterprises", some.export("enterprises", season=some.story.season()))) == 3
    assert len(some.rows("enterprises")) == 4


def test_an_export_keeps_back_the_dossiers_of_enterprises_that_the_person_acts_for(some):
    from enterprises.actions import add_representative

    mine = Dossier.objects.order_by("pk").first()
    add_representative(enterprise=mine.enterprise, user=some.story.officer, by=None, at=some.story.tick())

    assert mine.number not in {row["number"] for row in some.rows("dossiers")}


def test_figures_of_three_years_stand_in_the_export_as_numbers(some):
    dossier = Dossier.objects.order_by("pk").first()
    row = next(r for r in some.rows("dossiers") if r["number"] == dossier.number)

    assert row["revenue_vnd_billion_2025"] == Decimal(150)
    assert row["workers_2023"] == 200
    assert isinstance(row["received_at"], datetime)


def test_a_draft_is_no_part_of_any_export(some):
    some.story.draft("clerk-9")

    assert len(some.rows("dossiers")) == 3


# --- changes ------------------------------------------------------------------------------------------
def test_a_changed_cell_is_shown_with_old_and_new_and_written_with_its_audit_event(some):
    enterprise = Enterprise.objects.order_by("pk").last()
    made = some.preview(
        "enterprises", some.workbook("enterprises", {"tax_code": enterprise.tax_code, "street": "Số 9"})
    )

    (row,) = made.rows
    assert (row["status"], row["changes"]) == (
        "changed",
        [{"label": "House number and street, or lot in the zone", "old": "Số 1 phố Thử", "new": "Số 9"}],
    )
    assert some.written(made).state == "done"
    enterprise.refresh_from_db()
    assert enterprise.street == "Số 9"
    event = AuditEvent.objects.filter(act="enterprise.corrected").get()
    assert event.detail["changed"] == {"street": ["Số 1 phố Thử", "Số 9"]}
    assert event.actor_id == some.story.officer.pk
    assert audit.first_break() is None


def test_a_column_that_is_not_there_stays_and_an_emptied_cell_empties(some):
    enterprise = Enterprise.objects.order_by("pk").first()

    some.bring_in("enterprises", {"tax_code": enterprise.tax_code, "website": "", "zone": ""})

    enterprise.refresh_from_db()
    assert (enterprise.website, enterprise.zone, enterprise.workers) == ("", None, 1234)


def test_wards_are_known_by_name_code_and_in_nfd(some):
    Ward.objects.create(code="00008", type_vi="Phường", type_en="Ward", name_vi="Ngọc Hà", name_en="Ngoc Ha",
                        full_name_vi="Phường Ngọc Hà", sort_key="y", valid_from=some.story.now.date())  # fmt: skip
    code = Enterprise.objects.order_by("pk").first().tax_code
    for words in ("00008", "Ngọc Hà", unicodedata.normalize("NFD", " phường ngọc hà "), "Ngoc Ha ward"):
        made = some.preview("enterprises", some.workbook("enterprises", {"tax_code": code, "ward": words}))
        assert made.counts["changed"] == 1, words


def test_a_product_is_renamed_by_its_number(some):
    product = Product.objects.order_by("pk").first()
    row = {"id": str(product.pk), "tax_code": product.enterprise.tax_code, "name_vi": "Tên mới"}

    made = some.bring_in("products", row)

    product.refresh_from_db()
    assert (made.state, product.name_vi) == ("done", "Tên mới")
    assert Product.objects.count() == 3


def test_an_officer_is_given_several_dossiers(some):
    rows = [{k: r[k] for k in ("number", "tax_code", "product")} for r in some.rows("dossiers")]

    some.bring_in("dossiers", *[row | {"officer": "officer@kip.test"} for row in rows])

    assert set(Dossier.objects.values_list("officer__email", flat=True)) == {"officer@kip.test"}
    assert AuditEvent.objects.filter(act="dossier.assigned").count() == 3


def test_three_workbooks_turn_a_heap_of_paper_into_filed_dossiers(office):
    assert office.bring_in("enterprises", NEW_ENTERPRISE).state == "done"
    assert office.bring_in("products", NEW_PRODUCT | {"hs_code": "4819.10"}).state == "done"
    made = office.bring_in("dossiers", paper(office.story, contact_name="Lê Văn Giấy", officer="officer@kip.test"))

    assert (made.state, made.reasons) == ("done", [])
    dossier = Dossier.objects.get()
    assert (dossier.is_on_paper, dossier.stage, dossier.officer) == (True, "submitted", office.story.officer)
    assert dossier.number
    assert dossier.product.hs_code == "481910"
    assert dossier.contact_name == "Lê Văn Giấy"
    acts = list(AuditEvent.objects.values_list("act", flat=True))
    assert {"enterprise.recorded", "product.added", "dossier.receive_on_paper", "import.written"} <= set(acts)
    assert not dossier.enterprise.representatives.exists()


def test_a_row_of_paper_brought_in_again_is_the_same(office):
    office.bring_in("enterprises", NEW_ENTERPRISE)
    office.bring_in("products", NEW_PRODUCT)
    row = paper(office.story)
    office.bring_in("dossiers", row)

    assert office.preview("dossiers", office.workbook("dossiers", row)).counts["same"] == 1
    assert Dossier.objects.count() == 1


def test_reported_figures_are_not_changed_by_an_import(some):
    dossier = Dossier.objects.order_by("pk").first()
    row = next(r for r in some.rows("dossiers") if r["number"] == dossier.number)

    errors = some.errors("dossiers", row | {"workers_2025": 999, "stage": "Eligible, awaiting the council"})

    assert [e[1] for e in errors] == ["Stage", "Workers of the enterprise 2025 (persons at the end of the year)"]
    assert all("This is only shown." in e[2] for e in errors)


def test_the_template_has_the_columns_of_the_table_and_no_row(office):
    content = office.export("enterprises", empty=True)
    cells = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()

    labels = [c.label for c in kind_of("enterprises", None, office.story.now).columns()]
    assert [cell.removesuffix(" *") for cell in cells[0][1:]] == labels
    assert len(cells) == 1
