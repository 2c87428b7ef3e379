"""Judges each beat's cycle, in the order in which the beats are reported, and averages the accepted ones."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from splkit.ecg.frontend.config import (
    AVERAGED_CYCLES,
    COARSE_PUSHES,
    COARSE_STEP,
    CYCLE_SIZE,
    JOB_PUSHES,
    FrontEndConfig,
)
from splkit.ecg.frontend.cycles import cut_cycles, sample_offsets
from splkit.ecg.frontend.detector import Beat
from splkit.ecg.frontend.faults import SignalFaults
from splkit.ecg.frontend.template import Template, has_qrs
from splkit.ecg.frontend.trace import FrontEndTrace, Verdict

_BLOCK = 1024


class Extractor:
    """What runs from beat to beat: the template, the sum, and when the last beat was reported."""

    def __init__(
        self, counts: NDArray[np.int16], faults: SignalFaults, beats: list[Beat], config: FrontEndConfig
    ) -> None:
        self._config, self._counts, self._faults, self._beats = config, counts, faults, beats
        self._offsets = sample_offsets(config)
        self._template = Template()
        self._sum = np.zeros(CYCLE_SIZE, np.int64)
        self._summed = 0
        self._reported_at = -1
        self._verdicts: list[Verdict] = []
        self._amplitudes: list[int] = []
        self._cycles: list[NDArray[np.int16]] = []
        self._averaged: list[NDArray[np.int16]] = []
        self._averaged_beat: list[int] = []

    def run(self, advance: Callable[[int], None]) -> FrontEndTrace:
        """All beats whose report is due before the recording ends; `advance` counts beats."""
        first, last = self._config.before, len(self._counts) - 1 - self._config.after
        for start in range(0, len(self._beats) if first <= last else 0, _BLOCK):
            block = self._beats[start : start + _BLOCK]
            r_sample = np.array([beat.r_sample for beat in block]).clip(first, last)
            amplitude2, cycles = cut_cycles(self._counts, r_sample, self._config)
            for index in range(len(block)):
                if not self._report(start + index, int(amplitude2[index]), cycles[index]):
                    return self._trace()
            advance(len(block))
        return self._trace()

    def _report(self, index: int, amplitude2: int, cycle: NDArray[np.int64]) -> bool:
        """Judge one beat; False where the recording ends before it can be reported."""
        beat = self._beats[index]
        now = max(beat.r_sample + self._config.report_lag, beat.known_at, self._reported_at + 1)
        if now >= len(self._counts):
            return False
        oldest = max(0, now - self._config.ring + JOB_PUSHES)
        in_reach = beat.r_sample - self._config.before >= oldest
        next_rr = self._next_rr(index, now)
        verdict = self._verdict(index, now, next_rr, amplitude2) if in_reach else Verdict.LATE
        verdict = Verdict.FIRST if index == 0 else verdict
        if verdict is Verdict.ACCEPTED:
            cycle = self._masked(cycle, next_rr)
            coarse = cycle[::COARSE_STEP]
            shaped = has_qrs(coarse)
            is_like = shaped and self._template.takes(coarse)
            verdict = Verdict.ACCEPTED if is_like else Verdict.ECTOPIC if shaped else Verdict.WIDE
            now += JOB_PUSHES if is_like else COARSE_PUSHES - 2 + shaped
        if now >= len(self._counts):
            return False
        self._reported_at = now
        self._verdicts.append(verdict)
        self._amplitudes.append(max(-32768, min(32767, (amplitude2 + 1) >> 1)) if in_reach else 0)
        if verdict is Verdict.ACCEPTED:
            self._average(index, cycle)
        return True

    def _verdict(self, index: int, now: int, next_rr: int, amplitude2: int) -> Verdict:
        """Everything but the shape."""
        config, beat = self._config, self._beats[index]
        rr = beat.rr_samples
        first, last = np.array([beat.r_sample - config.before]), np.array([now])
        if self._faults.on_rail(first, last):
            return Verdict.CLIP
        if self._faults.lead_off(first, last):
            return Verdict.LEAD_OFF
        if not config.rr_min <= rr <= config.rr_max:
            return Verdict.RR
        if beat.noisy or abs(amplitude2) < 2 * config.amplitude_floor:
            return Verdict.NOISE
        premature = 5 * rr < 4 * beat.rr_median or 0 < 5 * next_rr < 4 * beat.rr_median
        paused = 2 * rr > 3 * beat.rr_median
        return Verdict.ECTOPIC if premature or paused else Verdict.ACCEPTED

    def _next_rr(self, index: int, now: int) -> int:
        """The interval after beat `index`, 0 where no near neighbour is known yet."""
        if index + 1 == len(self._beats) or self._beats[index + 1].known_at > now:
            return 0
        rr = self._beats[index + 1].rr_samples
        return rr if rr < self._config.neighbour else 0

    def _masked(self, cycle: NDArray[np.int64], next_rr: int) -> NDArray[np.int64]:
        """The cycle with the isoelectric level in place of the next QRS."""
        if not next_rr:
            return cycle
        return np.where(self._offsets < next_rr - self._config.mask, cycle, 0)

    def _average(self, index: int, cycle: NDArray[np.int64]) -> None:
        """Add a rounded eighth of the cycle; eight of them make a mean."""
        self._cycles.append(cycle.astype(np.int16))
        self._sum += (cycle + AVERAGED_CYCLES // 2) // AVERAGED_CYCLES
        self._summed += 1
        if self._summed == AVERAGED_CYCLES:
            self._averaged.append(self._sum.clip(-32768, 32767).astype(np.int16))
            self._averaged_beat.append(index)
            self._sum[:] = 0
            self._summed = 0

    def _trace(self) -> FrontEndTrace:
        beats = self._beats[: len(self._verdicts)]
        empty = np.empty((0, CYCLE_SIZE), np.int16)
        return FrontEndTrace(
            r_sample=np.array([beat.r_sample for beat in beats], np.int64),
            rr_samples=np.array([beat.rr_samples for beat in beats], np.int32),
            verdict=np.array(self._verdicts, np.uint8),
            amplitude=np.array(self._amplitudes, np.int16),
            cycles=np.array(self._cycles, np.int16) if self._cycles else empty,
            averaged=np.array(self._averaged, np.int16) if self._averaged else empty,
            averaged_beat=np.array(self._averaged_beat, np.int64),
        )
