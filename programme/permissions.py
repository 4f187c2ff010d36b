from accounts.permissions import is_officer, is_secretary, is_staff

RULES = {
    "plan": is_officer,
    "publish_plan": is_officer,
    "move_scoring": is_secretary,
    "publish_rubric": is_secretary,
    "see_desk": is_staff,
    "write_rubrics": is_staff,
}
