"""The Department's desk: the worklist with its panel, the check of one dossier, the letters that leave it."""

from dossiers.views.desk.acts import admit, check_again, refuse, start_check
from dossiers.views.desk.bulk import bulk_do, bulk_plan, bulk_undo
from dossiers.views.desk.checking import check
from dossiers.views.desk.lists import worklist
from dossiers.views.desk.marks import check_mark, check_open
from dossiers.views.desk.notes import check_notes, remove_note
from dossiers.views.desk.paper_acts import answer_on_paper, withdraw_on_paper
from dossiers.views.desk.phrases import end_phrase, phrase, phrases
from dossiers.views.desk.saved import list_age, remove_filter, save_filter
from dossiers.views.desk.supplement import ask_supplement
from dossiers.views.desk.transcribe import transcribe
from dossiers.views.desk.versions import changes

__all__ = [
    "admit",
    "answer_on_paper",
    "ask_supplement",
    "bulk_do",
    "bulk_plan",
    "bulk_undo",
    "changes",
    "check",
    "check_again",
    "check_mark",
    "check_notes",
    "check_open",
    "end_phrase",
    "list_age",
    "phrase",
    "phrases",
    "refuse",
    "remove_filter",
    "remove_note",
    "save_filter",
    "start_check",
    "transcribe",
    "withdraw_on_paper",
    "worklist",
]
