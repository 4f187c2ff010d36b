"""Files by digest: written, flushed, then named by a row. An unnamed file is garbage, never an answer."""

import hashlib
import os
import tempfile
from datetime import datetime
from pathlib import Path

from django.conf import settings

from core.models import StoredFile


def path_of(sha256: str) -> Path:
    return Path(settings.MEDIA_ROOT) / "sha256" / sha256[:2] / sha256


def put(content: bytes) -> str:
    """Write the bytes under their SHA-256 and return it. Writing the same bytes twice changes nothing."""
    sha256 = hashlib.sha256(content).hexdigest()
    target = path_of(sha256)
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=target.parent)
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        Path(temporary).replace(target)
    return sha256


def name(sha256: str, *, size_bytes: int, media_type: str, at: datetime) -> StoredFile:
    """The row that makes a written file an answer. Part of the caller's transaction."""
    stored, _ = StoredFile.objects.get_or_create(
        sha256=sha256, defaults={"size_bytes": size_bytes, "media_type": media_type, "stored_at": at}
    )
    return stored


def read(sha256: str) -> bytes:
    """The bytes, checked against their digest. Raises FileNotFoundError, or ValueError when they were altered."""
    content = path_of(sha256).read_bytes()
    if hashlib.sha256(content).hexdigest() != sha256:
        raise ValueError(f"The stored file {sha256[:12]} does not match its digest.")
    return content
