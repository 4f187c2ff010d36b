import pytest


@pytest.fixture(autouse=True)
def _media(settings, tmp_path):
    """Every test stores its files in a folder of its own."""
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def story(db):
    """A fresh story; see tests/story.py."""
    from tests.story import Story

    return Story()
