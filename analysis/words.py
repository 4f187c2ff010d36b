"""The sentences: why a number is missing, how good a coefficient is, what stands first on the page."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from analysis.absent import Reason


def is_missing(value: Any) -> bool:
    """A number of a stored report that could not be computed."""
    return value is None or (isinstance(value, Mapping) and "none" in value)


def why(value: Any, names: Mapping[str, str] | None = None) -> str:
    """Not computable because …"""
    if not isinstance(value, Mapping) or "none" not in value:
        return _("not computable")
    reason = Reason(value["none"])
    if reason == Reason.DISCONNECTED:
        groups = [", ".join((names or {}).get(m, m) for m in group) for group in value["groups"]]
        return _(
            "not computable because members and dossiers fall into groups without a common dossier: %(groups)s"
        ) % {"groups": " | ".join(groups)}
    return {
        Reason.NO_POINTS: _("not computable because no points were given"),
        Reason.ONE_MEMBER: _("not computable because only one member scored"),
        Reason.ONE_DOSSIER: _("not computable because there is only one dossier"),
        Reason.ALL_EQUAL: _("not computable because all points are equal"),
        Reason.NOTHING_TWICE: _("not computable because no criterion of a dossier was scored by two members"),
        Reason.TOO_FEW_SHEETS: _("not computable because there are too few sheets"),
        Reason.TOO_FEW_COMMON: _("not computable because too few dossiers were scored in common"),
        Reason.NO_LINE: _("not computable because there is no such line here"),
        Reason.ALL_OR_NONE: _("not computable because all or none were selected"),
        Reason.ONE_CRITERION: _("not computable because there is only one criterion"),
    }[reason]


def number(value: float, decimals: int = 1) -> str:
    """As people read it, rounded, a true minus sign."""
    text = str(number_format(round(abs(value), decimals) + 0.0, decimals, use_l10n=True, force_grouping=True))
    return f"\u2212{text}" if round(value, decimals) < 0 else text


def signed(value: float, decimals: int = 1) -> str:
    text = number(value, decimals)
    return f"+{text}" if round(value, decimals) > 0 else text


def percent(share: float) -> str:
    """Whole percent; the ends are never claimed to be certain."""
    if 0 < share < 0.01:
        return _("under 1%%") % ()
    if 0.99 < share < 1:
        return _("over 99%%") % ()
    return f"{number(100 * share, 0)}%"


def chance(share: Any) -> str:
    """Whole percent of a probability that was drawn: nothing is certain."""
    if is_missing(share):
        return "–"
    return percent(min(max(share, 0.001), 0.999))


def grade(coefficient: float) -> str:
    """Krippendorff's own reading of alpha: reliable from 0.800, tentative from 0.667."""
    if coefficient >= 0.8:
        return pgettext("agreement", "reliable")
    if coefficient >= 0.667:
        return pgettext("agreement", "tentative")
    return pgettext("agreement", "weak")


def band_words(bands: Sequence[Sequence[str]], places: int) -> str:
    """How many dossiers are to be discussed, and at which line; each names the lines at which it is open."""
    count = sum(bool(lines) for lines in bands)
    if not count:
        return _("No dossier lies in the band to be discussed.")
    head = ngettext(
        "%(n)s dossier lies in the band to be discussed", "%(n)s dossiers lie in the band to be discussed", count
    ) % {"n": count}
    where = _("at the line of the Top %(places)s: %(top)s, at the pass line: %(passing)s") % {
        "places": places,
        "top": sum("top" in lines for lines in bands),
        "passing": sum("passing" in lines for lines in bands),
    }
    return f"{head} ({where})."


def error_words(error: Mapping[str, Any], line: str) -> str:
    """How many of the selected are expected not to belong there."""
    if is_missing(error):
        return ""
    return _(
        "%(line)s: of %(selected)s selected about %(expected)s are expected not to be among the truly best "
        "%(selected)s (%(in)s); of those left out %(out)s are."
    ) % {
        "line": line,
        "selected": error["selected"],
        "expected": number(error["expected"], 1),
        "in": percent(error["wrongly_in"]),
        "out": percent(error["wrongly_out"]),
    }


def member_words(members: Sequence[Mapping[str, Any]]) -> str:
    """How many members differ clearly from the council's level."""
    strict = sum(m["clear"] and m["severity"]["effect"] < 0 for m in members)
    lenient = sum(m["clear"] and m["severity"]["effect"] > 0 for m in members)
    if not any(m["severity"] for m in members):
        return ""
    if not strict and not lenient:
        return _("No member scores clearly stricter or more lenient than the council.")
    return _("Clearly stricter than the council: %(strict)s; clearly more lenient: %(lenient)s.") % {
        "strict": strict,
        "lenient": lenient,
    }


def moved_words(kind: str, changed: int, scenarios: int) -> str:
    """How many dossiers would have changed sides in some scenario of this kind."""
    head = {
        "member": _("One member absent"),
        "criterion": _("One criterion not asked"),
        "weights": _("Other weights"),
        "rounding": _("Other rounding"),
    }[kind]
    body = ngettext(
        "%(n)s dossier would change sides in at least one of %(of)s cases",
        "%(n)s dossiers would change sides in at least one of %(of)s cases",
        changed,
    ) % {"n": changed, "of": number(scenarios, 0)}
    return f"{head}: {body}."
