"""What programs fetch: the same names as in a folder written by ledger.export, so that the script reads both.

Every other site may read them (CORS): a verifier that does not trust this one has to stand elsewhere.
"""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ledger import export, queries
from ledger.models import LogRoot
from signing import keys

# Roots come once a day; what one of them covers never changes.
FRESH_SECONDS = 300
SETTLED_SECONDS = 24 * 3600
MOST_LINES = 50_000
TEXT = "text/plain; charset=utf-8"


def _public(request: HttpRequest, response: HttpResponseBase, seconds: int = FRESH_SECONDS) -> HttpResponseBase:
    response["Access-Control-Allow-Origin"] = "*"
    patch_cache_control(response, public=True, max_age=seconds)  # type: ignore[arg-type]
    request.session.accessed = False  # the same for everybody: a shared cache need not look at cookies
    return response


def _json(request: HttpRequest, document: dict[str, Any], seconds: int = FRESH_SECONDS) -> HttpResponseBase:
    return _public(request, HttpResponse(export.as_text(document), content_type="application/json"), seconds)


def _refusal(status: int, words: str) -> JsonResponse:
    response = JsonResponse(
        {"status": status, "error": words}, status=status, json_dumps_params={"ensure_ascii": False}
    )
    response["Access-Control-Allow-Origin"] = "*"
    return response


@login_not_required
@require_safe
def roots(request: HttpRequest) -> HttpResponseBase:
    return _json(request, queries.published())


@login_not_required
@require_safe
def key_history(request: HttpRequest) -> HttpResponseBase:
    return _json(request, keys.published(timezone.now()))


@login_not_required
@require_safe
def time_stamp_roots(request: HttpRequest) -> HttpResponseBase:
    return _public(request, HttpResponse(export.time_stamp_roots(), content_type=TEXT))


@login_not_required
@require_safe
def script(request: HttpRequest) -> HttpResponseBase:
    response = HttpResponse(export.SCRIPT.read_bytes(), content_type="text/x-python; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{export.SCRIPT.name}"'
    return _public(request, response)


@login_not_required
@require_safe
def leaves(request: HttpRequest) -> HttpResponseBase:
    """Entries `first` to `last`, one hash a line; only those that a root covers."""
    newest = queries.newest()
    size = newest.size if newest else 0
    try:
        first, last = _number(request, "first", min(1, size)), _number(request, "last", size)
    except ValueError:
        return _refusal(400, _("first and last are numbers of entries, counted from 1."))
    if not min(1, size) <= first <= last <= size and (first, last) != (0, 0):
        return _refusal(404, _("The newest root covers the entries 1 to %(size)s.") % {"size": size})
    if last - first >= MOST_LINES:
        words = _("At most %(most)s entries at a time; ask with first and last, part by part.")
        return _refusal(400, words % {"most": MOST_LINES})
    asked = "first" in request.GET and "last" in request.GET
    lines = queries.lines(first, last) if size else []
    response = StreamingHttpResponse(lines, content_type=TEXT)
    return _public(request, response, SETTLED_SECONDS if asked else FRESH_SECONDS)


def _number(request: HttpRequest, name: str, otherwise: int) -> int:
    """Raises ValueError."""
    text = request.GET.get(name, "")
    if not text:
        return otherwise
    if not (text.isascii() and text.isdigit() and len(text) <= 15):
        raise ValueError(name)
    return int(text)


@login_not_required
@require_safe
def proof(request: HttpRequest, number: int) -> HttpResponseBase:
    """That the entry is in the log, under the newest root or that of `day`."""
    under = _root_asked(request, "day", queries.newest())
    if under is None:
        return _no_root()
    try:
        return _json(request, queries.inclusion(number, under).as_json())
    except LookupError:
        words = _("The root of %(day)s covers the entries 1 to %(size)s; newer ones follow with the next root.")
        return _refusal(404, words % {"day": under, "size": under.size})
    except queries.Damaged:
        return _damaged()


@login_not_required
@require_safe
def consistency(request: HttpRequest) -> HttpResponseBase:
    """That the log of the day `last` begins with the log of the day `first`, unchanged."""
    first = _root_asked(request, "first", LogRoot.objects.order_by("day").first())
    last = _root_asked(request, "last", queries.newest())
    if first is None or last is None:
        return _no_root()
    try:
        return _json(request, queries.consistency(first, last))
    except LookupError:
        return _refusal(400, _("The first day has to be the earlier one."))
    except queries.Damaged:
        return _damaged()


def _root_asked(request: HttpRequest, name: str, otherwise: LogRoot | None) -> LogRoot | None:
    text = request.GET.get(name, "")
    return queries.root_of_day(text) if text else otherwise


def _no_root() -> JsonResponse:
    return _refusal(404, _("There is no root of this day. Days are written as 2026-11-21; roots.json lists them all."))


def _damaged() -> JsonResponse:
    """Not found rather than an error of the server: there is no proof, and the reason is in words."""
    return _refusal(
        404, _("The entries do not give this root any more, so no proof can be made. Please tell the office.")
    )
