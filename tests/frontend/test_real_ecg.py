"""R peaks and verdicts on excerpts of real ECGs, against what cardiologists annotated.

`bench/rpeaks.py` and `bench/cycles.py` measure the same on the whole data sets.
"""

import sys
from pathlib import Path

import numpy as np
import pytest
import wfdb

from splkit.ecg.frontend import Verdict
from splkit.ecg.recordings.readers import read_recording
from splkit.ecg.rpeaks.find import find_r_peaks

sys.path.insert(0, str(Path(__file__).parents[2] / "bench"))

import ecg_reference

VENTRICULAR, ATRIAL = "VFE", "AaJSej"
NEAR_S = 0.15


@pytest.mark.parametrize(
    ("name", "beats", "missed", "extra"),
    [("101", 71, 0, 0), ("119", 65, 0, 0), ("203", 209, 6, 2), ("207", 115, 4, 5)],
)
def test_r_peaks_are_where_cardiologists_saw_beats(
    data_dir: Path, name: str, beats: int, missed: int, extra: int
) -> None:
    """Missed and extra beats at 150 ms, no more than measured when the excerpts were cut."""
    reference = ecg_reference.read_reference(data_dir / "mitdb" / name)
    found = find_r_peaks(read_recording(data_dir / "mitdb" / name, 0))
    matched = ecg_reference.score(found.sample, reference, 360)[150]
    assert len(reference.beats) == beats
    assert (matched.missed, matched.extra) <= (missed, extra) and matched.extra <= extra


@pytest.mark.parametrize(("name", "premature", "sinus_share"), [("101", 0, 0.95), ("119", 19, 0.5)])
def test_ventricular_beats_and_their_neighbours_are_left_out(
    data_dir: Path, name: str, premature: int, sinus_share: float
) -> None:
    """119 has 19 premature ventricular beats in its minute; none of them is taken for a normal one."""
    path = data_dir / "mitdb" / name
    found, annotation = find_r_peaks(read_recording(path, 0)), wfdb.rdann(str(path), "atr")
    accepted = found.sample[found.verdict == Verdict.ACCEPTED]
    samples = {
        kind: annotation.sample[np.isin(annotation.symbol, list(kind))] for kind in (VENTRICULAR, "NLR")
    }
    distance_s = np.abs(samples[VENTRICULAR][:, None] - accepted).min(axis=1, initial=10**6) / 360
    assert len(distance_s) == premature and (distance_s > NEAR_S).all()
    assert len(accepted) >= sinus_share * len(samples["NLR"])


def test_electrode_motion_alone_gives_no_mean(data_dir: Path) -> None:
    found = find_r_peaks(read_recording(data_dir / "nstdb" / "em", 0))
    assert (found.verdict == Verdict.ACCEPTED).sum() <= 1
