"""A closed meeting, an ended item and its votes, papers, statements and signatures never change; a member with a
conflict has no vote. The conclusion of an item may still be worded until the minutes are signed, and its place moves
with the others."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION kip_meeting_is_over() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF OLD.opened_at IS NULL THEN RETURN OLD; END IF;
    ELSIF OLD.closed_at IS NULL OR OLD.closed_at IS NOT DISTINCT FROM NEW.closed_at
            AND to_jsonb(OLD) - 'version' - 'changed_by_name' = to_jsonb(NEW) - 'version' - 'changed_by_name' THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a meeting that was held stays as it was' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER meeting_is_over BEFORE UPDATE OR DELETE ON meetings_meeting
    FOR EACH ROW EXECUTE FUNCTION kip_meeting_is_over();
CREATE FUNCTION kip_item_is_over() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.ended_at IS NULL THEN RETURN COALESCE(NEW, OLD); END IF;
    IF TG_OP = 'UPDATE' AND to_jsonb(OLD) - 'conclusion' - 'position' = to_jsonb(NEW) - 'conclusion' - 'position'
        THEN RETURN NEW; END IF;
    RAISE EXCEPTION 'an item that ended stays as it was' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER item_is_over BEFORE UPDATE OR DELETE ON meetings_agendaitem
    FOR EACH ROW EXECUTE FUNCTION kip_item_is_over();
CREATE FUNCTION kip_vote_is_open() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    item_row record;
BEGIN
    SELECT * INTO item_row FROM meetings_agendaitem
        WHERE id = CASE WHEN TG_OP = 'DELETE' THEN OLD.item_id ELSE NEW.item_id END;
    IF TG_OP = 'DELETE' AND item_row.vote_closed_at IS NULL THEN RETURN OLD; END IF;
    IF item_row.vote_opened_at IS NULL OR item_row.vote_closed_at IS NOT NULL THEN
        RAISE EXCEPTION 'this item is not being voted on' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF TG_TABLE_NAME = 'meetings_vote' THEN
        IF EXISTS (SELECT 1 FROM evaluations_interest
                WHERE seat_id = NEW.seat_id AND dossier_id = item_row.dossier_id AND has_conflict) THEN
            RAISE EXCEPTION 'a member with a conflict has no vote' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER vote_is_open BEFORE INSERT OR UPDATE OR DELETE ON meetings_vote
    FOR EACH ROW EXECUTE FUNCTION kip_vote_is_open();
CREATE TRIGGER tally_is_open BEFORE INSERT OR UPDATE OR DELETE ON meetings_secrettally
    FOR EACH ROW EXECUTE FUNCTION kip_vote_is_open();
CREATE TRIGGER session_document_append_only BEFORE UPDATE OR DELETE ON meetings_sessiondocument
    FOR EACH ROW EXECUTE FUNCTION kip_append_only();
CREATE TRIGGER minutes_statement_append_only BEFORE UPDATE OR DELETE ON meetings_minutesstatement
    FOR EACH ROW EXECUTE FUNCTION kip_append_only();
CREATE TRIGGER minutes_signature_append_only BEFORE UPDATE OR DELETE ON meetings_minutessignature
    FOR EACH ROW EXECUTE FUNCTION kip_append_only();
"""
BACKWARD = """
DROP TRIGGER minutes_signature_append_only ON meetings_minutessignature;
DROP TRIGGER minutes_statement_append_only ON meetings_minutesstatement;
DROP TRIGGER session_document_append_only ON meetings_sessiondocument;
DROP TRIGGER tally_is_open ON meetings_secrettally;
DROP TRIGGER vote_is_open ON meetings_vote;
DROP FUNCTION kip_vote_is_open();
DROP TRIGGER item_is_over ON meetings_agendaitem;
DROP FUNCTION kip_item_is_over();
DROP TRIGGER meeting_is_over ON meetings_meeting;
DROP FUNCTION kip_meeting_is_over();
"""


class Migration(migrations.Migration):
    dependencies = [("meetings", "0001_initial"), ("core", "0002_audit_is_append_only")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
