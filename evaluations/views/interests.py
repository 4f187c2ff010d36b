"""Conflicts of interest as a member declares them: the whole list on one page, and one dossier at any time."""

from django.contrib import messages
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.access import can
from core.errors import Refused
from dossiers import wall
from dossiers.models import Dossier
from evaluations import actions, queries
from evaluations.models import Interest, ScoreSheet, Seat
from evaluations.views.common import own_seat, page
from evaluations.wall_forms import CONFLICT, NONE, ConflictForm, InterestForm


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def interests(request: HttpRequest) -> HttpResponse:
    """Every dossier that is open to the member asks; what is closed shows the own words and a number."""
    seat = own_seat(request)
    if request.method != "POST":
        return _show(request, seat, _rows(request, seat))
    at = timezone.now()
    known = actions.state_known(seat=seat, at=at)
    rows = _rows(request, seat)
    if sum(not form.is_valid() for _dossier, form, _said in rows):
        return _show(request, seat, rows)
    statements = [
        actions.Statement(
            dossier,
            form.cleaned_data["answer"] == CONFLICT,
            form.cleaned_data["ground"],
            form.cleaned_data["kind"],
        )
        for dossier, form, _said in rows
        if form.says_something_new()
    ]
    try:
        if statements:
            actions.declare_interests(seat=seat, statements=statements, by=request.user, at=at)
    except Refused as refusal:
        return _show(request, seat, rows, refusal.reasons)
    return _done(request, seat, len(statements) + known)


Row = tuple[Dossier, InterestForm, Interest | None]


def _rows(request: HttpRequest, seat: Seat) -> list[Row]:
    """Each dossier with its form; "none for all the rest" answers where nothing was said yet."""
    dossiers = list(queries.dossiers_before_council(seat.council.season).open_to(request.user))
    said = {i.dossier_id: i for i in Interest.objects.filter(seat=seat, dossier__in=dossiers)}
    sheets = ScoreSheet.objects.filter(seat=seat, dossier__in=dossiers).order_by()
    counts = {
        row["dossier"]: row
        for row in sheets.values("dossier").annotate(
            begun=Count("marks", filter=Q(signed_at=None)), signed=Count("standing")
        )
    }
    posted = request.POST.copy() if request.method == "POST" else None
    rows = []
    for dossier in dossiers:
        before, sheet = said.get(dossier.pk), counts.get(dossier.pk, {"begun": 0, "signed": 0})
        prefix = f"d{dossier.pk}"
        name = f"{prefix}-answer"
        if posted is not None and posted.get("do") == "rest" and not posted.get(name):
            posted[name] = NONE
        form = InterestForm(
            posted,
            prefix=prefix,
            initial={"answer": NONE} if before is not None and not before.has_conflict else {},
            begun=sheet["begun"],
            signed=bool(sheet["signed"]),
        )
        rows.append((dossier, form, before))
    # what still wants an answer comes first
    return sorted(rows, key=lambda row: bool(row[1].initial))


def _show(request: HttpRequest, seat: Seat, rows: list[Row], reasons: list[str] | None = None) -> HttpResponse:
    problems = [
        {"dossier": dossier, "anchor": form[name].auto_id + ("_0" if name == "answer" else ""), "error": error}
        for dossier, form, _said in rows
        for name, errors in form.errors.items()
        if name in form.fields
        for error in errors
    ]
    season = seat.council.season
    own = [row for row in queries.own_conflicts(request.user) if row.dossier.season_id == season.pk]
    declared = {row.dossier_id for row in own}
    represented = Dossier.objects.filter(pk__in=wall.barred_ids(request.user, season) - declared)
    context = {
        "seat": seat,
        "season": season,
        "rows": rows,
        "own": own,
        "represented": list(represented.exclude(number=None).order_by("number").values_list("number", flat=True)),
        "problems": problems,
        "undeclared": sum(not form.initial for _dossier, form, _said in rows),
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


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def declare_conflict(request: HttpRequest, pk: int) -> HttpResponse:
    """From the sheet, at any time until the city decides. Whoever is kept apart already finds nothing here."""
    seat = own_seat(request)
    rows = Dossier.objects.open_to(request.user).select_related("season", "enterprise", "product")
    dossier = rows.filter(pk=pk, season=seat.council.season).first()
    if dossier is None or not can(request.user, "evaluations.declare_conflict", dossier):
        raise Http404
    form = ConflictForm(request.POST if request.method == "POST" else None)
    reasons: list[str] = []
    if form.is_bound and form.is_valid():
        said = form.cleaned_data
        statement = actions.Statement(dossier, True, said["ground"], said["kind"])
        try:
            actions.declare_interests(seat=seat, statements=[statement], by=request.user, at=timezone.now())
        except Refused as refusal:
            reasons = refusal.reasons
        else:
            messages.success(request, _("Dossier %(number)s is closed to you now.") % {"number": dossier.number})
            return redirect("evaluations:queue")
    standing = seat.standing.filter(dossier=dossier).exists()
    context = {"dossier": dossier, "season": seat.council.season, "form": form, "signed": standing}
    return page(request, "declare_conflict.html", context, reasons=reasons)
