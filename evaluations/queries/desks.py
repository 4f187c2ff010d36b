"""All that one member has in hand for a dossier: what is asked, what is written, what counts."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from functools import cached_property

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import override

from dossiers.models import Dossier, Stage
from evaluations.answers import Answer, Sheet, token
from evaluations.models import Assignment, Mark, ScoreSheet, Seat, Tally
from evaluations.queries.council import JUDGED
from evaluations.queries.results import set_of
from evaluations.queries.sheets import trim
from evaluations.scoring import rounded
from evaluations.sealing import seal
from programme.actions import rules_of
from programme.rubric_file import NoSet


@dataclass
class Desk:
    """One member and one dossier. `sheet` is the version in hand, else the one that counts, else nothing."""

    dossier: Dossier
    seat: Seat
    asked: Sheet
    sheet: ScoreSheet | None = None
    answers: dict[str, Answer] = field(default_factory=dict)
    # The signed version that counts now, also while its correction is in hand.
    standing: ScoreSheet | None = None

    @property
    def is_signed(self) -> bool:
        return self.sheet is not None and self.sheet.signed_at is not None

    @property
    def is_entered(self) -> bool:
        """Typed in from paper by somebody else, and not confirmed yet."""
        return self.sheet is not None and not self.is_signed and bool(self.sheet.entered_by_name)

    @property
    def is_correction(self) -> bool:
        return self.sheet is not None and not self.is_signed and self.sheet.version > 1

    @property
    def is_scoring(self) -> bool:
        return self.dossier.stage == Stage.SCORING

    @property
    def is_open(self) -> bool:
        """May the member write on it?"""
        return self.is_scoring and not self.is_signed and not self.is_entered

    @property
    def may_correct(self) -> bool:
        return self.is_scoring and self.is_signed

    @cached_property
    def final(self) -> dict[str, Answer]:
        return self.asked.final(self.answers, by_rule_words())

    @property
    def shown(self) -> str:
        """The digest of what is on the page, which the signature is given for."""
        return seal(self.sheet, self.final) if self.sheet else ""

    @property
    def total(self) -> Decimal:
        return trim(self.asked.total(self.answers))

    @property
    def most(self) -> Decimal:
        return trim(self.asked.most)

    @property
    def marked(self) -> int:
        return self.asked.answered(self.answers) if self.answers else 0

    @property
    def ballot_is_missing(self) -> bool:
        return self.asked.rules.asks_ballot and (self.sheet is None or self.sheet.ballot is None)

    @property
    def is_ready(self) -> bool:
        """Open, and nothing keeps it from being signed."""
        return self.is_open and not self.lacking

    @property
    def lacking(self) -> dict[str, str]:
        """What keeps the sheet from being signed, in words, by criterion; "ballot" for the ballot."""
        found = dict.fromkeys(self.asked.unanswered(self.answers), _("Give points before you sign, or abstain."))
        for code in self.asked.unjustified(self.answers):
            found[code] = justify_words(self.asked.rule(code).justify_below, self.asked.rule(code).justify_above)
        if self.ballot_is_missing:
            found["ballot"] = _("Choose how you vote before you sign.")
        return found

    def base_of(self, cell: str) -> str:
        """What the page saw of a cell before it was changed: a criterion, "note", "comment" or "ballot"."""
        if cell in self.asked.held:
            return self.answers[cell].token if cell in self.answers else ""
        if self.sheet is None:
            return ""
        return cell_token(self.sheet, cell)


def cell_token(sheet: ScoreSheet, cell: str) -> str:
    value = {"note": sheet.private_note, "comment": sheet.council_comment, "ballot": sheet.ballot}[cell]
    return token(value)


def by_rule_words() -> str:
    """Stored and sealed with the mark, so always in the language of the record."""
    with override("vi"):
        return _("Abstention by rule: the criterion on which this one depends was not judged on this sheet.")


def justify_words(below: Decimal | None, above: Decimal | None) -> str:
    """The sentence that asks for a reason."""
    facts = {"below": below and trim(below), "above": above and trim(above)}
    if below is not None and above is not None:
        words = _("Say why: the rubric asks for a reason below %(below)s and above %(above)s points.")
    elif below is not None:
        words = _("Say why: the rubric asks for a reason below %(below)s points.")
    else:
        words = _("Say why: the rubric asks for a reason above %(above)s points.")
    return words % facts


def sheet_for(seat: Seat, dossier: Dossier, codes: Iterable[str]) -> Sheet:
    """What the member is asked, in the order of the rubric; nothing when no set takes the product."""
    assert dossier.season.rubric is not None
    rules = rules_of(dossier.season.rubric)
    held = set(codes)
    try:
        set_code = set_of(dossier, rules)
    except NoSet:
        return Sheet(rules, "", ())
    return Sheet(rules, set_code, tuple(leaf.code for leaf in rules.leaves(set_code) if leaf.code in held))


def desks_of(seat: Seat, dossiers: Sequence[Dossier]) -> list[Desk]:
    """One desk per dossier in the given order, in three queries. The dossiers carry season, rubric and product."""
    codes: dict[int, list[str]] = defaultdict(list)
    for dossier_id, code in Assignment.objects.filter(seat=seat, dossier__in=dossiers).values_list(
        "dossier_id", "criterion__code"
    ):
        codes[dossier_id].append(code)
    in_hand: dict[int, ScoreSheet] = {}
    standing: dict[int, ScoreSheet] = {}
    wanted = Q(signed_at=None) | Q(standing__isnull=False)
    for sheet in ScoreSheet.objects.filter(wanted, seat=seat, dossier__in=dossiers):
        (in_hand if sheet.signed_at is None else standing)[sheet.dossier_id] = sheet
    chosen = standing | in_hand
    answers: dict[int, dict[str, Answer]] = defaultdict(dict)
    marks = Mark.objects.filter(sheet__in=chosen.values()).values_list(
        "sheet__dossier_id", "criterion__code", "points", "abstains", "option", "eliminates", "justification"
    )
    for dossier_id, code, points, abstains, option, eliminates, why in marks:
        answers[dossier_id][code] = Answer(points, abstains, option, eliminates, why)
    found = []
    for dossier in dossiers:
        asked = sheet_for(seat, dossier, codes[dossier.pk])
        own = {code: answers[dossier.pk][code] for code in asked.held if code in answers[dossier.pk]}
        found.append(
            Desk(dossier, seat, asked, chosen.get(dossier.pk), own, standing.get(dossier.pk)),
        )
    return found


def desk_of(seat: Seat, dossier: Dossier) -> Desk:
    return desks_of(seat, [dossier])[0]


def council_means(desk: Desk) -> dict[str, Decimal]:
    """The means of the council by criterion, once the session is closed and the own sheet stands; before that,
    nothing: whoever sees the others' points first does not judge any more."""
    if desk.dossier.stage not in JUDGED or desk.standing is None:
        return {}
    tally = Tally.objects.filter(dossier=desk.dossier).first()
    if tally is None:
        return {}
    places = desk.asked.rules.leaf_positions
    return {
        code: rounded(Fraction(tally.sums[places[code]], tally.counts[places[code]] * 100), 2)
        for code in desk.asked.held
        if tally.counts[places[code]]
    }
