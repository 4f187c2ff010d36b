"""The side rail of the desk and the council: every app adds its own doors, none knows the others'."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest
from django.utils.functional import Promise


@dataclass(frozen=True)
class Door:
    """One line of the rail. `url` and `count` are asked per request; a door whose `url` is None is hidden."""

    label: str | Promise
    url: Callable[[HttpRequest], str | None]
    count: Callable[[HttpRequest], int | str | None] | None = None


@dataclass
class Section:
    title: str | Promise
    order: int
    doors: list[Door] = field(default_factory=list)


_sections: dict[str, Section] = {}


def add(key: str, title: str | Promise, order: int, *doors: Door) -> None:
    """Called from `AppConfig.ready`. Doors of the same key join one section."""
    section = _sections.setdefault(key, Section(title, order))
    section.doors.extend(doors)


def entries(request: HttpRequest) -> list[dict[str, Any]]:
    """Sections with the doors this person may use, in order."""
    shown = []
    for section in sorted(_sections.values(), key=lambda s: s.order):
        doors = []
        for door in section.doors:
            url = door.url(request)
            if url is not None:
                count = door.count(request) if door.count else None
                current = request.get_full_path() == url or request.path == url
                doors.append({"label": door.label, "url": url, "count": count, "current": current})
        if doors:
            shown.append({"title": section.title, "entries": doors})
    return shown
