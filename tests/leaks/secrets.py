"""The kinds of hidden values: what is changed in the second world, and who must not notice.

A change goes past actions and triggers, so that exactly this and nothing that follows from it is different; where a
number follows from another (tallies from marks, ranks from totals), both change, as they would have in truth.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from django.db.models import F, Value
from django.db.models.functions import Concat

from core.models import Job
from decisions.models import CommentReport, PreparedDecision
from dossiers.models import BreakGlass, Conflict, Document, Dossier, LikelyConflict, Message, StaffNote, YearFigure
from evaluations.models import Assignment, Interest, Mark, Result, ResultRun, ScoreSheet, StandingSheet, Tally
from tests.leaks.worlds import BARRED, OUTSIDE, World, everybody_but


@dataclass(frozen=True)
class Secret:
    """`world`: scoring, closed or published. `tables` are those that `change` writes. `alone`: it cannot be changed
    together with others, because it takes away what they change. `by_work`: the number of questions to the database
    counts as told; not where only ids are hidden from who has nothing to do with them: they count up anyway."""

    name: str
    world: str
    roles: tuple[str, ...]
    change: Callable[[World], None]
    tables: tuple[str, ...]
    alone: bool = False
    by_work: bool = True


# --- marks ----------------------------------------------------------------------------------------------------
def _other_marks(world: World, dossier: Dossier) -> None:
    sheet = ScoreSheet.objects.get(seat=world.seats[2], dossier=dossier)
    Mark.objects.filter(sheet=sheet).update(points=F("points") - 7, justification="khác hẳn")
    ScoreSheet.objects.filter(pk=sheet.pk).update(digest="f" * 64 if sheet.signed_at else "")
    for standing in StandingSheet.objects.filter(sheet=sheet):
        StandingSheet.objects.filter(pk=standing.pk).update(points=[p and p - 700 for p in standing.points])
    for tally in Tally.objects.filter(dossier=dossier):
        Tally.objects.filter(pk=tally.pk).update(
            sums=[s - 700 for s in tally.sums], lowest=[p and p - 700 for p in tally.lowest], digest="e" * 64
        )


def _marks_of_hidden(world: World) -> None:
    _other_marks(world, world.hidden)


def _draft_marks(world: World) -> None:
    _other_marks(world, world.others[0])


def _signed_marks(world: World) -> None:
    _other_marks(world, world.others[1])


def _notes_of_sheets(world: World) -> None:
    ScoreSheet.objects.filter(seat=world.seats[2]).update(private_note="BÍ MẬT ghi riêng dài hơn", council_comment="z")


def _sheet_exists(world: World) -> None:
    """The author has not begun the sheet of the second dossier after all."""
    sheets = ScoreSheet.objects.filter(seat=world.seats[2], dossier=world.others[0])
    Mark.objects.filter(sheet__in=sheets).delete()
    sheets.delete()


def _assigned(world: World) -> None:
    Assignment.objects.filter(seat=world.seats[2], dossier=world.others[0], criterion__code="3").delete()


# --- the dossier behind the wall ------------------------------------------------------------------------------
def _stage(world: World) -> None:
    Dossier.objects.filter(pk=world.hidden.pk).update(stage="withdrawn")


def _file_names(world: World) -> None:
    Document.objects.filter(dossier=world.hidden).update(
        name=Concat(Value("BÍ MẬT "), "name"), reference="BÍ-1", removed_at=None
    )


def _facts(world: World) -> None:
    Dossier.objects.filter(pk=world.hidden.pk).update(
        description="BÍ MẬT " * 9, technology="BÍ MẬT", contact_name="BÍ MẬT", track="handicraft"
    )
    YearFigure.objects.filter(dossier=world.hidden).update(revenue_vnd_billion=Decimal(999))


def _gone(world: World) -> None:
    """As if the dossier had never been sent. Whoever is barred from it knows that it exists; others do not."""
    Dossier.objects.filter(pk=world.hidden.pk).update(stage="draft", number=None, submitted_at=None)


def _notes(world: World) -> None:
    StaffNote.objects.filter(dossier=world.hidden).update(text="BÍ MẬT")


def _more_notes(world: World) -> None:
    StaffNote.objects.filter(dossier=world.hidden).delete()


def _messages(world: World) -> None:
    Message.objects.filter(dossier=world.hidden).update(text="BÍ MẬT", is_from_department=False, read_at=None)


# --- conflicts ------------------------------------------------------------------------------------------------
def _likely(world: World) -> None:
    LikelyConflict.objects.filter(dossier=world.others[0]).update(ours="BÍ MẬT", theirs="BÍ MẬT", score=99)


def _likely_of_hidden(world: World) -> None:
    LikelyConflict.objects.filter(dossier=world.hidden).update(ours="BÍ MẬT", theirs="BÍ MẬT", score=99)


def _grounds(world: World) -> None:
    Conflict.objects.filter(user=world.seats[1].user).update(kind="ownership", words="BÍ MẬT")
    Interest.objects.filter(seat=world.seats[1], has_conflict=True).update(ground="BÍ MẬT")


def _emergency(world: World) -> None:
    BreakGlass.objects.filter(dossier=world.hidden).update(reason="BÍ MẬT và dài hơn nhiều")


# --- results --------------------------------------------------------------------------------------------------
def _result_of_hidden(world: World) -> None:
    """The hidden dossier falls from the first place to the last, and fails: everybody else moves up."""
    rows = list(Result.objects.filter(run__season=world.hidden.season).order_by("rank"))
    last = len(rows)
    for row in rows:
        if row.dossier_id == world.hidden.pk:
            Result.objects.filter(pk=row.pk).update(
                rank=last, total=Decimal("12.5"), numerator=25, denominator=2, passes=False, is_top10=False,
                sums=[s // 5 for s in row.sums], lowest=[1 for _s in row.sums], failed_rules=["total_at_least"],
            )  # fmt: skip
            mine = row.rank
    Result.objects.filter(pk__in=[r.pk for r in rows if r.dossier_id != world.hidden.pk and r.rank > mine]).update(
        rank=F("rank") - 1
    )
    for tally in Tally.objects.filter(dossier=world.hidden):
        Tally.objects.filter(pk=tally.pk).update(sums=[s // 5 for s in tally.sums], digest="d" * 64)
    for standing in StandingSheet.objects.filter(dossier=world.hidden):
        StandingSheet.objects.filter(pk=standing.pk).update(points=[p and p // 5 for p in standing.points])
    Mark.objects.filter(sheet__dossier=world.hidden).update(points=F("points") / 5)
    ResultRun.objects.filter(season=world.hidden.season).update(input_digest="a" * 64, result_digest="b" * 64)
    _reports(world)


def _results(world: World) -> None:
    """All results are others; who passes stays, so that what is public of them stays."""
    Result.objects.filter(run__season=world.hidden.season).update(
        total=F("total") - 3, numerator=F("numerator") - 3, scorers=9, tie_rule="2", rank=F("rank") + 1
    )
    ResultRun.objects.filter(season=world.hidden.season).update(input_digest="a" * 64, result_digest="b" * 64)
    _reports(world)


def _reports(world: World) -> None:
    from analysis.models import Report

    for report in Report.objects.filter(run__season=world.hidden.season):
        Report.objects.filter(pk=report.pk).update(content=_shaken(report.content))


def _shaken(value: object) -> object:
    """The same report with other numbers."""
    if isinstance(value, dict):
        return {key: _shaken(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_shaken(inner) for inner in value]
    return value * 0.5 if isinstance(value, float) else value


# --- the decision before its hour -----------------------------------------------------------------------------
def _embargo(world: World) -> None:
    """Prepared, confirmed, and its release ordered for tomorrow."""
    season = world.story.season()
    run, tomorrow = ResultRun.objects.filter(season=season).latest("number"), world.story.now + timedelta(days=1)
    CommentReport.objects.create(
        season=season, comments=0, answered=0, conclusion="x", closed_at=world.story.now, closed_by_name="x"
    )
    prepared = PreparedDecision.objects.create(
        season=season,
        run=run,
        result_digest=run.result_digest,
        number="5012/QĐ-UBND",
        signed_date=world.story.now.date(),
        signer_name="Người ký bí mật",
        signer_position="Phó Chủ tịch",
        said={"left_out": []},
        release_at=tomorrow,
        state="confirmed",
        prepared_at=world.story.now,
        prepared_by=world.story.secretary,
        confirmed_at=world.story.now,
        confirmed_by=world.story.officer,
    )
    Job.objects.create(kind="decision.release", key=str(prepared.pk), not_before=tomorrow)


E = "evaluations_"
MARKS = (f"{E}mark", f"{E}scoresheet", f"{E}standingsheet", f"{E}tally")
RESULTS = (*MARKS, f"{E}result", f"{E}resultrun", "analysis_report")
DOSSIER = ("dossiers_dossier",)

SECRETS = (
    Secret("marks of the hidden dossier", "scoring", everybody_but(), _marks_of_hidden, MARKS),
    Secret("marks a colleague has not signed", "scoring", everybody_but(), _draft_marks, MARKS),
    Secret("marks a colleague has signed", "scoring", everybody_but(), _signed_marks, MARKS),
    Secret("notes and comments of a colleague", "scoring", everybody_but(), _notes_of_sheets, MARKS),
    Secret("whether a colleague has begun", "scoring", ("chair", "member", *OUTSIDE, "it"), _sheet_exists, MARKS,
           alone=True),
    Secret("what a colleague is asked", "scoring", ("member", *OUTSIDE, "it"), _assigned, (f"{E}assignment",)),
    Secret("stage of the hidden dossier", "scoring", BARRED, _stage, DOSSIER),
    Secret("stage of another's dossier", "scoring", ("other owner", "visitor", "api"), _stage, DOSSIER, by_work=False),
    Secret("file names of the hidden dossier", "scoring", (*BARRED, "other owner", "visitor", "api"), _file_names,
           ("dossiers_document",)),
    Secret("facts of the hidden dossier", "scoring", (*BARRED, "other owner", "visitor", "api"), _facts,
           ("dossiers_dossier", "dossiers_yearfigure")),
    Secret("existence of another's dossier", "scoring", ("other owner", "visitor", "api"), _gone, DOSSIER,
           alone=True, by_work=False),
    Secret("notes of staff", "scoring", (*BARRED, "chair", "member", *OUTSIDE), _notes, ("dossiers_staffnote",)),
    Secret("number of notes of staff", "scoring", (*BARRED, "chair", "member", *OUTSIDE), _more_notes,
           ("dossiers_staffnote",), alone=True),
    Secret("messages with the enterprise", "scoring", (*BARRED, "chair", "member", "other owner", "visitor", "api"),
           _messages, ("dossiers_message",)),
    Secret("likely conflicts", "scoring", everybody_but("secretary", "barred secretary"), _likely,
           ("dossiers_likelyconflict",)),
    Secret("likely conflicts of the hidden dossier", "scoring", everybody_but("secretary"), _likely_of_hidden,
           ("dossiers_likelyconflict",)),
    Secret("grounds of a colleague's conflict", "scoring", everybody_but("secretary", "barred member"), _grounds,
           ("dossiers_conflict", f"{E}interest")),
    Secret("result of the hidden dossier", "closed", (*BARRED, *OUTSIDE), _result_of_hidden, RESULTS),
    Secret("the result before its publication", "closed", (*OUTSIDE, "it"), _results, RESULTS),
    Secret("reason of an emergency", "closed", ("chair", "member", *OUTSIDE), _emergency, ("dossiers_breakglass",)),
    Secret("totals and ranks behind the public list", "published", (*OUTSIDE, "it"), _results, RESULTS),
    Secret("a decision under embargo", "published", ("chair", "member", *OUTSIDE, "it"), _embargo,
           ("decisions_prepareddecision", "decisions_commentreport", "core_job")),
    Secret("result of the hidden dossier after publication", "published", BARRED, _result_of_hidden, RESULTS),
)  # fmt: skip
