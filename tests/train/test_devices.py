"""Training on several devices: which are taken, and that a run on two is whole and can be gone on with."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from support.two_devices import CONFIG

from splkit.train.backend import tensorflow, training_strategy
from splkit.train.folder import Run

SCRIPT = Path(__file__).parents[1] / "support" / "two_devices.py"


@pytest.mark.long
def test_two_devices_train_in_step_and_go_on_after_an_interruption(tmp_path: Path) -> None:
    command = [sys.executable, str(SCRIPT), str(tmp_path)]
    free = {name: value for name, value in os.environ.items() if name != "CUDA_VISIBLE_DEVICES"}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=free)
    assert done.returncode == 0, done.stderr[-2000:]
    assert done.stdout.split() == ["True", "2"]  # GPUs are not hidden from training
    whole, cut = (Run.load(tmp_path / name) for name in ("whole", "cut"))
    assert whole.config == cut.config == CONFIG and whole.metrics == cut.metrics
    for ours, theirs in zip(whole.model().get_weights(), cut.model().get_weights(), strict=True):
        assert np.isfinite(ours).all()
        np.testing.assert_array_equal(ours, theirs)


def test_all_gpus_that_tensorflow_sees_are_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    tf = tensorflow()
    monkeypatch.setattr(tf.distribute, "MirroredStrategy", lambda: "in step")
    for gpus, expected in (([], tf.distribute.get_strategy()), (["GPU:0"], tf.distribute.get_strategy())):
        monkeypatch.setattr(tf.config, "list_physical_devices", lambda _kind, gpus=gpus: gpus)
        assert training_strategy() is expected
    monkeypatch.setattr(tf.config, "list_physical_devices", lambda _kind: ["GPU:0", "GPU:1"])
    assert training_strategy() == "in step"
