"""Where an enterprise works beside its head office."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import can, require
from core.errors import Refused
from enterprises import actions
from enterprises.models import Enterprise, Site
from enterprises.people_forms import SiteForm
from enterprises.views.common import of_enterprise


@require_http_methods(["GET", "HEAD", "POST"])
@of_enterprise("enterprises.represent")
def sites(request: HttpRequest, enterprise: Enterprise) -> HttpResponse:
    """The head office, the sites of today, those of the past; a post adds one."""
    may_correct = can(request.user, "enterprises.correct", enterprise)
    form = SiteForm(request.POST if request.method == "POST" else None, enterprise=enterprise)
    if request.method == "POST":
        require(request.user, "enterprises.correct", enterprise)
        if form.is_valid():
            try:
                actions.add_site(enterprise=enterprise, by=request.user, at=timezone.now(), **form.facts())
            except Refused as refused:
                form.add_error("tax_code", refused.reasons)
            else:
                messages.success(request, _("The site is added."))
                return redirect("enterprises:sites", pk=enterprise.pk)
    every = list(enterprise.sites.select_related("ward", "zone"))
    context = {
        "enterprise": enterprise,
        "tab": "sites",
        "form": form,
        "may_correct": may_correct,
        "sites": [site for site in every if site.ended_at is None],
        "past": [site for site in every if site.ended_at is not None],
    }
    return render(request, "enterprises/sites.html", context)


def _site(enterprise: Enterprise, number: int) -> Site:
    """A site of today; an ended one is history and has no page."""
    found = enterprise.sites.select_related("enterprise", "ward", "zone").filter(pk=number, ended_at=None).first()
    if found is None:
        raise Http404
    return found


@require_http_methods(["GET", "HEAD", "POST"])
@of_enterprise("enterprises.correct")
def site(request: HttpRequest, enterprise: Enterprise, site: int) -> HttpResponse:
    found = _site(enterprise, site)
    form = SiteForm(
        request.POST if request.method == "POST" else None, enterprise=enterprise, initial=SiteForm.facts_of(found)
    )
    if form.is_bound and form.is_valid():
        try:
            actions.change_site(site=found, by=request.user, at=timezone.now(), **form.facts())
        except Refused as refused:
            form.add_error("tax_code", refused.reasons)
        else:
            messages.success(request, _("The site is saved."))
            return redirect("enterprises:sites", pk=enterprise.pk)
    return render(request, "enterprises/site.html", {"enterprise": enterprise, "site": found, "form": form})


@require_POST
@of_enterprise("enterprises.correct")
def site_end(request: HttpRequest, enterprise: Enterprise, site: int) -> HttpResponse:
    actions.end_site(site=_site(enterprise, site), by=request.user, at=timezone.now())
    messages.success(request, _("The site is ended; it stays below as history."))
    return redirect("enterprises:sites", pk=enterprise.pk)
