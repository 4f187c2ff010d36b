"""Worklists that a person keeps. A convenience, not an act of the programme: no audit event."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from core.errors import Refused
from dossiers.models import SavedFilter

MOST = 12


@transaction.atomic
def keep_list(*, name: str, query: str, by: Any, at: datetime) -> SavedFilter:
    """Keep the filters under a name; the same name again replaces them. Raises Refused without a name or filters,
    and when the person keeps too many."""
    if not query:
        raise Refused(_("Choose filters first, then give the list a name."))
    if not name:
        raise Refused(_("Give the list a name."))
    User.objects.select_for_update().get(pk=by.pk)  # one at a time, so that two presses do not pass the limit
    kept = set(SavedFilter.objects.filter(user=by).values_list("name", flat=True))
    if name not in kept and len(kept) >= MOST:
        raise Refused(_("At most %(n)s lists can be kept. Remove one first.") % {"n": MOST})
    found, _new = SavedFilter.objects.update_or_create(user=by, name=name, defaults={"query": query, "saved_at": at})
    return found
