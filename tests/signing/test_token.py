"""A key in a token behind PKCS #11; a software token stands for the real one."""

import os
import subprocess

import pytest
from cryptography.hazmat.primitives import serialization

from core.errors import Refused
from embedded.machine import softhsm
from signing import actions, demo_keys, keys, statements, verdict
from tests.signing.conftest import NOW
from tests.signing.helpers import LATER, signed

PIN = "4711"
pytestmark = pytest.mark.token


@pytest.fixture(scope="module")
def token(tmp_path_factory, key_folder):
    """A software token with one RSA and one EC key, and the keys' certificates by name."""
    folder = tmp_path_factory.mktemp("token")
    (folder / "tokens").mkdir()
    (folder / "softhsm2.conf").write_text(f"directories.tokendir = {folder}/tokens\nlog.level = ERROR\n")
    os.environ["SOFTHSM2_CONF"] = str(folder / "softhsm2.conf")
    util("--init-token", "--free", "--label", "kip", "--so-pin", "0815", "--pin", PIN)
    yield {
        name: stored(name, algorithm, folder, number)
        for number, (name, algorithm) in enumerate([("token-rsa", "rsa-2048"), ("token-ec", "es256")], start=1)
    }
    os.environ.pop("SOFTHSM2_CONF")


def stored(name, algorithm, folder, number):
    key, path = demo_keys.new_key(algorithm), folder / f"{name}.pem"
    form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path.write_bytes(key.private_bytes(*form))
    util("--import", path, "--token", "kip", "--label", name, "--id", f"0{number}", "--pin", PIN)
    path.unlink()
    return key


def util(*arguments):
    subprocess.run(["softhsm2-util", *arguments], check=True, capture_output=True)


@pytest.fixture
def register(token, signing_keys, key_folder, settings):
    settings.SIGNING_TOKEN_LIBRARY, settings.SIGNING_TOKEN_LABEL = softhsm(), "kip"
    settings.SIGNING_TOKEN_PIN = PIN

    def register(name, purpose="paper", kid=""):
        authority = demo_keys._authority(key_folder, NOW)
        certificate = demo_keys.issue(authority, token[name], name, *demo_keys._times(NOW))
        pem = certificate.public_bytes(serialization.Encoding.PEM).decode()
        return actions.register(
            kid=kid or name, purpose=purpose, provider="pkcs11", certificate_pem=pem, by=None, at=NOW
        )

    return register


@pytest.mark.parametrize("name", ["token-rsa", "token-ec"])
def test_a_token_signs_a_paper(register, name):
    answer = verdict.judge(signed(register(name)), at=LATER)

    assert (answer.case, answer.kid) == ("intact", name)


def test_a_token_signs_a_statement(register):
    key = register("token-ec", purpose="credential")
    document = statements.sign_json({"a": 1}, key=key, at=NOW)

    assert statements.verify_json(document, keys.published(NOW), NOW) is None


def test_a_token_with_another_key_under_the_label_is_refused(register, settings, token):
    token["token-rsa"], kept = demo_keys.new_key("rsa-2048"), token["token-rsa"]
    try:
        with pytest.raises(Refused, match="khóa khác"):
            signed(register("token-rsa"))
    finally:
        token["token-rsa"] = kept


def test_a_wrong_pin_a_missing_key_and_a_missing_token_are_told_in_words(register, settings):
    with pytest.raises(Refused, match="thiết bị ký không ký được"):
        signed(register("token-rsa", kid="not-there"))
    key = register("token-ec")
    for name, value in [("SIGNING_TOKEN_PIN", "0000"), ("SIGNING_TOKEN_LABEL", "x"), ("SIGNING_TOKEN_LIBRARY", "/x")]:
        kept = getattr(settings, name)
        setattr(settings, name, value)
        with pytest.raises(Refused, match="thiết bị ký không ký được"):
            signed(key)
        setattr(settings, name, kept)
    assert verdict.judge(signed(key), at=LATER).case == "intact"
    settings.SIGNING_TOKEN_LIBRARY = ""
    with pytest.raises(Refused, match="chưa cấu hình"):
        signed(key)
