"""The library of sentences begins with those that officers write most."""

from typing import Any

from django.db import migrations
from django.utils import timezone

from dossiers.phrase_seeds import PHRASES


def fill(apps: Any, schema_editor: Any) -> None:
    Phrase = apps.get_model("dossiers", "Phrase")
    for part, reason, words in PHRASES:
        Phrase.objects.get_or_create(
            part=part,
            reason=reason,
            words=words,
            ended_at=None,
            defaults={"changed_at": timezone.now(), "changed_by_name": "hệ thống"},
        )


class Migration(migrations.Migration):
    dependencies = [("dossiers", "0007_track_codes")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
