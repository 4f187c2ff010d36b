from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from programme import actions, rubric_file


class Command(BaseCommand):
    help = "Judges a rubric file (TOML or JSON) and loads it as a draft; --check only judges."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE")
        parser.add_argument("--check", action="store_true", help="judge only; exit 1 when it is not sound")

    def handle(self, *args: Any, **options: Any) -> None:
        path = Path(options["file"])
        try:
            document = rubric_file.read(path.read_text(encoding="utf-8"), toml=path.suffix == ".toml")
            rules = rubric_file.judge(document)
        except OSError as error:
            raise CommandError(f"{path} cannot be read: {error.strerror}.") from error
        except UnicodeDecodeError as error:
            raise CommandError(f"{path} is not UTF-8 text.") from error
        except rubric_file.UnsoundRubric as error:
            raise CommandError(f"{path.name} is not sound: " + "; ".join(error.problems)) from error
        leaves = sum(1 for c in rules.criteria if c.is_leaf)
        if options["check"]:
            self.stdout.write(f"{path.name} is sound: {leaves} criteria, {rules.scale_max} points.")
            return
        rubric, new = actions.load_rubric(document=document, by=None, at=timezone.now())
        self.stdout.write(f"{'Loaded' if new else 'Known already'}: {rubric.code}, digest {rubric.digest}.")
