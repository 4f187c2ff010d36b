"""Letters that somebody at the desk must not see all the same. The rooms that know why stand to the right of this one
and add their fence at start."""

from collections.abc import Callable
from typing import Any

from django.db.models import Q

# The letters that are hidden from this person; None when nothing is.
Fence = Callable[[Any], Q | None]
_fences: list[Fence] = []


def add(fence: Fence) -> None:
    if fence not in _fences:
        _fences.append(fence)


def hidden_from(user: Any) -> Q | None:
    """What all fences together hide."""
    found: Q | None = None
    for fence in _fences:
        hidden = fence(user)
        if hidden is not None:
            found = hidden if found is None else found | hidden
    return found
