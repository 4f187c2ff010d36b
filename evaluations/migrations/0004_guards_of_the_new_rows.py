"""Results, statements, runs of the solver and voids never change. A standing sheet is a signed one of the same member
and dossier, and never of a member with a conflict."""

from django.db import migrations

FORWARD = """
CREATE TRIGGER result_append_only BEFORE UPDATE OR DELETE ON evaluations_result
    FOR EACH ROW EXECUTE FUNCTION kip_append_only();
CREATE TRIGGER statement_append_only BEFORE UPDATE OR DELETE ON evaluations_intereststatement
    FOR EACH ROW EXECUTE FUNCTION kip_append_only();
CREATE TRIGGER assignment_run_append_only BEFORE UPDATE OR DELETE ON evaluations_assignmentrun
    FOR EACH ROW EXECUTE FUNCTION kip_append_only();
CREATE TRIGGER void_append_only BEFORE UPDATE OR DELETE ON evaluations_sheetvoid
    FOR EACH ROW EXECUTE FUNCTION kip_append_only();
CREATE OR REPLACE FUNCTION kip_no_sheet_in_conflict() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(NEW.seat_id::int, NEW.dossier_id::int);
    IF TG_TABLE_NAME = 'evaluations_interest' THEN
        IF NEW.has_conflict AND EXISTS (SELECT 1 FROM evaluations_standingsheet
                WHERE seat_id = NEW.seat_id AND dossier_id = NEW.dossier_id) THEN
            RAISE EXCEPTION 'a signed sheet stands against this conflict' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
    ELSIF EXISTS (SELECT 1 FROM evaluations_interest
            WHERE seat_id = NEW.seat_id AND dossier_id = NEW.dossier_id AND has_conflict) THEN
        RAISE EXCEPTION 'a conflict of interest bars this member from the dossier' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER standing_without_conflict BEFORE INSERT OR UPDATE ON evaluations_standingsheet
    FOR EACH ROW EXECUTE FUNCTION kip_no_sheet_in_conflict();
CREATE FUNCTION kip_standing_is_signed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM evaluations_scoresheet WHERE id = NEW.sheet_id AND signed_at IS NOT NULL
            AND seat_id = NEW.seat_id AND dossier_id = NEW.dossier_id) THEN
        RAISE EXCEPTION 'only a signed sheet of the same member and dossier can stand' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER standing_is_signed BEFORE INSERT OR UPDATE ON evaluations_standingsheet
    FOR EACH ROW EXECUTE FUNCTION kip_standing_is_signed();
"""
BACKWARD = """
DROP TRIGGER standing_is_signed ON evaluations_standingsheet;
DROP FUNCTION kip_standing_is_signed();
DROP TRIGGER standing_without_conflict ON evaluations_standingsheet;
DROP TRIGGER void_append_only ON evaluations_sheetvoid;
DROP TRIGGER assignment_run_append_only ON evaluations_assignmentrun;
DROP TRIGGER statement_append_only ON evaluations_intereststatement;
DROP TRIGGER result_append_only ON evaluations_result;
"""


class Migration(migrations.Migration):
    dependencies = [("evaluations", "0003_versions_and_exact_results"), ("core", "0002_audit_is_append_only")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
