from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from programme import actions, rubric_file


class Command(BaseCommand):
    help = "Judges a rubric file (TOML or JSON) and loads it as a draft; --check only judges."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", nargs="+", metavar="FILE", help="a .toml file is read as TOML, any other as JSON")
        parser.add_argument("--check", action="store_true", help="judge only; exit 1 when it is not sound")

    def handle(self, *args: Any, **options: Any) -> None:
        found, unsound = [Path(name) for name in options["files"]], []
        for path in found:
            try:
                self._judge(path, only_judge=options["check"])
            except CommandError as error:
                unsound.append(str(error))
        if unsound:
            raise CommandError("\n".join(unsound))

    def _judge(self, path: Path, *, only_judge: bool) -> None:
        try:
            document = rubric_file.read_bytes(_bytes_of(path), toml=path.suffix.lower() == ".toml")
            rules = rubric_file.judge(document)
            if not only_judge:
                rubric, new = actions.load_rubric(document=document, by=None, at=timezone.now())
        except rubric_file.UnsoundRubric as error:
            number = len(error.problems)
            head = f"{path.name} is not sound ({number} {'problem' if number == 1 else 'problems'}):"
            raise CommandError("\n  ".join([head, *error.problems])) from error
        if only_judge:
            sets = f", {len(rules.sets)} sets" if rules.sets else ""
            points = f"{rules.scale_max.normalize():f}"
            self.stdout.write(f"{path.name} is sound: {len(rules.all_leaves)} criteria{sets}, {points} points.")
        else:
            self.stdout.write(f"{'Loaded' if new else 'Known already'}: {rubric.code}, digest {rubric.digest}.")


def _bytes_of(path: Path) -> bytes:
    """At most one byte more than a rubric may have: a huge file is refused without being read."""
    try:
        with path.open("rb") as stream:
            return stream.read(rubric_file.MAX_BYTES + 1)
    except OSError as error:
        raise CommandError(f"{path} cannot be read: {error.strerror}.") from error
