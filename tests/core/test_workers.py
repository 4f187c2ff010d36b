"""The fault campaign in its small form: real workers are killed and frozen, the servers restarted and emptied, in the
middle of decisions and batches; every certificate comes exactly once (docs/adr/0003, docs/faults.md)."""

import pytest

from tests.faults.running import campaign

FAULTS, ROUNDS = 300, 3


@pytest.mark.worker
def test_every_certificate_comes_exactly_once_whatever_dies(tmp_path, capsys):
    done, [run] = campaign(tmp_path, FAULTS, "--runs", 1, "--rounds", ROUNDS)

    assert run["broken"] == {}, done.stdout
    assert done.returncode == 0
    assert (run["lost"], run["double"], run["gaps"], run["late"]) == (0, 0, 0, 0)
    assert run["ordered"] == run["issued"] > 0
    assert run["faults"] == sum(run["by_kind"].values()) >= FAULTS
    assert len(run["by_kind"]) >= 8
    assert run["in_hand"] > 0, "nobody died with work in his hands: the campaign proved nothing"
    assert len(run["rests"]) == ROUNDS
    with capsys.disabled():
        print(
            f"\n{run['faults']} faults of {len(run['by_kind'])} kinds, {run['in_hand']} jobs in hand: "
            f"{run['ordered']} certificates ordered, {run['issued']} issued, lost {run['lost']}, double "
            f"{run['double']}, gaps {run['gaps']}; at rest after {max(run['rests']):.1f} s at most."
        )
