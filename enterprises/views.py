"""The door through which an enterprise comes in."""

from datetime import datetime

from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods
from redis.exceptions import RedisError

from accounts.actions import open_account
from accounts.models import User
from core.errors import Refused
from enterprises.actions import register_enterprise
from enterprises.forms import RegistrationForm


@login_not_required
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def register(request: HttpRequest) -> HttpResponse:
    """An account and its enterprise in one transaction; then straight to the dossiers."""
    if request.user.is_authenticated:
        return redirect("accounts:home")
    form = RegistrationForm(request.POST or None)
    if form.is_bound and form.is_valid():
        try:
            if not _may_try(request):
                raise Refused(_("Too many attempts. Wait a few minutes, then try again."))
            person = _open(form, timezone.now())
        except Refused as refused:
            form.add_error(None, refused.reasons)
        except IntegrityError:
            form.add_error(None, _("This enterprise or email address was registered a moment ago. Sign in instead."))
        else:
            login(request, person)
            messages.success(request, _("Your enterprise is registered and you are signed in."))
            return redirect("dossiers:mine")
    return render(request, "accounts/register.html", {"form": form})


@transaction.atomic
def _open(form: RegistrationForm, at: datetime) -> User:
    values = form.cleaned_data
    person = open_account(
        email=values["email"],
        full_name=values["full_name"],
        password=values["password"],
        title=values["position"],
        at=at,
    )
    register_enterprise(code=values["tax_code"], by=person, at=at, position=values["position"], **form.facts())
    return person


def _may_try(request: HttpRequest) -> bool:
    """At most twenty registrations a minute from one address; without the cache nobody is counted."""
    try:
        return bool(ratelimit.consume(request, action="signup"))
    except RedisError:
        return True
