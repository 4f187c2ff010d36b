"""The members' pages. Every address names a dossier, never a sheet: a member reaches only the own one."""

from django.urls import path
from django.utils.translation import pgettext_lazy

from evaluations.views import interests, queue, sheet

urlpatterns = [
    path(pgettext_lazy("url", "council/"), queue.queue, name="queue"),
    path(pgettext_lazy("url", "council/interests/"), interests.interests, name="interests"),
    path(pgettext_lazy("url", "council/<int:pk>/"), sheet.sheet, name="sheet"),
    path(pgettext_lazy("url", "council/<int:pk>/sign/"), sheet.sign, name="sign"),
    path(pgettext_lazy("url", "council/<int:pk>/files/<int:document>/"), sheet.document, name="sheet_document"),
]
