"""The way in by an invitation. The letter's link shows a page; the button on it accepts."""

from typing import Any

from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from accounts.forms import PersonForm
from accounts.models import User
from core.errors import Refused
from enterprises import actions
from enterprises.actions.inviting import dead_link, digest, is_open
from enterprises.models import Invitation, Representative
from enterprises.views.common import without_token

KEPT_LINK = "invitation"


@login_not_required
@never_cache
@require_safe
def invitation_link(request: HttpRequest, token: str) -> HttpResponse:
    request.session[KEPT_LINK] = token
    return without_token("enterprises:invitation")


@login_not_required
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest) -> HttpResponse:
    """Who invites, for what, in which role; then accept, as a known or as a new person."""
    token = request.session.get(KEPT_LINK)
    if not token:
        return redirect("public:home")
    row = Invitation.objects.select_related("enterprise").filter(token_digest=digest(token)).first()
    if row is None or not is_open(row, timezone.now()):
        return _dead(request)
    user = request.user if isinstance(request.user, User) else None
    has_account = user is not None or User.objects.filter(email=row.email).exists()
    form = None if has_account else PersonForm(_data(request), address=row.email)
    context = {
        "invitation": row,
        "form": form,
        "is_other": user is not None and user.email.lower() != row.email,
        "must_sign_in": user is None and has_account,
    }
    if request.method != "POST" or context["must_sign_in"]:
        return render(request, "enterprises/invitation.html", context)
    if form is not None and not form.is_valid():
        return render(request, "enterprises/invitation.html", context)
    try:
        accepted = _accept(token, user, form)
    except Refused as refused:
        return render(request, "enterprises/invitation.html", context | {"reasons": refused.reasons}, status=409)
    except IntegrityError:  # the same form sent twice at once
        return _dead(request)
    request.session.pop(KEPT_LINK, None)
    if user is None:
        login(request, accepted.user)
    messages.success(request, _("You act for %(enterprise)s now.") % {"enterprise": accepted.enterprise})
    return redirect("dossiers:mine")


def _data(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _accept(token: str, user: User | None, form: PersonForm | None) -> Representative:
    person = {name: form.cleaned_data[name] for name in ("full_name", "password")} if form is not None else {}
    return actions.accept_invitation(token=token, user=user, at=timezone.now(), **person)


def _dead(request: HttpRequest) -> HttpResponse:
    return render(request, "enterprises/invitation_dead.html", {"reason": dead_link()}, status=409)
