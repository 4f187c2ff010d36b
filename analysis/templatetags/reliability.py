"""The drawings of the reliability page as inline SVG, each for eyes only: the table beneath says the same in words.

{% load reliability %}  {% dot_plot … %}  {% distribution … %}  {% severity_plot … %}  {% agreement_matrix lines %}
{% variance_bar parts %}   {{ value|signed:1 }}  {{ value|points:2 }}  {{ share|chance }}  {{ value|or_why }}
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django import template

from analysis import reading, words

register = template.Library()
register.filter("signed", words.signed)
register.filter("points", words.number)
register.filter("chance", words.chance)


@register.filter
def tick(value: float) -> str:
    """A round value of an axis, with as many decimals as it has."""
    return words.signed(value, 0 if value == int(value) else 1)


@register.filter
def is_missing(value: Any) -> bool:
    return words.is_missing(value)


@register.filter
def why(value: Any) -> str:
    return words.why(value)


@register.filter
def or_why(value: Any, decimals: int = 2) -> str:
    """The number, or the reason why there is none."""
    return words.why(value) if words.is_missing(value) else words.number(value, decimals)


@register.filter
def kind(changes: Any, name: str) -> Any:
    """What a kind of scenario changed for a dossier; None where it could not be tried."""
    found = changes.get(name)
    return {"judged": found[0], "passing": found[1], "top": found[2]} if found and found[0] else None


@register.inclusion_tag("analysis/drawings/dots.html")
def dot_plot(
    rows: Sequence[reading.DossierRow], ticks: Sequence[tuple[float, str]], threshold_x: str, places: int
) -> dict[str, Any]:
    """Dossiers in the order of the ranking: dot, spread of the sheets, both lines."""
    return {"rows": rows, "ticks": ticks, "threshold_x": threshold_x, "places": places}


@register.inclusion_tag("analysis/drawings/distribution.html")
def distribution(columns: Sequence[reading.Column], threshold_x: str) -> dict[str, Any]:
    """How many dossiers lie in each stretch of points."""
    return {"columns": columns, "threshold_x": threshold_x}


@register.inclusion_tag("analysis/drawings/severity.html")
def severity_plot(
    members: Sequence[reading.MemberRow], ticks: Sequence[tuple[float, str]], zero: str
) -> dict[str, Any]:
    """Members around the council's level, with intervals."""
    return {"members": members, "ticks": ticks, "zero": zero}


@register.inclusion_tag("analysis/drawings/matrix.html")
def agreement_matrix(lines: Sequence[reading.MatrixLine]) -> dict[str, Any]:
    """Member beside member; numbers in every cell, shade only underlines them."""
    return {"lines": lines}


@register.inclusion_tag("analysis/drawings/variance.html")
def variance_bar(parts: Sequence[reading.Part]) -> dict[str, Any]:
    """Of what the differences between sheets consist."""
    return {"parts": parts}


@register.inclusion_tag("analysis/drawings/severity.html")
def own_plot(member: reading.MemberRow, ticks: Sequence[tuple[float, str]], zero: str) -> dict[str, Any]:
    """One line, without a name: the reader's own."""
    return {"members": [replace(member, name="")], "ticks": ticks, "zero": zero}
