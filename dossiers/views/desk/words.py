"""The words of the desk: stages as the Department calls them, steps taken, numbers, and the usual sentences."""

from decimal import Decimal

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext_lazy

from dossiers import words
from dossiers.models import Stage

# Short names for dense tables, and the kind of tag.
STAGES = {
    Stage.SUBMITTED: (pgettext_lazy("desk stage", "New"), "grey"),
    Stage.CHECKING: (pgettext_lazy("desk stage", "Being checked"), "lam"),
    Stage.SUPPLEMENT: (pgettext_lazy("desk stage", "Awaiting supplement"), "ho"),
    Stage.ELIGIBLE: (pgettext_lazy("desk stage", "Awaiting the council"), "tim"),
    Stage.SCORING: (pgettext_lazy("desk stage", "Being scored"), "tim"),
    Stage.SCORED: (pgettext_lazy("desk stage", "Scored"), "tim"),
    Stage.PUBLIC_COMMENT: (pgettext_lazy("desk stage", "Public comment"), "tim"),
    Stage.RECOGNISED: (pgettext_lazy("desk stage", "Recognised"), "ngoc"),
    Stage.NOT_RECOGNISED: (pgettext_lazy("desk stage", "Not recognised"), "son"),
    Stage.REFUSED: (pgettext_lazy("desk stage", "Refused"), "son"),
    Stage.WITHDRAWN: (pgettext_lazy("desk stage", "Withdrawn"), "grey"),
}

STEPS = {
    "submit": (pgettext_lazy("step", "Submitted"), "lam"),
    "receive_on_paper": (pgettext_lazy("step", "Received on paper"), "lam"),
    "start_check": (pgettext_lazy("step", "Taken in hand"), "lam"),
    "put_back": (pgettext_lazy("step", "Laid back"), "grey"),
    "check_again": (pgettext_lazy("step", "Check taken up again"), "lam"),
    "request_supplement": (pgettext_lazy("step", "Supplement requested"), "ho"),
    "answer_supplement": (pgettext_lazy("step", "Supplement sent"), "lam"),
    "answer_on_paper": (pgettext_lazy("step", "Supplement came on paper"), "lam"),
    "admit": (pgettext_lazy("step", "Found eligible"), "ngoc"),
    "refuse": (pgettext_lazy("step", "Refused"), "son"),
    "withdraw": (pgettext_lazy("step", "Withdrawn by the enterprise"), "grey"),
    "withdraw_on_paper": (pgettext_lazy("step", "Withdrawn by a letter on paper"), "grey"),
    "open_scoring": (pgettext_lazy("step", "Scoring opened"), "tim"),
    "close_scoring": (pgettext_lazy("step", "Scoring closed"), "tim"),
    "publish_for_comment": (pgettext_lazy("step", "Published for comment"), "tim"),
    "recognise": (pgettext_lazy("step", "Recognised"), "ngoc"),
    "do_not_recognise": (pgettext_lazy("step", "Not recognised"), "son"),
}


def part_name(code: str) -> str:
    """A paper or a part of the dossier, by its code."""
    name = words.PAPER_NAMES.get(code) or words.PART_NAMES.get(code)
    return str(name) if name else code


def amount(value: Decimal | None, decimals: int = 1) -> str:
    """182,4; a dash where nothing was reported. Whole numbers stay whole."""
    if value is None:
        return "–"
    return number_format(value, 0 if value == int(value) else decimals, use_l10n=True, force_grouping=True)


def exact(value: Decimal | None) -> str:
    """As it was reported, without zeros at the end: 0,086."""
    if value is None:
        return "–"
    plain = value.normalize()
    decimals = max(0, -int(plain.as_tuple().exponent))
    return number_format(plain, decimals, use_l10n=True, force_grouping=True)


def per_cent(value: Decimal | None) -> str:
    """+26,6 %; a dash where there is nothing to compare."""
    if value is None:
        return "–"
    sign = "+" if value > 0 else "−" if value < 0 else ""
    return sign + number_format(abs(value), 1, use_l10n=True) + " %"


def days_left(left: int) -> str:
    """3 days, today, −2 days."""
    if left == 0:
        return _("today")
    days = ngettext("%(n)s day", "%(n)s days", abs(left)) % {"n": abs(left)}
    return days if left > 0 else "−" + days


def sector(name: str) -> str:
    """Short enough for a dense table: “Công nghiệp điện, điện tử” is “Điện, điện tử” there."""
    short = name.removeprefix("Công nghiệp ")
    return short[:1].upper() + short[1:]


def overdue(left: int) -> str:
    return ngettext("Overdue by %(n)s day", "Overdue by %(n)s days", -left) % {"n": -left}


def phrase(reason: str, code: str) -> str:
    """The sentence an officer usually writes for this reason; empty for a reason that needs own words.

    Said in the language in force, which for a letter to an enterprise is Vietnamese.
    """
    name = part_name(code)
    is_paper = code in words.PAPER_NAMES
    sentences = {
        "missing": _("Attach: %(name)s.") if is_paper else _("Fill in the part “%(name)s”."),
        "expired": _("%(name)s: no longer in force. Attach one that is in force."),
        "unreadable": _("%(name)s: the file cannot be read. Attach a clear copy."),
        "incomplete": _("%(name)s: incomplete. Add what is missing."),
        "contradicts": _("%(name)s: contradicts another part of the dossier. Compare and correct."),
    }
    return sentences.get(reason, "") % {"name": name}
