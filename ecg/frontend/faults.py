"""Samples that no cycle may hold: on the rails of the converter, or flat because the lead is off."""

import numpy as np
from numpy.typing import NDArray

from splkit.ecg.frontend.thresholds import RAIL


class SignalFaults:
    """How many faulty samples there are up to each sample of `counts` (int16[n]); the lead is off at a sample
    that has stayed the same over `flat` samples, starting from 0."""

    def __init__(self, counts: NDArray[np.int16], flat: int) -> None:
        on_rail = np.abs(counts.astype(np.int32)) >= RAIL
        index = np.arange(len(counts))
        changed = np.diff(counts, prepend=np.int16(0)) != 0
        run = index - np.maximum.accumulate(np.where(changed, index, -1))
        self._rail = np.concatenate([[0], np.cumsum(on_rail)])
        self._flat = np.concatenate([[0], np.cumsum(run >= flat)])

    def on_rail(self, first: NDArray[np.int64], last: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Whether any sample from `first` to `last` (int64[n]) is on a rail, bool[n]."""
        return np.asarray(self._rail[last + 1] > self._rail[first])

    def lead_off(self, first: NDArray[np.int64], last: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Whether the lead is off at any sample from `first` to `last` (int64[n]), bool[n]."""
        return np.asarray(self._flat[last + 1] > self._flat[first])
