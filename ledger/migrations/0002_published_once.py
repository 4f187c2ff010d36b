"""What was published once is not changed: the database refuses, whoever asks."""

from django.db import migrations

TABLES = ["ledger_logentry", "ledger_logroot"]
FORWARD = [
    f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
    "FOR EACH ROW EXECUTE FUNCTION kip_append_only();"
    for table in TABLES
]
BACKWARD = [f"DROP TRIGGER {table}_append_only ON {table};" for table in TABLES]


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial"), ("core", "0002_audit_is_append_only")]
    operations = [migrations.RunSQL(forward, back) for forward, back in zip(FORWARD, BACKWARD, strict=True)]
