"""What can be done with a dossier."""

from dossiers.actions.checking import Asked, admit, refuse, request_supplement, start_check
from dossiers.actions.filling import correct_enterprise, describe, describe_product, give_undertakings, report_figures
from dossiers.actions.papers import MAX_FILES_PER_SLOT, attach, remove_document
from dossiers.actions.sending import answer_supplement, receive_on_paper, submit, withdraw
from dossiers.actions.start import start

__all__ = [
    "MAX_FILES_PER_SLOT",
    "Asked",
    "admit",
    "answer_supplement",
    "attach",
    "correct_enterprise",
    "describe",
    "describe_product",
    "give_undertakings",
    "receive_on_paper",
    "refuse",
    "remove_document",
    "report_figures",
    "request_supplement",
    "start",
    "start_check",
    "submit",
    "withdraw",
]
