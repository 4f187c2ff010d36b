"""What is wrong with a text or with a form, in the reader's words."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from onestop import markup
from onestop.kinds import FormKind
from onestop.sheet import Missing


def in_words(kind: FormKind, body: str) -> list[str]:
    """Every fault of a text that staff want to keep; empty when it can be kept."""
    template = markup.parse(body)
    reasons = [_sentence(fault) for fault in template.faults]
    for name in markup.unknown_names(template, kind.names, kind.list_names()):
        if name.startswith("#"):
            reasons.append(_("This form has no list “%(name)s”.") % {"name": name[1:]})
        else:
            reasons.append(_("This form has no field {%(name)s}.") % {"name": name})
    return reasons


def _sentence(fault: markup.Fault) -> str:
    words = {
        "nested": _("Columns and repeated parts cannot stand inside each other."),
        "right_alone": _("[phải] stands without [trái] before it."),
        "end_alone": _("[hết] stands without [trái] before it."),
        "each_end_alone": _("{/mỗi} stands without its beginning."),
        "columns_open": _("The columns that begin here have no end. Write [hết] after them."),
        "each_open": _("The repeated part “%(about)s” has no end. Write {/mỗi} after it."),
        "unknown_mark": _("“%(about)s” is no mark. Marks are [trái], [phải], [hết], [ký] and [trang]."),
        "table_in_column": _("A table cannot stand in a column."),
        "too_many_columns": _("A table has at most %(about)s columns."),
        "stray_brace": _("A brace stands alone: “%(about)s”. A field is {name}; write \\{ for a brace."),
        "bad_name": _("{%(about)s} is not the name of a field."),
        "open_stars": _("A star was opened and not closed: “%(about)s”. Write \\* for a star."),
        "too_long": _("The text is longer than %(about)s characters."),
        "empty": _("Write the text of the form."),
        "uneven_table": _("All rows of a table have the same number of cells."),
    }[fault.code]
    sentence = words % {"about": fault.about} if "%(about)s" in words else words
    return _("Line %(n)s: %(what)s") % {"n": fault.line, "what": sentence} if fault.line else sentence


def still_missing(kind: FormKind, found: Missing) -> str:
    """Form 02 lacks: {ngày hẹn}"""
    facts = {"form": kind.code, "field": found.name, "row": found.row}
    if found.row:
        return _("Form %(form)s lacks: {%(field)s} in row %(row)s") % facts
    return _("Form %(form)s lacks: {%(field)s}") % facts


def not_printable(kind: FormKind, letters: Sequence[str]) -> str:
    return _("Form %(form)s: the font of the paper has no letter “%(letters)s”. Correct the text it comes from.") % {
        "form": kind.code,
        "letters": " ".join(letters[:10]),
    }
