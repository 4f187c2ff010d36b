"""What an enterprise finds about its recognitions, and what it may take from there."""

import io
import re
import zipfile
from datetime import timedelta
from html.parser import HTMLParser
from xml.etree import ElementTree

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import translation
from PIL import Image

from accounts.models import Role
from certificates.actions import order_certificates
from enterprises.models import Representative
from honours import queries
from products.models import Product
from registry.corrections import Correction, correct_decision
from registry.models import Recognition
from tests.public.pages import text_of
from tests.registry import factories as registry
from tests.story import Story

NAMES = ["use", "kit", "press", "qr", "lockup"]


@pytest.fixture
def maker(db):
    return registry.make_enterprise("Công ty Cổ phần Chiếu sáng Sông Tô")


@pytest.fixture
def person(maker):
    return acting_for(maker, "clerk")


def acting_for(enterprise, key):
    user = Story().person(key)
    Representative.objects.create(enterprise=enterprise, user=user, since=registry.now(), role="fills_in")
    return user


@pytest.fixture
def visitor(client, person):
    client.force_login(person)
    return client


def recognised(maker, number=1, *, year=2026, top10=False, **facts):
    products = [registry.make_product(f"Đèn LED số {n} năm {year}", enterprise=maker) for n in range(number)]
    rows = registry.recognise(*products, year=year, top10=tuple(products) if top10 else (), **facts)
    for row in rows:
        give_papers(row)
    return rows


def give_papers(row):
    from certificates.issue import name_certificate
    from core import files

    for certificate in order_certificates(recognitions=[row], by=None, at=registry.now()):
        produced = {"sha256": files.put(registry.PAPER), "size_bytes": len(registry.PAPER), "kid": "test"}
        name_certificate({"certificate_id": certificate.pk}, produced, registry.now())


def address(page, maker, row=None, site="vi", **more):
    values = {"pk": maker.pk} | ({"recognition": row.pk} if row is not None else {}) | more
    with translation.override(site):
        return reverse(f"honours:{page}", kwargs=values)


def of(page, maker, row):
    """An address of a recognition with what its pattern asks for."""
    serial = row.certificates.order_by("pk").first().serial
    more = {"press": {"language": "vi"}, "qr": {"serial": serial}, "lockup": {"name": LOGO}}.get(page, {})
    return address(page, maker, row, **more)


LOGO = "kip-hanoi-2026-vi-square-colour"


def shown(client, *where, language="vi", **more):
    response = client.get(address(*where, site=language, **more))
    assert response.status_code == 200
    return response.content.decode()


# --- who ---------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", ["recognitions", *NAMES])
def test_another_enterprise_is_not_there(client, maker, name):
    row = recognised(maker)[0]
    client.force_login(acting_for(registry.make_enterprise("Công ty Khác"), "stranger"))
    url = address(name, maker) if name == "recognitions" else of(name, maker, row)

    assert client.get(url).status_code == 404


@pytest.mark.parametrize("name", NAMES)
def test_the_recognition_of_another_is_not_under_ones_own_enterprise(visitor, maker, name):
    other = registry.make_enterprise("Công ty Khác")
    row = recognised(other)[0]

    assert visitor.get(of(name, maker, row)).status_code == 404


def test_whoever_left_sees_nothing(visitor, maker, person):
    person.representations.update(ended_at=registry.now())

    assert visitor.get(address("recognitions", maker)).status_code == 404


def test_a_code_of_another_certificate_is_not_there(visitor, maker):
    row, other = recognised(maker, 2)

    url = address("qr", maker, row, serial=other.certificates.get().serial)

    assert visitor.get(url).status_code == 404


# --- the list ----------------------------------------------------------------------------------------------
def test_none_yet(visitor, maker):
    assert "Chưa có danh hiệu" in shown(visitor, "recognitions", maker)
    assert "No recognition yet" in shown(visitor, "recognitions", maker, language="en")


def test_one_and_three_take_the_same_queries(visitor, maker, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    recognised(maker, 1)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        shown(visitor, "recognitions", maker)
    recognised(maker, 2, year=2025, signed=registry.today() - timedelta(days=400))
    with django_assert_num_queries(len(asked)):
        shown(visitor, "recognitions", maker)


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_state_is_said_in_words(visitor, maker, language):
    good = recognised(maker, 1)[0]
    gone = recognised(maker, 1, year=2021)[0]
    registry.expire(gone)
    bad = recognised(maker, 1, year=2024)[0]
    registry.withdraw(bad)
    registry.order(registry.recognise(registry.make_product("Chờ giấy", enterprise=maker), year=2025)[0])

    text = text_of(shown(visitor, "recognitions", maker, language=language))

    wanted = {
        "vi": ["Còn hiệu lực", "Hết hiệu lực", "Bị thu hồi", "99/QĐ-UBND", "Đã cấp số; giấy đang được lập và ký."],
        "en": ["Valid", "Expired", "Revoked", "99/QĐ-UBND", "the paper is being made and signed."],
    }
    for words in wanted[language]:
        assert words in text
    assert good.certificates.get().serial in text


def test_a_correction_shows_what_came_before(visitor, maker):
    old = recognised(maker, 1)[0]
    new = correct(old, Correction(old, "correction", product_name_vi="Đèn LED tên đúng"))
    give_papers(new)

    html = shown(visitor, "recognitions", maker)

    assert html.count('class="box honour') == 1
    assert "Đèn LED tên đúng" in html
    assert old.product_name_vi in html
    assert "Đã được thay thế" in html
    assert "Tên ghi sai." in html
    assert visitor.get(address("use", maker, old)).status_code == 404


def correct(old, correction):
    return correct_decision(
        corrects=old.decision, number="77/QĐ-UBND", signed_date=registry.today(), signer_name="Nguyễn Văn Ký",
        signer_position="Phó Chủ tịch", reason="Tên ghi sai.", corrections=[correction], by=None, at=registry.now(),
    )[0]  # fmt: skip


def test_a_product_taken_over_stays_as_history_with_its_old_maker(visitor, maker):
    old = recognised(maker, 1)[0]
    heir = registry.make_enterprise("Công ty Kế thừa")
    new = correct(old, Correction(old, "transfer", maker=heir))
    give_papers(new)

    mine = queries.holdings(maker, registry.today())
    theirs = queries.holdings(heir, registry.today())

    assert [one.recognition.pk for one in mine] == [old.pk]
    assert mine[0].passed_on
    assert [one.recognition.pk for one in theirs] == [new.pk]
    assert not theirs[0].passed_on
    assert "Công ty Kế thừa đã tiếp nhận sản phẩm" in shown(visitor, "recognitions", maker)
    assert visitor.get(address("kit", maker, old)).status_code == 409


def test_another_season_of_a_product_that_was_passed_on_stays_with_its_maker(maker):
    old, heir = recognised(maker)[0], registry.make_enterprise("Công ty Kế thừa")
    earlier = registry.recognise(Product.objects.get(pk=old.product.source_id), year=2024)[0]
    new = correct(old, Correction(old, "transfer", maker=heir))

    mine = {one.recognition.pk: one.passed_on for one in queries.holdings(maker, registry.today())}
    theirs = queries.holdings(heir, registry.today())

    assert mine == {old.pk: True, earlier.pk: False}
    assert [one.recognition.pk for one in theirs] == [new.pk]


# --- one recognition ---------------------------------------------------------------------------------------
@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_page_has_address_code_seals_and_texts(visitor, maker, language):
    row = recognised(maker, 1, top10=True)[0]

    html = shown(visitor, "use", maker, row, language=language)

    for certificate in row.certificates.all():
        assert f"/v/{certificate.serial}" in html
        assert html.count(f'src="/seal/{certificate.serial}.svg') == 6
    assert html.count("&lt;a href=&quot;") == 12
    assert "<style" not in html
    assert ' style="' not in html


def test_a_page_of_what_ended_offers_no_logo_and_no_text(visitor, maker):
    row = recognised(maker)[0]
    registry.withdraw(row)

    html = shown(visitor, "use", maker, row)

    assert "Hiện không được dùng biểu trưng" in html
    assert "bo-nhan-dien.zip" not in html
    assert "thong-cao" not in html
    assert html.count('src="/seal/') == 6


def test_the_code_of_a_seal_is_harmless_html(visitor, maker):
    from honours import snippets

    product = registry.make_product('"><script>alert(1)</script>', enterprise=maker)
    row = registry.recognise(product)[0]
    give_papers(row)
    found = queries.holding(maker, row.pk, registry.today())

    for one in snippets.snippets(found.papers[0]):
        tags = tags_of(one.code)
        assert [tag for tag, _attributes in tags] == ["a", "img"]
        assert tags[0][1] == {"href": tags[0][1]["href"]}
        assert tags[0][1]["href"].endswith(f"/v/{found.papers[0].certificate.serial}")
        assert tags[1][1].keys() == {"src", "width", "height", "alt"}
        assert visitor.get(tags[1][1]["src"].removeprefix(settings.SITE_URL)).status_code == 200


def tags_of(html):
    found = []
    reader = HTMLParser()
    reader.handle_starttag = lambda tag, attributes: found.append((tag, dict(attributes)))
    reader.feed(html)
    return found


def test_the_code_leads_to_the_page_of_the_certificate(visitor, maker):
    row = recognised(maker)[0]
    response = visitor.get(of("qr", maker, row))

    assert response["Content-Type"] == "image/svg+xml"
    assert "attachment" in response["Content-Disposition"]
    assert ElementTree.fromstring(response.content).tag.endswith("svg")


# --- the kit -----------------------------------------------------------------------------------------------
def archive_of(visitor, maker, row):
    response = visitor.get(address("kit", maker, row))
    assert response.status_code == 200
    assert response["Content-Type"] == "application/zip"
    return zipfile.ZipFile(io.BytesIO(response.content)), response.content


def test_the_kit_holds_all_that_is_promised(visitor, maker):
    row = recognised(maker, 1, top10=True)[0]
    archive, content = archive_of(visitor, maker, row)
    names = archive.namelist()

    assert archive.testzip() is None
    assert len([n for n in names if n.startswith("logo/svg/")]) == 24
    assert len([n for n in names if n.startswith("logo/png/")]) == 24
    assert len([n for n in names if n.startswith("qr/")]) == 2
    assert len([n for n in names if n.startswith("seal/")]) == 2
    assert len([n for n in names if n.startswith("press/")]) == 2
    assert {"DOC-TRUOC.txt", "README.txt"} <= set(names)
    for name in names:
        if name.endswith(".svg"):
            assert ElementTree.fromstring(archive.read(name)).tag.endswith("svg")
    assert archive_of(visitor, maker, row)[1] == content


def test_a_png_has_a_clear_ground_and_something_on_it(visitor, maker):
    archive, _content = archive_of(visitor, maker, recognised(maker)[0])
    picture = Image.open(io.BytesIO(archive.read(f"logo/png/{LOGO}.png")))

    assert picture.mode == "RGBA"
    assert picture.size == (1000, 1000)
    assert picture.getpixel((2, 2))[3] == 0
    assert picture.getpixel((330, 120))[:3] == (0xA3, 0x24, 0x1F)


def test_the_rules_are_in_both_languages(visitor, maker):
    row = recognised(maker)[0]
    archive, _content = archive_of(visitor, maker, row)
    vi, en = (archive.read(name).decode("utf-8-sig") for name in ("DOC-TRUOC.txt", "README.txt"))

    assert "Chỉ dùng khi danh hiệu còn hiệu lực" in vi
    assert row.product_name_vi in vi
    assert "Only while the title is valid" in en
    assert "not the arms of the city" in en
    assert "TRÌNH DIỄN" not in vi
    assert "DEMONSTRATION" not in en


def test_a_demonstration_says_so_in_every_part(visitor, maker):
    row = recognised(maker, 1, is_demo=True)[0]
    archive, _content = archive_of(visitor, maker, row)

    for name in ("DOC-TRUOC.txt", f"press/press-2026-{row.pk}-vi.txt"):
        assert "TRÌNH DIỄN" in archive.read(name).decode("utf-8-sig")
    assert "trình diễn" in archive.read(f"logo/svg/{LOGO}.svg").decode()


@pytest.mark.parametrize("end", ["revoked", "expired", "waiting"])
@pytest.mark.parametrize("name", ["kit", "press"])
def test_it_is_refused_in_words(visitor, maker, name, end):
    if end == "waiting":
        row = registry.recognise(registry.make_product(enterprise=maker))[0]
        registry.order(row)
    else:
        row = recognised(maker)[0]
        {"revoked": registry.withdraw, "expired": registry.expire}[end](row)

    response = visitor.get(of(name, maker, row))

    words = {"revoked": "đã bị thu hồi", "expired": "đã hết hiệu lực", "waiting": "đang được lập"}
    assert response.status_code == 409
    assert words[end] in response.content.decode()


# --- the press text ----------------------------------------------------------------------------------------
@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_text_says_the_facts_and_no_more(visitor, maker, language):
    row = recognised(maker, 1, top10=True)[0]
    response = visitor.get(address("press", maker, row, language=language))
    text = response.content.decode("utf-8-sig")

    assert response["Content-Type"] == "text/plain; charset=utf-8"
    name = row.product_name_vi if language == "vi" else row.product_name_en
    for words in (name, row.decision.number, "Top 10", "60/KH-UBND", f"{row.valid_to:%d/%m/%Y}", "2026"):
        assert words in text
    assert all(certificate.serial in text for certificate in row.certificates.all())
    assert not re.search(r"điểm|score|%|{{", text)


def test_a_language_that_is_not_there(visitor, maker):
    assert visitor.get(address("press", maker, recognised(maker)[0], language="fr")).status_code == 404


def test_names_in_the_text_are_one_line(visitor, maker):
    row = registry.recognise(registry.make_product("Đèn & <b>LED</b>\nQuyết định giả", enterprise=maker))[0]
    give_papers(row)
    text = visitor.get(address("press", maker, row, language="vi")).content.decode("utf-8-sig")

    assert "Đèn & <b>LED</b> Quyết định giả" in text


# --- end to end --------------------------------------------------------------------------------------------
@pytest.mark.pdf
def test_a_season_ends_in_a_certificate_and_a_seal(client, keys, story):
    dossier = story.recognised(1)[0]
    story.issued()
    client.force_login(dossier.enterprise.representatives.get().user)
    row = Recognition.objects.get()
    serial = row.certificates.order_by("pk").first().serial

    assert serial in shown(client, "recognitions", dossier.enterprise)
    assert client.get(f"/seal/{serial}.svg").status_code == 200
    assert client.get(address("kit", dossier.enterprise, row)).status_code in (200, 409)  # by today's calendar


def test_staff_has_no_door_here(client, maker):
    recognised(maker)
    client.force_login(Story().person("secretary", Role.SECRETARY))

    assert client.get(address("recognitions", maker)).status_code == 404
