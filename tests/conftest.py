import pytest


@pytest.fixture(autouse=True)
def _media(settings, tmp_path):
    """Every test stores its files in a folder of its own."""
    settings.MEDIA_ROOT = tmp_path / "media"
