"""History is written once: the database refuses to change or remove it, whoever asks."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION kip_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE ON core_auditevent
    FOR EACH ROW EXECUTE FUNCTION kip_append_only();
CREATE TRIGGER audit_no_truncate BEFORE TRUNCATE ON core_auditevent
    FOR EACH STATEMENT EXECUTE FUNCTION kip_append_only();
"""
BACKWARD = """
DROP TRIGGER audit_no_truncate ON core_auditevent;
DROP TRIGGER audit_append_only ON core_auditevent;
DROP FUNCTION kip_append_only();
"""


class Migration(migrations.Migration):
    dependencies = [("core", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
