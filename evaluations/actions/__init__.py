"""The council: seats, interests, assignments, sheets, the session."""

from evaluations.actions.appeals import decide_appeal, lodge_appeal, try_corrections
from evaluations.actions.assigning import assign, keep_assignment, set_assignment, take_over, try_assignment
from evaluations.actions.corrections import begin_correction, give_up_correction
from evaluations.actions.council import seat_member, set_up_council, vacate_seat
from evaluations.actions.entry import confirm_entry, drop_entry, enter_sheet
from evaluations.actions.interests import (
    Statement,
    declare_interests,
    declare_own,
    lift_conflict,
    state_before_minutes,
    state_known,
    take_off,
)
from evaluations.actions.likely import answer_likely, find_likely
from evaluations.actions.reminding import remind
from evaluations.actions.seats import change_seat
from evaluations.actions.session import close_session, open_session, order_run, record_cut_vote
from evaluations.actions.sheets import save_marks, save_sheet, sheet_digest, sign_sheet

__all__ = [
    "Statement",
    "answer_likely",
    "assign",
    "begin_correction",
    "change_seat",
    "close_session",
    "confirm_entry",
    "decide_appeal",
    "declare_interests",
    "declare_own",
    "drop_entry",
    "enter_sheet",
    "find_likely",
    "give_up_correction",
    "keep_assignment",
    "lift_conflict",
    "lodge_appeal",
    "open_session",
    "order_run",
    "record_cut_vote",
    "remind",
    "save_marks",
    "save_sheet",
    "seat_member",
    "set_assignment",
    "set_up_council",
    "sheet_digest",
    "sign_sheet",
    "state_before_minutes",
    "state_known",
    "take_off",
    "take_over",
    "try_assignment",
    "try_corrections",
    "vacate_seat",
]
