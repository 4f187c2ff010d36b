from datetime import UTC, datetime

import pytest

NOW = datetime(2026, 9, 1, 3, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def key_folder(tmp_path_factory):
    return tmp_path_factory.mktemp("keys")


@pytest.fixture
def signing_keys(db, key_folder, settings):
    """The demonstration's keys, files made once per run: purpose -> key."""
    from signing import demo_keys

    settings.SIGNING_KEY_FOLDER = str(key_folder)
    settings.SIGNING_ROOTS = str(key_folder / "roots.pem")
    return demo_keys.make(key_folder, NOW)
