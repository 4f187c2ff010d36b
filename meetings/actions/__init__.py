"""What can be done about a session of the council."""

from meetings.actions.papers import (
    change_facts,
    order_by_button,
    order_papers,
    sign_minutes,
    state_before_signing,
)
from meetings.actions.planning import (
    add_business,
    add_dossier,
    ask_vote,
    cancel_meeting,
    change_meeting,
    move_item,
    plan_meeting,
    propose_order,
    remove_item,
)
from meetings.actions.room import (
    call_item,
    close_meeting,
    end_item,
    let_in,
    let_out,
    open_meeting,
    put_off_item,
    start_item,
    tick_attendance,
    word_conclusion,
)
from meetings.actions.voting import cast_vote, close_vote, enter_vote, open_vote

__all__ = [
    "add_business",
    "add_dossier",
    "ask_vote",
    "call_item",
    "cancel_meeting",
    "cast_vote",
    "change_facts",
    "change_meeting",
    "close_meeting",
    "close_vote",
    "end_item",
    "enter_vote",
    "let_in",
    "let_out",
    "move_item",
    "open_meeting",
    "open_vote",
    "order_by_button",
    "order_papers",
    "plan_meeting",
    "propose_order",
    "put_off_item",
    "remove_item",
    "sign_minutes",
    "start_item",
    "state_before_signing",
    "tick_attendance",
    "word_conclusion",
]
