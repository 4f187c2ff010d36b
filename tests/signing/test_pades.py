"""The signed paper, checked by tools that did not write it, and the keys that may not sign (threat C18)."""

import io
import shutil
import subprocess
from datetime import timedelta

import pikepdf
import pytest
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from core.errors import Refused
from signing import actions, demo_keys, keys, pades
from signing.models import SigningKey
from tests.signing.conftest import NOW
from tests.signing.helpers import registered, signed
from tests.signing.papers import plain_paper


def test_the_field_and_its_words(signing_keys):
    with pikepdf.open(io.BytesIO(signed(signing_keys["paper"]))) as pdf:
        (field,) = pdf.Root.AcroForm.Fields
        signature = field.V
        assert str(field.T) == "ChuKy"
        assert [int(n) for n in field.Rect] == [0, 0, 0, 0]
        assert int(field.F) & 4  # to be printed, never hidden: PDF/A
        assert not int(field.F) & 2
        assert str(signature.Name) == "Sở Công Thương Hà Nội"
        assert str(signature.Reason) == "Cấp giấy chứng nhận"
        assert str(signature.Location) == "Hà Nội"
        assert signature.SubFilter == "/ETSI.CAdES.detached"
        (reference,) = signature.Reference
        assert int(reference.TransformParams.P) == 1
        # ISO 19005-3, 6.1.12: not beside a DocMDP permission
        assert not {"/DigestLocation", "/DigestMethod", "/DigestValue"} & set(reference.keys())
        assert pdf.Root.Perms.DocMDP.objgen == signature.objgen


def test_the_approved_bytes_stand_at_the_beginning_of_the_signed_file(signing_keys):
    content = plain_paper()

    assert signed(signing_keys["paper"]).startswith(content)
    assert signed(signing_keys["paper"], content=content.rstrip(b"\n")).startswith(content.rstrip(b"\n") + b"\n")


def test_everything_but_the_signature_is_the_same_when_tried_again(signing_keys):
    first, second = (signed(signing_keys["paper"]) for _ in range(2))
    place = first.index(b"/Contents <30")

    assert first[:place] == second[:place]
    assert first.rpartition(b"/ByteRange")[2] == second.rpartition(b"/ByteRange")[2]


@pytest.mark.parametrize("algorithm", ["es256", "rsa-2048", "rsa-3072"])
@pytest.mark.parametrize("level", pades.LEVELS)
def test_another_library_trusts_every_level(signing_keys, key_folder, settings, algorithm, level):
    settings.SIGNING_LEVEL, settings.SIGNING_TIME_STAMP = level, "demo"
    name = f"levels-{algorithm}"
    key = _kept(name, key_folder, algorithm)
    from asn1crypto import x509

    from signing import trust

    roots = [x509.Certificate.load(trust.der(c)) for c in keys.roots(settings.SIGNING_ROOTS)]

    content = signed(key)

    reader = PdfFileReader(io.BytesIO(content))
    status = validate_pdf_signature(reader.embedded_regular_signatures[0], ValidationContext(trust_roots=roots))
    assert status.bottom_line, status.pretty_print_details()
    assert (status.timestamp_validity is not None) == (level != "B-B")
    assert len(reader.embedded_timestamp_signatures) == (level == "B-LTA")


def _kept(name, folder, algorithm):
    """RSA keys take a while to make: once per run."""
    if not (folder / f"{name}.p12").exists():
        return registered(name, folder, algorithm=algorithm)
    from cryptography.hazmat.primitives import serialization

    pem = demo_keys.read(folder / f"{name}.p12")[1].public_bytes(serialization.Encoding.PEM).decode()
    return actions.register(kid=name, purpose="paper", provider="file", certificate_pem=pem, by=None, at=NOW)


@pytest.mark.pdf
@pytest.mark.parametrize("level", ["B-B", "B-LTA"])
def test_qpdf_and_poppler_find_no_fault(signing_keys, settings, tmp_path, level):
    settings.SIGNING_LEVEL, settings.SIGNING_TIME_STAMP = level, "demo"
    path = tmp_path / "paper.pdf"
    path.write_bytes(signed(signing_keys["paper"]))

    qpdf = subprocess.run(["qpdf", "--check", path], capture_output=True, text=True, check=False)
    poppler = subprocess.run(["pdfsig", "-nocert", path], capture_output=True, text=True, check=False)

    assert qpdf.returncode == 0, qpdf.stdout + qpdf.stderr
    assert "Signature is Valid" in poppler.stdout
    assert "ETSI.CAdES.detached" in poppler.stdout


@pytest.mark.parametrize("content", [b"", b"no PDF", b"%PDF-1.7\n%%EOF\n", plain_paper()[:300]])
def test_what_is_no_whole_pdf_is_not_signed(signing_keys, content):
    with pytest.raises(Refused, match="không phải tệp PDF"):
        signed(signing_keys["paper"], content=content)


def test_a_signed_paper_is_not_signed_again(signing_keys):
    with pytest.raises(Refused, match="đã có chữ ký"):
        signed(signing_keys["paper"], content=signed(signing_keys["paper"]))


def test_no_level_above_the_first_without_a_time_stamp_authority(signing_keys, settings):
    for level in ("B-T", "B-LT", "B-LTA", "B-X"):
        settings.SIGNING_LEVEL = level
        with pytest.raises(Refused):
            signed(signing_keys["paper"])


def test_long_term_data_need_a_current_list_of_the_revoked(signing_keys, settings, tmp_path, key_folder):
    settings.SIGNING_LEVEL, settings.SIGNING_TIME_STAMP = "B-LT", "demo"
    for path in key_folder.glob("*.p12"):
        shutil.copy(path, tmp_path)
    settings.SIGNING_KEY_FOLDER = str(tmp_path)

    with pytest.raises(Refused, match="danh sách chứng thư bị thu hồi"):
        signed(signing_keys["paper"])


def test_the_key_to_sign_with_is_one_question_and_the_newest(signing_keys, key_folder, django_assert_num_queries):
    newer = registered("newer", key_folder, start=NOW - timedelta(days=1))

    with django_assert_num_queries(1):
        assert keys.current("paper", NOW) == newer
    assert keys.current("paper", NOW - timedelta(days=2)) == signing_keys["paper"]
    assert keys.current("paper", NOW, kid="paper-demo-1") == signing_keys["paper"]


BAD_KEYS = {
    "missing": ("đăng ký", "registered"),
    "not yet valid": ("chỉ có hiệu lực từ", "valid only from"),
    "expired": ("hiệu lực đến", "valid until"),
    "retired": ("ngừng dùng ngày", "was retired on"),
    "compromised": ("bị lộ", "no longer only in the hands"),
    "wrong usage": ("không cho phép ký", "does not allow signing"),
    "foreign root": ("không dẫn tới", "does not lead"),
    "demonstration": ("trình diễn", "demonstration"),
    "short": ("độ dài", "kind or length"),
    "exchanged certificate": ("không phải chứng thư đã đăng ký", "not the one that was registered"),
}


@pytest.mark.parametrize("fault", BAD_KEYS)
def test_a_bad_key_signs_nothing_and_says_why(signing_keys, settings, tmp_path, key_folder, fault):
    """C18: the refusal names the fault, in both languages."""
    from django.utils import translation

    key = signing_keys["paper"]
    spoil(key, fault, settings, tmp_path)

    for language, words in zip(("vi", "en"), BAD_KEYS[fault], strict=True):
        with translation.override(language), pytest.raises(Refused, match=words):
            keys.current("paper", NOW)


def spoil(key, fault, settings, tmp_path):
    rows = SigningKey.objects.filter(pk=key.pk)
    day = timedelta(days=1)
    if fault == "missing":
        rows.delete()
    elif fault == "not yet valid":
        rows.update(valid_from=NOW + day)
    elif fault == "expired":
        rows.update(valid_to=NOW - day)
    elif fault == "retired":
        rows.update(retired_at=NOW - day, retired_reason="superseded")
    elif fault == "compromised":
        rows.update(retired_at=NOW + day, retired_reason="compromised", compromised_at=NOW)
    elif fault == "foreign root":
        demo_keys.write(tmp_path / "other.pem", None, None)
        settings.SIGNING_ROOTS = str(tmp_path / "other.pem")
    elif fault == "demonstration":
        settings.SIGNING_ALLOW_DEMO = False
    else:
        rows.update(**exchanged(fault, settings))


def exchanged(fault, settings):
    """Another certificate in the row: by SQL, past the checks of registering."""
    from pathlib import Path

    from cryptography.hazmat.primitives import serialization

    from signing import trust

    authority = demo_keys._authority(Path(settings.SIGNING_KEY_FOLDER), NOW)
    start, end = demo_keys._times(NOW)
    private = demo_keys.new_key("rsa-1024" if fault == "short" else "es256")
    usage = demo_keys._usage(signs_certificates=True) if fault == "wrong usage" else None
    certificate = demo_keys.issue(authority, private, "x", start, end, usage=usage)
    facts = {"certificate_pem": certificate.public_bytes(serialization.Encoding.PEM).decode()}
    if fault != "exchanged certificate":
        facts["fingerprint"] = trust.fingerprint(certificate)
    return facts


def test_a_file_with_another_key_than_the_certificate_signs_nothing(signing_keys, settings, tmp_path, key_folder):
    shutil.copy(key_folder / "demo-1.p12", tmp_path / "paper-demo-1.p12")
    settings.SIGNING_KEY_FOLDER = str(tmp_path)

    with pytest.raises(Refused, match="khóa khác"):
        signed(signing_keys["paper"])
    (tmp_path / "paper-demo-1.p12").unlink()
    with pytest.raises(Refused, match="không đọc được tệp khóa"):
        signed(signing_keys["paper"])


def test_registering_refuses_what_could_never_sign(signing_keys, key_folder):
    from tests.signing.helpers import new_key

    pem = new_key("once", key_folder)
    actions.register(kid="once", purpose="paper", provider="file", certificate_pem=pem, by=None, at=NOW)
    for facts, words in [
        ({"kid": "other", "certificate_pem": pem}, "tên khác"),
        ({"kid": "once", "certificate_pem": signing_keys["paper"].certificate_pem}, "chứng thư khác"),
        ({"kid": "../x", "certificate_pem": pem}, "Tên khóa"),
        ({"kid": "x", "certificate_pem": "nothing"}, "Không đọc được"),
        (
            {"kid": "y", "certificate_pem": new_key("y", key_folder, algorithm="rsa-2048"), "purpose": "credential"},
            "Loại",
        ),
    ]:
        with pytest.raises(Refused, match=words):
            actions.register(**{"purpose": "paper", "provider": "file", "by": None, "at": NOW, **facts})


def test_demonstration_keys_are_made_once(signing_keys, key_folder):
    before = {path.name: path.read_bytes() for path in key_folder.iterdir()}

    again = demo_keys.make(key_folder, NOW + timedelta(days=300))

    assert again == signing_keys
    assert {path.name: path.read_bytes() for path in key_folder.iterdir()} == before
    assert all(path.stat().st_mode & 0o077 == 0 for path in key_folder.glob("*.p12"))


def test_a_lost_folder_gives_new_keys_beside_the_old_ones(signing_keys, tmp_path, settings):
    settings.SIGNING_KEY_FOLDER, settings.SIGNING_ROOTS = str(tmp_path), str(tmp_path / "roots.pem")

    again = demo_keys.make(tmp_path, NOW)

    assert again["paper"].kid == "paper-demo-2"
    assert keys.current("paper", NOW) == again["paper"]
