"""The part of the product: its facts in two languages and what the council reads."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from dossiers import actions, drafts
from dossiers.forms import threshold_in_words
from dossiers.models import Dossier
from dossiers.views.applicant.part import answered, context_of, data_of, with_origins
from dossiers.views.applicant.whose import editable_dossier


@require_http_methods(["GET", "HEAD", "POST"])
@editable_dossier
def product_part(request: HttpRequest, dossier: Dossier) -> HttpResponse:
    """The product in two languages, and what the council reads about it."""
    form = drafts.product_form(dossier, data_of(request))

    def save() -> None:
        facts, texts = form.product_facts(), form.dossier_facts()
        actions.describe_product(dossier=dossier, product_facts=facts, by=request.user, at=timezone.now(), **texts)

    answer = answered(request, dossier, form, save, "dossiers:product_part") if form.is_bound else None
    context = context_of(dossier, "product")
    context |= {"form": with_origins(form, dossier, "product"), "rule": threshold_in_words(dossier.track)}
    return answer or render(request, "dossiers/product_part.html", context)
