"""When a simulated heart beats: the RR spectrum has two peaks, breathing and the slow one."""

import numpy as np
from numpy.typing import NDArray

from splkit.ecg.patient import Patient
from splkit.ecg.physiology import SLOW_HZ

_GRID_HZ = np.arange(0.02, 0.5, 0.01)
_PEAK_WIDTH_HZ = 0.02
_MIN_RR_S = 0.35


def beat_times(patient: Patient, duration_s: float, rng: np.random.Generator) -> NDArray[np.float64]:
    """R-peak times in s, from before 0 to after `duration_s`, so that both ends of a record are filled.

    The tachogram has Gaussian spectral peaks at 0.1 Hz and at the breathing rate, as in McSharry 2003,
    doi:10.1109/TBME.2003.808805.
    """
    slow = patient.slow_over_fast * _peak(SLOW_HZ.value)
    power = slow + _peak(patient.breaths_hz)
    amplitude_s = np.sqrt(2.0 * power / power.sum()) * patient.sdnn_ms / 1e3
    phase = rng.uniform(0.0, 2.0 * np.pi, _GRID_HZ.size)
    mean_rr_s = 60.0 / patient.heart_rate_per_min
    times = [-1.0 - rng.uniform(0.0, mean_rr_s)]
    while times[-1] < duration_s + 1.0:
        swing_s = float(np.sum(amplitude_s * np.cos(2.0 * np.pi * _GRID_HZ * times[-1] + phase)))
        times.append(times[-1] + max(mean_rr_s + swing_s, _MIN_RR_S))
    return np.array(times)


def _peak(center_hz: float) -> NDArray[np.float64]:
    peak = np.exp(-0.5 * ((_GRID_HZ - center_hz) / _PEAK_WIDTH_HZ) ** 2)
    return np.asarray(peak / peak.sum(), np.float64)
