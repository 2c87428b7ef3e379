"""What bench/realism.py measures on a record beside the features that baselines are given."""

from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray
from realism_sets import FS_HZ, Seen
from scipy.signal import welch

from splkit.ecg.frontend import R_INDEX
from splkit.ecg.frontend.quantize import ONE_Q12

MEASURES: Final = (
    "T asymmetry",
    "T inverted",
    "R, mV",
    "T from beat to beat, %",
    "RR SD, ms",
    "heart rate, 1/min",
    "roughness of the cycle",
)
"""Asymmetry: rise less fall at half height, over their sum. Roughness: SD of the second difference between T
and the next P, in thousandths of R."""

SPECTRUM_HZ: Final = (0.5, 1, 2, 4, 8, 15, 25, 35, 45, 55, 70, 90, 120, 150, 200)
"""Edges of the bands in which a record's power is measured, dB above 1 uV^2 a Hz."""

_T: Final = slice(R_INDEX + 42, R_INDEX + 135)
_LEVEL: Final = slice(R_INDEX - 22, R_INDEX - 14)
_QUIET: Final = slice(R_INDEX + 140, R_INDEX + 178)


def measures(seen: Seen) -> tuple[float, ...]:
    """`MEASURES` of a record, NaN where T is too small to have a shape."""
    t_wave = seen.cycle[_T] - seen.cycle[_LEVEL].mean()
    at = int(np.argmax(np.abs(t_wave)))
    each = seen.trace.cycles / ONE_Q12
    t_each = each[:, _T.start + max(at - 3, 0) : _T.start + at + 4].mean(1) - each[:, _LEVEL].mean(1)
    rr_ms = seen.trace.rr_samples[1:] * 1e3 / FS_HZ
    amplitude_mv = float(np.median(np.abs(seen.trace.amplitude))) / 1e3
    return (
        _asymmetry(t_wave, at),
        float(t_wave[at] < 0),
        amplitude_mv,
        100 * float(t_each.std() / abs(t_each.mean())),
        float(rr_ms.std()),
        6e4 / float(np.median(rr_ms)),
        1e3 * float(np.diff(seen.cycle[_QUIET], 2).std()),
    )


def spectrum(signal_mv: NDArray[np.float64]) -> NDArray[np.float64]:
    """Power of a record in the bands of `SPECTRUM_HZ`, dB."""
    at_hz, power = welch(1e3 * signal_mv, FS_HZ, nperseg=2 * FS_HZ)
    edges = pairwise(SPECTRUM_HZ)
    bands = [power[(at_hz >= low) & (at_hz < high)].mean() for low, high in edges]
    return 10 * np.log10(np.array(bands) + 1e-6)


def _asymmetry(t_wave: NDArray[np.float64], at: int) -> float:
    shape = t_wave / t_wave[at]
    before, behind = shape[: at + 1][::-1] < 0.5, shape[at:] < 0.5
    if abs(t_wave[at]) < 0.03 or not before.any() or not behind.any():
        return float("nan")
    rise, fall = int(np.argmax(before)), int(np.argmax(behind))
    return (rise - fall) / (rise + fall)
