"""What the pages of an open dossier share: their context, and how a form is answered."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from core.errors import Refused
from dossiers import drafts, prefill, supplements, words
from dossiers.forms import DraftForm
from dossiers.models import Defect, Dossier
from dossiers.views.applicant.deadlines import deadline_of
from dossiers.views.applicant.stages import open_request, stage_tag
from dossiers.views.applicant.tasks import PART_PAGES, hub_of, part_of


@dataclass(frozen=True)
class OfferShown:
    """One of last year's answers, as the page offers it."""

    key: str
    name: str
    text: str
    origin: str


def context_of(dossier: Dossier, part: str = "") -> dict[str, Any]:
    """What every page of an open dossier prints. `gaps` are those of this part, `asked` what an officer ticked."""
    at = timezone.now()
    hub = hub_of(dossier)
    page = reverse(PART_PAGES[part], kwargs={"pk": dossier.pk}) if part else ""
    request = open_request(dossier)
    return {
        "dossier": dossier,
        "hub": hub,
        "tag": stage_tag(dossier, timezone.localdate(at)),
        "deadline": deadline_of(dossier, at),
        "supplement": request,
        "gaps": [m for m in hub.missing if page and m.url.partition("#")[0] == page],
        "asked": _asked(request, part) if request else [],
        "part": words.PART_NAMES.get(part, ""),
        "part_code": part,
        "closed": bool(part) and not supplements.opens(dossier, part),
        "stamp": drafts.stamp_of(dossier),
        "offers": offers_shown(dossier, part),
        "taken": taken_shown(dossier, part),
    }


def _asked(request: Any, part: str) -> list[Defect]:
    return [defect for defect in request.defects.all() if part_of(defect.part) == part]


# --- last year's answers ------------------------------------------------------------------------------
OFFERED = ("", "product", "figures")


def offers_shown(dossier: Dossier, part: str) -> list[OfferShown]:
    """What can be taken over on this page; on the task list all of it."""
    if part not in OFFERED:
        return []
    return [
        OfferShown(offer.key, _name_of(offer), _text_of(offer), origin_in_words(offer.origin))
        for offer in prefill.offers(dossier)
        if part in ("", offer.part)
    ]


def _name_of(offer: prefill.Offer) -> str:
    if offer.part == "figures":
        return _("Figures of %(year)s") % {"year": offer.key.partition(".")[2]}
    return field_name(offer.key)


def field_name(name: str) -> str:
    names = {
        "description": _("Description of the product"),
        "technology": _("Technology and equipment"),
        "track_basis": _("Basis of the track"),
        "contact_name": _("Contact person"),
        "contact_phone": _("Telephone of the contact person"),
        "contact_email": _("Email of the contact person"),
    }
    return names.get(name, name)


def _text_of(offer: prefill.Offer) -> str:
    return "" if offer.part == "figures" else next(iter(offer.values.values()))


def origin_in_words(origin: dict[str, Any]) -> str:
    """“from dossier H26… of 2025, sent 12/09/2025”."""
    sent = date_format(date.fromisoformat(origin["sent"]), "SHORT_DATE_FORMAT") if origin.get("sent") else "–"
    return pgettext("origin", "from dossier %(number)s of %(year)s, sent %(date)s") % {
        "number": origin.get("number", ""),
        "year": origin.get("season", ""),
        "date": sent,
    }


def taken_shown(dossier: Dossier, part: str) -> dict[str, list[str]]:
    """Origin of what was taken over on this page: origin to the names of its years, for the grid of figures."""
    found: dict[str, list[str]] = {}
    if part == "figures":
        for key, origin in dossier.origins.items():
            year = key.rpartition("_")[2]
            if key.startswith("figures.") and year not in found.setdefault(origin_in_words(origin), []):
                found[origin_in_words(origin)].append(year)
    return {origin: sorted(years) for origin, years in found.items()}


# --- answering a form ---------------------------------------------------------------------------------
def answered(
    request: HttpRequest, dossier: Dossier, form: DraftForm, save: Callable[[], None], page: str
) -> HttpResponse | None:
    """A press of the button keeps all or nothing of what could be read, and never what somebody else wrote
    meanwhile: both versions are shown then. None: show the form again."""
    if not form.is_valid():
        return None
    part = next(code for code, name in PART_PAGES.items() if name == page)
    try:
        conflicts = drafts.press(
            dossier=dossier, part=part, form=form, data=request.POST, by=request.user, at=timezone.now(), write=save
        )
    except Refused as refused:
        form.add_error(None, refused.reasons)
        return None
    if conflicts:
        form.conflicts = conflicts
        for name, conflict in conflicts.items():
            form.add_error(name, _("Somebody else changed this field meanwhile. Choose which version stays."))
            form[name].conflict = conflict  # type: ignore[attr-defined]
        messages.warning(request, _("What nobody else had changed is saved. Look at the marked fields."))
        return None
    messages.success(request, _("Saved."))
    if "stay" in request.POST:
        return redirect(page, pk=dossier.pk)
    return redirect("dossiers:dossier", pk=dossier.pk)


def with_origins(form: DraftForm, dossier: Dossier, part: str) -> DraftForm:
    """Each field that was taken over says where from."""
    for name in form.fields:
        origin = dossier.origins.get(f"{part}.{name}")
        if origin:
            form[name].origin = origin_in_words(origin)  # type: ignore[attr-defined]
    return form


def data_of(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None
