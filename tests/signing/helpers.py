"""Signing and judging in one line, and keys with every kind of fault."""

from datetime import timedelta

from cryptography.hazmat.primitives import serialization
from django.utils import translation

from signing import actions, demo_keys, pades, verdict
from tests.signing.conftest import NOW
from tests.signing.papers import plain_paper

LATER = NOW + timedelta(days=30)


def signed(key, at=NOW, content=None):
    return pades.sign(
        plain_paper() if content is None else content,
        key=key,
        signer_name="Sở Công Thương Hà Nội",
        reason="Cấp giấy chứng nhận",
        at=at,
        request_id="paper-1",
    )


def judged(content, at=LATER):
    """The verdict, with its words in both languages: neither is empty, and they differ."""
    with translation.override("en"):
        english = verdict.judge(content, at=at)
    answer = verdict.judge(content, at=at)
    assert answer.case == english.case
    assert answer.words
    assert len(answer.words) == len(english.words)
    assert all(vi != en for vi, en in zip(answer.words, english.words, strict=True))
    return answer, " ".join(answer.words), " ".join(english.words)


def new_key(name, folder, *, start=None, end=None, authority=None, algorithm="es256"):
    """A key of the demonstration's authority with its file, and its certificate."""
    start, end = start or NOW - timedelta(days=400), end or NOW + timedelta(days=400)
    authority = authority or demo_keys._authority(folder, NOW)
    key = demo_keys.new_key(algorithm)
    certificate = demo_keys.issue(authority, key, name, start, end)
    demo_keys.write(folder / f"{name}.p12", key, certificate)
    return certificate.public_bytes(serialization.Encoding.PEM).decode()


def registered(name, folder, **facts):
    pem = new_key(name, folder, **facts)
    return actions.register(kid=name, purpose="paper", provider="file", certificate_pem=pem, by=None, at=NOW)
