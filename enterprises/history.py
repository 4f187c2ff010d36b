"""What changed in the record of an enterprise and among its people, from the audit log, in words."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from core.models import AuditEvent
from enterprises.models import Enterprise, RepresentativeRole, Site

# More than this is read in the audit log itself.
MOST = 200


@dataclass(frozen=True)
class Line:
    """One fact: what it is called, what stood there, what stands there now."""

    name: str
    old: str
    new: str


@dataclass(frozen=True)
class Change:
    at: datetime
    title: str
    by: str
    kind: str
    lines: list[Line] = field(default_factory=list)
    note: str = ""


# Act: words and the colour of its dot.
_ACTS: dict[str, tuple[Any, str]] = {
    "enterprise.registered": (gettext_lazy("The enterprise was registered"), "ngoc"),
    "enterprise.recorded": (gettext_lazy("The Department recorded the enterprise"), "ngoc"),
    "enterprise.corrected": (gettext_lazy("The record was corrected"), "lam"),
    "enterprise.site_added": (gettext_lazy("A site was added"), "lam"),
    "enterprise.site_changed": (gettext_lazy("A site was changed"), "lam"),
    "enterprise.site_ended": (gettext_lazy("A site was ended"), "grey"),
    "representative.added": (gettext_lazy("A person acts for the enterprise"), "lam"),
    "representative.role_changed": (gettext_lazy("A role was changed"), "lam"),
    "representative.ended": (gettext_lazy("A person no longer acts for the enterprise"), "grey"),
    "invitation.sent": (gettext_lazy("An invitation was sent"), "grey"),
    "invitation.sent_again": (gettext_lazy("An invitation was sent again"), "grey"),
    "invitation.withdrawn": (gettext_lazy("An invitation was withdrawn"), "grey"),
    "join_request.made": (gettext_lazy("Somebody asked to act for the enterprise"), "ho"),
    "join_request.answered": (gettext_lazy("A request was answered"), "grey"),
}
# What only the Department reads.
_STAFF_ACTS: dict[str, tuple[Any, str]] = {
    "enterprise.not_duplicate": (pgettext_lazy("history", "Judged to be an enterprise of its own"), "grey"),
    "enterprise.duplicate_again": (pgettext_lazy("history", "That judgement was taken back"), "grey"),
}


def changes_of(enterprise: Enterprise, *, for_staff: bool = False) -> list[Change]:
    """Newest first. One query."""
    words = _ACTS | (_STAFF_ACTS if for_staff else {})
    events = AuditEvent.objects.filter(object_type="enterprise", object_id=str(enterprise.pk), act__in=words)
    return [_change(event, words) for event in events.order_by("-seq")[:MOST]]


def _change(event: AuditEvent, words: dict[str, tuple[Any, str]]) -> Change:
    title, kind = words[event.act]
    detail: dict[str, Any] = event.detail
    model = Site if event.act.startswith("enterprise.site") else Enterprise
    lines = [
        Line(_label(model, name), _value(model, name, old), _value(model, name, new))
        for name, (old, new) in detail.get("changed", {}).items()
    ]
    return Change(event.at, str(title), event.actor_name, kind, lines, _note(event, detail))


def changes_in_words(changed: dict[str, list[str]]) -> str:
    """For a letter: “Street: A → B”, one to a line."""
    return "\n".join(
        f"{_label(Enterprise, name)}: {_value(Enterprise, name, old)} → {_value(Enterprise, name, new)}"
        for name, (old, new) in changed.items()
    )


def _note(event: AuditEvent, detail: dict[str, Any]) -> str:
    role = detail.get("role", "")
    if isinstance(role, list):
        role = " → ".join(_role(one) for one in role)
    else:
        role = _role(role)
    person = detail.get("person", "")
    whom = "" if person == event.actor_name else person
    parts = [whom or detail.get("email") or detail.get("site") or "", role]
    parts += [detail.get("address", ""), detail.get("other", ""), detail.get("note", "")]
    if event.act == "join_request.answered":
        parts.append(_("admitted") if detail.get("admitted") else _("declined"))
    return " · ".join(part for part in parts if part)


def _role(role: str) -> str:
    return str(RepresentativeRole(role).label) if role in RepresentativeRole.values else ""


def _label(model: type[Enterprise] | type[Site], name: str) -> str:
    try:
        label = str(getattr(model._meta.get_field(name), "verbose_name", name))
    except FieldDoesNotExist:
        label = name
    return label[:1].upper() + label[1:]


def _value(model: type[Enterprise] | type[Site], name: str, value: str) -> str:
    """Codes as their words; an empty value as a dash."""
    choices = {"form": Enterprise.Form.choices, "kind": Site.Kind.choices}.get(name, [])
    known = dict(choices).get(value)
    if name == "workers" and value.isdecimal() and len(value) < 18:
        return number_format(int(value), use_l10n=True, force_grouping=True)
    return str(known) if known else ("–" if value in ("", "None") else value)
