from django.urls import path, re_path
from django.utils.translation import pgettext_lazy

from public.views import (
    certificate,
    directory,
    enterprise,
    home,
    offline,
    pages,
    product,
    season,
    statistics,
    verifying,
)

app_name = "public"
urlpatterns = [
    path("", home.home, name="home"),
    path(pgettext_lazy("url", "products/"), directory.directory, name="directory"),
    path(pgettext_lazy("url", "products/<int:pk>-<slug:slug>/"), product.product, name="product"),
    path(pgettext_lazy("url", "enterprises/"), enterprise.enterprises, name="enterprises"),
    path(pgettext_lazy("url", "enterprises/<int:pk>-<slug:slug>/"), enterprise.enterprise, name="enterprise"),
    path(pgettext_lazy("url", "seasons/"), season.seasons, name="seasons"),
    path(pgettext_lazy("url", "seasons/<int:year>/"), season.season, name="season"),
    path(pgettext_lazy("url", "seasons/<int:year>/criteria.json"), season.rubric_file, name="rubric_file"),
    path(pgettext_lazy("url", "seasons/<int:year>/comment-received/"), season.thanks, name="season_thanks"),
    path(pgettext_lazy("url", "statistics/"), statistics.statistics, name="statistics"),
    path(pgettext_lazy("url", "statistics/<slug:name>.csv"), statistics.download, name="statistics_csv"),
    path(pgettext_lazy("url", "verify/"), verifying.verify, name="verify"),
    path(pgettext_lazy("url", "verify/ask/"), verifying.ask, name="ask"),
    path(pgettext_lazy("url", "verify/ask/answer.json"), verifying.signed_answer, name="signed_answer"),
    path(pgettext_lazy("url", "verify/offline/"), offline.offline, name="offline"),
    re_path(r"^verify-worker\.js$", offline.worker, name="offline_worker"),
    # The address in the QR code: short, and the same in both languages.
    re_path(r"^v/(?P<serial>[^/]{1,60})/?$", certificate.certificate, name="certificate"),
    re_path(r"^v/(?P<serial>[^/]{1,60})/pdf/?$", certificate.certificate_pdf, name="certificate_pdf"),
    path(pgettext_lazy("url", "help/"), pages.help_page, name="help"),
    re_path(r"^robots\.txt$", pages.robots, name="robots"),
    re_path(r"^sitemap\.xml$", pages.sitemap, name="sitemap"),
]
