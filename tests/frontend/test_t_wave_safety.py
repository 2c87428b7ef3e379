"""Simulated hyperkalemia: no T wave is taken for R, and no sine wave gives an estimate."""

import sys
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from splkit.ecg.frontend import FrontEndConfig, Verdict, run_front_end
from splkit.ecg.simulator.record import simulate_record

sys.path.insert(0, str(Path(__file__).parents[2] / "bench"))

import t_waves


def test_t_waves_and_sine_waves_of_simulated_patients() -> None:
    rows = t_waves.run(patients=1, duration_s=30)
    complexes = rows["QRS and T"]
    assert 1000 * complexes["t_for_r"] <= complexes["beats"]
    assert complexes["wrong"] == 0 and complexes["estimates"] > 350
    assert rows["sine wave"]["estimates"] == 0


@pytest.mark.parametrize(("t_over_r", "patients"), [(1.0, 1), (1.3, 1), (1.5, 1), (2.0, 3)])
def test_t_waves_made_taller_than_r_are_no_beats(t_over_r: float, patients: int) -> None:
    """At 2 a record in which T takes R's place weighs much: 0.3 to 1.4 in 1,000 by number of patients."""
    rows = t_waves.run(patients, t_over_r, duration_s=30, cut=[t_waves.SINE])
    complexes = rows["QRS and T"]
    assert 1000 * complexes["t_for_r"] <= complexes["beats"]
    assert rows["sine wave"]["estimates"] == 0


def test_t_waves_that_grow_taller_than_r_are_no_beats() -> None:
    rows = t_waves.run(patients=149, taller=True, duration_s=20)
    complexes = rows["QRS and T"]
    assert 10_000 * complexes["wrong"] <= complexes["beats"]
    assert 1000 * complexes["t_for_r"] <= complexes["beats"]
    assert rows["sine wave"]["estimates"] == 0


@pytest.mark.parametrize("rate_bpm", [55.0, 70.0])
def test_t_waves_as_narrow_as_r_are_not_taken_for_beats_in_turn(rate_bpm: float) -> None:
    """In each of the first six patients whose T, which does not spread, is taller than R at 8 mEq/L."""
    with t_waves.narrow_t():
        drawn = ((seed, t_waves.patient_at(rate_bpm, seed)) for seed in range(2000))
        chosen = [
            (seed, patient)
            for seed, patient in drawn
            if t_waves.has_taller_t(patient, 8.0) and t_waves.kind_of(patient, 8.0) == t_waves.COMPLEXES
        ][:6]
        records = [simulate_record(8.0, fs_hz=300, seed=seed, patient=one) for seed, one in chosen]
        counted = [t_waves.count(record, None) for record in records]
    assert len(counted) == 6
    figures = [dict(zip(t_waves.COLUMNS, each, strict=True)) for each in counted]
    assert all(8 * one["t_for_r"] <= one["beats"] for one in figures)
    # Taken in turn, T would take the place of every other R.
    assert 100 * sum(one["missed"] for one in figures) <= sum(one["beats"] for one in figures)


def sine_counts(rate_hz: float, duration_s: float = 60.0) -> NDArray[np.int16]:
    time_s = np.arange(int(duration_s * 300)) / 300
    wave = np.sin(2 * np.pi * rate_hz * time_s) + 0.3 * np.sin(4 * np.pi * rate_hz * time_s + 0.7)
    return np.asarray((500 * wave).round(), np.int16)


@pytest.mark.parametrize("rate_hz", [0.8, 1.2, 1.7, 2.3, 3.0])
def test_sine_wave_gives_no_estimate_but_reasons(rate_hz: float) -> None:
    trace = run_front_end(sine_counts(rate_hz), FrontEndConfig.for_rate(300, uv_per_count=2.0))
    assert len(trace.averaged) == 0 and len(trace.cycles) == 0
    assert (trace.verdict != Verdict.ACCEPTED).all()
