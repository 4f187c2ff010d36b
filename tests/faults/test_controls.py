"""The campaign sees a house that is weak: otherwise its noughts would prove nothing. All of them: `make faults
ARGS=controls`."""

import pytest

from tests.faults.running import campaign

SHOWN = "two-transactions,numbers-outside"


@pytest.mark.worker
def test_two_planted_weaknesses_are_caught(tmp_path):
    done, controls = campaign(tmp_path, "controls", "--only", SHOWN)

    assert [run["plan"]["weakness"] for run in controls] == SHOWN.split(",")
    assert all(run["caught"] for run in controls), done.stdout
    assert done.returncode == 0
