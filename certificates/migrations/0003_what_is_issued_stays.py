"""A form, a number, the words of a certificate and its signed bytes are written once; an approved batch keeps what was
approved."""

from django.db import migrations

FORWARD = """
CREATE TRIGGER paper_form_is_final BEFORE UPDATE OR DELETE ON certificates_paperform
    FOR EACH ROW EXECUTE FUNCTION kip_append_only();
CREATE TRIGGER status_entry_is_final BEFORE UPDATE OR DELETE ON certificates_statusentry
    FOR EACH ROW EXECUTE FUNCTION kip_append_only();
CREATE TRIGGER certificate_stays BEFORE DELETE ON certificates_certificate
    FOR EACH ROW EXECUTE FUNCTION kip_append_only();
CREATE FUNCTION kip_certificate_is_issued() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.recognition_id, NEW.kind, NEW.serial, NEW.book, NEW.number, NEW.snapshot, NEW.replaces_id)
       IS DISTINCT FROM
       (OLD.recognition_id, OLD.kind, OLD.serial, OLD.book, OLD.number, OLD.snapshot, OLD.replaces_id)
       OR (OLD.file_id IS NOT NULL AND
           (NEW.file_id, NEW.issued_at, NEW.draft_id, NEW.batch_id, NEW.token, NEW.credential, NEW.signed_with)
           IS DISTINCT FROM
           (OLD.file_id, OLD.issued_at, OLD.draft_id, OLD.batch_id, OLD.token, OLD.credential, OLD.signed_with))
       OR (OLD.replaced_at IS NOT NULL AND NEW.replaced_at IS DISTINCT FROM OLD.replaced_at) THEN
        RAISE EXCEPTION 'Certificate % does not change', OLD.serial USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER certificate_is_issued BEFORE UPDATE ON certificates_certificate
    FOR EACH ROW EXECUTE FUNCTION kip_certificate_is_issued();
CREATE FUNCTION kip_batch_is_closed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state <> 'drafting' OR (NEW.season_year, NEW.number, NEW.form_id) IS DISTINCT FROM
                                  (OLD.season_year, OLD.number, OLD.form_id) THEN
        RAISE EXCEPTION 'Batch % is closed', OLD.id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER batch_is_closed BEFORE UPDATE ON certificates_batch
    FOR EACH ROW EXECUTE FUNCTION kip_batch_is_closed();
CREATE TRIGGER batch_stays BEFORE DELETE ON certificates_batch
    FOR EACH ROW EXECUTE FUNCTION kip_append_only();
"""
BACKWARD = """
DROP TRIGGER batch_stays ON certificates_batch;
DROP TRIGGER batch_is_closed ON certificates_batch;
DROP FUNCTION kip_batch_is_closed();
DROP TRIGGER certificate_is_issued ON certificates_certificate;
DROP FUNCTION kip_certificate_is_issued();
DROP TRIGGER certificate_stays ON certificates_certificate;
DROP TRIGGER status_entry_is_final ON certificates_statusentry;
DROP TRIGGER paper_form_is_final ON certificates_paperform;
"""


class Migration(migrations.Migration):
    dependencies = [("certificates", "0002_forms_batches_and_chains"), ("core", "0002_audit_is_append_only")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
