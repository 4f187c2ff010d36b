"""What other rooms lay into a dossier for its enterprise: papers with an address. The rooms that have them stand to
the right of this one and add theirs at start."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from dossiers.models import Dossier


@dataclass(frozen=True)
class Enclosure:
    """A line on the page of the dossier."""

    label: str
    url: str
    note: str = ""


Source = Callable[[Any, Dossier], list[Enclosure]]
_sources: list[Source] = []


def add(source: Source) -> None:
    if source not in _sources:
        _sources.append(source)


def of(user: Any, dossier: Dossier) -> list[Enclosure]:
    """What this person may open."""
    return [found for source in _sources for found in source(user, dossier)]
