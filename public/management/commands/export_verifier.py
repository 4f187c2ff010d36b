from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from core.errors import Refused
from public import export


class Command(BaseCommand):
    help = "Writes the verifier, keys, status list, register and log as plain files that any web host can serve."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, help="a new or empty folder, or that of an earlier export")
        parser.add_argument("--papers", action="store_true", help="also the certificates themselves (PDF)")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            said = export.export(options["folder"], at=timezone.now(), papers=options["papers"])
        except Refused as refusal:
            raise CommandError(" ".join(refusal.reasons)) from refusal
        except OSError as error:
            raise CommandError(f"{options['folder']}: {error.strerror or error}") from error
        self.stdout.write(f"{said.certificates} certificates, {said.papers} papers")
        self.stdout.write(f"{said.files} files, {said.total_bytes:,} bytes")
        self.stdout.write(f"index.html {said.index_bytes:,} bytes, largest page {said.largest_page_bytes:,} bytes")
