from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from demo import seasons
from enterprises.models import Enterprise
from reference.models import Sector, Ward


class Command(BaseCommand):
    help = "Loads the invented seasons 2021, 2025 and 2026 through the real actions. A second run changes nothing."

    def handle(self, *args: Any, **options: Any) -> None:
        if Enterprise.objects.filter(is_demo=True).exists():
            self.stdout.write("Dữ liệu minh họa đã có sẵn. The demonstration is loaded already; nothing changed.")
            return
        if not (Ward.objects.exists() and Sector.objects.exists()):
            raise CommandError("The classifications are missing. Run load_reference first.")
        made = seasons.load(timezone.now())
        self.stdout.write(
            f"Đã tạo dữ liệu minh họa. Loaded: {made['enterprises']} invented enterprises, "
            f"{made['products']} products, {made['dossiers']} dossiers, {made['recognitions']} recognitions, "
            f"{made['accounts']} accounts ({made['acts']} acts)."
        )
