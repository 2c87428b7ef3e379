"""What electrodes, muscles and the mains add to an ECG."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from splkit.ecg.simulator import physiology as phys
from splkit.ecg.simulator.patient import draw_normal
from splkit.ecg.simulator.physiology import Setting, Spectrum

Signal = NDArray[np.float64]

_LEAST_HZ = 0.05  # electrocardiographs pass nothing below


@dataclass(frozen=True)
class NoiseLevels:
    """How strong each noise is: rms in mV, except motion, in bursts a minute.

    `muscle_mv` is what a patient at rest has, the amplifier's noise included; `exertion_mv` is what one in
    motion adds.
    """

    wander_mv: float = 0.0
    muscle_mv: float = 0.0
    mains_mv: float = 0.0
    mains_hz: float = 50.0
    motion_per_min: float = 0.0
    exertion_mv: float = 0.0


NO_NOISE = NoiseLevels()


def draw_levels(rng: np.random.Generator, setting: Setting | None = None) -> NoiseLevels:
    """Levels of one recording session, of `physiology.REST` or `AMBULATORY`; one of the two if left out."""
    is_ambulatory = rng.random() < phys.AMBULATORY_SHARE.value
    setting = setting or (phys.AMBULATORY if is_ambulatory else phys.REST)
    wander_mv, muscle_mv, exertion_mv, mains_mv = (
        level.median_mv * float(np.exp(rng.normal(0.0, level.log_sd)))
        for level in (setting.wander, setting.muscle, setting.exertion, setting.mains)
    )
    return NoiseLevels(
        wander_mv=wander_mv,
        muscle_mv=muscle_mv,
        exertion_mv=exertion_mv,
        mains_mv=mains_mv,
        mains_hz=float(rng.choice((50.0, 60.0))),
        motion_per_min=float(rng.exponential(setting.motion_per_min)),
    )


def noise(samples: int, fs_hz: float, levels: NoiseLevels, rng: np.random.Generator) -> Signal:
    """The sum of all noises in mV, float64[samples]."""
    time_s = np.arange(samples) / fs_hz
    total = levels.wander_mv * _shaped(samples, fs_hz, phys.WANDER, rng)
    total += levels.muscle_mv * _shaped(samples, fs_hz, phys.MUSCLE, rng)
    if levels.exertion_mv:
        total += levels.exertion_mv * _shaped(samples, fs_hz, phys.EXERTION, rng)
    phase = rng.uniform(0.0, 2.0 * np.pi)
    total += levels.mains_mv * np.sqrt(2.0) * np.sin(2.0 * np.pi * levels.mains_hz * time_s + phase)
    return total + _motion(samples, fs_hz, levels.motion_per_min, rng)


def fibrillation(samples: int, fs_hz: float, height_mv: float, rng: np.random.Generator) -> Signal:
    """Fibrillatory waves, mV, float64[samples]: a sawtooth of two harmonics whose rate and height wander."""
    time_s = np.arange(samples) / fs_hz
    slow = _shaped(samples, fs_hz, phys.WANDER, rng)
    turns = draw_normal(rng, phys.FIBRILLATION_HZ) * time_s + 0.3 * slow
    wave = np.sin(2.0 * np.pi * turns) + 0.4 * np.sin(4.0 * np.pi * turns)
    return np.asarray(height_mv * (1.0 + 0.2 * slow) * wave, np.float64)


def _shaped(samples: int, fs_hz: float, spectrum: Spectrum, rng: np.random.Generator) -> Signal:
    """Gaussian noise of rms 1 with a spectrum, straight between its points in log frequency."""
    at_hz = np.fft.rfftfreq(samples, 1.0 / fs_hz)
    power_db = np.interp(np.log(np.maximum(at_hz, _LEAST_HZ)), np.log(phys.SPECTRUM_HZ), spectrum.power_db)
    height = 10.0 ** (power_db / 20.0) * (at_hz >= _LEAST_HZ)
    parts = rng.normal(size=(2, at_hz.size)) * height
    shaped = np.fft.irfft(parts[0] + 1j * parts[1], samples)
    return np.asarray(shaped / (np.std(shaped) + 1e-12), np.float64)


def _motion(samples: int, fs_hz: float, per_min: float, rng: np.random.Generator) -> Signal:
    """Bursts of electrode motion, up to the size of a QRS complex, under a smooth envelope."""
    total = np.zeros(samples)
    for _ in range(rng.poisson(per_min * samples / fs_hz / 60.0)):
        length = min(int(rng.uniform(0.4, 2.5) * fs_hz), samples)
        start = int(rng.integers(0, samples - length + 1))
        shape = _shaped(length, fs_hz, phys.MOTION, rng) * np.hanning(length)
        total[start : start + length] += draw_normal(rng, phys.MOTION_MV) * shape
    return total
