"""A released decision is never changed or removed, nor what it says of a product: only revocation and replacement are
written later, once. Older recognitions get the address that the registry knew."""

from django.db import migrations

FORWARD = """
UPDATE registry_recognition r SET enterprise_address_vi = e.address_vi
  FROM registry_publishedproduct p JOIN registry_publishedenterprise e ON e.id = p.enterprise_id
 WHERE p.id = r.product_id AND r.enterprise_address_vi = '';
CREATE TRIGGER decision_is_final BEFORE UPDATE OR DELETE ON registry_decision
    FOR EACH ROW EXECUTE FUNCTION kip_append_only();
CREATE FUNCTION kip_recognition_is_decided() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.product_id, NEW.enterprise_id, NEW.decision_id, NEW.season_year, NEW.is_top10, NEW.valid_from, NEW.valid_to,
        NEW.product_name_vi, NEW.product_name_en, NEW.enterprise_name_vi, NEW.enterprise_name_en,
        NEW.enterprise_address_vi, NEW.replaces_id, NEW.change, NEW.is_demo)
       IS DISTINCT FROM
       (OLD.product_id, OLD.enterprise_id, OLD.decision_id, OLD.season_year, OLD.is_top10, OLD.valid_from, OLD.valid_to,
        OLD.product_name_vi, OLD.product_name_en, OLD.enterprise_name_vi, OLD.enterprise_name_en,
        OLD.enterprise_address_vi, OLD.replaces_id, OLD.change, OLD.is_demo)
       OR (OLD.revoked_at IS NOT NULL AND (NEW.revoked_at, NEW.revoked_ground, NEW.revoked_document, NEW.revoked_reason)
           IS DISTINCT FROM (OLD.revoked_at, OLD.revoked_ground, OLD.revoked_document, OLD.revoked_reason))
       OR (OLD.replaced_at IS NOT NULL AND NEW.replaced_at IS DISTINCT FROM OLD.replaced_at) THEN
        RAISE EXCEPTION 'What was decided about % does not change', OLD.product_name_vi
              USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER recognition_is_decided BEFORE UPDATE ON registry_recognition
    FOR EACH ROW EXECUTE FUNCTION kip_recognition_is_decided();
CREATE TRIGGER recognition_stays BEFORE DELETE ON registry_recognition
    FOR EACH ROW EXECUTE FUNCTION kip_append_only();
"""
BACKWARD = """
DROP TRIGGER recognition_stays ON registry_recognition;
DROP TRIGGER recognition_is_decided ON registry_recognition;
DROP FUNCTION kip_recognition_is_decided();
DROP TRIGGER decision_is_final ON registry_decision;
"""


class Migration(migrations.Migration):
    dependencies = [("registry", "0003_corrections_and_chains"), ("core", "0002_audit_is_append_only")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
