"""The Excel page and the page of one import, as officers and others meet them."""

import io
import threading
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from core import jobs
from core.models import Job
from core.uploads import XLSX
from enterprises.models import Enterprise
from exchange import actions
from exchange.models import Import
from tests.exchange.conftest import Office
from tests.exchange.test_round_trip import NEW_ENTERPRISE
from tests.story import Story, make_reference, tax_code


@pytest.fixture
def officer(office, client):
    client.force_login(office.story.officer)
    return client


def address(name, *args, **kwargs):
    return reverse(f"exchange:{name}", args=args, kwargs=kwargs)


def upload(content, name="bang.xlsx"):
    return {"file": SimpleUploadedFile(name, content, XLSX)}


def send(client, kind, content, name="bang.xlsx", **more):
    return client.post(address("upload", kind), upload(content, name) | more)


def text(response):
    assert response.status_code == 200
    return response.content.decode()


def test_the_page_shows_three_tables_and_the_workbooks_brought_in(office, officer):
    send(officer, "enterprises", office.workbook("enterprises", NEW_ENTERPRISE))

    shown = text(officer.get(address("excel")))

    assert [f'id="card-{code}"' in shown for code in ("enterprises", "products", "dossiers")] == [True] * 3
    assert "bang.xlsx" in shown


def test_the_page_takes_as_many_queries_for_three_imports_as_for_one(office, officer):
    def queries():
        with CaptureQueriesContext(connection) as found:
            text(officer.get(address("excel")))
        return len(found)

    office.preview("enterprises", office.workbook("enterprises", NEW_ENTERPRISE))
    one = queries()
    for _ in range(2):
        office.preview("enterprises", office.workbook("enterprises", NEW_ENTERPRISE))

    assert queries() == one


def test_the_secretary_takes_tables_out_but_brings_none_in(office, client):
    client.force_login(office.story.secretary)

    assert "Bring in" not in text(client.get(address("excel")))
    assert client.get(address("export", "products")).status_code == 200
    assert send(client, "products", office.export("products")).status_code == 404
    assert Import.objects.count() == 0


@pytest.mark.parametrize("who", ["clerk", "member", "it", "secretary"])
def test_others_find_nothing_to_bring_in_and_change_nothing(office, client, who):
    office.story.enterprise("clerk")
    wrong = office.preview("enterprises", office.workbook("enterprises", NEW_ENTERPRISE | {"ward": "Không có"}))
    fine = office.preview("enterprises", office.workbook("enterprises", NEW_ENTERPRISE))
    roles = {"member": "member", "it": "it_officer", "secretary": "secretary"}
    client.force_login(office.story.person(who, roles.get(who)))

    answers = [
        client.get(address("import", wrong.pk)),
        client.get(address("errors", wrong.pk)),
        client.post(address("confirm", fine.pk), {"basis": fine.basis}),
        send(client, "enterprises", office.workbook("enterprises", NEW_ENTERPRISE)),
    ]
    if who != "secretary":
        answers += [client.get(address(name, "enterprises")) for name in ("export", "template")]
        answers.append(client.get(address("excel")))

    assert {answer.status_code for answer in answers} == {404}
    assert set(Import.objects.values_list("state", flat=True)) == {"preview"}
    assert Import.objects.count() == 2


def test_a_visitor_is_asked_to_sign_in(office, client):
    assert client.get(address("excel")).status_code == 302
    assert client.get(address("export", "enterprises")).status_code == 302


@pytest.mark.parametrize("kind", ["enterprises", "products", "dossiers"])
@pytest.mark.parametrize("name", ["export", "template"])
def test_downloads_are_workbooks_with_a_plain_file_name(office, officer, kind, name):
    office.story.submitted()

    response = officer.get(address(name, kind), {"season": "2026"})

    assert response["Content-Type"] == XLSX
    assert response["Content-Disposition"].startswith('attachment; filename="')
    assert response["Content-Disposition"].isascii()
    assert zipfile.is_zipfile(io.BytesIO(response.content))


@pytest.mark.parametrize("query", [{"season": "1999"}, {"season": "abcd"}, {"season": "9999"}])
def test_a_season_that_is_not_there(officer, query):
    expected = 200 if query["season"] == "abcd" else 404

    assert officer.get(address("export", "enterprises"), query).status_code == expected


@pytest.mark.parametrize("name", ["export", "template"])
def test_a_table_that_is_not_there(officer, name):
    assert officer.get(address(name, "users")).status_code == 404
    assert officer.post(address("upload", "users")).status_code == 404


def test_from_upload_to_report(office, officer):
    response = send(officer, "enterprises", office.workbook("enterprises", NEW_ENTERPRISE))
    made = Import.objects.get()
    assert response.url == address("import", made.pk)
    shown = text(officer.get(response.url))
    assert "Confirm and write 1 row" in shown
    assert Enterprise.objects.count() == 0

    officer.post(address("confirm", made.pk), {"basis": made.basis})
    assert "0 of 1 rows are written" in text(officer.get(response.url))
    assert "data-waiting" in text(officer.get(response.url, headers={"X-Partial": "1"}))
    assert jobs.perform(Job.objects.get(batch=f"import-{made.pk}").pk)

    assert "1 row was written" in text(officer.get(response.url))
    assert Enterprise.objects.get().name_vi == NEW_ENTERPRISE["name_vi"]


def test_a_wrong_row_is_named_and_the_copy_with_errors_can_be_loaded(office, officer):
    send(officer, "enterprises", office.workbook("enterprises", NEW_ENTERPRISE | {"ward": "Không có"}))
    made = Import.objects.get()

    shown = text(officer.get(address("import", made.pk)))

    assert "<b>Ward or commune</b>: “Không có” is not a ward or commune of today." in shown
    assert "Confirm and write" not in shown
    response = officer.get(address("errors", made.pk))
    assert response["Content-Type"] == XLSX
    refused = officer.post(address("confirm", made.pk), {"basis": made.basis})
    assert "Nothing can be written from this file." in text(refused)
    assert Import.objects.get().state == "preview"


def test_there_is_no_copy_with_errors_where_nothing_is_wrong(office, officer):
    made = office.preview("enterprises", office.workbook("enterprises", NEW_ENTERPRISE))

    assert officer.get(address("errors", made.pk)).status_code == 404


def test_a_registry_that_moved_on_is_shown_again(office, officer):
    enterprise = office.story.enterprise("clerk")
    made = office.preview(
        "enterprises", office.workbook("enterprises", {"tax_code": enterprise.tax_code, "street": "A"})
    )
    Enterprise.objects.update(street="B")

    shown = text(officer.post(address("confirm", made.pk), {"basis": made.basis}, follow=True))

    assert "The registry has changed since the differences were shown." in shown
    assert "<del>B</del>" in shown
    assert not Job.objects.filter(kind=actions.JOB).exists()


def test_a_preview_is_shown_in_the_language_of_the_page(office, officer):
    made = office.preview("enterprises", office.workbook("enterprises", NEW_ENTERPRISE | {"ward": "Không có"}))

    shown = text(officer.get(address("import", made.pk).removeprefix("/en").replace(
        "desk/excel/imports", "lam-viec/excel/lan-nhap")))  # fmt: skip

    assert "“Không có” không phải phường, xã hiện nay." in shown
    assert Import.objects.get().language == "en"


def test_a_job_that_broke_off_can_be_tried_once_more(office, officer):
    made = office.preview("enterprises", office.workbook("enterprises", NEW_ENTERPRISE))
    office.confirm(made)
    job = Job.objects.get(batch=f"import-{made.pk}")
    Job.objects.filter(pk=job.pk).update(state="failed", finished_at=office.story.now, attempt=5)

    assert "The writing broke off; nothing was written" in text(officer.get(address("import", made.pk)))
    officer.post(address("confirm", made.pk))

    assert Job.objects.get(pk=job.pk).state == "ready"


def test_a_text_of_the_file_is_text_on_the_page(office, officer):
    send(officer, "enterprises", office.workbook("enterprises", NEW_ENTERPRISE | {"name_vi": "<script>x</script>"}))

    assert "<script>x" not in text(officer.get(address("import", Import.objects.get().pk)))


# --- files that are no workbook -----------------------------------------------------------------------
def packed(content, **extra):
    stream = io.BytesIO(content)
    with zipfile.ZipFile(stream, "a", zipfile.ZIP_DEFLATED) as package:
        for name, part in extra.items():
            package.writestr(name.replace("__", "/").replace("_dot_", "."), part)
    return stream.getvalue()


def old_office(*, encrypted):
    body = "EncryptedPackage".encode("utf-16-le") if encrypted else b"Workbook"
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + body


@pytest.mark.parametrize(
    ("name", "make", "words"),
    [
        ("bang.xlsx", lambda good: b"", "The file is empty."),
        ("bang.xlsx", lambda good: good[: len(good) // 2], "is damaged or incomplete"),
        ("bang.xlsx", lambda good: b"ten,ma\n1,2\n", "the content is something else"),
        ("bang.xlsx", lambda good: b"%PDF-1.7 x", "the content is PDF"),
        ("bang.pdf", lambda good: good, "The name says PDF"),
        ("bang.xls", lambda good: old_office(encrypted=False), "This kind of file is not accepted."),
        ("bang.xlsx", lambda good: old_office(encrypted=False), "old Word or Excel file"),
        ("bang.xlsx", lambda good: old_office(encrypted=True), "protected by a password"),
        ("bang.xlsm", lambda good: good, "The file contains macros."),
        ("bang.xlsx", lambda good: packed(good, xl__vbaProject_dot_bin=b"x"), "The file contains macros."),
        ("bang.xlsx", lambda good: packed(good, xl__more_dot_xml=b"0" * 60_000_000), "unpack to an unusual size"),
        ("bang.xlsx", lambda good: packed(good, xl__more_dot_xml=b"<x>"), "cannot be read"),
        ("bang.csv", lambda good: b"ten,ma", "This kind of file is not accepted."),
    ],
)
def test_a_file_that_is_no_workbook_is_refused_in_its_own_words(office, officer, name, make, words):
    good = office.workbook("enterprises", NEW_ENTERPRISE)

    shown = text(send(officer, "enterprises", make(good), name))

    assert words in shown.replace("&#x27;", "'")
    assert "The workbook was not read" in shown
    assert Import.objects.count() == 0


def test_no_file_at_all(officer):
    assert "Choose a workbook first." in text(officer.post(address("upload", "enterprises")))


# --- two at once --------------------------------------------------------------------------------------
@pytest.mark.django_db(transaction=True)
def test_two_confirmations_at_once_write_once(monkeypatch):
    story = Story()
    make_reference()
    office = Office(story)
    story.season()
    monkeypatch.setattr(timezone, "now", lambda: story.now)
    rows = [NEW_ENTERPRISE | {"tax_code": tax_code(n), "form": "limited"} for n in range(40, 45)]
    made = office.preview("enterprises", office.workbook("enterprises", *rows))
    officer, gate, answers = story.officer, threading.Barrier(4), []

    def press():
        client = Client()
        client.force_login(officer)
        gate.wait()
        try:
            answers.append(client.post(address("confirm", made.pk), {"basis": made.basis}).status_code)
        finally:
            connection.close()

    threads = [threading.Thread(target=press) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for job in Job.objects.filter(kind=actions.JOB):
        jobs.perform(job.pk)
        jobs.perform(job.pk)

    assert answers == [302] * 4
    assert Job.objects.filter(kind=actions.JOB).count() == 1
    assert Enterprise.objects.count() == 5
    assert Import.objects.get().state == "done"


@pytest.mark.django_db(transaction=True)
def test_the_page_that_waits_sees_the_rows_that_one_transaction_has_gone_through(monkeypatch):
    from exchange import writing_job

    monkeypatch.setattr(writing_job, "EVERY_SECONDS", 0.01)
    story = Story()
    make_reference()
    office = Office(story)
    story.season()
    made = office.preview("enterprises", office.workbook("enterprises", NEW_ENTERPRISE | {"form": "limited"}))
    office.confirm(made)
    seen = []

    with writing_job.visible(made.pk) as step:
        step(7)
        for _ in range(300):
            seen.append(Import.objects.get(pk=made.pk).written)
            if seen[-1] == 7:
                break
            threading.Event().wait(0.01)

    assert seen[-1] == 7
