"""The letter of reasons on the enterprise's own page of the dossier."""

from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from accounts.access import can
from decisions.reasons_queries import released_to
from dossiers import enclosures
from dossiers.models import Dossier, Stage


def reasons_letter(user: Any, dossier: Dossier) -> list[enclosures.Enclosure]:
    if dossier.stage != Stage.NOT_RECOGNISED:
        return []
    letter = released_to(dossier)
    if letter is None or letter.approved_at is None or not can(user, "decisions.receive_reasons", letter):
        return []
    day = date_format(localtime(letter.approved_at), "SHORT_DATE_FORMAT")
    note = _("Why the product was not recognised, criterion by criterion. Approved on %(day)s.") % {"day": day}
    return [
        enclosures.Enclosure(_("Letter of reasons (PDF)"), reverse("decisions:own_reasons", args=[dossier.pk]), note)
    ]


def register() -> None:
    enclosures.add(reasons_letter)
