"""What can be wrong with a rubric file: each problem as its place, its code and its figures. Pure.

The sentences stand here once, in English: the command line prints them as they are, pages translate them
(programme.rubric_words).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from types import MappingProxyType
from typing import Any

Path = tuple[str | int, ...]


def gettext_noop(text: str) -> str:
    """Marks a sentence for the catalogue; this module knows no Django."""
    return text


@dataclass(frozen=True)
class Place:
    """Where in the file. `path` leads to the value, from the outermost table inwards."""

    kind: str
    params: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    path: Path = ()

    def at(self, *steps: str | int) -> "Place":
        return Place(self.kind, self.params, (*self.path, *steps))


@dataclass(frozen=True)
class Problem:
    place: Place
    code: str
    params: Mapping[str, Any]


class UnsoundRubric(ValueError):
    """`found` are the problems in the order of the file, `problems` the same as English sentences."""

    def __init__(self, found: list[Problem]) -> None:
        self.found = tuple(found)
        self.problems = [sentence(problem) for problem in found]
        super().__init__("; ".join(self.problems))


PLACES: dict[str, str] = {
    "file": gettext_noop("file"),
    "rubric": gettext_noop("rubric"),
    "set": gettext_noop("set %(code)s"),
    "under": gettext_noop("criterion under %(code)s"),
    "top": gettext_noop("criterion of the first level"),
    "criterion": gettext_noop("criterion %(code)s"),
    "level": gettext_noop("criterion %(code)s, level %(number)s"),
    "level_of": gettext_noop("criterion %(code)s, %(group)s, level %(number)s"),
    "tie": gettext_noop("tie_rules"),
    "pass": gettext_noop("pass_rule"),
    "pass_rule": gettext_noop("pass_rule %(number)s"),
    "band": gettext_noop("award_band %(number)s"),
    "ballot": gettext_noop("ballot"),
    "aggregation": gettext_noop("aggregation"),
}

SENTENCES: dict[str, str] = {
    # reading
    "empty_file": gettext_noop("it is empty"),
    "too_large": gettext_noop("it is larger than the %(limit)s bytes that a rubric may have"),
    "not_utf8": gettext_noop("it is not UTF-8 text (byte %(position)s)"),
    "not_toml": gettext_noop("not readable as TOML: %(error)s"),
    "not_json": gettext_noop("not readable as JSON: %(error)s"),
    "duplicate_key": gettext_noop("the key %(key)s stands twice in one table"),
    "not_a_number_word": gettext_noop("%(value)s is no number that JSON knows"),
    "too_deep": gettext_noop("its tables lie too deep in one another"),
    "not_a_table": gettext_noop("the outermost value must be a table (object)"),
    # any value
    "table": gettext_noop("must be a table (object)"),
    "list": gettext_noop("%(name)s must be a list"),
    "words_list": gettext_noop("%(name)s must be a list of words"),
    "missing": gettext_noop("%(name)s is missing"),
    "both_languages": gettext_noop("%(name)s is missing: give both languages or neither"),
    "too_long": gettext_noop("%(name)s has %(length)s characters, more than %(limit)s"),
    "bad_text": gettext_noop("%(name)s contains a character that no text may have"),
    "unknown_key": gettext_noop("there is no key %(key)s in this format"),
    "unknown_key_like": gettext_noop("there is no key %(key)s in this format; did you mean %(near)s?"),
    "true_false": gettext_noop("%(name)s must be true or false"),
    "number": gettext_noop("%(name)s must be a number"),
    "number_shape": gettext_noop("%(name)s: %(value)s must be a number from 0 with at most two decimals"),
    "number_large": gettext_noop("%(name)s: %(value)s must be below %(limit)s"),
    "too_many": gettext_noop("%(name)s: %(count)s are more than %(limit)s"),
    "one_of": gettext_noop("%(name)s must be one of %(choices)s"),
    # rubric
    "format": gettext_noop("format must be 1 or 2"),
    "code_shape": gettext_noop("code may have letters, digits, hyphens, dots and underscores only"),
    "no_criteria": gettext_noop("criteria must be a list with at least one criterion"),
    "sum": gettext_noop("the criteria add up to %(total)s, not to scale_max %(scale)s (%(difference)s)"),
    "sum_track": gettext_noop(
        "the criteria on track %(group)s add up to %(total)s, not to scale_max %(scale)s (%(difference)s)"
    ),
    "sum_set": gettext_noop(
        "the criteria of set %(group)s add up to %(total)s, not to scale_max %(scale)s (%(difference)s)"
    ),
    # sets
    "set_twice": gettext_noop("this set is named twice"),
    "set_unreachable": gettext_noop("no dossier can come to this set: set %(earlier)s takes all of its products"),
    "sector_unknown": gettext_noop("there is no sector %(group)s"),
    "set_unknown": gettext_noop("there is no set %(group)s"),
    "track_unknown": gettext_noop("there is no track %(group)s"),
    "set_not_track": gettext_noop("%(name)s: a rubric with sets names sets, not tracks"),
    "set_without_sets": gettext_noop("%(name)s: the rubric declares no sets"),
    "set_outside": gettext_noop("it counts in set %(group)s, in which the criterion above it does not"),
    # criteria
    "code_twice": gettext_noop("this code is used twice"),
    "code_reserved": gettext_noop("this code is a word of the format"),
    "criteria_many": gettext_noop("more than %(limit)s criteria"),
    "deep": gettext_noop("criteria may lie at most %(limit)s levels deep"),
    "max_zero": gettext_noop("max_points must be above 0"),
    "choice": gettext_noop("choice must be free or anchors"),
    "choice_empty": gettext_noop("choice is anchors, but there are none"),
    "children_sum": gettext_noop("its children add up to %(total)s, not to %(most)s (%(difference)s)"),
    "children_sum_in": gettext_noop("its children add up to %(total)s in %(group)s, not to %(most)s (%(difference)s)"),
    "leaf_only": gettext_noop("%(name)s belongs to a criterion that receives marks, not to a group"),
    "above_max": gettext_noop("%(points)s points are above the maximum of %(most)s"),
    "must_rise": gettext_noop("levels must rise, but %(points)s follows %(before)s"),
    "eliminating_points": gettext_noop("an eliminating level needs points of its own, but %(points)s stand twice"),
    "case_free": gettext_noop("cases are for a choice between levels: choice must be anchors"),
    "case_partly": gettext_noop("either every level names its case or none does"),
    "case_alone": gettext_noop("cases are for choosing between two or more, but there is one only"),
    "justify_crossed": gettext_noop("justify_below %(below)s lies above justify_above %(above)s"),
    "condition_shape": gettext_noop("condition must be a table with criterion and at_least"),
    "condition_unknown": gettext_noop("its condition names criterion %(other)s, which receives no marks before it"),
    "condition_elsewhere": gettext_noop("its condition names criterion %(other)s, which is not asked in %(group)s"),
    "condition_points": gettext_noop(
        "its condition asks for %(points)s points of criterion %(other)s, which has at most %(most)s"
    ),
    "condition_zero": gettext_noop("its condition must ask for more than 0 points"),
    "condition_twice": gettext_noop("the criterion above it has a condition already"),
    # rules
    "no_criterion": gettext_noop("there is no criterion %(code)s"),
    "not_in_set": gettext_noop("there is no criterion %(code)s in set %(group)s"),
    "tie_twice": gettext_noop("a criterion is named twice"),
    "vote_last": gettext_noop("vote must be the last rule: the council's vote comes after all points"),
    "pass_shape": gettext_noop("must be a table of type all_of with a list of rules"),
    "fraction": gettext_noop("value must be a number or a fraction such as 2/3"),
    "between": gettext_noop("value %(value)s must lie between 0 and %(limit)s"),
    "above_scale": gettext_noop("starts at %(points)s, above scale_max %(scale)s"),
    "bands_rise": gettext_noop("bands must rise, but %(points)s follows %(before)s"),
    "ballot_needed": gettext_noop("none of the options counts in favour"),
    "ballot_no_against": gettext_noop("every option counts in favour; one must not"),
    "ballot_unused": gettext_noop("options are given, but no pass rule counts ballots"),
    "mean_only": gettext_noop("per_criterion must be mean: the only method the programme's texts name"),
    "sum_only": gettext_noop("total must be sum and rounding half_up"),
    "decimals": gettext_noop("decimals must be a whole number from 0 to 4"),
}


class Signed(Decimal):
    """By how much a sum is off; written with its sign."""


def plain(value: Any) -> str:
    """A figure as a file would write it: 62.5, 100, never 1E+2."""
    if not isinstance(value, Decimal):
        return str(value)
    return format(value.normalize(), "+f" if isinstance(value, Signed) else "f")


def sentence(problem: Problem, translate: Callable[[str], str] = str, figure: Callable[[Any], str] = plain) -> str:
    """`place: what is wrong`, in the language of `translate`, numbers written by `figure`."""
    return f"{place_words(problem.place, translate)}: {words(problem, translate, figure)}"


def place_words(place: Place, translate: Callable[[str], str] = str) -> str:
    return translate(PLACES[place.kind]) % place.params


def words(problem: Problem, translate: Callable[[str], str] = str, figure: Callable[[Any], str] = plain) -> str:
    return translate(SENTENCES[problem.code]) % {name: figure(v) for name, v in problem.params.items()}
