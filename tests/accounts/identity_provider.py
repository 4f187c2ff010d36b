"""A small identity provider on this machine: discovery, keys, authorise, token, userinfo, with real RS256 keys.

`make` turns the claims of an honest answer into those of a dishonest one.
"""

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT_ID, CLIENT_SECRET = "kip-hanoi", "a secret of the two houses"
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
OTHER_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)


def sign(claims: dict[str, Any], *, key: Any = KEY, kid: str = "one", algorithm: str = "RS256") -> str:
    return jwt.encode(claims, key, algorithm=algorithm, headers={"kid": kid})


class IdentityProvider:
    def __init__(self) -> None:
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.issuer = f"http://127.0.0.1:{self.server.server_port}"
        self.person: dict[str, Any] = {
            "sub": "0100109106-7",
            "name": "Công ty Cổ phần Cơ khí Minh Họa",
            "email": "vanthu@minh-hoa.vn",
            "tax_code": "0100109106",
            "organisation": "Công ty Cổ phần Minh Họa",
            "representative": "Lê Thị Đại Diện",
        }
        self.claims: Callable[[dict[str, Any]], dict[str, Any]] = lambda claims: claims
        self.token: Callable[[dict[str, Any]], str] = sign
        self.about: Callable[[dict[str, Any]], dict[str, Any]] = lambda about: about
        self.discovery: dict[str, Any] = {}
        self.broken: set[str] = set()
        self.asked: dict[str, dict[str, str]] = {}
        self.codes_used: list[str] = []

    def __enter__(self) -> "IdentityProvider":
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *args: object) -> None:
        self.server.shutdown()
        self.server.server_close()

    def well_known(self) -> dict[str, Any]:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "userinfo_endpoint": f"{self.issuer}/userinfo",
            "jwks_uri": f"{self.issuer}/keys",
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
        } | self.discovery

    def keys(self) -> dict[str, Any]:
        public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(KEY.public_key()))
        return {"keys": [public | {"kid": "one", "alg": "RS256", "use": "sig"}]}

    def authorise(self, query: dict[str, str]) -> str:
        """The person says yes; returns where the browser goes back to."""
        assert query["client_id"] == CLIENT_ID
        assert query["response_type"] == "code"
        assert query["code_challenge_method"] == "S256"
        code = secrets.token_urlsafe(16)
        self.asked[code] = query
        return f"{query['redirect_uri']}?{urlencode({'code': code, 'state': query['state']})}"

    def exchange(self, form: dict[str, str]) -> dict[str, Any]:
        query = self.asked.pop(form["code"])
        assert form["client_secret"] == CLIENT_SECRET
        assert form["redirect_uri"] == query["redirect_uri"]
        challenge = hashlib.sha256(form["code_verifier"].encode()).digest()
        assert base64.urlsafe_b64encode(challenge).decode().rstrip("=") == query["code_challenge"]
        now = int(time.time())
        claims = self.claims(
            {
                "iss": self.issuer,
                "sub": self.person["sub"],
                "aud": CLIENT_ID,
                "iat": now,
                "exp": now + 300,
                "nonce": query["nonce"],
                "jti": secrets.token_hex(8),
            }
        )
        return {"access_token": "access", "token_type": "Bearer", "expires_in": 300, "id_token": self.token(claims)}

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        house = self

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, *args: object) -> None:
                pass

            def _answer(self, value: Any, status: int = 200) -> None:
                body = json.dumps(value).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def do_GET(self) -> None:
                address = urlsplit(self.path)
                query = {key: values[0] for key, values in parse_qs(address.query).items()}
                if address.path in house.broken:
                    self._answer({"error": "down"}, 500)
                elif address.path == "/.well-known/openid-configuration":
                    self._answer(house.well_known())
                elif address.path == "/keys":
                    self._answer(house.keys())
                elif address.path == "/userinfo":
                    assert self.headers["Authorization"] == "Bearer access"
                    self._answer(house.about(dict(house.person)))
                elif address.path == "/authorize":
                    self.send_response(302)
                    self.send_header("Location", house.authorise(query))
                    self.end_headers()
                else:
                    self._answer({}, 404)

            def do_POST(self) -> None:
                length = int(self.headers["Content-Length"])
                form = {key: values[0] for key, values in parse_qs(self.rfile.read(length).decode()).items()}
                if "/token" in house.broken:
                    self._answer({"error": "down"}, 500)
                    return
                self._answer(house.exchange(form))

        return Handler


def public_pem() -> bytes:
    return KEY.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
