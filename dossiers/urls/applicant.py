from django.urls import path
from django.utils.translation import pgettext_lazy

from dossiers.views import applicant
from dossiers.views.track import track

urlpatterns = [
    path(pgettext_lazy("url", "dossiers/"), applicant.mine, name="mine"),
    path(pgettext_lazy("url", "dossiers/new/"), applicant.new, name="new"),
    path(pgettext_lazy("url", "dossiers/enterprise/<int:pk>/"), applicant.record, name="record"),
    path(pgettext_lazy("url", "dossiers/<int:pk>/"), applicant.hub, name="dossier"),
    path(pgettext_lazy("url", "dossiers/<int:pk>/enterprise/"), applicant.enterprise_part, name="enterprise_part"),
    path(pgettext_lazy("url", "dossiers/<int:pk>/product/"), applicant.product_part, name="product_part"),
    path(pgettext_lazy("url", "dossiers/<int:pk>/figures/"), applicant.figures, name="figures"),
    path(pgettext_lazy("url", "dossiers/<int:pk>/papers/"), applicant.papers, name="papers"),
    path(
        pgettext_lazy("url", "dossiers/<int:pk>/papers/<int:document>/remove/"),
        applicant.remove_document,
        name="remove_document",
    ),
    path(pgettext_lazy("url", "dossiers/<int:pk>/undertakings/"), applicant.undertakings, name="undertakings"),
    path(pgettext_lazy("url", "dossiers/<int:pk>/check/"), applicant.review, name="review"),
    path(pgettext_lazy("url", "dossiers/<int:pk>/receipt/"), applicant.receipt, name="receipt"),
    path(pgettext_lazy("url", "dossiers/<int:pk>/follow/"), applicant.follow, name="follow"),
    path(pgettext_lazy("url", "dossiers/<int:pk>/supplement/"), applicant.supplement, name="supplement"),
    path(pgettext_lazy("url", "dossiers/<int:pk>/withdraw/"), applicant.withdraw, name="withdraw"),
    path(pgettext_lazy("url", "files/<int:pk>/"), applicant.document, name="document"),
    path(pgettext_lazy("url", "track/"), track, name="track"),
]
