"""What can be done with an enterprise, its people and its record."""

from enterprises.actions.asking import answer_join_request, ask_to_join
from enterprises.actions.inviting import accept_invitation, invite, send_invitation_again, withdraw_invitation
from enterprises.actions.people import add_representative, change_role, end_representation
from enterprises.actions.record import (
    add_site,
    change_site,
    correct_by_department,
    correct_record,
    end_site,
    note_not_duplicate,
    take_back_not_duplicate,
)
from enterprises.actions.registering import (
    open_registered_account,
    record_enterprise,
    register_enterprise,
    send_registration_letter,
)

__all__ = [
    "accept_invitation",
    "add_representative",
    "add_site",
    "answer_join_request",
    "ask_to_join",
    "change_role",
    "change_site",
    "correct_by_department",
    "correct_record",
    "end_representation",
    "end_site",
    "invite",
    "note_not_duplicate",
    "open_registered_account",
    "record_enterprise",
    "register_enterprise",
    "send_invitation_again",
    "send_registration_letter",
    "take_back_not_duplicate",
    "withdraw_invitation",
]
