"""The evidence of each automatic check in words: what was held against what, with the numbers."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any, cast

from django.db import models
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dossiers import words
from dossiers.evidence import Check, Other, State
from dossiers.models import YearFigure
from dossiers.views.desk.words import amount, exact, part_name, per_cent
from reference.models import Ward

# So many other dossiers are named in the evidence of a check.
NAMED = 3

Said = tuple[str, str]


def check(found: Check) -> Said:
    """What was checked, as a sentence that fits the state, and the evidence."""
    return SAYINGS[found.code](found.about, found.state is State.OK)


def others_of(found: Check) -> Sequence[Other]:
    """The dossiers that the evidence names."""
    about = found.about
    twins = [twin.other for twin in about.get("twins", ())][:1]
    return [*about.get("others", ()), *twins][:NAMED]


def _more(others: Sequence[Any]) -> str:
    """How many stand behind those that are named."""
    more = len(others) - NAMED
    return ngettext("and %(n)s more", "and %(n)s more", more) % {"n": more} if more > 0 else ""


def _joined(lines: Sequence[str]) -> str:
    """The first few, and how many more there are."""
    more = len(lines) - NAMED
    said = ngettext("and %(n)s more line", "and %(n)s more lines", more) % {"n": more} if more > 0 else ""
    return "; ".join([*lines[:NAMED], *([said] if said else [])])


def measure_name(name: str) -> str:
    field = cast("models.Field[Any, Any]", YearFigure._meta.get_field(name))
    return str(field.verbose_name)


def _day(day: Any) -> str:
    return date_format(day, "SHORT_DATE_FORMAT") if day else "–"


def _value(value: Any) -> str:
    return exact(Decimal(value)) if value is not None else "–"


# --- one function a check ----------------------------------------------------------------------------
def _tax_code(about: Mapping[str, Any], ok: bool) -> Said:
    title = _("The tax code has a right check digit") if ok else _("The tax code is not valid")
    return title, about["tax_code"]


def _papers(about: Mapping[str, Any], ok: bool) -> Said:
    title = _("Every required paper is attached") if ok else _("Required papers are missing")
    if ok:
        return title, _("%(n)s of %(all)s papers") % {"n": about["attached"], "all": about["asked"]}
    return title, ", ".join(part_name(code) for code in about["lacking"])


def _figures(about: Mapping[str, Any], ok: bool) -> Said:
    title = _("The figures are complete") if ok else _("Figures are missing")
    return title, ", ".join(str(year) for year in (about["years"] if ok else about["lacking"]))


def _threshold(about: Mapping[str, Any], ok: bool) -> Said:
    if about["exempt"]:
        return _("This track has no threshold"), about["source"]
    if about["measure"] == "export":
        good, bad, unit = (
            _("The exports reach the threshold"),
            _("The exports do not reach the threshold"),
            _("million USD"),
        )
    else:
        good, bad, unit = (
            _("The revenue reaches the threshold"),
            _("The revenue does not reach the threshold"),
            _("billion VND"),
        )
    evidence = _("%(year)s: %(reported)s, at least %(least)s %(unit)s · %(source)s") % {
        "year": about["year"],
        "reported": amount(about["reported"]),
        "least": amount(about["least"]),
        "unit": unit,
        "source": about["source"],
    }
    return good if ok else bad, evidence


def _revenue(about: Mapping[str, Any], ok: bool) -> Said:
    title = _("The revenue does not fall steeply") if ok else _("The revenue fell by more than half: is that right?")
    before = f"{about['year_before']}: {amount(about['before'])}"
    after = f"{about['year']}: {amount(about['after'])}"
    return title, f"{before} · {after} {_('billion VND')} ({per_cent(about['growth'])})"


def _texts(about: Mapping[str, Any], ok: bool) -> Said:
    if ok:
        return _("Contact, description and undertakings are given"), ""
    return _("Parts of the dossier are incomplete"), " ".join(words.finding(f) for f in about["lacking"])


def _same_name(about: Mapping[str, Any], ok: bool) -> Said:
    if ok:
        return _("No other dossier of this season names this product"), ""
    return _("Another dossier of this season names the same product"), _more(about["others"])


def _enterprise(about: Mapping[str, Any], ok: bool) -> Said:
    if ok:
        return _("The enterprise has no other dossier"), ""
    n = len(about["others"])
    title = ngettext("The enterprise has %(n)s other dossier", "The enterprise has %(n)s other dossiers", n)
    return title % {"n": n}, _more(about["others"])


def _certificates(about: Mapping[str, Any], ok: bool) -> Said:
    found = about["found"]
    kinds = {one["kind"] for one in found}
    if "expired" in kinds or "ends_before_issue" in kinds:
        title = _("A paper is no longer in force")
    elif kinds & {"issued_later", "expires_in_registration"}:
        title = _("The dates of a paper want a look")
    elif found:
        title = _("A paper expires while a recognition would hold")
    else:
        return _("The dated papers are in force"), ngettext("%(n)s paper", "%(n)s papers", about["dated"]) % {
            "n": about["dated"]
        }
    sentences = {
        "expired": _("%(name)s: valid until %(until)s"),
        "expires_in_registration": _("%(name)s: valid until %(until)s, before the registration ends"),
        "expires_in_validity": _("%(name)s: valid until %(until)s"),
        "issued_later": _("%(name)s: issued on %(issued)s, which is still to come"),
        "ends_before_issue": _("%(name)s: issued on %(issued)s, valid until %(until)s"),
    }
    lines = [
        sentences[one["kind"]]
        % {"name": part_name(one["paper"]), "until": _day(one["until"]), "issued": _day(one["issued"])}
        for one in found
    ]
    return title, _joined(lines)


def _revenue_total(about: Mapping[str, Any], ok: bool) -> Said:
    title = (
        _("The product sells no more than the whole enterprise")
        if ok
        else _("The product is said to sell more than the whole enterprise")
    )
    return title, "; ".join(
        _("%(year)s: product %(part)s, enterprise %(whole)s billion VND")
        % {"year": year, "part": _value(part), "whole": _value(whole)}
        for year, part, whole in about["rows"]
    )


def _products_total(about: Mapping[str, Any], ok: bool) -> Said:
    title = (
        _("Its products together sell no more than the whole enterprise")
        if ok
        else _("Its products together are said to sell more than the whole enterprise")
    )
    return title, "; ".join(
        _("%(year)s: %(n)s products %(part)s, enterprise %(whole)s billion VND")
        % {"year": year, "n": n, "part": _value(part), "whole": _value(whole)}
        for year, part, whole, n in about["rows"]
    )


def _exports_total(about: Mapping[str, Any], ok: bool) -> Said:
    title = _("The exports are no more than the revenue") if ok else _("More is said to be exported than sold in all")
    rows = "; ".join(
        _("%(year)s: %(usd)s million USD = %(vnd)s, revenue %(revenue)s billion VND")
        % {"year": year, "usd": _value(usd), "vnd": amount(vnd), "revenue": _value(revenue)}
        for year, usd, vnd, revenue in about["rows"]
    )
    rate = _("%(rate)s VND per USD") % {"rate": _value(about["rate"])}
    return title, f"{rows} ({rate})"


def _usual(about: Mapping[str, Any], ok: bool) -> Said:
    if ok:
        return _("The figures change as figures usually do"), ""
    lines, said = [], _("confirmed by the enterprise")
    for doubt, confirmed in about["rows"]:
        values = doubt.about
        line = _("%(measure)s: %(year_before)s %(before)s, %(year)s %(after)s") % {
            "measure": measure_name(doubt.measure),
            "year_before": values["year_before"],
            "before": _value(values["before"]),
            "year": doubt.year,
            "after": _value(values["after"]),
        }
        lines.append(f"{line} ({said})" if confirmed else line)
    return _("Figures fall or jump steeply: is that right?"), _joined(lines)


def _last_year(about: Mapping[str, Any], ok: bool) -> Said:
    if ok:
        n = about["compared"]
        agree = ngettext("%(n)s figure compared", "%(n)s figures compared", n) % {"n": n}
        return _("The figures agree with earlier dossiers"), agree
    lines = [
        _("%(measure)s %(year)s: %(after)s here, %(before)s in %(number)s (season %(season)s)")
        % {
            "measure": measure_name(one["measure"]),
            "year": one["year"],
            "after": _value(one["after"]),
            "before": _value(one["before"]),
            "number": one["number"],
            "season": one["season_year"],
        }
        for one in about["found"]
    ]
    return _("Figures differ from what an earlier dossier says"), _joined(lines)


def _agreement(about: Mapping[str, Any], ok: bool) -> Said:
    if ok:
        return _("The parts of the dossier agree with each other"), ""
    sentences = {
        "exports_without_market": _("exports of %(value)s million USD in %(year)s, but no export market is named"),
        "market_without_exports": _("markets are named (%(markets)s), but no exports are reported"),
        "before_founding": _("revenue of %(value)s billion VND in %(year)s, but founded in %(founded)s"),
        "season": _("%(measure)s %(year)s: %(here)s here, %(there)s in %(number)s of the same season"),
        "same_file": _("the file %(name)s stands for several papers: %(papers)s"),
    }
    lines = []
    for one in about["found"]:
        said = {key: _value(value) if key in ("value", "here", "there") else value for key, value in one.items()}
        if "measure" in one:
            said["measure"] = measure_name(one["measure"])
        if "papers" in one:
            said["papers"] = ", ".join(part_name(code) for code in one["papers"])
        lines.append(sentences[one["kind"]] % said)
    return _("Parts of the dossier contradict each other"), _joined(lines)


def _record(about: Mapping[str, Any], ok: bool) -> Said:
    season = {"season": about["season_year"]}
    if ok:
        return _("The record of the enterprise is as in season %(season)s") % season, ""
    wards = _wards([value for name, *values in about["changed"] if name == "ward_id" for value in values])
    names = {
        "name_vi": _("name"),
        "legal_representative": _("legal representative"),
        "street": _("address"),
        "ward_id": _("ward or commune"),
    }
    lines = [
        _("%(field)s: %(before)s → %(after)s")
        % {"field": names[name], "before": wards.get(before, before) or "–", "after": wards.get(after, after) or "–"}
        for name, before, after in about["changed"]
    ]
    title = _("The record of the enterprise changed since season %(season)s: does the registration prove it?")
    return title % season, _joined(lines)


def _wards(codes: Sequence[Any]) -> dict[Any, str]:
    """Names of wards, asked only when one changed."""
    if not codes:
        return {}
    return {str(ward.pk): str(ward.full_name_vi) for ward in Ward.objects.filter(pk__in=[c for c in codes if c])}


def _twins(about: Mapping[str, Any], ok: bool) -> Said:
    if ok:
        return _("No file stands in the dossier of another enterprise"), ""
    holders: dict[tuple[str, str], list[Other]] = {}
    for twin in about["twins"]:
        holders.setdefault((twin.paper, twin.name), []).append(twin.other)
    lines = []
    for (paper, name), others in holders.items():
        said = {"paper": part_name(paper), "name": name, "number": others[0].number, "n": len(others) - 1}
        if len(others) == 1:
            lines.append(_("%(paper)s (%(name)s): the same file as in %(number)s") % said)
        else:
            more = ngettext(
                "%(paper)s (%(name)s): the same file as in %(number)s and %(n)s more dossier",
                "%(paper)s (%(name)s): the same file as in %(number)s and %(n)s more dossiers",
                len(others) - 1,
            )
            lines.append(more % said)
    return _("A file stands in the dossier of another enterprise too"), _joined(lines)


def _contact(about: Mapping[str, Any], ok: bool) -> Said:
    if ok:
        return _("Telephone and mail address belong to this enterprise alone"), ""
    names = ", ".join(other.enterprise for other in about["others"][:NAMED])
    more = _more(about["others"])
    return _("Another enterprise gives the same telephone number or mail address"), f"{names} {more}".strip()


SAYINGS: Mapping[str, Callable[[Mapping[str, Any], bool], Said]] = {
    "tax_code": _tax_code,
    "papers": _papers,
    "figures": _figures,
    "threshold": _threshold,
    "revenue": _revenue,
    "texts": _texts,
    "same_name": _same_name,
    "enterprise": _enterprise,
    "certificates": _certificates,
    "revenue_total": _revenue_total,
    "products_total": _products_total,
    "exports_total": _exports_total,
    "usual": _usual,
    "last_year": _last_year,
    "agreement": _agreement,
    "record": _record,
    "twins": _twins,
    "contact": _contact,
}
