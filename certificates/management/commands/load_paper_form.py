from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from certificates import form_file
from certificates.forms import load_form
from core.errors import Refused


class Command(BaseCommand):
    help = "Reads the form of the certificates of a year (docs/paper-format.md) and keeps it; --check only judges it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", nargs="+", type=Path)
        parser.add_argument("--check", action="store_true", help="judge the files and keep nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        wrong = [line for path in options["files"] for line in self._take(path, check=options["check"])]
        if wrong:
            raise CommandError("\n".join(wrong))

    def _take(self, path: Path, *, check: bool) -> list[str]:
        """What is wrong with one file; it is kept when nothing is and it is not only checked."""
        try:
            text = path.read_text(encoding="utf-8")
            form = form_file.parse(text)
            is_new = not check and load_form(text=text, by=None, at=timezone.now())[1]
        except (OSError, UnicodeDecodeError) as error:
            return [f"{path}: {error}"]
        except form_file.UnsoundForm as unsound:
            return [f"{path}: {problem}" for problem in unsound.problems]
        except Refused as refusal:
            return [f"{path}: {reason}" for reason in refusal.reasons]
        outcome = "sound" if check else "kept" if is_new else "known already"
        self.stdout.write(f"{path}: {outcome}; form {form.code}, from {form.from_year}, digest {form.digest[:16]}")
        return []
