from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import translation

from dossiers.models import Stage
from dossiers.workflow import TABLE

HEAD = """# The workflow of a dossier

Printed by `python manage.py workflow --write` from `dossiers/workflow.py`, so that it cannot lie. A step is taken
by `dossiers.workflow.take` and by nothing else; the rule says who, each guard says whether now.

"""


class Command(BaseCommand):
    help = "Prints the workflow as a table and a drawing; --write keeps it in docs, --check compares."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--write", action="store_true")
        parser.add_argument("--check", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        text = self._text()
        path = Path(settings.BASE_DIR) / "docs" / "workflow.md"
        if options["write"]:
            path.write_text(text)
        elif options["check"]:
            if not path.exists() or path.read_text() != text:
                raise CommandError("docs/workflow.md is not what dossiers/workflow.py says; run workflow --write.")
        else:
            self.stdout.write(text)

    def _text(self) -> str:
        with translation.override("en"):
            stages = {str(value): str(label) for value, label in Stage.choices}
        lines = [HEAD, "| Step | From | To | Rule | Guards |", "| --- | --- | --- | --- | --- |"]
        for step in TABLE:
            sources = ", ".join(f"`{s}`" for s in step.sources)
            guards = "<br>".join(f"`{g}`" for g in step.guards) or "–"
            lines.append(f"| `{step.name}` | {sources} | `{step.target}` | `{step.rule}` | {guards} |")
        lines += ["", "| Stage | Words for the applicant |", "| --- | --- |"]
        lines += [f"| `{code}` | {label} |" for code, label in stages.items()]
        lines += ["", "```mermaid", "stateDiagram-v2", "    [*] --> draft"]
        lines += [f"    {source} --> {step.target}: {step.name}" for step in TABLE for source in step.sources]
        lines += [f"    {end} --> [*]" for end in ("recognised", "not_recognised", "refused", "withdrawn")]
        return "\n".join([*lines, "```", ""])
