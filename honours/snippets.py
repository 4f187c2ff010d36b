"""What an enterprise puts on its own site: a picture that follows the register, and a link to the page it proves."""

import io
from dataclasses import dataclass

import segno
from django.utils import translation
from django.utils.html import escape

from honours import seal as seals
from honours.queries import Paper
from public.addresses import absolute, certificate_url


@dataclass(frozen=True)
class Snippet:
    """One seal: its address and the code around it."""

    kind: str
    language: str
    width: int
    height: int
    path: str
    alt: str
    link: str

    @property
    def url(self) -> str:
        return absolute(self.path)

    @property
    def code(self) -> str:
        size = f'width="{self.width}" height="{self.height}"'
        return f'<a href="{escape(self.link)}"><img src="{escape(self.url)}" {size} alt="{escape(self.alt)}"></a>'


def seal_path(serial: str, kind: str, language: str) -> str:
    """The first of each list is what the bare address shows."""
    asked = [f"kind={kind}"] if kind != next(iter(seals.KINDS)) else []
    asked += [f"lang={language}"] if language != seals.LANGUAGES[0] else []
    return f"/seal/{serial}.svg" + ("?" + "&".join(asked) if asked else "")


def snippet(paper: Paper, kind: str, language: str) -> Snippet:
    """The alternative text says what stays true: title, product and maker, not whether it is valid today."""
    serial = paper.certificate.serial
    with translation.override(language):
        facts = seals.facts_of(paper.certificate, serial)
        link = certificate_url(serial) if language == "vi" else absolute(f"/en/v/{serial}")
    alt = " – ".join(part for part in (facts.title, facts.product, facts.enterprise) if part)
    width, height = seals.KINDS[kind]
    return Snippet(kind, language, width, height, seal_path(serial, kind, language), alt, link)


def snippets(paper: Paper) -> list[Snippet]:
    """Every kind in every language."""
    return [snippet(paper, kind, language) for kind in seals.KINDS for language in seals.LANGUAGES]


def qr_svg(serial: str) -> bytes:
    """The address of the certificate's page as a picture, with its quiet zone; error level M bears print."""
    target = io.BytesIO()
    made = segno.make(certificate_url(serial), error="m", micro=False)
    made.save(target, kind="svg", scale=6, border=4, light="#FFFFFF", title=serial, svgclass=None, lineclass=None)
    return target.getvalue()
