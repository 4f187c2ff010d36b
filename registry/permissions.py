from accounts.permissions import is_officer, is_secretary, is_staff

RULES = {
    "revoke": is_officer,
    "record_decision": is_secretary,
    "read_comments": is_staff,
    "reply_to_comments": is_staff,
}
