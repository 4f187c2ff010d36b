"""What the machine noticed, in words: the explanation is computed from both sides as they were stored."""

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from dossiers.models import LikelyConflict
from evaluations.vietnamese_names import NameMatch, compare

Signal = LikelyConflict.Signal


def explained(likely: LikelyConflict) -> list[str]:
    """Sentences, the most telling first."""
    if likely.signal == Signal.NAME:
        return _of_names(compare(likely.ours, likely.theirs))
    sentences = {
        Signal.TAX_CODE: _("The tax code stands in what is known of the person's agency."),
        Signal.REPRESENTATION: _("The person is or was an account of the enterprise."),
        Signal.MAIL_DOMAIN: _("Both addresses lie under one domain that is no public provider."),
        Signal.PHONE: _("The last nine digits are the same."),
        Signal.ADDRESS: _("House number, street and ward are the same."),
        Signal.AGENCY: _("The agency and the enterprise share the words that tell enterprises apart."),
    }
    return [sentences[Signal(likely.signal)]]


def _of_names(match: NameMatch) -> list[str]:
    marks = {
        "same": _("Written alike, marks included."),
        "missing": _("Alike without marks; one side is written without them."),
        "different": _("Alike without marks, but the marks differ."),
    }
    found = [marks[match.marks]]
    rare = [part.token.capitalize() for part in match.parts if not part.is_common]
    common = [part.token.capitalize() for part in match.parts if part.is_common]
    if rare:
        found.append(_("Seldom: %(parts)s.") % {"parts": ", ".join(rare)})
    if common:
        found.append(_("Common, says little: %(parts)s.") % {"parts": ", ".join(common)})
    if match.is_reordered:
        found.append(_("One side begins with the given name."))
    if match.has_slip:
        found.append(_("One letter differs."))
    if match.lacks_middle:
        found.append(pgettext("name", "One side lacks a middle name."))
    return found
