"""An enterprise over the years: for its own people, and for the Department."""

from django.urls import path
from django.utils.translation import pgettext_lazy

from dossiers.views import applicant
from dossiers.views.desk import enterprises as desk

urlpatterns = [
    path(
        pgettext_lazy("url", "my-enterprises/<int:pk>/history/"),
        applicant.enterprise_history,
        name="enterprise_history",
    ),
    path(pgettext_lazy("url", "desk/enterprises/"), desk.enterprises, name="desk_enterprises"),
    path(pgettext_lazy("url", "desk/enterprises/<int:pk>/"), desk.enterprise, name="desk_enterprise"),
    path(pgettext_lazy("url", "desk/enterprises/<int:pk>/correct/"), desk.correct, name="desk_correct_enterprise"),
]
