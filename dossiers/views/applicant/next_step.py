"""The one thing that the applicant does or waits for next."""

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core.workdays import Calendar
from dossiers import queries
from dossiers.models import Dossier, Stage
from dossiers.views.applicant.deadlines import deadline_of
from dossiers.views.applicant.stages import day_of, open_request
from dossiers.views.applicant.tasks import Hub, hub_of


@dataclass(frozen=True)
class NextStep:
    """The one thing to do or to wait for."""

    title: str
    text: str = ""
    url: str = ""
    label: str = ""
    is_urgent: bool = False


WAITING = gettext_lazy("Nothing to do for you now")


def next_step(dossier: Dossier, at: datetime, hub: Hub | None = None, calendar: Calendar | None = None) -> NextStep:
    """In the words of the applicant's day."""
    own = {"pk": dossier.pk}
    stage = dossier.stage
    due = queries.due_date(dossier, calendar) if stage in (Stage.SUBMITTED, Stage.CHECKING) else None
    if stage == Stage.DRAFT:
        deadline = deadline_of(dossier, at)
        if deadline is not None and deadline.is_past:
            return NextStep(
                _("Registration is closed"),
                _("This draft was not sent in time (%(time)s). Its texts stay here to be read.")
                % {"time": deadline.at},
                reverse("dossiers:dossier", kwargs=own),
                _("Open the draft"),
            )
        hub = hub or hub_of(dossier)
        if hub.missing:
            return NextStep(
                _("Complete the dossier"),
                _("%(n)s of %(m)s tasks are done.") % {"n": hub.done, "m": hub.total},
                reverse("dossiers:dossier", kwargs=own),
                _("Continue"),
                bool(deadline and deadline.is_soon),
            )
        return NextStep(
            _("Check and send"),
            _("Everything is filled in. The dossier counts only once it is sent."),
            reverse("dossiers:review", kwargs=own),
            _("Check and send"),
            True,
        )
    if stage == Stage.SUPPLEMENT:
        asked = open_request(dossier)
        count = len(asked.defects.all()) if asked else 0
        if asked is not None and asked.days_left(timezone.localdate(at)) < 0:
            return NextStep(
                _("The term of the supplement is past"),
                _("It ended on %(date)s. See what you can still do.")
                % {"date": date_format(asked.due_date, "SHORT_DATE_FORMAT")},
                reverse("dossiers:supplement", kwargs=own),
                _("See what is asked"),
                True,
            )
        return NextStep(
            _("Mend and send the supplement"),
            (
                ngettext("%(n)s thing to mend, by %(date)s.", "%(n)s things to mend, by %(date)s.", count)
                % {"n": count, "date": date_format(asked.due_date, "SHORT_DATE_FORMAT") if asked else ""}
            ),
            reverse("dossiers:supplement", kwargs=own),
            _("See what is asked"),
            True,
        )
    if due is not None:
        return NextStep(
            str(WAITING),
            _("The Department checks the dossier by %(date)s and writes to you if something is missing.")
            % {"date": date_format(due, "SHORT_DATE_FORMAT")},
        )
    closes = dossier.season.comment_closes_at
    texts = {
        Stage.ELIGIBLE: _("The dossier is eligible. The council will evaluate it."),
        Stage.SCORING: _("The council is evaluating the products of the season."),
        Stage.SCORED: _("The council is evaluating the products of the season."),
        Stage.PUBLIC_COMMENT: _("The result of the season is open for public comment until %(date)s.")
        % {"date": day_of(closes) if closes else "…"},
        Stage.NOT_RECOGNISED: _("The product was not recognised this season. It can apply again in the next one."),
        Stage.REFUSED: _(
            "Read the reason. If you have a question about it, write to the Department with the number of the dossier."
        ),
        Stage.WITHDRAWN: _("You gave the draft up. While registration is open, you can start a new one.")
        if dossier.number is None
        else _("You withdrew the dossier. The product can take part again in the next season."),
    }
    titles = {
        Stage.NOT_RECOGNISED: _("Not recognised"),
        Stage.REFUSED: _("The dossier was refused"),
        Stage.WITHDRAWN: _("The dossier was withdrawn"),
    }
    if stage == Stage.RECOGNISED:
        return NextStep(
            _("Recognised"),
            _("The product is a key industrial product of Hanoi; everybody can see its page and certificate."),
        )
    return NextStep(titles.get(Stage(stage), str(WAITING)), texts[Stage(stage)])
