"""Nobody with a standing conflict or a representation, past or present, is assigned to a dossier or has a sheet for
it, however the row is written. Asked once per statement, so that many rows cost little more than one."""

from django.db import migrations

TABLES = ("evaluations_assignment", "evaluations_scoresheet", "evaluations_standingsheet")
FUNCTION = """
CREATE FUNCTION kip_behind_the_wall() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM fresh f JOIN evaluations_seat s ON s.id = f.seat_id
            JOIN dossiers_conflict c ON c.user_id = s.user_id AND c.dossier_id = f.dossier_id AND c.lifted_at IS NULL)
        OR EXISTS (SELECT 1 FROM fresh f JOIN evaluations_seat s ON s.id = f.seat_id
            JOIN enterprises_representative r ON r.user_id = s.user_id
            JOIN dossiers_dossier d ON d.id = f.dossier_id AND d.enterprise_id = r.enterprise_id) THEN
        RAISE EXCEPTION 'a member must not judge a dossier behind the wall'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
"""
FORWARD = FUNCTION + "".join(
    f"""
CREATE TRIGGER {table.removeprefix("evaluations_")}_wall_{event.lower()} AFTER {event} ON {table}
    REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION kip_behind_the_wall();
"""
    for table in TABLES
    for event in ("INSERT", "UPDATE")
)
BACKWARD = (
    "".join(
        f"DROP TRIGGER {table.removeprefix('evaluations_')}_wall_{event} ON {table};\n"
        for table in TABLES
        for event in ("insert", "update")
    )
    + "DROP FUNCTION kip_behind_the_wall();"
)


class Migration(migrations.Migration):
    dependencies = [
        ("evaluations", "0004_guards_of_the_new_rows"),
        ("dossiers", "0010_conflicts_are_kept"),
        ("enterprises", "0001_initial"),
    ]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
