"""Addresses that stand inside credentials and papers: one form for all languages, and for ever."""

from django.urls import path, re_path

from public.views import credentials

urlpatterns = [
    path(".well-known/did.json", credentials.key_history, name="key_history"),
    path("credentials/status/<int:number>", credentials.status, name="status_list"),
    path("credentials/terms", credentials.terms, name="terms"),
    path("credentials/achievements/<int:year>-<slug:kind>", credentials.achievement, name="achievement"),
    re_path(r"^v/(?P<serial>[^/]{1,60})/credential\.json$", credentials.of_certificate, name="credential"),
]
