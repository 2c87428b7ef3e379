"""Twelve leads of one simulated patient at one time."""

import numpy as np
from numpy.typing import NDArray

from splkit.ecg.simulator.atlas import MEASURED_LEADS
from splkit.ecg.simulator.leads import DERIVED, LEADS
from splkit.ecg.simulator.noise import NO_NOISE, draw_levels, noise
from splkit.ecg.simulator.record import simulate_record


def simulate_twelve(
    potassium_meq_l: float, *, fs_hz: float, duration_s: float, seed: int
) -> dict[str, NDArray[np.float64]]:
    """All twelve leads in mV, with the same beats, and noise of each lead's own.

    Limb leads obey Einthoven and Goldberger, noise included: III = II - I, aVR = -(I + II) / 2,
    aVL = I - II / 2 and aVF = II - I / 2. `simulate_record` makes the same beats one lead at a time.

    Args:
        potassium_meq_l: serum potassium, 2 to 10 mEq/L.
        fs_hz: sampling rate.
        duration_s: length, 1 s or more.
        seed: of the patient, the rhythm and the noise.

    Raises:
        UsageError: potassium or duration is out of range.
        RecordingError: `fs_hz` is no rate for an ECG.
    """
    rngs = np.random.default_rng([seed, 12]).spawn(len(MEASURED_LEADS) + 1)
    levels = draw_levels(rngs.pop())
    leads = {}
    for lead, rng in zip(MEASURED_LEADS, rngs, strict=True):
        heart = simulate_record(
            potassium_meq_l, fs_hz=fs_hz, duration_s=duration_s, seed=seed, lead=lead, noise=NO_NOISE
        ).recording.signal_mv
        leads[lead] = heart + noise(len(heart), fs_hz, levels, rng)
    for lead, shares in DERIVED.items():
        leads[lead] = np.asarray(sum(share * leads[one] for one, share in shares.items()), np.float64)
    return {lead: leads[lead] for lead in LEADS}
