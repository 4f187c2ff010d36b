"""Files made to look intact: altered byte by byte, forged, mutated at random. None is, and none breaks the reader."""

import hashlib
import re

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from signing import cms, verdict
from signing.verdict import Case
from tests.signing.helpers import LATER, judged, signed


@pytest.fixture
def paper(signing_keys):
    return signed(signing_keys["paper"])


def test_two_hundred_papers_with_one_altered_byte(paper):
    """C09: whichever byte it is."""
    for number in range(200):
        place = number * (len(paper) - 1) // 199
        changed = paper[:place] + bytes([paper[place] ^ (1 << number % 8)]) + paper[place + 1 :]
        assert verdict.judge(changed, at=LATER).case != Case.INTACT, place


def test_forged_pieces_of_a_signature_are_never_intact(paper):
    """Universal signature forgery: contents, range or both taken away or emptied; a range that skips the page."""
    container = re.search(rb"/Contents <([0-9A-F]+)>", paper)
    ranged = re.search(rb"/ByteRange \[[^\]]*\]", paper)
    wide = b" " * (len(ranged[0]) - len(b"/ByteRange [0 1 2 3]"))
    forged = [
        paper.replace(container[1], b"0" * len(container[1])),
        paper.replace(b"/Contents <", b"/Contentz <"),
        paper.replace(b"/ByteRange [", b"/ByteRangz ["),
        paper.replace(ranged[0], b"/ByteRange [0 1 2 3]" + wide),
        paper.replace(b"/ETSI.CAdES.detached", b"/adbe.pkcs7.detached"),
    ]
    for content in forged:
        assert content != paper
        assert judged(content)[0].case in (Case.ALTERED, Case.UNSIGNED)


quick = hypothesis_settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@quick
@given(data=st.data())
def test_no_mutation_raises_or_passes(paper, data):
    content = bytearray(paper)
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(content) - 1))
        kind = data.draw(st.sampled_from(["flip", "cut", "insert", "repeat"]))
        if kind == "flip":
            content[place] ^= data.draw(st.integers(1, 255))
        elif kind == "cut":
            del content[place : place + data.draw(st.integers(1, 500))]
        elif kind == "insert":
            content[place:place] = data.draw(st.binary(min_size=1, max_size=40))
        else:
            content[place:place] = content[place : place + 60]
        if not content:
            break

    answer = verdict.judge(bytes(content), at=LATER)

    assert answer.case != Case.INTACT or content == paper
    assert answer.words


def test_no_byte_of_the_container_changes_unseen(paper):
    """Neither spare zeros nor what the signature does not cover, nor capital letters of its digits."""
    start, end = re.search(rb"/Contents <([0-9A-F]+)>", paper).span(1)
    for place in [*range(start, start + 200), *range(start + 200, end, 97), end - 1]:
        other = b"1" if paper[place : place + 1] == b"0" else b"0"
        assert verdict.judge(paper[:place] + other + paper[place + 1 :], at=LATER).case != Case.INTACT, place
    lower = paper[:start] + paper[start:end].lower() + paper[end:]
    assert verdict.judge(lower, at=LATER).case == Case.ALTERED


def test_the_form_of_the_container_never_changes():
    """Papers of earlier years are exact only in this form: a new form needs a way to know the old one."""
    who = cms.Signer(b"\xa0\x01c", b"\x30\x01i", b"\x30\x01a", cms._SIGNATURES["es256"])
    signed = cms.attributes(who, b"d" * 32)
    written = cms.assemble(who, signed, b"s" * 70) + cms.assemble(who, signed, b"s" * 70, token=b"\x30\x01t")

    assert hashlib.sha256(written).hexdigest() == "edadc7f8c1532ea7b4037b149fff403d8e505f1139df329004b58b98ab733c75"


@quick
@given(content=st.binary(max_size=3000) | st.binary(max_size=3000).map(lambda rest: b"%PDF-1.7\n" + rest + b"%%EOF\n"))
def test_random_bytes_never_raise(signing_keys, content):
    assert verdict.judge(content, at=LATER).case != Case.INTACT
