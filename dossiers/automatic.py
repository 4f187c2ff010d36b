"""What the machine can tell an officer before anybody reads the dossier, in the order an officer reads it. Pure.

A check is a code, a state and the facts that prove it; the door has the words. No check decides anything: a
cross or a question is for the officer to weigh.
"""

from collections.abc import Callable, Iterable
from decimal import Decimal
from itertools import pairwise

from dossiers import comparison, completeness
from dossiers.evidence import Check, Facts, State
from dossiers.papers import required_on
from enterprises.tax_code import InvalidTaxCode, parse
from programme import tracks

# A fall of the revenue below this share of the year before is worth a question.
STEEP_FALL = Decimal("0.5")


def growth(before: Decimal | None, after: Decimal | None) -> Decimal | None:
    """Per cent from one year to the next; None when it cannot be said."""
    if before is None or after is None or before == 0:
        return None
    return (after / before - 1) * 100


# --- the checks ---------------------------------------------------------------------------------------
def tax_code_is_valid(facts: Facts) -> Iterable[Check]:
    about = {"tax_code": facts.tax_code}
    try:
        parse(facts.tax_code)
    except InvalidTaxCode as error:
        yield Check("tax_code", State.NO, about | {"kind": error.kind})
    else:
        yield Check("tax_code", State.OK, about)


def threshold_is_reached(facts: Facts) -> Iterable[Check]:
    """The last full year against the threshold of the track."""
    dossier, track = facts.dossier, tracks.TRACKS[facts.dossier.track]
    year = dossier.years_asked[-1]
    last = next((figure for figure in dossier.figures if figure.year == year), None)
    revenue, export = (last.revenue, last.export) if last else (None, None)
    missed = tracks.below_threshold(track.code, revenue=revenue, export=export)
    exempt = track.min_revenue is None and track.min_export is None
    measure = "export" if track.min_export is not None else "revenue"
    about = {
        "year": year,
        "measure": measure,
        "reported": export if measure == "export" else revenue,
        "least": track.min_export if measure == "export" else track.min_revenue,
        "exempt": exempt,
        "source": tracks.SOURCE,
    }
    yield Check("threshold", State.NO if missed else State.OK, about)


def papers_are_attached(facts: Facts) -> Iterable[Check]:
    asked = required_on(facts.dossier.track)
    lacking = [found.about for found in completeness.papers_are_attached(facts.dossier)]
    about = {"asked": len(asked), "attached": len(asked) - len(lacking), "lacking": lacking}
    yield Check("papers", State.NO if lacking else State.OK, about)


def figures_are_reported(facts: Facts) -> Iterable[Check]:
    lacking = [found.about for found in completeness.figures_are_reported(facts.dossier)]
    about = {"lacking": lacking, "years": facts.dossier.years_asked}
    yield Check("figures", State.NO if lacking else State.OK, about)


def texts_are_given(facts: Facts) -> Iterable[Check]:
    """Contact, description and undertakings."""
    lacking = [f for f in completeness.missing(facts.dossier) if f.part not in ("papers", "figures")]
    yield Check("texts", State.NO if lacking else State.OK, {"lacking": lacking})


def revenue_is_steady(facts: Facts) -> Iterable[Check]:
    """Silent without two neighbouring years; a fall by more than half asks whether it is right."""
    reported = sorted(facts.dossier.figures, key=lambda figure: figure.year)
    known = [(f.year, f.revenue) for f in reported if f.revenue is not None]
    pairs = [(a, b) for a, b in pairwise(known) if b[0] - a[0] == 1]
    if not pairs:
        return
    falls = [(a, b) for a, b in pairs if b[1] < a[1] * STEEP_FALL]
    (year_before, before), (year, after) = falls[0] if falls else pairs[-1]
    about = {
        "year_before": year_before,
        "before": before,
        "year": year,
        "after": after,
        "growth": growth(before, after),
    }
    yield Check("revenue", State.ASK if falls else State.OK, about)


def name_stands_once(facts: Facts) -> Iterable[Check]:
    yield Check("same_name", State.ASK if facts.same_name else State.OK, {"others": facts.same_name})


def enterprise_has_others(facts: Facts) -> Iterable[Check]:
    yield Check("enterprise", State.INFO if facts.of_enterprise else State.OK, {"others": facts.of_enterprise})


RULES: tuple[Callable[[Facts], Iterable[Check]], ...] = (
    tax_code_is_valid,
    papers_are_attached,
    figures_are_reported,
    threshold_is_reached,
    revenue_is_steady,
    texts_are_given,
    *comparison.RULES,
    name_stands_once,
    enterprise_has_others,
)


def checks(facts: Facts) -> list[Check]:
    """Every check of the dossier, in the order in which an officer reads it."""
    return [check for rule in RULES for check in rule(facts)]
