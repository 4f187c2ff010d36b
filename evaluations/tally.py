"""The compact rows beside the audit rows: which signed sheet counts, and what the sheets of a dossier add up to.

Each function is called inside the transaction of the act that changes the sheets and takes a few set statements.
`evaluations.result_sql` ranks what stands here; `recount` is also the nightly check that nothing drifted.
"""

from collections.abc import Sequence

from django.db import connection

from evaluations.models import Assignment, ScoreSheet, StandingSheet

# Points in hundredths by leaf position, of the criteria that are assigned to the member.
_STAND = """
INSERT INTO evaluations_standingsheet (seat_id, dossier_id, sheet_id, points, eliminated, ballot)
SELECT s.seat_id, s.dossier_id, s.id, p.points, p.eliminated, s.ballot
FROM evaluations_scoresheet s
JOIN dossiers_dossier d ON d.id = s.dossier_id
JOIN programme_season se ON se.id = d.season_id
CROSS JOIN LATERAL (
    SELECT array_agg(CASE WHEN a.id IS NULL THEN NULL WHEN m.abstains THEN -1 ELSE round(m.points * 100)::int END
                     ORDER BY c.position) AS points,
           coalesce(array_agg((c.place - 1)::smallint ORDER BY c.position)
                    FILTER (WHERE a.id IS NOT NULL AND m.eliminates), '{{}}') AS eliminated
    FROM (SELECT id, position, row_number() OVER (ORDER BY position) AS place
          FROM programme_criterion WHERE rubric_id = se.rubric_id AND is_leaf) c
    LEFT JOIN evaluations_mark m ON m.criterion_id = c.id AND m.sheet_id = s.id
    LEFT JOIN evaluations_assignment a
        ON a.criterion_id = c.id AND a.seat_id = s.seat_id AND a.dossier_id = s.dossier_id) p
WHERE {which}
"""
_SAME_PLACE = """
ON CONFLICT (dossier_id, seat_id) DO UPDATE
    SET sheet_id = excluded.sheet_id, points = excluded.points, eliminated = excluded.eliminated,
        ballot = excluded.ballot
"""

# One row per dossier. -1 is an abstention and NULL was not asked: neither is counted.
_COUNT = """
SELECT c.dossier_id, c.sums, c.counts, c.lowest, c.highest, l.sheets, l.eliminated, l.ballots_for, l.ballots, l.digest
FROM (SELECT p.dossier_id, array_agg(p.total ORDER BY p.place) AS sums, array_agg(p.n ORDER BY p.place) AS counts,
             array_agg(p.lowest ORDER BY p.place) AS lowest, array_agg(p.highest ORDER BY p.place) AS highest
      FROM (SELECT t.dossier_id, u.place, coalesce(sum(u.v) FILTER (WHERE u.v >= 0), 0)::bigint AS total,
                   count(u.v) FILTER (WHERE u.v >= 0)::smallint AS n,
                   min(u.v) FILTER (WHERE u.v >= 0) AS lowest, max(u.v) FILTER (WHERE u.v >= 0) AS highest
            FROM evaluations_standingsheet t, unnest(t.points) WITH ORDINALITY u(v, place)
            WHERE {which} GROUP BY t.dossier_id, u.place) p
      GROUP BY p.dossier_id) c
JOIN (SELECT t.dossier_id, count(*)::smallint AS sheets,
             coalesce((SELECT array_agg(DISTINCT e.e ORDER BY e.e) FROM evaluations_standingsheet o,
                       unnest(o.eliminated) e(e) WHERE o.dossier_id = t.dossier_id), '{{}}') AS eliminated,
             count(*) FILTER (WHERE t.ballot)::smallint AS ballots_for, count(t.ballot)::smallint AS ballots,
             encode(sha256(convert_to(string_agg({line}, '' ORDER BY s.alias COLLATE "C"), 'UTF8')), 'hex') AS digest
      FROM evaluations_standingsheet t JOIN evaluations_seat s ON s.id = t.seat_id
      WHERE {which} GROUP BY t.dossier_id) l ON l.dossier_id = c.dossier_id
"""
# The same text as evaluations.scoring.sheet_line.
SHEET_LINE = (
    "s.alias || E'\\t' || array_to_string(t.points, ',', '') || E'\\t' || array_to_string(t.eliminated, ',') "
    "|| E'\\t' || coalesce(CASE WHEN t.ballot THEN 't' WHEN NOT t.ballot THEN 'f' END, '') || E'\\n'"
)
COLUMNS = "dossier_id, sums, counts, lowest, highest, sheets, eliminated, ballots_for, ballots, digest"
_UPSERT = f"""
INSERT INTO evaluations_tally ({COLUMNS}) {{count}}
ON CONFLICT (dossier_id) DO UPDATE SET sums = excluded.sums, counts = excluded.counts, lowest = excluded.lowest,
    highest = excluded.highest, sheets = excluded.sheets, eliminated = excluded.eliminated,
    ballots_for = excluded.ballots_for, ballots = excluded.ballots, digest = excluded.digest
"""


def stand(sheet: ScoreSheet) -> None:
    """From now on this signed sheet is the one that counts for its member and dossier."""
    with connection.cursor() as cursor:
        cursor.execute(_STAND.format(which="s.id = %s") + _SAME_PLACE, [sheet.pk])
    recount([sheet.dossier_id])


def withdraw(sheet: ScoreSheet) -> None:
    """The sheet no longer counts, and its member is no longer asked about the dossier."""
    StandingSheet.objects.filter(sheet=sheet).delete()
    Assignment.objects.filter(seat=sheet.seat_id, dossier=sheet.dossier_id).delete()
    recount([sheet.dossier_id])


def recount(dossier_ids: Sequence[int]) -> None:
    """Count these dossiers anew from their standing sheets."""
    ids = list(dossier_ids)
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM evaluations_tally k WHERE dossier_id = ANY(%s) AND NOT EXISTS "
            "(SELECT 1 FROM evaluations_standingsheet t WHERE t.dossier_id = k.dossier_id)",
            [ids],
        )
        which = "t.dossier_id = ANY(%s)"
        cursor.execute(_UPSERT.format(count=_COUNT.format(which=which, line=SHEET_LINE)), [ids, ids])


def drifted(season_id: int) -> list[int]:
    """Dossiers of the season whose kept numbers differ from their standing sheets, or whose standing sheets differ
    from the marks that were signed; empty when all is well."""
    of_season = "t.dossier_id IN (SELECT id FROM dossiers_dossier WHERE season_id = %s)"
    again = _STAND.format(which="s.id IN (SELECT sheet_id FROM evaluations_standingsheet) AND d.season_id = %s")
    select = again[again.index("SELECT") :]
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT dossier_id FROM ("
            f"(SELECT {COLUMNS} FROM evaluations_tally t WHERE {of_season}"
            f" EXCEPT ALL {_COUNT.format(which=of_season, line=SHEET_LINE)})"
            f" UNION ALL ({_COUNT.format(which=of_season, line=SHEET_LINE)}"
            f" EXCEPT ALL SELECT {COLUMNS} FROM evaluations_tally t WHERE {of_season})) x "
            "UNION SELECT dossier_id FROM ("
            f"(SELECT t.seat_id, t.dossier_id, t.sheet_id, t.points, t.eliminated, t.ballot"
            f" FROM evaluations_standingsheet t WHERE {of_season}) EXCEPT ALL {select}) y ORDER BY 1",
            [season_id] * 8,
        )
        return [row[0] for row in cursor.fetchall()]
