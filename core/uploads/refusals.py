"""The sentences that several checks share. Each says what is wrong with this file and what to do."""

import filetype
from django.utils.translation import gettext as _

from core.uploads.kinds import MAX_PIXELS, OLD_OFFICE


def mismatch(expected: str, content: bytes) -> str:
    if content.startswith(OLD_OFFICE):
        return _(
            "The name says %(expected)s, but this is an old Word or Excel file. Save it anew as %(expected)s."
        ) % {"expected": expected}
    found = filetype.guess(content[:8192])
    if found is not None and found.extension.upper() != expected:
        return _("The name says %(expected)s, but the content is %(found)s. Upload the right file.") % {
            "expected": expected,
            "found": found.extension.upper(),
        }
    return _("The name says %(expected)s, but the content is something else. Upload the right file.") % {
        "expected": expected
    }


def broken(what: str) -> str:
    return _("The file (%(what)s) is damaged or incomplete. Open it on your computer, save it anew and upload it.") % {
        "what": what
    }


def protected() -> str:
    return _("The file is protected by a password. Save it without protection and upload it again.")


def macros() -> str:
    return _("The file contains macros. Save it as DOCX, XLSX or PDF without macros and upload that.")


def two_in_one() -> str:
    return _("The file carries other data before or after its content. Save it anew and upload it again.")


def too_many_pixels() -> str:
    return _("The picture has more than %(n)s million pixels. Make it smaller.") % {"n": MAX_PIXELS // 1_000_000}


def swollen() -> str:
    return _("The file would unpack to an unusual size and is not accepted. Save it as PDF and upload that.")


def active_pdf() -> str:
    return _("This PDF contains scripts or commands. Print it to a new PDF and upload that one.")


def heavy_pdf() -> str:
    return _("This PDF takes too much time or memory to read. Print it to a new PDF and upload that one.")


def fetches() -> str:
    return _("The file fetches other content or starts programs when it is opened. Save it as PDF and upload that.")


def declares_entities() -> str:
    return _("The file has XML declarations that Word and Excel never write. Save it as PDF and upload that.")


def carries(name: str) -> str:
    return _("The file carries another file inside (%(name)s). Take it out, or save it as PDF and upload that.") % {
        "name": name
    }
