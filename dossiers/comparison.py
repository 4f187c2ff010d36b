"""The checks that hold one thing against another: dates against the season, parts of the dossier against each other,
this dossier against earlier ones and against those of other enterprises. Pure.

A check that has nothing to compare says nothing.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from decimal import Decimal

from dossiers.evidence import Check, Facts, State
from dossiers.trends import MEASURES, doubts

# What belongs to the enterprise in a year, whatever the product.
OF_ENTERPRISE = ("enterprise_revenue_vnd_billion",)
# The parts of the record that a paper proves: when they change, so does the business registration.
PROVED = ("name_vi", "legal_representative", "street", "ward_id")


def papers_are_in_force(facts: Facts) -> Iterable[Check]:
    """Against today, the end of the registration, and the time for which a recognition would hold."""
    dated = [paper for paper in facts.papers if paper.valid_until is not None or paper.issued_on is not None]
    if not dated or facts.today is None:
        return
    found: list[dict[str, object]] = []
    states = [State.OK]
    for paper in dated:
        kind, state = "", State.OK
        until, issued = paper.valid_until, paper.issued_on
        if until is not None and until < facts.today:
            kind, state = "expired", State.NO
        elif issued is not None and issued > facts.today:
            kind, state = "issued_later", State.ASK
        elif until is not None and issued is not None and until < issued:
            kind, state = "ends_before_issue", State.NO
        elif until is not None and facts.registration_ends is not None and until <= facts.registration_ends:
            kind, state = "expires_in_registration", State.ASK
        elif until is not None and facts.validity_ends is not None and until < facts.validity_ends:
            kind, state = "expires_in_validity", State.INFO
        if kind:
            found.append({"paper": paper.code, "name": paper.name, "kind": kind, "until": until, "issued": issued})
        states.append(state)
    worst = next(state for state in (State.NO, State.ASK, State.INFO, State.OK) if state in states)
    yield Check("certificates", worst, {"found": found, "dated": len(dated)})


def product_sells_no_more_than_its_maker(facts: Facts) -> Iterable[Check]:
    known = [
        (year.year, year.revenue_vnd_billion, year.enterprise_revenue_vnd_billion)
        for year in facts.years
        if year.revenue_vnd_billion is not None and year.enterprise_revenue_vnd_billion is not None
    ]
    if known:
        over = [row for row in known if row[1] > row[2]]
        yield Check("revenue_total", State.NO if over else State.OK, {"rows": over or known[-1:]})


def products_together_sell_no_more_than_their_maker(facts: Facts) -> Iterable[Check]:
    """All products that the enterprise enters this season, year by year."""
    siblings = [one for one in facts.reported if one.same_season]
    rows = []
    for year in facts.years:
        others = [
            one.figures.revenue_vnd_billion
            for one in siblings
            if one.figures.year == year.year and one.figures.revenue_vnd_billion is not None
        ]
        if others and year.revenue_vnd_billion is not None and year.enterprise_revenue_vnd_billion is not None:
            total = year.revenue_vnd_billion + sum(others, Decimal(0))
            rows.append((year.year, total, year.enterprise_revenue_vnd_billion, len(others) + 1))
    if rows:
        over = [row for row in rows if row[1] > row[2]]
        yield Check("products_total", State.NO if over else State.OK, {"rows": over or rows[-1:]})


def exports_are_part_of_the_revenue(facts: Facts) -> Iterable[Check]:
    """Only when the season names a rate to compare with."""
    rate = facts.usd_rate_vnd
    if not rate:
        return
    rows = [
        (year.year, year.export_usd_million, year.export_usd_million * rate / 1000, year.revenue_vnd_billion)
        for year in facts.years
        if year.export_usd_million is not None and year.revenue_vnd_billion is not None
    ]
    if rows:
        over = [row for row in rows if row[2] > row[3]]
        yield Check("exports_total", State.NO if over else State.OK, {"rows": over or rows[-1:], "rate": rate})


def parts_agree(facts: Facts) -> Iterable[Check]:
    """What one part of the dossier says against another part, and against the enterprise's other dossiers of the
    season."""
    found: list[dict[str, object]] = []
    exports = [(year.year, year.export_usd_million) for year in facts.years if year.export_usd_million is not None]
    sold = [(year, value) for year, value in exports if value > 0]
    if sold and not facts.export_markets:
        found.append({"kind": "exports_without_market", "year": sold[-1][0], "value": sold[-1][1]})
    if facts.export_markets and exports and not sold:
        found.append({"kind": "market_without_exports", "markets": facts.export_markets})
    for year in facts.years:
        if facts.founded_year is not None and year.year < facts.founded_year and year.revenue_vnd_billion:
            founded = {"founded": facts.founded_year, "value": year.revenue_vnd_billion}
            found.append({"kind": "before_founding", "year": year.year} | founded)
        for other in facts.reported:
            if not other.same_season or other.figures.year != year.year:
                continue
            for measure in OF_ENTERPRISE:
                here, there = getattr(year, measure), getattr(other.figures, measure)
                if here is not None and there is not None and here != there:
                    values = {"here": here, "there": there, "number": other.number}
                    found.append({"kind": "season", "year": year.year, "measure": measure} | values)
    slots = defaultdict(set)
    names = {}
    for paper in facts.papers:
        slots[paper.sha256].add(paper.code)
        names[paper.sha256] = paper.name
    for sha256, codes in slots.items():
        if len(codes) > 1:
            found.append({"kind": "same_file", "name": names[sha256], "papers": sorted(codes)})
    yield Check("agreement", State.ASK if found else State.OK, {"found": found})


def figures_agree_with_earlier_ones(facts: Facts) -> Iterable[Check]:
    """A year that an earlier season asked for as well: every measure for the same product, totals for any."""
    here = {year.year: year for year in facts.years}
    compared, found = 0, []
    for earlier in facts.reported:
        year = here.get(earlier.figures.year)
        if earlier.same_season or year is None:
            continue
        for measure in MEASURES if earlier.same_product else OF_ENTERPRISE:
            before, after = getattr(earlier.figures, measure), getattr(year, measure)
            if before is None or after is None:
                continue
            compared += 1
            if before != after:
                values = {"measure": measure, "before": before, "after": after}
                found.append(
                    {"year": year.year, "number": earlier.number, "season_year": earlier.season_year} | values
                )
    if compared:
        yield Check("last_year", State.ASK if found else State.OK, {"found": found, "compared": compared})


def record_is_as_before(facts: Facts) -> Iterable[Check]:
    """Name, representative and address as they were sent the last time."""
    earlier = facts.earlier_record
    if earlier is None or not facts.record:
        return
    changed = [
        (name, earlier.values.get(name), facts.record.get(name))
        for name in PROVED
        if name in earlier.values and earlier.values.get(name) != facts.record.get(name)
    ]
    about = {"changed": changed, "number": earlier.number, "season_year": earlier.season_year}
    yield Check("record", State.ASK if changed else State.OK, about)


def figures_are_usual(facts: Facts) -> Iterable[Check]:
    """Steep falls and jumps of any measure. What the enterprise confirmed as right is told as that. The fall of the
    product's revenue has a check of its own."""
    if not facts.years:
        return
    found = [
        doubt
        for doubt in doubts(facts.years, track=facts.dossier.track)
        if doubt.code in ("jump", "fall") and (doubt.code, doubt.measure) != ("fall", "revenue_vnd_billion")
    ]
    rows = [(doubt, doubt.key in facts.confirmed) for doubt in found]
    if any(not confirmed for _, confirmed in rows):
        state = State.ASK
    else:
        state = State.INFO if rows else State.OK
    yield Check("usual", state, {"rows": rows})


def files_are_its_own(facts: Facts) -> Iterable[Check]:
    yield Check("twins", State.ASK if facts.twins else State.OK, {"twins": facts.twins})


def contact_is_its_own(facts: Facts) -> Iterable[Check]:
    """A consultant may serve several enterprises; the officer should know of it."""
    yield Check("contact", State.ASK if facts.same_contact else State.OK, {"others": facts.same_contact})


RULES: tuple[Callable[[Facts], Iterable[Check]], ...] = (
    papers_are_in_force,
    product_sells_no_more_than_its_maker,
    products_together_sell_no_more_than_their_maker,
    exports_are_part_of_the_revenue,
    figures_are_usual,
    figures_agree_with_earlier_ones,
    parts_agree,
    record_is_as_before,
    files_are_its_own,
    contact_is_its_own,
)
