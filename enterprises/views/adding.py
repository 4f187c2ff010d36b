"""A signed-in person brings an enterprise: the tax code first, the facts when it is not known yet."""

from typing import Any

from django.contrib import messages
from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.queries import organisation_claims
from core.errors import Refused
from enterprises import actions, claims, queries, tax_code, throttle
from enterprises.entry_forms import NewEnterpriseForm, WhichEnterpriseForm
from enterprises.models import Enterprise

POSITIONS = "positions"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """Which enterprise? A known one is asked; the page says no more than that."""
    claimed = _claimed(request.user)
    form = WhichEnterpriseForm(
        request.POST if request.method == "POST" else None,
        claimed=claims.code_of(claimed),
        initial={"position": getattr(request.user, "title", "")},
    )
    status = 200
    if form.is_bound and form.is_valid():
        code, position = form.cleaned_data["tax_code"], form.cleaned_data["position"]
        try:
            if not throttle.may_try(request, "register_code", f"user:{request.user.pk}"):
                status = 429
                raise Refused(throttle.too_many())
            known = queries.by_tax_code(code)
            if known is not None:
                actions.ask_to_join(enterprise=known, by=request.user, position=position, at=timezone.now())
                return passed_on(request)
        except Refused as refused:
            form.add_error(None if status == 429 else "tax_code", refused.reasons)
        else:
            keep_position(request, code, position)
            return redirect("enterprises:add_facts", code=code)
    return render(request, "enterprises/add.html", {"form": form}, status=status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def add_facts(request: HttpRequest, code: str) -> HttpResponse:
    """The facts of an enterprise that is not known yet. The code stands in the address: two tabs, two enterprises."""
    try:
        entity = tax_code.legal_entity(tax_code.parse(code))
    except tax_code.InvalidTaxCode as error:
        raise Http404 from error
    claimed = _claimed(request.user)
    if claims.code_of(claimed) not in ("", entity) or queries.by_tax_code(entity) is not None:
        return redirect("enterprises:add")
    form = NewEnterpriseForm(
        request.POST if request.method == "POST" else None,
        claimed=claims.facts_of(claimed) if claims.code_of(claimed) else {},
    )
    if form.is_bound and form.is_valid():
        position = _position(request, entity)
        try:
            actions.register_enterprise(
                code=entity, by=request.user, at=timezone.now(), position=position, **form.facts()
            )
        except (Refused, IntegrityError):  # somebody registered it while this form was filled in
            known = queries.by_tax_code(entity)
            if known is None:
                raise
            return _asked_instead(request, known, position)
        messages.success(request, _("The enterprise is registered. You sign for it."))
        return redirect("dossiers:mine")
    context = {"form": form, "code": entity, "new": True}
    return render(request, "enterprises/add_facts.html", context)


def _asked_instead(request: HttpRequest, known: Enterprise, position: str) -> HttpResponse:
    try:
        actions.ask_to_join(enterprise=known, by=request.user, position=position, at=timezone.now())
    except Refused:  # it was this person's own other press
        return redirect("dossiers:mine")
    return passed_on(request)


def passed_on(request: HttpRequest) -> HttpResponse:
    """The same neutral words whoever the enterprise is and whoever acts for it."""
    messages.info(request, _("Your request was passed on. You get a letter as soon as it is answered."))
    return redirect("enterprises:mine")


def keep_position(request: HttpRequest, code: str, position: str) -> None:
    positions = request.session.get(POSITIONS, {})
    request.session[POSITIONS] = positions | {tax_code.legal_entity(code): position}


def _position(request: HttpRequest, code: str) -> str:
    kept: dict[str, str] = request.session.get(POSITIONS, {})
    return kept.get(code) or getattr(request.user, "title", "")[:100]


def _claimed(user: Any) -> dict[str, str]:
    """What the organisation's identity says, until its enterprise stands in the person's list."""
    found = organisation_claims(user)
    code = claims.code_of(found)
    if not code or user.representations.filter(ended_at=None, enterprise__tax_code=code).exists():
        return {}
    return found
