from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from certificates.queries import serials_of
from public.addresses import product_path
from registry import queries

OTHERS = 4


@login_not_required
@require_safe
def product(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    """The page people link to. It stays for ever; what holds today is said in words."""
    today = timezone.localdate()
    known = queries.products(today).select_related("enterprise__ward", "sector")
    found = get_object_or_404(known, pk=pk)
    if slug != (found.slug or "-"):
        return redirect(product_path(found), permanent=True)
    listing = queries.listing(found, queries.history_of(found), today)
    papers = serials_of(listing.history)
    others = queries.ordered(known.filter(enterprise=found.enterprise).exclude(pk=pk), "newest")[:OTHERS]
    context = {
        "listing": listing,
        "product": found,
        "certificates": papers[listing.recognition.pk],
        "history": [
            (recognition, recognition.status(today), papers[recognition.pk]) for recognition in listing.history
        ],
        "others": queries.listings(others, today),
    }
    return render(request, "public/product.html", context)
