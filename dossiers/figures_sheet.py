"""The three-year figures as an Excel template, down and up again. Functions of their arguments: no database.

The sheet has the shape of the grid on the page, one line per figure and one column per year, so that a block copied
from one fits into the other. Hidden keys name the dossier: the figures of one product are not read into another.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from core.errors import Refused
from core.xlsx.columns import CellError, Column, heading_key
from core.xlsx.reading import Page, failed_cell, pages, value_of
from core.xlsx.writing import Book, at_least, error_listing, write_sheet

Value = Decimal | int | None
Figures = Mapping[int, Mapping[str, Any]]

_HEADING = 4  # rows above: title, product, enterprise, an empty one
_YEAR_WIDTH = 16


@dataclass(frozen=True)
class Line:
    """One figure: its field, its name and its unit, and from where on a value is refused."""

    name: str
    label: str
    unit: str
    whole: bool = False
    below: Decimal = Decimal(10) ** 9

    @property
    def column(self) -> Column:
        """How a cell of this line is read."""
        return Column(self.name, self.label, "whole" if self.whole else "decimal", minimum=Decimal(0))


@dataclass
class Reading:
    """`figures` holds the cells that were read, None where empty; `raw` what the file had, for the error copy."""

    figures: dict[int, dict[str, Value]] = field(default_factory=dict)
    errors: list[CellError] = field(default_factory=list)
    raw: dict[int, dict[str, Any]] = field(default_factory=dict)


def figure_lines() -> tuple[Line, ...]:
    """What a dossier reports of each year, in the order of the page."""
    return (
        Line("revenue_vnd_billion", _("Revenue of the product"), _("billion VND")),
        Line(
            "enterprise_revenue_vnd_billion",
            pgettext("figures", "Revenue of the enterprise"),
            _("billion VND"),
            below=Decimal(10) ** 11,
        ),
        Line("export_usd_million", _("Exports of the product"), _("million USD; 0 if none")),
        Line("budget_vnd_billion", _("Paid to the State budget"), _("billion VND; may stay empty")),
        Line(
            "workers",
            _("Workers of the enterprise"),
            _("persons at the end of the year"),
            whole=True,
            below=Decimal(10_000_001),
        ),
    )


def build(
    *,
    dossier_pk: int,
    season_year: int,
    years: Sequence[int],
    figures: Figures,
    product: str,
    enterprise: str,
    lines: Sequence[Line] | None = None,
    errors: Sequence[CellError] = (),
) -> bytes:
    """The template with what is known filled in. With `errors` (of `read`) it is the copy that goes back: their
    cells are red and carry a note."""
    shown = lines or figure_lines()
    title = _("Figures of three years: %(product)s") % {"product": product}
    book = Book(title)
    page = book.file.add_worksheet(pgettext("sheet", "Figures"))
    page.set_column(0, 0, 34, book.look("text"))
    page.set_column(1, 1, 30, book.look("text"))
    page.set_column(2, 1 + len(years), _YEAR_WIDTH, book.look("decimal"))
    page.write_string(0, 0, title, book.look("title"))
    page.write_string(1, 0, _("Enterprise"), book.look("plain"))
    page.write_string(1, 1, enterprise, book.look("plain"))
    page.write_string(2, 0, _("Season"), book.look("plain"))
    page.write_number(2, 1, season_year, book.look("plain"))
    page.write_string(_HEADING, 0, pgettext("figures", "Figure"), book.look("head"))
    page.write_string(_HEADING, 1, pgettext("figures", "Unit"), book.look("head"))
    for place, year in enumerate(years, start=2):
        page.write_number(_HEADING, place, year, book.look("head"))
    marks = {(error.key, error.column): error.words for error in errors}
    for row, line in enumerate(shown, start=_HEADING + 1):
        book.put(page, row, 0, line.label)
        book.put(page, row, 1, line.unit)
        for place, year in enumerate(years, start=2):
            words = marks.get((line.name, str(year)))
            kind = "whole" if line.whole else "decimal"
            book.put(page, row, place, figures.get(year, {}).get(line.name), kind, wrong=words is not None)
            if words:
                page.write_comment(row, place, words, {"x_scale": 2, "author": ""})
            page.data_validation(row, place, row, place, at_least(Decimal(0), whole=line.whole))
    page.freeze_panes(_HEADING + 1, 2)
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    if errors:
        write_sheet(book, error_listing(errors))
    book.guide(_guide(years), ())
    facts = {
        "format": "1",
        "kind": "figures",
        "language": (get_language() or "vi")[:2],
        "dossier": str(dossier_pk),
        "season": str(season_year),
    }
    book.keys(facts, {line.name: line.label for line in shown})
    return book.close()


def read(
    content: bytes,
    *,
    dossier_pk: int,
    season_year: int,
    years: Sequence[int],
    lines: Sequence[Line] | None = None,
) -> Reading:
    """The figures of the sheet. Wrong cells are in `errors` and leave no value. Raises Refused when this is no such
    sheet, or that of another dossier or season."""
    shown, facts = pages(content)
    _belongs_here(facts, dossier_pk, season_year)
    wanted = lines or figure_lines()
    known = {heading_key(text): line for line in wanted for text in (line.label, f"{line.label} {line.unit}")}
    by_name = {line.name: line for line in wanted}
    for key, label in facts.items():
        if key.startswith("column:") and key.removeprefix("column:") in by_name:
            known.setdefault(heading_key(label), by_name[key.removeprefix("column:")])
    for page in shown:
        for index, cells in enumerate(page.cells[:40]):
            places = {year: place for year in years for place, cell in enumerate(cells) if _is_year(cell, year)}
            if len(places) == len(years):
                return _below(page, index, places, known)
    raise Refused(
        _("No line with the years %(years)s was found. Use the template of this page.")
        % {"years": ", ".join(map(str, years))}
    )


def error_copy(
    reading: Reading,
    *,
    dossier_pk: int,
    season_year: int,
    years: Sequence[int],
    product: str,
    enterprise: str,
    lines: Sequence[Line] | None = None,
) -> bytes:
    """The template anew with what was uploaded: wrong cells red with a note, and a list of the errors."""
    return build(
        dossier_pk=dossier_pk,
        season_year=season_year,
        years=years,
        figures=reading.raw,
        product=product,
        enterprise=enterprise,
        lines=lines,
        errors=reading.errors,
    )


def _belongs_here(facts: Mapping[str, str], dossier_pk: int, season_year: int) -> None:
    """A table without hidden keys, as people make their own, is judged by its headings alone."""
    if "kind" in facts and facts["kind"] != "figures":
        raise Refused(_("This workbook is for something else. Use the template of this page."))
    if "season" in facts and facts["season"] != str(season_year):
        raise Refused(
            _("This template is of the season %(found)s. Load the one of %(year)s.")
            % {"found": facts["season"][:10], "year": season_year}
        )
    if "dossier" in facts and facts["dossier"] != str(dossier_pk):
        raise Refused(_("This template belongs to another dossier. Load the one of this page."))


def _is_year(cell: Any, year: int) -> bool:
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return cell == year
    return isinstance(cell, str) and cell.strip() == str(year)


def _below(page: Page, heading: int, places: Mapping[int, int], known: Mapping[str, Line]) -> Reading:
    reading = Reading()
    first = min(places.values())
    seen: set[str] = set()
    for index, cells in enumerate(page.cells[heading + 1 :], start=heading + 2):
        words = [heading_key(cell) for cell in cells[:first] if isinstance(cell, str)]
        line = next((known[word] for word in words if word in known), None)
        if line is None or line.name in seen:
            continue
        seen.add(line.name)
        for year, place in places.items():
            raw = cells[place] if place < len(cells) else ""
            reading.raw.setdefault(year, {})[line.name] = raw
            try:
                if (index, place + 1) in page.failed:
                    raise ValueError(failed_cell())
                value = _within(value_of(raw, line.column), line)
            except ValueError as error:
                told = f"{line.label}: {error}"
                reading.errors.append(CellError(index, str(year), told, line.name))
            else:
                reading.figures.setdefault(year, {})[line.name] = value
    if not seen:
        raise Refused(_("None of the figures was found under the years. Use the template of this page."))
    return reading


def _within(value: Any, line: Line) -> Value:
    if value is None:
        return None
    number: Decimal | int = value
    if isinstance(number, Decimal) and number != round(number, 3):
        raise ValueError(_("at most three decimals."))
    if number >= line.below:
        raise ValueError(_("the number is too large. Mind the unit: %(unit)s.") % {"unit": line.unit})
    return number


def _guide(years: Sequence[int]) -> list[str]:
    return [
        _("Enter the figures of %(first)s to %(last)s in the sheet before this one, then upload the file.")
        % {"first": years[0], "last": years[-1]},
        _("Mind the unit of each line. Enter 0 where there was nothing; an empty cell means “not known yet”."),
        _("Type numbers as numbers. Formulas are not needed; if you use them, their results are read."),
        _("Keep the names of the lines and the years. Nothing is sent to the Department by the upload itself."),
    ]
