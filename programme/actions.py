"""Seasons and rubrics."""

import json
from collections.abc import Collection
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.db import transaction
from django.db.models import ProtectedError
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core import audit
from core.canonical import canonical, digest
from core.errors import Refused
from programme import rubric_file, standing_texts, windows, yearly
from programme.models import Criterion, Rubric, Season
from programme.validity import era_of
from reference.models import Sector


@transaction.atomic
def load_rubric(*, document: dict[str, Any], by: Any, at: datetime) -> tuple[Rubric, bool]:
    """A judged document becomes a rubric with its criteria; the same content gives the same rubric.

    Returns the rubric and whether it is new. Raises rubric_file.UnsoundRubric.
    """
    rules = rubric_file.judge(document)
    _refuse_unknown_sectors(rules)
    found = Rubric.objects.filter(code=rules.code, digest=digest(document)).first()
    if found:
        return found, False
    rubric = Rubric.objects.create(
        code=rules.code,
        title_vi=document["title_vi"],
        title_en=document["title_en"],
        is_proposal=document["status"] != "law",
        status_note=document.get("status_note", ""),
        content=_plain(document),
        digest=digest(document),
        loaded_at=at,
    )
    nodes: dict[str, Criterion] = {}
    for position, rule in enumerate(rules.criteria, start=1):
        nodes[rule.code] = Criterion.objects.create(
            rubric=rubric,
            parent=nodes.get(rule.parent),
            code=rule.code,
            label_vi=rule.label_vi,
            label_en=rule.label_en,
            max_points=rule.max_points,
            position=position,
            is_leaf=rule.is_leaf,
        )
    audit.record("rubric.loaded", rubric, by=by, at=at, digest=rubric.digest)
    return rubric, True


def _refuse_unknown_sectors(rules: rubric_file.RubricRules) -> None:
    """A set for a sector that does not exist would never be chosen."""
    named = {sector for one in rules.sets for sector in one.sectors}
    unknown = named - set(Sector.objects.filter(code__in=named).values_list("code", flat=True)) if named else set()
    problems = [
        rubric_file.Problem(
            rubric_file.Place("set", {"code": one.code}, ("sets", number, "sectors")),
            "sector_unknown",
            {"group": sector},
        )
        for number, one in enumerate(rules.sets)
        for sector in one.sectors
        if sector in unknown
    ]
    if problems:
        raise rubric_file.UnsoundRubric(problems)


def _plain(document: dict[str, Any]) -> Any:
    """Numbers as the digest saw them: what the database returns hashes to the same digest."""
    return json.loads(canonical(document))


@transaction.atomic
def plan_season(
    *, by: Any, at: datetime, year: int, last: Season | None = None, kept: Collection[str] = (), **facts: Any
) -> Season:
    """A new season, set up from `last` where there is one.

    Raises Refused when the year has a season, when windows overlap, when a date lies far from the year or still in
    the season of `last`, and for each text that still names that year, unless its key is in `kept`: the places where
    the person said that the year is meant.
    """
    if Season.objects.filter(year=year).exists():
        raise Refused(_("The season of %(year)s exists already.") % {"year": year})
    _refuse_far_dates(year, facts)
    _refuse_overlap(facts)
    if last is not None:
        reasons = list(dates_left_over(last, year, facts).values())
        reasons += [said(found) for found in texts_left_over(last) if found.key not in kept]
        if reasons:
            raise Refused(reasons)
    facts.setdefault("validity_months", era_of(year).months)
    season, is_new = Season.objects.get_or_create(year=year, defaults=facts)
    if not is_new:  # two sent the form at once
        raise Refused(_("The season of %(year)s exists already.") % {"year": year})
    detail: dict[str, Any] = {"last": last.year} if last is not None else {}
    audit.record("season.planned", season, by=by, at=at, **detail, **({"kept": sorted(kept)} if kept else {}))
    return season


def dates_left_over(last: Season, year: int, facts: dict[str, Any]) -> dict[str, str]:
    """The terms that still belong to the season of `last`, each with the sentence that says so."""
    years, found = year - last.year, {}
    for name in windows.MOMENTS:
        before, now = getattr(last, name), facts.get(name)
        if before is not None and now is not None and yearly.is_left_over(before, now, years):
            values = {"date": date_format(timezone.localtime(now), "SHORT_DATE_FORMAT"), "year": last.year}
            found[name] = _("%(date)s was left over from the season of %(year)s.") % values
    number = facts.get("plan_number", "")
    if number and (number == last.plan_number or any(yearly.mentions(number, last.year))):
        values = {"number": number, "year": last.year}
        found["plan_number"] = _("“%(number)s” is a number of the season of %(year)s.") % values
    return found


def texts_left_over(last: Season) -> list[standing_texts.LeftOver]:
    """The standing texts of the rooms that still name the year of `last`."""
    return standing_texts.left_over(last.year)


def said(found: standing_texts.LeftOver) -> str:
    return _("%(place)s still names last year: “%(words)s”.") % {"place": found.place, "words": found.words}


@transaction.atomic
def change_season(*, season: Season, by: Any, at: datetime, reason: str = "", **facts: Any) -> Season:
    """Change dates or terms. Raises Refused once the season is decided, and when windows would overlap."""
    season = Season.objects.select_for_update().get(pk=season.pk)
    if season.decided_at is not None:
        raise Refused(_("The season of %(year)s is decided; its terms cannot change.") % {"year": season.year})
    changed = {n: [str(getattr(season, n)), str(v)] for n, v in facts.items() if getattr(season, n) != v}
    _refuse_far_dates(season.year, {name: facts[name] for name in changed})
    for name, value in facts.items():
        setattr(season, name, value)
    _refuse_overlap({name: getattr(season, name) for name in windows.MOMENTS})
    season.save()
    if changed:
        audit.record("season.changed", season, by=by, at=at, changed=changed, **({"reason": reason} if reason else {}))
    return season


@transaction.atomic
def publish_season(*, season: Season, by: Any, at: datetime) -> Season:
    """The plan is public: from now on visitors read of the season before its registration opens."""
    season = Season.objects.select_for_update().get(pk=season.pk)
    if not season.plan_number:
        raise Refused(_("Enter the number of the plan before the season is published."))
    if season.published_at is None:
        season.published_at = at
        season.save(update_fields=["published_at"])
        audit.record("season.published", season, by=by, at=at, plan=season.plan_number)
    return season


@transaction.atomic
def delete_season(*, season: Season, by: Any, at: datetime) -> None:
    """A planned season that nobody has used goes without a trace but the audit event. Raises Refused otherwise."""
    found = Season.objects.select_for_update().filter(pk=season.pk).first()
    if found is None:
        raise Refused(_("The season of %(year)s is deleted already.") % {"year": season.year})
    season = found
    if season.is_public(at) or season.rubric_id is not None or season.decided_at is not None:
        raise Refused(_("The season of %(year)s is public; it stays.") % {"year": season.year})
    audit.record("season.deleted", season, by=by, at=at)
    try:
        season.delete()
    except ProtectedError as error:
        raise Refused(_("The season of %(year)s has been used; it stays.") % {"year": season.year}) from error


@transaction.atomic
def end_scoring(*, season: Season, by: Any, at: datetime) -> None:
    """The session is closed before its last day: scoring ended now."""
    season = Season.objects.select_for_update().get(pk=season.pk)
    if season.scoring_begins_at < at < season.scoring_closes_at:
        change_season(season=season, scoring_closes_at=at, by=by, at=at)


def _refuse_far_dates(year: int, facts: dict[str, Any]) -> None:
    """A typing mistake in the year of a date is told: a season lies within a year of its own."""
    far = [value for value in facts.values() if isinstance(value, datetime) and abs(value.year - year) > 1]
    if far:
        raise Refused(
            _("The date %(date)s does not belong to the season of %(year)s.")
            % {"date": date_format(far[0], "SHORT_DATE_FORMAT"), "year": year}
        )


def _refuse_overlap(facts: dict[str, Any]) -> None:
    found = [follows_in_words(later, earlier) for later, earlier in windows.out_of_order(facts)]
    if found:
        raise Refused(found)


def follows_in_words(later: str, earlier: str) -> str:
    """Why a moment cannot stand where it stands."""
    names = {n: str(Season._meta.get_field(n).verbose_name) for n in (later, earlier)}  # type: ignore[union-attr]
    words = {n: name[:1].upper() + name[1:] for n, name in names.items()}
    sentence = _("“%(later)s” must be after “%(earlier)s”.")
    if dict(windows.ORDER)[later]:
        sentence = _("“%(later)s” cannot be before “%(earlier)s”.")
    return sentence % {"later": words[later], "earlier": words[earlier]}


@transaction.atomic
def publish_rubric(*, season: Season, rubric: Rubric, by: Any, at: datetime, kept: Collection[str] = ()) -> Rubric:
    """The season publishes its criteria; from now on they cannot change.

    Raises Refused when the season has published its rubric already, scoring has opened, the content no longer has
    its digest, and for each place that still names last year unless its key is in `kept`.
    """
    season = Season.objects.select_for_update().get(pk=season.pk)
    if season.rubric_id is not None and season.rubric_id != rubric.pk:
        raise Refused(_("The season of %(year)s has published its criteria already.") % {"year": season.year})
    if season.rubric_id is None and at >= season.scoring_begins_at:
        raise Refused(
            _("Scoring opened at %(moment)s; criteria are published before it or not at all.")
            % {"moment": date_format(timezone.localtime(season.scoring_begins_at), "SHORT_DATETIME_FORMAT")}
        )
    if digest(rubric.content) != rubric.digest:
        raise Refused(_("The content of these criteria does not have the digest it was loaded with."))
    if season.rubric_id is None:
        left = [found for found in standing_texts.left_over_in(rubric, season.year - 1) if found.key not in kept]
        if left:
            raise Refused([said(found) for found in left])
        season.rubric, season.rubric_published_at = rubric, at
        season.published_at = season.published_at or at  # whoever reads the criteria reads of the season
        season.save(update_fields=["rubric", "rubric_published_at", "published_at"])
        Rubric.objects.filter(pk=rubric.pk, published_at=None).update(published_at=at)
        rubric.refresh_from_db()
        audit.record("rubric.published", rubric, by=by, at=at, season=season.year, digest=rubric.digest)
    return rubric


@transaction.atomic
def close_season(*, season: Season, by: Any, at: datetime) -> None:
    """The decision was recorded; called by it."""
    Season.objects.filter(pk=season.pk, decided_at=None).update(decided_at=at)
    season.refresh_from_db()
    audit.record("season.closed", season, by=by, at=at)


@lru_cache(maxsize=16)
def _rules_of(pk: int, digest_: str) -> rubric_file.RubricRules:
    return rubric_file.judge(Rubric.objects.get(pk=pk).content)


def rules_of(rubric: Rubric) -> rubric_file.RubricRules:
    """The exact rules of a stored rubric, kept in memory by its digest."""
    return _rules_of(rubric.pk, rubric.digest)
