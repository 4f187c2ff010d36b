"""The hash tree of RFC 6962 (section 2.1; the same as RFC 9162) with SHA-256. Pure.

A tree is a list of leaf hashes. Two short lists of hashes prove all there is to prove: that a leaf is in a tree of
which only the root is known (`verify_inclusion`), and that a later tree begins with an earlier one, so that nothing
was changed or taken away in between (`verify_consistency`). Whoever makes a proof gives `span`, which answers the hash
of the part `[start, end)`, so that not every leaf has to be at hand.
"""

import hashlib
from collections.abc import Callable, Sequence

Span = Callable[[int, int], bytes]
SIZE = hashlib.sha256().digest_size
EMPTY = hashlib.sha256().digest()


def leaf_hash(entry: bytes) -> bytes:
    """The 0x00 tells a leaf from a node, so that no node can be shown as an entry."""
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def split(size: int) -> int:
    """The largest power of two smaller than `size` (2 or more): where a tree parts into left and right."""
    return 1 << (size - 1).bit_length() - 1


class Tree:
    """Grows by one leaf at a time and keeps only its full subtrees: a million leaves need twenty hashes."""

    def __init__(self) -> None:
        self.size = 0
        self._full: list[bytes] = []

    def append(self, leaf: bytes) -> None:
        """`leaf` is a leaf hash. As many subtrees are joined as the size has ones at its end."""
        full, rest = self._full, self.size
        full.append(leaf)
        while rest & 1:
            right = full.pop()
            full[-1] = hashlib.sha256(b"\x01" + full[-1] + right).digest()
            rest >>= 1
        self.size += 1

    def root(self) -> bytes:
        if not self._full:
            return EMPTY
        found = self._full[-1]
        for left in reversed(self._full[:-1]):
            found = node_hash(left, found)
        return found


def root_of(leaves: Sequence[bytes]) -> bytes:
    """The root over leaf hashes; that of nothing is SHA-256 of nothing."""
    tree = Tree()
    for leaf in leaves:
        tree.append(leaf)
    return tree.root()


def span_of(leaves: Sequence[bytes]) -> Span:
    """For proofs about a list that is at hand."""
    return lambda start, end: root_of(leaves[start:end])


def inclusion_proof(index: int, size: int, span: Span) -> list[bytes]:
    """The siblings on the way from leaf `index` (from 0) to the root of the first `size` leaves, lowest first.

    Raises ValueError when there is no such leaf.
    """
    if not 0 <= index < size:
        raise ValueError(f"A tree of {size} leaves has no leaf {index}.")
    start, end, path = 0, size, []
    while end - start > 1:
        middle = start + split(end - start)
        if index < middle:
            path.append(span(middle, end))
            end = middle
        else:
            path.append(span(start, middle))
            start = middle
    return path[::-1]


def verify_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """True when the leaf hash stands at `index` of the tree with this size and root (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size or not _hashes(leaf, root, *proof):
        return False
    at, last, found = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return False
        if at & 1 or at == last:
            found = node_hash(sibling, found)
            while at and not at & 1:
                at, last = at >> 1, last >> 1
        else:
            found = node_hash(found, sibling)
        at, last = at >> 1, last >> 1
    return last == 0 and found == root


def consistency_proof(first: int, second: int, span: Span) -> list[bytes]:
    """What shows that the tree of `second` leaves begins with the tree of `first` leaves (RFC 9162, 2.1.4.1).

    Raises ValueError unless 0 <= first <= second. Empty when there is nothing to show: first is 0 or second.
    """
    if not 0 <= first <= second:
        raise ValueError(f"A tree of {second} leaves does not begin with one of {first}.")
    if first in (0, second):
        return []
    start, end, whole, path = 0, second, True, []
    while first != end:
        middle = start + split(end - start)
        if first <= middle:
            path.append(span(middle, end))
            end = middle
        else:
            path.append(span(start, middle))
            start, whole = middle, False
    if not whole:
        path.append(span(start, end))
    return path[::-1]


def verify_consistency(first: int, second: int, proof: Sequence[bytes], first_root: bytes, second_root: bytes) -> bool:
    """True when the second tree begins with the first one (RFC 9162, 2.1.4.2)."""
    if not 0 <= first <= second or not _hashes(first_root, second_root, *proof):
        return False
    if first == 0:
        return not proof and first_root == EMPTY and (second > 0 or second_root == EMPTY)
    if first == second:
        return not proof and first_root == second_root
    path = [first_root, *proof] if first & (first - 1) == 0 else list(proof)
    if not path:
        return False
    at, last = first - 1, second - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    old = new = path[0]
    for sibling in path[1:]:
        if last == 0:
            return False
        if at & 1 or at == last:
            old, new = node_hash(sibling, old), node_hash(sibling, new)
            while at and not at & 1:
                at, last = at >> 1, last >> 1
        else:
            new = node_hash(new, sibling)
        at, last = at >> 1, last >> 1
    return last == 0 and old == first_root and new == second_root


def _hashes(*values: bytes) -> bool:
    return all(len(value) == SIZE for value in values)
