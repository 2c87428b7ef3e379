"""Missing samples are told wherever a recording goes to a model."""

from pathlib import Path

import numpy as np
import pytest

from splkit.ecg.recordings.model_lead import read_for_model


@pytest.mark.parametrize(("missing", "said"), [(0, False), (500, True)])
def test_missing_samples_are_said(tmp_path: Path, missing: int, said: bool) -> None:
    signal_mv = np.sin(np.arange(2500) / 9)
    cells = ["" if 1000 <= i < 1000 + missing else f"{mv:.4f}" for i, mv in enumerate(signal_mv)]
    path = tmp_path / "ecg.csv"
    path.write_text("II,x\n" + "\n".join(f"{cell},0" for cell in cells))
    recording, words = read_for_model(str(path), None, 250.0, "II")
    assert recording.missing_s == missing / 250
    assert ("(2.0 s of it missing, in their place a straight line)" in words) == said
