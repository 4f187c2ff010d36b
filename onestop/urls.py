from django.urls import path
from django.utils.translation import pgettext_lazy

from onestop.views import book, counter, papers, texts

app_name = "onestop"
urlpatterns = [
    path(pgettext_lazy("url", "desk/receive/"), counter.receive, name="receive"),
    path(pgettext_lazy("url", "desk/dossiers/<int:pk>/forms/"), papers.forms, name="forms"),
    path(pgettext_lazy("url", "desk/dossiers/<int:pk>/forms/<slug:form>/"), papers.form, name="form"),
    path(pgettext_lazy("url", "desk/dossiers/<int:pk>/scans/"), papers.scan, name="scan"),
    path(pgettext_lazy("url", "dossiers/<int:pk>/forms/"), papers.own, name="own"),
    path(pgettext_lazy("url", "forms/<int:pk>/"), papers.made, name="made"),
    path(pgettext_lazy("url", "forms/<int:pk>/<slug:face>/"), papers.file, name="file"),
    path(pgettext_lazy("url", "desk/book/"), book.book, name="book"),
    path(pgettext_lazy("url", "desk/book/<slug:face>/"), book.book_file, name="book_file"),
    path(pgettext_lazy("url", "desk/apologies/"), book.apologies, name="apologies"),
    path(pgettext_lazy("url", "desk/forms/"), texts.texts, name="texts"),
    path(pgettext_lazy("url", "desk/forms/<slug:form>/"), texts.text, name="text"),
    path(pgettext_lazy("url", "desk/forms/<slug:form>/standard/"), texts.restore, name="text_restore"),
]
