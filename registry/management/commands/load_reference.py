from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import timezone

from programme import rubric_file
from programme.actions import load_rubric
from reference.actions import load_classifications
from registry.load import load_reported

PROPOSAL = Path(settings.BASE_DIR) / "programme" / "rubrics" / "proposal.json"


class Command(BaseCommand):
    help = "Loads wards, zones, sectors, industries, reported seasons and the proposed criteria. Twice is once."

    def handle(self, *args: Any, **options: Any) -> None:
        counts = load_classifications() | load_reported()
        document = rubric_file.read(PROPOSAL.read_text(encoding="utf-8"), toml=False)
        rubric, new = load_rubric(document=document, by=None, at=timezone.now())
        parts = [f"{count} {name}" for name, count in counts.items()]
        parts.append(f"criteria {rubric.code} {'loaded' if new else 'known already'}")
        self.stdout.write("Reference data: " + ", ".join(parts) + ".")
