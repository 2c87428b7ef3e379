"""Whole numbers that stand for an ECG in the files that tests write: known, and large enough to be one."""

import numpy as np
from numpy.typing import NDArray

Counts = dict[str, NDArray[np.int64]]
"""By lead, int64[samples]."""


def counts(*leads: str, samples: int = 600, seed: int = 1) -> Counts:
    """Smooth lines with spikes, other ones for each lead, within 12 bits."""
    rng = np.random.default_rng(seed)
    made = {}
    for lead in leads:
        line = np.cumsum(rng.integers(-6, 7, samples))
        line[rng.integers(0, samples, 12)] += rng.integers(-700, 701, 12)
        made[lead] = line.astype(np.int64)
    return made
