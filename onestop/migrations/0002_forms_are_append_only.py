"""A paper that went out, and the text it was made from, are history."""

from django.db import migrations

FORWARD = """
CREATE TRIGGER office_form_append_only BEFORE UPDATE OR DELETE ON onestop_officeform
    FOR EACH ROW EXECUTE FUNCTION kip_append_only();
CREATE TRIGGER form_text_append_only BEFORE UPDATE OR DELETE ON onestop_formtext
    FOR EACH ROW EXECUTE FUNCTION kip_append_only();
"""
BACKWARD = """
DROP TRIGGER form_text_append_only ON onestop_formtext;
DROP TRIGGER office_form_append_only ON onestop_officeform;
"""


class Migration(migrations.Migration):
    dependencies = [("onestop", "0001_initial"), ("core", "0002_audit_is_append_only")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
