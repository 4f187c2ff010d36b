"""Steps taken are history, and a stage equals the last step: checked when the transaction commits."""

from django.db import migrations

FORWARD = """
CREATE TRIGGER stage_change_append_only BEFORE UPDATE OR DELETE ON dossiers_stagechange
    FOR EACH ROW EXECUTE FUNCTION kip_append_only();
CREATE FUNCTION kip_stage_is_last_step() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE standing text; last text;
BEGIN
    SELECT stage INTO standing FROM dossiers_dossier WHERE id = NEW.id;
    SELECT to_stage INTO last FROM dossiers_stagechange WHERE dossier_id = NEW.id ORDER BY id DESC LIMIT 1;
    IF standing IS NOT NULL AND standing <> COALESCE(last, 'draft') THEN
        RAISE EXCEPTION 'dossier % stands at % but its last step leads to %', NEW.id, standing, COALESCE(last, 'draft')
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER stage_is_last_step AFTER INSERT OR UPDATE OF stage ON dossiers_dossier
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION kip_stage_is_last_step();
"""
BACKWARD = """
DROP TRIGGER stage_is_last_step ON dossiers_dossier;
DROP FUNCTION kip_stage_is_last_step();
DROP TRIGGER stage_change_append_only ON dossiers_stagechange;
"""


class Migration(migrations.Migration):
    dependencies = [("dossiers", "0001_initial"), ("core", "0002_audit_is_append_only")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
