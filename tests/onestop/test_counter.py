"""The counter: known and new enterprises, one act, one dossier, nothing lost on a mistake."""

import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import close_old_connections, connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core.errors import Refused
from dossiers import actions as dossiers
from dossiers.actions.scans import attach_scan
from dossiers.models import Document, Dossier
from enterprises.models import Enterprise
from onestop.models import OfficeForm, PaperIntake
from products.models import Product
from tests.dossiers.corpus import pdf as a_pdf
from tests.story import tax_code

pytestmark = [pytest.mark.django_db, pytest.mark.pdf]
ADDRESS = "/lam-viec/nhan-giay/"


@pytest.fixture
def counter(story, client):
    """The officer at the counter while registration is open today."""
    season = story.season()
    story.receive(season.registration_opens_at, timezone.now() + timezone.timedelta(days=5))
    client.force_login(story.officer)
    return client


def sheet(code, **more):
    return {
        "mst": code,
        "token": str(uuid.uuid4()),
        "season": "2026",
        "track": "standard",
        "received_at": f"{timezone.localtime():%H:%M %d/%m/%Y}",
        "got_application_form": "on",
        "copies_application_form": "2",
        "got_business_registration": "on",
        "copies_business_registration": "1",
    } | more


def new_enterprise(**more):
    return {
        "dn-name_vi": "Công ty TNHH Quầy Mới",
        "dn-form": "limited",
        "dn-street": "Số 9 phố Mới",
        "dn-ward": "00004",
        "dn-legal_representative": "Lê Văn Quầy",
        "name_vi": "Bơm quầy",
        "sector": "electrical",
    } | {f"dn-{k}" if k != "name_vi" else "dn-name_vi": v for k, v in more.items()}


def ward_and_sector(data):
    from reference.models import Sector, Ward

    ward, sector = Ward.objects.get(), Sector.objects.get(code="electrical")
    return data | {"dn-ward": str(ward.pk), "sector": str(sector.pk)}


def counted():
    return [m.objects.count() for m in (Enterprise, Product, Dossier, PaperIntake, Document, OfficeForm)]


def test_a_known_enterprise_is_shown_with_its_facts_and_what_it_has_in_the_season(counter, story):
    dossier = story.submitted()
    page = counter.get(ADDRESS, {"mst": dossier.enterprise.tax_code}).content.decode()

    assert dossier.enterprise.name_vi in page
    assert dossier.number in page
    assert reverse("dossiers:check", args=[dossier.pk]) in page
    assert 'name="product"' not in page  # its only product has its dossier: just a new one is left


def test_a_dossier_of_a_known_enterprise_comes_in_with_its_receipt(counter, story):
    product = story.product()
    response = counter.post(ADDRESS, sheet(product.enterprise.tax_code, product=str(product.pk)))

    dossier = Dossier.objects.get()
    receipt = OfficeForm.objects.get()
    assert response["Location"] == reverse("onestop:made", args=[receipt.pk])
    assert (dossier.product, dossier.stage, dossier.is_on_paper) == (product, "submitted", True)
    assert dossier.received_by_name == str(story.officer)
    assert dossier.paper_intake.papers == [
        {"paper": "application_form", "copies": 2},
        {"paper": "business_registration", "copies": 1},
    ]
    assert [(p["tên giấy tờ"], p["số bản"]) for p in receipt.fields["giấy tờ"]] == [
        ("Đơn đăng ký có chữ ký", "2"),
        ("Giấy chứng nhận đăng ký doanh nghiệp", "1"),
    ]
    assert receipt.fields["người nhận"] == str(story.officer)
    assert receipt.fields["phương thức nhận"] == "trực tiếp"
    page = counter.get(response["Location"]).content.decode()
    assert "GIẤY TIẾP NHẬN HỒ SƠ VÀ HẸN TRẢ KẾT QUẢ" in page


def test_a_new_enterprise_and_a_new_product_come_in_with_one_act(counter, story):
    story.enterprise()
    code = tax_code(7)
    data = ward_and_sector(sheet(code) | new_enterprise())

    response = counter.post(ADDRESS, data)

    assert response.status_code == 302, response.content.decode()[:3000]
    enterprise = Enterprise.objects.get(tax_code=code)
    assert (enterprise.name_vi, enterprise.street, enterprise.phone) == ("Công ty TNHH Quầy Mới", "Số 9 phố Mới", "")
    assert Dossier.objects.get().product.name_vi == "Bơm quầy"
    assert OfficeForm.objects.get().fields["tên tổ chức"] == "Công ty TNHH Quầy Mới"


def test_scans_lie_in_their_slots(counter, story):
    product = story.product()
    files = {
        "scan_application_form": SimpleUploadedFile("đơn.pdf", a_pdf(), "application/pdf"),
        "scan_awards": [SimpleUploadedFile(f"bằng {n}.pdf", a_pdf(mark=str(n)), "application/pdf") for n in (1, 2)],
    }
    counter.post(ADDRESS, sheet(product.enterprise.tax_code, product=str(product.pk)) | files)

    held = Dossier.objects.get().documents.order_by("pk")
    assert [(d.paper, d.name, d.uploaded_by_name) for d in held] == [
        ("application_form", "đơn.pdf", str(story.officer)),
        ("awards", "bằng 1.pdf", str(story.officer)),
        ("awards", "bằng 2.pdf", str(story.officer)),
    ]


def test_a_broken_scan_stops_everything_and_what_was_typed_stays(counter, story):
    product = story.product()
    before = counted()
    broken = SimpleUploadedFile("đơn.pdf", b"GIF89a", "application/pdf")
    data = sheet(product.enterprise.tax_code, product=str(product.pk), contact_name="Bà Giữ Lại")

    response = counter.post(ADDRESS, data | {"scan_application_form": broken})

    page = response.content.decode()
    assert response.status_code == 409
    assert "đơn.pdf:" in page
    assert 'value="Bà Giữ Lại"' in page
    assert data["token"] in page
    assert "Hãy chọn lại các bản quét" in page
    assert counted() == before


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"track": ""}, "Diện"),
        ({"received_at": "30/09/2026"}, "17:00 30/09/2026"),
        ({"received_at": "17:00 30/09/2099"}, "tương lai"),
        ({"got_application_form": "", "got_business_registration": ""}, "Hãy đánh dấu những giấy tờ đã nhận."),
        ({"copies_application_form": "0"}, "Hãy nhập một số từ 1 đến 99."),
        ({"copies_application_form": "rất nhiều"}, "Hãy nhập một số từ 1 đến 99."),
        ({"product": ""}, "sản phẩm"),
        ({"product": "999999"}, "sản phẩm"),
        ({"product": "new"}, "Bơm quầy"),
        ({"token": "không"}, "receive"),
        ({"season": "1999"}, "Kỳ xét chọn"),
        ({"contact_phone": "abc"}, "Điện thoại"),
    ],
)
def test_each_mistake_has_its_sentence_and_writes_nothing(counter, story, change, sentence):
    product = story.product()
    before = counted()
    response = counter.post(ADDRESS, sheet(product.enterprise.tax_code, product=str(product.pk)) | change)

    assert response.status_code == 409
    if sentence not in ("receive", "Bơm quầy"):
        assert sentence.lower() in response.content.decode().lower()
    assert counted() == before


@pytest.mark.parametrize("code", ["", "123", "0101234567x", "9900000019", "<script>"])
def test_a_wrong_tax_code_is_refused_in_words(counter, story, code):
    response = counter.get(ADDRESS, {"mst": code})

    assert response.status_code == 409
    assert "error-summary" in response.content.decode()


def test_the_same_page_sent_twice_is_one_dossier(counter, story):
    product = story.product()
    data = sheet(product.enterprise.tax_code, product=str(product.pk))

    counter.post(ADDRESS, data)
    again = counter.post(ADDRESS, data)

    dossier = Dossier.objects.get()
    assert again["Location"] == reverse("onestop:forms", args=[dossier.pk])
    assert OfficeForm.objects.count() == 1


def test_a_new_product_of_nearly_the_same_name_is_asked_about(counter, story):
    product = story.product(name_vi="Bơm Chìm 2 kW")
    data = sheet(product.enterprise.tax_code, product="new", name_vi="bom chim 2kw")
    data["sector"] = str(product.sector_id)

    asked = counter.post(ADDRESS, data)
    assert asked.status_code == 409
    assert "Bơm Chìm 2 kW" in asked.content.decode()
    assert not Dossier.objects.exists()
    assert counter.post(ADDRESS, data | {"is_other_product": "on"}).status_code == 302
    assert Product.objects.count() == 2


def test_an_enterprise_of_the_same_name_under_another_code_is_asked_about(counter, story):
    known = story.enterprise(name_vi="Công ty Cổ phần Quầy Mới")
    data = ward_and_sector(sheet(tax_code(9)) | new_enterprise())

    asked = counter.post(ADDRESS, data)
    assert asked.status_code == 409
    assert known.tax_code in asked.content.decode()
    assert Enterprise.objects.count() == 1
    assert counter.post(ADDRESS, data | {"dn-is_another": "on"}).status_code == 302


def test_a_product_that_has_a_dossier_is_not_offered_and_not_taken(counter, story):
    dossier = story.submitted()
    before = counted()

    response = counter.post(ADDRESS, sheet(dossier.enterprise.tax_code, product=str(dossier.product_id)))

    assert response.status_code == 409
    assert counted() == before


def test_nobody_receives_the_dossier_of_the_own_enterprise(counter, story):
    from enterprises.actions import add_representative

    product = story.product()
    add_representative(
        enterprise=product.enterprise, user=story.officer, position="", by=story.officer, at=story.tick()
    )
    before = counted()

    response = counter.post(ADDRESS, sheet(product.enterprise.tax_code, product=str(product.pk)))

    assert response.status_code == 409
    assert "Anh/chị đại diện cho doanh nghiệp này." in response.content.decode()
    assert counted() == before


def test_another_officer_s_token_opens_nothing(counter, story):
    product = story.product()
    data = sheet(product.enterprise.tax_code, product=str(product.pk))
    counter.post(ADDRESS, data)
    other = Client()
    other.force_login(story.person("officer-2", "officer"))

    response = other.post(ADDRESS, data | {"product": "new", "name_vi": "Khác", "sector": str(product.sector_id)})

    assert response.status_code == 409
    assert Dossier.objects.count() == 1


# --- scans afterwards ---------------------------------------------------------------------------------
def on_paper(story):
    return dossiers.receive_on_paper(
        season=story.season(),
        product=story.product(),
        track="standard",
        received_at=story.now,
        by=story.officer,
        at=story.tick(),
    )


def test_scans_come_afterwards_and_one_slot_is_replaced(story, client):
    dossier = on_paper(story)
    client.force_login(story.officer)
    page = reverse("onestop:scan", args=[dossier.pk])
    for pages in (1, 2):
        upload = SimpleUploadedFile(f"đơn {pages}.pdf", a_pdf(mark=str(pages)), "application/pdf")
        assert client.post(page, {"paper": "application_form", "scan": upload}).status_code == 302
    held = dossier.documents.filter(removed_at=None)
    assert [d.name for d in held] == ["đơn 2.pdf"]

    refused = client.post(page, {"paper": "application_form"})
    assert refused.status_code == 409
    assert "Hãy chọn tệp bản quét." in refused.content.decode()
    assert client.post(page, {"paper": "x"}).status_code == 409


def test_only_paper_dossiers_that_are_being_checked_get_scans(story):
    online = story.submitted()
    with pytest.raises(Refused, match="Chỉ hồ sơ nhận bằng giấy"):
        scan(story, online)
    paper = on_paper(story)
    dossiers.refuse(dossier=paper, reason="x", by=story.officer, at=story.tick())
    with pytest.raises(Refused, match="đã xong"):
        scan(story, paper)


def scan(story, dossier):
    return attach_scan(
        dossier=dossier,
        paper="awards",
        name="a.pdf",
        content=b"%PDF-1.4",
        media_type="application/pdf",
        by=story.officer,
        at=story.tick(),
    )


def test_nothing_of_a_long_or_hostile_name_breaks_the_page(counter, story):
    story.enterprise()
    hostile = "<script>alert(1)</script> {x} " + "W" * 90
    data = ward_and_sector(sheet(tax_code(11)) | new_enterprise(name_vi=hostile) | {"name_vi": "{mã hồ sơ} **x**"})

    response = counter.post(ADDRESS, data, follow=True)

    page = response.content.decode()
    assert "<script>alert(1)" not in page
    assert "{mã hồ sơ} **x**" in page
    assert OfficeForm.objects.get().fields["sản phẩm"] == "{mã hồ sơ} **x**"


@pytest.mark.django_db(transaction=True)
def test_six_presses_at_the_same_moment_are_one_dossier(story):
    from onestop.actions import Counter, receive

    product, season, officer = story.product(), story.season(), story.officer
    counter = Counter(
        season=season,
        track="standard",
        received_at=story.now,
        enterprise=product.enterprise,
        product=product,
        papers={"application_form": 1},
    )
    token, at = uuid.uuid4(), story.tick()

    def press(_n):
        close_old_connections()
        try:
            return receive(counter=counter, token=token, by=officer, at=at).pk
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        found = set(pool.map(press, range(6)))

    assert found == {Dossier.objects.get().pk}
    assert PaperIntake.objects.count() == 1
