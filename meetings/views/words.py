"""Which page fills a missing field of a paper in, and the sentence about it."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from meetings.kinds import BY_CODE
from meetings.models import PaperOrder
from meetings.papers_job import NOT_TAKEN_UP


def sentence(order: PaperOrder, found: dict[str, Any]) -> str:
    """Minutes lack: {địa điểm}"""
    facts = {"paper": order.get_kind_display(), "field": found["name"], "row": found["row"]}
    if found["where"] == "letters":
        return _("%(paper)s: the font of the paper has no letter “%(field)s”. Correct the text it comes from.") % facts
    if found["where"] == NOT_TAKEN_UP:
        return _("%(paper)s: these dossiers were not taken up at a meeting that is closed: %(field)s.") % facts
    if found["row"]:
        return _("%(paper)s: “%(field)s” is missing in row %(row)s.") % facts
    return _("%(paper)s: “%(field)s” is missing.") % facts


def meaning(order: PaperOrder, found: dict[str, Any]) -> str:
    """What the field means, in the language of the page's reader as far as it is known."""
    fields = {field.name: field for field in BY_CODE[order.kind].fields}
    field = fields.get(found["name"])
    return "" if field is None else field.meaning_vi


def place(order: PaperOrder, found: dict[str, Any]) -> tuple[str, str]:
    """Address and name of the page where the value is written down."""
    year = order.season.year
    number = order.meeting.number if order.meeting is not None else None
    where = found["where"]
    if where == "council":
        return reverse("evaluations:council", args=[year]), _("Council members")
    if where == "season":
        return reverse("programme:season_desk", args=[year]), _("The season")
    if where == "typed":
        return reverse("meetings:papers", args=[year]) + "#facts", _("Fields of the papers")
    if where in ("meeting", "minutes", NOT_TAKEN_UP):
        if number is None:
            return reverse("meetings:meetings", args=[year]), _("Meetings and minutes")
        return reverse("meetings:run", args=[year, number]), _("The meeting")
    return reverse("evaluations:ranking", args=[year]), _("Ranking")
