"""A form of a dossier: when it can be made, what stops it, that it is made once and kept byte for byte."""

import io
from datetime import timedelta

import pytest
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from docx import Document

from core.errors import Refused
from core.models import AuditEvent, NumberBook
from dossiers import actions as dossiers
from dossiers import queries as dossier_queries
from dossiers.models import Dossier
from onestop import actions, collecting, possible
from onestop.kinds import BY_CODE, OF_A_DOSSIER
from onestop.models import OfficeForm

pytestmark = [pytest.mark.django_db, pytest.mark.pdf]


def whole(dossier):
    return dossier_queries.whole().get(pk=dossier.pk)


def make(story, dossier, form, by=None, **typed):
    typed = {name.replace("_", " "): value for name, value in typed.items()}
    return actions.make_form(form=form, dossier=dossier, typed=typed, by=by or story.officer, at=story.tick())


def words_of(made):
    from core import files

    document = Document(io.BytesIO(files.read(made.docx_id)))
    found = [paragraph.text for paragraph in document.paragraphs]
    for table in document.tables:
        found += [cell.text for row in table.rows for cell in row.cells]
    return "\n".join(found)


# --- when ---------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("stage", "open_forms"),
    [
        ("submitted", {"01", "04", "06"}),
        ("checking", {"01", "04", "06"}),
        ("supplement", {"01", "02", "06"}),
        ("eligible", {"01", "06"}),
    ],
)
def test_each_stage_has_its_forms(story, stage, open_forms):
    dossier = whole(getattr(story, stage)())

    found = {kind.code: possible.obstacles(kind, dossier, story.tick()) for kind in OF_A_DOSSIER}

    assert {code for code, reasons in found.items() if not reasons} == open_forms
    assert all(len(reasons) == 1 and reasons[0].endswith(".") for reasons in found.values() if reasons)


def test_a_draft_has_no_form(story):
    draft = story.draft()

    with pytest.raises(Http404):
        make(story, draft, "01")
    assert not OfficeForm.objects.exists()


def test_the_notice_of_the_end_comes_with_a_withdrawal_or_a_term_that_passed(story):
    kind = BY_CODE["05"]
    late = whole(story.supplement())
    assert possible.obstacles(kind, late, story.tick())
    assert possible.obstacles(kind, late, story.tick(days=20)) == []

    gone = story.submitted("clerk-2")
    dossiers.withdraw(dossier=gone, by=story.person("clerk-2"), at=story.tick())
    made = make(story, gone, "05", lý_do_dừng=possible.stop_reason(whole(gone)))
    assert "tổ chức đề nghị rút hồ sơ." in words_of(made)


def test_the_apology_is_proposed_once_the_check_is_late(story):
    dossier, kind = whole(story.checking()), BY_CODE["04"]

    assert not possible.is_proposed(kind, dossier, story.tick())
    assert possible.is_proposed(kind, dossier, story.tick(days=60))


# --- what it says -------------------------------------------------------------------------------------
def test_the_receipt_names_papers_dates_and_who_received(story):
    dossier = story.submitted()
    said = words_of(make(story, dossier, "01"))

    for words in (dossier.number, dossier.enterprise.name_vi, dossier.enterprise.tax_code, dossier.product.name_vi):
        assert words in said
    assert "trực tuyến" in said
    assert collecting.BY_SYSTEM in said
    assert "Ảnh sản phẩm\n3" in said
    assert collecting.legal_moment(dossier.submitted_at) in said
    assert dossier.track_code in said


def test_the_date_of_the_receipt_stays_after_a_supplement(story):
    from reference.queries import holidays

    dossier = story.supplement()
    first = collecting.first_due(whole(dossier), holidays())
    story.tick(days=3)
    story.attach(dossier, "quality_certificates", content=b"%PDF-1.4 new")
    dossiers.answer_supplement(dossier=dossier, by=story.person("clerk"), at=story.tick())

    clock = dossier_queries.clock_of(whole(dossier))
    assert collecting.first_due(whole(dossier), holidays()) == first
    assert clock.due > first


def test_the_request_lists_the_defects_with_reason_and_term(story):
    dossier = story.supplement()
    said = words_of(make(story, dossier, "02"))

    assert "Chứng nhận ISO đã hết hạn." in said
    assert "Hết hiệu lực" in said
    assert "Đề nghị bổ sung." in said
    assert collecting._dated(dossier.supplements.get().due_date) in said


def test_the_refusal_carries_the_reason_the_applicant_reads(story):
    dossier = story.checking()
    dossiers.refuse(dossier=dossier, reason="Không phải sản phẩm công nghiệp.", by=story.officer, at=story.tick())
    made = make(story, dossier, "03", căn_cứ="Quy chế, Điều 4", người_ký="Lê Thị Ký")

    said = words_of(made)
    assert "Không phải sản phẩm công nghiệp." in said
    assert "Căn cứ: Quy chế, Điều 4" in said
    assert "Hướng dẫn:" not in said
    assert made.fields["người ký"] == "Lê Thị Ký"


def test_the_control_sheet_lists_every_step_with_its_days(story):
    dossier = story.checking()
    story.tick(days=4)
    made = make(story, dossier, "06")

    steps = made.fields["bước"]
    assert [step["tên bước"] for step in steps] == ["Nộp hồ sơ trực tuyến", "Nhận kiểm tra", "Đang thẩm định"]
    assert steps[-1]["đến lúc"] == "đang thực hiện"
    assert int(steps[-1]["số ngày"]) == 4


def test_a_page_in_english_makes_a_paper_in_vietnamese(story):
    from django.utils import translation

    dossier = story.supplement()
    with translation.override("en"):
        made = make(story, dossier, "02")

    assert made.fields["nội dung"][0]["lý do"] == "Hết hiệu lực"
    assert "Chứng nhận hệ thống chất lượng và sản phẩm" in words_of(made)


# --- what stops it ------------------------------------------------------------------------------------
def test_a_missing_field_stops_the_run_and_is_named(story, client):
    dossier = story.checking()
    with pytest.raises(actions.Missing) as stopped:
        make(story, dossier, "04", lý_do_chậm="Chờ giám định.")

    assert stopped.value.reasons == ["Mẫu 04 thiếu: {ngày hẹn lại}"]
    assert not OfficeForm.objects.exists()
    assert not NumberBook.objects.filter(book__startswith="form-").exists()

    type(dossier.enterprise).objects.filter(pk=dossier.enterprise_id).update(street="")
    client.force_login(story.officer)
    page = client.get(reverse("onestop:form", args=[dossier.pk, "01"])).content.decode()
    assert "Mẫu 01 thiếu: {địa chỉ}" in page
    assert reverse("dossiers:desk_enterprise", args=[dossier.enterprise_id]) in page
    assert client.post(reverse("onestop:form", args=[dossier.pk, "01"])).status_code == 409
    assert not OfficeForm.objects.exists()


def test_a_letter_that_no_font_has_stops_the_run_and_gives_the_number_back(story):
    dossier = story.checking()
    type(dossier.product).objects.filter(pk=dossier.product_id).update(name_vi="Đèn 灯")

    with pytest.raises(Refused, match="灯"):
        make(story, dossier, "01")
    assert not NumberBook.objects.filter(book__startswith="form-").exists()


# --- once ---------------------------------------------------------------------------------------------
def test_pressed_twice_it_is_one_paper_and_a_changed_matter_makes_another(story):
    dossier = story.submitted()
    first, again = make(story, dossier, "01"), make(story, dossier, "01")
    by_applicant = make(story, dossier, "01", by=story.person("clerk"))
    assert first.pk == again.pk == by_applicant.pk

    type(dossier.product).objects.filter(pk=dossier.product_id).update(name_vi="Tên mới")
    other = make(story, dossier, "01")
    assert (first.number, other.number) == (1, 2)
    events = AuditEvent.objects.filter(act="form.made").order_by("seq")
    assert [event.detail["number"] for event in events] == [1, 2]
    assert events[0].detail["pdf"] == first.pdf_id


def test_numbers_of_each_form_run_through_the_year(story):
    one, two = story.submitted("clerk-1"), story.submitted("clerk-2")

    made = [make(story, one, "01"), make(story, two, "01"), make(story, one, "06")]

    assert [(row.form, row.number, row.year) for row in made] == [("01", 1, 2026), ("01", 2, 2026), ("06", 1, 2026)]


# --- pages --------------------------------------------------------------------------------------------
def test_what_was_made_comes_back_byte_for_byte_after_the_text_has_changed(story, client):
    dossier = story.submitted()
    made = make(story, dossier, "01")
    client.force_login(story.officer)
    before = {face: client.get(reverse("onestop:file", args=[made.pk, face])).content for face in ("pdf", "docx")}
    actions.change_text(form="01", body="# Mới\n{mã hồ sơ}", seen_version=0, by=story.officer, at=story.tick())

    after = {face: client.get(reverse("onestop:file", args=[made.pk, face])) for face in ("pdf", "docx")}
    assert {face: response.content for face, response in after.items()} == before
    assert before["pdf"].startswith(b"%PDF")
    assert all("attachment" in r["Content-Disposition"] for r in after.values())
    assert all(r["X-Content-Type-Options"] == "nosniff" for r in after.values())
    shown = client.get(reverse("onestop:made", args=[made.pk])).content.decode()
    assert "GIẤY TIẾP NHẬN HỒ SƠ" in shown
    assert OfficeForm.objects.get().text_version == 0
    assert make(story, dossier, "01").text_version == 1


def test_the_officer_types_sees_and_makes_an_apology(story, client):
    dossier = story.checking()
    client.force_login(story.officer)
    page = reverse("onestop:form", args=[dossier.pk, "04"])

    wrong = client.post(page, {"t0": "01/01/2020", "t1": "Chờ <b>giám định</b>.", "t2": ""})
    assert wrong.status_code == 409
    text = wrong.content.decode()
    assert "Ngày hẹn lại phải sau hôm nay." in text
    assert "Chờ &lt;b&gt;giám định&lt;/b&gt;." in text
    assert not OfficeForm.objects.exists()

    later = f"{timezone.localdate() + timedelta(days=60):%d/%m/%Y}"
    seen = client.post(page, {"t0": later, "t1": "Chờ giám định.", "t2": "", "preview": "1"})
    assert seen.status_code == 200
    assert not OfficeForm.objects.exists()
    done = client.post(page, {"t0": later, "t1": "Chờ giám định.", "t2": ""})
    made = OfficeForm.objects.get()
    assert done["Location"] == reverse("onestop:made", args=[made.pk])
    assert "Chờ giám định." in words_of(made)


def test_the_applicant_finds_the_receipt_and_what_is_addressed_to_the_enterprise(story, client):
    dossier = story.supplement()
    control = make(story, dossier, "06")
    asked = make(story, dossier, "02")
    page = reverse("onestop:own", args=[dossier.pk])
    client.force_login(story.person("clerk"))

    assert "Lập mẫu 01" in client.get(page).content.decode()
    client.post(page)
    client.post(page)
    receipt = OfficeForm.objects.get(form="01")
    text = client.get(page).content.decode()
    assert reverse("onestop:file", args=[receipt.pk, "pdf"]) in text
    assert reverse("onestop:file", args=[asked.pk, "pdf"]) in text
    assert reverse("onestop:file", args=[control.pk, "pdf"]) not in text
    assert client.get(reverse("onestop:file", args=[asked.pk, "pdf"])).status_code == 200
    assert client.get(reverse("onestop:file", args=[control.pk, "pdf"])).status_code == 404
    assert client.get(reverse("onestop:made", args=[control.pk])).status_code == 404
    assert page in client.get(reverse("dossiers:follow", args=[dossier.pk])).content.decode()
    assert page in client.get(reverse("dossiers:receipt", args=[dossier.pk])).content.decode()


def test_the_applicant_makes_no_form_but_the_receipt(story):
    dossier = story.supplement()

    for form in ("02", "05", "06"):
        with pytest.raises(Http404):
            make(story, dossier, form, by=story.person("clerk"))
    assert not OfficeForm.objects.exists()


@pytest.mark.parametrize("who", ["visitor", "stranger", "secretary", "member", "it", "interested"])
def test_nobody_else_makes_a_form_and_the_rows_stay(story, client, who):
    dossier = story.checking()
    made = make(story, dossier, "01")
    roles = {"secretary": "secretary", "member": "member", "it": "it_officer", "interested": "officer"}
    if who != "visitor":
        user = story.person(who, roles.get(who))
        if who == "stranger":
            story.enterprise("stranger")
        if who == "interested":
            from enterprises.actions import add_representative

            add_representative(enterprise=dossier.enterprise, user=user, position="", by=user, at=story.tick())
        client.force_login(user)
    rows = [OfficeForm.objects.count(), Dossier.objects.get().stage, dossier.documents.count()]

    for name, args in (("form", [dossier.pk, "06"]), ("scan", [dossier.pk]), ("receive", [])):
        response = client.post(reverse(f"onestop:{name}", args=args), {"paper": "photos", "mst": "1"})
        if who == "interested" and name == "receive":
            assert response.status_code == 409  # an officer may receive, but reads why not here
        else:
            assert response.status_code == (302 if who == "visitor" else 404), name
    if who in ("stranger", "member", "it"):
        for name, args in (("file", [made.pk, "pdf"]), ("made", [made.pk]), ("forms", [dossier.pk])):
            assert client.get(reverse(f"onestop:{name}", args=args)).status_code == 404
        assert client.post(reverse("onestop:own", args=[dossier.pk])).status_code == 404
    assert [OfficeForm.objects.count(), Dossier.objects.get().stage, dossier.documents.count()] == rows


def test_the_pages_ask_the_same_number_of_queries_for_one_and_three_forms(
    story, client, django_assert_max_num_queries
):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    dossier = story.supplement()
    make(story, dossier, "01")
    client.force_login(story.officer)
    page = reverse("onestop:forms", args=[dossier.pk])
    client.get(page)
    with CaptureQueriesContext(
        connection,
    ) as one:
        client.get(page)
    make(story, dossier, "02")
    make(story, dossier, "06")
    with django_assert_max_num_queries(len(one)):
        text = client.get(page).content.decode()
    assert text.count("/docx/") == 3
