"""Small pictures of papers, for whoever looks over a batch."""

import io

from django.core.cache import cache

from core import files

WIDTH_PX = 360
KEEP_SECONDS = 86_400


def picture_of(sha256: str) -> bytes:
    """A PNG of the first page of a stored paper. Raises FileNotFoundError, or ValueError when it was altered."""
    name = f"paper-{sha256}-{WIDTH_PX}"
    found = cache.get(name)
    if found is None:
        found = _draw(files.read(sha256))
        cache.set(name, found, KEEP_SECONDS)
    return bytes(found)


def _draw(content: bytes) -> bytes:
    import pypdfium2  # a large library: loaded by whoever draws

    with pypdfium2.PdfDocument(content) as document:
        page = document[0]
        image = page.render(scale=WIDTH_PX / page.get_width()).to_pil()
    target = io.BytesIO()
    image.save(target, "PNG", optimize=True)
    return target.getvalue()
