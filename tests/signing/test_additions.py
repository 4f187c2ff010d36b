"""What may stand behind the signed bytes: long-term data as we write it, and nothing else (threat C09)."""

import hashlib
import io
import time

import pikepdf
import pytest
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from signing import additions, pades, verdict, writing
from signing.verdict import Case
from tests.signing.helpers import LATER, judged, signed
from tests.signing.papers import plain_paper

SMALL = (
    b"%PDF-1.7\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n2 0 obj\n<</Type/Pages/Kids[3 0 R]/Count 1>>\nendobj\n"
    b"3 0 obj\n<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>\nendobj\nxref\n0 4\n0000000000 65535 f \n"
    b"0000000009 00000 n \n0000000054 00000 n \n0000000105 00000 n \ntrailer\n<</Size 4/Root 1 0 R/ID[<00><00>]>>\n"
    b"startxref\n168\n%%EOF\n"
)


def packed_paper():
    """As the papers of certificates are: a table of objects that is a stream."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(plain_paper())) as pdf:
        pdf.save(out, object_stream_mode=pikepdf.ObjectStreamMode.generate, deterministic_id=True)
    return out.getvalue()


@pytest.fixture(params=["table", "stream"])
def content(request):
    return plain_paper() if request.param == "table" else packed_paper()


def updated(content, change):
    stream = io.BytesIO(content)
    writer = IncrementalPdfFileWriter(stream, strict=False)
    change(writer)
    writer.write_in_place()
    return stream.getvalue()


def title(writer):
    words = generic.DictionaryObject({generic.pdf_name("/Title"): generic.pdf_string("Giấy giả")})
    writer.set_info(writer.add_object(words))


def metadata(writer):
    xmp = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><r/></x:xmpmeta>'
    kind = {
        generic.pdf_name("/Type"): generic.pdf_name("/Metadata"),
        generic.pdf_name("/Subtype"): generic.pdf_name("/XML"),
    }
    in_catalogue("/Metadata", generic.StreamObject(kind, stream_data=xmp))(writer)


def in_catalogue(name, value):
    def change(writer):
        found = (
            writer.add_object(value) if isinstance(value, (generic.StreamObject, generic.DictionaryObject)) else value
        )
        writer.root[generic.pdf_name(name)] = found
        writer.update_root()

    return change


def new_root(writer):
    writer.trailer["/Root"] = writer.add_object(generic.DictionaryObject(writer.root))


def store(*contents):
    """A /DSS whose certificates and lists are these bytes."""

    def change(writer):
        streams = generic.ArrayObject(writer.add_object(generic.StreamObject(stream_data=one)) for one in contents)
        names = ("/Certs", "/CRLs") if contents else ()
        in_catalogue("/DSS", generic.DictionaryObject({generic.pdf_name(name): streams for name in names}))(writer)

    return change


UPDATES = {
    "nothing": lambda writer: writer.update_root(),
    "title": title,
    "metadata": metadata,
    "version": in_catalogue("/Version", generic.pdf_name("/2.0")),
    "extensions": in_catalogue("/Extensions", generic.DictionaryObject()),
    "language": in_catalogue("/Lang", generic.pdf_string("xx")),
    "new root": new_root,
    "orphan": lambda writer: writer.add_object(generic.StreamObject(stream_data=b"MZ" * 50)),
    "empty store": store(),
    "garbage in the store": store(b"hello"),
}


@pytest.mark.parametrize("name", UPDATES)
def test_an_update_that_changes_no_page_is_an_addition_all_the_same(signing_keys, content, name):
    answer, _vi, en = judged(updated(signed(signing_keys["paper"], content=content), UPDATES[name]))

    assert answer.case == Case.EXTENDED
    assert "added" in en
    assert "as it was issued" in en


@pytest.fixture
def long_term_paper(signing_keys, settings, content):
    settings.SIGNING_TIME_STAMP, settings.SIGNING_LEVEL = "demo", "B-LTA"
    return signed(signing_keys["paper"], content=content)


def ends(content):
    """Behind the paper, the signature, the store and the stamp."""
    return [mark.end() + 1 for mark in additions.END_MARK.finditer(content)]


def test_our_own_long_term_data_are_none(long_term_paper):
    assert len(ends(long_term_paper)) == 4
    for end in ends(long_term_paper)[1:]:
        assert judged(long_term_paper[:end])[0].case == Case.INTACT
    assert verdict.judge(long_term_paper, at=LATER, apart=True).case == Case.INTACT


def test_bytes_hidden_before_between_or_in_accepted_additions_are_seen(long_term_paper):
    _paper, signature, store_end, _stamp = ends(long_term_paper)
    certificate = long_term_paper.index(b"endstream", signature)
    for place in (signature, store_end, certificate, long_term_paper.rindex(b"/Prev")):
        hidden = long_term_paper[:place] + b"\n% PK\x03\x04\n" + long_term_paper[place:]
        assert verdict.judge(hidden, at=LATER).case in (Case.EXTENDED, Case.ALTERED), place


def test_no_byte_of_the_additions_changes_unseen(long_term_paper):
    """But for the frame of the stamp itself, of which its own signature covers the time and the digest."""
    start, stamp = ends(long_term_paper)[1], long_term_paper.rindex(b"/Contents <")
    stamp_end = long_term_paper.index(b">", stamp)
    zeros = len(long_term_paper[:stamp_end].rstrip(b"0")) + 2
    for place in [
        *range(start, stamp, 101),
        *range(zeros, stamp_end, 997),
        *range(stamp_end, len(long_term_paper), 41),
    ]:
        changed = long_term_paper[:place] + bytes([long_term_paper[place] ^ 1]) + long_term_paper[place + 1 :]
        assert verdict.judge(changed, at=LATER).case != Case.INTACT, place


def test_an_archive_stamp_of_an_unknown_authority_is_an_addition(long_term_paper, settings, tmp_path):
    settings.SIGNING_TIME_STAMP_ROOTS = str(tmp_path / "none.pem")

    assert judged(long_term_paper)[0].case == Case.EXTENDED


def test_a_paper_may_be_stamped_after_it_was_issued(signing_keys, settings, content):
    settings.SIGNING_TIME_STAMP = "demo"
    paper = signed(signing_keys["paper"], content=content)

    assert judged(pades.archive(paper, mark=b"later"))[0].case == Case.INTACT


def test_the_form_of_the_additions_never_changes():
    """Papers of earlier years are intact only in this form: a new form needs a way to know the old one."""
    written = writing.long_term(SMALL, b"i" * 16, certificates=[], lists=[b"\x30\x00"])
    (_steps, stream), _digest = writing.archive(written, b"j" * 16, reserved=20)

    assert (
        hashlib.sha256(stream.getvalue()).hexdigest()
        == "8cd4464e91cce39d795e759a56feb74625c8b310fb2c2b43bc3da5409335ed9c"
    )


@pytest.mark.parametrize("kind", ["table", "stream"])
def test_a_chain_of_sixty_thousand_versions_is_refused_before_it_is_read(signing_keys, kind):
    table = b"xref\n0 1\n0000000000 65535 f \ntrailer\n<</Size 2/Root 1 0 R/Prev 9>>\n"
    stream = b"5 0 obj\n<</Type/#58Ref/Size 2/W[1 1 1]/Prev 9/Length 0>>stream\nendstream\nendobj\nstartxref\n9\n"
    started = time.monotonic()

    answer, vi, en = judged(b"%PDF-1.7\n" + 60_000 * (table if kind == "table" else stream) + b"startxref\n9\n%%EOF\n")

    assert time.monotonic() - started < 3
    assert answer.case == Case.NOT_A_PDF
    assert "50 phiên bản" in vi
    assert "50 versions" in en
