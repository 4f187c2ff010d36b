"""The secretary's pages of a season."""

from django.urls import path
from django.utils.translation import pgettext_lazy

from evaluations.views import (
    appeals,
    assigning,
    assigning_excel,
    checks,
    entry,
    progress,
    ranking,
    ranking_files,
    seat,
    seats,
)

urlpatterns = [
    path(pgettext_lazy("url", "desk/seasons/<int:year>/council/"), seats.council, name="council"),
    path(
        pgettext_lazy("url", "desk/seasons/<int:year>/council/seats/<int:pk>/vacate/"),
        seats.vacate,
        name="vacate_seat",
    ),
    path(pgettext_lazy("url", "desk/seasons/<int:year>/council/seats/<int:pk>/"), seat.seat, name="seat"),
    path(pgettext_lazy("url", "desk/seasons/<int:year>/assignment/"), assigning.assignment, name="assignment"),
    path(
        pgettext_lazy("url", "desk/seasons/<int:year>/assignment/excel/"),
        assigning_excel.workbook,
        name="assignment_xlsx",
    ),
    path(
        pgettext_lazy("url", "desk/seasons/<int:year>/assignment/excel/import/"),
        assigning_excel.bring_in,
        name="assignment_import",
    ),
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
    path(pgettext_lazy("url", "desk/seasons/<int:year>/progress/remind/"), progress.remind, name="remind"),
    path(
        pgettext_lazy("url", "desk/seasons/<int:year>/progress/<int:seat>/<int:dossier>/enter/"),
        entry.enter,
        name="enter_sheet",
    ),
    path(
        pgettext_lazy("url", "desk/seasons/<int:year>/progress/entries/<int:pk>/"),
        entry.confirm,
        name="confirm_entry",
    ),
    path(
        pgettext_lazy("url", "desk/seasons/<int:year>/progress/entries/<int:pk>/scan/"),
        entry.scan,
        name="entry_scan",
    ),
    path(pgettext_lazy("url", "desk/seasons/<int:year>/ranking/"), ranking.ranking, name="ranking"),
    path(pgettext_lazy("url", "desk/seasons/<int:year>/ranking/csv/"), ranking_files.ranking_csv, name="ranking_csv"),
    path(
        pgettext_lazy("url", "desk/seasons/<int:year>/ranking/excel/"),
        ranking_files.ranking_xlsx,
        name="ranking_xlsx",
    ),
    path(
        pgettext_lazy("url", "desk/seasons/<int:year>/ranking/<int:number>/bundle/"),
        ranking_files.decision_bundle,
        name="decision_bundle",
    ),
    path(pgettext_lazy("url", "desk/seasons/<int:year>/ranking/compute/"), ranking.order_run, name="order_run"),
    path(
        pgettext_lazy("url", "desk/seasons/<int:year>/ranking/<int:first>/<int:second>/"),
        ranking.difference,
        name="run_difference",
    ),
    path(pgettext_lazy("url", "desk/result-checks/"), checks.checks, name="checks"),
    path(pgettext_lazy("url", "desk/seasons/<int:year>/appeals/"), appeals.appeals, name="appeals"),
    path(pgettext_lazy("url", "desk/seasons/<int:year>/appeals/<int:pk>/"), appeals.appeal, name="appeal"),
    path(
        pgettext_lazy("url", "desk/seasons/<int:year>/appeals/<int:pk>/decide/"),
        appeals.decide_appeal,
        name="decide_appeal",
    ),
]
