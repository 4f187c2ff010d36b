from django.urls import path
from django.utils.translation import pgettext_lazy

from exchange import views

app_name = "exchange"
urlpatterns = [
    path(pgettext_lazy("url", "desk/excel/"), views.excel, name="excel"),
    path(pgettext_lazy("url", "desk/excel/<slug:kind>/export/"), views.export, name="export"),
    path(pgettext_lazy("url", "desk/excel/<slug:kind>/template/"), views.template, name="template"),
    path(pgettext_lazy("url", "desk/excel/<slug:kind>/upload/"), views.upload, name="upload"),
    path(pgettext_lazy("url", "desk/excel/imports/<int:pk>/"), views.one_import, name="import"),
    path(pgettext_lazy("url", "desk/excel/imports/<int:pk>/confirm/"), views.confirm, name="confirm"),
    path(pgettext_lazy("url", "desk/excel/imports/<int:pk>/errors/"), views.errors, name="errors"),
]
