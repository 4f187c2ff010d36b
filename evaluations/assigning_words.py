"""What the solver says, as sentences: why there is no assignment, what would help, what was reached."""

from collections.abc import Mapping, Sequence
from fractions import Fraction

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from core.templatetags.ui import in_language
from evaluations.assigning.explaining import Explanation, Reason, Ways
from evaluations.assigning.solving import Goal
from evaluations.queries.panel import Panel

MOST_NAMED = 8  # dossiers in one sentence


def explanation(panel: Panel, found: Explanation) -> list[str]:
    """The reasons first, then every way out that there is."""
    sentences = [_reason(panel, reason) for reason in found.reasons]
    if not found.is_smallest:
        sentences.append(_("There may be a smaller reason: the search was ended after its time."))
    return list(dict.fromkeys(sentences)) + ways(panel, found.ways)


def _reason(panel: Panel, reason: Reason) -> str:
    names = {
        "dossier": _dossier(panel, reason.work),
        "name": str(panel.seats[reason.member]) if reason.member else "",
        "have": reason.have,
        "need": reason.need,
        "all": reason.of,
        "n": reason.silent,
    }
    if reason.kind == "few_free":
        return _few_free(reason, names)
    sentences = {
        "lacks": _(
            "%(dossier)s: %(need)s scorers are required, but only %(have)s can be had: the other members without "
            "conflict are at the limit of their load."
        ),
        "capacity": _("All members together may take %(have)s more sheets, but %(need)s are required."),
        "most": _("%(name)s would have %(need)s sheets; the limit is %(have)s."),
        "least": _("%(name)s would have only %(have)s sheets; at least %(need)s are required."),
        "organisation": _(
            "%(dossier)s: %(need)s members of one organisation would have to score it together (%(of)s)."
        ),
        "expert": _("%(dossier)s: no expert of the sector “%(sector)s” has room for it."),
        "bridge": _(
            "The dossiers would fall into %(need)s groups without a common member, so their points could not be "
            "compared."
        ),
    }
    sector = organisation = ""
    if reason.kind == "expert":
        sector = str(in_language(panel.dossiers[reason.work].product.sector, "name"))
    elif reason.kind == "organisation":
        members = [m for m in panel.problem.members if m.organisation == reason.name]
        organisation = panel.seats[members[0].key].unit if members else reason.name
    return sentences[reason.kind] % (names | {"sector": sector, "of": organisation})


def _few_free(reason: Reason, names: Mapping[str, object]) -> str:
    words = _("%(dossier)s: only %(have)s of %(all)s members are free of conflict, %(need)s required.") % names
    if reason.silent:
        more = ngettext("%(n)s member has not declared yet.", "%(n)s members have not declared yet.", reason.silent)
        words = f"{words} {more % names}"
    return words


def ways(panel: Panel, found: Ways) -> list[str]:
    """What would make it possible."""
    sentences = []
    if found.largest:
        sentences.append(
            ngettext(
                "Way out: %(n)s member per criterion is possible.",
                "Way out: up to %(n)s members per criterion are possible.",
                found.largest,
            )
            % {"n": found.largest}
        )
    if found.most:
        sentences.append(_("Way out: raise the limit of sheets per member to %(n)s.") % {"n": found.most})
    if found.both:
        sentences.append(
            _("Way out: at most %(n)s members per criterion, together with a limit of %(most)s sheets per member.")
            % {"n": found.both[0], "most": found.both[1]}
        )
    if found.alternates:
        names = ", ".join(str(panel.seats[key]) for key in found.alternates)
        sentences.append(_("Way out: call up the alternate %(names)s.") % {"names": names})
    if found.newcomers:
        names_and = {"n": found.newcomers, "dossiers": _some(panel, found.at), "sectors": _sectors(panel, found.at)}
        sentences.append(
            ngettext(
                "Way out: seat %(n)s more person without conflict in %(dossiers)s (%(sectors)s).",
                "Way out: seat %(n)s more people without conflict in %(dossiers)s (%(sectors)s).",
                found.newcomers,
            )
            % names_and
        )
    return sentences


def _dossier(panel: Panel, key: str) -> str:
    return str(panel.dossiers[key].number) if key else ""


def _some(panel: Panel, keys: Sequence[str]) -> str:
    numbers = sorted(_dossier(panel, key) for key in keys)
    named = ", ".join(numbers[:MOST_NAMED])
    if len(numbers) > MOST_NAMED:
        more = len(numbers) - MOST_NAMED
        named += " " + ngettext("and %(n)s other dossier", "and %(n)s other dossiers", more) % {"n": more}
    return named


def _sectors(panel: Panel, keys: Sequence[str]) -> str:
    return ", ".join(sorted({str(in_language(panel.dossiers[key].product.sector, "name")) for key in keys}))


# --- what was reached ---------------------------------------------------------------------------------
def percent(share: Fraction | None) -> str:
    """Rounded down: nobody is served better than the page says."""
    return "–" if share is None else f"{number_format(int(share * 100))} %"


def goal(found: Goal) -> tuple[str, str]:
    """What the step seeks, and the value reached."""
    labels = {
        "wishes": pgettext("assignment", "Wishes broken"),
        "worst": pgettext("assignment", "Expertise of the worst-served dossier"),
        "expertise": pgettext("assignment", "Expertise of all dossiers"),
        "loads": pgettext("assignment", "Evenness of the loads (sum of squares)"),
        "lot": pgettext("assignment", "Choice among equals by the seed"),
        "parts": pgettext("assignment", "Groups of dossiers without a common member"),
        "pairs": pgettext("assignment", "Spread of pairs of members (sum of squares)"),
    }
    value = percent(Fraction(found.value)) if found.name == "worst" else number_format(int(found.value))
    if not found.is_proven:
        bound = percent(Fraction(found.bound)) if found.name == "worst" else number_format(int(found.bound))
        value = _("%(value)s (not proven; the bound is %(bound)s)") % {"value": value, "bound": bound}
    return labels[found.name], value


def unfinished(seconds: int) -> str:
    return ngettext(
        "Within %(n)s second neither an assignment nor a proof that there is none was found. Loosen a limit or a "
        "rule, or try again when the server has less to do.",
        "Within %(n)s seconds neither an assignment nor a proof that there is none was found. Loosen a limit or a "
        "rule, or try again when the server has less to do.",
        seconds,
    ) % {"n": seconds}
