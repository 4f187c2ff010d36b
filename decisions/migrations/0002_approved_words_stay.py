"""An approved letter of reasons never changes its words, nor its file once it has one; a superseded one stays whole."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION kip_reasons_are_approved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF OLD.approved_at IS NULL THEN RETURN OLD; END IF;
    ELSIF OLD.state = 'drafted' THEN
        RETURN NEW;
    ELSIF to_jsonb(OLD) - 'state' - 'file_id' - 'released_at' = to_jsonb(NEW) - 'state' - 'file_id' - 'released_at'
            AND NEW.state IN (OLD.state, 'superseded')
            AND (OLD.file_id IS NULL OR (OLD.file_id, OLD.released_at) = (NEW.file_id, NEW.released_at)) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'an approved letter of reasons stays as it is' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER reasons_are_approved BEFORE UPDATE OR DELETE ON decisions_reasonsletter
    FOR EACH ROW EXECUTE FUNCTION kip_reasons_are_approved();
"""
BACKWARD = """
DROP TRIGGER reasons_are_approved ON decisions_reasonsletter;
DROP FUNCTION kip_reasons_are_approved();
"""


class Migration(migrations.Migration):
    dependencies = [("decisions", "0001_letters_of_reasons")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
