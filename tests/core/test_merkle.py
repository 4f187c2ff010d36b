"""The tree against the definition of RFC 6962 written down a second time, slowly, and against vectors known from
implementations of Certificate Transparency."""

import hashlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from core import merkle

# The eight entries that implementations of Certificate Transparency test with, and their roots by size.
ENTRIES = [
    bytes.fromhex(text)
    for text in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def sha256(content):
    return hashlib.sha256(content).digest()


def slow_root(entries):
    """MTH of RFC 6962, word for word."""
    n = len(entries)
    if n == 0:
        return sha256(b"")
    if n == 1:
        return sha256(b"\x00" + entries[0])
    k = 1
    while k * 2 < n:
        k *= 2
    return sha256(b"\x01" + slow_root(entries[:k]) + slow_root(entries[k:]))


def leaves_of(entries):
    return [merkle.leaf_hash(entry) for entry in entries]


def entries_of(size):
    return [number.to_bytes(4, "big") for number in range(size)]


def test_the_roots_are_those_of_the_published_vectors():
    for size, root in enumerate(ROOTS):
        assert slow_root(ENTRIES[:size]).hex() == root
        assert merkle.root_of(leaves_of(ENTRIES[:size])).hex() == root


@pytest.mark.parametrize(
    ("index", "size", "path"),
    [
        (0, 1, []),
        (
            5,
            8,
            [
                "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
                "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            ],
        ),
        (2, 3, ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"]),
    ],
)
def test_the_inclusion_proofs_are_those_of_the_published_vectors(index, size, path):
    proof = merkle.inclusion_proof(index, size, merkle.span_of(leaves_of(ENTRIES)))

    assert [one.hex() for one in proof] == path


@pytest.mark.parametrize(
    ("first", "second", "path"),
    [
        (1, 1, []),
        (
            6,
            8,
            [
                "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
                "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            ],
        ),
        (
            2,
            5,
            [
                "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
            ],
        ),
    ],
)
def test_the_consistency_proofs_are_those_of_the_published_vectors(first, second, path):
    proof = merkle.consistency_proof(first, second, merkle.span_of(leaves_of(ENTRIES)))

    assert [one.hex() for one in proof] == path


@pytest.mark.parametrize("size", range(1, 65))
def test_every_leaf_of_every_tree_proves_itself(size):
    leaves = leaves_of(entries_of(size))
    root, span = merkle.root_of(leaves), merkle.span_of(leaves)
    assert root == slow_root(entries_of(size))

    for index in range(size):
        proof = merkle.inclusion_proof(index, size, span)
        assert merkle.verify_inclusion(leaves[index], index, size, proof, root)
        assert len(proof) <= size.bit_length()


@pytest.mark.parametrize("second", range(65))
def test_every_tree_is_consistent_with_all_it_began_with(second):
    leaves = leaves_of(entries_of(second))
    roots = [merkle.root_of(leaves[:size]) for size in range(second + 1)]
    span = merkle.span_of(leaves)

    for first in range(second + 1):
        proof = merkle.consistency_proof(first, second, span)
        assert merkle.verify_consistency(first, second, proof, roots[first], roots[second])


def spoilt(hashes, data):
    """One bit of one hash is another."""
    which = data.draw(some.integers(0, len(hashes) - 1))
    bit = data.draw(some.integers(0, 255))
    changed = (int.from_bytes(hashes[which], "big") ^ 1 << bit).to_bytes(32, "big")
    return [*hashes[:which], changed, *hashes[which + 1 :]]


@settings(max_examples=300, deadline=None)
@given(some.integers(1, 64), some.data())
def test_an_inclusion_with_anything_changed_fails(size, data):
    index = data.draw(some.integers(0, size - 1))
    leaves = leaves_of(entries_of(size))
    root = merkle.root_of(leaves)
    proof = merkle.inclusion_proof(index, size, merkle.span_of(leaves))

    leaf, end, *path = spoilt([leaves[index], root, *proof], data)
    assert not merkle.verify_inclusion(leaf, index, size, path, end)
    other = data.draw(some.integers(-2, 70).filter(lambda n: n != index))
    assert not merkle.verify_inclusion(leaves[index], other, size, proof, root)
    longer = [*proof, data.draw(some.binary(min_size=32, max_size=32))]
    assert not merkle.verify_inclusion(leaves[index], index, size, longer, root)
    if proof:
        assert not merkle.verify_inclusion(leaves[index], index, size, proof[:-1], root)
        assert not merkle.verify_inclusion(leaves[index], index, size, [*proof[:-1], proof[-1][:31]], root)


def shape(index, size):
    """On which side the siblings of a leaf stand: all that size and index tell a verifier."""
    sides, start, end = [], 0, size
    while end - start > 1:
        middle = start + merkle.split(end - start)
        sides.append(index < middle)
        start, end = (start, middle) if index < middle else (middle, end)
    return sides


@settings(max_examples=300, deadline=None)
@given(some.integers(1, 64), some.data())
def test_a_size_that_is_another_tree_for_this_leaf_fails(size, data):
    """The size of a tree is not hashed: it is signed beside the root. Where another size gives the same way to the
    root, the proof holds for both (RFC 9162, 2.1.3.2); every other size fails."""
    index = data.draw(some.integers(0, size - 1))
    other = data.draw(some.integers(-1, 70).filter(lambda n: n != size))
    leaves = leaves_of(entries_of(size))
    proof = merkle.inclusion_proof(index, size, merkle.span_of(leaves))

    holds = merkle.verify_inclusion(leaves[index], index, other, proof, merkle.root_of(leaves))
    assert holds == (other > index and shape(index, other) == shape(index, size))


@settings(max_examples=300, deadline=None)
@given(some.integers(1, 64), some.data())
def test_a_consistency_with_anything_changed_fails(second, data):
    first = data.draw(some.integers(1, second))
    leaves = leaves_of(entries_of(second))
    roots = [merkle.root_of(leaves[:size]) for size in range(second + 1)]
    proof = merkle.consistency_proof(first, second, merkle.span_of(leaves))

    old, new, *path = spoilt([roots[first], roots[second], *proof], data)
    assert not merkle.verify_consistency(first, second, path, old, new)
    other = data.draw(some.integers(-2, 70).filter(lambda n: n not in (0, first)))
    assert not merkle.verify_consistency(other, second, proof, roots[first], roots[second])
    longer = [*proof, data.draw(some.binary(min_size=32, max_size=32))]
    assert not merkle.verify_consistency(first, second, longer, roots[first], roots[second])
    if proof:
        assert not merkle.verify_consistency(first, second, proof[:-1], roots[first], roots[second])
    if first < second:
        assert not merkle.verify_consistency(second, first, proof, roots[second], roots[first])


@settings(max_examples=200, deadline=None)
@given(some.integers(2, 64), some.data())
def test_a_history_that_was_written_anew_is_not_consistent(second, data):
    """The one thing all this is for: an earlier entry was changed, and every hash after it recomputed."""
    first = data.draw(some.integers(1, second - 1))
    changed = data.draw(some.integers(0, first - 1))
    honest = leaves_of(entries_of(second))
    forged = [*honest[:changed], merkle.leaf_hash(b"another"), *honest[changed + 1 :]]
    proof = merkle.consistency_proof(first, second, merkle.span_of(forged))

    assert not merkle.verify_consistency(first, second, proof, merkle.root_of(honest[:first]), merkle.root_of(forged))


@pytest.mark.parametrize(("index", "size"), [(-1, 3), (3, 3), (0, 0)])
def test_there_is_no_proof_for_a_leaf_that_is_not_there(index, size):
    with pytest.raises(ValueError, match="no leaf"):
        merkle.inclusion_proof(index, size, merkle.span_of([]))


@pytest.mark.parametrize(("first", "second"), [(-1, 3), (4, 3)])
def test_there_is_no_proof_that_a_tree_begins_with_a_larger_one(first, second):
    with pytest.raises(ValueError, match="does not begin"):
        merkle.consistency_proof(first, second, merkle.span_of([]))
