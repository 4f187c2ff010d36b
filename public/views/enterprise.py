from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from public.addresses import enterprise_path
from reference.queries import sectors
from registry import queries
from registry.filters import EnterpriseFilter

PAGE = 30


@login_not_required
@require_safe
def enterprises(request: HttpRequest) -> HttpResponse:
    """Every maker of a recognised product, by name."""
    filters = EnterpriseFilter(request.GET, queryset=queries.enterprises())
    page = Paginator(filters.qs, PAGE).get_page(request.GET.get("page"))
    chosen = filters.form.cleaned_data
    context = {
        "page_obj": page,
        "text": chosen.get("q") or "",
        "sector": next(iter(chosen.get("sector") or []), ""),
        "sectors": sectors(),
    }
    return render(request, "public/enterprises.html", context)


@login_not_required
@require_safe
def enterprise(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    """One maker with its products and the years in which it was recognised, for what it passed on as well."""
    today = timezone.localdate()
    found = get_object_or_404(queries.makers(), pk=pk)
    if slug != (found.slug or "-"):
        return redirect(enterprise_path(found), permanent=True)
    own = queries.products(today).filter(enterprise=found).select_related("enterprise__ward", "sector")
    listings = queries.listings(queries.ordered(own, "newest"), today)
    context = {"enterprise": found, "listings": listings, "years": queries.named_in(found)}
    return render(request, "public/enterprise.html", context)
