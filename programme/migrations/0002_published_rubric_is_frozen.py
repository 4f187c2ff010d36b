"""Criteria that a season has published cannot change, nor can their rows."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION kip_rubric_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.published_at IS NOT NULL THEN
        RAISE EXCEPTION 'the rubric % is published and frozen', OLD.code USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER rubric_frozen BEFORE UPDATE OR DELETE ON programme_rubric
    FOR EACH ROW EXECUTE FUNCTION kip_rubric_frozen();
CREATE FUNCTION kip_criterion_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE which bigint := CASE WHEN TG_OP = 'INSERT' THEN NEW.rubric_id ELSE OLD.rubric_id END;
BEGIN
    IF EXISTS (SELECT 1 FROM programme_rubric WHERE id = which AND published_at IS NOT NULL) THEN
        RAISE EXCEPTION 'the criteria of a published rubric are frozen' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER criterion_frozen BEFORE INSERT OR UPDATE OR DELETE ON programme_criterion
    FOR EACH ROW EXECUTE FUNCTION kip_criterion_frozen();
"""
BACKWARD = """
DROP TRIGGER criterion_frozen ON programme_criterion;
DROP FUNCTION kip_criterion_frozen();
DROP TRIGGER rubric_frozen ON programme_rubric;
DROP FUNCTION kip_rubric_frozen();
"""


class Migration(migrations.Migration):
    dependencies = [("programme", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
