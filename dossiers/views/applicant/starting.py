"""The start of a new dossier: for whom, may it take part, which product."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.access import can
from core.errors import Refused
from dossiers import actions, queries
from dossiers.forms import threshold_in_words
from dossiers.models import Dossier, Stage
from dossiers.start_forms import StartForm, kept
from dossiers.views.applicant.mine import days_until, enterprises_of
from enterprises.models import Enterprise
from products.actions import add_product
from programme import tracks
from programme.models import Season, TrackName
from programme.queries import open_season, public_season


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def new(request: HttpRequest) -> HttpResponse:
    """Whoever acts for several enterprises says first for which. A "no" explains itself and starts nothing."""
    at = timezone.now()
    represented = enterprises_of(request.user)
    if not represented:
        return redirect("dossiers:mine")
    season = open_season(at)
    if season is None:
        return render(request, "dossiers/closed.html", {"season": public_season(at), "now": at})
    enterprises = [one for one in represented if can(request.user, "enterprises.fill_in", one)]
    enterprise = _chosen(request, enterprises)
    if enterprise is None:
        context = {
            "season": season,
            "enterprises": enterprises,
            "closing": days_until(season.registration_closes_at, at),
        }
        return render(request, "dossiers/for_whom.html", context)
    products = queries.products_without_dossier(request.user, season).filter(enterprise=enterprise).order_by("name_vi")
    form = StartForm(request.POST if request.method == "POST" else None, products=list(products))
    obstacles = form.obstacles() if form.is_bound and form.is_valid() else []
    if form.is_bound and form.is_valid() and not obstacles:
        answer = _begin(request, form, enterprise, season, at)
        if answer is not None:
            return answer
    context = {
        "form": form,
        "season": season,
        "closing": days_until(season.registration_closes_at, at),
        "obstacles": obstacles,
        "tracks": [(code, label, threshold_in_words(code)) for code, label in TrackName.choices],
        "source": tracks.SOURCE,
        "acting_for": enterprise,
        "may_change": len(enterprises) > 1,
    }
    return render(request, "dossiers/new.html", context)


def _chosen(request: HttpRequest, enterprises: list[Enterprise]) -> Enterprise | None:
    """The only enterprise, or the one that was chosen. The form and the address must name the same one."""
    asked, said = request.GET.get("for", ""), request.POST.get("acting_for", "")
    if asked and said and asked != said:
        raise Refused(_("The page was about another enterprise than the form. Nothing was saved: open it again."))
    wanted = said or asked
    if not wanted and len(enterprises) == 1:
        return enterprises[0]
    return next((one for one in enterprises if str(one.pk) == wanted), None)


def _begin(
    request: HttpRequest, form: StartForm, enterprise: Enterprise, season: Season, at: datetime
) -> HttpResponse | None:
    try:
        dossier = _start(form, enterprise, season, request.user, at)
    except Refused as refused:
        begun = _begun_a_moment_ago(form, enterprise, season)
        if begun is not None:
            return redirect("dossiers:dossier", pk=begun.pk)
        form.add_error(None, refused.reasons)
        return None
    except IntegrityError:  # a second press of the same button
        return redirect("dossiers:mine")
    messages.success(request, _("The draft is begun. You can leave and come back at any time."))
    return redirect("dossiers:dossier", pk=dossier.pk)


@transaction.atomic
def _start(form: StartForm, enterprise: Enterprise, season: Season, user: Any, at: datetime) -> Dossier:
    """The product, when it is new, and its dossier: both or neither."""
    values = form.cleaned_data
    if form.wants_new:
        names = {name: values[name] for name in ("name_vi", "name_en", "sector", "industry")}
        product = add_product(enterprise=enterprise, by=user, at=at, **names)
    else:
        product = form.products[values["product"]]
    return actions.start(
        season=season,
        product=product,
        track=values["track"],
        eligibility=kept(form.answers, by=user, at=at),
        by=user,
        at=at,
    )


def _begun_a_moment_ago(form: StartForm, enterprise: Enterprise, season: Season) -> Dossier | None:
    """The draft that the first of two presses made."""
    if form.wants_new:
        wanted = {"product__name_vi": form.cleaned_data["name_vi"], "enterprise": enterprise}
    else:
        wanted = {"product_id": form.cleaned_data["product"]}
    return Dossier.objects.filter(season=season, stage=Stage.DRAFT, **wanted).first()
