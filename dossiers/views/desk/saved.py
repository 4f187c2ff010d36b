"""Worklists that an officer keeps, and whether the list on the screen has become old."""

from datetime import UTC, datetime

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import require
from core import vietnamese
from dossiers import desk_queries
from dossiers.actions.lists import keep_list
from dossiers.models import SavedFilter
from dossiers.views.desk.filters import Filters

NAME_LENGTH = 60


@require_POST
def save_filter(request: HttpRequest) -> HttpResponse:
    """Keep the filters of the list under a name; the same name again replaces them."""
    require(request.user, "dossiers.work_list")
    filters = Filters.of(QueryDict(request.POST.get("query", "")[:400]))
    name = vietnamese.nfc(request.POST.get("name", ""))[:NAME_LENGTH]
    keep_list(name=name, query=filters.query() if filters else "", by=request.user, at=timezone.now())
    messages.success(request, _("The list “%(name)s” is kept.") % {"name": name})
    return redirect(f"{reverse('dossiers:desk')}?{filters.query()}")


@require_POST
def remove_filter(request: HttpRequest, pk: int) -> HttpResponse:
    require(request.user, "dossiers.work_list")
    found = SavedFilter.objects.filter(pk=pk, user=request.user.pk).first()
    if found is None:
        raise Http404
    found.delete()
    messages.success(request, _("The list “%(name)s” is removed.") % {"name": found.name})
    return redirect("dossiers:desk")


@require_safe
def list_age(request: HttpRequest) -> HttpResponse:
    """How many dossiers others have changed since the list was drawn."""
    require(request.user, "dossiers.work_list")
    try:
        since = datetime.fromtimestamp(float(request.GET.get("since", "")), tz=UTC)
    except (ValueError, OverflowError, OSError):
        return JsonResponse({"changed": 0})
    return JsonResponse({"changed": desk_queries.changed_since(since, for_user=request.user)})
