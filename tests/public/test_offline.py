"""The exported copy: complete, true to the register, found out when changed, and nothing in it that is not public."""

import hashlib
import json
import re
from datetime import UTC, datetime, timedelta
from html import unescape
from pathlib import Path
from typing import Any

import cbor2
import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from certificates import status_list
from certificates.models import Certificate
from core import files
from dossiers.models import Dossier
from public import export, offline, register_copy
from signing import jcs, multibase, statements, tokens
from signing import keys as key_history
from signing.models import SigningKey
from tests.public.test_checking import corrected
from tests.registry.factories import expire, issue, make_enterprise, make_product, order, recognise, withdraw


@pytest.fixture
def issued(story, keys) -> Certificate:
    """A season with one product, its papers drafted, approved and signed by the real way."""
    story.recognised(1)
    story.now = timezone.now()
    story.issued()
    return Certificate.objects.select_related("recognition").get(kind="product")


def copy(tmp_path: Path, **options: Any) -> Path:
    folder = tmp_path / "web" / "copy"
    call_command("export_verifier", folder, **options)
    return folder


def read(folder: Path, name: str) -> Any:
    return json.loads((folder / name).read_bytes())


def all_text(folder: Path) -> str:
    texts = [path.read_bytes().decode(errors="replace") for path in folder.rglob("*") if path.is_file()]
    return unescape("\n".join(texts))


def written(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


# --- tokens that must not pass --------------------------------------------------------------------------
Case = tuple[str, str, dict[str, Any]]  # name, text, published keys


def mutations(token: str, key: SigningKey, published: dict[str, Any]) -> list[Case]:
    """The genuine token, changed in every way we know of: each with the key history it is judged by."""
    cases = [("as it is", token, published)]
    for number in range(30):
        place = number * len(token) // 30
        other = "A" if token[place] != "A" else "B"
        cases.append((f"letter {place}", token[:place] + other + token[place + 1 :], published))
    cases += [(f"cut at {length}", token[:length], published) for length in (0, 1, 8, len(token) // 2)]
    cases += [(f"cut by {length}", token[:-length], published) for length in (1, 2, 8)]
    cases += [("longer", token + "A", published), ("a byte more", token + "AAAAAAAA", published)]
    cases += [("small letters", token.lower(), published), ("padded", token + "=", published)]
    cases += [("too long", token * 40, published), ("foreign letter", token[:-1] + "1", published)]
    cases += [("other digits", token[:-1] + "٣", published)]
    cases += [(name, text, published) for name, text in _resealed(token, key)]
    return cases + [(name, token, history) for name, history in _histories(published)]


def _parts(token: str) -> list[Any]:
    return list(cbor2.loads(multibase.from_base32(token)).value)


def _text(parts: Any, tag: int = 18) -> str:
    return multibase.base32(cbor2.dumps(cbor2.CBORTag(tag, parts), canonical=True))


def _resealed(token: str, key: SigningKey) -> list[tuple[str, str]]:
    """Other forms, some of them signed by the real key: only what is written in the one form may pass."""
    protected, unprotected, payload, signature = _parts(token)

    def sealed(header: bytes, claims: bytes) -> str:
        data = cbor2.dumps(["Signature1", header, b"", claims], canonical=True)
        return _text([header, {}, claims, statements.raw_signature(key, data)])

    def header(algorithm: int, kid: Any) -> bytes:
        return cbor2.dumps({1: algorithm, 4: kid}, canonical=True)

    claims = cbor2.loads(payload)
    kid, s = key.kid.encode(), int.from_bytes(signature[32:], "big")
    high = signature[:32] + (statements.ORDER - s).to_bytes(32, "big")
    raw = multibase.from_base32(token)
    unsorted = bytes([payload[0]]) + cbor2.dumps(-1) + cbor2.dumps(claims[-1]) + payload[1:]
    return [
        ("high s", _text([protected, unprotected, payload, high])),
        ("no signature", _text([protected, unprotected, payload, b""])),
        ("zeros", _text([protected, unprotected, payload, bytes(64)])),
        ("short signature", _text([protected, unprotected, payload, signature[:63]])),
        ("something unprotected", _text([protected, {4: kid}, payload, signature])),
        ("another tag", _text([protected, unprotected, payload, signature], tag=17)),
        ("no tag", multibase.base32(raw[1:])),
        ("open-ended list", multibase.base32(b"\xd2\x9f" + raw[2:] + b"\xff")),
        ("long form of a length", multibase.base32(b"\xd2\x98\x04" + raw[2:])),
        ("five parts", _text([protected, unprotected, payload, signature, b""])),
        ("another algorithm", sealed(header(-8, kid), payload)),
        ("algorithm as text", sealed(cbor2.dumps({1: "ES256", 4: kid}, canonical=True), payload)),
        ("kid as text", sealed(header(-7, key.kid), payload)),
        ("unknown kid", sealed(header(-7, b"nobody"), payload)),
        ("kid that is no text", sealed(header(-7, b"\xff\xfe"), payload)),
        ("one header more", sealed(cbor2.dumps({1: -7, 4: kid, 5: 1}, canonical=True), payload)),
        ("claims doubled", sealed(protected, unsorted)),
        ("claims in another order", sealed(protected, b"\xa2" + b"\x06\x01" + b"\x04\x01")),
        ("number in a longer form", sealed(protected, b"\xa1\x06\x18\x05")),
        ("claims are a list", sealed(protected, b"\x80")),
        ("text that is no UTF-8", sealed(protected, b"\xa1\x06\x61\xff")),
        ("from 1970", sealed(protected, cbor2.dumps({**claims, 6: 1}, canonical=True))),
        ("of the far future", sealed(protected, cbor2.dumps({**claims, 6: 2**37}, canonical=True))),
        ("no time at all", sealed(protected, cbor2.dumps({-1: "x"}, canonical=True))),
        ("time before time", sealed(protected, cbor2.dumps({**claims, 6: -5}, canonical=True))),
        ("big number", sealed(protected, cbor2.dumps({**claims, 6: 2**60}, canonical=True))),
    ]


def _histories(published: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    def iso(**distance: int) -> str:
        return key_history.iso(datetime.now(UTC) + timedelta(**distance))

    def with_key(**change: Any) -> dict[str, Any]:
        methods = [{**method, **change} for method in published["verificationMethod"]]
        return {**published, "verificationMethod": methods}

    other = {**published["verificationMethod"][0]["publicKeyJwk"]}
    other["x"], other["y"] = other["y"], other["x"]
    return [
        ("expired key", with_key(expires=iso(days=-1000))),
        ("key not yet valid", with_key(validFrom=iso(days=1000))),
        ("retired before", with_key(revoked=iso(days=-1000))),
        ("retired after", with_key(revoked=iso(days=1000))),
        ("compromised before", with_key(revoked=iso(days=0), compromisedAt=iso(days=-1000))),
        ("compromised after", with_key(revoked=iso(days=0), compromisedAt=iso(days=1000))),
        ("unreadable time", with_key(expires="2099-13-01T00:00:00Z")),
        ("no point of the curve", with_key(publicKeyJwk=other)),
        ("another curve", with_key(publicKeyJwk={**other, "crv": "P-384"})),
        ("no such key any more", {**published, "assertionMethod": []}),
        ("another site", {**published, "id": "did:web:elsewhere.example"}),
    ]


def python_says(text: str, published: dict[str, Any]) -> str:
    try:
        tokens.open_token(text, published)
    except ValueError as error:
        return str(error)
    return "accepted"


@pytest.mark.django_db
def test_only_the_genuine_token_and_harmless_histories_are_accepted(keys):
    key = key_history.current("credential", timezone.now())
    claims = {4: 2_000_000_000, 5: 1_700_000_000, 6: int(timezone.now().timestamp()), -1: "KIP2026-0001-A"}
    cases = mutations(tokens.seal(claims, key=key), key, key_history.published(timezone.now()))

    accepted = {name for name, text, published in cases if python_says(text, published) == "accepted"}

    assert len(cases) >= 60
    assert accepted == {"as it is", "retired after", "compromised after"}


# --- what the copy holds --------------------------------------------------------------------------------
@pytest.mark.pdf
def test_every_file_of_the_copy_verifies_and_every_certificate_is_there(issued, tmp_path, capsys):
    folder = copy(tmp_path, papers=True)
    now, published = timezone.now(), read(folder, "keys.json")

    assert read(folder, ".well-known/did.json") == published == key_history.published(now)
    for name in ("credentials/status/1", "register.json"):
        assert statements.verify_json(read(folder, name), published, now) is None
    serials = set(Certificate.objects.values_list("serial", flat=True))
    register = {one["serial"]: one for one in read(folder, "register.json")["certificates"]}
    assert set(register) == serials
    assert (register[issued.serial]["status"], register[issued.serial]["sha256"]) == ("valid", issued.file_id)
    for serial in serials:
        assert statements.verify_json(read(folder, f"v/{serial}/credential.json"), published, now) is None
        paper = (folder / "papers" / f"{serial}.pdf").read_bytes()
        assert hashlib.sha256(paper).hexdigest() == register[serial]["sha256"]
        page = (folder / "v" / serial / "index.html").read_text()
        assert "Còn hiệu lực" in page
        assert issued.recognition.product_name_vi in unescape(page)
        assert '<html lang="en">' in (folder / "v" / serial / "en.html").read_text()
    assert {"roots.json", "leaves.txt", "check_log.py"} <= {path.name for path in (folder / "log").iterdir()}
    assert "2 certificates, 2 papers" in capsys.readouterr().out


@pytest.mark.pdf
def test_the_manifest_names_every_file_and_the_readme_says_how_to_check(issued, tmp_path):
    folder = copy(tmp_path)

    lines = (folder / "MANIFEST.sha256").read_text().splitlines()
    assert [line[66:] for line in lines] == [name for name in written(folder) if name != "MANIFEST.sha256"]
    for line in lines:
        assert hashlib.sha256((folder / line[66:]).read_bytes()).hexdigest() == line[:64]
    assert not (folder / "papers").exists()
    readme = (folder / "README.txt").read_text()
    thumbprint = register_copy.thumbprint(read(folder, "keys.json")["verificationMethod"][0]["publicKeyJwk"])
    for words in ("sha256sum --check", "ecdsa-jcs-2019", "máy chủ", "any web host", thumbprint):
        assert words in readme


@pytest.mark.pdf
def test_one_changed_byte_of_register_list_or_token_is_found(issued, tmp_path):
    folder = copy(tmp_path)
    now, published = timezone.now(), read(folder, "keys.json")

    for name in ("register.json", "credentials/status/1", f"v/{issued.serial}/credential.json"):
        content = (folder / name).read_bytes()
        assert jcs.canonical(json.loads(content)) == content  # so that a changed byte changes what is said
        for place in range(1, len(content), max(1, len(content) // 60)):
            harmed = bytearray(content)
            harmed[place] ^= 1
            try:
                document = json.loads(bytes(harmed))
            except ValueError:
                continue
            assert statements.verify_json(document, published, now) is not None, f"{name} at {place}"
    for place in range(len(issued.token)):
        other = "B" if issued.token[place] == "A" else "A"
        assert python_says(issued.token[:place] + other + issued.token[place + 1 :], published) != "accepted"


@pytest.mark.pdf
def test_revoked_and_replaced_ones_say_so_with_their_history(issued, tmp_path):
    new = issue(corrected(issued.recognition, product_name_vi="Tên mới"), b"%PDF new")
    folder = copy(tmp_path)

    register = {one["serial"]: one for one in read(folder, "register.json")["certificates"]}
    assert (register[issued.serial]["status"], register[issued.serial]["replacedBy"]) == ("replaced", new.serial)
    page = (folder / "v" / issued.serial / "index.html").read_text()
    assert "Đã được thay thế</h1>" in page
    assert f'href="../{new.serial}/index.html"' in page
    assert "Sai tên sản phẩm" in page

    withdraw(new.recognition)
    folder = copy(tmp_path)
    page = unescape((folder / "v" / new.serial / "en.html").read_text())
    assert "Revoked</h1>" in page
    assert "99/QĐ-UBND" in page
    assert issued.serial in page
    encoded = read(folder, "credentials/status/1")["credentialSubject"]["encodedList"]
    assert status_list.is_set(encoded, issued.status_entries.get().index)


def test_a_number_that_ended_before_it_had_a_paper_says_so(keys, tmp_path):
    """As its page does while the site stands; a paper that bears it is false."""
    revoked, gone = (order(recognise(make_product(name), year=year)[0]) for name, year in (("A", 2025), ("B", 2020)))
    withdraw(revoked.recognition)
    expire(gone.recognition)
    folder = copy(tmp_path, papers=True)

    register = {one["serial"]: one for one in read(folder, "register.json")["certificates"]}
    for certificate, status in ((revoked, "revoked"), (gone, "expired")):
        said = register[certificate.serial]
        assert (said["status"], said["issuedAt"], said["sha256"]) == (status, None, "")
        page = unescape((folder / "v" / certificate.serial / "en.html").read_text())
        truth = page.partition("data-truth")[2].partition("</section>")[0]
        assert "No paper was ever issued under this number." in truth
        assert "is genuine, but" not in truth
        assert "credential.json" not in truth
        assert ".pdf" not in truth
    assert not (folder / "papers").exists()


def test_a_number_replaced_before_it_had_a_paper_was_never_genuine(keys, tmp_path):
    drawn = order(recognise(make_product())[0])
    new = issue(corrected(drawn.recognition, product_name_vi="Tên mới"))
    folder = copy(tmp_path)

    page = unescape((folder / "v" / drawn.serial / "en.html").read_text())
    truth = page.partition("data-truth")[2].partition("</section>")[0]
    assert "No paper was ever issued under this number." in truth
    assert "another number stands in its place:" in truth
    assert f'href="../{new.serial}/en.html"' in truth
    assert "was genuine" not in truth


@pytest.mark.pdf
def test_nothing_but_published_facts_is_in_the_copy(issued, story, tmp_path):
    waiting = order(recognise(make_product("Chưa có giấy", enterprise=make_enterprise("Công ty Chờ")), year=2025)[0])
    folder = copy(tmp_path, papers=True)
    text = all_text(folder)

    dossier = Dossier.objects.get()
    hidden = [waiting.serial, "Chưa có giấy", dossier.track_code, str(issued.draft_id), issued.token]
    people = [story.secretary.email, story.officer.email, story.signatory.email]
    representative = dossier.enterprise.legal_representative
    for secret in [*hidden, *people, representative, dossier.enterprise.phone]:
        assert secret
        assert secret not in text, secret
    assert issued.serial in text


@pytest.mark.pdf
def test_before_the_release_the_copy_knows_nothing_of_the_decision(story, keys, tmp_path):
    story.published(1)
    story.tick(days=11)
    story.report()
    prepared = story.confirm(story.prepare(number="7777/QĐ-UBND"))
    folder = copy(tmp_path)

    assert read(folder, "register.json")["certificates"] == []
    assert prepared.number not in all_text(folder)
    assert Dossier.objects.get().product.name_vi not in all_text(folder)


# --- the folder -----------------------------------------------------------------------------------------
def test_a_second_run_replaces_the_first(keys, tmp_path):
    folder = copy(tmp_path)
    issue(recognise(make_product())[0])
    copy(tmp_path)

    assert len(read(folder, "register.json")["certificates"]) == 1
    assert [path.name for path in folder.parent.iterdir()] == ["copy"]
    assert folder.stat().st_mode & 0o777 == 0o755


@pytest.mark.parametrize("name", ["thesis.doc", "MANIFEST.sha256"])
def test_a_folder_with_something_else_is_left_alone(keys, tmp_path, name):
    folder = tmp_path / "web" / "copy"
    folder.mkdir(parents=True)
    (folder / "mine.txt").write_text("a year of work")
    (folder / name).write_text(f"{'0' * 64}  index.html\n")

    with pytest.raises(CommandError, match="bản sao"):
        call_command("export_verifier", folder)

    assert (folder / "mine.txt").read_text() == "a year of work"
    with pytest.raises(CommandError, match="là một tệp"):
        call_command("export_verifier", folder / "mine.txt")


def test_a_copy_that_somebody_put_a_file_into_is_left_alone(keys, tmp_path):
    folder = copy(tmp_path)
    (folder / "v" / "note.txt").parent.mkdir(exist_ok=True)
    (folder / "v" / "note.txt").write_text("mine")

    with pytest.raises(CommandError, match=r"v/note\.txt"):
        copy(tmp_path)


def test_an_empty_folder_is_taken(keys, tmp_path):
    (tmp_path / "web" / "copy").mkdir(parents=True)

    assert (copy(tmp_path) / "index.html").exists()


@pytest.mark.django_db
def test_without_a_key_nothing_is_written_and_the_reason_is_told(tmp_path):
    with pytest.raises(CommandError, match="khóa"):
        copy(tmp_path)

    assert list((tmp_path / "web").iterdir()) == []


def test_a_damaged_paper_stops_the_export_and_the_old_copy_stays(keys, tmp_path):
    folder = copy(tmp_path)
    certificate = issue(recognise(make_product())[0])
    files.path_of(certificate.file_id).write_bytes(b"damaged")
    with pytest.raises(CommandError, match=certificate.serial):
        copy(tmp_path, papers=True)

    assert read(folder, "register.json")["certificates"] == []
    assert [path.name for path in folder.parent.iterdir()] == ["copy"]


@pytest.mark.parametrize("count", [1, 3])
def test_the_register_is_read_in_one_query(keys, count, django_assert_num_queries):
    enterprise = make_enterprise()
    for recognition in recognise(*[make_product(f"Máy {n}", enterprise=enterprise) for n in range(count)]):
        issue(recognition, recognition.product_name_vi.encode())

    with django_assert_num_queries(1):
        data = [register_copy.as_data(entry) for entry in register_copy.entries()]

    assert len(data) == count


# --- the pages ------------------------------------------------------------------------------------------
def test_a_page_of_the_copy_loads_nothing_and_may_ask_nobody(keys, tmp_path):
    page = (copy(tmp_path) / "index.html").read_text()

    assert "connect-src 'none'" in unescape(page)
    assert not re.findall(r'\b(?:src|action)="', page)
    assert "url(http" not in page
    assert "@import" not in page
    assert len(page) < 80_000


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "word"), [("/xac-minh/ngoai-tuyen/", "không có mạng"), ("/en/verify/offline/", "network")]
)
def test_the_live_page_is_public_and_may_send_nothing(client, path, word):
    answer = client.get(path)

    assert answer.status_code == 200
    assert word in answer.text
    assert "form-action 'none'" in answer["Content-Security-Policy"]
    assert "Set-Cookie" not in answer
    assert not re.search(r'<(?:textarea|input)[^>]* name="', answer.text)


@pytest.mark.django_db
def test_the_worker_may_answer_for_codes_and_is_one_for_both_languages(client):
    answer = client.get("/verify-worker.js")

    assert answer["Service-Worker-Allowed"] == "/"
    assert answer["Content-Type"].startswith("text/javascript")
    assert offline.worker_path() == "/verify-worker.js"
    assert offline.scopes() == "/v/ /en/v/ /xac-minh/ngoai-tuyen/ /en/verify/offline/"
    kept = json.loads(answer.text.splitlines()[0].removeprefix("const KIP = ").removesuffix(";"))
    for address in (*kept["pages"].values(), kept["keys"]):
        assert client.get(address).status_code == 200


def test_no_script_could_end_its_element_early():
    assert "</" not in offline.script()
    assert export.PAGES["vi"] == "index.html"
