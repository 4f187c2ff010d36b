"""The secretary's pages of a season."""

from django.urls import path
from django.utils.translation import pgettext_lazy

from evaluations.views import assigning, progress, ranking, seats

urlpatterns = [
    path(pgettext_lazy("url", "desk/seasons/<int:year>/council/"), seats.council, name="council"),
    path(
        pgettext_lazy("url", "desk/seasons/<int:year>/council/seats/<int:pk>/vacate/"),
        seats.vacate,
        name="vacate_seat",
    ),
    path(pgettext_lazy("url", "desk/seasons/<int:year>/assignment/"), assigning.assignment, name="assignment"),
    path(
        pgettext_lazy("url", "desk/seasons/<int:year>/assignment/open/"),
        assigning.open_session,
        name="open_session",
    ),
    path(
        pgettext_lazy("url", "desk/seasons/<int:year>/assignment/<int:dossier>/<int:seat>/"),
        assigning.cell,
        name="assignment_cell",
    ),
    path(pgettext_lazy("url", "desk/seasons/<int:year>/progress/"), progress.progress, name="progress"),
    path(pgettext_lazy("url", "desk/seasons/<int:year>/progress/close/"), progress.close, name="close_session"),
    path(
        pgettext_lazy("url", "desk/seasons/<int:year>/progress/compute/"),
        progress.compute_again,
        name="compute_again",
    ),
    path(pgettext_lazy("url", "desk/seasons/<int:year>/ranking/"), ranking.ranking, name="ranking"),
    path(pgettext_lazy("url", "desk/seasons/<int:year>/ranking/csv/"), ranking.ranking_csv, name="ranking_csv"),
]
