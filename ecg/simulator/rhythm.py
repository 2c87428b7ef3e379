"""When a simulated heart beats: the RR spectrum has two peaks, breathing and the slow one."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from splkit.ecg.simulator.patient import Patient, draw_normal
from splkit.ecg.simulator.physiology import ECTOPIC_COUPLING, SLOW_HZ

_GRID_HZ = np.arange(0.02, 0.5, 0.01)
_PEAK_WIDTH_HZ = 0.02
_MIN_RR_S = 0.28  # 214 a minute


@dataclass(frozen=True)
class BeatTimes:
    """When the heart beats.

    Attributes:
        times_s: float64[n], R peaks, from before a record's start to after its end.
        is_ectopic: bool[n].
    """

    times_s: NDArray[np.float64]
    is_ectopic: NDArray[np.bool_]


def draw_beats(patient: Patient, duration_s: float, rng: np.random.Generator) -> BeatTimes:
    """Beats from before 0 to after `duration_s`, so that both ends of a record are filled.

    The tachogram has Gaussian spectral peaks at 0.1 Hz and at the breathing rate, as in McSharry 2003,
    doi:10.1109/TBME.2003.808805. Fibrillation makes each interval a draw of its own.
    """
    slow = patient.slow_over_fast * _peak(SLOW_HZ.value)
    power = slow + _peak(patient.breaths_hz)
    amplitude_s = np.sqrt(2.0 * power / power.sum()) * patient.sdnn_ms / 1e3
    phase = rng.uniform(0.0, 2.0 * np.pi, _GRID_HZ.size)
    mean_rr_s = 60.0 / patient.heart_rate_per_min
    times, is_ectopic = [-1.0 - rng.uniform(0.0, mean_rr_s)], [False]
    while times[-1] < duration_s + 1.0:
        swing_s = float(np.sum(amplitude_s * np.cos(2.0 * np.pi * _GRID_HZ * times[-1] + phase)))
        swing_s += mean_rr_s * patient.rr_irregularity * rng.normal()
        rr_s = max(mean_rr_s + swing_s, _MIN_RR_S)
        if patient.ectopic_share and not is_ectopic[-1] and rng.random() < patient.ectopic_share:
            early_s = max(draw_normal(rng, ECTOPIC_COUPLING) * rr_s, _MIN_RR_S)
            times += [times[-1] + early_s, times[-1] + 2.0 * rr_s]
            is_ectopic += [True, False]
        else:
            times.append(times[-1] + rr_s)
            is_ectopic.append(False)
    return BeatTimes(np.array(times), np.array(is_ectopic))


def _peak(center_hz: float) -> NDArray[np.float64]:
    peak = np.exp(-0.5 * ((_GRID_HZ - center_hz) / _PEAK_WIDTH_HZ) ** 2)
    return np.asarray(peak / peak.sum(), np.float64)
