"""All own sheets on one page: totals, how they spread, marks far from the own habit; then sign one or several."""

from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from core import clock
from core.errors import Refused
from core.templatetags.ui import in_language
from evaluations import actions, consistency, queries
from evaluations.queries import Desk, trim
from evaluations.views.common import own_seat, page

HUNDRED = Decimal(100)


@never_cache
@require_http_methods(["GET", "POST"])
def review(request: HttpRequest) -> HttpResponse:
    seat = own_seat(request)
    desks = [task.desk for task in queries.tasks(seat)]
    if request.method == "POST":
        return _sign(request, desks)
    return _page(request, seat, desks)


def _sign(request: HttpRequest, desks: list[Desk]) -> HttpResponse:
    """Each sheet is a signature of its own: one that is refused does not hold the others up."""
    by_pk = {str(desk.dossier.pk): desk for desk in desks}
    chosen = [by_pk[pk] for pk in dict.fromkeys(request.POST.getlist("sign")) if pk in by_pk]
    signed, reasons = 0, []
    for desk in chosen:
        shown = request.POST.get(f"shown-{desk.dossier.pk}", "")
        try:
            actions.sign_sheet(dossier=desk.dossier, shown=shown, by=request.user, at=clock.database_now())
            signed += 1
        except Refused as refusal:
            reasons += [f"{desk.dossier.number}: {reason}" for reason in refusal.reasons]
    if not chosen:
        reasons.append(_("Tick the sheets that you sign."))
    if signed:
        words = ngettext("%(n)s sheet is signed.", "%(n)s sheets are signed.", signed) % {"n": signed}
        messages.success(request, words)
    if reasons:
        seat = own_seat(request)
        return _page(request, seat, [task.desk for task in queries.tasks(seat)], reasons)
    return redirect("evaluations:own_review")


def _page(request: HttpRequest, seat: Any, desks: list[Desk], reasons: list[str] | None = None) -> HttpResponse:
    begun = [desk for desk in desks if desk.answers]
    complete = [desk for desk in begun if not desk.lacking]
    shares = {desk.dossier.pk: share_of(desk) for desk in complete}
    slips = slips_of(begun)
    rows: list[dict[str, Any]] = [
        {
            "desk": desk,
            "dossier": desk.dossier,
            "share": shares.get(desk.dossier.pk),
            "slips": slips.get(desk.dossier.pk, []),
        }
        for desk in desks
    ]
    rows.sort(key=lambda row: (row["share"] is None, -(row["share"] or 0), row["dossier"].number))
    for row in rows:
        better = sum(other > row["share"] for other in shares.values()) if row["share"] is not None else 0
        row["place"] = better + 1 if row["share"] is not None else None
    context = {
        "seat": seat,
        "season": seat.council.season,
        "rows": rows,
        "asked": len(desks),
        "missing": [desk for desk in desks if desk.is_open and desk.lacking],
        "ready": sum(desk.is_ready for desk in desks),
        "signed": sum(desk.standing is not None for desk in desks),
        "slips": sum(map(len, slips.values())),
        "bins": bars(list(shares.values())),
        "lowest": min(shares.values(), default=None),
        "highest": max(shares.values(), default=None),
    }
    return page(request, "review.html", context, reasons=reasons)


def share_of(desk: Desk) -> Decimal:
    """The total as per cent of what this member was asked, so that sheets of unequal parts can be compared."""
    abstained = [c for c in desk.asked.held if c in desk.final and desk.final[c].abstains]
    most = desk.asked.most - sum((desk.asked.rule(c).max_points for c in abstained), Decimal(0))
    return (desk.asked.total(desk.answers) * HUNDRED / most).quantize(Decimal("0.1")) if most else Decimal(0)


def slips_of(desks: list[Desk]) -> dict[int, list[dict[str, Any]]]:
    """By dossier, the marks that differ from the member's own habit."""
    rules = {}
    marks = []
    for desk in desks:
        for code in desk.asked.asked(desk.answers):
            given = desk.answers.get(code)
            if given is not None and given.points is not None:
                rules[code] = desk.asked.rule(code)
                marks.append(consistency.Given(desk.dossier.pk, code, given.points, rules[code].max_points))
    found: dict[int, list[dict[str, Any]]] = {}
    for slip in consistency.slips(marks):
        found.setdefault(slip.dossier, []).append(
            {
                "code": slip.scale,
                "label": str(in_language(rules[slip.scale], "label")),
                "points": trim(slip.points),
                "median": trim(slip.median.quantize(Decimal("0.01"))),
            }
        )
    return found


def bars(shares: list[Decimal]) -> list[dict[str, Any]]:
    """The histogram with the places of its columns, for an SVG of 624 by 100."""
    bins = consistency.histogram(shares)
    top = max((one.count for one in bins), default=0) or 1
    return [
        {
            "low": one.low,
            "high": one.high,
            "count": one.count,
            "x": index * 62 + 8,
            "y": 70 - one.count * 56 // top,
            "height": one.count * 56 // top,
            "middle": index * 62 + 33,
            "above": 66 - one.count * 56 // top,
        }
        for index, one in enumerate(bins)
    ]
