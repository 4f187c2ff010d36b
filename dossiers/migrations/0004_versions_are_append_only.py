"""A version that was sent is history."""

from django.db import migrations

FORWARD = """
CREATE TRIGGER version_append_only BEFORE UPDATE OR DELETE ON dossiers_dossierversion
    FOR EACH ROW EXECUTE FUNCTION kip_append_only();
"""
BACKWARD = "DROP TRIGGER version_append_only ON dossiers_dossierversion;"


class Migration(migrations.Migration):
    dependencies = [("dossiers", "0003_online_dossier"), ("core", "0002_audit_is_append_only")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
