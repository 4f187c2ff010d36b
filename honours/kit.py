"""The archive an enterprise downloads for a recognition in force: logos, QR codes, rules of use, seal, press text."""

import io
import zipfile
from datetime import datetime
from typing import Any

from django.core.cache import cache
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from core.errors import Refused
from honours import logo, press, snippets
from honours.queries import Holding, reasons_against_use

KEEP_SECONDS = 86_400


def lockups(found: Holding) -> list[logo.Lockup]:
    """Every drawing of the kit: the title, and the Top 10 where there is one."""
    row = found.recognition
    return [
        logo.Lockup(language, layout, ink, row.season_year, is_top10, row.is_demo)
        for is_top10 in ([False, True] if row.is_top10 else [False])
        for language in press.LANGUAGES
        for layout in logo.LAYOUTS
        for ink in logo.INKS
    ]


def kit(found: Holding) -> bytes:
    """The archive. The same facts give the same bytes. Raises Refused with every reason when the title may not be
    shown now."""
    if reasons := reasons_against_use(found):
        raise Refused(reasons)
    issued = max(paper.certificate.issued_at for paper in found.issued if paper.certificate.issued_at)
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in _files(found):
            archive.writestr(_entry(name, issued), content)
    return target.getvalue()


def _entry(name: str, at: datetime) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, timezone.localtime(at).timetuple()[:6])
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o644 << 16
    return entry


def _files(found: Holding) -> list[tuple[str, bytes]]:
    """Texts begin with a byte order mark: editors of Windows show Vietnamese letters by it. Code does not."""
    files = [("DOC-TRUOC.txt", readme(found, "vi")), ("README.txt", readme(found, "en"))]
    files += [(f"press/{press.file_name(found.recognition, one)}", press.text(found, one)) for one in press.LANGUAGES]
    seals = []
    for paper in found.issued:
        code = "\n\n".join(f"<!-- {one.kind}, {one.language} -->\n{one.code}" for one in snippets.snippets(paper))
        seals.append((f"seal/{paper.certificate.serial}.html.txt", (code + "\n").encode()))
    written = [(name, text.replace("\n", "\r\n").encode("utf-8-sig")) for name, text in files] + seals
    for one in lockups(found):
        written.append((f"logo/svg/{one.name}.svg", logo.draw(one).svg()))
        written.append((f"logo/png/{one.name}.png", _png(one)))
    for paper in found.issued:
        serial = paper.certificate.serial
        written.append((f"qr/{serial}.svg", snippets.qr_svg(serial)))
    return written


def _png(one: logo.Lockup) -> bytes:
    """Kept for a day: the logos of a season are the same for every enterprise."""
    name = f"logo-{one.name}-{'demo' if one.is_demo else 'real'}"
    found = cache.get(name)
    if found is None:
        found = logo.draw(one).png(logo.PNG_WIDTH[one.layout])
        cache.set(name, found, KEEP_SECONDS)
    return bytes(found)


def readme(found: Holding, language: str) -> str:
    facts: dict[str, Any] = press.facts(found)
    for name in press.LANGUAGES:
        with translation.override(name):
            facts[f"title_{name}"] = _("Key industrial product of Hanoi, %(year)s") % {"year": facts["year"]}
    with translation.override(language):
        return render_to_string(f"honours/kit.{language}.txt", facts).strip() + "\n"


def file_name(found: Holding) -> str:
    return f"kip-{found.recognition.season_year}-{found.issued[0].certificate.serial}.zip"
