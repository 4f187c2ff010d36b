"""The documents page: order, details, undo, previews, and who may."""

import io

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from PIL import Image

from core import files, thumbnails
from core.errors import Refused
from dossiers import actions
from dossiers.models import Document, Dossier, Upload
from enterprises.models import Representative
from tests.dossiers import corpus
from tests.dossiers.applicant import signed_in, tell_time, upload, url, words

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _clock(monkeypatch, story, settings):
    tell_time(monkeypatch, story, settings)


def attach(story, dossier, name="a.pdf", paper="awards", content=None, media_type="application/pdf"):
    return actions.attach(
        dossier=dossier,
        paper=paper,
        name=name,
        content=content or b"%PDF-1.4 " + name.encode(),
        media_type=media_type,
        by=story.person("clerk"),
        at=story.tick(),
    )


def order(dossier, paper="awards"):
    return [d.name for d in dossier.documents.current().filter(paper=paper).order_by("position")]


def client_of(story, who="clerk"):
    return signed_in(story.person(who))


# --- order --------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("to", "expected"), [("0", "cab"), ("1", "acb"), ("2", "abc"), ("99", "abc")])
def test_a_file_moves_to_its_place(story, to, expected):
    dossier = story.draft()
    found = [attach(story, dossier, name) for name in "abc"]

    client_of(story).post(url("move_document", dossier, document=found[2].pk), {"to": to})

    assert "".join(order(dossier)) == expected


def test_the_order_is_that_of_the_page_and_of_the_sent_version(story):
    dossier = story.complete()
    found = [attach(story, dossier, name) for name in ("x1.pdf", "x2.pdf")]
    client_of(story).post(url("move_document", dossier, document=found[1].pk), {"to": "0"})

    page = words(client_of(story).get(url("papers", dossier)))
    assert page.index("x2.pdf") < page.index("x1.pdf")
    sent = actions.submit(dossier=dossier, by=story.person("clerk"), at=story.tick())
    assert [d["name"] for d in sent.versions.get().content["documents"]["awards"]] == ["x2.pdf", "x1.pdf"]


@pytest.mark.parametrize("to", ["", "-1", "x", "1.5", "²"])
def test_a_place_that_is_none_is_refused_in_words(story, to):
    dossier = story.draft()
    document = attach(story, dossier)

    assert client_of(story).post(url("move_document", dossier, document=document.pk), {"to": to}).status_code == 409


# --- remove and back ----------------------------------------------------------------------------------
def test_a_removed_file_can_be_put_back(story):
    dossier = story.draft()
    document = attach(story, dossier)
    client = client_of(story)

    client.post(url("remove_document", dossier, document=document.pk))
    assert order(dossier) == []
    assert url("put_back_document", dossier, document=document.pk) in words(client.get(url("papers", dossier)))
    client.post(url("put_back_document", dossier, document=document.pk))

    assert order(dossier) == ["a.pdf"]


def test_in_a_slot_for_one_the_replaced_file_changes_places(story):
    dossier = story.draft()
    first = attach(story, dossier, "first.pdf", "application_form")
    second = attach(story, dossier, "second.pdf", "application_form")

    client_of(story).post(url("put_back_document", dossier, document=first.pk))

    assert order(dossier, "application_form") == ["first.pdf"]
    second.refresh_from_db()
    assert second.removed_at is not None


def test_a_full_slot_takes_nothing_back(story):
    dossier = story.draft()
    gone = attach(story, dossier, "gone.pdf")
    actions.remove_document(document=gone, by=story.person("clerk"), at=story.tick())
    for number in range(actions.MAX_FILES_PER_SLOT):
        attach(story, dossier, f"{number}.pdf")

    with pytest.raises(Refused, match="20"):
        actions.put_back(document=gone, by=story.person("clerk"), at=story.tick())


def test_a_slot_that_is_full_leaves_no_file_behind(story, settings):
    dossier = story.draft()
    for number in range(actions.MAX_FILES_PER_SLOT):
        attach(story, dossier, f"{number}.pdf")
    before = sum(1 for path in settings.MEDIA_ROOT.rglob("*") if path.is_file())

    with pytest.raises(Refused):
        attach(story, dossier, "one more.pdf")

    assert sum(1 for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()) == before


# --- details ------------------------------------------------------------------------------------------
DETAILS = {"issuer": "QUACERT", "reference": "HT 123", "issued_on": "01/02/2024", "valid_until": "31/01/2027"}


def test_details_of_a_certificate_save_themselves(story):
    dossier = story.draft()
    document = attach(story, dossier, paper="quality_certificates")

    answer = client_of(story).post(
        url("describe_document", dossier, document=document.pk), DETAILS, headers={"X-Autosave": "1"}
    )

    assert answer.json()["errors"] == {}
    document.refresh_from_db()
    assert (document.issuer, document.reference, str(document.valid_until)) == ("QUACERT", "HT 123", "2027-01-31")


def test_autosave_keeps_what_could_be_read_and_names_the_rest(story):
    dossier = story.draft()
    document = attach(story, dossier, paper="quality_certificates")

    answer = client_of(story).post(
        url("describe_document", dossier, document=document.pk),
        DETAILS | {"valid_until": "cuối năm"},
        headers={"X-Autosave": "1"},
    )

    assert list(answer.json()["errors"]) == ["valid_until"]
    document.refresh_from_db()
    assert (document.issuer, document.valid_until) == ("QUACERT", None)


@pytest.mark.parametrize(
    "wrong", [{"issued_on": "01/02/2030"}, {"valid_until": "01/01/2020"}, {"issued_on": "32/01/2024"}]
)
def test_dates_that_cannot_be_are_refused_beside_the_form(story, wrong):
    dossier = story.draft()
    document = attach(story, dossier, paper="quality_certificates")

    answer = client_of(story).post(url("describe_document", dossier, document=document.pk), DETAILS | wrong)

    assert answer.status_code == 200
    assert "error-summary" in words(answer)
    document.refresh_from_db()
    assert document.issuer == ""


def test_only_papers_that_end_have_details(story):
    dossier = story.draft()
    document = attach(story, dossier, paper="application_form")

    assert client_of(story).post(url("describe_document", dossier, document=document.pk), DETAILS).status_code == 404
    assert "data-details" not in words(client_of(story).get(url("papers", dossier)))


# --- pictures -----------------------------------------------------------------------------------------
def photo_with_a_place() -> bytes:
    picture = Image.effect_noise((900, 600), 60).convert("RGB")
    exif = Image.Exif()
    exif[0x010F] = "CAMERA-OF-THE-DIRECTOR"
    exif.get_ifd(0x8825)[2] = (21.0, 1.0, 42.0)
    exif[0x0112] = 6
    stream = io.BytesIO()
    picture.save(stream, "JPEG", exif=exif)
    return stream.getvalue()


def test_a_small_picture_shows_nothing_but_pixels(story):
    dossier = story.draft()
    content = photo_with_a_place()
    document = attach(story, dossier, "anh.jpg", "photos", content, "image/jpeg")

    answer = client_of(story).get(url("document", pk=document.pk) + "?nho=1")

    assert answer.status_code == 200
    assert answer["Content-Type"] == "image/jpeg"
    assert answer["Content-Security-Policy"].startswith("sandbox")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert b"CAMERA-OF-THE-DIRECTOR" in content
    assert b"CAMERA" not in answer.content
    small = Image.open(io.BytesIO(answer.content))
    assert not small.getexif()
    assert small.size == (213, 320)  # turned as the camera was held
    assert client_of(story).get(url("document", pk=document.pk)).content == content


def test_a_picture_that_cannot_be_drawn_is_a_quiet_404_and_remembered(story, monkeypatch):
    dossier = story.draft()
    document = attach(story, dossier, "anh.png", "photos", corpus.png_of(50_000), "image/png")

    answer = client_of(story).get(url("document", pk=document.pk) + "?nho=1")
    monkeypatch.setattr("core.child.run", None)
    again = client_of(story).get(url("document", pk=document.pk) + "?nho=1")

    assert (answer.status_code, again.status_code) == (404, 404)
    assert thumbnails.path_of(document.file_id).read_bytes() == b""


def test_a_small_picture_is_asked_like_the_file(story):
    draft = story.draft()
    document = attach(story, draft, "anh.png", "photos", corpus.picture(), "image/png")
    story.enterprise("rival")

    for who in ("rival", "officer"):
        user = story.officer if who == "officer" else story.person(who)
        assert signed_in(user).get(url("document", pk=document.pk) + "?nho=1").status_code == 404
    assert Client().get(url("document", pk=document.pk) + "?nho=1").status_code == 302


def test_photos_take_pictures_only(story):
    dossier = story.draft()

    answer = client_of(story).post(url("papers", dossier), {"paper": "photos", "files": [upload()]})

    assert "JPG và PNG" in words(answer)
    assert not dossier.documents.exists()


# --- what was filed -----------------------------------------------------------------------------------
def test_what_was_filed_is_one_phrase_for_rows_and_for_queries(story):
    dossier = story.complete()
    early = Document.objects.get(dossier=dossier, paper="application_form")
    attach(story, dossier, "newer.pdf", "application_form")
    sent = actions.submit(dossier=dossier, by=story.person("clerk"), at=story.tick())
    early.refresh_from_db()

    filed = set(Document.objects.filter(dossier=sent).was_filed())

    assert early not in filed
    assert not early.was_filed(sent)
    assert filed == {d for d in Document.objects.filter(dossier=sent) if d.was_filed(sent)}
    assert len(filed) == Document.objects.filter(dossier=sent, removed_at=None).count()


# --- who may (D05) ------------------------------------------------------------------------------------
def acts(dossier, document, upload_id):
    """Every writing address of the page: method, address, body."""
    piece = url("upload_piece", dossier, upload=upload_id)
    return [
        ("post", url("remove_document", dossier, document=document.pk), {}),
        ("post", url("put_back_document", dossier, document=document.pk), {}),
        ("post", url("move_document", dossier, document=document.pk), {"to": "0"}),
        ("post", url("describe_document", dossier, document=document.pk), DETAILS),
        ("post", url("take_over", dossier), {"document": str(document.pk)}),
        ("post", url("upload_finish", dossier, upload=upload_id), {}),
        ("delete", piece, {}),
        ("post", piece + "?offset=0", {}),
    ]


def rows():
    return (
        list(Document.objects.order_by("pk").values()),
        list(Upload.objects.order_by("pk").values()),
        list(Dossier.objects.order_by("pk").values()),
    )


def begun(story, dossier, who="clerk"):
    return actions.begin_upload(
        dossier=dossier,
        paper="quality_certificates",
        name="a.pdf",
        size_bytes=10,
        modified="1",
        by=story.person(who),
        at=story.tick(),
    )


def test_a_childs_number_is_bound_to_its_dossier(story):
    """The own dossier in the address, another's file or upload in the address or the body: 404, nothing changed."""
    mine = story.draft()
    story.enterprise("rival")
    theirs = story.draft("rival")
    document = actions.attach(
        dossier=theirs,
        paper="quality_certificates",
        name="a.pdf",
        content=b"%PDF-",
        media_type="application/pdf",
        by=story.person("rival"),
        at=story.tick(),
    )
    other = begun(story, theirs, "rival")
    before = rows()

    for method, address, body in acts(mine, document, other.pk):
        answer = getattr(client_of(story), method)(address, body)
        assert answer.status_code == 404, address
    assert rows() == before


def test_a_file_of_the_own_other_dossier_is_not_of_this_one(story):
    one, two = story.draft(), story.draft()
    document = attach(story, two, paper="quality_certificates")
    other = begun(story, two)
    before = rows()

    for method, address, body in acts(one, document, other.pk):
        if address != url("take_over", one):
            assert getattr(client_of(story), method)(address, body).status_code == 404, address
    assert rows() == before


def test_a_reader_of_the_enterprise_hears_why_and_changes_nothing(story):
    dossier = story.draft()
    document = attach(story, dossier, paper="quality_certificates")
    reader = story.person("reader")
    Representative.objects.create(
        user=reader, enterprise=dossier.enterprise, role="reads", since=story.tick(), position=""
    )
    mine = Upload.objects.create(
        dossier=dossier, paper="awards", name="a", size_bytes=0, begun_by=reader, begun_at=story.now, fingerprint="x"
    )
    before = rows()

    for method, address, body in acts(dossier, document, mine.pk):
        answer = getattr(signed_in(reader), method)(address, body)
        assert answer.status_code == 409, (address, answer.status_code)
    started = signed_in(reader).post(url("upload_begin", dossier), {"paper": "awards", "name": "a.pdf", "size": "9"})
    assert started.status_code == 409
    assert "xem" in started.json()["refused"] or "đọc" in started.json()["refused"]
    assert rows() == before


@pytest.mark.parametrize("who", ["officer", "secretary", "it_officer"])
def test_staff_write_nothing_here(story, who):
    dossier = story.supplement()
    document = dossier.documents.get(paper="quality_certificates")
    other = begun(story, dossier)
    user = story.person(f"some-{who}", who)
    before = rows()

    for method, address, body in acts(dossier, document, other.pk):
        assert getattr(signed_in(user), method)(address, body).status_code == 404
    assert rows() == before


def test_while_a_supplement_is_awaited_only_what_was_asked_is_open(story):
    dossier = story.supplement()
    asked = dossier.documents.get(paper="quality_certificates")
    other = dossier.documents.get(paper="environment_papers")
    client = client_of(story)
    page = words(client.get(url("papers", dossier)))

    assert page.count("data-open") == 1
    assert client.post(url("remove_document", dossier, document=other.pk)).status_code == 409
    other.refresh_from_db()
    assert other.removed_at is None
    assert client.post(url("remove_document", dossier, document=asked.pk)).status_code == 302


# --- how often the database is asked ------------------------------------------------------------------
def test_the_page_asks_equally_often_for_any_number_of_files(story):
    dossier, elsewhere = story.draft(), story.draft()
    client = client_of(story)
    counts = {}
    for number in range(3):
        attach(story, dossier, f"a{number}.pdf")
        attach(story, dossier, f"q{number}.pdf", "quality_certificates")
        attach(story, elsewhere, f"o{number}.pdf", "quality_certificates")
        gone = attach(story, dossier, f"g{number}.pdf")
        actions.remove_document(document=gone, by=story.person("clerk"), at=story.tick())
        client.get(url("papers", dossier))
        with CaptureQueriesContext(connection) as asked:
            page = words(client.get(url("papers", dossier)))
        assert page.count("data-file=") == 2 * (number + 1)
        counts[number] = len(asked)
    assert counts[0] == counts[2] <= 20, counts


def test_the_bytes_stay_when_a_file_is_removed(story):
    document = attach(story, story.draft())
    actions.remove_document(document=document, by=story.person("clerk"), at=story.tick())

    assert files.read(document.file_id)
