"""Keys in a token or HSM behind PKCS #11: the key is found by its label, which is the kid, and never leaves.

The library of the maker, the label of the token and its PIN come from the settings. One session per process stays
open; a token that was pulled out is opened anew by the next try.
"""

import hashlib
import os
from contextlib import suppress
from threading import Lock
from typing import Any

from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from django.conf import settings
from django.utils.translation import gettext as _

from signing.providers.base import KeyPlace, SigningFault, fits


class TokenProvider:
    is_remote = False

    def __init__(self) -> None:
        self._one_at_a_time = Lock()  # a session is for one thread at a time (PKCS #11, section 2.6)
        self._process = os.getpid()
        self._session: Any = None
        self._where: tuple[str, str, str] | None = None

    def sign(self, place: KeyPlace, data: bytes, request_id: str) -> bytes:
        if not settings.SIGNING_TOKEN_LIBRARY:
            raise SigningFault(_("no token is configured."))
        try:
            import pkcs11
        except ImportError:
            raise SigningFault(_("the package python-pkcs11 is not installed.")) from None
        with self._one_at_a_time:
            try:
                signature = _sign(self._opened(), place, data)
            except (pkcs11.PKCS11Error, RuntimeError, OSError) as error:
                self._close()
                fault = str(error) or type(error).__name__
                raise SigningFault(_("the token does not sign (%(fault)s).") % {"fault": fault}) from None
        if not fits(place.certificate, signature, data):
            raise SigningFault(_("the token holds another key than its certificate names."))
        return signature

    def _opened(self) -> Any:
        import pkcs11

        where = (settings.SIGNING_TOKEN_LIBRARY, settings.SIGNING_TOKEN_LABEL, settings.SIGNING_TOKEN_PIN)
        forked = self._process != os.getpid()
        if self._session is not None and self._where == where and not forked:
            return self._session
        library = pkcs11.lib(settings.SIGNING_TOKEN_LIBRARY)
        if forked:  # a worker must not use what its parent opened
            self._session, self._process = None, os.getpid()
            library.reinitialize()
        self._close()
        token = library.get_token(token_label=settings.SIGNING_TOKEN_LABEL)
        self._session, self._where = token.open(user_pin=settings.SIGNING_TOKEN_PIN), where
        return self._session

    def _close(self) -> None:
        session, self._session = self._session, None
        with suppress(Exception):  # the token may be gone
            if session is not None:
                session.close()


def _sign(session: Any, place: KeyPlace, data: bytes) -> bytes:
    import pkcs11

    key = session.get_key(object_class=pkcs11.ObjectClass.PRIVATE_KEY, label=place.kid)
    if place.algorithm == "rsa":
        return bytes(key.sign(data, mechanism=pkcs11.Mechanism.SHA256_RSA_PKCS))
    raw = bytes(key.sign(hashlib.sha256(data).digest(), mechanism=pkcs11.Mechanism.ECDSA))
    half = len(raw) // 2
    return encode_dss_signature(int.from_bytes(raw[:half], "big"), int.from_bytes(raw[half:], "big"))
