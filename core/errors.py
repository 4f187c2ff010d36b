"""A refusal gives its reasons: one sentence each, already in the reader's language."""

from collections.abc import Iterable


class Refused(Exception):
    """An action was not taken. `reasons` can be shown to the person as they are."""

    def __init__(self, reasons: str | Iterable[str]) -> None:
        self.reasons: list[str] = [reasons] if isinstance(reasons, str) else [str(r) for r in reasons]
        super().__init__(" ".join(self.reasons))
