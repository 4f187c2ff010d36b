"""What is wrong is named by row, column and reason, and one wrong row keeps all others out."""

import io
import zipfile

import pytest
from django.db import transaction

from core.errors import Refused
from core.models import AuditEvent
from core.xlsx.reading import read
from dossiers.models import Dossier
from enterprises.actions import add_representative
from enterprises.models import Enterprise
from exchange import actions, exporting, writing_job
from exchange.models import Import
from products.models import Product
from tests.exchange.test_round_trip import NEW_ENTERPRISE, NEW_PRODUCT, paper
from tests.story import tax_code


def test_one_bad_row_and_nothing_is_written(office):
    rows = [NEW_ENTERPRISE | {"tax_code": tax_code(n)} for n in range(40, 45)]
    made = office.preview("enterprises", office.workbook("enterprises", *rows, rows[0] | {"tax_code": "123"}))

    assert made.counts == {"error": 1, "new": 5, "changed": 0, "same": 0}
    with pytest.raises(Refused, match="Nothing can be written"):
        office.confirm(made)
    assert Enterprise.objects.count() == 0


@pytest.mark.parametrize(
    ("facts", "column", "words"),
    [
        ({"tax_code": "123"}, "Tax code", "A tax code has ten digits"),
        ({"tax_code": ""}, "Tax code", "Enter the tax code."),
        ({"tax_code": tax_code(40)[:9] + str((int(tax_code(40)[9]) + 1) % 10)}, "Tax code", "The tenth digit"),
        ({"name_vi": ""}, "Name of the enterprise", "Enter the name of the enterprise."),
        ({"name_vi": "a" * 201}, "Name of the enterprise", "200"),
        ({"form": "LLC"}, "Legal form", "“LLC” is not a legal form of the list."),
        ({"ward": "Phường Không Có"}, "Ward or commune", "“Phường Không Có” is not a ward or commune of today."),
        ({"zone": "Khu X"}, "Industrial zone or cluster", "“Khu X” is not an industrial zone"),
        ({"phone": "12"}, "Telephone", "This is not a telephone number."),
        ({"website": "không phải"}, "Website", "This is not a web address."),
        ({"founded_year": "12"}, "Year founded", "Enter a year of four digits"),
        ({"workers": "nhiều"}, "Workers", "“nhiều” is not a whole number."),
        ({"workers": "-1"}, "Workers", "0"),
        ({"name_vi": "C«ng ty Hµ Néi"}, "Name of the enterprise", "The text is typed in an old font"),
    ],
)
def test_a_wrong_cell_of_an_enterprise(office, facts, column, words):
    ((row, named, said),) = office.errors("enterprises", NEW_ENTERPRISE | facts)

    assert (row, named) == (2, column)
    assert words in said


def test_a_new_enterprise_needs_its_facts_also_when_their_columns_are_missing(office):
    errors = office.errors("enterprises", {"tax_code": tax_code(40), "name_vi": "A"})

    assert {e[1] for e in errors} >= {"Legal form", "Ward or commune", "Telephone"}


def test_the_same_enterprise_twice_in_one_file(office):
    errors = office.errors("enterprises", NEW_ENTERPRISE, NEW_ENTERPRISE | {"tax_code": f" {tax_code(40)}-001"})

    assert errors == [(3, "Tax code", "Row 2 of this file is about the same. Keep one of them.")]


def test_a_ward_name_that_two_wards_bear_is_asked_back(office):
    from reference.models import Ward

    for code, kind in (("00010", "Phường"), ("00011", "Xã")):
        Ward.objects.create(code=code, type_vi=kind, type_en="Ward", name_vi="Đôi", name_en="Doi",
                            full_name_vi=f"{kind} Đôi", sort_key="z", valid_from=office.story.now.date())  # fmt: skip

    ((_row, _column, said),) = office.errors("enterprises", NEW_ENTERPRISE | {"ward": "Đôi"})
    assert said == "“Đôi” can mean 2 things. Enter the code."
    assert office.errors("enterprises", NEW_ENTERPRISE | {"ward": "Xã Đôi"}) == []


@pytest.mark.parametrize(
    ("facts", "column", "words"),
    [
        ({"tax_code": tax_code(41)}, "Tax code", "Import the enterprises first."),
        ({"name_vi": ""}, "Product name in Vietnamese", "Enter the name of the product."),
        ({"sector": "Nghề lạ"}, "Sector of the programme", "“Nghề lạ” is not a sector of the programme."),
        ({"industry": "9999"}, "Industry class (VSIC 2025)", "“9999” is not a four-digit class"),
        ({"hs_code": "123"}, "HS code", "An HS code has 4, 6, 8 or 10 digits"),
        ({"id": "77"}, "Product number", "This enterprise has no product with this number."),
    ],
)
def test_a_wrong_cell_of_a_product(office, facts, column, words):
    office.bring_in("enterprises", NEW_ENTERPRISE)

    errors = office.errors("products", NEW_PRODUCT | facts)

    assert [(e[0], e[1]) for e in errors] == [(2, column)]
    assert words in errors[0][2]


def test_the_same_product_twice_in_one_file(office):
    office.bring_in("enterprises", NEW_ENTERPRISE)

    errors = office.errors("products", NEW_PRODUCT, NEW_PRODUCT | {"name_vi": "GIẤY bao gói"})

    assert [e[0] for e in errors] == [3]


@pytest.mark.parametrize(
    ("facts", "column", "words"),
    [
        ({"product": "Không có"}, "Product", "Import the products first."),
        ({"track": "Đường tắt"}, "Track", "“Đường tắt” is not a track of the programme."),
        ({"track": ""}, "Track", "Choose the track."),
        ({"received_at": "hôm qua"}, "Received at", "“hôm qua” is not a time."),
        ({"received_at": "09:00 01/01/2020"}, "Received at", "Registration for 2026 opens at"),
        ({"received_at": "09:00 01/01/2099"}, "Received at", "The time of receipt lies in the future."),
        ({"officer": "ai-do@kip.test"}, "Officer (mail address)", "No officer of the Department has this mail"),
        ({"contact_email": "không"}, "Email of the contact person", "This is not an email address."),
        ({"number": "H26-1"}, "Dossier number", "This enterprise has no dossier with this number in this season."),
    ],
)
def test_a_wrong_cell_of_a_dossier(office, facts, column, words):
    office.bring_in("enterprises", NEW_ENTERPRISE)
    office.bring_in("products", NEW_PRODUCT)

    errors = office.errors("dossiers", paper(office.story) | facts)

    assert [(e[0], e[1]) for e in errors] == [(2, column)]
    assert words in errors[0][2]


def test_a_draft_of_the_enterprise_is_not_filed_by_the_department(office):
    draft = office.story.draft("clerk")

    ((_row, _column, said),) = office.errors(
        "dossiers", paper(office.story, tax_code=draft.enterprise.tax_code, product=draft.product.name_vi)
    )
    assert "has begun this dossier online" in said


def test_nobody_imports_what_concerns_the_own_enterprise(office):
    enterprise = office.story.enterprise("clerk")
    add_representative(enterprise=enterprise, user=office.story.officer, by=None, at=office.story.tick())

    ((_row, _column, said),) = office.errors("enterprises", {"tax_code": enterprise.tax_code, "street": "Số 9"})
    assert "You act for this enterprise yourself." in said


def test_what_the_council_was_shown_is_not_changed(office):
    (dossier,) = office.story.scoring()
    code, name = dossier.enterprise.tax_code, dossier.product.name_vi

    ((_row, column, said),) = office.errors(
        "enterprises", {"tax_code": code, "workers": "9", "phone": "024 9999 0000"}
    )
    assert (column, "is with the council" in said) == ("Workers", True)
    assert office.errors("enterprises", {"tax_code": code, "phone": "024 9999 0000"}) == []
    row = {"tax_code": code, "name_vi": name, "summary_vi": "Khác"}
    assert "is with the council" in office.errors("products", row)[0][2]
    row = {"number": dossier.number, "tax_code": code, "product": name, "officer": "officer@kip.test"}
    assert office.preview("dossiers", office.workbook("dossiers", row)).counts["same"] == 1


# --- the whole file -----------------------------------------------------------------------------------
def test_the_workbook_of_another_table_or_season_is_refused(office):
    with pytest.raises(Refused, match="This workbook is of the table “Enterprises”"):
        office.preview("products", office.workbook("products", NEW_PRODUCT, keys={"kind": "enterprises"}))
    with pytest.raises(Refused, match="This workbook is of the season 2025, not of 2026"):
        office.preview("dossiers", office.workbook("dossiers", paper(office.story), keys={"season": "2025"}))


def test_more_rows_than_one_import_takes_are_refused(office, monkeypatch):
    monkeypatch.setattr(actions, "MAX_ROWS", 1)
    rows = [NEW_ENTERPRISE | {"tax_code": tax_code(n)} for n in (40, 41)]

    with pytest.raises(Refused, match="at most 1 are read at once"):
        office.preview("enterprises", office.workbook("enterprises", *rows))


def test_the_copy_with_errors_marks_the_cells_and_reads_back_to_the_same_errors(office):
    rows = [NEW_ENTERPRISE, NEW_ENTERPRISE | {"tax_code": tax_code(41), "ward": "Phường Không Có"}]
    content = office.workbook("enterprises", *rows)
    made = office.preview("enterprises", content)

    copy = exporting.returned(made, content, office.story.now)

    with zipfile.ZipFile(io.BytesIO(copy)) as package:
        notes = package.read("xl/comments1.xml").decode()
    assert "“Phường Không Có” is not a ward or commune of today." in notes
    assert [e["row"] for e in office.preview("enterprises", copy).errors()] == [3]
    assert len(read(copy, office.columns("enterprises")).rows) == 2


# --- the registry moves on ----------------------------------------------------------------------------
def test_a_change_under_the_preview_is_shown_and_not_overwritten(office):
    enterprise = office.story.enterprise("clerk")
    made = office.preview(
        "enterprises", office.workbook("enterprises", {"tax_code": enterprise.tax_code, "street": "A"})
    )
    Enterprise.objects.filter(pk=enterprise.pk).update(street="B")

    again = office.confirm(made)

    assert again.state == "preview"
    fresh = actions.show_anew(made=again, by=office.story.officer, at=office.story.tick())
    assert fresh.rows[0]["changes"][0]["old"] == "B"
    assert fresh.basis != made.basis
    assert office.written(fresh).state == "done"
    enterprise.refresh_from_db()
    assert enterprise.street == "A"


def test_a_basis_that_was_not_shown_confirms_nothing(office):
    made = office.preview("enterprises", office.workbook("enterprises", NEW_ENTERPRISE))

    again = actions.confirm(made=made, basis="0" * 64, by=office.story.officer, at=office.story.tick())

    assert again.state == "preview"


def test_a_change_between_confirmation_and_job_leaves_everything_as_it_is(office):
    enterprise = office.story.enterprise("clerk")
    known = next(row for row in office.rows("enterprises") if row["tax_code"] == enterprise.tax_code)
    rows = [known | {"street": "A"}, NEW_ENTERPRISE]
    made = office.preview("enterprises", office.workbook("enterprises", *rows))
    assert made.counts == {"error": 0, "new": 1, "changed": 1, "same": 0}
    office.confirm(made)
    Enterprise.objects.filter(pk=enterprise.pk).update(street="B")

    writing_job.finish({"import": made.pk}, None, office.story.tick())

    made.refresh_from_db()
    assert made.state == "refused"
    assert "The registry has changed" in made.reasons[0]
    assert Enterprise.objects.count() == 1


def test_a_refusal_of_one_row_undoes_the_rows_before_it(office, monkeypatch):
    rows = [NEW_ENTERPRISE | {"tax_code": tax_code(n)} for n in (40, 41, 42)]
    made = office.preview("enterprises", office.workbook("enterprises", *rows))
    office.confirm(made)
    from exchange.kinds import enterprises

    real, calls = enterprises.record_enterprise, []

    def third_refuses(**facts):
        calls.append(facts)
        if len(calls) == 3:
            raise Refused("Hết chỗ.")
        return real(**facts)

    monkeypatch.setattr(enterprises, "record_enterprise", third_refuses)
    writing_job.finish({"import": made.pk}, None, office.story.tick())

    made.refresh_from_db()
    assert made.reasons == ["Row 4 (Công ty TNHH Giấy): Hết chỗ."]
    assert Enterprise.objects.count() == 0
    assert not AuditEvent.objects.filter(act="enterprise.recorded").exists()


def test_whoever_lost_the_role_meanwhile_writes_nothing(office):
    from accounts.models import RoleGrant

    made = office.preview("enterprises", office.workbook("enterprises", NEW_ENTERPRISE))
    office.confirm(made)
    RoleGrant.objects.filter(user=office.story.officer).update(withdrawn_at=office.story.tick())

    writing_job.finish({"import": made.pk}, None, office.story.tick())

    made.refresh_from_db()
    assert (made.state, Enterprise.objects.count()) == ("refused", 0)


def test_the_job_done_twice_writes_once(office):
    made = office.preview("enterprises", office.workbook("enterprises", NEW_ENTERPRISE))
    office.written(made)
    with transaction.atomic():
        writing_job.finish({"import": made.pk}, None, office.story.tick())

    assert Enterprise.objects.count() == 1
    assert Import.objects.get().state == "done"
    assert (Product.objects.count(), Dossier.objects.count()) == (0, 0)
