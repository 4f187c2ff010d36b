"""The site map. Vietnamese addresses have no prefix, English ones begin with /en/."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path

from accounts.library_urls import callback_urlpatterns
from core.health import livez, readyz

handler400 = "core.views.bad_request"

urlpatterns = [
    path("livez", livez, name="livez"),
    path("readyz", readyz, name="readyz"),
    path("api/", include("api.urls")),
    path("", include("public.machine_urls")),
    path("", include("honours.machine_urls")),
    *callback_urlpatterns,
]

urlpatterns += i18n_patterns(
    path("", include("public.urls")),
    path("", include("accounts.urls")),
    path("", include("accounts.library_urls")),
    path("", include("ledger.urls")),
    path("", include("mail.urls")),
    path("", include("enterprises.urls")),
    path("", include("programme.urls")),
    path("", include("honours.urls")),
    path("", include("dossiers.urls")),
    path("", include("onestop.urls")),
    path("", include("exchange.urls")),
    path("", include("evaluations.urls")),
    path("", include("analysis.urls")),
    path("", include("meetings.urls")),
    path("", include("decisions.urls")),
    path("", include("core.urls")),
    prefix_default_language=False,
)
