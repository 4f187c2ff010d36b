"""The set-up of a season at the Department's desk."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import can, require
from core import clock
from core.errors import Refused
from programme import actions, comparing, rubric_words, standing_texts
from programme.forms import PublishForm, SeasonForm
from programme.gantt import gantt_of
from programme.models import Criterion, Rubric, Season

REFUSED = 409


@dataclass(frozen=True)
class Criteria:
    """A rubric as the page shows it; a draft comes with the form that publishes it."""

    rubric: Rubric
    rows: Sequence[Criterion]
    rules: Sequence[str]
    form: PublishForm | None = None
    is_open: bool = False
    changes: Sequence[comparing.RubricRow] | None = None
    left: Sequence[standing_texts.LeftOver] = ()


@require_http_methods(["GET", "HEAD", "POST"])
def season_desk(request: HttpRequest, year: int) -> HttpResponse:
    """Dates, terms, criteria, and the ways to the other pages of the season."""
    require(request.user, "programme.see_desk")
    season = get_object_or_404(Season.objects.select_related("rubric"), year=year)
    if request.method != "POST":
        return _season_page(request, season, form=SeasonForm(initial=SeasonForm.terms_of(season)))
    require(request.user, "programme.plan")
    form = SeasonForm(request.POST)
    if not form.is_valid():
        return _season_page(request, season, form=form)
    try:
        actions.change_season(season=season, by=request.user, at=timezone.now(), **form.cleaned_data)
    except Refused as refusal:
        season.refresh_from_db()
        return _season_page(request, season, form=form, reasons=refusal.reasons, status=REFUSED)
    messages.success(request, _("The terms of the season are saved."))
    return redirect("programme:season_desk", year)


@require_POST
def publish_rubric(request: HttpRequest, year: int) -> HttpResponse:
    """The season publishes its criteria. Cannot be undone, so it takes a tick."""
    require(request.user, "programme.publish_rubric")
    season = get_object_or_404(Season.objects.select_related("rubric"), year=year)
    publish = PublishForm(request.POST)
    terms = SeasonForm(initial=SeasonForm.terms_of(season))
    if not publish.is_valid():
        return _season_page(request, season, form=terms, publish=publish)
    rubric = publish.cleaned_data["rubric"]
    try:
        kept = request.POST.getlist("kept")
        actions.publish_rubric(season=season, rubric=rubric, kept=kept, by=request.user, at=clock.database_now())
    except Refused as refusal:
        season = Season.objects.select_related("rubric").get(pk=season.pk)
        return _season_page(request, season, form=terms, reasons=refusal.reasons, status=REFUSED)
    messages.success(request, _("The criteria of %(year)s are published.") % {"year": season.year})
    return redirect("programme:season_desk", year)


def _season_page(
    request: HttpRequest,
    season: Season,
    *,
    form: SeasonForm,
    publish: PublishForm | None = None,
    reasons: Sequence[str] = (),
    status: int = 200,
) -> HttpResponse:
    at = timezone.now()
    may_plan = can(request.user, "programme.plan") and season.decided_at is None
    last, now = comparing.before(season.year), SeasonForm.terms_of(season)
    context = {
        "season": season,
        "phase": season.phase(at),
        "phase_name": Season.Phase(season.phase(at)).label,
        "line": _line(season, at),
        "gantt": gantt_of(season, at),
        "last": last,
        "year_before": str(season.year - 1),
        "changes": [row for row in comparing.term_rows(last, season.year, now) if row.state != "kept"] if last else [],
        "may_publish_plan": may_plan and season.published_at is None and can(request.user, "programme.publish_plan"),
        "may_delete": may_plan and season.rubric_id is None and not season.is_public(at),
        "may_move_scoring": can(request.user, "programme.move_scoring") and season.decided_at is None,
        "form": form,
        "terms": _terms(season),
        "publish": publish,
        "may_plan": may_plan,
        "may_publish": can(request.user, "programme.publish_rubric") and season.decided_at is None,
        "drafts": _drafts(season, publish, last),
        "published": _shown(season.rubric, season=season, last=last) if season.rubric else None,
        "links": _links(season, request.user),
        "others": Season.objects.exclude(pk=season.pk).order_by("-year"),
        "reasons": reasons,
    }
    return render(request, "programme/season_desk.html", context, status=status)


def _shown(
    rubric: Rubric,
    form: PublishForm | None = None,
    *,
    season: Season,
    last: Season | None,
    is_open: bool = False,
) -> Criteria:
    rows = sorted(rubric.criteria.all(), key=lambda criterion: criterion.position)
    changes = comparing.rubric_rows(last.rubric if last else None, rubric)
    left = standing_texts.left_over_in(rubric, season.year - 1) if form else []
    return Criteria(rubric, rows, _rules(rubric), form, is_open, changes, left)


def _drafts(season: Season, publish: PublishForm | None, last: Season | None) -> list[Criteria]:
    """What the season could publish: drafts, and criteria that another season has published."""
    if season.rubric_id is not None:
        return []
    chosen = publish.data.get("rubric") if publish else None
    rubrics = Rubric.objects.filter(Q(published_at=None) | Q(seasons__isnull=False)).distinct()
    drafts = []
    for rubric in rubrics.prefetch_related("criteria").order_by("-loaded_at"):
        is_open = str(rubric.pk) == chosen
        prefix = f"rubric-{rubric.pk}"
        form = publish if publish and is_open else PublishForm(initial={"rubric": rubric.pk})
        form.auto_id = f"id_{prefix}_%s"
        drafts.append(_shown(rubric, form, season=season, last=last, is_open=is_open))
    return drafts


def _line(season: Season, at: datetime) -> list[tuple[str, str, str]]:
    """The phases as a line: what is done, where the season stands, what comes."""
    phases = [Season.Phase.REGISTRATION, Season.Phase.EVALUATION, Season.Phase.COMMENT, Season.Phase.DECISION]
    now = season.phase(at)
    order = [Season.Phase.PLANNED, *phases, Season.Phase.CLOSED]
    notes = {
        Season.Phase.REGISTRATION: _span(season.registration_opens_at, season.registration_closes_at),
        Season.Phase.EVALUATION: _span(season.scoring_begins_at, season.scoring_closes_at),
        Season.Phase.COMMENT: _span(season.comment_opens_at, season.comment_closes_at),
        Season.Phase.DECISION: _day(season.decided_at) if season.decided_at else "",
    }
    names = {Season.Phase.DECISION: pgettext("season", "Decision")}
    steps = []
    for phase in phases:
        state = "done" if order.index(phase) < order.index(now) else "current" if phase == now else "todo"
        steps.append((str(names.get(phase, phase.label)), state, notes[phase]))
    return steps


def _terms(season: Season) -> list[tuple[str, str]]:
    """Every term in words, for those who may not change them."""
    rows = []
    for name, label in ((name, field.label) for name, field in SeasonForm().fields.items()):
        value = getattr(season, name)
        if isinstance(value, datetime):
            value = date_format(timezone.localtime(value), "SHORT_DATETIME_FORMAT")
        elif isinstance(value, Decimal):
            whole = value == value.to_integral_value()
            value = number_format(value, decimal_pos=0 if whole else None, use_l10n=True, force_grouping=True)
        rows.append((str(label), str(value) if value not in (None, "") else "–"))
    return rows


def _day(moment: datetime | None) -> str:
    return date_format(timezone.localtime(moment), "SHORT_DATE_FORMAT") if moment else "–"


def _span(first: datetime | None, last: datetime | None) -> str:
    return f"{_day(first)} – {_day(last)}" if first and last else _("no dates yet")


def _links(season: Season, user: Any) -> list[tuple[str, str, str]]:
    """The other pages of the season that this person may open. They live to the right of this app, so pages and
    rules are named, not imported."""
    year = [season.year]
    pages = [
        ("dossiers:desk_all", [], "dossiers.work_list", _("Dossiers"), _("the worklist of the Department")),
        ("evaluations:council", year, "evaluations.run_session", _("Council"), _("members and their interests")),
        ("evaluations:progress", year, "evaluations.see_progress", _("Scoring progress"), _("sheets signed")),
        ("evaluations:ranking", year, "evaluations.see_ranking", _("Ranking"), _("after the session is closed")),
        ("decisions:comments", year, "registry.read_comments", _("Public comment"), _("publish, read, answer")),
        ("decisions:decision", year, "evaluations.see_ranking", _("Decision"), _("record what was signed")),
        ("decisions:certificates", year, "certificates.see_book", _("Certificates"), _("papers and register")),
    ]
    found = []
    for name, args, rule, label, note in pages:
        try:
            if can(user, rule):
                address = reverse(name, args=args)
                found.append((address if args else f"{address}?season={season.year}", label, note))
        except (NoReverseMatch, LookupError):
            continue
    return found


def _rules(rubric: Rubric) -> list[str]:
    """When a product passes, and how ties are broken, in sentences."""
    rules = actions.rules_of(rubric)
    said = rubric_words.pass_sentences(rules)
    steps = rubric_words.tie_steps(rules)
    if steps:
        said.append(_("Equal totals are decided by: %(steps)s.") % {"steps": " → ".join(steps)})
    return [*said, rubric_words.cut_sentence(rules)]
