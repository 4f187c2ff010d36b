"""Seasons and rubrics."""

import json
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core import audit
from core.canonical import canonical, digest
from core.errors import Refused
from programme import rubric_file
from programme.models import Criterion, Rubric, Season


@transaction.atomic
def load_rubric(*, document: dict[str, Any], by: Any, at: datetime) -> tuple[Rubric, bool]:
    """A judged document becomes a rubric with its criteria; the same content gives the same rubric.

    Returns the rubric and whether it is new. Raises rubric_file.UnsoundRubric.
    """
    rules = rubric_file.judge(document)
    found = Rubric.objects.filter(code=rules.code, digest=digest(document)).first()
    if found:
        return found, False
    rubric = Rubric.objects.create(
        code=rules.code,
        title_vi=document["title_vi"],
        title_en=document["title_en"],
        is_proposal=document["status"] == "proposal",
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


def _plain(document: dict[str, Any]) -> Any:
    """Numbers as the digest saw them: what the database returns hashes to the same digest."""
    return json.loads(canonical(document))


@transaction.atomic
def plan_season(*, by: Any, at: datetime, year: int, **facts: Any) -> Season:
    """A new season. Raises Refused when the year has one."""
    if Season.objects.filter(year=year).exists():
        raise Refused(_("The season of %(year)s exists already.") % {"year": year})
    _refuse_far_dates(year, facts)
    season = Season.objects.create(year=year, **facts)
    audit.record("season.planned", season, by=by, at=at)
    return season


@transaction.atomic
def change_season(*, season: Season, by: Any, at: datetime, **facts: Any) -> Season:
    """Change dates or terms. Raises Refused once the season is decided."""
    season = Season.objects.select_for_update().get(pk=season.pk)
    if season.decided_at is not None:
        raise Refused(_("The season of %(year)s is decided; its terms cannot change.") % {"year": season.year})
    changed = {n: [str(getattr(season, n)), str(v)] for n, v in facts.items() if getattr(season, n) != v}
    _refuse_far_dates(season.year, {name: facts[name] for name in changed})
    for name, value in facts.items():
        setattr(season, name, value)
    season.save()
    if changed:
        audit.record("season.changed", season, by=by, at=at, changed=changed)
    return season


def _refuse_far_dates(year: int, facts: dict[str, Any]) -> None:
    """A typing mistake in the year of a date is told: a season lies within a year of its own."""
    far = [value for value in facts.values() if isinstance(value, datetime) and abs(value.year - year) > 1]
    if far:
        raise Refused(
            _("The date %(date)s does not belong to the season of %(year)s.")
            % {"date": date_format(far[0], "SHORT_DATE_FORMAT"), "year": year}
        )


@transaction.atomic
def publish_rubric(*, season: Season, rubric: Rubric, by: Any, at: datetime) -> Rubric:
    """The season publishes its criteria; from now on they cannot change.

    Raises Refused when the season has published its rubric already, or the content no longer has its digest.
    """
    season = Season.objects.select_for_update().get(pk=season.pk)
    if season.rubric_id is not None and season.rubric_id != rubric.pk:
        raise Refused(_("The season of %(year)s has published its criteria already.") % {"year": season.year})
    if digest(rubric.content) != rubric.digest:
        raise Refused(_("The content of these criteria does not have the digest it was loaded with."))
    if season.rubric_id is None:
        season.rubric = rubric
        season.save(update_fields=["rubric"])
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
