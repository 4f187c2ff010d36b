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


# --- every address, every role, no row changed --------------------------------------------------------
WRITES = {
    "eligibility": {"in_hanoi": "no"},
    "undertakings": {"agreed": "on"},
    "enterprise_part": {"contact_name": "Kẻ lạ"},
    "product_part": {"name_vi": "Kẻ lạ", "sector": "electrical", "technology": "Kẻ lạ"},
    "figures": {"workers_2025": "7"},
    "papers": {"paper": "awards"},
    "selfmarks": {},
    "reuse_answers": {"key": "all"},
    "review": {"declared": "on"},
    "supplement": {},
    "withdraw": {},
}
ROLES = ("signs", "fills_in", "reads", "stranger", "consultant", "officer", "secretary", "member", "it", "visitor")


def checksums(dossier):
    """Every row that an applicant's page could touch."""
    from core.canonical import digest
    from dossiers.models import Defect, SelfMark, StageChange, SupplementRequest, YearFigure
    from enterprises.models import Enterprise
    from products.models import Product

    found = {
        "dossier": Dossier.objects.filter(pk=dossier.pk),
        "product": Product.objects.filter(pk=dossier.product_id),
        "enterprise": Enterprise.objects.filter(pk=dossier.enterprise_id),
        "figures": YearFigure.objects.filter(dossier=dossier),
        "documents": Document.objects.filter(dossier=dossier),
        "selfmarks": SelfMark.objects.filter(dossier=dossier),
        "steps": StageChange.objects.filter(dossier=dossier),
        "requests": SupplementRequest.objects.filter(dossier=dossier),
        "defects": Defect.objects.filter(request__dossier=dossier),
    }
    return {name: digest([{k: str(v) for k, v in row.items()} for row in rows.order_by("pk").values()])
            for name, rows in found.items()}  # fmt: skip


def person_of(story, dossier, role):
    from accounts.models import Role
    from enterprises.actions import add_representative

    if role == "signs":
        return story.person("clerk")
    if role in ("fills_in", "reads"):
        person = story.person(role)
        add_representative(
            enterprise=dossier.enterprise, user=person, role=role, by=story.person("clerk"), at=story.tick()
        )
        return person
    if role in ("stranger", "consultant"):
        enterprise = story.enterprise("rival")
        if role == "consultant":
            person = story.person("consultant")
            add_representative(
                enterprise=enterprise, user=person, is_consultant=True, by=story.person("rival"), at=story.tick()
            )
            return person
        return story.person("rival")
    staff = {"officer": Role.OFFICER, "secretary": Role.SECRETARY, "member": Role.MEMBER, "it": Role.IT_OFFICER}
    return story.person(role, staff[role])


@pytest.mark.parametrize("stage", ["draft", "submitted"])
@pytest.mark.parametrize("role", ROLES)
def test_who_may_not_write_changes_no_row(story, role, stage):
    dossier = story.draft() if stage == "draft" else story.submitted()
    client = Client() if role == "visitor" else signed_in(person_of(story, dossier, role))
    before, codes = checksums(dossier), {}

    for name, data in WRITES.items():
        if stage == "draft" and role in ("signs", "fills_in"):
            continue
        if role == "signs" and name == "withdraw":
            continue
        codes[name] = client.post(url(name, dossier), data).status_code
        address = url("save_part", dossier, part="enterprise")
        body = '{"fields": {"contact_name": {"base": "Người clerk", "value": "Kẻ lạ"}}}'
        codes["save_part"] = client.post(address, body, content_type="application/json").status_code

    assert checksums(dossier) == before
    if role == "visitor":
        assert set(codes.values()) <= {302}
    elif role not in ("signs", "fills_in", "reads"):
        assert set(codes.values()) <= {404}, codes
    else:
        assert not {500} & set(codes.values())


@pytest.mark.parametrize("role", ROLES)
def test_each_role_reads_what_its_row_says(story, role):
    dossier = story.complete()
    client = Client() if role == "visitor" else signed_in(person_of(story, dossier, role))
    pages_ = ["dossier", *PART_PAGES, "eligibility", "selfmarks", "review", "follow", "print_draft"]

    codes = {name: client.get(url(name, dossier)).status_code for name in pages_}
    codes["save_part"] = client.get(url("save_part", dossier, part="product")).status_code

    if role in ("signs", "fills_in"):
        assert set(codes.values()) == {200}, codes
    elif role == "reads":
        assert set(codes.values()) <= {200, 302, 409}, codes
        assert codes["review"] == codes["print_draft"] == 200
    else:
        assert set(codes.values()) == ({302} if role == "visitor" else {404}), codes


def test_who_fills_in_sees_whom_to_ask_and_cannot_send(story):
    dossier = story.complete()
    client = signed_in(person_of(story, dossier, "fills_in"))

    page = client.get(url("review", dossier)).content.decode()
    client.post(url("review", dossier), {"declared": "on"})

    assert "Người clerk" in page
    assert 'name="declared"' not in page
    assert Dossier.objects.get(pk=dossier.pk).number is None


# --- mass assignment ----------------------------------------------------------------------------------
def odd_fields():
    """Every column of every table that stands behind these pages, with a value that would show."""
    from dossiers.models import SelfMark, YearFigure
    from enterprises.models import Enterprise, Representative
    from products.models import Product
    from programme.models import Season

    models = (Dossier, Product, Enterprise, YearFigure, Document, Season, Representative, SelfMark)
    names = {f.name for model in models for f in model._meta.get_fields()}
    names |= {f.attname for model in models for f in model._meta.concrete_fields}
    return dict.fromkeys(names, "7")


FREE = {
    "enterprise_part": {"contact_name", "contact_phone", "contact_email"},
    "product_part": {
        "name_vi", "name_en", "sector", "industry", "summary_vi", "summary_en", "hs_code", "standards",
        "export_markets", "description", "technology", "track_basis",
    },
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(set(WRITES) - {"withdraw", "review", "supplement"}))
def test_columns_that_are_no_fields_of_the_page_are_never_written(story, name):
    dossier = story.draft()
    client = signed_in(story.person("clerk"))
    odd = {key: value for key, value in odd_fields().items() if key not in FREE.get(name, set())}
    data = odd | WRITES[name] | {"name_vi": dossier.product.name_vi, "sector": "electrical", "technology": ""}
    before = checksums(dossier)

    client.post(url(name, dossier), data)
    body = {"fields": {key: {"base": "", "value": "7"} for key in list(odd)[:70] if key not in FREE["product_part"]}}
    client.post(url("save_part", dossier, part="product"), body, content_type="application/json")

    after = checksums(dossier)
    touched = {"undertakings": {"dossier"}, "enterprise_part": {"dossier"}, "figures": {"figures", "dossier"}}
    assert {key for key in before if before[key] != after[key]} <= touched.get(name, set())
    kept = Dossier.objects.values("stage", "number", "season_id", "enterprise_id", "product_id", "track").get()
    assert kept == {
        "stage": "draft",
        "number": None,
        "season_id": dossier.season_id,
        "enterprise_id": dossier.enterprise_id,
        "product_id": dossier.product_id,
        "track": "standard",
    }
