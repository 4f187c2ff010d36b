"""The Department's register of enterprises: a searchable list, and all about one of them."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Max, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import can, require
from core.errors import Refused
from dossiers import actions, wall
from dossiers.models import Dossier
from dossiers.views.enterprise_story import seasons_of
from enterprises import history, queries
from enterprises.forms import CorrectionForm
from enterprises.models import Enterprise
from enterprises.people_forms import RoleForm
from enterprises.words import duplicate_reason

PER_PAGE = 50


@require_safe
@never_cache
def enterprises(request: HttpRequest) -> HttpResponse:
    """Every enterprise by name, found without accents and by tax code."""
    require(request.user, "enterprises.see_register")
    search = request.GET.get("q", "").replace("\x00", "")[:100].strip()
    filed = Q(dossiers__number__isnull=False) & ~Q(dossiers__in=wall.barred_ids(request.user))
    found = queries.search(search).annotate(
        filed=Count("dossiers", filter=filed), last_season=Max("dossiers__season__year", filter=filed)
    )
    # A query that groups forgets the order of its model.
    found = found.order_by("sort_key", "pk")
    context = {
        "page": Paginator(found, PER_PAGE).get_page(request.GET.get("page")),
        "search": search,
        "duplicates": len(queries.possible_duplicates()),
        "requests": list(queries.requests_without_signer()[:20]),
    }
    return render(request, "dossiers/desk/enterprises.html", context)


@require_safe
@never_cache
def enterprise(request: HttpRequest, pk: int) -> HttpResponse:
    """Facts, sites, people, seasons and changes of one enterprise. Drafts stay its own."""
    require(request.user, "enterprises.see_register")
    found = _found(pk)
    sites = list(found.sites.select_related("ward", "zone"))
    pairs = queries.duplicates_of(found)
    others = Enterprise.objects.select_related("ward").in_bulk(
        [one for pair in pairs for one in (pair.first, pair.second) if one != found.pk]
    )
    context = {
        "enterprise": found,
        "sites": [site for site in sites if site.ended_at is None],
        "past_sites": [site for site in sites if site.ended_at is not None],
        "people": list(queries.people_of(found)),
        "requests": [
            {
                "asked": asked,
                "form": RoleForm(initial={"role": "signs"}, auto_id=f"id_r{asked.pk}_%s"),
                "may_answer": can(request.user, "enterprises.answer_request", asked),
            }
            for asked in queries.open_requests(found)
        ],
        "alike": [
            (others[one], [duplicate_reason(reason) for reason in pair.reasons])
            for pair in pairs
            for one in (pair.first, pair.second)
            if one in others
        ],
        "seasons": seasons_of(found, Dossier.objects.filed().open_to(request.user), timezone.localdate()),
        "changes": history.changes_of(found, for_staff=True),
        "most": history.MOST,
        "may_correct": _may_correct(request, found),
    }
    return render(request, "dossiers/desk/enterprise.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def correct(request: HttpRequest, pk: int) -> HttpResponse:
    """Facts of a record that the Department knows better, with the reason that the enterprise reads."""
    require(request.user, "enterprises.see_register")
    found = _found(pk)
    if not _may_correct(request, found):
        raise Http404
    form = CorrectionForm(request.POST if request.method == "POST" else None, enterprise=found)
    if form.is_bound and form.is_valid():
        try:
            changed = actions.correct_enterprise_by_department(
                enterprise=found,
                reason=form.cleaned_data["reason"],
                by=request.user,
                at=timezone.now(),
                **form.facts(),
            )
        except Refused as refused:
            form.add_error("reason", refused.reasons)
        else:
            if changed:
                messages.success(
                    request, _("The record is corrected. Whoever signs for the enterprise gets a letter.")
                )
            else:
                messages.info(request, _("Nothing was changed."))
            return redirect("dossiers:desk_enterprise", pk=found.pk)
    # The name as it is stored, not as the refused form would have it.
    context = {"form": form, "enterprise": _found(pk)}
    return render(request, "dossiers/desk/enterprise_correct.html", context)


def _may_correct(request: HttpRequest, found: Enterprise) -> bool:
    """The record is what the council judges by: whoever has a conflict leaves it to a colleague."""
    may = can(request.user, "enterprises.correct_by_department", found)
    return may and found.pk not in wall.closed_enterprises(request.user)


def _found(pk: int) -> Enterprise:
    found = Enterprise.objects.select_related("ward", "zone").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found
