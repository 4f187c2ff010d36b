"""The part of the product: its facts in two languages and what the council reads."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from dossiers import actions
from dossiers.forms import (
    ProductPartForm,
    threshold_in_words,
)
from dossiers.models import Dossier
from dossiers.views.applicant.part import answered, context_of, data_of
from dossiers.views.applicant.whose import editable_dossier
from products.forms import ProductForm


@require_http_methods(["GET", "HEAD", "POST"])
@editable_dossier
def product_part(request: HttpRequest, dossier: Dossier) -> HttpResponse:
    """The product in two languages, and what the council reads about it."""
    texts = {name: getattr(dossier, name) for name in ("description", "technology", "track_basis")}
    initial = ProductForm.facts_of(dossier.product) | texts
    form = ProductPartForm(data_of(request), initial=initial, dossier=dossier)

    def save() -> None:
        facts = form.product_facts()
        for name in form.always:  # an empty name is told, not kept
            if not facts.get(name):
                facts.pop(name, None)
        texts = form.dossier_facts()
        actions.describe_product(dossier=dossier, product_facts=facts, by=request.user, at=timezone.now(), **texts)

    answer = answered(request, dossier, form, save, "dossiers:product_part") if form.is_bound else None
    context = context_of(dossier, "product") | {"form": form, "rule": threshold_in_words(dossier.track)}
    return answer or render(request, "dossiers/product_part.html", context)
