"""A random code for every dossier that was filed before there were such codes."""

import secrets
from typing import Any

from django.db import migrations


def fill(apps: Any, schema_editor: Any) -> None:
    dossiers = apps.get_model("dossiers", "Dossier")
    for pk in list(dossiers.objects.filter(number__isnull=False, track_code=None).values_list("pk", flat=True)):
        dossiers.objects.filter(pk=pk).update(track_code=secrets.token_urlsafe(16))


class Migration(migrations.Migration):
    dependencies = [("dossiers", "0006_after_sending")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
