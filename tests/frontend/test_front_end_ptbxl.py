"""PTB-XL records, 500 Hz: parity, and R peaks of one heartbeat at one time in every lead."""

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from support.host_front_end import host_front_end

from splkit.ecg.frontend import FrontEndConfig, run_front_end, to_counts
from splkit.ecg.recordings.readers import read_recording

CONFIG = FrontEndConfig.for_rate(500, uv_per_count=1.0)
LEADS = ("II", "AVR", "V1", "V5")
HOLD_S = 2
SAME_BEAT_S, AGREES_S = 0.15, 0.06


@pytest.fixture(scope="module")
def records(data_dir: Path) -> list[Path]:
    return [path.with_suffix("") for path in sorted(data_dir.rglob("*_hr.hea"))]


def counts_of(record: Path, lead: str) -> NDArray[np.int16]:
    """One lead, held at its last value until its last beats are reported."""
    counts = to_counts(read_recording(record, lead), CONFIG)
    return np.append(counts, np.full(HOLD_S * CONFIG.fs_hz, counts[-1], np.int16))


@pytest.mark.parametrize("lead", LEADS)
def test_twin_and_c_agree(records: list[Path], lead: str) -> None:
    for record in records:
        counts = counts_of(record, lead)
        twin, host = run_front_end(counts, CONFIG), host_front_end(CONFIG).front_end(counts)
        for name in ("r_sample", "rr_samples", "amplitude", "verdict"):
            np.testing.assert_array_equal(getattr(host, name), getattr(twin, name), err_msg=name)
        assert len(twin.r_sample) >= 5


@pytest.mark.parametrize("lead", ["AVR", "V1", "V5"])
def test_leads_agree_on_where_r_is(records: list[Path], lead: str) -> None:
    beats = agreed = 0
    for record in records:
        reference = run_front_end(counts_of(record, "II"), CONFIG).r_sample / CONFIG.fs_hz
        found = run_front_end(counts_of(record, lead), CONFIG).r_sample / CONFIG.fs_hz
        distance = np.abs(reference[:, None] - found).min(axis=1)
        assert (distance < SAME_BEAT_S).all() and len(found) == len(reference), record.name
        beats, agreed = beats + len(reference), agreed + int((distance < AGREES_S).sum())
    assert agreed == beats == 71
