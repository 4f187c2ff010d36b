"""Registration in two pages: a mail address that always gets the same answer, and behind the letter's link the
person and the tax code. Opening the link consumes nothing; sending the form does."""

from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from core.errors import Refused
from enterprises import actions, addresses, throttle
from enterprises.entry_forms import AddressForm, RegistrantForm
from enterprises.views.adding import keep_position, passed_on
from enterprises.views.common import without_token

KEPT_TOKEN, ADDRESS = "registration", "registration_address"


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def register(request: HttpRequest) -> HttpResponse:
    """Asks for the mail address and answers the same whether it is known or not."""
    if request.user.is_authenticated:
        return redirect("accounts:home")
    form = AddressForm(request.POST if request.method == "POST" else None)
    status = 200
    if form.is_bound and form.is_valid():
        email = form.cleaned_data["email"]
        if throttle.may_try(request, "register_address", email):
            actions.send_registration_letter(email=email, language=get_language() or "vi", at=timezone.now())
            request.session[ADDRESS] = email
            return redirect("enterprises:registration_sent")
        form.add_error(None, throttle.too_many())
        status = 429
    return render(request, "enterprises/register.html", {"form": form}, status=status)


@login_not_required
@never_cache
@require_safe
def registration_sent(request: HttpRequest) -> HttpResponse:
    email = request.session.get(ADDRESS)
    if not email:
        return redirect("accounts:register")
    return render(request, "enterprises/registration_sent.html", {"email": email, "hours": addresses.HOURS})


@login_not_required
@never_cache
@require_safe
def registration_link(request: HttpRequest, token: str) -> HttpResponse:
    """The token leaves the address bar at once and consumes nothing: programs that preview letters open it too."""
    request.session[KEPT_TOKEN] = token
    return without_token("enterprises:registration")


@login_not_required
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def registration(request: HttpRequest) -> HttpResponse:
    """The person and the tax code. A known code makes a question to its enterprise, an unknown one a new record."""
    if request.user.is_authenticated:
        return redirect("accounts:home")
    if KEPT_TOKEN not in request.session:
        return redirect("accounts:register")
    email = addresses.email_of(request.session[KEPT_TOKEN])
    if email is None or User.objects.filter(email=email).exists():
        return _dead(request, used=email is not None)
    form = RegistrantForm(request.POST if request.method == "POST" else None, address=email)
    status = 200
    if form.is_bound and form.is_valid():
        values = form.cleaned_data
        try:
            if not throttle.may_try(request, "register_code", email):
                status = 429
                raise Refused(throttle.too_many())
            person, asked = actions.open_registered_account(
                email=email,
                full_name=values["full_name"],
                password=values["password"],
                position=values["position"],
                code=values["tax_code"],
                language=get_language() or "vi",
                at=timezone.now(),
            )
        except Refused as refused:
            form.add_error(None, refused.reasons)
        except IntegrityError:  # the same form sent twice at once: the first one opened the account
            return _dead(request, used=True)
        else:
            request.session.pop(KEPT_TOKEN, None)
            request.session.pop(ADDRESS, None)
            login(request, person)
            if asked:
                return passed_on(request)
            keep_position(request, values["tax_code"], values["position"])
            messages.success(request, _("Your account is open. Now the enterprise."))
            return redirect("enterprises:add_facts", code=values["tax_code"])
    return render(request, "enterprises/registration.html", {"form": form, "email": email}, status=status)


def _dead(request: HttpRequest, *, used: bool) -> HttpResponse:
    return render(request, "enterprises/registration_dead.html", {"used": used}, status=409)
