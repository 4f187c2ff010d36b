"""Ways to sign one paper (PAdES B-B): as the library's own documentation shows it, and ours."""

import io
from datetime import UTC, datetime
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from django.conf import settings
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers
from pyhanko.sign.fields import SigSeedSubFilter

from signing import demo_keys, pades, trust
from signing.models import SigningKey
from signing.providers import file

AT = datetime(2026, 12, 5, 2, 0, tzinfo=UTC)
PASSWORD = "bench"  # noqa: S105 (keys that live as long as the measurement)
_kept: dict[str, signers.SimpleSigner] = {}


def new_key(folder: Path, algorithm: str) -> SigningKey:
    """A key of this kind with a certificate of an authority made for it; the row is not stored anywhere."""
    settings.SIGNING_KEY_FOLDER, settings.SIGNING_KEY_PASSWORD = str(folder), PASSWORD
    settings.SIGNING_ROOTS, settings.SIGNING_LEVEL = str(folder / f"{algorithm}.pem"), "B-B"
    authority = demo_keys.new_authority("Bench", AT)
    Path(settings.SIGNING_ROOTS).write_bytes(authority.certificate.public_bytes(serialization.Encoding.PEM))
    key = demo_keys.new_key(algorithm)
    certificate = demo_keys.issue(authority, key, "Bench", *demo_keys._times(AT))
    demo_keys.write(folder / f"{algorithm}.p12", key, certificate)
    pem = certificate.public_bytes(serialization.Encoding.PEM).decode()
    kind = trust.algorithm_of(certificate) or ""
    return SigningKey(kid=algorithm, purpose="paper", provider="file", algorithm=kind, certificate_pem=pem)


def _signer(key: SigningKey) -> signers.SimpleSigner:
    path = Path(settings.SIGNING_KEY_FOLDER) / f"{key.kid}.p12"
    signer = signers.SimpleSigner.load_pkcs12(pfx_file=str(path), passphrase=PASSWORD.encode())
    if signer is None:
        raise ValueError("the key does not open")
    return signer


def documented(content: bytes, key: SigningKey) -> bytes:
    """The example of the documentation: open the key, sign, let the library find out how much room it needs."""
    return _documented(content, _signer(key))


def documented_with_kept_key(content: bytes, key: SigningKey) -> bytes:
    if key.kid not in _kept:
        _kept[key.kid] = _signer(key)
    return _documented(content, _kept[key.kid])


def _documented(content: bytes, signer: signers.SimpleSigner) -> bytes:
    facts = signers.PdfSignatureMetadata(
        field_name="ChuKy", subfilter=SigSeedSubFilter.PADES, md_algorithm="sha256", reason="Bench", location="Hà Nội"
    )
    out = signers.sign_pdf(IncrementalPdfFileWriter(io.BytesIO(content), strict=False), facts, signer=signer)
    return bytes(out.getbuffer())


def ours(content: bytes, key: SigningKey) -> bytes:
    return pades.sign(content, key=key, signer_name="Bench", reason="Bench", at=AT, request_id="bench")


def bare(content: bytes, key: SigningKey) -> bytes:
    """The signature alone, with the key kept: the least that any way needs."""
    path = Path(settings.SIGNING_KEY_FOLDER) / f"{key.kid}.p12"
    return file.raw_signature(file._load(path, path.stat().st_mtime_ns, PASSWORD), content)
