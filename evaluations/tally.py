"""The compact rows beside the audit rows: which signed sheet counts, and what the sheets of a dossier add up to.

Each function is called inside the transaction of the act that changes the sheets and takes a few set statements.
`evaluations.result_sql` ranks what stands here; `recount` is also the nightly check that nothing drifted.
"""

from collections.abc import Sequence

from django.db import connection, transaction

from evaluations.models import Assignment, ScoreSheet, Seat, StandingSheet
from evaluations.scoring import hundredths
from programme.actions import rules_of
from programme.models import Season
from programme.rubric_file import RubricRules

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

# What is not summed: how many sheets, the ballots, the digest; then who ended the evaluation, mostly nobody.
_LINES = """
SELECT t.dossier_id, count(*)::smallint AS sheets,
       count(*) FILTER (WHERE t.ballot)::smallint AS ballots_for, count(t.ballot)::smallint AS ballots,
       encode(sha256(convert_to(string_agg({line}, '' ORDER BY s.alias COLLATE "C"), 'UTF8')), 'hex') AS digest
FROM evaluations_standingsheet t JOIN evaluations_seat s ON s.id = t.seat_id
WHERE {which} GROUP BY t.dossier_id
"""
_ENDED = """
SELECT t.dossier_id, array_agg(DISTINCT e.e ORDER BY e.e) AS eliminated
FROM evaluations_standingsheet t, unnest(t.eliminated) e(e)
WHERE t.eliminated <> '{{}}' AND {which} GROUP BY t.dossier_id
"""
# One row per dossier. -1 is an abstention and NULL was not asked: neither is counted.
_COUNT = """
SELECT c.dossier_id, c.sums, c.counts, c.lowest, c.highest, l.sheets, coalesce(e.eliminated, '{{}}') AS eliminated,
       l.ballots_for, l.ballots, l.digest
FROM (SELECT p.dossier_id, array_agg(p.total ORDER BY p.place) AS sums, array_agg(p.n ORDER BY p.place) AS counts,
             array_agg(p.lowest ORDER BY p.place) AS lowest, array_agg(p.highest ORDER BY p.place) AS highest
      FROM (SELECT t.dossier_id, u.place, coalesce(sum(u.v) FILTER (WHERE u.v >= 0), 0)::bigint AS total,
                   count(u.v) FILTER (WHERE u.v >= 0)::smallint AS n,
                   min(u.v) FILTER (WHERE u.v >= 0) AS lowest, max(u.v) FILTER (WHERE u.v >= 0) AS highest
            FROM evaluations_standingsheet t, unnest(t.points) WITH ORDINALITY u(v, place)
            WHERE {which} GROUP BY t.dossier_id, u.place) p
      GROUP BY p.dossier_id) c
JOIN ({lines}) l ON l.dossier_id = c.dossier_id LEFT JOIN ({ended}) e ON e.dossier_id = c.dossier_id
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
        lines, ended = _LINES.format(which=which, line=SHEET_LINE), _ENDED.format(which=which)
        cursor.execute(_UPSERT.format(count=_COUNT.format(which=which, lines=lines, ended=ended)), [ids] * 3)


# --- a whole season ------------------------------------------------------------------------------------------
RECOUNT = "kip_recount"
# A sum and a count travel as one whole number: points below, one per member above. 2^31 bounds each addend.
_MOST_BITS = 30


def count_season(season: Season, table: str = RECOUNT, *, digests: bool = True) -> None:
    """Count all standing sheets of the season anew into a table of this transaction, with the columns of the tally.

    The second way of counting: one pass over the arrays by subscript, where `recount` unfolds them.
    """
    assert season.rubric is not None
    seats = Seat.objects.filter(council__season=season).count()
    text = season_statement(rules_of(season.rubric), seats, digests=digests)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL work_mem = '256MB'")
        cursor.execute(f"DROP TABLE IF EXISTS {table}")
        cursor.execute(f"CREATE TEMP TABLE {table} ON COMMIT DROP AS {text}", [season.pk] * 2)
        cursor.execute(f"ANALYZE {table} (dossier_id)")


def season_statement(rules: RubricRules, most_sheets: int, *, digests: bool = True) -> str:
    """SELECT of the tallies of a season (two parameters: its id, each time); the digests may be left empty."""
    places = range(1, len(rules.all_leaves) + 1)
    most = max((hundredths(leaf.max_points) for leaf in rules.all_leaves), default=0)
    bits = (most * max(most_sheets, 1)).bit_length()
    if bits <= _MOST_BITS:
        counted = f"sum(CASE WHEN p{{0}} >= 0 THEN p{{0}} + {1 << bits} END) AS s{{0}}"
        total, number = f"s{{0}} & {(1 << bits) - 1}", f"s{{0}} >> {bits}"
    else:
        counted = "sum(CASE WHEN p{0} >= 0 THEN p{0} END) AS s{0}, count(CASE WHEN p{0} >= 0 THEN 1 END) AS n{0}"
        total, number = "s{0}", "n{0}"
    # An abstention (-1) without its sign is the largest of all whole numbers, and so never the lowest points.
    ends = f"min(p{{0}} & {2**31 - 1}) AS l{{0}}, max(p{{0}}) AS h{{0}}"

    def every(piece: str) -> str:
        return ", ".join(piece.format(place) for place in places)

    of_season = "t.dossier_id IN (SELECT id FROM dossiers_dossier WHERE season_id = %s)"
    lines = "string_agg(line, '' ORDER BY alias)" if digests else "NULL"
    line = f's.alias COLLATE "C" AS alias, {SHEET_LINE} AS line,' if digests else ""
    seat = "JOIN evaluations_seat s ON s.id = t.seat_id" if digests else ""
    return f"""
SELECT c.dossier_id, ARRAY[{every(f"coalesce({total}, 0)")}]::bigint[] AS sums,
       ARRAY[{every(f"coalesce({number}, 0)")}]::smallint[] AS counts,
       ARRAY[{every(f"nullif(l{{0}}, {2**31 - 1})")}]::int[] AS lowest,
       ARRAY[{every("nullif(h{0}, -1)")}]::int[] AS highest,
       c.sheets::smallint AS sheets, coalesce(e.eliminated, '{{}}') AS eliminated,
       c.ballots_for::smallint AS ballots_for, c.ballots::smallint AS ballots,
       coalesce(encode(sha256(convert_to(c.lines, 'UTF8')), 'hex'), '') AS digest
FROM (SELECT dossier_id, count(*) AS sheets, count(*) FILTER (WHERE ballot) AS ballots_for, count(ballot) AS ballots,
             {lines} AS lines, {every(counted + ", " + ends)}
      FROM (SELECT t.dossier_id, t.ballot, {line} {every("t.points[{0}] AS p{0}")}
            FROM evaluations_standingsheet t {seat}
            WHERE {of_season} OFFSET 0) one
      GROUP BY dossier_id) c
LEFT JOIN ({_ENDED.format(which=of_season)}) e ON e.dossier_id = c.dossier_id
"""


@transaction.atomic
def drifted(season_id: int) -> list[int]:
    """Dossiers of the season whose kept numbers differ from their standing sheets, or whose standing sheets differ
    from the marks that were signed; empty when all is well."""
    again = _STAND.format(which="s.id IN (SELECT sheet_id FROM evaluations_standingsheet) AND d.season_id = %s")
    signed = again[again.index("SELECT") :]
    count_season(Season.objects.select_related("rubric").get(pk=season_id))
    kept, counted = (f"ROW({', '.join(f'{name}.{c}' for c in COLUMNS.split(', '))})" for name in ("k", "r"))
    own = "JOIN dossiers_dossier d ON d.id = t.dossier_id WHERE d.season_id = %s"
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(k.dossier_id, r.dossier_id) "
            f"FROM (SELECT t.* FROM evaluations_tally t {own}) k "
            f"FULL JOIN {RECOUNT} r ON r.dossier_id = k.dossier_id WHERE {kept} IS DISTINCT FROM {counted} "
            "UNION SELECT dossier_id FROM ("
            "(SELECT t.seat_id, t.dossier_id, t.sheet_id, t.points, t.eliminated, t.ballot "
            f"FROM evaluations_standingsheet t {own}) EXCEPT ALL {signed}) y ORDER BY 1",
            [season_id] * 3,
        )
        return [row[0] for row in cursor.fetchall()]
