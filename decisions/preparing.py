"""A signed decision is entered, with nothing of it public: first step of three (see decisions.release)."""

import hmac
from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.access import require
from certificates import paper
from core import audit
from core.errors import Refused
from decisions.models import CommentReport, PreparedDecision
from dossiers import workflow
from dossiers.models import Dossier, Stage
from enterprises.models import Enterprise
from evaluations import guards, queries
from evaluations.models import Result
from programme.models import Season
from registry import corrections
from registry.actions import add_months
from registry.models import Decision, Recognition

State = PreparedDecision.State
# Our own rule: nobody waits longer, and one wrong digit of the year would block the season.
LONGEST_EMBARGO = timedelta(days=366)


@transaction.atomic
def prepare_decision(
    *,
    season: Season,
    number: str,
    signed_date: date,
    signer_name: str,
    signer_position: str,
    left_out: Collection[int] = (),
    release_at: datetime | None = None,
    by: Any,
    at: datetime,
) -> PreparedDecision:
    """Enter the signed decision; nothing of it is public. Dossiers that pass are recognised, except those left out.

    Raises Refused with every reason: comments open or unreported, a dossier left behind, a wrong date or number.
    """
    require(by, "decisions.decide")
    season = Season.objects.select_for_update(of=("self",)).get(pk=season.pk)
    if closed := guards.sees_the_whole_season(by, season):
        raise Refused(closed)
    run = queries.latest_run(season)
    reasons = _against_dates(signed_date, release_at, at) + _against_number(number, signed_date)
    if season.comment_opens_at is not None and signed_date < timezone.localdate(season.comment_opens_at):
        reasons.append(_("The day of signing lies before the publication of the list."))
    reasons += _against_preparing(season)
    dossiers = waiting(season)
    if not dossiers:
        reasons.append(_("No dossier awaits a decision."))
    if run is not None:
        reasons += guards.nobody_is_left_behind(season, run)
    for dossier in dossiers:
        reasons += workflow.blockers(dossier, "recognise", by=by, at=at)
    if not CommentReport.objects.filter(season=season).exists():
        reasons.append(_("Close the public comment with its report first."))
    if reasons or run is None:
        raise Refused(dict.fromkeys(reasons) or [_("The result has not been computed yet.")])
    passing = set(Result.objects.filter(run=run, passes=True).values_list("dossier_id", flat=True))
    if not passing - set(left_out):
        raise Refused(_("A decision must name at least one product."))
    if faults := _unprintable(dossiers, signer_name, signer_position):
        raise Refused(faults)
    prepared = PreparedDecision.objects.create(
        season=season,
        run=run,
        result_digest=run.result_digest,
        number=number,
        signed_date=signed_date,
        signer_name=signer_name,
        signer_position=signer_position,
        said={"left_out": sorted(passing & set(left_out))},
        release_at=release_at,
        prepared_at=at,
        prepared_by=by,
    )
    return note("decision.prepared", prepared, by, at, result_digest=run.result_digest)


@transaction.atomic
def prepare_correction(
    *,
    corrects: Decision,
    number: str,
    signed_date: date,
    signer_name: str,
    signer_position: str,
    reason: str,
    changes: Sequence[dict[str, Any]],
    release_at: datetime | None = None,
    by: Any,
    at: datetime,
) -> PreparedDecision:
    """Enter a decision that corrects a released one. `changes` name a recognition each: `recognition`, `change`, and
    what is new (`product_name_vi`, …, `maker` as tax code, `valid_to` as ISO date). Raises Refused."""
    season = Season.objects.select_for_update(of=("self",)).filter(year=corrects.season_year).first()
    if season is None:
        raise Refused(_("The registry knows no season %(year)s.") % {"year": corrects.season_year})
    require(by, "decisions.decide")
    if closed := guards.sees_the_whole_season(by, season):
        raise Refused(closed)
    run = queries.latest_run(season)
    said = [_read_change(change) for change in changes]
    found = {c.recognition.pk: c.recognition for c in said}
    reasons = _against_dates(signed_date, release_at, at) + _against_number(number, signed_date)
    reasons += _against_preparing(season) + corrections.reasons_against(corrects, said, found, reason, signed_date)
    for one in said:
        new = (one.product_name_vi, one.product_name_en, one.enterprise_name_vi, one.enterprise_name_en)
        reasons += [sentence for name in new for sentence in paper.unprintable(name)]
        reasons += _against_period(one, signed_date, season)
    if run is None:
        reasons.append(_("The result has not been computed yet."))
    if reasons or run is None:
        raise Refused(dict.fromkeys(reasons))
    prepared = PreparedDecision.objects.create(
        season=season,
        corrects=corrects,
        run=run,
        result_digest=run.result_digest,
        number=number,
        signed_date=signed_date,
        signer_name=signer_name,
        signer_position=signer_position,
        said={"reason": reason.strip(), "changes": list(changes)},
        release_at=release_at,
        prepared_at=at,
        prepared_by=by,
    )
    return note("correction.prepared", prepared, by, at, corrects=corrects.number)


def _unprintable(dossiers: Sequence[Dossier], *more: str) -> list[str]:
    """What the letters of the certificate cannot print, said before anything is decided."""
    names = list(more)
    for dossier in dossiers:
        product = dossier.product
        names += [product.name_vi, product.name_en, product.enterprise.name_vi, product.enterprise.name_en]
    return list(dict.fromkeys(sentence for name in names for sentence in paper.unprintable(name)))


def _read_change(change: dict[str, Any]) -> corrections.Correction:
    names = ("product_name_vi", "product_name_en", "enterprise_name_vi", "enterprise_name_en")
    maker, last = change.get("maker"), change.get("valid_to")
    return corrections.Correction(
        recognition=Recognition.ever.select_related("product__enterprise").get(pk=change["recognition"]),
        change=change["change"],
        **{name: str(change.get(name) or "").strip() for name in names},
        maker=Enterprise.objects.filter(tax_code=maker).first() if maker else None,
        valid_to=date.fromisoformat(last) if last else None,
    )


def _against_period(said: corrections.Correction, signed_date: date, season: Season) -> list[str]:
    """A renewal begins when the recognition ends, or on the day of signing when that is later, and lasts one period
    of the season's rule at the most."""
    if said.change != Recognition.Change.RENEWAL or said.valid_to is None:
        return []
    last = add_months(max(said.recognition.valid_to, signed_date), season.validity_months)
    if signed_date < said.valid_to <= last:
        return []
    return [
        _("A renewal lasts at most %(months)s months: it ends between %(first)s and %(last)s.")
        % {"months": season.validity_months, "first": f"{signed_date:%d/%m/%Y}", "last": f"{last:%d/%m/%Y}"}
    ]


def _against_dates(signed_date: date, release_at: datetime | None, at: datetime) -> list[str]:
    reasons = []
    if signed_date > timezone.localdate(at):
        reasons.append(_("The day of signing lies in the future."))
    if release_at is not None and release_at <= at:
        reasons.append(_("The hour of the release lies in the past. Leave it empty to release on confirmation."))
    if release_at is not None and release_at > at + LONGEST_EMBARGO:
        reasons.append(_("The hour of the release lies more than a year ahead. Look at its date once more."))
    return reasons


def _against_number(number: str, signed_date: date) -> list[str]:
    same = {"number": number, "signed_date": signed_date}
    if Decision.objects.filter(**same).exists():
        return [_("A decision with this number and date is recorded already.")]
    if PreparedDecision.objects.filter(**same, state__in=PreparedDecision.OPEN).exists():
        return [_("A decision with this number and date is being prepared already, in this season or another.")]
    return []


def _against_preparing(season: Season) -> list[str]:
    open_one = PreparedDecision.objects.filter(season=season, state__in=PreparedDecision.OPEN).first()
    if open_one is None:
        return []
    return [_("Decision %(number)s is being prepared already. Release or withdraw it first.") % {"number": open_one}]


def waiting(season: Season) -> list[Dossier]:
    """The dossiers that the decision of this season recognises or not."""
    found = Dossier.objects.filter(season=season, stage=Stage.PUBLIC_COMMENT)
    return list(found.select_related("season", "product__enterprise__ward"))


@transaction.atomic
def withdraw_decision(
    *, prepared: PreparedDecision, seen: str, reason: str, by: Any, at: datetime
) -> PreparedDecision:
    """Take back the decision that was on the page (`seen`) and is not released yet. Raises Refused without a reason,
    or when it is released."""
    prepared = PreparedDecision.objects.select_for_update().get(pk=prepared.pk)
    require(by, "decisions.withdraw", prepared)
    reasons = against_unseen(prepared, seen)
    if prepared.state not in PreparedDecision.OPEN:
        reasons.append(_("This decision is %(state)s already.") % {"state": prepared.get_state_display().lower()})
    if not reason.strip():
        reasons.append(_("Say why it is withdrawn."))
    if reasons:
        raise Refused(reasons)
    prepared.state, prepared.withdrawn_at = State.WITHDRAWN, at
    prepared.withdrawn_by_name, prepared.withdrawn_reason = str(by), reason.strip()
    prepared.save(update_fields=["state", "withdrawn_at", "withdrawn_by_name", "withdrawn_reason"])
    return note("decision.withdrawn", prepared, by, at, reason=prepared.withdrawn_reason)


def against_unseen(prepared: PreparedDecision, seen: str) -> list[str]:
    """Whoever decides about it has seen exactly this decision."""
    if hmac.compare_digest(seen.encode(), prepared.digest().encode()):
        return []
    return [_("Another decision has been prepared since you opened the page. Read this one before you go on.")]


def note(act: str, prepared: PreparedDecision, by: Any, at: datetime, **detail: Any) -> PreparedDecision:
    """Into the audit log, with the season and the hour."""
    hour = prepared.release_at.isoformat() if prepared.release_at else ""
    audit.record(act, prepared, by=by, at=at, season=prepared.season.year, release_at=hour, **detail)
    return prepared


def changes_of(prepared: PreparedDecision) -> list[corrections.Correction]:
    """What a prepared correction says of each recognition; nothing for a decision that recognises."""
    return [_read_change(change) for change in prepared.said.get("changes", [])]
