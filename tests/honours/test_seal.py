"""The picture on foreign sites says what the register says, and nothing can be put into it."""

from datetime import date
from xml.etree import ElementTree

import pytest
from django.conf import settings

from certificates.actions import reissue
from certificates.models import Certificate
from honours import lettering
from honours.seal import KINDS, LANGUAGES, Facts, draw, facts_of
from registry.models import Recognition
from tests.registry import factories as registry

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = [
    "</text><script>alert(1)</script>",
    '"><svg onload="alert(1)">',
    "\u202egnol\u202c \u2066x\u2069 \u200f",
    "مصنع الإنارة",
    "A\x01B\x1fC\ufffe\n\tD",
    "W" * 200,
    "Ữ" * 200,
    "Công ty " * 25,
    "&amp; ]]> <!-- -- > %s {x}",
    "😀🏭",
    "",
]


@pytest.fixture
def certificate(db):
    return registry.issue(registry.recognise(registry.make_product())[0])


def seal(client, serial, **query):
    return client.get(f"/seal/{serial}.svg", query)


def told(response):
    """All that a reader or a machine finds in the picture."""
    root = ElementTree.fromstring(response.content)
    assert root.tag == f"{SVG}svg"
    return " | ".join(f"{root.findtext(f'{SVG}title')} {root.findtext(f'{SVG}desc')}".split("\n"))


def revoke(recognition):
    registry.withdraw(recognition)


# --- what it says ------------------------------------------------------------------------------------------
def test_a_valid_seal_names_product_maker_and_last_day(client, certificate):
    response = seal(client, certificate.serial)
    recognition = certificate.recognition

    assert response.status_code == 200
    assert response["Content-Type"] == "image/svg+xml"
    for words in (recognition.product_name_vi, recognition.enterprise_name_vi, certificate.serial):
        assert words in told(response)
    assert f"Còn hiệu lực đến {recognition.valid_to:%d/%m/%Y}" in told(response)


def test_it_speaks_english_when_asked(client, certificate):
    response = seal(client, certificate.serial, lang="en")

    assert f"Valid until {certificate.recognition.valid_to:%d/%m/%Y}" in told(response)
    assert "Key industrial product of Hanoi, 2026" in told(response)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_names_whose_it_is(client, certificate, kind, language):
    response = seal(client, certificate.serial, kind=kind, lang=language)
    root = ElementTree.fromstring(response.content)

    wanted = certificate.recognition.enterprise_name_en if language == "en" else ""
    assert (wanted or certificate.recognition.enterprise_name_vi) in told(response)
    assert (float(root.get("width")), float(root.get("height"))) == KINDS[kind]


def test_unknown_wishes_fall_back(client, certificate):
    plain = seal(client, certificate.serial).content

    assert seal(client, certificate.serial, kind="huge", lang="xx", width="9999").content == plain


def test_a_revocation_is_seen_at_once_and_changes_the_tag(client, certificate):
    before = seal(client, certificate.serial)
    revoke(certificate.recognition)
    known = {"If-None-Match": before["ETag"]}
    after = client.get(f"/seal/{certificate.serial}.svg", headers=known)

    assert after.status_code == 200
    assert after["ETag"] != before["ETag"]
    assert "Đã bị thu hồi" in told(after)
    assert certificate.recognition.enterprise_name_vi in told(after)
    assert b"#1C6650" not in after.content
    assert b"#A3241F" not in after.content


def test_an_unchanged_seal_is_not_sent_again(client, certificate):
    first = seal(client, certificate.serial)
    again = client.get(f"/seal/{certificate.serial}.svg", headers={"If-None-Match": first["ETag"]})

    assert again.status_code == 304
    assert again.content == b""
    assert again["Cache-Control"] == "public, max-age=60"


def test_an_expired_seal_is_grey(client, certificate):
    registry.expire(certificate.recognition)

    response = seal(client, certificate.serial)

    assert "Đã hết hiệu lực" in told(response)
    assert b"#1C6650" not in response.content


def test_a_replaced_seal_says_so(client, certificate):
    from accounts.models import Role
    from tests.story import Story

    secretary = Story().person("secretary", Role.SECRETARY)
    reissue(certificates=[certificate], reason="Sai chữ", by=secretary, at=registry.now())

    assert "Đã được thay thế" in told(seal(client, certificate.serial))


def test_a_paper_in_the_making_has_no_good_seal(client, db):
    waiting = registry.order(registry.recognise(registry.make_product("Sản phẩm chưa có giấy"))[0])

    response = seal(client, waiting.serial)

    assert response.status_code == 200
    assert "Đang lập giấy chứng nhận" in told(response)
    assert waiting.recognition.enterprise_name_vi in told(response)
    assert "Sản phẩm chưa có giấy" not in response.content.decode()
    assert b"#1C6650" not in response.content


@pytest.mark.parametrize(
    ("serial", "words"),
    [("KIP2026-9999-X", "Số bị gõ sai"), ("abc", "Số bị gõ sai"), ("%3Cscript%3E", "Số bị gõ sai")],
)
def test_a_mistyped_number_gives_a_grey_picture(client, db, serial, words):
    response = client.get(f"/seal/{serial}.svg")

    assert response.status_code == 404
    assert words in told(response)
    assert b"<script" not in response.content


def test_an_unknown_number_is_not_in_the_register(client, db):
    from certificates import serial as serials

    response = seal(client, serials.make(2026, 9999))

    assert response.status_code == 404
    assert response["Content-Type"] == "image/svg+xml"
    assert "Không có trong sổ" in told(response)


def test_guessing_numbers_has_a_limit(client, db):
    from django.core.cache import cache

    cache.clear()
    answers = {seal(client, "KIP2026-0001-X").status_code for _ in range(122)}
    cache.clear()

    assert answers == {404, 429}


def test_a_typed_serial_need_not_be_canonical(client, certificate):
    assert seal(client, certificate.serial.lower()).content == seal(client, certificate.serial).content


def test_a_demonstration_says_so(client, db):
    shown = registry.issue(registry.recognise(registry.make_product(), is_demo=True)[0])

    assert "Dữ liệu trình diễn" in told(seal(client, shown.serial))


@pytest.mark.pdf
def test_before_the_release_there_is_nothing_and_then_the_seal_follows(client, keys, story):
    """The serial can be guessed: before the hour of release it answers like one that will never be."""
    from certificates import serial as serials

    story.published(1)
    story.tick(days=11)
    story.report()
    prepared = story.confirm(story.prepare())
    first = serials.make(2026, 1)
    hidden, never = seal(client, first), seal(client, serials.make(2026, 9999))
    story.release(prepared)
    waiting = seal(client, first)
    story.issued()
    issued = seal(client, first)

    assert hidden.status_code == never.status_code == 404
    assert told(hidden).replace(first, "") == told(never).replace(serials.make(2026, 9999), "")
    assert "Đang lập giấy chứng nhận" in told(waiting) or "Có hiệu lực từ" in told(waiting)
    assert issued["ETag"] != waiting["ETag"] or "Có hiệu lực từ" in told(waiting)


# --- what it is --------------------------------------------------------------------------------------------
def test_it_may_stand_on_every_site_and_do_nothing_there(client, certificate):
    response = seal(client, certificate.serial)

    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert response["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert response["Cross-Origin-Embedder-Policy"] == "require-corp"
    assert response["Cache-Control"] == "public, max-age=60"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "X-Frame-Options" not in response
    assert not response.cookies
    assert "Cookie" not in response.get("Vary", "")
    assert client.head(f"/seal/{certificate.serial}.svg").status_code == 200
    assert client.post(f"/seal/{certificate.serial}.svg").status_code == 405


def test_it_asks_the_database_once(client, certificate, django_assert_num_queries):
    with django_assert_num_queries(1):
        seal(client, certificate.serial)


def test_it_has_one_address_for_all_languages(client, certificate):
    assert client.get(f"/en/seal/{certificate.serial}.svg").status_code == 404


def test_many_at_once_get_the_same_picture(certificate):
    """Fonts are read by one thread at a time, also when the first requests of a process come together."""
    from concurrent.futures import ThreadPoolExecutor

    from honours import lettering

    for cached in (lettering._fonts, lettering._glyph_sets, lettering._glyph):
        cached.cache_clear()
    facts = facts_of(certificate, certificate.serial)
    with ThreadPoolExecutor(8) as crowd:
        drawn = set(crowd.map(lambda _: draw(facts, "wide", "vi").svg(), range(24)))

    assert len(drawn) == 1


def test_a_picture_stays_small(client, certificate):
    assert all(len(seal(client, certificate.serial, kind=kind).content) < 60_000 for kind in KINDS)
    packed = client.get(f"/seal/{certificate.serial}.svg", headers={"Accept-Encoding": "gzip"})
    assert len(packed.content) < 20_000


# --- names that mean harm ----------------------------------------------------------------------------------
@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("kind", KINDS)
def test_no_name_breaks_out_of_the_picture(name, kind):
    facts = Facts("valid", "KIP2026-0046-K", "Danh hiệu 2026", "KIP 2026", name, name, date(2028, 1, 1), True)
    # What a name may hold is cleaned when the facts are read; drawing survives it raw too.
    clean = Facts("valid", facts.serial, facts.title, facts.short, *[lettering.plain(name)] * 2, facts.day, True)

    content = draw(clean, kind, "vi").svg()
    root = ElementTree.fromstring(content)

    assert {element.tag for element in root.iter()} <= {
        f"{SVG}{tag}" for tag in ("svg", "title", "desc", "defs", "path", "g", "use")
    }
    attributes = {key for element in root.iter() for key in element.attrib}
    assert not any(key.startswith("on") or key == "style" for key in attributes)
    assert all(use.get("href", "").startswith("#l") for use in root.iter(f"{SVG}use"))
    for sign in "\u202e\u2066\u200f\x01\ufffe":
        assert sign not in content.decode()


@pytest.mark.parametrize("name", ["W" * 200, "Ữ" * 200, "Công ty " * 25, "x"])
@pytest.mark.parametrize("width", [120.0, 300.0])
def test_lines_fit_their_box(name, width):
    from honours.seal import SANS

    said = lettering.set_lines(name, SANS, width, 40, [12, 10, 8])

    assert all(SANS.width(line) * said.size <= width + 0.01 for line in said.lines)
    assert said.height <= 40


def test_what_gives_way_is_the_middle():
    from honours.seal import SANS

    said = lettering.set_lines(f"Đầu {'giữa ' * 60}cuối", SANS, 150, 24, [10])
    line = " ".join(said.lines)

    assert line.startswith("Đầu")
    assert line.endswith("cuối")
    assert "…" in line


def test_hostile_names_of_the_register_stay_text(client, db):
    maker = registry.make_enterprise('</text><script>alert("x")</script>')
    product = registry.make_product('"><image href="https://evil.test"/>', enterprise=maker, name_en="")
    shown = registry.issue(registry.recognise(product)[0])

    response = seal(client, shown.serial)

    assert b"<script" not in response.content
    assert b"<image" not in response.content
    assert '<script>alert("x")</script>' in told(response)


def test_the_mark_is_the_one_of_the_site():
    """The lines of the drawing equal those of the file."""
    from honours.drawing import RAYS, RIVER

    file = (settings.BASE_DIR / "static" / "img" / "mark.svg").read_text()

    assert "M22 8v4M22 26v4M11 19h4M29 19h4" in file
    assert "M9 33h26M12 37h20" in file
    assert len(RAYS) == 16
    assert len(RIVER) == 4


def test_facts_are_in_the_language_of_the_moment(certificate):
    from django.utils import translation

    found = Certificate.objects.get(pk=certificate.pk)
    with translation.override("en"):
        assert facts_of(found, found.serial).product == found.recognition.product_name_en
    assert Recognition.objects.count() == 1
