"""Look up a dossier without an account: with the random code of the receipt, or with number and tax code.

Numbers count up and tax codes are public, so the second way is slow on purpose: few attempts for each address and
for each number, one answer to every pair that is not right, and nothing but stage and dates for one that is.
"""

import hashlib
import time
from datetime import datetime

from allauth.account.adapter import get_adapter
from django import forms
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from redis.exceptions import RedisError

from accounts.access import can
from core.forms import TextField
from dossiers import queries, wall
from dossiers.days import days_bar_of
from dossiers.models import Dossier
from dossiers.views.applicant.stages import stage_line, stage_tag
from dossiers.views.applicant.story import told
from enterprises.tax_code import InvalidTaxCode, parse

# (attempts, seconds), for each network address and for each number.
LIMITS = ((5, 60), (50, 86_400))
# When the cache does not answer, this process counts for itself.
_own_counts: dict[str, tuple[float, int]] = {}
MOST_OWN_COUNTS = 10_000


class TrackForm(forms.Form):
    """The look-up without an account."""

    use_required_attribute = False

    number = TextField(
        label=gettext_lazy("Dossier number"),
        max_length=40,
        help_text=gettext_lazy("It stands on the receipt, such as H26.12-260915-0001."),
        error_messages={"required": gettext_lazy("Enter the dossier number.")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    tax_code = TextField(
        label=gettext_lazy("Tax code of the enterprise"),
        max_length=30,
        help_text=gettext_lazy("All ten digits; spaces and dots do not matter."),
        error_messages={"required": gettext_lazy("Enter the tax code of the enterprise.")},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )

    def clean_tax_code(self) -> str:
        typed: str = self.cleaned_data["tax_code"]
        digits = sum(c in "0123456789" for c in typed)
        if digits not in (10, 13):
            raise forms.ValidationError(_("A tax code has ten digits."))
        try:
            return parse(typed)
        except InvalidTaxCode:
            return "-"  # digits that are nobody's: the same answer as to any wrong pair


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def track(request: HttpRequest) -> HttpResponse:
    """Stage and dates; no names, and one answer to every pair that is not right."""
    if request.method != "POST":
        return _page(request, TrackForm(initial=_asked(request)))
    form = TrackForm(request.POST)
    if not form.is_valid():
        return _page(request, form)
    values = form.cleaned_data
    full = _full(request, values["number"])
    if full:
        again = _("Too many attempts. Wait a minute, then try again.")
        form.add_error(None, again if full == LIMITS[0][1] else _("Too many attempts today. Try again tomorrow."))
        return _page(request, form, status=429)
    dossier = queries.by_number_and_tax_code(values["number"], values["tax_code"])
    if dossier is None or _is_closed(request, dossier):
        form.add_error(None, _("No dossier has this number together with this tax code."))
        return _page(request, form)
    return _page(request, TrackForm(), dossier)


@login_not_required
@never_cache
@require_safe
def track_code(request: HttpRequest, code: str) -> HttpResponse:
    """What the QR code of the receipt opens. 128 random bits, so nobody gets here by guessing."""
    dossier = queries.by_track_code(code) if "\x00" not in code else None
    if dossier is None or _is_closed(request, dossier):
        raise Http404
    return _page(request, TrackForm(), dossier)


def _is_closed(request: HttpRequest, dossier: Dossier) -> bool:
    """Whoever has a conflict and is signed in finds nothing here either; the enterprise's own people do."""
    return wall.is_barred(request.user, dossier) and not can(request.user, "dossiers.see_own", dossier)


def _page(request: HttpRequest, form: TrackForm, dossier: Dossier | None = None, status: int = 200) -> HttpResponse:
    context: dict[str, object] = {"form": form}
    if dossier is not None:
        today = timezone.localdate()
        context |= {
            "dossier": dossier,
            "tag": stage_tag(dossier, today),
            "line": stage_line(dossier),
            "days": days_bar_of(dossier, today),
            "due": queries.due_date(dossier),
            "changed": _last_step(dossier),
        }
    response = render(request, "dossiers/track.html", context, status=status)
    response["Referrer-Policy"] = "no-referrer"  # the code stands in the address
    response["X-Robots-Tag"] = "noindex"
    return response


def _asked(request: HttpRequest) -> dict[str, str]:
    """The number comes with older QR codes."""
    return {"number": request.GET.get("number", "")[:40]}


def _last_step(dossier: Dossier) -> datetime | None:
    return max((change.taken_at for change in told(list(dossier.changes.all()))), default=None)


def _full(request: HttpRequest, number: str) -> int:
    """The seconds of the limit that is full, 0 when none is. Counted for the address and for the number, so that many
    addresses do not help against one dossier."""
    who = get_adapter(request).get_client_ip(request)
    what = hashlib.sha256(number.strip().upper().encode()).hexdigest()[:32]
    keys = [(f"track:{kind}:{seconds}:{value}", most, seconds)
            for kind, value in (("ip", who), ("number", what))
            for most, seconds in LIMITS]  # fmt: skip
    counts = [(_count(key, seconds), most, seconds) for key, most, seconds in keys]  # count all, whichever is full
    return max((seconds for count, most, seconds in counts if count > most), default=0)


def _count(key: str, seconds: int) -> int:
    try:
        cache.add(key, 0, seconds)
        return int(cache.incr(key))
    except (RedisError, ValueError, OSError):
        return _count_alone(key, seconds)


def _count_alone(key: str, seconds: int) -> int:
    """Looking up goes on without the cache, and so do the limits, in each process for itself."""
    now = time.monotonic()
    if len(_own_counts) >= MOST_OWN_COUNTS:
        for old in [k for k, (ends, _n) in _own_counts.items() if ends < now] or list(_own_counts)[:1000]:
            del _own_counts[old]
    ends, count = _own_counts.get(key, (0.0, 0))
    ends, count = (ends, count + 1) if ends > now else (now + seconds, 1)
    _own_counts[key] = (ends, count)
    return count
