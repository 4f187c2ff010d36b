"""Names and forms of somebody who means harm: printed as text or refused in words, and nothing is read or called."""

import io
import json
import re
import socket
import threading
import unicodedata

import pikepdf
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from certificates import form_file, paper, paper_check
from certificates.paper_words import folded, letters
from tests.certificates.reading import SERIAL, another_year, squeezed, text_of
from tests.certificates.snapshots import snapshot
from tests.certificates.test_form_file import SHIPPED

pytestmark = pytest.mark.pdf
CANARY = "canary-4a1f-must-not-leave"


def nasty(address, path):
    return [
        f"<img src=file://{path}>",
        f'<img src="{address}/pixel.png">',
        f'<object data="file://{path}"></object>',
        f'<link rel=attachment href="file://{path}">',
        f'<link rel=stylesheet href="{address}/x.css">',
        f"<style>@import url({address}/y.css); p {{ background: url(file://{path}) }}</style>",
        f"<svg><image href='{address}/z.svg'/></svg>",
        f"<base href='{address}'><iframe src='{address}'>",
        f"url({address}) url('file://{path}')",
        "{{ settings.SECRET_KEY }} {% include '" + str(path) + "' %} {% debug %}",
        "{serial} {verify_url} {0.__class__.__mro__} %(serial)s ${HOME} `id`",
        "</p></div></body></html><h1>GIẤY GIẢ</h1>",
        "<!DOCTYPE x [<!ENTITY e SYSTEM 'file://" + str(path) + "'>]>&e;&#60;b&#62;",
        "'; DROP TABLE x; -- \"> <script>alert(1)</script>",
        ") Tj ET /JavaScript << /S /Launch >> endstream endobj",
        "\\u0041 \\x41 \\n \\ // # % & * ~",
    ]


@pytest.fixture
def listener():
    """A server on this machine that remembers whether anybody called."""
    calls = []
    server = socket.create_server(("127.0.0.1", 0))
    server.settimeout(0.1)
    stop = threading.Event()

    def wait():
        while not stop.is_set():
            try:
                calls.append(server.accept())
            except TimeoutError:
                continue

    thread = threading.Thread(target=wait)
    thread.start()
    yield f"http://127.0.0.1:{server.getsockname()[1]}", calls
    stop.set()
    thread.join()
    server.close()


def everything_in(pdf):
    with pikepdf.open(io.BytesIO(pdf)) as file:
        attached = {name: item.get_file().read_bytes() for name, item in file.attachments.items()}
        return attached, b"".join(o.read_bytes() for o in file.objects if isinstance(o, pikepdf.Stream))


def test_hostile_names_are_printed_and_neither_file_nor_server_hears_of_it(listener, tmp_path):
    address, calls = listener
    path = tmp_path / "secret.txt"
    path.write_text(CANARY)

    for name in nasty(address, path):
        facts = snapshot(product_name_vi=name, enterprise_name_vi=name, enterprise_address_vi=name, signer_name=name)
        facts |= {"product_name_en": name, "enterprise_name_en": name, "decision_number": name}
        pdf = paper.render(SERIAL, facts)

        assert squeezed(name) in squeezed(text_of(pdf))
        assert paper_check.faults(pdf, SERIAL, facts, paper.form_for(2026), paper.verify_url(SERIAL)) == []
        attached, streams = everything_in(pdf)
        assert list(attached) == [f"{SERIAL}.json"]
        assert CANARY.encode() not in streams
    assert calls == []


def test_a_hostile_form_is_printed_or_refused_and_reads_nothing(listener, tmp_path):
    address, calls = listener
    path = tmp_path / "secret.txt"
    path.write_text(CANARY)
    printed = 0

    for words in nasty(address, path):
        data = json.loads(json.dumps(SHIPPED))
        data["zones"][1]["lines"][0] |= {"text": words}
        data["kinds"]["product"]["heading_vi"] = words
        data["document"]["title"] = words
        try:
            form = form_file.parse(json.dumps(data))
        except form_file.UnsoundForm:
            assert "{" in words
            continue
        data["zones"][1]["lines"][0] |= {"text": "x"}
        try:
            pdf = paper.render(SERIAL, snapshot(), form=form)
        except ValueError:  # longer than its place
            continue
        printed += 1
        assert squeezed(words) in squeezed(text_of(pdf))
        assert CANARY.encode() not in everything_in(pdf)[1]
    assert printed >= 8
    assert calls == []


@pytest.mark.parametrize("name", ["灯", "سلام", "😀", "a\u200bb", "\u202etxt", "\u0301" * 50, "x\u0336y", "\x07"])
def test_what_has_no_letter_is_refused_in_words_and_never_printed_as_a_box(name):
    for fact in ("product_name_vi", "enterprise_name_en", "signer_name", "enterprise_address_vi"):
        with pytest.raises(ValueError, match=r"U\+"):
            paper.render(SERIAL, snapshot(**{fact: name}))


def test_a_form_with_such_a_letter_is_refused_too():
    data = json.loads(json.dumps(SHIPPED))
    data["zones"][1]["lines"][0]["text"] = "委員会"

    with pytest.raises(ValueError, match=r"U\+59D4"):
        paper.render(SERIAL, snapshot(), form=form_file.parse(json.dumps(data)))


plain = sorted(sign for sign in letters() if not paper.unprintable(sign))
names = st.one_of(
    st.text(st.sampled_from(plain), min_size=1, max_size=140),
    st.text(st.sampled_from("ẶỘỮỰỶĐạọ <>&{}%'\"\\/()[]#;:=-_"), min_size=1, max_size=140),
    st.text(st.characters(codec="utf-8"), min_size=1, max_size=60),
    st.lists(st.sampled_from(["</p>", "{{", "}}", "{%", "url(", "file:///", "\u0323", "ơ", "W" * 30, " "]), min_size=1)
    .map("".join)
    .map(lambda text: text[:140]),
)


@settings(max_examples=320, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(product=names, enterprise=names)
def test_any_name_gives_one_page_with_its_text_or_a_refusal_in_words(product, enterprise):
    facts = snapshot(product_name_vi=product, enterprise_name_vi=enterprise)
    form = paper.form_for(2026)
    if paper.unprintable(product) or paper.unprintable(enterprise):
        with pytest.raises(ValueError, match=r"U\+"):
            paper.render(SERIAL, facts)
        return

    pdf = paper.render(SERIAL, facts)

    assert paper_check.faults(pdf, SERIAL, facts, form, paper.verify_url(SERIAL)) == []


@settings(max_examples=25, deadline=None)
@given(name=st.text(st.sampled_from(plain), min_size=1, max_size=100))
def test_pdftotext_reads_the_same_names(name):
    pdf = paper.render(SERIAL, snapshot(enterprise_name_vi=name), form=another_year())

    def ascii_hyphens(text):
        # pdftotext joins words at the hyphens on which a row ends.
        return re.sub("[-\u00ad\u2010\u2011]", "", unicodedata.normalize("NFKC", squeezed(text)))

    assert ascii_hyphens(folded(name)) in ascii_hyphens(text_of(pdf))
