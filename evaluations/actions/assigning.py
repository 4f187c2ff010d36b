"""Who scores what: tried, kept, and changed by hand."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.access import require
from core import audit
from core.errors import Refused
from dossiers.models import Dossier, Stage
from evaluations import assigning_words, queries
from evaluations.actions.panel import advance, lock_panel
from evaluations.assigning.explaining import explain
from evaluations.assigning.measuring import Measures, measure
from evaluations.assigning.problem import Problem, Rule, Settings, Triple
from evaluations.assigning.programme import Clock, Undecided
from evaluations.assigning.solving import Goal, Infeasible, Solution, solve
from evaluations.models import Assignment, AssignmentRun, Council, Mark, Seat
from evaluations.queries import Panel
from evaluations.queries.panel import barred_pairs
from programme.actions import rules_of
from programme.models import Criterion, Season
from programme.rubric_file import NoSet

SECONDS = 25  # a page waits for it
REASON_SECONDS = 15


@dataclass(frozen=True)
class Change:
    """One cell of the matrix before and after."""

    seat: Seat
    dossier: Dossier
    before: tuple[str, ...]
    after: tuple[str, ...]


@dataclass(frozen=True)
class Trial:
    """What would be written, and against what it was computed."""

    panel: Panel
    solution: Solution
    version: int

    @property
    def before(self) -> Measures:
        return measure(self.panel.problem, known(self.panel.problem, self.panel.present))

    @property
    def changes(self) -> list[Change]:
        return differences(self.panel, self.panel.present, self.solution.chosen)

    @property
    def kept(self) -> "Kept":
        return Kept(
            settings=self.panel.problem.settings,
            chosen=self.solution.chosen,
            goals=self.solution.goals,
            input_digest=self.solution.input_digest,
            result_digest=self.solution.result_digest,
            solver=self.solution.solver,
            solver_version=self.solution.solver_version,
            version=self.version,
        )


@dataclass(frozen=True)
class Kept:
    """A trial as the page carries it (signed) until somebody keeps it: exactly what was shown is written."""

    settings: Settings
    chosen: frozenset[Triple]
    goals: tuple[Goal, ...]
    input_digest: str
    result_digest: str
    solver: str
    solver_version: str
    version: int

    def as_dict(self) -> dict[str, Any]:
        sheets: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        for member, work, criterion in sorted(self.chosen):
            sheets[work][member].append(criterion)
        return {
            "settings": self.settings.as_dict(),
            "chosen": sheets,
            "goals": [[g.name, g.value, g.bound] for g in self.goals],
            "input": self.input_digest,
            "result": self.result_digest,
            "solver": [self.solver, self.solver_version],
            "version": self.version,
        }

    @classmethod
    def from_dict(cls, facts: Mapping[str, Any]) -> "Kept":
        settings = dict(facts["settings"])
        for rule in ("organisations", "experts", "bridges"):
            settings[rule] = Rule(settings[rule])
        return cls(
            settings=Settings(**settings),
            chosen=frozenset(
                (m, w, c) for w, people in facts["chosen"].items() for m, cs in people.items() for c in cs
            ),
            goals=tuple(Goal(*goal) for goal in facts["goals"]),
            input_digest=facts["input"],
            result_digest=facts["result"],
            solver=facts["solver"][0],
            solver_version=facts["solver"][1],
            version=facts["version"],
        )


def known(problem: Problem, present: Iterable[Triple]) -> frozenset[Triple]:
    """Without what is held by people who no longer serve."""
    return frozenset(t for t in present if t[0] in problem.by_key)


def differences(panel: Panel, before: Iterable[Triple], after: Iterable[Triple]) -> list[Change]:
    """The cells that differ, in the order of the matrix."""
    places = {code: place for work in panel.problem.work for place, code in enumerate(work.criteria)}
    cells: dict[tuple[str, str], tuple[set[str], set[str]]] = defaultdict(lambda: (set(), set()))
    for side, triples in enumerate((before, after)):
        for member, work, criterion in triples:
            cells[work, member][side].add(criterion)

    def ordered(codes: set[str]) -> tuple[str, ...]:
        return tuple(sorted(codes, key=lambda code: (places.get(code, 0), code)))

    seats = {str(s.pk): s for s in Seat.objects.filter(pk__in={m for _w, m in cells}).select_related("user")}
    found = [
        Change(seats[member], panel.dossiers[work], ordered(old), ordered(new))
        for (work, member), (old, new) in cells.items()
        if old != new
    ]
    return sorted(found, key=lambda c: (c.dossier.number or "", c.seat.pk))


# --- try and keep -------------------------------------------------------------------------------------
def try_assignment(*, season: Season, settings: Settings, by: Any, at: datetime) -> Trial:
    """A dry run: the best assignment of the eligible dossiers, and nothing written.

    Raises Refused with the smallest reason when there is none, together with what would help.
    """
    require(by, "evaluations.run_session")
    council = queries.council_of(season)
    panel = _panel(season, settings, by=by, at=at)
    assert council is not None, "seats have a council"
    try:
        solution = solve(panel.problem, clock=Clock(seconds=SECONDS))
    except Infeasible:
        raise Refused(_why(panel)) from None
    except Undecided as error:
        raise Refused(assigning_words.unfinished(SECONDS)) from error
    return Trial(panel, solution, queries.seen_version(council, by))


def _why(panel: Panel) -> list[str]:
    try:
        return assigning_words.explanation(panel, explain(panel.problem, clock=Clock(seconds=REASON_SECONDS)))
    except Undecided:
        return [
            _(
                "There is no assignment that keeps all limits and rules. Which of them must give way was not found in "
                "time."
            )
        ]


def _panel(season: Season, settings: Settings, *, by: Any, at: datetime) -> Panel:
    """Raises Refused for what is missing before anything can be shared out."""
    if season.rubric is None:
        raise Refused(_("The season has not published its criteria."))
    day = timezone.localtime(at).date()
    panel = queries.panel_of(season, settings, for_user=by, on=day, stages=[Stage.ELIGIBLE])
    reasons = []
    if not panel.dossiers:
        reasons.append(_("No dossier is eligible yet."))
    if not panel.problem.members:
        reasons.append(_("The council has no members yet."))
    reasons += [
        _("%(dossier)s: the rubric has no criteria for this kind of product.") % {"dossier": d.number}
        for d in panel.lost
    ]
    if settings.per_criterion == 0 and not reasons:
        reasons += _silent(panel)
    if reasons:
        raise Refused(reasons)
    return panel


def _silent(panel: Panel) -> list[str]:
    """Where everybody scores everything, nobody may be left out because a declaration is missing."""
    members = {m.key for m in panel.problem.members}
    by_dossier: dict[str, list[str]] = defaultdict(list)
    for seat, dossier in sorted(panel.problem.silent, key=lambda pair: int(pair[0])):
        if seat in members:
            by_dossier[dossier].append(str(panel.seats[seat]))
    return [
        _("%(dossier)s: no declaration of interest from %(who)s.")
        % {"dossier": panel.dossiers[key].number, "who": ", ".join(by_dossier[key])}
        for key in panel.dossiers
        if key in by_dossier
    ]


@transaction.atomic
def keep_assignment(*, season: Season, kept: Kept, by: Any, at: datetime) -> int:
    """Write what a trial has shown. Returns how many assignments stand.

    Raises Refused when the panel, the dossiers or the conflicts are no longer those of the trial.
    """
    require(by, "evaluations.run_session")
    council = lock_panel(season, seen=kept.version, by=by)
    ids = {int(work) for _member, work, _criterion in kept.chosen}
    # the lock that a declaration of interest takes, too
    list(Dossier.objects.select_for_update(of=("self",)).filter(pk__in=ids).order_by("pk").values_list("pk"))
    panel = _panel(season, kept.settings, by=by, at=at)
    if panel.problem.digest != kept.input_digest:
        raise Refused(
            _(
                "Members, dossiers, conflicts or limits have changed since the assignment was computed. Nothing was "
                "written. Try it again and look at the new result."
            )
        )
    criteria = {c.code: c for c in Criterion.objects.filter(rubric=season.rubric, is_leaf=True)}
    Assignment.objects.filter(dossier__in=list(panel.dossiers.values())).delete()
    rows = [
        Assignment(seat_id=int(m), dossier_id=int(w), criterion=criteria[c], assigned_at=at)
        for m, w, c in sorted(kept.chosen)
    ]
    try:
        with transaction.atomic():
            Assignment.objects.bulk_create(rows)
    except IntegrityError as error:
        raise Refused(_("A conflict of interest stands against this assignment. Nothing was written.")) from error
    run = AssignmentRun.objects.create(
        council=council,
        solver=kept.solver,
        solver_version=kept.solver_version,
        seed=kept.settings.seed,
        settings=kept.settings.as_dict(),
        objective={"goals": [goal.as_dict() for goal in kept.goals]},
        input_digest=kept.input_digest,
        result_digest=kept.result_digest,
        assignments=len(rows),
        made_by_name=str(by),
        made_at=at,
    )
    audit.record(
        "council.assigned",
        season,
        by=by,
        at=at,
        assignments=len(rows),
        per_criterion=kept.settings.per_criterion,
        run=run.pk,
        result=kept.result_digest,
        panel=advance(council),
    )
    return len(rows)


def assign(*, season: Season, per_criterion: int = 0, settings: Settings | None = None, by: Any, at: datetime) -> int:
    """Try and keep in one go. Returns how many assignments stand; raises Refused as both do."""
    trial = try_assignment(season=season, settings=settings or Settings(per_criterion=per_criterion), by=by, at=at)
    return keep_assignment(season=season, kept=trial.kept, by=by, at=at)


# --- by hand ------------------------------------------------------------------------------------------
@transaction.atomic
def set_assignment(
    *, seat: Seat, dossier: Dossier, codes: Iterable[str], seen: int | None = None, by: Any, at: datetime
) -> None:
    """By hand: this member scores exactly these criteria of this dossier. `seen` is the version of the panel that the
    person looked at.

    Also while scoring is open, because a conflict declared late leaves criteria without a scorer; points for
    criteria that are taken back go. Raises Refused for a conflict or a missing declaration, once the member's sheet
    is signed, and when somebody else has changed the panel meanwhile.
    """
    require(by, "evaluations.run_session", dossier)
    council = lock_panel(dossier.season, seen=seen, by=by)
    changed, reasons = _set_cell(council, seat, dossier, set(codes), at)
    if reasons:
        raise Refused(reasons)
    if changed is None:
        return
    audit.record(
        "assignment.changed",
        seat,
        by=by,
        at=at,
        dossier=dossier.number,
        dossier_id=dossier.pk,
        criteria=changed,
        panel=advance(council),
    )


@transaction.atomic
def take_over(
    *, season: Season, wanted: Mapping[tuple[int, int], frozenset[str]], seen: int | None, by: Any, at: datetime
) -> int:
    """Many cells at once, as from a workbook: (seat, dossier) to its criteria; all or none. Returns how many changed.

    Raises Refused with the reasons of every cell together.
    """
    require(by, "evaluations.run_session")
    council = lock_panel(season, seen=seen, by=by)
    seats = {s.pk: s for s in queries.seats_of(season)}
    found = Dossier.objects.open_to(by).filter(season=season, pk__in={d for _s, d in wanted})
    dossiers = {d.pk: d for d in found}
    changed, reasons = 0, []
    for (seat, dossier), codes in sorted(wanted.items()):
        if seat not in seats or dossier not in dossiers:
            reasons.append(_("A row names a member or a dossier that is not before this council."))
            continue
        done, refused = _set_cell(council, seats[seat], dossiers[dossier], set(codes), at)
        changed += done is not None
        reasons += refused
    if reasons:
        raise Refused(dict.fromkeys(reasons))
    if changed:
        audit.record("assignment.imported", council, by=by, at=at, cells=changed, panel=advance(council))
    return changed


def _set_cell(
    council: Council, seat: Seat, dossier: Dossier, codes: set[str], at: datetime
) -> tuple[list[str] | None, list[str]]:
    """The criteria that stand now, or None where nothing changed; and the reasons against it."""
    dossier = (
        Dossier.objects.select_for_update(of=("self",))
        .select_related("season__rubric", "product__sector")
        .get(pk=dossier.pk)
    )
    held = set(queries.assigned_codes(seat, dossier))
    wanted = codes & asked_codes(dossier)
    if wanted == held:
        return None, []
    reasons = refusals(seat, dossier, wanted - held)
    if reasons:
        return None, reasons
    marks = Mark.objects.filter(sheet__seat=seat, sheet__dossier=dossier, sheet__signed_at=None)
    marks.exclude(criterion__code__in=wanted).delete()
    Assignment.objects.filter(seat=seat, dossier=dossier).exclude(criterion__code__in=wanted).delete()
    criteria = Criterion.objects.filter(rubric=dossier.season.rubric, is_leaf=True, code__in=wanted - held)
    Assignment.objects.bulk_create(
        Assignment(seat=seat, dossier=dossier, criterion=c, assigned_at=at) for c in criteria
    )
    return sorted(wanted), []


def asked_codes(dossier: Dossier) -> set[str]:
    """The criteria on which this dossier is scored."""
    if dossier.season.rubric is None:
        return set()
    rules = rules_of(dossier.season.rubric)
    try:
        return {c.code for c in rules.leaves(queries.set_of(dossier, rules))}
    except NoSet:
        return set()


def refusals(seat: Seat, dossier: Dossier, more: set[str]) -> list[str]:
    """Why this cell cannot change; `more` are the criteria that would be added."""
    names = {"name": seat, "dossier": dossier.number}
    if dossier.stage not in (Stage.ELIGIBLE, Stage.SCORING):
        return [_("Scoring of %(dossier)s is closed.") % names]
    barred, silent = barred_pairs([seat], [dossier])
    if barred:
        return [_("%(name)s must not score %(dossier)s: a conflict of interest stands against it.") % names]
    if seat.standing.filter(dossier=dossier).exists():
        return [_("%(name)s has signed the sheet for %(dossier)s.") % names]
    if silent and more:
        return [
            ngettext(
                "%(name)s has not declared interests about %(dossier)s yet; the criterion can be assigned afterwards.",
                "%(name)s has not declared interests about %(dossier)s yet; criteria can be assigned afterwards.",
                len(more),
            )
            % names
        ]
    return []
