"""The nightly recomputation of the results, for the IT officer."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from accounts.access import require
from core.models import AuditEvent
from evaluations import checking
from evaluations.views.common import page

SHOWN = 30


@require_GET
def checks(request: HttpRequest) -> HttpResponse:
    require(request.user, "evaluations.see_checks")
    verdicts = AuditEvent.objects.filter(act__in=[checking.WELL, checking.DIFFERS]).order_by("-seq")[:SHOWN]
    context = {"verdicts": list(verdicts), "differs": checking.DIFFERS, "fault": checking.fault()}
    return page(request, "session/checks.html", context)
