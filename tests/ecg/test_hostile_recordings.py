"""A short run of `bench/hostile_recordings.py`, and that it would see a fault."""

from pathlib import Path

import numpy as np
import pytest
from support.recording_bases import Base, bases
from support.recording_trial import FAULTS, count
from support.recording_truth import contradiction

from splkit.ecg.recordings.readers import read_recording

COUNT = 400


def test_hostile_recordings_are_refused_or_read_for_what_they_say() -> None:
    outcomes, said = count(7, range(COUNT))
    assert [line for line in said if "undecided" not in line] == []
    assert sum(outcomes[fault] for fault in FAULTS) == 0 and outcomes.total() == COUNT
    assert outcomes["accepted"] > COUNT / 10 and outcomes["undecided"] < COUNT / 20


@pytest.mark.parametrize("base", bases(), ids=lambda base: f"{base.kind} {next(iter(base.files))}")
def test_the_bench_would_see_another_rate_length_or_unit(tmp_path: Path, base: Base) -> None:
    for name, data in base.files.items():
        (tmp_path / name).write_bytes(data)
    path = tmp_path / next(iter(base.files))
    recording = read_recording(path)
    signal_mv, fs_hz, content = recording.signal_mv, recording.fs_hz, base.files[path.name]

    def said(fs_hz: float, signal_mv: np.ndarray) -> str | None:
        return contradiction(base.kind, path, content, recording.channel, fs_hz, signal_mv)

    assert said(fs_hz, signal_mv) is None
    if base.kind in ("scp", "atc", "philips"):
        return  # checksums refuse what is changed, or a code; no second parser of them
    assert "Hz in the file" in str(said(1.02 * fs_hz, signal_mv))
    assert "in the file" in str(said(fs_hz, signal_mv[:-1]))
    assert "differ by" in str(said(fs_hz, 1000 * signal_mv))
