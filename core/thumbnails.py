"""Small pictures of stored ones, made once per digest in a process of its own. Nothing of the original but its
pixels is in them: no place, no author, no camera."""

import os
import tempfile
from pathlib import Path

from django.conf import settings

from core import child, files

_MAKER = Path(__file__).with_name("thumbnail_maker.py")


def path_of(sha256: str) -> Path:
    return Path(settings.MEDIA_ROOT) / "small" / sha256[:2] / f"{sha256}.jpg"


def of(sha256: str) -> bytes | None:
    """A JPEG of at most 320 pixels a side; None for a picture that cannot be drawn in time, which is remembered."""
    path = path_of(sha256)
    if not path.exists():
        made = child.run(_MAKER, files.read(sha256)) or b""
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=path.parent)
        with os.fdopen(handle, "wb") as stream:
            stream.write(made)
        Path(temporary).replace(path)
    return path.read_bytes() or None
