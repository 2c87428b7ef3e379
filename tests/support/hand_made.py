"""ECGs made by hand, whose R peaks, widths and amplitudes are known, through the twin and the C at once."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from support.host_front_end import bundled_model, host_front_end

from splkit.ecg.frontend import FrontEndConfig, FrontEndTrace, quantize_cycles, run_front_end

FS_HZ = 500
UV_PER_COUNT = 1.0
S_AFTER_R_MS = 30.0
END_S = 2.0
"""A recording goes on for so long after its last beat, until that beat is reported."""


@dataclass(frozen=True)
class Beat:
    """One beat: its R peak, amplitude (mV), the SD of its Gaussian R wave; S and T as shares of R."""

    r_s: float
    r_mv: float = 1.0
    sd_ms: float = 10.0
    s_over_r: float = 0.0
    t_over_r: float = 0.3
    t_sd_ms: float = 30.0
    t_after_r_s: float = 0.30

    def uv(self, time_s: NDArray[np.float64]) -> NDArray[np.float64]:
        """Its waves in microvolts at these times, float64[n]."""
        since_ms = 1000 * (time_s - self.r_s)
        waves = (
            (1.0, 0.0, self.sd_ms),
            (-self.s_over_r, S_AFTER_R_MS, 10.0),
            (self.t_over_r, 1000 * self.t_after_r_s, self.t_sd_ms),
        )
        shape = sum(size * np.exp(-0.5 * ((since_ms - at_ms) / sd_ms) ** 2) for size, at_ms, sd_ms in waves)
        return np.asarray(1000 * self.r_mv * shape)


def regular(count: int, rr_s: float = 0.8, first_s: float = 1.0) -> list[Beat]:
    """Normal beats at one distance."""
    return [Beat(first_s + index * rr_s) for index in range(count)]


def after(beats: Sequence[Beat], *rr_s: float) -> list[Beat]:
    """The beats, and normal ones at these distances after them."""
    at_s = beats[-1].r_s + np.cumsum(rr_s)
    return [*beats, *(Beat(float(r_s)) for r_s in at_s)]


def counts_of(beats: Sequence[Beat], fs_hz: int = FS_HZ) -> NDArray[np.int16]:
    """All waves in microvolts, on noise of a few, int16[n]."""
    time_s = np.arange(round((beats[-1].r_s + END_S) * fs_hz)) / fs_hz
    signal_uv = np.random.default_rng(0).integers(-2, 3, len(time_s)).astype(np.float64)
    for beat in beats:
        signal_uv += beat.uv(time_s)
    return signal_uv.round().astype(np.int16)


def through_both(counts: NDArray[np.int16], fs_hz: int = FS_HZ, averaged_cycles: int = 8) -> FrontEndTrace:
    """What the twin makes of counts, after the C was seen to make the same of them."""
    config = FrontEndConfig.for_rate(fs_hz, UV_PER_COUNT, averaged_cycles)  # type: ignore[arg-type]
    trace, host = run_front_end(counts, config), host_front_end(config).front_end(counts)
    for name in ("r_sample", "rr_samples", "verdict", "amplitude"):
        np.testing.assert_array_equal(getattr(host, name), getattr(trace, name), err_msg=name)
    model = bundled_model().graph.input
    np.testing.assert_array_equal(host.cycles, quantize_cycles(trace.averaged, model.scale, model.zero_point))
    return trace


def verdict_at(trace: FrontEndTrace, r_s: float, fs_hz: int = FS_HZ) -> str:
    """The verdict on the beat at `r_s`, which must have been found there within 10 ms."""
    at = int(np.abs(trace.r_sample - r_s * fs_hz).argmin())
    assert abs(trace.r_sample[at] / fs_hz - r_s) < 0.01
    words = ("ok", "first", "rr", "ectopic", "noise", "clip", "lead", "late", "wide", "unlike", "cut")
    return words[trace.verdict[at]]
