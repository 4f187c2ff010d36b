from django.db import migrations, models
from django.db.models import F, Q

# A season older than the column scored after registration had closed; one whose list was out before the planned end of
# scoring had ended scoring by then. Seasons that began are public already.
FILL = """
UPDATE programme_season SET scoring_closes_at = comment_opens_at
 WHERE comment_opens_at < scoring_closes_at AND comment_opens_at > registration_closes_at;
UPDATE programme_season SET registration_closes_at = comment_opens_at - interval '2 seconds',
       scoring_closes_at = comment_opens_at - interval '1 second'
 WHERE comment_opens_at <= registration_closes_at
   AND comment_opens_at - interval '2 seconds' > registration_opens_at;
UPDATE programme_season SET scoring_closes_at = registration_closes_at + interval '1 day'
 WHERE scoring_closes_at <= registration_closes_at;
UPDATE programme_season SET scoring_opens_at = registration_closes_at;
UPDATE programme_season SET published_at = registration_opens_at WHERE registration_opens_at <= now();
"""


class Migration(migrations.Migration):
    dependencies = [("programme", "0003_exchange_rate")]

    operations = [
        migrations.AddField(
            "season", "scoring_opens_at", models.DateTimeField(null=True, verbose_name="scoring opens")
        ),
        migrations.AddField("season", "published_at", models.DateTimeField(editable=False, null=True)),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.AddConstraint(
            "season",
            models.CheckConstraint(
                name="season_scoring_after_registration",
                condition=Q(scoring_opens_at=None) | Q(scoring_opens_at__gte=F("registration_closes_at")),
            ),
        ),
        migrations.AddConstraint(
            "season",
            models.CheckConstraint(
                name="season_scoring_window",
                condition=Q(scoring_closes_at__gt=F("registration_closes_at"))
                & (Q(scoring_opens_at=None) | Q(scoring_closes_at__gt=F("scoring_opens_at"))),
            ),
        ),
        migrations.AddConstraint(
            "season",
            models.CheckConstraint(
                name="season_comment_after_scoring",
                condition=Q(comment_opens_at=None) | Q(comment_opens_at__gte=F("scoring_closes_at")),
            ),
        ),
    ]
