"""Single-lead ECG records as a function of potassium: simulated, so results on them are no evidence."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from splkit.ecg.recordings.recording import Recording, check_rate
from splkit.ecg.simulator import physiology as phys
from splkit.ecg.simulator.atlas import details
from splkit.ecg.simulator.details import AXES, Shape, waves_of
from splkit.ecg.simulator.heartbeat import (
    an_hour_later,
    deflections,
    ectopic_deflections,
    session_of,
    sine_share,
    spike,
)
from splkit.ecg.simulator.leads import DERIVED, REFERENCE_LEAD, check_lead, in_lead
from splkit.ecg.simulator.noise import NoiseLevels, draw_levels, fibrillation
from splkit.ecg.simulator.noise import noise as draw_noise
from splkit.ecg.simulator.patient import Patient, draw_patient
from splkit.ecg.simulator.rhythm import BeatTimes, draw_beats
from splkit.errors import UsageError

POTASSIUM_RANGE_MEQ_L = (2.0, 10.0)
"""Beyond, the simulator has no data to stand on."""

_ACTIVATION_S, _REPOLARIZATION_S, _ECTOPIC_S = (-0.5, 0.3), (-0.2, 0.9), (-0.5, 0.9)
"""About R, where P and QRS, where ST, T and U, and where an ectopic beat's waves lie."""

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
    lead: str = REFERENCE_LEAD,
    patient: Patient | None = None,
    session: int | None = None,
    noise: NoiseLevels | None = None,
) -> SimulatedRecord:
    """Simulate a record of one patient.

    Args:
        potassium_meq_l: serum potassium, 2 to 10 mEq/L.
        fs_hz: sampling rate.
        duration_s: length, 1 s or more.
        seed: the same arguments and seed give the same samples.
        lead: one of `splkit.ecg.simulator.leads.LEADS`.
        patient: a patient to see again; one with a healthy heart is drawn from the seed if left out.
        session: seed of the session: its shifts and noise levels; drawn from `seed` if left out.
        noise: noise levels; the session's if left out.

    Raises:
        UsageError: potassium or duration is out of range, or there is no such lead.
        RecordingError: `fs_hz` is no rate for an ECG.
    """
    _check(potassium_meq_l, duration_s)
    check_lead(lead)
    check_rate(fs_hz, "a simulated record")
    for_patient, for_session, for_rhythm, for_noise, for_drift = np.random.default_rng(seed).spawn(5)
    patient = draw_patient(for_patient) if patient is None else patient
    if session is not None:
        for_session = np.random.default_rng(session)
    today = an_hour_later(session_of(patient, for_session), for_drift)
    levels = draw_levels(for_session) if noise is None else noise
    beats = draw_beats(today, duration_s, for_rhythm)
    t_size = 1.0 + phys.T_VARIES.value * for_rhythm.normal(size=len(beats.times_s))
    samples = round(duration_s * fs_hz)
    signal_mv = draw_noise(samples, fs_hz, levels, for_noise)
    for measured, share in DERIVED.get(lead, {lead: 1.0}).items():
        seen = in_lead(today, measured)
        signal_mv += share * _signal(seen, measured, potassium_meq_l, beats, t_size, samples, fs_hz)
    if today.fibrillation_mv:
        signal_mv += fibrillation(samples, fs_hz, today.fibrillation_mv, for_noise)
    r_samples = np.round(beats.times_s * fs_hz).astype(np.int64)
    inside = (r_samples >= 0) & (r_samples < samples)
    recording = Recording(signal_mv, float(fs_hz), f"simulated {lead}", f"simulator, seed {seed}")
    return SimulatedRecord(recording, r_samples[inside], potassium_meq_l, patient)


def _signal(
    patient: Patient,
    lead: str,
    potassium_meq_l: float,
    beats: BeatTimes,
    t_size: NDArray[np.float64],
    samples: int,
    fs_hz: float,
) -> NDArray[np.float64]:
    """The sum of all beats, mV, in a lead that a machine measures."""
    signal_mv = np.zeros(samples)
    waves = deflections(patient, potassium_meq_l)
    axes = waves_of(patient, waves, sine_share(patient, potassium_meq_l))
    parts = list(zip(axes, details(patient.heart_seed, lead), AXES, strict=True))
    rr_s = np.diff(beats.times_s, prepend=beats.times_s[0] - 60.0 / patient.heart_rate_per_min)
    rr_ratio = rr_s * patient.heart_rate_per_min / 60.0
    breath = 1.0 + patient.breath_on_r * np.sin(2.0 * np.pi * patient.breaths_hz * beats.times_s)
    own = ~beats.is_ectopic
    drawn = (
        (Shape((*waves[:4], spike(patient)), parts[:2]), _ACTIVATION_S, own, breath[own]),
        (Shape(waves[4:], parts[2:]), _REPOLARIZATION_S, own, (breath * t_size)[own]),
        (Shape(ectopic_deflections(patient)), _ECTOPIC_S, beats.is_ectopic, breath[beats.is_ectopic]),
    )
    rr_ratio = np.where(beats.is_ectopic, 1.0, rr_ratio)
    for shape, span_s, which, size in drawn:
        if which.any():
            _add(signal_mv, shape, span_s, beats.times_s[which], rr_ratio[which], size, fs_hz)
    return signal_mv


def _add(
    signal_mv: NDArray[np.float64],
    shape: Shape,
    span_s: tuple[float, float],
    times_s: NDArray[np.float64],
    rr_ratio: NDArray[np.float64],
    size: NDArray[np.float64],
    fs_hz: float,
) -> None:
    """Add the part within `span_s` of beats of `size`, each an exact function of time about its own R."""
    first = np.floor((times_s + span_s[0]) * fs_hz).astype(np.int64)
    index = first[:, None] + np.arange(round((span_s[1] - span_s[0]) * fs_hz))
    time_ms = 1e3 * (index / fs_hz - times_s[:, None])
    beats = size[:, None] * shape.at(time_ms, rr_ratio[:, None])
    inside = (index >= 0) & (index < signal_mv.size)
    np.add.at(signal_mv, index[inside], beats[inside])


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
