"""Who sees the keys and who changes their history. Nobody is given a private key by any page."""

from accounts.permissions import is_it_officer

RULES = {
    "manage_keys": is_it_officer,
}
