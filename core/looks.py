"""What other rooms want `manage.py doctor` to look at: a look answers None, or a sentence that names the fault."""

from collections.abc import Callable

Look = Callable[[], str | None]
looks: dict[str, Look] = {}


def add(name: str, look: Look) -> None:
    looks[name] = look
