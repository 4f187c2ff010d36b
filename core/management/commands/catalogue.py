"""Translations without system gettext: each app has its own catalogue, English is the source."""

import os
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages import mofile, pofile
from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from django.apps import apps
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import template as django_template

KEYWORDS: dict[str, Any] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}


class Command(BaseCommand):
    help = "Extracts (--update), checks (--check) and compiles (--compile) the Vietnamese catalogues."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--update", action="store_true", help="add new sentences, drop unused ones")
        parser.add_argument("--check", action="store_true", help="exit 1 when a sentence has no translation")
        parser.add_argument("--compile", action="store_true", help="write the .mo files")
        parser.add_argument("--app", help="only this app")

    def handle(self, *args: Any, **options: Any) -> None:
        names = [options["app"]] if options["app"] else settings.ROOMS
        gaps: list[str] = []
        for name in names:
            home = Path(apps.get_app_config(name).path)
            target = home / "locale" / "vi" / "LC_MESSAGES" / "django.po"
            if options["update"]:
                self._update(name, home, target)
            if options["check"]:
                gaps += self._gaps(name, home, target)
            if options["compile"] and target.exists():
                self._compile(target)
        if gaps:
            raise CommandError(f"{len(gaps)} sentences lack a translation:\n" + "\n".join(gaps))
        if options["check"]:
            self.stdout.write("Every sentence has its Vietnamese translation.")

    def _sources(self, name: str, home: Path) -> list[Path]:
        python = [p for p in home.rglob("*.py") if "migrations" not in p.parts]
        places = [*{"core": ["ui", "account"]}.get(name, []), name]
        templates = [t for place in places for t in (settings.BASE_DIR / "templates" / place).rglob("*.*")]
        if name == "core":
            templates += list((settings.BASE_DIR / "templates").glob("*.html"))
        return sorted(python) + sorted(t for t in templates if t.suffix in (".html", ".txt"))

    def _extract(self, name: str, home: Path) -> Catalog:
        catalog = Catalog(locale="vi")
        for path in self._sources(name, home):
            text = path.read_text()
            if path.suffix != ".py":
                # What is left of the markup is no Python; without the indent its tokens can still be read.
                words = django_template.templatize(text, origin=str(path))
                text = "\n".join(line.strip() for line in words.splitlines())
            found = extract("python", BytesIO(text.encode()), keywords=KEYWORDS, comment_tags=())
            for line, message, _comments, context in found:
                where = str(path.relative_to(settings.BASE_DIR))
                catalog.add(message, locations=[(where, line)], context=context)
        return catalog

    def _read(self, target: Path) -> Catalog:
        if not target.exists():
            return Catalog(locale="vi")
        with target.open("rb") as stream:
            return pofile.read_po(stream, locale="vi")

    def _update(self, name: str, home: Path, target: Path) -> None:
        template = self._extract(name, home)
        if not len(template):
            return
        catalog = self._read(target)
        known = {(m.id, m.context): m.string for m in catalog if m.id}
        for message in template:
            if message.id:
                message.string = known.get((message.id, message.context), message.string)
        template.project, template.version, template.fuzzy = "hanoi-kip", "", False
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("wb") as stream:
            pofile.write_po(stream, template, width=100, no_location=True, omit_header=False, sort_output=True)

    def _gaps(self, name: str, home: Path, target: Path) -> list[str]:
        catalog = self._read(target)
        gaps = []
        for message in self._extract(name, home):
            if not message.id:
                continue
            found = catalog.get(message.id, message.context)
            strings = found.string if found else ""
            whole = all(strings) if isinstance(strings, tuple | list) else bool(strings)
            if not whole or (found and found.fuzzy):
                gaps.append(f"  {name}: {message.id!r}" + (f" [{message.context}]" if message.context else ""))
        return gaps

    def _compile(self, target: Path) -> None:
        """Written beside and renamed: a process that reads meanwhile never meets half a file."""
        draft = target.with_suffix(f".{os.getpid()}")
        with target.open("rb") as source, draft.open("wb") as out:
            mofile.write_mo(out, pofile.read_po(source, locale="vi"))
        draft.replace(target.with_suffix(".mo"))
