"""What the log answers a citizen about one entry: one case, and what the page needs to say it in words."""

from dataclasses import dataclass
from typing import Any

from core import merkle
from ledger import queries, statement
from ledger.models import LogRoot


@dataclass(frozen=True)
class Answer:
    """`case` is one of: in_log, other_hash, not_yet, no_root, damaged, proof_holds, proof_holds_kept, proof_fails,
    proof_not_kept, proof_unknown, proof_other_root."""

    case: str
    number: int
    under: LogRoot | None = None
    inclusion: queries.Inclusion | None = None

    @property
    def is_good(self) -> bool:
        return self.case in ("in_log", "proof_holds", "proof_holds_kept")

    @property
    def is_open(self) -> bool:
        """Neither yes nor no."""
        return self.case in ("not_yet", "no_root", "proof_unknown")


def about_entry(number: int, entry: str) -> Answer:
    """Is this the hash of the entry with this number?"""
    under = queries.newest()
    if under is None:
        return Answer("no_root", number)
    try:
        found = queries.inclusion(number, under)
    except LookupError:
        return Answer("not_yet", number, under)
    except queries.Damaged:
        return Answer("damaged", number, under)
    return Answer("in_log" if found.entry.hex() == entry else "other_hash", number, under, found)


def about_proof(proof: dict[str, Any], kept_root: str = "") -> Answer:
    """Does the proof lead to the root it names, is that the one somebody kept, and did this site publish it?"""
    number, said = proof["number"], proof["under"]
    path = [bytes.fromhex(one) for one in proof["path"]]
    leaf, root = merkle.leaf_hash(bytes.fromhex(proof["entry"])), bytes.fromhex(said["root"])
    if not merkle.verify_inclusion(leaf, number - 1, said["size"], path, root):
        return Answer("proof_fails", number)
    if kept_root and kept_root != said["root"]:
        return Answer("proof_not_kept", number)
    under = queries.root_of_day(said["day"])
    if under is None:
        return Answer("proof_unknown", number)
    try:
        same = statement.chain_hash(said) == under.chain_hash
    except ValueError:
        same = False
    if not same:
        return Answer("proof_other_root", number, under)
    return Answer("proof_holds_kept" if kept_root else "proof_holds", number, under)
