"""The name under which a file is shown. Its place on the disk never depends on it."""

import re
import unicodedata

from django.utils.translation import pgettext

from core.uploads.kinds import MAX_NAME

_DEVICE_NAME = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)", re.IGNORECASE)


def clean_name(name: str) -> str:
    """As people know the file, in one line: no folder, no invisible character, at most 140 letters with the
    extension kept. `clean_name("C:\\\\thư mục\\\\Báo cáo.pdf") == "Báo cáo.pdf"`."""
    text = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    text = "".join(" " if unicodedata.category(c)[0] in "CZ" else c for c in text)
    text = re.sub(r'[<>:"|?*]', "_", text)
    text = re.sub(r" +", " ", text).lstrip().rstrip(" .")
    stem, dot, extension = text.rpartition(".")
    if not dot or len(extension) > 10:
        stem, dot, extension = text, "", ""
    stem = stem.strip(" .") or pgettext("file name", "file")
    if _DEVICE_NAME.fullmatch(stem):
        stem = f"_{stem}"
    return stem[: MAX_NAME - len(dot) - len(extension)].rstrip(" .") + dot + extension
