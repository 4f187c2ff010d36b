"""From a kind, its words and the values to the letter as it goes out: subject, text, HTML."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from mail import hidden, merge
from mail.kinds import LetterKind
from mail.merge import Button

LANGUAGES = ("vi", "en")
MAX_HTML_BYTES = 60_000
# How many letters all values may have together; less is tried while the letter is too large.
BUDGETS = (12_000, 6_000, 3_000, 1_500, 600)


@dataclass(frozen=True)
class Rendered:
    subject: str
    text: str
    html: str
    secrets: list[str] = field(default_factory=list)


def render(
    kind: LetterKind, words: Mapping[str, tuple[str, str]], context: Mapping[str, str], *, language: str, name: str
) -> Rendered:
    """`words` maps a language to (subject, body). Without a language both are said, Vietnamese first.

    Raises ValueError for values that do not fit the kind: a missing or foreign field, or a button that leads away.
    """
    _check(kind, words, context)
    languages = [language] if language else list(LANGUAGES)
    for budget in BUDGETS:
        rendered = _render(kind, {code: words[code] for code in languages}, merge.shortened(context, budget), name)
        if len(rendered.html.encode()) <= MAX_HTML_BYTES:
            return rendered
    raise ValueError(f"The letter {kind.code} is larger than {MAX_HTML_BYTES} bytes without any value")


def _check(kind: LetterKind, words: Mapping[str, tuple[str, str]], context: Mapping[str, str]) -> None:
    missing = sorted(kind.field_names - set(context))
    if missing:
        raise ValueError(f"The letter {kind.code} misses the field {', '.join(missing)}")
    foreign = sorted(set(context) - kind.field_names)
    if foreign:
        raise ValueError(f"The letter {kind.code} knows no field {', '.join(foreign)}")
    for name, value in context.items():
        if not isinstance(value, str):
            raise ValueError(f"The field {name} of the letter {kind.code} is not text")
    for _subject, body in words.values():
        for part in merge.parse(body):
            if isinstance(part, Button) and not is_ours(context[part.field]):
                raise ValueError(f"The button {part.field} of the letter {kind.code} leads away from this site")


def is_ours(address: str) -> bool:
    """An absolute address of this site and nothing else."""
    if any(c.isspace() or not c.isprintable() or c in "\"'<>\\`" for c in address):
        return False
    return address == settings.SITE_URL or address.startswith(settings.SITE_URL + "/")


def _render(kind: LetterKind, words: Mapping[str, tuple[str, str]], context: Mapping[str, str], name: str) -> Rendered:
    secrets: list[str] = []
    values: dict[str, str] = {}
    addresses: dict[str, str] = {}
    for one in kind.fields:
        value = context[one.name]
        ours = is_ours(value)
        kept = hidden.hide(merge.plain(value), whole=one.is_secret, is_address=ours, secrets=secrets)
        values[one.name] = kept if ours else merge.unlinked(kept, settings.SITE_URL)
        addresses[one.name] = kept
    subjects, sections, texts = [], [], []
    for code, (subject, body) in words.items():
        single = {key: merge.one_line(value) for key, value in values.items()}
        subjects.append(merge.one_line(merge.fill(subject, single)))
        section = _section(code, body, values, addresses, name, kind.is_reminder)
        sections.append(section)
        texts.append(_as_text(section))
    subject = " / ".join(dict.fromkeys(subjects))[:400]
    html = render_to_string(
        "mail/letter.html",
        {"subject": subject, "sections": sections, "language": sections[0]["language"], "host": _host()},
    )
    return Rendered(subject, "\n\n----------\n\n".join(texts) + "\n", html, secrets)


def _section(
    language: str, body: str, values: Mapping[str, str], addresses: Mapping[str, str], name: str, is_reminder: bool
) -> dict[str, Any]:
    """What one language says, as pieces that text and HTML are both made of."""
    parts: list[dict[str, Any]] = []
    for part in merge.parse(body):
        if isinstance(part, Button):
            parts.append({"button": part.words, "address": addresses[part.field]})
        else:
            lines = [line for raw in part.lines for line in merge.fill(raw, values).split("\n")]
            parts.append({"lines": lines})
    with translation.override(language):
        shown = merge.unlinked(merge.one_line(name), settings.SITE_URL)
        return {
            "language": language,
            "greeting": _("Dear %(name)s,") % {"name": shown} if shown else pgettext("letter", "Dear reader,"),
            "parts": parts,
            "sender": _("Hanoi Department of Industry and Trade"),
            "programme": _("Key industrial products of Hanoi"),
            "why": _why(is_reminder),
            "no_password": _("We never ask for a password by mail."),
        }


def _why(is_reminder: bool) -> str:
    if is_reminder:
        return _(
            "The registry wrote this reminder by itself. To receive no more of them, answer with the word “stop”."
        )
    return _("The registry wrote this letter by itself. Answers reach the Department.")


def _as_text(section: Mapping[str, Any]) -> str:
    blocks = [section["greeting"]]
    for part in section["parts"]:
        blocks.append(f"{part['button']}:\n{part['address']}" if "button" in part else "\n".join(part["lines"]))
    foot = [section["sender"], section["programme"], section["why"], section["no_password"]]
    return "\n\n".join([*blocks, "-- \n" + "\n".join(foot)])


def _host() -> str:
    return urlsplit(settings.SITE_URL).hostname or "localhost"


def example(kind: LetterKind, language: str, subject: str, body: str) -> Rendered:
    """The letter with example values, as the editor shows it."""
    values = {one.name: one.example for one in kind.fields}
    for part in merge.parse(body):
        if isinstance(part, Button):  # an example is written for reading; a button needs an address of this site
            path = urlsplit(values[part.field]).path
            values[part.field] = settings.SITE_URL + (path if path.startswith("/") else "/")
    name = "Nguyễn Thị Hà" if language == "vi" else "Ha Nguyen"
    return render(kind, {language: (subject, body)}, values, language=language, name=name)
