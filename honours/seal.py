"""The live seal: a picture for an enterprise's own site that says what the register says at this moment.

It always names the enterprise it belongs to, so that a copied one accuses whoever copied it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from certificates.models import Certificate
from honours import palette
from honours.drawing import Picture, polyline, rounded
from honours.lettering import Face, plain, set_lines
from public.views.certificate import verdict_of

SERIF, SANS, STRONG = Face("serif", 600), Face("sans", 400), Face("sans", 650)
LANGUAGES: Final = ("vi", "en")
# How large each kind is drawn, in pixels.
KINDS: Final = {"wide": (420, 150), "square": (240, 264), "small": (280, 84)}


@dataclass(frozen=True)
class Facts:
    """What a seal says. `state` is a verdict of the page behind the QR code, "unknown" or "mistyped"; the rest is
    empty where the register knows nothing."""

    state: str
    serial: str
    title: str = ""
    short: str = ""
    product: str = ""
    enterprise: str = ""
    day: date | None = None
    is_demo: bool = False

    @property
    def is_live(self) -> bool:
        return self.state == "valid"


def facts_of(certificate: Certificate | None, serial: str, *, mistyped: bool = False) -> Facts:
    """In the language of the moment. A paper that is not issued has no product on its seal: only whose it will be."""
    if certificate is None:
        return Facts("mistyped" if mistyped else "unknown", plain(serial)[:30])
    recognition, state = certificate.recognition, verdict_of(certificate)
    year = {"year": recognition.season_year}
    if certificate.kind == Certificate.Kind.TOP10:
        title = _("Top 10 key industrial products of Hanoi, %(year)s") % year
        short = _("Top 10 KIP of Hanoi %(year)s") % year
    else:
        title = _("Key industrial product of Hanoi, %(year)s") % year
        short = _("KIP of Hanoi %(year)s") % year
    return Facts(
        state=state,
        serial=certificate.serial,
        title=title,
        short=short,
        product="" if state == "pending" else _named(recognition.product_name_vi, recognition.product_name_en),
        enterprise=_named(recognition.enterprise_name_vi, recognition.enterprise_name_en),
        day=_day_of(certificate, state),
        is_demo=recognition.is_demo,
    )


def _named(vi: str, en: str) -> str:
    return plain(en if en and (translation.get_language() or "vi").startswith("en") else vi)


def _day_of(certificate: Certificate, state: str) -> date | None:
    """The day that the words of a state name."""
    recognition = certificate.recognition
    if state == "not_yet":
        return recognition.valid_from
    if state in ("revoked", "replaced"):
        moment = recognition.revoked_at if state == "revoked" else certificate.replaced_at or recognition.replaced_at
        return timezone.localdate(moment) if moment else None
    return recognition.valid_to if state in ("valid", "expired") else None


def said(facts: Facts) -> str:
    """The state in words."""
    day = {"day": f"{facts.day:%d/%m/%Y}" if facts.day else ""}
    return {
        "valid": pgettext("seal", "Valid until %(day)s") % day,
        "expired": pgettext("seal", "Expired on %(day)s") % day,
        "revoked": pgettext("seal", "Revoked on %(day)s") % day,
        "replaced": pgettext("seal", "Replaced on %(day)s") % day,
        "not_yet": pgettext("seal", "In force from %(day)s") % day,
        "pending": pgettext("seal", "Certificate being made"),
        "unknown": pgettext("seal", "Not in the register"),
    }.get(facts.state, pgettext("seal", "Mistyped number"))


def heading(facts: Facts) -> str:
    """What stands in large letters where a product would stand while the seal is good."""
    return {
        "expired": pgettext("seal", "No longer valid"),
        "revoked": pgettext("seal", "Revoked"),
        "replaced": pgettext("seal", "Replaced"),
        "not_yet": pgettext("seal", "Not yet in force"),
        "pending": pgettext("seal", "Not yet issued"),
        "unknown": pgettext("seal", "Not in the register"),
        "mistyped": pgettext("seal", "Mistyped number"),
    }.get(facts.state, facts.product)


def told(facts: Facts) -> str:
    """The whole seal in one sentence, for whoever hears it and for the alternative text of the picture."""
    parts = [facts.title, facts.product, facts.enterprise, said(facts), facts.serial]
    parts += [pgettext("seal", "Demonstration")] if facts.is_demo else []
    return " · ".join(part for part in parts if part)


def draw(facts: Facts, kind: str, language: str) -> Picture:
    """`kind` is one of KINDS. Asks nothing and reads no clock: the same facts are the same bytes."""
    width, height = KINDS[kind]
    title = " – ".join(part for part in (facts.title or _("Register of key industrial products"), said(facts)) if part)
    picture = Picture(width, height, title, told(facts), language)
    look = _Look(facts)
    picture.box(0.5, 0.5, width - 1, height - 1, 8, look.paper)
    _DRAWN[kind](picture, facts, look)
    picture.box(0.75, 0.75, width - 1.5, height - 1.5, 7.5, look.edge, 1.5)
    return picture


class _Look:
    """The colours of a seal in its state."""

    def __init__(self, facts: Facts) -> None:
        live = facts.is_live
        self.paper = palette.PAPER if live else palette.DEAD_PAPER
        self.edge = palette.DONG if live else palette.DEAD_LINE
        self.band = palette.NGOC if live else palette.DEAD
        self.mark = palette.SON if live else palette.DEAD
        self.mark_line = palette.MARK_LINE if live else palette.WHITE
        self.kicker = palette.SON if live else palette.DEAD
        self.name = palette.INK if live else palette.DEAD_INK
        self.quiet = palette.INK_2 if live else palette.DEAD
        self.year = palette.DONG if live else palette.DEAD
        self.demo = palette.HO if live else palette.DEAD


# --- the pieces ----------------------------------------------------------------------------------------------
def _band(picture: Picture, facts: Facts, look: _Look, height: float, size: float, serial: bool = True) -> None:
    """The state along the lower edge: a sign, the words, the number."""
    top, width = picture.height - height, picture.width
    picture.add(rounded(1, top, width - 2, height - 1, (0, 0, 7, 7)), look.band)
    x, y, s = 12.0, top + height / 2 - 0.5, size * 0.36
    sign = [(x, y), (x + s * 0.8, y + s * 0.8), (x + s * 2.2, y - s * 0.9)]
    if facts.is_live:
        picture.add(polyline(*sign), palette.WHITE, size / 7)
    else:
        picture.add(polyline((x, y - s), (x + 2 * s, y + s)), palette.WHITE, size / 7)
        picture.add(polyline((x, y + s), (x + 2 * s, y - s)), palette.WHITE, size / 7)
    room = width - 2 * x - size * 1.4 - (STRONG.width(facts.serial) * size * 0.85 + 8 if serial else 0)
    words = set_lines(said(facts), STRONG, room, size * 1.3, [size, size * 0.92, size * 0.84])
    picture.lines(words, x + size * 1.3, y - words.height / 2, palette.WHITE)
    if serial:
        small = size * 0.85
        picture.text(facts.serial, SANS, small, width - x, y + small * 0.34, palette.WHITE, "right")


def _demo(picture: Picture, look: _Look, right: float, y: float, size: float) -> float:
    """The word that a demonstration bears; the room it takes."""
    words = pgettext("seal", "DEMO")
    width = STRONG.width(words) * size + size * 1.1
    picture.box(right - width, y, width, size * 1.5, size * 0.35, look.demo)
    picture.text(words, STRONG, size, right - width / 2, y + size * 1.1, palette.WHITE, "center")
    return width + size * 0.6


def _steps(most: float, least: float, by: float = 0.5) -> list[float]:
    count = int((most - least) / by)
    return [most - by * number for number in range(count + 1)]


def _names(picture: Picture, facts: Facts, look: _Look, at: tuple[float, float, float, float], large: float) -> None:
    """The product, or the word that stands in its place, above the enterprise, in a box (x, y, width, height).

    The enterprise comes first when room is shared out: the seal is good for nothing when it does not say whose it is.
    """
    x, y, width, height = at
    align = "center" if x > picture.width / 3 else "left"
    tries = []
    for share in (0.5, 0.42, 0.34):
        top = set_lines(heading(facts), SERIF, width, height * (1 - share), _steps(large, large * 0.55), 1.2)
        below = set_lines(facts.enterprise, SANS, width, height - top.height - 3, _steps(large * 0.72, 7.5), 1.22)
        tries.append((top, below))
    top, below = next((two for two in tries if "…" not in "".join(two[0].lines + two[1].lines)), tries[-1])
    gap = 3.0 if facts.enterprise else 0.0
    y += max(0.0, (height - top.height - gap - (below.height if facts.enterprise else 0)) / 2)
    edge = picture.lines(top, x, y, look.name, align)
    if facts.enterprise:
        picture.lines(below, x, edge + gap, look.quiet, align)


# --- the kinds -----------------------------------------------------------------------------------------------
def _wide(picture: Picture, facts: Facts, look: _Look) -> None:
    width, height = picture.width, picture.height
    picture.mark(16, 17, 58, look.mark, look.mark_line)
    if facts.short:
        year = facts.title[-4:]
        picture.text(year, SERIF, 22, 45, 100, look.year, "center")
    picture.add(polyline((89, 17), (89, height - 43)), look.edge, 0.6)
    right = width - 14
    taken = _demo(picture, look, right, 13, 8.5) if facts.is_demo else 0
    kicker = facts.title or _("Register of key industrial products of Hanoi")
    line = set_lines(kicker, STRONG, right - 102 - taken, 15, _steps(11.5, 8, 0.25))
    picture.lines(line, 102, 12, look.kicker)
    _names(picture, facts, look, (102, 28, right - 102, height - 30 - 32), 18)
    _band(picture, facts, look, 28, 12.5)


def _square(picture: Picture, facts: Facts, look: _Look) -> None:
    width, height = picture.width, picture.height
    picture.mark(width / 2 - 26, 14, 52, look.mark, look.mark_line)
    if facts.is_demo:
        _demo(picture, look, width - 12, 12, 8.5)
    kicker = facts.title or _("Register of key industrial products of Hanoi")
    line = set_lines(kicker, STRONG, width - 32, 30, _steps(11.5, 8, 0.25), 1.25)
    picture.lines(line, width / 2, 72, look.kicker, "center")
    edge = 72 + line.height + 4
    picture.add(polyline((width / 2 - 22, edge), (width / 2 + 22, edge)), look.edge, 1.2)
    _names(picture, facts, look, (width / 2, edge + 5, width - 28, height - edge - 8 - 46), 18)
    picture.text(facts.serial, SANS, 9.5, width / 2, height - 36, look.quiet, "center")
    _band(picture, facts, look, 29, 12.5, serial=False)


def _small(picture: Picture, facts: Facts, look: _Look) -> None:
    width = picture.width
    picture.mark(10, 9, 44, look.mark, look.mark_line)
    right = width - 10
    taken = _demo(picture, look, right, 8, 7.5) if facts.is_demo else 0
    kicker = facts.short or _("Register of key industrial products of Hanoi")
    if not facts.is_live:
        kicker = " · ".join(part for part in (facts.short, heading(facts)) if part)
    line = set_lines(kicker, STRONG, right - 64 - taken, 15, _steps(12, 8, 0.25))
    picture.lines(line, 64, 7, look.kicker)
    names = set_lines(facts.enterprise or facts.serial, SANS, right - 64, 36, _steps(11, 7, 0.25), 1.18)
    picture.lines(names, 64, 24 + max(0.0, (34 - names.height) / 2), look.name)
    _band(picture, facts, look, 21, 10.5)


_DRAWN: dict[str, Callable[[Picture, Facts, _Look], None]] = {"wide": _wide, "square": _square, "small": _small}
