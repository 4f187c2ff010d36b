"""Drafts of criteria with their versions; when a season published its criteria, and that they stay the same."""

import django.db.models.deletion
from django.db import migrations, models

FILL = """
UPDATE programme_season SET rubric_published_at = r.published_at
  FROM programme_rubric r WHERE r.id = programme_season.rubric_id;
"""
FORWARD = """
CREATE FUNCTION kip_season_keeps_rubric() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.rubric_id IS NOT NULL AND NEW.rubric_id IS DISTINCT FROM OLD.rubric_id THEN
        RAISE EXCEPTION 'season % has published its rubric', OLD.year USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER season_keeps_rubric BEFORE UPDATE OF rubric_id ON programme_season
    FOR EACH ROW EXECUTE FUNCTION kip_season_keeps_rubric();
"""
BACKWARD = """
DROP TRIGGER season_keeps_rubric ON programme_season;
DROP FUNCTION kip_season_keeps_rubric();
"""


class Migration(migrations.Migration):
    dependencies = [("programme", "0004_windows_that_do_not_overlap")]

    operations = [
        migrations.AddField("season", "rubric_published_at", models.DateTimeField(editable=False, null=True)),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.RunSQL(FORWARD, BACKWARD),
        migrations.CreateModel(
            name="RubricDraft",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("content", models.JSONField()),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "based_on",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="drafts",
                        to="programme.rubric",
                    ),
                ),
                (
                    "made",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="made_from",
                        to="programme.rubric",
                    ),
                ),
                ("created_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField()),
                ("changed_by_name", models.CharField(max_length=200)),
            ],
            options={"ordering": ["-changed_at"]},
        ),
        migrations.CreateModel(
            name="RubricDraftVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField()),
                ("content", models.JSONField()),
                ("saved_at", models.DateTimeField()),
                ("saved_by_name", models.CharField(max_length=200)),
                (
                    "draft",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="versions",
                        to="programme.rubricdraft",
                    ),
                ),
            ],
            options={"ordering": ["draft", "-number"]},
        ),
        migrations.AddConstraint(
            "rubricdraftversion",
            models.UniqueConstraint(fields=["draft", "number"], name="draft_version_once"),
        ),
    ]
