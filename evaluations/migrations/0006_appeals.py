"""Appeals: lodged, tried, decided once."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


FORWARD = """
CREATE FUNCTION kip_appeal_decided() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.outcome <> '' THEN
        RAISE EXCEPTION 'an appeal is never removed, and a decided one never changes' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER appeal_decided BEFORE UPDATE OR DELETE ON evaluations_appeal
    FOR EACH ROW EXECUTE FUNCTION kip_appeal_decided();
"""
BACKWARD = """
DROP TRIGGER appeal_decided ON evaluations_appeal;
DROP FUNCTION kip_appeal_decided();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('dossiers', '0010_conflicts_are_kept'),
        ('evaluations', '0005_wall_in_the_database'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Appeal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('received_on', models.DateField(verbose_name='received on')),
                ('lodge_until', models.DateField()),
                ('answer_until', models.DateField()),
                ('grounds', models.TextField(max_length=3000, verbose_name='what the enterprise contests')),
                ('lodged_by_name', models.CharField(max_length=200)),
                ('lodged_at', models.DateTimeField()),
                ('changes', models.JSONField(blank=True, default=list)),
                ('moves', models.JSONField(blank=True, default=list)),
                ('input_digest', models.CharField(blank=True, max_length=64)),
                ('result_digest', models.CharField(blank=True, max_length=64)),
                ('tried_at', models.DateTimeField(null=True)),
                ('outcome', models.CharField(blank=True, choices=[('upheld', 'Upheld'), ('rejected', 'Rejected')], max_length=8, verbose_name='decision')),
                ('reason', models.TextField(blank=True, max_length=2000, verbose_name='reason')),
                ('decided_by_name', models.CharField(blank=True, max_length=200)),
                ('decided_at', models.DateTimeField(null=True)),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('dossier', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='appeals', to='dossiers.dossier')),
                ('run', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='appeals', to='evaluations.resultrun')),
                ('tried_on', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='evaluations.resultrun')),
            ],
            options={
                'ordering': ['-lodged_at', '-id'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('outcome', '')), fields=('dossier',), name='appeal_one_open'), models.CheckConstraint(condition=models.Q(models.Q(('decided_at', None), ('outcome', '')), models.Q(models.Q(('outcome', ''), _negated=True), models.Q(('reason', ''), _negated=True), ('decided_at__isnull', False), ('decided_by__isnull', False)), _connector='OR'), name='appeal_decided_with_reason'), models.CheckConstraint(condition=models.Q(models.Q(('outcome', 'upheld'), _negated=True), ('tried_on__isnull', False), _connector='OR'), name='appeal_upheld_was_tried')],
            },
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
