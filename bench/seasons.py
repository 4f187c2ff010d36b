"""A generated season of N dossiers, nine members and twenty criteria, written by INSERT ... SELECT generate_series.

The same N and seed give the same points on every machine: they come from PostgreSQL's own hash of (dossier, member,
criterion). Only the tables that a result is computed from are filled; triggers and foreign keys rest meanwhile.
"""

from typing import Any

from django.db import connection, transaction

MEMBERS, CRITERIA = 9, 20
SEED = 766
YEAR = 2001
# Of members 6 to 9 eighteen sheets in a hundred are missing: eight per cent of all, and panels of five to nine.
MISSING = f"m > 5 AND abs(hashint8extended(d * 100 + m, {SEED})) %% 100 < 18"


def rubric() -> dict[str, Any]:
    """Twenty criteria of five points in four groups, two pass rules and three tie rules."""
    groups = [
        {
            "code": str(group),
            "label_vi": f"Nhóm {group}",
            "label_en": f"Group {group}",
            "max_points": 25,
            "children": [
                {
                    "code": f"{group}.{leaf}",
                    "label_vi": f"Tiêu chí {group}.{leaf}",
                    "label_en": f"Criterion {group}.{leaf}",
                    "max_points": 5,
                }
                for leaf in range(1, CRITERIA // 4 + 1)
            ],
        }
        for group in range(1, 5)
    ]
    return {
        "format": 1,
        "code": "bench",
        "title_vi": "Bộ tiêu chí đo tốc độ",
        "title_en": "Criteria for measuring",
        "status": "proposal",
        "scale_max": 100,
        "tie_rules": ["1", "2", "4.5"],
        "pass_rule": {
            "type": "all_of",
            "rules": [
                {"type": "total_at_least", "value": 65},
                {"type": "each_criterion_at_least_percent", "value": 55},
            ],
        },
        "criteria": groups,
    }


def load(dossiers: int, *, with_marks: bool) -> Any:
    """The season. Its single marks only where a way to compute needs them."""
    from datetime import timedelta

    from django.utils import timezone

    from accounts.models import User
    from evaluations import tally
    from evaluations.models import Council, Seat
    from programme.actions import load_rubric
    from programme.models import Season

    now = timezone.now()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("SET LOCAL synchronous_commit = off")
        found, _new = load_rubric(document=rubric(), by=None, at=now)
        hour = timedelta(hours=1)
        season = Season.objects.create(
            year=YEAR,
            registration_opens_at=now,
            registration_closes_at=now + hour,
            scoring_closes_at=now + 2 * hour,
            rubric=found,
        )
        council = Council.objects.create(season=season, decision_number="1", decision_date=now.date())
        for m in range(1, MEMBERS + 1):
            user = User.objects.create(email=f"member-{m}@bench.test", full_name=f"Member {m}")
            Seat.objects.create(
                pk=m, council=council, user=user, position="member", alias=f"M{(m * 7) % 10}{m}", seated_at=now
            )
        _fill("reference_sector", {"code": "'electrical'", "position": "1"}, "")
        _fill("enterprises_enterprise", {"id": "1", "tax_code": "'0100000000'"}, "")
        series = f"generate_series(1::bigint, {int(dossiers)}) d"
        _fill(
            "products_product",
            {"id": "d", "enterprise_id": "1", "sector_id": "'electrical'", "name_vi": "'P' || d"},
            series,
        )
        facts = {
            "id": "d",
            "season_id": str(season.pk),
            "enterprise_id": "1",
            "product_id": "d",
            "track": "'standard'",
            "stage": "'scored'",
            "number": "'H26.' || lpad(d::text, 7, '0')",
            "submitted_at": "now()",
        }
        _fill("dossiers_dossier", facts, series)
        _sheets(series, with_marks=with_marks)
        for table in ("dossiers_dossier", "products_product", "evaluations_standingsheet", "evaluations_mark"):
            cursor.execute(f"ANALYZE {table}")
        tally.count_season(season)
        columns = tally.COLUMNS
        cursor.execute(f"INSERT INTO evaluations_tally ({columns}) SELECT {columns} FROM {tally.RECOUNT}")
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE) evaluations_standingsheet, evaluations_tally, dossiers_dossier")
    return season


def _sheets(series: str, *, with_marks: bool) -> None:
    leaf = "(abs(hashint8extended(d * 100 + m, {seed})) %% 15 + 6) * 25"
    points = ", ".join(leaf.format(seed=SEED + number) for number in range(1, CRITERIA + 1))
    members = f"{series}, generate_series(1, {MEMBERS}) m WHERE NOT ({MISSING})"
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO evaluations_standingsheet (id, seat_id, dossier_id, sheet_id, points, eliminated, ballot) "
            f"SELECT d * 10 + m, m, d, d * 10 + m, ARRAY[{points}]::int[], '{{}}', NULL FROM {members}",
            [],
        )
        if not with_marks:
            return
        facts = {"id": "d * 10 + m", "seat_id": "m", "dossier_id": "d", "version": "1", "signed_at": "now()"}
        _fill("evaluations_scoresheet", facts | {"digest": "'0'"}, members)
        cursor.execute(
            "INSERT INTO evaluations_mark (sheet_id, criterion_id, points, max_points, abstains, eliminates, "
            "justification) SELECT t.sheet_id, c.id, t.points[c.place] / 100.0, 5, false, false, '' "
            "FROM evaluations_standingsheet t, (SELECT id, row_number() OVER (ORDER BY position) AS place "
            "FROM programme_criterion WHERE is_leaf) c ORDER BY t.sheet_id, c.place"
        )


_PLAIN = {
    "boolean": "false",
    "jsonb": "'{}'",
    "timestamp with time zone": "now()",
    "date": "current_date",
    "character varying": "''",
    "text": "''",
    "ARRAY": "'{}'",
    "uuid": "gen_random_uuid()",
}


def _fill(table: str, facts: dict[str, str], source: str) -> None:
    """Rows of a table of ours: `facts` are expressions, every other column that must have a value gets a plain one."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT column_name, data_type FROM information_schema.columns WHERE table_schema = 'public' "
            "AND table_name = %s AND is_nullable = 'NO' AND column_default IS NULL AND is_identity = 'NO' "
            "AND is_generated = 'NEVER'",
            [table],
        )
        columns = {name: _PLAIN.get(kind, "0") for name, kind in cursor.fetchall()} | facts
        cursor.execute(
            f"INSERT INTO {table} ({', '.join(columns)}) SELECT {', '.join(columns.values())} "
            + (f"FROM {source}" if source else ""),
            [],
        )
