"""Test processes side by side share a server, never a numbered database of it."""

import pytest

from embedded.pytest_plugin import in_room


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("redis://localhost:6379/0", "redis://localhost:6379/5"),
        ("redis://:secret@localhost:6379", "redis://:secret@localhost:6379/5"),
        ("unix:///run/v/valkey.sock?db=1", "unix:///run/v/valkey.sock?db=5"),
        ("redis+socket:///run/v.sock?virtual_host=0", "redis+socket:///run/v.sock?virtual_host=5"),
    ],
)
def test_every_kind_of_address_leads_to_the_numbered_room(address, expected):
    assert in_room(address, 5) == expected
