"""Reading single values of a paper form, each mistake told with its place. Pure."""

import re
import unicodedata
from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any

from certificates.form_parts import PLACEHOLDER

NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
CODE = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
COLOUR = re.compile(r"#[0-9a-f]{6}")
DATES = tuple(f"{day}{form}" for day in ("decision_date", "valid_from", "valid_to") for form in ("", "_words", "_en"))
PLACEHOLDERS = (
    *("season_year", "product_name_vi", "product_name_en", "enterprise_name_vi", "enterprise_name_en"),
    *("enterprise_address_vi", "decision_number", *DATES, "serial", "replaces", "verify_short", "verify_url"),
    *("signer_name", "signer_position", "office"),
)
FLAGS = ("is_demo",)


class UnsoundForm(ValueError):
    """A form that cannot be used; `problems` says everything that is wrong with it."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class Fields:
    """One object of the file: its values, its place, and the list of problems that all places share."""

    def __init__(self, place: str, data: Any = None, parent: "Fields | None" = None) -> None:
        self.place = place
        self.data: dict[str, Any] = data if isinstance(data, dict) else {}
        self.root: Fields = parent.root if parent else self
        self.problems: list[str] = parent.problems if parent else []
        self.own_words: frozenset[str] = frozenset()

    def say(self, sentence: str) -> None:
        problem = f"{self.place}: {sentence}"
        if problem not in self.problems:
            self.problems.append(problem)

    def inside(self, data: Any, place: str) -> "Fields":
        return Fields(place, data, self)

    # --- shape ------------------------------------------------------------------------------------------------
    def keys(self, *known: str) -> None:
        for key in self.data:
            if key not in known:
                near = get_close_matches(key, known, 1)
                self.say(f"there is no key {key[:40]} here" + (f"; did you mean {near[0]}?" if near else ""))

    def names(self, *, most: int, new: bool = False) -> list[str]:
        """The keys of an object whose names the form chooses; with `new` none that is already a placeholder."""
        if len(self.data) > most:
            self.say(f"at most {most} names")
        names = []
        for name in list(self.data)[:most]:
            if not NAME.fullmatch(name):
                self.say(f"{name[:40]} is no name: small letters, digits and _")
            elif new and name in (*PLACEHOLDERS, *FLAGS):
                self.say(f"{name} is the name of a placeholder already")
            else:
                names.append(name)
        return names

    def table(self, name: str, *, needed: bool = True) -> "Fields":
        value = self.data.get(name)
        if not isinstance(value, dict) and (needed or value is not None):
            self.say(f"{name} must be an object")
        return self.inside(value, name if self.place == "form" else f"{self.place}, {name}")

    def tables(self, name: str, *, most: int, called: str = "") -> list["Fields"]:
        value = self.data.get(name)
        if not isinstance(value, list) or not value:
            self.say(f"{name} must be a list with at least one object")
            return []
        if len(value) > most:
            self.say(f"{name} has {len(value)} objects; at most {most} are allowed")
        found = []
        for number, item in enumerate(value[:most], start=1):
            label = f"{called or name} {number}"
            found.append(self.inside(item, label if self.place == "form" else f"{self.place}, {label}"))
            if not isinstance(item, dict):
                found[-1].say("it must be an object")
        return found

    # --- words ------------------------------------------------------------------------------------------------
    def text(self, name: str, limit: int, *, needed: bool = True, stripped: bool = True) -> str:
        value = self.data.get(name, "")
        if not isinstance(value, str):
            self.say(f"{name} must be text")
            return ""
        return self._sound(value, name, limit, needed=needed, stripped=stripped)

    def _sound(self, value: str, name: str, limit: int, *, needed: bool, stripped: bool = True) -> str:
        value = unicodedata.normalize("NFC", value)
        if needed and not value.strip():
            self.say(f"{name} is missing")
        if len(value) > limit:
            self.say(f"{name} has {len(value)} characters; at most {limit} are allowed")
        if any(unicodedata.category(sign)[0] in "CZ" and sign != " " for sign in value):
            self.say(f"{name} holds a control character or an unusual space")
        return (value.strip() if stripped else value)[:limit]

    def texts(self, name: str, limit: int, *, most: int) -> list[str]:
        value = self.data.get(name)
        if not isinstance(value, list) or not 0 < len(value) <= most or not all(isinstance(v, str) for v in value):
            self.say(f"{name} must be a list of 1 to {most} texts")
            return []
        return [self._sound(text, name, limit, needed=True) for text in value]

    def phrase(self, name: str, limit: int, *, stripped: bool = True) -> str:
        """A text with placeholders; a brace that is not part of a known one is refused."""
        text = self.text(name, limit, stripped=stripped)
        for found in self.placeholders_in(text):
            known = (*PLACEHOLDERS, *self.root.own_words)
            if found not in known:
                near = get_close_matches(found, known, 1)
                hint = f"; did you mean {{{near[0]}}}?" if near else ""
                self.say(f"there is no placeholder {{{found}}}{hint}")
        if "{" in PLACEHOLDER.sub("", text) or "}" in PLACEHOLDER.sub("", text):
            self.say(f"{name} holds a brace that is not part of a placeholder")
        return text

    @staticmethod
    def placeholders_in(text: str) -> list[str]:
        return PLACEHOLDER.findall(text)

    def code(self, name: str) -> str:
        value = self.data.get(name)
        if not isinstance(value, str) or not CODE.fullmatch(value):
            self.say(f"{name} must be 1 to 40 small letters, digits or hyphens")
            return ""
        return value

    def choice(self, name: str, options: Iterable[str], default: str) -> str:
        value = self.data.get(name, default)
        if value not in tuple(options) or not isinstance(value, str):
            self.say(f"{name} must be one of: {', '.join(options)}")
            return default
        return value

    def condition(self, name: str) -> list[str]:
        value = self.data.get(name, [])
        given = [value] if isinstance(value, str) else value
        if not isinstance(given, list) or not all(isinstance(item, str) for item in given) or len(given) > 5:
            self.say(f"{name} must be the name of a placeholder, or a list of them")
            return []
        for item in given:
            if item not in (*PLACEHOLDERS, *FLAGS, *self.root.own_words):
                self.say(f"{name}: there is no placeholder {item[:40]}")
        return given

    # --- numbers, yes or no, colours --------------------------------------------------------------------------
    def number(self, name: str, least: float, most: float, default: float | None = None) -> float:
        value = self.data.get(name, default)
        if value is None:
            self.say(f"{name} is missing")
            return least
        return self._number(value, name, least, most)

    def _number(self, value: Any, name: str, least: float, most: float) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float) or not least <= value <= most:
            self.say(f"{name} must be a number from {least:g} to {most:g}")
            return least
        return float(value)

    def numbers(self, name: str, least: float, most: float, *, count: int) -> list[float]:
        value = self.data.get(name)
        if not isinstance(value, list) or not 0 < len(value) <= count:
            self.say(f"{name} must be a list of 1 to {count} numbers")
            return []
        return [self._number(item, name, least, most) for item in value]

    def flag(self, name: str) -> bool:
        value = self.data.get(name, False)
        if not isinstance(value, bool):
            self.say(f"{name} must be true or false")
            return False
        return value

    def colour_value(self, name: str) -> str:
        value = self.data.get(name)
        if not isinstance(value, str) or not COLOUR.fullmatch(value):
            self.say(f"{name} must be a colour such as #7d5210")
            return "#000000"
        return value

    def colour(self, name: str, colours: dict[str, str], default: str) -> str:
        """A named colour, or one of the form #rrggbb."""
        value = self.data.get(name, default)
        if isinstance(value, str) and COLOUR.fullmatch(value):
            return value
        if not isinstance(value, str) or value not in colours:
            self.say(f"{name} must be #rrggbb or one of: {', '.join(colours)}")
            return "#000000"
        return colours[value]
