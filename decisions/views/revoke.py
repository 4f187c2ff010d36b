"""Revoking a recognition."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.access import require
from core.errors import Refused
from decisions.forms import RevokeForm
from decisions.views.common import page, public_url, season_of
from registry import actions as registry
from registry.models import Recognition


@never_cache
@require_http_methods(["GET", "POST"])
def revoke(request: HttpRequest, year: int, pk: int) -> HttpResponse:
    season = season_of(year)
    found = get_object_or_404(Recognition.ever.select_related("decision", "product"), pk=pk, season_year=season.year)
    require(request.user, "registry.revoke", found)
    papers = list(found.certificates.order_by("kind"))
    form = RevokeForm(request.POST or None)
    context = {"recognition": found, "status": found.status(), "papers": papers, "form": form}
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            registry.revoke(
                recognition=found,
                ground=said["ground"],
                document=said["document"],
                reason=said["reason"],
                by=request.user,
                at=timezone.now(),
            )
        except Refused as refusal:
            return page(request, "revoke.html", season, context, reasons=refusal.reasons)
        link = public_url("certificate", papers[0].serial) if papers else ""
        said_so = _("The recognition of %(product)s is revoked.") % {"product": found.product_name_vi}
        messages.success(
            request,
            format_html('{} <a href="{}">{}</a>', said_so, link, _("See the public page")) if link else said_so,
        )
        return redirect("decisions:certificates", year=season.year)
    return page(request, "revoke.html", season, context)
