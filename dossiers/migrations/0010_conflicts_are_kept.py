"""Conflicts, what the machine noticed, and emergency openings are never deleted; what is answered stays as it was. An
opening lasts an hour at most and is either opened or refused."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION kip_never_deleted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is kept', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER conflict_kept BEFORE DELETE ON dossiers_conflict
    FOR EACH ROW EXECUTE FUNCTION kip_never_deleted();
CREATE TRIGGER likely_conflict_kept BEFORE DELETE ON dossiers_likelyconflict
    FOR EACH ROW EXECUTE FUNCTION kip_never_deleted();
CREATE TRIGGER break_glass_kept BEFORE DELETE ON dossiers_breakglass
    FOR EACH ROW EXECUTE FUNCTION kip_never_deleted();
CREATE FUNCTION kip_conflict_ended() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.lifted_at IS NOT NULL THEN
        RAISE EXCEPTION 'conflict % is lifted and stays as it is', OLD.id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER conflict_ended BEFORE UPDATE ON dossiers_conflict
    FOR EACH ROW EXECUTE FUNCTION kip_conflict_ended();
CREATE FUNCTION kip_break_glass_answered() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.opened_at IS NOT NULL OR OLD.refused_at IS NOT NULL THEN
        RAISE EXCEPTION 'emergency opening % is answered', OLD.id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER break_glass_answered BEFORE UPDATE ON dossiers_breakglass
    FOR EACH ROW EXECUTE FUNCTION kip_break_glass_answered();
ALTER TABLE dossiers_breakglass
    ADD CONSTRAINT break_glass_one_answer CHECK (opened_at IS NULL OR refused_at IS NULL),
    ADD CONSTRAINT break_glass_an_hour CHECK (ends_at <= opened_at + interval '60 minutes');
"""
BACKWARD = """
ALTER TABLE dossiers_breakglass DROP CONSTRAINT break_glass_an_hour, DROP CONSTRAINT break_glass_one_answer;
DROP TRIGGER break_glass_answered ON dossiers_breakglass;
DROP FUNCTION kip_break_glass_answered();
DROP TRIGGER conflict_ended ON dossiers_conflict;
DROP FUNCTION kip_conflict_ended();
DROP TRIGGER break_glass_kept ON dossiers_breakglass;
DROP TRIGGER likely_conflict_kept ON dossiers_likelyconflict;
DROP TRIGGER conflict_kept ON dossiers_conflict;
DROP FUNCTION kip_never_deleted();
"""


class Migration(migrations.Migration):
    dependencies = [("dossiers", "0009_conflicts")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
