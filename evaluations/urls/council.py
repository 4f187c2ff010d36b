"""The members' pages. Every address names a dossier, never a sheet: a member reaches only the own one."""

from django.urls import path
from django.utils.translation import pgettext_lazy

from evaluations.views import corrections, interests, queue, review, sheet, sheet_xlsx

urlpatterns = [
    path(pgettext_lazy("url", "council/"), queue.queue, name="queue"),
    path(pgettext_lazy("url", "council/interests/"), interests.interests, name="interests"),
    path(pgettext_lazy("url", "council/<int:pk>/"), sheet.sheet, name="sheet"),
    path(pgettext_lazy("url", "council/<int:pk>/sign/"), sheet.sign, name="sign"),
    path(pgettext_lazy("url", "council/<int:pk>/correct/"), corrections.correct, name="correct_sheet"),
    path(pgettext_lazy("url", "council/<int:pk>/correct/give-up/"), corrections.give_up, name="give_up_correction"),
    path(pgettext_lazy("url", "council/review/"), review.review, name="own_review"),
    path(pgettext_lazy("url", "council/excel/"), sheet_xlsx.excel, name="sheet_excel"),
    path(pgettext_lazy("url", "council/excel/workbook/"), sheet_xlsx.workbook, name="sheet_workbook"),
    path(pgettext_lazy("url", "council/excel/<str:token>/"), sheet_xlsx.differences, name="sheet_differences"),
]
