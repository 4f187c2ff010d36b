from datetime import UTC, datetime

import pytest

from accounts.actions import grant_role, open_account
from accounts.models import Role
from mail import registry
from mail.kinds import Addressee, Field, LetterKind
from tests.mail.smtp import smtp_server

NOW = datetime(2026, 10, 5, 3, 42, tzinfo=UTC)
LINK = Field("link", "Trang hồ sơ", "Page of the dossier", "https://kip.example.gov.vn/ho-so/1/")
CODE = Field("dossier", "Mã số hồ sơ", "Number of the dossier", "H26.12-261005-0007")
WORDS = Field("words", "Lời cán bộ", "The officer's words", "Thiếu báo cáo tài chính.")


def sample(code, **more):
    return LetterKind(
        code=code,
        title_vi="Thư thử",
        title_en="Test letter",
        fields=(CODE, WORDS, LINK),
        subject_vi="Hồ sơ {dossier}: có việc",
        body_vi="Hồ sơ {dossier} có lời nhắn:\n\n{words}\n\n[Mở hồ sơ](link)",
        subject_en="Dossier {dossier}: news",
        body_en="The dossier {dossier} has a message:\n\n{words}\n\n[Open the dossier](link)",
        **more,
    )


@pytest.fixture(autouse=True)
def kinds(monkeypatch, settings):
    """Kinds of the tests beside the declared ones."""
    settings.SITE_URL = "https://kip.example.gov.vn"
    monkeypatch.setattr(registry, "_kinds", dict(registry._kinds))
    monkeypatch.setattr(registry, "_rooms", dict(registry._rooms))
    monkeypatch.setattr(registry, "_twice", [])
    registry.add("dossiers", [sample("test_note"), sample("test_reminder", is_reminder=True)])
    registry.add("dossiers", [sample("test_decision", is_decision=True)])
    registry.add("evaluations", [sample("test_council")])


@pytest.fixture
def values():
    return {"dossier": "H26.12-261005-0007", "words": "Thiếu giấy.", "link": "https://kip.example.gov.vn/ho-so/7/"}


@pytest.fixture
def person(db):
    return open_account(email="ha@example.vn", full_name="Nguyễn Thị Hà", password=None, at=NOW)


@pytest.fixture
def public():
    return Addressee("dan@example.vn", "Trần Văn Dân")


def _staff(email, role):
    user = open_account(email=email, full_name=email.split("@")[0], password=None, at=NOW)
    grant_role(user=user, role=role, by=None, at=NOW)
    return user


@pytest.fixture
def officer(db):
    return _staff("officer@example.vn", Role.OFFICER)


@pytest.fixture
def secretary(db):
    return _staff("secretary@example.vn", Role.SECRETARY)


@pytest.fixture
def post_office(settings):
    """A real mail server on a real socket, and the site set to use it."""
    with smtp_server() as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", server.port, 5
        yield server
