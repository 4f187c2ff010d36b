"""The rubric laboratory: nothing here is saved, nothing changes a result."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from accounts.access import require
from analysis import laboratory
from analysis.laboratory import Facts, Group, Move, Trial, Unknown
from analysis.laboratory_forms import ChoiceForm, TrialForm
from core.templatetags.ui import in_language
from dossiers.wall import barred_ids
from evaluations import scoring
from evaluations.models import Result, ResultRun
from evaluations.queries import ranking, scores_of
from programme import rubric_draft, rubric_file
from programme.actions import rules_of
from programme.models import Rubric, RubricDraft, Season
from programme.rubric_file import RubricRules

# Workers in industry, Decree 80/2021/NĐ-CP article 5; its limits of revenue and capital are left aside.
SIZES = ((10, "micro"), (100, "small"), (200, "medium"))


@dataclass(frozen=True)
class Row:
    """One dossier of the trial, with what the page says of it."""

    move: Move
    result: Result
    sector: str
    size: str
    before: Decimal
    after: Decimal


@dataclass(frozen=True)
class Bar:
    """A group with its mean change of rank as a bar from the middle of a picture of 200 units."""

    group: Group
    change: Decimal
    points: Decimal
    x: str
    width: str
    kind: str


@require_safe
def laboratory_page(request: HttpRequest) -> HttpResponse:
    """For those who plan the next season. Dossiers behind the viewer's wall are left out, before and after."""
    require(request.user, "analysis.try_weights")
    seasons = Season.objects.exclude(decided_at=None).filter(result_runs__isnull=False).distinct()
    years = list(seasons.order_by("-year").values_list("year", flat=True))
    if not years:
        return render(request, "analysis/laboratory.html", {"choice": None})
    asked = request.GET.get("season", "")
    year = int(asked) if asked.isdecimal() and len(asked) == 4 else years[0]
    if year not in years:
        raise Http404
    season = Season.objects.select_related("rubric").get(year=year)
    return render(request, "analysis/laboratory.html", _page(request, season, years))


def _page(request: HttpRequest, season: Season, years: list[int]) -> dict[str, Any]:
    assert season.rubric is not None
    rules = rules_of(season.rubric)
    run = ResultRun.objects.filter(season=season).order_by("-number").first()
    barred = barred_ids(request.user, season)
    results = [result for result in ranking(run) if result.dossier_id not in barred]
    sources = _sources()
    like, start, unknown = request.GET.get("like", ""), laboratory.old_trial(rules, season.top_places), ""
    if like in sources:
        try:
            start = laboratory.taken_from(rules, sources[like][1], season.top_places)
        except Unknown as error:
            unknown = ", ".join(error.codes)
    set_codes = sorted({result.set_code for result in results})
    is_tried = "m0" in request.GET
    form = TrialForm(rules, set_codes, start, request.GET if is_tried else None)
    choice = ChoiceForm(
        [(str(year), str(year)) for year in years],
        [(key, name) for key, (name, _rules) in sources.items()],
        initial={"season": season.year, "like": like},
    )
    context: dict[str, Any] = {
        "season": season,
        "choice": choice,
        "form": form,
        "like": like,
        "unknown": unknown,
        "hidden": len(results) < Result.objects.filter(run=run).count(),
        "is_empty": not results,
    }
    if results and (not is_tried or form.is_valid()):
        trial = form.trial() if is_tried else start
        context |= _found(rules, trial, season, results, only_moved=is_tried and form.cleaned_data["only_moved"])
    return context


def _sources() -> dict[str, tuple[str, RubricRules]]:
    """Criteria whose points can be tried: rubrics, and drafts that are sound."""
    found = {}
    for rubric in Rubric.objects.order_by("-loaded_at")[:20]:
        found[f"r{rubric.pk}"] = (f"{in_language(rubric, 'title')} ({rubric.digest[:8]})", rules_of(rubric))
    for draft in RubricDraft.objects.all()[:20]:
        try:
            rules = rubric_file.judge(rubric_draft.plain(draft.content))
        except rubric_file.UnsoundRubric:
            continue
        words = pgettext("laboratory", "draft: %(title)s") % {"title": draft}
        found[f"d{draft.pk}"] = (words, rules)
    return found


def _found(
    rules: RubricRules, trial: Trial, season: Season, results: list[Result], *, only_moved: bool
) -> dict[str, Any]:
    scores = scores_of(results, rules)
    facts = {result.dossier.number or "": _facts(result) for result in results}
    before = scoring.rank(scores, rules, season.top_places)
    after = laboratory.tried(rules, trial, scores, facts)
    found = laboratory.moves(before, after)
    known = {result.dossier.number or "": result for result in results}
    sectors = {number: str(in_language(r.dossier.product.sector, "name")) for number, r in known.items()}
    sizes = {number: size_of(r) for number, r in known.items()}
    turned, apart = laboratory.turned_pairs(found)
    return {
        "rows": [
            Row(
                move=move,
                result=known[move.dossier],
                sector=sectors[move.dossier],
                size=_size_names()[sizes[move.dossier]],
                before=scoring.rounded(move.before.score.total),
                after=scoring.rounded(move.after.score.total),
            )
            for move in found
            if move.is_moved or not only_moved
        ],
        "all": len(found),
        "moved": sum(move.ranks != 0 for move in found),
        "pass_gained": sum(move.passing > 0 for move in found),
        "pass_lost": sum(move.passing < 0 for move in found),
        "top_gained": sum(move.top > 0 for move in found),
        "top_lost": sum(move.top < 0 for move in found),
        "turned": turned,
        "apart": apart,
        "by_sector": _bars(laboratory.grouped(found, sectors, sorted(set(sectors.values())))),
        "by_size": _bars(_named(laboratory.grouped(found, sizes, list(_size_names())))),
        "is_old": trial == laboratory.old_trial(rules, season.top_places),
    }


def _facts(result: Result) -> Facts:
    ballots = (True,) * result.ballots_for + (False,) * (result.ballots - result.ballots_for)
    vote = getattr(result.dossier, "cut_vote", None)
    return Facts(ballots, (vote.in_favour, vote.against) if vote else None)


# --- groups -------------------------------------------------------------------------------------------
def size_of(result: Result) -> str:
    """By the workers of the enterprise as registered."""
    workers = result.dossier.enterprise.workers
    if workers is None:
        return "unknown"
    return next((name for limit, name in SIZES if workers <= limit), "large")


def _size_names() -> Mapping[str, str]:
    return {
        "micro": pgettext("size", "micro (up to 10 workers)"),
        "small": pgettext("size", "small (11 to 100 workers)"),
        "medium": pgettext("size", "medium (101 to 200 workers)"),
        "large": pgettext("size", "large (over 200 workers)"),
        "unknown": pgettext("size", "workers not given"),
    }


def _named(groups: list[Group]) -> list[Group]:
    return [Group(**{**vars(group), "name": _size_names()[group.name]}) for group in groups]


def _bars(groups: list[Group]) -> list[Bar]:
    widest = max((abs(group.rank_change) for group in groups), default=0) or 1
    found = []
    for group in groups:
        length = abs(group.rank_change) / widest * 95
        start = 100 if group.rank_change >= 0 else 100 - length
        kind = "rise" if group.rank_change > 0 else "fall" if group.rank_change < 0 else "same"
        change, points = scoring.rounded(group.rank_change, 1), scoring.rounded(group.point_change)
        found.append(Bar(group, change, points, f"{float(start):.1f}", f"{float(length):.1f}", kind))
    return found
