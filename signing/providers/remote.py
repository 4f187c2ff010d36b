"""A remote signing service over HTTPS and JSON, with "ask before repeating".

`PUT /signatures/<id>` with key, digest and algorithm signs once per id; `GET /signatures/<id>` answers 200 with the
same signature, 202 while it is being made, 404 when the id was never received. A request that broke off, came too late
or failed inside the service leaves open whether it was signed: nothing is sent again before the service was asked.
"""

import base64
import hashlib
import http.client
import json
import ssl
from typing import Any
from urllib.parse import quote, urlsplit

from cryptography import x509
from django.conf import settings
from django.utils.translation import gettext as _

from signing.providers.base import Doubtful, KeyPlace, SigningFault, WrongAnswer, fits

LARGEST_ANSWER = 200_000
ALGORITHMS = {"rsa": "RSASSA-PKCS1-v1_5", "es256": "ECDSA"}


class RemoteProvider:
    is_remote = True

    def sign(self, place: KeyPlace, data: bytes, request_id: str) -> bytes:
        return self.ask_then_send(place, data, request_id)

    def ask_then_send(self, place: KeyPlace, data: bytes, request_id: str) -> bytes:
        """The answer the service has, else a new request: only after it said that it never received the first."""
        status, answer = self._call("GET", request_id, None)
        if status == http.client.NOT_FOUND:
            return self.send(place, data, request_id)
        return self._signature(place, data, request_id, status, answer)

    def send(self, place: KeyPlace, data: bytes, request_id: str) -> bytes:
        """The first request under this id; when its answer is lost, one question. Raises SigningFault."""
        wanted = {
            "kid": place.kid,
            "hash": "SHA-256",
            "digest": hashlib.sha256(data).hexdigest(),
            "algorithm": ALGORITHMS[place.algorithm],
        }
        try:
            status, answer = self._call("PUT", request_id, wanted)
        except Doubtful:
            status, answer = self._call("GET", request_id, None)
        return self._signature(place, data, request_id, status, answer)

    def _signature(self, place: KeyPlace, data: bytes, request_id: str, status: int, answer: Any) -> bytes:
        if status not in (http.client.OK, http.client.CREATED):
            raise Doubtful(_("the service has not signed yet (answer %(status)s).") % {"status": status})
        try:
            signature = base64.b64decode(answer["signature"], validate=True)
            certificate = x509.load_der_x509_certificate(base64.b64decode(answer["certificate"], validate=True))
            digest, named = answer["digest"], answer["request_id"]
        except (KeyError, TypeError, ValueError):
            raise Doubtful(_("the answer of the service cannot be read.")) from None
        if certificate != place.certificate:
            raise WrongAnswer(_("the service answered with another certificate."))
        if named != request_id or digest != hashlib.sha256(data).hexdigest():
            raise WrongAnswer(_("the service answered another request."))
        if not fits(place.certificate, signature, data):
            raise WrongAnswer(_("the signature from the service is not by this key."))
        return signature

    def _call(self, verb: str, request_id: str, body: dict[str, str] | None) -> tuple[int, Any]:
        """Status and JSON. Raises Doubtful when no whole answer came, SigningFault before anything was sent."""
        connection, folder = self._connection()
        headers = {"Accept": "application/json", "Content-Type": "application/json"}
        if settings.SIGNING_REMOTE_TOKEN:
            headers["Authorization"] = f"Bearer {settings.SIGNING_REMOTE_TOKEN}"
        try:
            path = f"{folder}/signatures/{quote(request_id, safe='')}"
            connection.request(verb, path, json.dumps(body) if body else None, headers)
            answer = connection.getresponse()
            content = answer.read(LARGEST_ANSWER)
        except (OSError, http.client.HTTPException) as error:
            raise Doubtful(
                _("the service gave no whole answer (%(fault)s).") % {"fault": type(error).__name__}
            ) from None
        finally:
            connection.close()
        try:
            return answer.status, json.loads(content) if content else None
        except (ValueError, RecursionError):
            return answer.status, None

    def _connection(self) -> tuple[http.client.HTTPConnection, str]:
        place = urlsplit(settings.SIGNING_REMOTE_URL)
        seconds = settings.SIGNING_REMOTE_SECONDS
        if place.scheme == "https" and place.hostname:
            secured = ssl.create_default_context()
            return http.client.HTTPSConnection(
                place.hostname, place.port, timeout=seconds, context=secured
            ), place.path.rstrip("/")
        if place.scheme == "http" and place.hostname in ("localhost", "127.0.0.1", "::1"):
            return http.client.HTTPConnection(place.hostname, place.port, timeout=seconds), place.path.rstrip("/")
        raise SigningFault(_("no remote signing service is configured."))
