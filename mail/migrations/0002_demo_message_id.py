from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("mail", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="demomessage",
            name="message_id",
            field=models.CharField(blank=True, db_index=True, max_length=200),
        ),
    ]
