"""The texts of the forms stand from year to year; the set-up of a season reads them for last year's number."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _

from onestop.kinds import ADDED, KINDS
from onestop.queries import text_of
from programme import standing_texts
from programme.standing_texts import StandingText


def forms() -> Iterable[StandingText]:
    for kind in (*KINDS, *ADDED):
        place = _("Form %(code)s") % {"code": kind.code}
        yield StandingText(place, text_of(kind).body, reverse("onestop:text", kwargs={"form": kind.code}))


standing_texts.add(forms)
