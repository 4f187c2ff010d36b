"""Sheets in versions with abstentions, the compact rows that results are computed from, results as exact arrays.

What stood in the older tables is carried over: a signed sheet becomes the standing one, each result keeps its numbers.
"""

import django.contrib.postgres.fields
import django.db.models.deletion
from decimal import Decimal
from django.conf import settings
from django.db import migrations, models

SET_ASIDE = """
CREATE TEMP TABLE kip_old_result ON COMMIT DROP AS SELECT * FROM evaluations_result;
CREATE TEMP TABLE kip_old_average ON COMMIT DROP AS SELECT * FROM evaluations_criterionaverage;
ALTER TABLE evaluations_scoresheet DISABLE TRIGGER USER;
ALTER TABLE evaluations_mark DISABLE TRIGGER USER;
ALTER TABLE evaluations_resultrun DISABLE TRIGGER USER;
"""
CARRY_OVER = """
UPDATE evaluations_seat s SET alias = 'M' || n.place
    FROM (SELECT id, row_number() OVER (PARTITION BY council_id ORDER BY md5('alias' || id)) AS place
          FROM evaluations_seat) n WHERE n.id = s.id;
UPDATE evaluations_interest SET kind = 'other' WHERE has_conflict;
INSERT INTO evaluations_intereststatement (seat_id, dossier_id, moment, has_conflict, kind, ground, stated_at)
    SELECT seat_id, dossier_id, 'opening', has_conflict, kind, ground, declared_at FROM evaluations_interest;
INSERT INTO dossiers_conflict (user_id, dossier_id, kind, words, declared_at, lift_reason)
    SELECT DISTINCT ON (s.user_id, i.dossier_id) s.user_id, i.dossier_id, 'other', i.ground, i.declared_at, ''
    FROM evaluations_interest i JOIN evaluations_seat s ON s.id = i.seat_id WHERE i.has_conflict;
UPDATE evaluations_resultrun r SET places = se.top_places, leaves = ARRAY(
        SELECT c.code FROM programme_criterion c WHERE c.rubric_id = se.rubric_id AND c.is_leaf ORDER BY c.position)
    FROM programme_season se WHERE se.id = r.season_id;
INSERT INTO evaluations_standingsheet (seat_id, dossier_id, sheet_id, points, eliminated, ballot)
    SELECT s.seat_id, s.dossier_id, s.id, ARRAY(
        SELECT round(m.points * 100)::int FROM programme_criterion c
        LEFT JOIN evaluations_mark m ON m.criterion_id = c.id AND m.sheet_id = s.id
        WHERE c.rubric_id = se.rubric_id AND c.is_leaf ORDER BY c.position), '{}', NULL
    FROM evaluations_scoresheet s JOIN dossiers_dossier d ON d.id = s.dossier_id
    JOIN programme_season se ON se.id = d.season_id
    WHERE s.signed_at IS NOT NULL;
INSERT INTO evaluations_result (run_id, dossier_id, set_code, sums, counts, lowest, highest, scorers, ballots_for,
        ballots, numerator, denominator, total, rank, passes, failed_rules, is_top10, is_referred, tie_rule)
    SELECT o.run_id, o.dossier_id, d.track,
        array_agg(coalesce(round(100 * a.scorers * split_part(a.average_exact, '/', 1)::numeric
            / coalesce(nullif(split_part(a.average_exact, '/', 2), ''), '1')::numeric), 0)::bigint ORDER BY c.position),
        array_agg(coalesce(a.scorers, 0)::smallint ORDER BY c.position),
        array_agg((a.lowest * 100)::int ORDER BY c.position), array_agg((a.highest * 100)::int ORDER BY c.position),
        o.scorers, 0, 0, split_part(o.total_exact, '/', 1)::numeric,
        coalesce(nullif(split_part(o.total_exact, '/', 2), ''), '1')::numeric, o.total, o.rank, o.passes,
        ARRAY(SELECT jsonb_array_elements_text(o.failed_rules)), o.is_top10, false, o.tie_rule
    FROM kip_old_result o JOIN dossiers_dossier d ON d.id = o.dossier_id
    JOIN programme_season se ON se.id = d.season_id
    JOIN programme_criterion c ON c.rubric_id = se.rubric_id AND c.is_leaf
    LEFT JOIN kip_old_average a ON a.result_id = o.id AND a.criterion_id = c.id
    GROUP BY o.id, o.run_id, o.dossier_id, d.track, o.scorers, o.total_exact, o.total, o.rank, o.passes,
        o.failed_rules, o.is_top10, o.tie_rule;
INSERT INTO evaluations_tally (dossier_id, sums, counts, lowest, highest, sheets, eliminated, ballots_for, ballots,
        digest)
    SELECT c.dossier_id, c.sums, c.counts, c.lowest, c.highest, l.sheets, '{}', 0, 0, l.digest
    FROM (SELECT p.dossier_id, array_agg(p.total ORDER BY p.place) AS sums, array_agg(p.n ORDER BY p.place) AS counts,
            array_agg(p.lowest ORDER BY p.place) AS lowest, array_agg(p.highest ORDER BY p.place) AS highest
          FROM (SELECT t.dossier_id, u.place, coalesce(sum(u.v), 0)::bigint AS total, count(u.v)::smallint AS n,
                    min(u.v) AS lowest, max(u.v) AS highest
                FROM evaluations_standingsheet t, unnest(t.points) WITH ORDINALITY u(v, place)
                GROUP BY t.dossier_id, u.place) p GROUP BY p.dossier_id) c
    JOIN (SELECT t.dossier_id, count(*) AS sheets, encode(sha256(convert_to(string_agg(
                s.alias || E'\t' || array_to_string(t.points, ',', '') || E'\t\t\n', '' ORDER BY s.alias COLLATE "C"),
                'UTF8')), 'hex') AS digest
          FROM evaluations_standingsheet t JOIN evaluations_seat s ON s.id = t.seat_id GROUP BY t.dossier_id) l
        ON l.dossier_id = c.dossier_id;
ALTER TABLE evaluations_scoresheet ENABLE TRIGGER USER;
ALTER TABLE evaluations_mark ENABLE TRIGGER USER;
ALTER TABLE evaluations_resultrun ENABLE TRIGGER USER;
SET CONSTRAINTS ALL IMMEDIATE;
"""


class Migration(migrations.Migration):
    dependencies = [
        ('evaluations', '0002_sealed_sheets'),
        ('dossiers', '0009_conflicts'),
        ('programme', '0003_exchange_rate'),
        ('reference', '0003_special_days_kept_by_staff'),
    ]

    operations = [
        migrations.RunSQL(SET_ASIDE, migrations.RunSQL.noop),
        migrations.DeleteModel('CriterionAverage'),
        migrations.DeleteModel('Result'),
        migrations.AddField('council', 'panel_version', models.PositiveIntegerField(default=0)),
        migrations.AddField('seat', 'sectors', models.ManyToManyField(blank=True, related_name='+', to='reference.sector')),
        migrations.AddField('seat', 'scorer_labels', models.JSONField(blank=True, default=list)),
        migrations.AddField('seat', 'max_dossiers', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='most dossiers')),
        migrations.AddField('seat', 'is_alternate', models.BooleanField(default=False, verbose_name='alternate')),
        migrations.AddField('seat', 'term_from', models.DateField(blank=True, null=True, verbose_name='term from')),
        migrations.AddField('seat', 'term_until', models.DateField(blank=True, null=True, verbose_name='term until')),
        migrations.AddField('seat', 'alias', models.CharField(max_length=8, default=''), preserve_default=False),
        migrations.AddField('interest', 'kind', models.CharField(blank=True, max_length=20)),
        migrations.AddField('scoresheet', 'version', models.PositiveSmallIntegerField(default=1)),
        migrations.AddField('scoresheet', 'reason', models.CharField(blank=True, max_length=500)),
        migrations.AddField('scoresheet', 'council_comment', models.TextField(blank=True)),
        migrations.AddField('scoresheet', 'ballot', models.BooleanField(null=True)),
        migrations.AddField('scoresheet', 'revision', models.PositiveIntegerField(default=0)),
        migrations.AddField('scoresheet', 'entered_by_name', models.CharField(blank=True, max_length=200)),
        migrations.AddField('scoresheet', 'confirmed_by_name', models.CharField(blank=True, max_length=200)),
        migrations.AddField('scoresheet', 'scan_sha256', models.CharField(blank=True, max_length=64)),
        migrations.AlterModelOptions('scoresheet', {'ordering': ['seat', 'dossier', 'version']}),
        migrations.RemoveConstraint('scoresheet', 'sheet_once'),
        migrations.RemoveConstraint('mark', 'mark_in_bounds'),
        migrations.AddField('mark', 'abstains', models.BooleanField(default=False)),
        migrations.AddField('mark', 'option', models.PositiveSmallIntegerField(null=True)),
        migrations.AddField('mark', 'eliminates', models.BooleanField(default=False)),
        migrations.AlterField('mark', 'points', models.DecimalField(decimal_places=2, max_digits=7, null=True)),
        migrations.AddField('resultrun', 'leaves', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=20), default=list, size=None), preserve_default=False),
        migrations.AddField('resultrun', 'places', models.PositiveSmallIntegerField(default=10), preserve_default=False),
        migrations.AddField('resultrun', 'versions', models.JSONField(default=dict)),
        migrations.CreateModel(
            name='AssignmentRun',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('solver', models.CharField(max_length=40)),
                ('solver_version', models.CharField(max_length=20)),
                ('seed', models.PositiveIntegerField()),
                ('settings', models.JSONField(default=dict)),
                ('objective', models.JSONField(default=dict)),
                ('input_digest', models.CharField(max_length=64)),
                ('result_digest', models.CharField(max_length=64)),
                ('assignments', models.PositiveIntegerField()),
                ('made_by_name', models.CharField(max_length=200)),
                ('made_at', models.DateTimeField()),
                ('council', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='assignment_runs', to='evaluations.council')),
            ],
            options={
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='CutVote',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('in_favour', models.PositiveSmallIntegerField()),
                ('against', models.PositiveSmallIntegerField()),
                ('voted_at', models.DateTimeField()),
                ('dossier', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='cut_vote', to='dossiers.dossier')),
            ],
        ),
        migrations.CreateModel(
            name='Result',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('set_code', models.CharField(max_length=40)),
                ('sums', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None)),
                ('counts', django.contrib.postgres.fields.ArrayField(base_field=models.SmallIntegerField(), size=None)),
                ('lowest', django.contrib.postgres.fields.ArrayField(base_field=models.IntegerField(null=True), size=None)),
                ('highest', django.contrib.postgres.fields.ArrayField(base_field=models.IntegerField(null=True), size=None)),
                ('scorers', models.PositiveSmallIntegerField()),
                ('ballots_for', models.PositiveSmallIntegerField(default=0)),
                ('ballots', models.PositiveSmallIntegerField(default=0)),
                ('numerator', models.DecimalField(decimal_places=0, max_digits=60)),
                ('denominator', models.DecimalField(decimal_places=0, max_digits=60)),
                ('total', models.DecimalField(decimal_places=4, max_digits=11)),
                ('rank', models.PositiveIntegerField()),
                ('passes', models.BooleanField()),
                ('failed_rules', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=80), default=list, size=None)),
                ('is_top10', models.BooleanField()),
                ('is_referred', models.BooleanField(default=False)),
                ('tie_rule', models.CharField(blank=True, max_length=20)),
                ('dossier', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='results', to='dossiers.dossier')),
                ('run', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='results', to='evaluations.resultrun')),
            ],
            options={
                'ordering': ['rank', 'dossier_id'],
            },
        ),
        migrations.CreateModel(
            name='InterestStatement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('moment', models.CharField(choices=[('opening', 'Before opening the dossier'), ('minutes', 'Before signing the minutes'), ('later', 'In the course of the work')], max_length=8)),
                ('has_conflict', models.BooleanField()),
                ('kind', models.CharField(blank=True, max_length=20)),
                ('ground', models.CharField(blank=True, max_length=300)),
                ('stated_at', models.DateTimeField()),
                ('dossier', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='statements', to='dossiers.dossier')),
                ('seat', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='statements', to='evaluations.seat')),
            ],
            options={
                'ordering': ['stated_at', 'id'],
            },
        ),
        migrations.CreateModel(
            name='SheetVoid',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.CharField(max_length=500)),
                ('voided_by_name', models.CharField(max_length=200)),
                ('voided_at', models.DateTimeField()),
                ('sheet', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='void', to='evaluations.scoresheet')),
            ],
        ),
        migrations.CreateModel(
            name='StandingSheet',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('points', django.contrib.postgres.fields.ArrayField(base_field=models.IntegerField(null=True), size=None)),
                ('eliminated', django.contrib.postgres.fields.ArrayField(base_field=models.SmallIntegerField(), default=list, size=None)),
                ('ballot', models.BooleanField(null=True)),
                ('dossier', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='standing', to='dossiers.dossier')),
                ('seat', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='standing', to='evaluations.seat')),
                ('sheet', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='standing', to='evaluations.scoresheet')),
            ],
        ),
        migrations.CreateModel(
            name='Tally',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sums', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None)),
                ('counts', django.contrib.postgres.fields.ArrayField(base_field=models.SmallIntegerField(), size=None)),
                ('lowest', django.contrib.postgres.fields.ArrayField(base_field=models.IntegerField(null=True), size=None)),
                ('highest', django.contrib.postgres.fields.ArrayField(base_field=models.IntegerField(null=True), size=None)),
                ('sheets', models.PositiveSmallIntegerField(default=0)),
                ('eliminated', django.contrib.postgres.fields.ArrayField(base_field=models.SmallIntegerField(), default=list, size=None)),
                ('ballots_for', models.PositiveSmallIntegerField(default=0)),
                ('ballots', models.PositiveSmallIntegerField(default=0)),
                ('digest', models.CharField(max_length=64)),
                ('dossier', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='tally', to='dossiers.dossier')),
            ],
        ),
        migrations.RunSQL(CARRY_OVER, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name='result',
            constraint=models.UniqueConstraint(fields=('run', 'dossier'), name='result_once'),
        ),
        migrations.AddConstraint(
            model_name='result',
            constraint=models.CheckConstraint(condition=models.Q(('is_top10', False), ('passes', True), _connector='OR'), name='result_top_passes'),
        ),
        migrations.AddConstraint(
            model_name='mark',
            constraint=models.CheckConstraint(condition=models.Q(('points', None), models.Q(('points__gte', Decimal('0')), ('points__lte', models.F('max_points'))), _connector='OR'), name='mark_in_bounds'),
        ),
        migrations.AddConstraint(
            model_name='mark',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('abstains', True), ('points', None)), models.Q(('abstains', False), ('points__isnull', False)), _connector='OR'), name='mark_or_abstention'),
        ),
        migrations.AddConstraint(
            model_name='mark',
            constraint=models.CheckConstraint(condition=models.Q(('abstains', False), models.Q(('justification', ''), _negated=True), _connector='OR'), name='abstention_has_reason'),
        ),
        migrations.AddConstraint(
            model_name='seat',
            constraint=models.UniqueConstraint(fields=('council', 'alias'), name='seat_alias_once'),
        ),
        migrations.AddConstraint(
            model_name='seat',
            constraint=models.CheckConstraint(condition=models.Q(('term_from', None), ('term_until', None), ('term_until__gte', models.F('term_from')), _connector='OR'), name='seat_term'),
        ),
        migrations.AddConstraint(
            model_name='scoresheet',
            constraint=models.UniqueConstraint(fields=('seat', 'dossier', 'version'), name='sheet_version_once'),
        ),
        migrations.AddConstraint(
            model_name='scoresheet',
            constraint=models.UniqueConstraint(condition=models.Q(('signed_at', None)), fields=('seat', 'dossier'), name='sheet_one_in_hand'),
        ),
        migrations.AddConstraint(
            model_name='scoresheet',
            constraint=models.CheckConstraint(condition=models.Q(('version', 1), models.Q(('reason', ''), _negated=True), _connector='OR'), name='sheet_correction_has_reason'),
        ),
        migrations.AddConstraint(
            model_name='intereststatement',
            constraint=models.CheckConstraint(condition=models.Q(('has_conflict', False), models.Q(('ground', ''), _negated=True), _connector='OR'), name='statement_has_ground'),
        ),
        migrations.AddConstraint(
            model_name='standingsheet',
            constraint=models.UniqueConstraint(fields=('dossier', 'seat'), name='standing_once'),
        ),
    ]
