"""Records that may be one enterprise twice. The Department decides; the enterprises are told nothing."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.access import can, require
from core.errors import Refused
from enterprises import actions, queries
from enterprises.models import Enterprise, NotDuplicate
from enterprises.people_forms import NotDuplicateForm
from enterprises.words import duplicate_reason

PER_PAGE = 25


@require_safe
@never_cache
def duplicates(request: HttpRequest) -> HttpResponse:
    require(request.user, "enterprises.see_register")
    return render(request, "enterprises/desk/duplicates.html", _facts(request))


def _facts(request: HttpRequest, refused: NotDuplicateForm | None = None) -> dict[str, Any]:
    page = Paginator(queries.possible_duplicates(), PER_PAGE).get_page(request.GET.get("page"))
    pks = {pk for pair in page for pk in (pair.first, pair.second)}
    found = Enterprise.objects.select_related("ward", "zone").in_bulk(pks)
    pairs = [
        {
            "records": [found[pair.first], found[pair.second]],
            "reasons": [duplicate_reason(reason) for reason in pair.reasons],
            "form": _form(pair.first, pair.second, refused),
        }
        for pair in page
    ]
    return {
        "page": page,
        "pairs": pairs,
        "judged": list(queries.judged_pairs()[:50]),
        "may_judge": can(request.user, "enterprises.judge_duplicates"),
        "form": refused,
    }


def _form(first: int, second: int, refused: NotDuplicateForm | None) -> NotDuplicateForm:
    if refused is not None and refused.data.get("first") == str(first) and refused.data.get("second") == str(second):
        return refused
    return NotDuplicateForm(initial={"first": first, "second": second}, auto_id=f"id_{first}_{second}_%s")


@require_POST
def not_duplicate(request: HttpRequest) -> HttpResponse:
    require(request.user, "enterprises.judge_duplicates")
    place = f"id_{request.POST.get('first', '')[:18]}_{request.POST.get('second', '')[:18]}_%s"
    form = NotDuplicateForm(request.POST, auto_id=place)
    if form.is_valid():
        try:
            actions.note_not_duplicate(by=request.user, at=timezone.now(), **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, refused.reasons)
        else:
            messages.success(request, _("Noted: these are two enterprises."))
            return redirect("enterprises:duplicates")
    return render(request, "enterprises/desk/duplicates.html", _facts(request, form), status=409)


@require_POST
def not_duplicate_undo(request: HttpRequest, noted: int) -> HttpResponse:
    """The judgement was wrong: the pair stands on the list again."""
    require(request.user, "enterprises.judge_duplicates")
    row = NotDuplicate.objects.filter(pk=noted).first()
    try:
        if row is None:
            raise Refused(_("This was taken back already."))
        actions.take_back_not_duplicate(noted=row, by=request.user, at=timezone.now())
    except Refused as refused:
        messages.error(request, " ".join(refused.reasons))
    else:
        messages.success(request, _("Taken back: the two records are compared again."))
    return redirect("enterprises:duplicates")
