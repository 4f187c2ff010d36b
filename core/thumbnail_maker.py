"""Run by `core.child` alone: reads a JPEG or PNG from stdin and writes a small JPEG without anything but pixels."""

import io
import sys
import warnings

from PIL import Image, ImageOps

SIDE = 320
MAX_PIXELS = 50_000_000


def small(content: bytes) -> bytes:
    warnings.simplefilter("ignore", Image.DecompressionBombWarning)
    picture: Image.Image = Image.open(io.BytesIO(content), formats=["JPEG", "PNG"])
    if picture.width * picture.height > MAX_PIXELS:
        raise ValueError("too many pixels")
    picture.draft("RGB", (SIDE * 2, SIDE * 2))
    picture.thumbnail((SIDE, SIDE))
    picture = ImageOps.exif_transpose(picture)  # the camera lay on its side
    if picture.mode not in ("RGB", "L"):
        clear = picture.convert("RGBA")
        picture = Image.new("RGB", clear.size, "white")
        picture.paste(clear, mask=clear.getchannel("A"))
    stream = io.BytesIO()
    Image.frombytes(picture.mode, picture.size, picture.tobytes()).save(stream, "JPEG", quality=78)
    return stream.getvalue()


if __name__ == "__main__":
    sys.stdout.buffer.write(small(sys.stdin.buffer.read()))
