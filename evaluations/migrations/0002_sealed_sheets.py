"""A signed sheet and its marks are frozen; a conflicted member has no sheet; a result never changes."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION kip_sheet_sealed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.signed_at IS NOT NULL THEN
        RAISE EXCEPTION 'score sheet % is signed and sealed', OLD.id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER sheet_sealed BEFORE UPDATE OR DELETE ON evaluations_scoresheet
    FOR EACH ROW EXECUTE FUNCTION kip_sheet_sealed();
CREATE FUNCTION kip_mark_sealed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE which bigint := CASE WHEN TG_OP = 'INSERT' THEN NEW.sheet_id ELSE OLD.sheet_id END;
BEGIN
    IF EXISTS (SELECT 1 FROM evaluations_scoresheet WHERE id = which AND signed_at IS NOT NULL) THEN
        RAISE EXCEPTION 'score sheet % is signed and sealed', which USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER mark_sealed BEFORE INSERT OR UPDATE OR DELETE ON evaluations_mark
    FOR EACH ROW EXECUTE FUNCTION kip_mark_sealed();
CREATE FUNCTION kip_no_sheet_in_conflict() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(NEW.seat_id::int, NEW.dossier_id::int);
    IF TG_TABLE_NAME = 'evaluations_interest' THEN
        IF NEW.has_conflict AND EXISTS (SELECT 1 FROM evaluations_scoresheet
                WHERE seat_id = NEW.seat_id AND dossier_id = NEW.dossier_id AND signed_at IS NOT NULL) THEN
            RAISE EXCEPTION 'a signed sheet stands against this conflict' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
    ELSIF EXISTS (SELECT 1 FROM evaluations_interest
            WHERE seat_id = NEW.seat_id AND dossier_id = NEW.dossier_id AND has_conflict) THEN
        RAISE EXCEPTION 'a conflict of interest bars this member from the dossier' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER sheet_without_conflict BEFORE INSERT ON evaluations_scoresheet
    FOR EACH ROW EXECUTE FUNCTION kip_no_sheet_in_conflict();
CREATE TRIGGER assignment_without_conflict BEFORE INSERT ON evaluations_assignment
    FOR EACH ROW EXECUTE FUNCTION kip_no_sheet_in_conflict();
CREATE TRIGGER conflict_before_sheet BEFORE INSERT OR UPDATE ON evaluations_interest
    FOR EACH ROW EXECUTE FUNCTION kip_no_sheet_in_conflict();
CREATE TRIGGER run_append_only BEFORE UPDATE OR DELETE ON evaluations_resultrun
    FOR EACH ROW EXECUTE FUNCTION kip_append_only();
CREATE TRIGGER result_append_only BEFORE UPDATE OR DELETE ON evaluations_result
    FOR EACH ROW EXECUTE FUNCTION kip_append_only();
CREATE TRIGGER average_append_only BEFORE UPDATE OR DELETE ON evaluations_criterionaverage
    FOR EACH ROW EXECUTE FUNCTION kip_append_only();
"""
BACKWARD = """
DROP TRIGGER average_append_only ON evaluations_criterionaverage;
DROP TRIGGER result_append_only ON evaluations_result;
DROP TRIGGER run_append_only ON evaluations_resultrun;
DROP TRIGGER conflict_before_sheet ON evaluations_interest;
DROP TRIGGER assignment_without_conflict ON evaluations_assignment;
DROP TRIGGER sheet_without_conflict ON evaluations_scoresheet;
DROP FUNCTION kip_no_sheet_in_conflict();
DROP TRIGGER mark_sealed ON evaluations_mark;
DROP FUNCTION kip_mark_sealed();
DROP TRIGGER sheet_sealed ON evaluations_scoresheet;
DROP FUNCTION kip_sheet_sealed();
"""


class Migration(migrations.Migration):
    dependencies = [("evaluations", "0001_initial"), ("core", "0002_audit_is_append_only")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
