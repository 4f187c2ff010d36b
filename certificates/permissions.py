from accounts.permissions import is_secretary, is_staff

RULES = {"issue": is_secretary, "see_book": is_staff, "retry": is_secretary}
