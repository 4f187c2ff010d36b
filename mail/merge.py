"""Merging values into words. Plain substitution, nothing is ever run. Pure.

The words are staff's: `{field}` and, on a line of its own, `[Words](field)` for a button. The values are anybody's:
they stay text, lose what could steer a header or a reader's eye, and no address in them becomes a link.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

FIELD = re.compile(r"\{([a-z][a-z0-9_]*)\}")
BUTTON = re.compile(r"^\[([^\[\]{}]+)\]\(([a-z][a-z0-9_]*)\)$")
_BROKEN_BUTTON = re.compile(r"^\s*\[.*\]\(.*\)\s*$")
# Direction overrides turn `gpj.exe` into `exe.jpg` for the eye.
_STEERING = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069\u2028\u2029\ufeff]")
_ADDRESS = re.compile(r"(?:\b[a-z][a-z0-9+.-]*://|\bwww\.)[^\s<>\"]+", re.IGNORECASE)
# A name like `vatgia.com` that mail programs turn into a link by themselves; not the host of a mail address.
_BARE_HOST = re.compile(r"(?<![@\w.-])((?:[a-z0-9-]+\.)+)([a-z]{2,24})(?![\w@-])", re.IGNORECASE)
ZERO_WIDTH_SPACE = "\u200b"


@dataclass(frozen=True)
class Paragraph:
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Button:
    words: str
    field: str


@dataclass(frozen=True)
class Fault:
    """Why words cannot be kept. `code` is unknown, target, braces, button or subject; `what` the offending piece."""

    code: str
    what: str


def used_fields(words: str) -> set[str]:
    found = set(FIELD.findall(words))
    return found | {match[2] for line in words.splitlines() if (match := BUTTON.match(line.strip()))}


def faults(subject: str, body: str, allowed: Iterable[str], addresses: Iterable[str] | None = None) -> list[Fault]:
    """Everything that is wrong with the words, in reading order. `addresses`: the fields a button may lead to."""
    known, found = set(allowed), []
    targets = known if addresses is None else set(addresses)
    if "\n" in subject or "\r" in subject:
        found.append(Fault("subject", subject.splitlines()[0]))
    for line in [subject, *body.splitlines()]:
        button = BUTTON.match(line.strip())
        if button:
            if button[2] not in known:
                found.append(Fault("unknown", button[2]))
            elif button[2] not in targets:
                found.append(Fault("target", button[2]))
            continue
        if _BROKEN_BUTTON.match(line):
            found.append(Fault("button", line.strip()))
            continue
        found += [Fault("unknown", name) for name in FIELD.findall(line) if name not in known]
        if "{" in (rest := FIELD.sub("", line)) or "}" in rest:
            found.append(Fault("braces", line.strip()))
    return list(dict.fromkeys(found))


def parse(body: str) -> list[Paragraph | Button]:
    parts: list[Paragraph | Button] = []
    for block in re.split(r"\n[ \t]*\n", body.replace("\r\n", "\n").strip()):
        lines: list[str] = []
        for line in block.split("\n"):
            button = BUTTON.match(line.strip())
            if button:
                if lines:
                    parts.append(Paragraph(tuple(lines)))
                    lines = []
                parts.append(Button(button[1].strip(), button[2]))
            else:
                lines.append(line.rstrip())
        if lines:
            parts.append(Paragraph(tuple(lines)))
    return parts


def fill(words: str, values: Mapping[str, str]) -> str:
    """One pass: a value that looks like a field is not filled again."""
    return FIELD.sub(lambda match: values[match[1]], words)


def plain(value: str) -> str:
    """A value as text: no control characters but the line break, no direction marks, composed letters."""
    value = unicodedata.normalize("NFC", value.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " "))
    value = _STEERING.sub("", value)
    return "".join(c for c in value if c == "\n" or unicodedata.category(c) not in ("Cc", "Cs", "Co", "Cn"))


def one_line(value: str) -> str:
    """For a header: a line break becomes a space."""
    return " ".join(plain(value).split())


def unlinked(value: str, site_url: str) -> str:
    """No mail program makes a link of it: `https://x.vn` is written `https[:]//x[.]vn`. Our own addresses stay."""

    def defang(match: re.Match[str]) -> str:
        address = match[0]
        if address == site_url or address.startswith(site_url + "/"):
            return address
        return address.replace("://", "[:]//", 1).replace(".", "[.]")

    pieces, last = [], 0
    for match in _ADDRESS.finditer(value):
        pieces += [_no_bare_host(value[last : match.start()]), defang(match)]
        last = match.end()
    return "".join([*pieces, _no_bare_host(value[last:])])


def _no_bare_host(text: str) -> str:
    return _BARE_HOST.sub(lambda m: m[1].replace(".", "." + ZERO_WIDTH_SPACE) + m[2], text)


def shortened(values: Mapping[str, str], budget: int) -> dict[str, str]:
    """The longest values give way until all together fit. An address is never cut: half of it leads nowhere."""
    result = dict(values)
    while (excess := sum(map(len, result.values())) - budget) > 0:
        cuttable = [name for name, value in result.items() if len(value) > 200 and "://" not in value]
        if not cuttable:
            break
        longest = max(cuttable, key=lambda name: len(result[name]))
        result[longest] = result[longest][: max(199, len(result[longest]) - excess - 1)].rstrip() + "…"
        if len(result[longest]) <= 200 and result[longest].endswith("…") and len(cuttable) == 1:
            break
    return result
