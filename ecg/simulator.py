"""Single-lead ECG records as a function of potassium: simulated, so results on them are no evidence."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from splkit.ecg.noise import NoiseLevels, draw_levels
from splkit.ecg.noise import noise as draw_noise
from splkit.ecg.patient import Patient, draw_patient
from splkit.ecg.recording import Recording, check_rate
from splkit.ecg.rhythm import beat_times
from splkit.ecg.waves import session_of, waves
from splkit.errors import UsageError

POTASSIUM_RANGE_MEQ_L = (2.0, 10.0)
"""Beyond, the simulator has no data to stand on."""

_BEFORE_S, _AFTER_S = 0.5, 0.9  # a beat's waves lie within, about R
_MIN_DURATION_S = 1.0


@dataclass(frozen=True)
class SimulatedRecord:
    """A simulated record and what made it.

    Attributes:
        recording: one lead, mV, noise included.
        r_samples: int64[n], samples of the R peaks.
        potassium_meq_l: serum potassium.
        patient: the patient, at a normal potassium.
    """

    recording: Recording
    r_samples: NDArray[np.int64]
    potassium_meq_l: float
    patient: Patient


def simulate_record(
    potassium_meq_l: float,
    *,
    fs_hz: float = 300,
    duration_s: float = 60,
    seed: int,
    patient: Patient | None = None,
    noise: NoiseLevels | None = None,
) -> SimulatedRecord:
    """Simulate one session of one patient.

    Args:
        potassium_meq_l: serum potassium, 2 to 10 mEq/L.
        fs_hz: sampling rate.
        duration_s: length, 1 s or more.
        seed: the same arguments and seed give the same samples; the session's shifts come from it too.
        patient: a patient to see again; drawn from the seed if left out.
        noise: noise levels; drawn from the seed if left out.

    Raises:
        UsageError: potassium or duration is out of range.
        RecordingError: `fs_hz` is no rate for an ECG.
    """
    _check(potassium_meq_l, duration_s)
    check_rate(fs_hz, "a simulated record")
    for_patient, for_session, for_rhythm, for_noise = np.random.default_rng(seed).spawn(4)
    patient = draw_patient(for_patient) if patient is None else patient
    session = session_of(patient, for_session)
    levels = draw_levels(for_session) if noise is None else noise
    times_s = beat_times(session, duration_s, for_rhythm)
    samples = round(duration_s * fs_hz)
    signal_mv = _beats(session, potassium_meq_l, times_s, samples, fs_hz)
    signal_mv += draw_noise(samples, fs_hz, levels, for_noise)
    r_samples = np.round(times_s * fs_hz).astype(np.int64)
    inside = (r_samples >= 0) & (r_samples < samples)
    recording = Recording(signal_mv, float(fs_hz), "simulated V5", f"simulator, seed {seed}")
    return SimulatedRecord(recording, r_samples[inside], potassium_meq_l, patient)


def _beats(
    patient: Patient, potassium_meq_l: float, times_s: NDArray[np.float64], samples: int, fs_hz: float
) -> NDArray[np.float64]:
    """The sum of all beats, mV: each an exact function of time about its own R, amplitude under breathing."""
    first = np.floor((times_s - _BEFORE_S) * fs_hz).astype(np.int64)
    index = first[:, None] + np.arange(round((_BEFORE_S + _AFTER_S) * fs_hz))
    time_ms = 1e3 * (index / fs_hz - times_s[:, None])
    rr_s = np.diff(times_s, prepend=times_s[0] - 60.0 / patient.heart_rate_per_min)
    rr_ratio = (rr_s * patient.heart_rate_per_min / 60.0)[:, None]
    beats = sum(wave.at(time_ms, rr_ratio) for wave in waves(patient, potassium_meq_l))
    beats *= 1.0 + patient.breath_on_r * np.sin(2.0 * np.pi * patient.breaths_hz * times_s)[:, None]
    signal_mv = np.zeros(samples)
    inside = (index >= 0) & (index < samples)
    np.add.at(signal_mv, index[inside], beats[inside])
    return signal_mv


def _check(potassium_meq_l: float, duration_s: float) -> None:
    low, high = POTASSIUM_RANGE_MEQ_L
    if not low <= potassium_meq_l <= high:
        raise UsageError(
            f"simulated potassium is {low:g} to {high:g} mEq/L",
            found=f"{potassium_meq_l:g} mEq/L",
            next_step="choose one within",
        )
    if not duration_s >= _MIN_DURATION_S:
        raise UsageError(
            f"a simulated record lasts {_MIN_DURATION_S:g} s or more",
            found=f"{duration_s:g} s",
            next_step="ask for more",
        )
