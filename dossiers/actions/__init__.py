"""What can be done with a dossier."""

from dossiers.actions.assigning import assign_officer
from dossiers.actions.break_glass import ask_to_open, open_for_an_hour, refuse_to_open
from dossiers.actions.calendar import mark_day, strike_day
from dossiers.actions.checking import Asked, admit, check_again, refuse, request_supplement, start_check
from dossiers.actions.conflicts import ask_to_lift, declare_conflict, decline_to_lift, lift, put_apart
from dossiers.actions.counter import answer_on_paper, something_came, withdraw_on_paper
from dossiers.actions.desk import (
    Overtaken,
    add_phrase,
    change_phrase,
    close,
    end_phrase,
    keep_open,
    mark,
    remove_note,
    write_note,
)
from dossiers.actions.extending import extend_supplement, latest_extension
from dossiers.actions.figures import confirm_figure, report_figures
from dossiers.actions.filling import (
    answer_eligibility,
    correct_enterprise,
    correct_enterprise_by_department,
    describe,
    describe_product,
    give_undertakings,
    mark_oneself,
)
from dossiers.actions.papers import (
    MAX_FILES_PER_SLOT,
    attach,
    describe_document,
    move_document,
    put_back,
    remove_document,
    take_over,
)
from dossiers.actions.scans import attach_scan
from dossiers.actions.sending import answer_supplement, receive_on_paper, submit, withdraw
from dossiers.actions.start import start
from dossiers.actions.transcribing import BothWrote, stored_of, transcribe, why_not_transcribed
from dossiers.actions.uploads import (
    KEPT_HOURS,
    PIECE_BYTES,
    abandon_upload,
    add_piece,
    begin_upload,
    finish_upload,
    sweep_uploads,
)

__all__ = [
    "KEPT_HOURS",
    "MAX_FILES_PER_SLOT",
    "PIECE_BYTES",
    "Asked",
    "BothWrote",
    "Overtaken",
    "abandon_upload",
    "add_phrase",
    "add_piece",
    "admit",
    "answer_eligibility",
    "answer_on_paper",
    "answer_supplement",
    "ask_to_lift",
    "ask_to_open",
    "assign_officer",
    "attach",
    "attach_scan",
    "begin_upload",
    "change_phrase",
    "check_again",
    "close",
    "confirm_figure",
    "correct_enterprise",
    "correct_enterprise_by_department",
    "declare_conflict",
    "decline_to_lift",
    "describe",
    "describe_document",
    "describe_product",
    "end_phrase",
    "extend_supplement",
    "finish_upload",
    "give_undertakings",
    "keep_open",
    "latest_extension",
    "lift",
    "mark",
    "mark_day",
    "mark_oneself",
    "move_document",
    "open_for_an_hour",
    "put_apart",
    "put_back",
    "receive_on_paper",
    "refuse",
    "refuse_to_open",
    "remove_document",
    "remove_note",
    "report_figures",
    "request_supplement",
    "something_came",
    "start",
    "start_check",
    "stored_of",
    "strike_day",
    "submit",
    "sweep_uploads",
    "take_over",
    "transcribe",
    "why_not_transcribed",
    "withdraw",
    "withdraw_on_paper",
    "write_note",
]
