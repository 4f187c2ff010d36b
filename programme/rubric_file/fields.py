"""Reading single values of a rubric file, each mistake told with its place. Pure."""

from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any

from programme.rubric_file.problems import Place, Problem
from programme.rubric_file.reading import nearest

POINTS_LIMIT = Decimal(100_000)  # below it: what a column of criteria can hold
MAX_LIST = 50


class Fields:
    """What the judges of the parts share: the list of problems and the readers of values."""

    def __init__(self) -> None:
        self.found: list[Problem] = []
        self.strict = False

    def say(self, place: Place, code: str, /, **params: Any) -> None:
        self.found.append(Problem(place, code, params))

    def keys(self, table: dict[str, Any], known: tuple[str, ...], place: Place) -> None:
        """A mistyped key would be passed over in silence; format 2 refuses it."""
        for key in table if self.strict else ():
            if key not in known:
                near = nearest(str(key), known)
                if near:
                    self.say(place.at(str(key)), "unknown_key_like", key=key, near=near)
                else:
                    self.say(place.at(str(key)), "unknown_key", key=key)

    def words(self, table: dict[str, Any], name: str, place: Place, limit: int = 2000) -> str:
        """A text that must be there."""
        value = table.get(name)
        if not isinstance(value, str) or not value.strip():
            self.say(place.at(name), "missing", name=name)
            return ""
        return self._short(value.strip(), name, place, limit)

    def pair(self, table: dict[str, Any], name: str, place: Place, limit: int = 2000) -> tuple[str, str]:
        """A text in both languages, or in neither."""
        values = [table.get(f"{name}_{language}") or "" for language in ("vi", "en")]
        texts = [value.strip() if isinstance(value, str) else "" for value in values]
        for language, value, text in zip(("vi", "en"), values, texts, strict=True):
            key = f"{name}_{language}"
            if (value and not text) or (any(texts) and not text):
                self.say(place.at(key), "both_languages", name=key)
            self._short(text, key, place, limit)
        return texts[0], texts[1]

    def note(self, table: dict[str, Any], name: str, place: Place) -> tuple[str, str]:
        """A remark: one language may stand alone."""
        texts = []
        for key in (f"{name}_vi", f"{name}_en"):
            value = table.get(key) or ""
            if not isinstance(value, str):
                self.say(place.at(key), "missing", name=key)
                value = ""
            texts.append(self._short(value.strip(), key, place, 2000))
        return texts[0], texts[1]

    def _short(self, text: str, name: str, place: Place, limit: int) -> str:
        if len(text) > limit:
            self.say(place.at(name), "too_long", name=name, length=len(text), limit=limit)
            return text[:limit]
        return text

    def number(self, value: Any, place: Place, name: str) -> Decimal | None:
        """Points: from 0, at most two decimals, below the limit."""
        if isinstance(value, bool) or not isinstance(value, int | Decimal | str | float):
            self.say(place.at(name), "number", name=name)
            return None
        shown = str(value)[:40]
        try:
            number = Decimal(str(value))
        except (InvalidOperation, ValueError):
            self.say(place.at(name), "number_shape", name=name, value=shown)
            return None
        if not number.is_finite() or number < 0:
            self.say(place.at(name), "number_shape", name=name, value=shown)
            return None
        if number >= POINTS_LIMIT:
            self.say(place.at(name), "number_large", name=name, value=shown, limit=POINTS_LIMIT)
            return None
        if number != round(number, 2):
            self.say(place.at(name), "number_shape", name=name, value=shown)
            return None
        return number

    def optional_number(self, table: dict[str, Any], name: str, place: Place) -> Decimal | None:
        return self.number(table[name], place, name) if table.get(name) is not None else None

    def fraction(self, value: Any, place: Place) -> Fraction | None:
        shape = isinstance(value, int | Decimal | str | float) and not isinstance(value, bool)
        text = str(value).strip() if shape else ""
        try:
            if not text or len(text) > 20:
                raise ValueError(text)
            return Fraction(Decimal(text)) if "/" not in text else Fraction(text)
        except (ValueError, ArithmeticError):
            self.say(place.at("value"), "fraction")
            return None

    def flag(self, table: dict[str, Any], name: str, place: Place) -> bool:
        value = table.get(name, False)
        if not isinstance(value, bool):
            self.say(place.at(name), "true_false", name=name)
            return False
        return value

    def names(self, value: Any, place: Place, name: str) -> tuple[str, ...]:
        """A list of words; nothing at all is an empty list."""
        if value is None:
            return ()
        if not isinstance(value, list) or not all(isinstance(item, str) and item.strip() for item in value):
            self.say(place.at(name), "words_list", name=name)
            return ()
        return tuple(item.strip() for item in self.listed(value, place, name, limit=400))

    def listed(self, value: Any, place: Place, name: str, limit: int = MAX_LIST) -> list[Any]:
        """A list; nothing at all is an empty one."""
        if value is None:
            return []
        if not isinstance(value, list):
            self.say(place.at(name), "list", name=name)
            return []
        if len(value) > limit:
            self.say(place.at(name), "too_many", name=name, count=len(value), limit=limit)
            return value[:limit]
        return value

    def tables(self, value: Any, place: Place, name: str, limit: int = MAX_LIST) -> list[tuple[int, dict[str, Any]]]:
        """The tables of a list with their positions; what is no table is told."""
        found = []
        for number, item in enumerate(self.listed(value, place, name, limit)):
            if isinstance(item, dict):
                found.append((number, item))
            else:
                self.say(place.at(name, number), "table")
        return found


def decimal_of(value: Fraction) -> str:
    """70, 62.5 or 2/3: never rounded."""
    for decimals in range(3):
        if (value * 10**decimals).denominator == 1:
            return format(Decimal(value.numerator) / value.denominator, "f")
    return f"{value.numerator}/{value.denominator}"
