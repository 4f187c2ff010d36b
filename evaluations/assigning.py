"""A fair share of criteria and dossiers among seats, conflicts left out. Pure and repeatable.

`per_criterion` members score each criterion of each dossier; 0 means everyone who has no conflict. The members
with the least work so far come first, the worst-served dossier (fewest free members) before the others.
"""

from collections.abc import Collection, Mapping, Sequence


class Impossible(ValueError):
    """`dossiers` maps each dossier that cannot be served to the number of members it still lacks."""

    def __init__(self, dossiers: dict[str, int]) -> None:
        self.dossiers = dossiers
        super().__init__(", ".join(sorted(dossiers)))


def assign(
    *,
    dossiers: Mapping[str, Sequence[str]],
    members: Sequence[str],
    conflicts: Collection[tuple[str, str]],
    per_criterion: int = 0,
) -> frozenset[tuple[str, str, str]]:
    """Who scores what: (member, dossier, criterion). `dossiers` maps each dossier to its criteria; `conflicts`
    holds (member, dossier).

    Raises Impossible when a dossier has fewer members without conflict than `per_criterion` (at least one).
    """
    free = {d: [m for m in members if (m, d) not in conflicts] for d in dossiers}
    need = max(per_criterion, 1)
    short = {d: need - len(who) for d, who in free.items() if len(who) < need}
    if short:
        raise Impossible(short)
    load = dict.fromkeys(members, 0)
    order = {member: index for index, member in enumerate(members)}
    chosen: set[tuple[str, str, str]] = set()
    for dossier in sorted(dossiers, key=lambda d: (len(free[d]), d)):
        for criterion in dossiers[dossier]:
            who = sorted(free[dossier], key=lambda m: (load[m], order[m]))
            for member in who[: per_criterion or len(who)]:
                chosen.add((member, dossier, criterion))
                load[member] += 1
    return frozenset(chosen)
