from django.urls import path
from django.utils.translation import pgettext_lazy

from dossiers.views import desk

urlpatterns = [
    path(pgettext_lazy("url", "desk/"), desk.worklist, name="desk"),
    path(pgettext_lazy("url", "desk/new/"), desk.worklist, {"view": "desk_new"}, name="desk_new"),
    path(
        pgettext_lazy("url", "desk/awaiting-supplement/"),
        desk.worklist,
        {"view": "desk_supplement"},
        name="desk_supplement",
    ),
    path(pgettext_lazy("url", "desk/overdue/"), desk.worklist, {"view": "desk_overdue"}, name="desk_overdue"),
    path(pgettext_lazy("url", "desk/all/"), desk.worklist, {"view": "desk_all"}, name="desk_all"),
    path(pgettext_lazy("url", "desk/age/"), desk.list_age, name="list_age"),
    path(pgettext_lazy("url", "desk/lists/"), desk.save_filter, name="save_filter"),
    path(pgettext_lazy("url", "desk/lists/<int:pk>/remove/"), desk.remove_filter, name="remove_filter"),
    path(pgettext_lazy("url", "desk/several/"), desk.bulk_plan, name="bulk_plan"),
    path(pgettext_lazy("url", "desk/several/do/"), desk.bulk_do, name="bulk_do"),
    path(pgettext_lazy("url", "desk/several/<int:pk>/undo/"), desk.bulk_undo, name="bulk_undo"),
    path(pgettext_lazy("url", "desk/dossiers/<int:pk>/"), desk.check, name="check"),
    path(pgettext_lazy("url", "desk/dossiers/<int:pk>/take/"), desk.start_check, name="start_check"),
    path(pgettext_lazy("url", "desk/dossiers/<int:pk>/eligible/"), desk.admit, name="admit"),
    path(pgettext_lazy("url", "desk/dossiers/<int:pk>/check-again/"), desk.check_again, name="check_again"),
    path(pgettext_lazy("url", "desk/dossiers/<int:pk>/supplement/"), desk.ask_supplement, name="ask_supplement"),
    path(pgettext_lazy("url", "desk/dossiers/<int:pk>/refuse/"), desk.refuse, name="refuse"),
    path(pgettext_lazy("url", "desk/dossiers/<int:pk>/marks/"), desk.check_mark, name="check_mark"),
    path(pgettext_lazy("url", "desk/dossiers/<int:pk>/open/"), desk.check_open, name="check_open"),
    path(pgettext_lazy("url", "desk/dossiers/<int:pk>/notes/"), desk.check_notes, name="check_notes"),
    path(
        pgettext_lazy("url", "desk/dossiers/<int:pk>/notes/<int:note>/remove/"), desk.remove_note, name="remove_note"
    ),
    path(pgettext_lazy("url", "desk/dossiers/<int:pk>/changes/"), desk.changes, name="changes"),
    path(pgettext_lazy("url", "desk/dossiers/<int:pk>/transcribe/"), desk.transcribe, name="transcribe"),
    path(pgettext_lazy("url", "desk/dossiers/<int:pk>/paper-answer/"), desk.answer_on_paper, name="answer_on_paper"),
    path(
        pgettext_lazy("url", "desk/dossiers/<int:pk>/paper-withdrawal/"),
        desk.withdraw_on_paper,
        name="withdraw_on_paper",
    ),
    path(pgettext_lazy("url", "desk/phrases/"), desk.phrases, name="phrases"),
    path(pgettext_lazy("url", "desk/phrases/<int:pk>/"), desk.phrase, name="phrase"),
    path(pgettext_lazy("url", "desk/phrases/<int:pk>/end/"), desk.end_phrase, name="end_phrase"),
]
