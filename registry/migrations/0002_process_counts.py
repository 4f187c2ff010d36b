"""Events of a season that are counted in public; counts are only added (database trigger). A line of a published list
remembers the product's number in the house, so that the Department's pages can keep it from whoever has a conflict."""

from django.db import migrations, models

FORWARD = """
CREATE TRIGGER process_count_append_only BEFORE UPDATE OR DELETE ON registry_processcount
    FOR EACH ROW EXECUTE FUNCTION kip_append_only();
"""
BACKWARD = "DROP TRIGGER process_count_append_only ON registry_processcount;"


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0001_initial"),
        ("core", "0002_audit_is_append_only"),
    ]

    operations = [
        migrations.CreateModel(
            name="ProcessCount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("season_year", models.PositiveSmallIntegerField()),
                ("kind", models.CharField(choices=[("break_glass", "Emergency openings")], max_length=20)),
                ("count", models.PositiveIntegerField()),
                ("counted_at", models.DateTimeField()),
            ],
            options={
                "ordering": ["season_year", "kind", "count"],
                "constraints": [
                    models.UniqueConstraint(fields=("season_year", "kind", "count"), name="process_count_once"),
                    models.CheckConstraint(condition=models.Q(("count__gte", 1)), name="process_count_from_one"),
                ],
            },
        ),
        migrations.AddField(
            model_name="publishedlistitem",
            name="source_id",
            field=models.BigIntegerField(null=True),
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
