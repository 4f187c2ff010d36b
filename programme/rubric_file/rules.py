"""A sound rubric as exact values: what scoring, sheets and pages ask. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cached_property

VOTE = "vote"


class NoSet(LookupError):
    """The rubric has no criteria for products of this track and sector."""

    def __init__(self, track: str, sector: str) -> None:
        self.track, self.sector = track, sector
        super().__init__(f"no set of criteria for track {track or '-'}, sector {sector or '-'}")


@dataclass(frozen=True)
class Anchor:
    """One described level. An eliminating level ends the evaluation of the dossier: it cannot pass. `case` is set
    where the member first chooses one of several cases."""

    points: Decimal
    when_vi: str
    when_en: str
    eliminates: bool = False
    case_vi: str = ""
    case_en: str = ""


@dataclass(frozen=True)
class Condition:
    """The criterion is asked only of a sheet that gives `criterion` at least so many points."""

    criterion: str
    at_least: Decimal


@dataclass(frozen=True)
class CriterionRule:
    """One node. `anchors` by set (or track), with "" for every other; `free` says whether points between the anchors
    are allowed. `sets` are the sets (or tracks) in which it counts, all when empty."""

    code: str
    label_vi: str
    label_en: str
    max_points: Decimal
    parent: str
    is_leaf: bool
    anchors: dict[str, tuple[Anchor, ...]]
    free: bool
    sets: tuple[str, ...]
    scorers: tuple[str, ...]
    condition: Condition | None = None
    eliminates_vi: str = ""
    eliminates_en: str = ""
    justify_below: Decimal | None = None
    justify_above: Decimal | None = None
    note_vi: str = ""
    note_en: str = ""

    def anchors_for(self, set_code: str) -> tuple[Anchor, ...]:
        return self.anchors.get(set_code, self.anchors.get("", ()))

    def applies_to(self, set_code: str) -> bool:
        return not self.sets or set_code in self.sets

    @property
    def may_eliminate(self) -> bool:
        return bool(self.eliminates_vi)

    def needs_justification(self, points: Decimal) -> bool:
        """Does the rubric ask for a written reason for so few, or so many, points?"""
        below = self.justify_below is not None and points < self.justify_below
        return below or (self.justify_above is not None and points > self.justify_above)

    def allows(self, points: Decimal, set_code: str) -> bool:
        """Are these points within the maximum and, where the criterion is a choice, those of a level?"""
        if not 0 <= points <= self.max_points:
            return False
        return self.free or points in {anchor.points for anchor in self.anchors_for(set_code)}


@dataclass(frozen=True)
class RubricSet:
    """A set of criteria for some kinds of product. Empty `tracks` or `sectors`: any."""

    code: str
    label_vi: str
    label_en: str
    tracks: tuple[str, ...] = ()
    sectors: tuple[str, ...] = ()

    def takes(self, track: str, sector: str) -> bool:
        return (not self.tracks or track in self.tracks) and (not self.sectors or sector in self.sectors)


@dataclass(frozen=True)
class PassRule:
    """`value` is points, percent of the maximum, or a share between 0 and 1; `criterion` only where named."""

    type: str
    value: Fraction
    criterion: str = ""


@dataclass(frozen=True)
class Band:
    label_vi: str
    label_en: str
    from_points: Decimal
    note_vi: str = ""
    note_en: str = ""


@dataclass(frozen=True)
class BallotOption:
    """What a member may vote; `in_favour` says whether it counts towards the share."""

    label_vi: str
    label_en: str
    in_favour: bool


@dataclass(frozen=True)
class RubricRules:
    """All that scoring needs. `criteria` in file order, parents before children. Without `sets` the set of a dossier
    is its track; `closed_tracks` are those whose criteria the file leaves incomplete."""

    code: str
    scale_max: Decimal
    criteria: tuple[CriterionRule, ...]
    pass_rules: tuple[PassRule, ...]
    tie_rules: tuple[str, ...]
    bands: tuple[Band, ...]
    decimals: int
    sets: tuple[RubricSet, ...] = ()
    cut: str = "admit"
    ballot: tuple[BallotOption, ...] = ()
    closed_tracks: tuple[str, ...] = ()

    # --- which criteria ---------------------------------------------------------------------------------------
    def leaves(self, set_code: str) -> tuple[CriterionRule, ...]:
        """The criteria that receive marks in this set, in file order."""
        return tuple(c for c in self.criteria if c.is_leaf and c.applies_to(set_code))

    @cached_property
    def all_leaves(self) -> tuple[CriterionRule, ...]:
        return tuple(c for c in self.criteria if c.is_leaf)

    @cached_property
    def leaf_positions(self) -> dict[str, int]:
        """Where each leaf of any set stands in the arrays of results, from 0, in file order."""
        return {c.code: position for position, c in enumerate(self.all_leaves)}

    @cached_property
    def by_code(self) -> dict[str, CriterionRule]:
        return {c.code: c for c in self.criteria}

    def top_level(self, set_code: str) -> tuple[CriterionRule, ...]:
        return tuple(c for c in self.criteria if not c.parent and c.applies_to(set_code))

    def named(self, code: str, set_code: str) -> CriterionRule | None:
        """The criterion that a rule means in this set: `C` is `S19.C` where the codes carry their set's."""
        for name in (f"{set_code}.{code}", code):
            found = self.by_code.get(name)
            if found is not None and found.applies_to(set_code):
                return found
        return None

    def leaves_under(self, code: str, set_code: str) -> tuple[CriterionRule, ...]:
        """The leaves of this set at or below the criterion that a rule names; empty where the set has none."""
        start = self.named(code, set_code)
        if start is None:
            return ()
        inside, found = {start.code}, [start] if start.is_leaf else []
        for node in self.criteria:
            if node.parent in inside:
                inside.add(node.code)
                if node.is_leaf and node.applies_to(set_code):
                    found.append(node)
        return tuple(found)

    def is_asked(self, criterion: CriterionRule, points: Mapping[str, Decimal | None]) -> bool:
        """Does the sheet with these points have to answer this criterion? Without its condition it counts 0."""
        condition = criterion.condition
        if condition is None:
            return True
        given = points.get(condition.criterion)
        if given is None or given < condition.at_least:
            return False
        return self.is_asked(self.by_code[condition.criterion], points)

    # --- which set --------------------------------------------------------------------------------------------
    def set_of(self, track: str, sector: str = "") -> str:
        """The code of the first set that takes such a product; the track itself where there are no sets."""
        if not self.sets:
            if track in self.closed_tracks:
                raise NoSet(track, sector)
            return track
        for candidate in self.sets:
            if candidate.takes(track, sector):
                return candidate.code
        raise NoSet(track, sector)

    # --- verdicts ---------------------------------------------------------------------------------------------
    @cached_property
    def asks_ballot(self) -> bool:
        return any(rule.type == "ballot_share_at_least" for rule in self.pass_rules)

    def band_for(self, total: Fraction) -> Band | None:
        """The highest band that this exact total reaches."""
        return next((b for b in reversed(self.bands) if Fraction(b.from_points) <= total), None)
