import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("enterprises", "0002_people_and_sites")]

    operations = [
        migrations.CreateModel(
            name="NotDuplicate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("note", models.CharField(max_length=300, verbose_name="reason")),
                ("noted_by_name", models.CharField(max_length=200)),
                ("noted_at", models.DateTimeField()),
                (
                    "first",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="enterprises.enterprise"
                    ),
                ),
                (
                    "second",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="enterprises.enterprise"
                    ),
                ),
            ],
            options={
                "ordering": ["-noted_at"],
                "constraints": [
                    models.UniqueConstraint(fields=("first", "second"), name="not_duplicate_once"),
                    models.CheckConstraint(
                        condition=models.Q(("first__lt", models.F("second"))), name="not_duplicate_in_order"
                    ),
                ],
            },
        ),
    ]
