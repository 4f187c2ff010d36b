"""Conflicts of interest, for the whole list on one page."""

from django.contrib import messages
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from core.errors import Refused
from dossiers.models import Dossier
from enterprises.permissions import represents
from evaluations import actions, queries
from evaluations.forms import CONFLICT, NONE, InterestForm
from evaluations.models import Interest, ScoreSheet, Seat
from evaluations.views.common import own_seat, page


@require_http_methods(["GET", "POST"])
def interests(request: HttpRequest) -> HttpResponse:
    seat = own_seat(request)
    rows = _rows(request, seat)
    if request.method == "POST":
        forms_ok = [form.is_valid() for _dossier, form in rows]
        if all(forms_ok):
            new = [(dossier, form) for dossier, form in rows if form.says_something_new()]
            statements = [
                actions.Statement(dossier, form.cleaned_data["answer"] == CONFLICT, form.cleaned_data["ground"])
                for dossier, form in new
            ]
            try:
                if statements:
                    actions.declare_interests(seat=seat, statements=statements, by=request.user, at=timezone.now())
            except Refused as refusal:
                return _show(request, seat, rows, refusal.reasons)
            return _done(request, seat, len(statements))
    return _show(request, seat, rows)


def _rows(request: HttpRequest, seat: Seat) -> list[tuple[Dossier, InterestForm]]:
    """Each dossier with its form; "none for all the rest" answers where nothing was said yet."""
    dossiers = list(queries.dossiers_before_council(seat.council.season))
    said = {i.dossier_id: i for i in Interest.objects.filter(seat=seat, dossier__in=dossiers)}
    sheets = {
        s.dossier_id: s for s in ScoreSheet.objects.filter(seat=seat, dossier__in=dossiers).annotate(n=Count("marks"))
    }
    posted = request.POST.copy() if request.method == "POST" else None
    rows = []
    for dossier in dossiers:
        before, sheet = said.get(dossier.pk), sheets.get(dossier.pk)
        prefix = f"d{dossier.pk}"
        name = f"{prefix}-answer"
        if posted is not None and posted.get("do") == "rest" and not posted.get(name):
            posted[name] = NONE
        initial = {}
        if before is not None:
            initial = {"answer": CONFLICT if before.has_conflict else NONE, "ground": before.ground}
        form = InterestForm(
            posted,
            prefix=prefix,
            initial=initial,
            begun=sheet.n if sheet else 0,
            signed=sheet is not None and sheet.signed_at is not None,
            represented=represents(request.user, dossier.enterprise),
        )
        rows.append((dossier, form))
    # what still wants an answer comes first
    return sorted(rows, key=lambda row: bool(row[1].initial))


def _show(
    request: HttpRequest,
    seat: Seat,
    rows: list[tuple[Dossier, InterestForm]],
    reasons: list[str] | None = None,
) -> HttpResponse:
    problems = [
        {"dossier": dossier, "anchor": form[name].auto_id + ("_0" if name == "answer" else ""), "error": error}
        for dossier, form in rows
        for name, errors in form.errors.items()
        if name in form.fields
        for error in errors
    ]
    context = {
        "seat": seat,
        "season": seat.council.season,
        "rows": rows,
        "problems": problems,
        "undeclared": sum(not form.initial for _dossier, form in rows),
        "asked": request.GET.get("dossier", ""),
    }
    return page(request, "interests.html", context, reasons=reasons)


def _done(request: HttpRequest, seat: Seat, count: int) -> HttpResponse:
    left = queries.undeclared(seat).count()
    if count:
        messages.success(
            request,
            ngettext("%(n)s declaration is recorded.", "%(n)s declarations are recorded.", count) % {"n": count},
        )
    if left:
        messages.warning(
            request,
            ngettext("%(n)s dossier is still without an answer.", "%(n)s dossiers are still without an answer.", left)
            % {"n": left},
        )
        return redirect("evaluations:interests")
    if not count:
        messages.info(request, _("Nothing has changed."))
        return redirect("evaluations:interests")
    return redirect("evaluations:queue")
