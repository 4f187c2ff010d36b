"""The outbox: its lists, one letter, and what a person decides about it."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.access import can, require
from core.errors import Refused
from mail import actions, queries, registry
from mail.forms import CancelForm
from mail.models import Letter
from mail.views.common import locked, refused

TAGS = {
    "held": ("ho", "pause"),
    "waiting": ("lam", "clock"),
    "sending": ("lam", "clock"),
    "sent": ("ngoc", "check"),
    "failed": ("son", "cross"),
    "unsure": ("son", "warning"),
    "cancelled": ("grey", "minus"),
}
PER_PAGE = 50


@require_safe
@never_cache
def outbox(request: HttpRequest) -> HttpResponse:
    require(request.user, "mail.see_outbox")
    which = request.GET.get("list", "")
    which = which if which in queries.LISTS else ""
    search = request.GET.get("q", "").replace("\x00", "")[:100]
    counts = queries.counts(request.user)
    page = Paginator(queries.outbox(request.user, which=which, search=search), PER_PAGE).get_page(
        request.GET.get("page")
    )
    names = {
        "held": pgettext("letters", "Held for a person"),
        "waiting": pgettext("letters", "Waiting"),
        "trouble": pgettext("letters", "Failed or unsure"),
        "sent": pgettext("letters", "Sent"),
        "cancelled": pgettext("letters", "Cancelled"),
    }
    context = {
        "page": page,
        "rows": [{"letter": letter, "tag": TAGS[letter.state]} for letter in page],
        "lists": [{"name": name, "label": names[name], "count": counts[name]} for name in queries.LISTS],
        "which": which,
        "search": search,
        "total": sum(counts.values()),
    }
    return render(request, "mail/outbox.html", context)


def _letter(request: HttpRequest, pk: int, rule: str = "mail.see_letter") -> Letter:
    letter = Letter.objects.filter(pk=pk).first()
    if letter is None:
        raise Http404
    require(request.user, rule, letter)
    return letter


def _facts(request: HttpRequest, letter: Letter, form: CancelForm | None = None) -> dict[str, Any]:
    try:
        kind = registry.kind_named(letter.kind)
    except LookupError:
        kind = None
    state = letter.state
    stuck = queries.is_stuck(letter)
    return {
        "letter": letter,
        "kind": kind,
        "tag": TAGS[state],
        "attempts": list(letter.attempts.all()),
        "may_handle": can(request.user, "mail.handle_letter", letter),
        "is_held": state == Letter.State.HELD,
        "is_unsure": state == Letter.State.UNSURE,
        "is_stuck": stuck,
        "can_repeat": stuck or state in (Letter.State.FAILED, Letter.State.UNSURE),
        "can_cancel": state in (Letter.State.HELD, Letter.State.WAITING, Letter.State.FAILED, Letter.State.UNSURE),
        "form": form or CancelForm(),
        "hides": "•••" in letter.text,
    }


@require_safe
@never_cache
def letter(request: HttpRequest, pk: int) -> HttpResponse:
    return render(request, "mail/letter_page.html", _facts(request, _letter(request, pk)))


@require_safe
def letter_html(request: HttpRequest, pk: int) -> HttpResponse:
    return locked(_letter(request, pk).html)


def _decide(request: HttpRequest, pk: int, act: Callable[..., Letter], said: str, **more: Any) -> HttpResponse:
    letter = _letter(request, pk, "mail.handle_letter")
    try:
        act(letter=letter, by=request.user, at=timezone.now(), **more)
    except Refused as refusal:
        letter.refresh_from_db()
        return refused(request, "mail/letter_page.html", _facts(request, letter), refusal.reasons)
    messages.success(request, said)
    return redirect("mail:letter", pk=pk)


@require_POST
def send_now(request: HttpRequest, pk: int) -> HttpResponse:
    return _decide(request, pk, actions.send_now, _("The letter is on its way."))


@require_POST
def send_again(request: HttpRequest, pk: int) -> HttpResponse:
    return _decide(request, pk, actions.send_again, _("The letter is on its way once more."))


@require_POST
def count_as_sent(request: HttpRequest, pk: int) -> HttpResponse:
    return _decide(request, pk, actions.count_as_sent, _("The letter counts as sent and is not repeated."))


@require_POST
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    found = _letter(request, pk, "mail.handle_letter")
    form = CancelForm(request.POST)
    if not form.is_valid():
        return render(request, "mail/letter_page.html", _facts(request, found, form), status=409)
    return _decide(request, pk, actions.cancel, _("The letter will not be sent."), reason=form.cleaned_data["reason"])
