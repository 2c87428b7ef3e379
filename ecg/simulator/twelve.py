"""Twelve leads of one simulated patient at one time."""

import numpy as np
from numpy.typing import NDArray

from splkit.ecg.simulator.noise import NO_NOISE, draw_levels, noise
from splkit.ecg.simulator.record import simulate_record

_DRAWN = ("I", "II", "V1", "V2", "V3", "V4", "V5", "V6")
"""The leads that a machine measures; the other four are sums of I and II."""


def simulate_twelve(
    potassium_meq_l: float, *, fs_hz: float, duration_s: float, seed: int
) -> dict[str, NDArray[np.float64]]:
    """All twelve leads in mV, with the same beats, and noise of each lead's own.

    Limb leads obey Einthoven and Goldberger: III = II - I, aVR = -(I + II) / 2, aVL = I - II / 2 and
    aVF = II - I / 2. So these four have no constants of `splkit.ecg.simulator.physiology` here.

    Args:
        potassium_meq_l: serum potassium, 2 to 10 mEq/L.
        fs_hz: sampling rate.
        duration_s: length, 1 s or more.
        seed: of the patient, the rhythm and the noise.

    Raises:
        UsageError: potassium or duration is out of range.
        RecordingError: `fs_hz` is no rate for an ECG.
    """
    rngs = np.random.default_rng([seed, 12]).spawn(len(_DRAWN) + 1)
    levels = draw_levels(rngs.pop())
    leads = {}
    for lead, rng in zip(_DRAWN, rngs, strict=True):
        heart = simulate_record(
            potassium_meq_l, fs_hz=fs_hz, duration_s=duration_s, seed=seed, lead=lead, noise=NO_NOISE
        ).recording.signal_mv
        leads[lead] = heart + noise(len(heart), fs_hz, levels, rng)
    one, two = leads["I"], leads["II"]
    limb = {"I": one, "II": two, "III": two - one}
    limb |= {"aVR": -(one + two) / 2, "aVL": one - two / 2, "aVF": two - one / 2}
    return limb | {lead: leads[lead] for lead in _DRAWN[2:]}
