"""Who reaches an applicant's page: the enterprise, and nobody else."""

import re

import pytest
from django.test import Client

from dossiers.models import Document, Dossier
from tests.dossiers.applicant import OWN_PAGES, PART_PAGES, signed_in, tell_time, url

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _clock(monkeypatch, story, settings):
    tell_time(monkeypatch, story, settings)


def pages(dossier):
    document = Document.objects.filter(dossier=dossier).first()
    found = [url(name, dossier) for name in OWN_PAGES]
    if document is not None:
        found += [url("document", pk=document.pk), url("remove_document", dossier, document=document.pk)]
    return found


@pytest.mark.parametrize("name", ["dossier", *PART_PAGES, "review", "follow", "withdraw"])
def test_the_enterprise_opens_every_page_of_its_draft(story, name):
    dossier = story.complete()

    assert signed_in(story.person("clerk")).get(url(name, dossier)).status_code == 200


@pytest.mark.parametrize("name", ["receipt", "follow", "withdraw"])
def test_the_enterprise_opens_the_pages_of_a_sent_dossier(story, name):
    dossier = story.submitted()

    assert signed_in(story.person("clerk")).get(url(name, dossier)).status_code == 200


@pytest.mark.parametrize("name", ["dossier", *PART_PAGES])
def test_a_page_that_writes_leads_on_once_the_dossier_is_sent(story, name):
    dossier = story.submitted()

    answer = signed_in(story.person("clerk")).get(url(name, dossier))

    assert answer.status_code == 302
    assert answer.url == url("follow", dossier)


@pytest.mark.parametrize("method", ["get", "post"])
def test_another_enterprise_finds_nothing(story, method):
    dossier = story.supplement()
    story.enterprise("rival")
    client = signed_in(story.person("rival"))
    before = Dossier.objects.filter(pk=dossier.pk).values().get()

    codes = {page: getattr(client, method)(page).status_code for page in pages(dossier)}

    assert set(codes.values()) <= {404, 405}, codes
    assert 404 in codes.values()
    assert Dossier.objects.filter(pk=dossier.pk).values().get() == before


def test_a_dossier_that_does_not_exist_looks_the_same(story):
    dossier = story.draft()
    story.enterprise("rival")
    client = signed_in(story.person("rival"))

    def body(number):
        page = client.get(f"/ho-so/{number}/").content.decode().replace(f"/{number}/", "/N/")
        return re.sub(r'value="\w{64}"', "", page)

    absent, forbidden = body(10**9), body(dossier.pk)

    assert absent == forbidden


@pytest.mark.parametrize("role", ["officer", "secretary", "member", "it_officer"])
def test_no_role_opens_an_applicants_page(story, role):
    dossier = story.supplement()
    client = signed_in(story.person(f"some {role}".replace(" ", "-"), role))

    codes = {client.get(page).status_code for page in [url(name, dossier) for name in OWN_PAGES]}

    assert codes == {404}


def test_strangers_are_asked_to_sign_in(story):
    dossier = story.supplement()

    for page in [*pages(dossier), url("mine"), url("new")]:
        answer = Client().get(page)
        assert answer.status_code == 302, page
        assert answer.url.startswith("/dang-nhap/?next="), page


@pytest.mark.parametrize("number", ["0", "99999999999999999999999999", "9223372036854775808"])
@pytest.mark.parametrize("page", ["/ho-so/{}/", "/tep/{}/", "/ho-so/{}/giay-to/", "/ho-so/doanh-nghiep/{}/"])
def test_odd_numbers_in_the_address_find_nothing(story, page, number):
    assert signed_in(story.person("clerk")).get(page.format(number)).status_code == 404


# --- documents ----------------------------------------------------------------------------------------
def test_a_document_is_sent_as_a_harmless_download(story):
    dossier = story.complete()
    document = Document.objects.get(dossier=dossier, paper="application_form")

    answer = signed_in(story.person("clerk")).get(url("document", pk=document.pk))

    assert answer.content == b"%PDF-1.4 application_form"
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == 'attachment; filename="application_form.pdf"'
    assert answer["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in answer["Cache-Control"]
    assert "private" in answer["Cache-Control"]


def test_a_vietnamese_name_reaches_the_reader(story):
    dossier = story.draft()
    story.attach(dossier, "awards")
    Document.objects.filter(dossier=dossier).update(name='Giải "thưởng".pdf')

    answer = signed_in(story.person("clerk")).get(url("document", pk=Document.objects.get(dossier=dossier).pk))

    assert "filename*=utf-8''Gi%E1%BA%A3i%20%22th%C6%B0%E1%BB%9Fng%22.pdf" in answer["Content-Disposition"]


def test_only_a_pdf_or_a_picture_is_shown_in_the_browser(story):
    dossier = story.draft()
    story.attach(dossier, "awards")
    document = Document.objects.get(dossier=dossier)
    client = signed_in(story.person("clerk"))

    shown = client.get(url("document", pk=document.pk) + "?xem=1")
    document.file.media_type = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    document.file.save()
    sent = client.get(url("document", pk=document.pk) + "?xem=1")

    assert shown["Content-Disposition"].startswith("inline")
    assert "default-src 'none'" in shown["Content-Security-Policy"]
    assert sent["Content-Disposition"].startswith("attachment")


def test_the_department_reads_documents_of_sent_dossiers_and_leaves_a_trace(story):
    from core.models import AuditEvent

    draft, sent = story.complete(), story.submitted("other")
    client = signed_in(story.officer)

    assert client.get(url("document", pk=Document.objects.filter(dossier=draft)[0].pk)).status_code == 404
    document = Document.objects.filter(dossier=sent)[0]
    assert client.get(url("document", pk=document.pk)).status_code == 200

    event = AuditEvent.objects.get(act="document.read")
    assert (event.actor_id, event.object_id) == (story.officer.pk, str(document.pk))


def test_the_owner_reads_without_a_trace(story):
    from core.models import AuditEvent

    dossier = story.submitted()

    signed_in(story.person("clerk")).get(url("document", pk=Document.objects.filter(dossier=dossier)[0].pk))

    assert not AuditEvent.objects.filter(act="document.read").exists()


def test_a_council_member_reads_documents_of_assigned_dossiers_only(story):
    assigned = story.scoring()[0]
    other = story.submitted("late")
    client = signed_in(story.seats()[0].user)

    assert client.get(url("document", pk=Document.objects.filter(dossier=assigned)[0].pk)).status_code == 200
    assert client.get(url("document", pk=Document.objects.filter(dossier=other)[0].pk)).status_code == 404


def test_a_file_replaced_before_the_dossier_was_sent_stays_with_the_enterprise(story):
    dossier = story.complete()
    old = Document.objects.get(dossier=dossier, paper="application_form")
    story.attach(dossier, "application_form", content=b"%PDF-1.4 newer")
    from dossiers import actions

    actions.submit(dossier=dossier, by=story.person("clerk"), at=story.tick())

    assert signed_in(story.person("clerk")).get(url("document", pk=old.pk)).status_code == 200
    assert signed_in(story.officer).get(url("document", pk=old.pk)).status_code == 404


def test_an_altered_file_is_never_sent(story):
    from core import files

    dossier = story.complete()
    document = Document.objects.filter(dossier=dossier)[0]
    files.path_of(document.file_id).write_bytes(b"something else")

    answer = signed_in(story.person("clerk")).get(url("document", pk=document.pk))

    assert answer.status_code == 409
    assert b"something else" not in answer.content
