"""Records with the noise of the MIT-BIH Noise Stress Test, mixed by the convention of PhysioNet's `nst`.

S = (trimmed mean of the QRS peak-to-peak within 50 ms, first 300 beats)^2 / 8; N = (trimmed mean of the RMS
of 1-s stretches, first 300 s)^2; 5 % off each end. Noise from 5:00 on (Moody, Muldrow and Mark 1984).
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import wfdb
from numpy.typing import NDArray

NOISE_FROM_S = 300
BEATS, STRETCHES = 300, 300
TRIM = 0.05


def read_noise(data: Path, name: str) -> NDArray[np.float64]:
    """The first channel of a noise record (em, ma or bw), mV."""
    return np.asarray(wfdb.rdrecord(str(data / "nstdb" / name), channels=[0]).p_signal[:, 0])


def with_noise(
    signal_mv: NDArray[np.float64],
    beats: NDArray[np.int64],
    noise_mv: NDArray[np.float64],
    fs_hz: float,
    snr_db: float,
    from_s: float = NOISE_FROM_S,
) -> NDArray[np.float64]:
    """`signal_mv` with noise at `snr_db` from `from_s` on; the noise is repeated where it is shorter."""
    half, second = round(0.05 * fs_hz), round(fs_hz)
    swing = [np.ptp(signal_mv[max(at - half, 0) : at + half]) for at in beats[:BEATS]]
    rms = [noise_mv[at * second : (at + 1) * second].std() for at in range(STRETCHES)]
    gain = np.sqrt(_trimmed_mean(swing) ** 2 / 8 / _trimmed_mean(rms) ** 2 / 10 ** (snr_db / 10))
    mixed, start = signal_mv.copy(), round(from_s * fs_hz)
    mixed[start:] += gain * np.resize(noise_mv, max(len(mixed) - start, 0))
    return mixed


def _trimmed_mean(values: Sequence[float]) -> float:
    ranked = np.sort(values)
    cut = int(TRIM * len(ranked))
    return float(ranked[cut : len(ranked) - cut].mean())
