"""What electrodes, muscles and the mains add to an ECG."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.signal import butter, sosfilt

Signal = NDArray[np.float64]

# Levels on ambulatory single-lead records as in the MIT-BIH Noise Stress Test (Moody 1984); medians and
# log-SDs assumed so that about one record in ten is poor.
_WANDER_MV, _MUSCLE_MV, _MAINS_MV = 0.05, 0.012, 0.006
_LOG_SD = 0.7
_MOTION_PER_MIN = 0.7


@dataclass(frozen=True)
class NoiseLevels:
    """How strong each noise is: rms in mV, except motion, in bursts a minute."""

    wander_mv: float = 0.0
    muscle_mv: float = 0.0
    mains_mv: float = 0.0
    mains_hz: float = 50.0
    motion_per_min: float = 0.0


NO_NOISE = NoiseLevels()


def draw_levels(rng: np.random.Generator) -> NoiseLevels:
    """Levels of one recording session."""
    wander, muscle, mains = np.exp(rng.normal(0.0, _LOG_SD, 3))
    return NoiseLevels(
        wander_mv=float(_WANDER_MV * wander),
        muscle_mv=float(_MUSCLE_MV * muscle),
        mains_mv=float(_MAINS_MV * mains),
        mains_hz=float(rng.choice((50.0, 60.0))),
        motion_per_min=float(rng.exponential(_MOTION_PER_MIN)),
    )


def noise(samples: int, fs_hz: float, levels: NoiseLevels, rng: np.random.Generator) -> Signal:
    """The sum of all noises in mV, float64[samples]."""
    time_s = np.arange(samples) / fs_hz
    wander = _band(samples, fs_hz, (0.05, 0.35), rng)
    muscle = _band(samples, fs_hz, (15.0, min(150.0, 0.45 * fs_hz)), rng)
    mains = np.sqrt(2.0) * np.sin(2.0 * np.pi * levels.mains_hz * time_s + rng.uniform(0.0, 2.0 * np.pi))
    return np.asarray(
        levels.wander_mv * wander
        + levels.muscle_mv * muscle
        + levels.mains_mv * mains
        + _motion(samples, fs_hz, levels.motion_per_min, rng),
        np.float64,
    )


def _band(samples: int, fs_hz: float, band_hz: tuple[float, float], rng: np.random.Generator) -> Signal:
    """Gaussian noise of rms 1 in a band; the filter's start is thrown away."""
    lead_in = int(10 * fs_hz)
    sos = butter(2, band_hz, "bandpass", fs=fs_hz, output="sos")
    shaped = sosfilt(sos, rng.normal(size=samples + lead_in))[lead_in:]
    return np.asarray(shaped / (np.std(shaped) + 1e-12), np.float64)


def _motion(samples: int, fs_hz: float, per_min: float, rng: np.random.Generator) -> Signal:
    """Bursts of electrode motion: 1 to 10 Hz, up to the size of a QRS complex, under a smooth envelope."""
    total = np.zeros(samples)
    for _ in range(rng.poisson(per_min * samples / fs_hz / 60.0)):
        length = min(int(rng.uniform(0.4, 2.5) * fs_hz), samples)
        start = int(rng.integers(0, samples - length + 1))
        shape = _band(length, fs_hz, (1.0, 10.0), rng) * np.hanning(length)
        total[start : start + length] += rng.uniform(0.1, 0.6) * shape
    return total
