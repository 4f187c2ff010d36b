"""The banner that stands on every page of the enterprise while the Department waits for a supplement."""

from typing import Any

from django import template
from django.utils import timezone

from dossiers import supplements
from dossiers.models import Stage, SupplementRequest
from dossiers.views.applicant.deadlines import days_in_words

register = template.Library()
# These pages say it themselves.
SILENT = {"supplement", "mine"}


@register.inclusion_tag("dossiers/supplement_banner.html", takes_context=True)
def supplement_banner(context: dict[str, Any]) -> dict[str, Any]:
    """Every open request of the enterprises one acts for: what, until when. One query more for the defects."""
    request = context.get("request")
    user = getattr(request, "user", None)
    match = getattr(request, "resolver_match", None)
    if user is None or not user.is_authenticated or (match is not None and match.url_name in SILENT):
        return {"open": []}
    today = timezone.localdate()
    requests = (
        SupplementRequest.objects.filter(
            answered_at=None,
            dossier__stage=Stage.SUPPLEMENT,
            dossier__enterprise__representatives__user=user,
            dossier__enterprise__representatives__ended_at=None,
        )
        .select_related("dossier__product")
        .prefetch_related("defects")
        .order_by("due_date")
    )
    return {
        "open": [
            {
                "dossier": one.dossier,
                "due": one.due_date,
                "left": days_in_words(one.days_left(today)),
                "is_past": one.days_left(today) < 0,
                "names": list(dict.fromkeys(supplements.name_of(defect.part) for defect in one.defects.all())),
            }
            for one in requests
        ]
    }
