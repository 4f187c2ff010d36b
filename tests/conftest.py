import gc
import os
import time
from pathlib import Path

import pytest
from django.core.management import call_command

from tests.remembered import learn_the_base, remembered, watch

LONG = ("tests/leaks/", "tests/test_access.py", "tests/demo/", "test_accessible.py", "test_year.py")


def pytest_collection_modifyitems(items):
    """The longest first: whoever is done early takes over the short ones, and nobody waits for one at the end. Tests
    of several connections stay behind all others: they end with TRUNCATE, which also takes what migrations wrote."""

    def turn(item):
        long = any(name in item.nodeid for name in LONG)
        marker = item.get_closest_marker("django_db")
        alone = "live_server" in item.fixturenames or "transactional_db" in item.fixturenames
        return bool(alone or (marker and marker.kwargs.get("transaction"))), not long

    items.sort(key=turn)


def pytest_collection_finish():
    """What is loaded now stays to the end. Looking through it again and again for rubbish took a tenth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


@pytest.fixture(scope="session", autouse=True)
def _catalogues():
    """The pages speak Vietnamese from the catalogues of this checkout."""
    from django.utils.translation import trans_real

    call_command("catalogue", compile=True)
    trans_real._translations = {}
    trans_real._default = None


@pytest.fixture(autouse=True)
def _media(settings, tmp_path):
    """Every test stores its files in a folder of its own, and many people are made quickly."""
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.PASSWORD_HASHERS = [
        "django.contrib.auth.hashers.MD5PasswordHasher",
        "django.contrib.auth.hashers.PBKDF2PasswordHasher",
    ]


@pytest.fixture(autouse=True)
def _vietnamese():
    """A page asked for in English leaves its language behind; every test begins in Vietnamese."""
    from django.conf import settings
    from django.utils import translation

    translation.activate(settings.LANGUAGE_CODE)
    yield
    translation.activate(settings.LANGUAGE_CODE)


@pytest.fixture(autouse=True)
def _fresh_throttles():
    """Attempts counted by one test do not throttle the next."""
    from django.core.cache import cache

    cache.clear()


@pytest.fixture(autouse=True)
def _signed_in_with_the_second_step(monkeypatch):
    """`client.force_login` stands for the whole way in, second step included. What the way really asks for is
    proven in tests/accounts, which takes it through the pages or `client.force_login_by_password_only`."""
    from django.test import Client

    def force_login(client, user, backend=None):
        by_password_only(client, user, backend)
        session, now = client.session, time.time()
        session["account_authentication_methods"] = [
            {"method": "password", "at": now},
            {"method": "mfa", "type": "totp", "at": now},
        ]
        session["account_authentication_methods_user"] = str(user.pk)
        session["seen_at"] = int(now)
        session.save()

    by_password_only = Client.force_login
    monkeypatch.setattr(Client, "force_login", force_login)
    monkeypatch.setattr(Client, "force_login_by_password_only", by_password_only, raising=False)


@pytest.fixture(autouse=True)
def _told_time_is_the_databases_too(monkeypatch):
    """Where a test tells the time, deadlines hear it as well; the database is asked all the same. The difference of
    the two clocks is proven in tests/programme/test_season_clock.py, which asks the database alone."""
    from django.utils import timezone

    from core import clock

    real_now, asked = timezone.now, clock.database_now

    def database_now():
        moment = asked()
        return moment if timezone.now is real_now else timezone.now()

    database_now.alone = asked
    monkeypatch.setattr(clock, "database_now", database_now)


@pytest.fixture(scope="session")
def key_folder(tmp_path_factory):
    """Where the demonstration keys of this run lie; they are made once."""
    return tmp_path_factory.mktemp("keys")


@pytest.fixture(autouse=True)
def _key_folder(settings, key_folder):
    settings.SIGNING_KEY_FOLDER = str(key_folder)
    settings.SIGNING_ROOTS = str(key_folder / "roots.pem")


@pytest.fixture(autouse=True)
def _remembering(
    monkeypatch, settings, _media, _key_folder, _signed_in_with_the_second_step, _told_time_is_the_databases_too
):
    """tests/remembered.py hears where the test begins, and whether it has changed more than every test does."""
    watch.begins(lambda: (len(monkeypatch._setattr), len(monkeypatch._setitem), len(settings._to_restore)))


@pytest.fixture
def keys(db, key_folder):
    """Keys that sign papers and credentials, registered for this test."""
    from types import SimpleNamespace

    return _registered(SimpleNamespace(folder=str(key_folder)))


@remembered
def _registered(where):
    from django.utils import timezone

    from signing import demo_keys

    return demo_keys.make(Path(where.folder), timezone.now())


@pytest.fixture
def story(db):
    """A fresh story; see tests/story.py."""
    from tests.story import Story

    return Story()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings):
    """Under `make test` the migrations have run once already, on the database that DATABASE_URL names."""
    from django.db import connection

    if os.environ.get("KIP_TESTS_COPY"):
        connection.settings_dict["TEST"]["TEMPLATE"] = connection.settings_dict["NAME"]


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Tests of several connections end with TRUNCATE of every table, which the audit log refuses. Only that one
    trigger rests during tests; tests/core/test_audit.py wakes it and proves it."""
    from django.db import connection

    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE core_auditevent DISABLE TRIGGER audit_no_truncate")
        learn_the_base()
    yield
    # A killed worker or a page still loading may hold a session; the test database goes all the same.
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
