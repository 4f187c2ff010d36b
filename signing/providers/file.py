"""Keys in PKCS #12 files, `<kid>.p12` in the folder of keys: for the demonstration and for small offices."""

from functools import lru_cache
from pathlib import Path

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from django.conf import settings
from django.utils.translation import gettext as _

from signing.providers.base import KeyPlace, SigningFault

PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey


class FileProvider:
    is_remote = False

    def sign(self, place: KeyPlace, data: bytes, request_id: str) -> bytes:
        path = Path(settings.SIGNING_KEY_FOLDER) / f"{place.kid}.p12"
        try:
            key = _load(path, path.stat().st_mtime_ns, settings.SIGNING_KEY_PASSWORD)
        except OSError as error:
            raise SigningFault(
                _("the file of the key cannot be read (%(fault)s).") % {"fault": error.strerror}
            ) from None
        except ValueError:
            raise SigningFault(_("the file of the key does not open with the configured password.")) from None
        if key.public_key() != place.certificate.public_key():
            raise SigningFault(_("the file holds another key than its certificate names."))
        return raw_signature(key, data)


def raw_signature(key: PrivateKey, data: bytes) -> bytes:
    if isinstance(key, rsa.RSAPrivateKey):
        return key.sign(data, padding.PKCS1v15(), hashes.SHA256())
    return key.sign(data, ec.ECDSA(hashes.SHA256()))


@lru_cache(maxsize=16)
def _load(path: Path, changed: int, password: str) -> PrivateKey:
    """Once per process and version of the file: opening an RSA key checks it, which takes longer than signing."""
    key = pkcs12.load_key_and_certificates(path.read_bytes(), password.encode() or None)[0]
    if not isinstance(key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey):
        raise ValueError("neither RSA nor EC")
    return key
