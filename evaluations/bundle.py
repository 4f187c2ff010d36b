"""The decision bundle of a run: all that decided it, under pseudonyms, as canonical JSON that `evaluations.replay`
reads without us. Nothing in it names a person or an enterprise.

A bundle is given out only when its own replay has the digests of the run: inputs that were corrected since are taken
back to what they were when the run was computed, and where that is impossible the bundle is refused.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from django.db.models import F, Q
from django.utils import translation
from django.utils.translation import gettext as _

from core.errors import Refused
from dossiers.models import Dossier
from evaluations import queries, replay, scoring, wording
from evaluations.models import CutVote, InterestStatement, Mark, ResultRun, ScoreSheet
from programme.actions import rules_of
from programme.models import Season
from programme.rubric_file import RubricRules

# The version and the seal of the sheet that counted, by (dossier, member).
Versions = dict[tuple[str, str], dict[str, Any]]


def of_run(run: ResultRun) -> bytes:
    """The sealed bundle of a run. Raises Refused when its inputs cannot be brought back."""
    season = run.season
    assert season.rubric is not None
    rules = rules_of(season.rubric)
    for inputs in (_now, _then):
        entries, versions = inputs(season, run)
        if scoring.input_digest(rules, run.rubric_digest, entries, run.places) == run.input_digest:
            return replay.seal(_content(season, run, entries, versions))
    raise Refused(
        _("The sheets behind run %(number)s can no longer be brought back; its bundle is not given out.")
        % {"number": run.number}
    )


def _now(season: Season, run: ResultRun) -> tuple[list[scoring.Entry], Versions]:
    """What counts now, for the dossiers of the run."""
    judged = list(run.results.values_list("dossier_id", flat=True))
    sheets = ScoreSheet.objects.filter(standing__dossier_id__in=judged)
    return queries.entries(season, judged), _versions(sheets)


def _then(season: Season, run: ResultRun) -> tuple[list[scoring.Entry], Versions]:
    """What counted when the run was computed: of every member the newest version that was signed and not voided.
    Whoever signed a sheet had marked exactly the criteria that were assigned."""
    at = run.computed_at
    rows = run.results.values_list("dossier_id", "dossier__number", "set_code")
    sets = {pk: (number or "", set_code) for pk, number, set_code in rows}
    signed = (
        ScoreSheet.objects.filter(dossier_id__in=sets, signed_at__lte=at)
        .filter(Q(void=None) | Q(void__voided_at__gt=at))
        .order_by("seat_id", "dossier_id", "-version")
        .distinct("seat_id", "dossier_id")
    )
    counted = ScoreSheet.objects.filter(pk__in=signed.values("pk"))
    marks: dict[int, list[tuple[str, Decimal | None, bool]]] = defaultdict(list)
    for sheet_id, code, points, eliminates in Mark.objects.filter(sheet__in=counted).values_list(
        "sheet_id", "criterion__code", "points", "eliminates"
    ):
        marks[sheet_id].append((code, points, eliminates))
    sheets: dict[int, list[scoring.Sheet]] = defaultdict(list)
    for pk, dossier_id, alias, ballot in counted.values_list("pk", "dossier_id", "seat__alias", "ballot"):
        given = {code: points for code, points, _out in marks[pk]}
        out = frozenset(code for code, _points, eliminates in marks[pk] if eliminates)
        sheets[dossier_id].append(scoring.Sheet(alias, given, out, ballot))
    votes = {
        vote.dossier_id: (vote.in_favour, vote.against)
        for vote in CutVote.objects.filter(dossier_id__in=sets, voted_at__lte=at)
    }
    entries = [
        scoring.Entry(
            dossier=number,
            set_code=set_code,
            assigned=frozenset((sheet.member, code) for sheet in sheets[pk] for code in sheet.marks),
            sheets=tuple(sorted(sheets[pk], key=lambda sheet: sheet.member)),
            vote=votes.get(pk),
        )
        for pk, (number, set_code) in sorted(sets.items())
    ]
    return entries, _versions(counted)


def _versions(sheets: Iterable[ScoreSheet]) -> Versions:
    rows = ScoreSheet.objects.filter(pk__in=[s.pk for s in sheets]).annotate(
        number=F("dossier__number"), alias=F("seat__alias")
    )
    return {(r["number"], r["alias"]): {"version": r["version"], "digest": r["digest"]} for r in rows.values()}


# --- what stands in it ----------------------------------------------------------------------------------------
def _content(season: Season, run: ResultRun, entries: Sequence[scoring.Entry], versions: Versions) -> dict[str, Any]:
    assert season.rubric is not None
    rules = rules_of(season.rubric)
    return {
        "format": replay.FORMAT,
        "method": run.method,
        "season": season.year,
        "rubric": {"digest": run.rubric_digest, "document": season.rubric.content},
        "places": run.places,
        "cut": rules.cut,
        "words": {language: _words(rules, season, run, language) for language in ("vi", "en")},
        **replay.inputs(entries, versions),
        "conflicts": _conflicts(season, run),
        "run": {
            "number": run.number,
            "method": run.method,
            "versions": run.versions,
            "computed_at": run.computed_at.isoformat(),
            "rubric_digest": run.rubric_digest,
            "input_digest": run.input_digest,
            "result_digest": run.result_digest,
        },
    }


def _words(rules: RubricRules, season: Season, run: ResultRun, language: str) -> list[str]:
    """The rules as sentences, for whoever opens the file."""
    with translation.override(language):
        return [str(words) for words in wording.all_rules(rules, wording.labels_of(season), run.places)]


def _conflicts(season: Season, run: ResultRun) -> list[dict[str, str]]:
    """The last statement of every member about every dossier of the run, where it was a conflict: its kind, never
    its words."""
    judged = Dossier.objects.filter(results__run=run)
    last = (
        InterestStatement.objects.filter(seat__council__season=season, dossier__in=judged)
        .filter(stated_at__lte=run.computed_at)
        .order_by("seat_id", "dossier_id", "-stated_at", "-id")
        .distinct("seat_id", "dossier_id")
        .values_list("seat__alias", "dossier__number", "kind", "has_conflict")
    )
    return [
        {"member": alias, "dossier": number or "", "kind": kind}
        for alias, number, kind, has_conflict in sorted(last)
        if has_conflict
    ]
