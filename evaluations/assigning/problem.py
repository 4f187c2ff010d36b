"""What an assignment is asked to respect: people, dossiers, conflicts, limits and rules. Pure.

Everything is named by text keys and kept sorted, so that the same facts in another order are the same problem and
have the same digest.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from functools import cached_property
from typing import Any

from core.canonical import digest

Triple = tuple[str, str, str]  # member, dossier, criterion


class Rule(StrEnum):
    """How binding a rule is. A wish is kept as far as the limits allow; how often it is broken is told."""

    OFF = "off"
    WISH = "wish"
    MUST = "must"


class Family(StrEnum):
    """The kinds of limits, from the one that gives way first to the one that gives way last."""

    BRIDGE = "bridge"
    ORGANISATION = "organisation"
    EXPERT = "expert"
    LEAST = "least"
    MOST = "most"
    COVER = "cover"


@dataclass(frozen=True)
class Member:
    """A person who can score. `labels` are the criteria the person is expert for (empty: all of them); `most` is the
    person's own limit of sheets; `held` are sheets the person has already, of dossiers that are not shared out."""

    key: str
    sectors: frozenset[str] = frozenset()
    labels: frozenset[str] = frozenset()
    organisation: str = ""
    most: int | None = None
    held: int = 0


@dataclass(frozen=True)
class Work:
    """A dossier that needs scorers: its sector and the criteria it is scored on. Where not all can be served, a
    higher `priority` is served first."""

    key: str
    criteria: tuple[str, ...]
    sector: str = ""
    priority: int = 0


@dataclass(frozen=True)
class Settings:
    """What the secretary chooses. `per_criterion` members score each criterion of each dossier; 0 means everyone
    without a conflict. With `split` the criteria of one dossier may go to different members. `most` and `least` count
    sheets. `seed` decides only between assignments that are equally good."""

    per_criterion: int = 0
    split: bool = False
    most: int | None = None
    least: int = 0
    organisations: Rule = Rule.WISH
    experts: Rule = Rule.WISH
    bridges: Rule = Rule.WISH
    seed: int = 1

    def rule_of(self, family: Family) -> Rule:
        rules = {
            Family.ORGANISATION: self.organisations,
            Family.EXPERT: self.experts,
            Family.BRIDGE: self.bridges,
        }
        return rules.get(family, Rule.MUST)

    def as_dict(self) -> dict[str, Any]:
        return {key: str(v) if isinstance(v, Rule) else v for key, v in asdict(self).items()}


@dataclass(frozen=True)
class Problem:
    """`barred` holds (member, dossier) with a conflict, `silent` those about which the member has not said anything:
    neither may be assigned. `hints` says for a criterion which labels its scorers should have. `alternates` are people
    who are asked only when the members are too few."""

    members: tuple[Member, ...]
    work: tuple[Work, ...]
    barred: frozenset[tuple[str, str]] = frozenset()
    silent: frozenset[tuple[str, str]] = frozenset()
    hints: Mapping[str, frozenset[str]] = field(default_factory=dict)
    alternates: tuple[Member, ...] = ()
    settings: Settings = Settings()

    @classmethod
    def of(
        cls,
        *,
        members: Iterable[Member],
        work: Iterable[Work],
        barred: Collection[tuple[str, str]] = (),
        silent: Collection[tuple[str, str]] = (),
        hints: Mapping[str, Collection[str]] | None = None,
        alternates: Iterable[Member] = (),
        settings: Settings | None = None,
    ) -> "Problem":
        """The same facts in any order give the same problem."""
        return cls(
            members=tuple(sorted(members, key=lambda m: m.key)),
            work=tuple(sorted(work, key=lambda w: w.key)),
            barred=frozenset(barred),
            silent=frozenset(silent),
            hints={code: frozenset(labels) for code, labels in sorted((hints or {}).items()) if labels},
            alternates=tuple(sorted(alternates, key=lambda m: m.key)),
            settings=settings or Settings(),
        )

    def with_settings(self, **changes: Any) -> "Problem":
        return replace(self, settings=replace(self.settings, **changes))

    @cached_property
    def free(self) -> Mapping[str, tuple[str, ...]]:
        """For each dossier the members who may score it."""
        shut = self.barred | self.silent
        return {w.key: tuple(m.key for m in self.members if (m.key, w.key) not in shut) for w in self.work}

    @cached_property
    def by_key(self) -> Mapping[str, Member]:
        return {m.key: m for m in (*self.members, *self.alternates)}

    @cached_property
    def work_by_key(self) -> Mapping[str, Work]:
        return {w.key: w for w in self.work}

    def needed(self, work: str) -> int:
        """How many members score each criterion of this dossier."""
        return self.settings.per_criterion or max(1, len(self.free[work]))

    def room(self, member: str) -> int | None:
        """How many more sheets the member can take; None without a limit."""
        person = self.by_key[member]
        limits = [limit for limit in (person.most, self.settings.most) if limit is not None]
        return max(0, min(limits) - person.held) if limits else None

    def due(self, member: str) -> int:
        """How many more sheets the member should take at least."""
        return max(0, self.settings.least - self.by_key[member].held)

    def fit(self, member: str, work: str, criterion: str) -> int:
        """How expert the member is for this criterion of this dossier: one for the sector, one for the criterion."""
        person, hints = self.by_key[member], self.hints.get(criterion, frozenset())
        sector = self.work_by_key[work].sector
        knows_sector = sector != "" and sector in person.sectors
        knows_criterion = bool(hints) and (not person.labels or bool(hints & person.labels))
        return int(knows_sector) + int(knows_criterion)

    def fit_of_sheet(self, member: str, work: str) -> int:
        return sum(self.fit(member, work, c) for c in self.work_by_key[work].criteria)

    @cached_property
    def best_fit(self) -> Mapping[str, int]:
        """The most expertise that a dossier could get if it came alone."""
        found = {}
        for work in self.work:
            many, free = self.needed(work.key), self.free[work.key]
            if self.settings.split:
                parts = [sorted((self.fit(m, work.key, c) for m in free), reverse=True) for c in work.criteria]
            else:
                parts = [sorted((self.fit_of_sheet(m, work.key) for m in free), reverse=True)]
            found[work.key] = sum(sum(part[:many]) for part in parts)
        return found

    def experts_of(self, work: str) -> tuple[str, ...]:
        """Members without conflict who know the sector of the dossier."""
        sector = self.work_by_key[work].sector
        return tuple(m for m in self.free[work] if sector and sector in self.by_key[m].sectors)

    def crowds(self, work: str) -> Mapping[str, tuple[str, ...]]:
        """Organisations that more than one free member comes from."""
        found: dict[str, list[str]] = {}
        for member in self.free[work]:
            if self.by_key[member].organisation:
                found.setdefault(self.by_key[member].organisation, []).append(member)
        return {name: tuple(people) for name, people in sorted(found.items()) if len(people) > 1}

    @cached_property
    def digest(self) -> str:
        """Of everything that can change the outcome."""
        return digest(
            {
                "members": [_person(m) for m in self.members],
                "alternates": [_person(m) for m in self.alternates],
                "work": [asdict(w) for w in self.work],
                "barred": sorted(map(list, self.barred)),
                "silent": sorted(map(list, self.silent)),
                "hints": {code: sorted(labels) for code, labels in self.hints.items()},
                "settings": self.settings.as_dict(),
            }
        )


def _person(member: Member) -> dict[str, Any]:
    return asdict(member) | {"sectors": sorted(member.sectors), "labels": sorted(member.labels)}
