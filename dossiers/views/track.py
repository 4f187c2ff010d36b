"""Look up a dossier without an account: two things must be known, and little is told."""

from datetime import datetime

from allauth.account.adapter import get_adapter
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from redis.exceptions import RedisError

from dossiers import queries
from dossiers.forms import TrackForm
from dossiers.views.applicant.stages import stage_line, stage_tag
from dossiers.views.applicant.story import STEP_WORDS

TRIES = 5
WINDOW_SECONDS = 60


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def track(request: HttpRequest) -> HttpResponse:
    """Stage and dates; no names, and one answer to every pair that is not right."""
    if request.method != "POST":
        return render(request, "dossiers/track.html", {"form": TrackForm(initial=_asked(request))})
    form = TrackForm(request.POST)
    if not form.is_valid():
        return render(request, "dossiers/track.html", {"form": form})
    if not _may_try(request):
        form.add_error(None, _("Too many attempts. Wait a minute, then try again."))
        return render(request, "dossiers/track.html", {"form": form}, status=429)
    values = form.cleaned_data
    dossier = queries.by_number_and_tax_code(values["number"], values["tax_code_end"])
    if dossier is None:
        form.add_error(None, _("No dossier has this number together with these four digits."))
        return render(request, "dossiers/track.html", {"form": form})
    today = timezone.localdate()
    context = {
        "form": form,
        "dossier": dossier,
        "tag": stage_tag(dossier, today),
        "line": stage_line(dossier),
        "due": queries.due_date(dossier),
        "changed": _last_step(dossier.changes.all()),
    }
    return render(request, "dossiers/track.html", context)


def _asked(request: HttpRequest) -> dict[str, str]:
    """The number comes with the QR code of the receipt."""
    return {"number": request.GET.get("number", "")[:40]}


def _last_step(changes: object) -> datetime | None:
    taken = [change.taken_at for change in changes if change.step in STEP_WORDS]  # type: ignore[attr-defined]
    return max(taken, default=None)


def _may_try(request: HttpRequest) -> bool:
    """Five a minute from one address. Without the cache nobody is counted: looking up must not fail."""
    key = f"track:{get_adapter(request).get_client_ip(request)}"
    try:
        cache.add(key, 0, WINDOW_SECONDS)
        return cache.incr(key) <= TRIES
    except (RedisError, ValueError):
        return True
