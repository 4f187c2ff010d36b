"""The record of an enterprise and its sites. What changed stands in the audit log, old and new."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.access import require
from core import audit
from core.errors import Refused
from enterprises import notices, tax_code
from enterprises.models import Enterprise, NotDuplicate, Site


@transaction.atomic
def correct_record(
    *, enterprise: Enterprise, by: Any, at: datetime, note: str = "", **facts: Any
) -> dict[str, list[str]]:
    """Change facts of the record; the tax code stays. Gives old and new of those that changed."""
    changed = _write(enterprise, facts)
    if changed:
        said = {"note": note} if note else {}
        audit.record("enterprise.corrected", enterprise, by=by, at=at, changed=changed, **said)
    return changed


@transaction.atomic
def correct_by_department(
    *, enterprise: Enterprise, reason: str, by: Any, at: datetime, **facts: Any
) -> dict[str, list[str]]:
    """The Department corrects a record and says why; whoever signs for the enterprise is told by letter."""
    require(by, "enterprises.correct_by_department", enterprise)
    reason = reason.strip()
    if not reason:
        raise Refused(_("Say in a few words why the record is corrected; the enterprise reads it."))
    changed = correct_record(enterprise=enterprise, by=by, at=at, note=reason, **facts)
    if changed:
        notices.corrected_by_department(enterprise, changed, reason, by=by, at=at)
    return changed


@transaction.atomic
def add_site(*, enterprise: Enterprise, by: Any, at: datetime, **facts: Any) -> Site:
    """Where the enterprise works beside its head office."""
    require(by, "enterprises.correct", enterprise)
    _check_code(enterprise, facts.get("tax_code", ""), None)
    site = Site.objects.create(enterprise=enterprise, since=at, **facts)
    audit.record("enterprise.site_added", enterprise, by=by, at=at, site=str(site), address=site.address_vi)
    return site


@transaction.atomic
def change_site(*, site: Site, by: Any, at: datetime, **facts: Any) -> Site:
    site = _locked(site, by)
    _check_code(site.enterprise, facts.get("tax_code", site.tax_code), site)
    changed = _write(site, facts)
    if changed:
        audit.record("enterprise.site_changed", site.enterprise, by=by, at=at, site=str(site), changed=changed)
    return site


@transaction.atomic
def end_site(*, site: Site, by: Any, at: datetime) -> Site:
    """The enterprise no longer works there; the row stays as history."""
    site = _locked(site, by)
    site.ended_at = at
    site.save(update_fields=["ended_at"])
    audit.record("enterprise.site_ended", site.enterprise, by=by, at=at, site=str(site), address=site.address_vi)
    return site


@transaction.atomic
def note_not_duplicate(*, first: Enterprise, second: Enterprise, note: str, by: Any, at: datetime) -> NotDuplicate:
    """Two records look alike and are two enterprises; the list shows the pair no more."""
    require(by, "enterprises.judge_duplicates")
    if first.pk == second.pk:
        raise Refused(_("An enterprise is not compared with itself."))
    if not note.strip():
        raise Refused(_("Say in a few words why these are two enterprises."))
    first, second = sorted((first, second), key=lambda e: e.pk)
    noted, new = NotDuplicate.objects.get_or_create(
        first=first, second=second, defaults={"note": note.strip(), "noted_by_name": str(by)[:200], "noted_at": at}
    )
    if not new:
        raise Refused(_("%(person)s noted this already.") % {"person": noted.noted_by_name})
    audit.record("enterprise.not_duplicate", first, by=by, at=at, other=str(second), note=noted.note)
    return noted


@transaction.atomic
def take_back_not_duplicate(*, noted: NotDuplicate, by: Any, at: datetime) -> None:
    """The judgement was wrong: the pair stands on the list again. What was noted stays in the audit log."""
    require(by, "enterprises.judge_duplicates")
    row = NotDuplicate.objects.select_for_update(of=("self",)).select_related("first", "second").filter(pk=noted.pk)
    found = row.first()
    if found is None:
        raise Refused(_("This was taken back already."))
    audit.record("enterprise.duplicate_again", found.first, by=by, at=at, other=str(found.second), note=found.note)
    found.delete()


def _locked(site: Site, by: Any) -> Site:
    row = Site.objects.select_for_update(of=("self",)).select_related("enterprise", "ward", "zone").get(pk=site.pk)
    require(by, "enterprises.correct", row.enterprise)
    if row.ended_at is not None:
        raise Refused(_("This site was ended already; it stays as history."))
    return row


def _check_code(enterprise: Enterprise, code: str, site: Site | None) -> None:
    if not code:
        return
    if tax_code.legal_entity(code) != enterprise.tax_code or len(code) == len(enterprise.tax_code):
        raise Refused(
            _("The tax code of a dependent unit begins with the enterprise's own %(code)s and has three more digits.")
            % {"code": enterprise.tax_code}
        )
    twins = enterprise.sites.filter(tax_code=code, ended_at=None)
    if (twins.exclude(pk=site.pk) if site is not None else twins).exists():
        raise Refused(_("Another site of the enterprise has this tax code."))


def _write(row: Enterprise | Site, facts: dict[str, Any]) -> dict[str, list[str]]:
    """Save the facts; gives old and new of those that changed, in words."""
    before = {name: _word(row, name) for name in facts}
    for name, value in facts.items():
        setattr(row, name, value)
    changed = {name: [before[name], _word(row, name)] for name in facts if before[name] != _word(row, name)}
    if changed:
        row.save()
    return changed


def _word(row: Any, name: str) -> str:
    value = getattr(row, name)
    return "" if value is None else str(value)
