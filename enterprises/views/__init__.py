"""Registration, the own enterprises, their people and sites; the Department's list of possible duplicates."""

from enterprises.views.adding import add, add_facts
from enterprises.views.desk import duplicates, not_duplicate, not_duplicate_undo
from enterprises.views.invitation import invitation, invitation_link
from enterprises.views.mine import mine
from enterprises.views.people import (
    answer_request,
    invitation_again,
    invitation_withdraw,
    people,
    person_end,
    person_role,
)
from enterprises.views.registration import register, registration, registration_link, registration_sent
from enterprises.views.sites import site, site_end, sites

__all__ = [
    "add",
    "add_facts",
    "answer_request",
    "duplicates",
    "invitation",
    "invitation_again",
    "invitation_link",
    "invitation_withdraw",
    "mine",
    "not_duplicate",
    "not_duplicate_undo",
    "people",
    "person_end",
    "person_role",
    "register",
    "registration",
    "registration_link",
    "registration_sent",
    "site",
    "site_end",
    "sites",
]
