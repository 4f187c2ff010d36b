"""What happened with the enterprise over the years: its dossiers and recognitions, and its record."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from dossiers.models import Dossier
from dossiers.views.enterprise_story import seasons_of
from enterprises import history
from enterprises.models import Enterprise
from enterprises.views.common import of_enterprise


@require_safe
@of_enterprise("enterprises.represent")
def enterprise_history(request: HttpRequest, enterprise: Enterprise) -> HttpResponse:
    context = {
        "enterprise": enterprise,
        "tab": "history",
        "seasons": seasons_of(enterprise, Dossier.objects.all(), timezone.localdate()),
        "changes": history.changes_of(enterprise),
        "most": history.MOST,
    }
    return render(request, "dossiers/enterprise_history.html", context)
