"""Judges each beat's cycle, in the order in which the beats are reported, and averages the accepted ones."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from splkit.ecg.frontend.average import Average
from splkit.ecg.frontend.beats import Beat
from splkit.ecg.frontend.config import ALIGN_PUSH, JOB_PUSHES, MEASURE_PUSH, SHAPE_PUSH, FrontEndConfig
from splkit.ecg.frontend.cut import (
    COARSE_POINTS,
    POINTS,
    QRS_POINTS,
    Baseline,
    Cut,
    amplitude2,
    isoelectric_level2,
    slope_q12,
)
from splkit.ecg.frontend.faults import SignalFaults
from splkit.ecg.frontend.shape import Template, coarse_size, has_qrs, is_spike
from splkit.ecg.frontend.thresholds import PAUSED_HALVES, PREMATURE_FIFTHS, ROUGH_PARTS, T_WAVE_RR_64THS
from splkit.ecg.frontend.trace import FrontEndTrace, Verdict

_BLOCK = 1024
_UNTIL_SHAPE, _UNTIL_COMPARED = SHAPE_PUSH - MEASURE_PUSH, ALIGN_PUSH - MEASURE_PUSH
"""Pushes from when a beat is measured until each judgement of its shape."""


class Extractor:
    """What runs from beat to beat: baseline, template, mean, and when the last beat was reported."""

    def __init__(
        self, counts: NDArray[np.int16], faults: SignalFaults, beats: list[Beat], config: FrontEndConfig
    ) -> None:
        self._config, self._counts, self._faults, self._beats = config, counts, faults, beats
        self._level2, self._rough = self._levels(0)
        self._quiet_level2, self._quiet_rough = self._levels(config.quiet)
        self._slope_before_q12: int | None = None
        self._template = Template()
        self._average = Average(
            config.averaged_cycles,
            config.window.row_size,
            least_cycles=config.least_cycles,
            patience=config.patience,
        )
        self._reported_at = -1
        self._verdicts: list[Verdict] = []
        self._amplitudes: list[int] = []

    def run(self, advance: Callable[[int], None]) -> FrontEndTrace:
        """All beats whose report is due before the recording ends; `advance` counts beats."""
        for index in range(len(self._beats)):
            if not self._report(index):
                break
            advance(1)
        beats = self._beats[: len(self._verdicts)]
        return FrontEndTrace(
            r_sample=np.array([beat.r_sample for beat in beats], np.int64),
            rr_samples=np.array([beat.rr_samples for beat in beats], np.int32),
            verdict=np.array(self._verdicts, np.uint8),
            amplitude=np.array(self._amplitudes, np.int16),
            cycles=self._average.taken(),
            averaged=self._average.means(),
            averaged_beat=np.array(self._average.complete_at, np.int64),
            averaged_count=np.array(self._average.counts, np.int64),
            averaged_grown=np.array(self._average.grown, np.bool_),
        )

    def _levels(self, after: int) -> tuple[list[int], list[int]]:
        """Twice the isoelectric level before what lies `after` samples after every R, and how rough it is."""
        config = self._config
        first, last = config.isoelectric_from, len(self._counts) - 1
        level2: list[int] = []
        rough: list[int] = []
        for start in range(0, len(self._beats) if first <= last else 0, _BLOCK):
            at = after + np.array([beat.r_sample for beat in self._beats[start : start + _BLOCK]])
            levels = isoelectric_level2(self._counts, at.clip(first, last), config)
            level2 += levels[0].tolist()
            rough += levels[1].tolist()
        return level2, rough

    def _report(self, index: int) -> bool:
        """Judge one beat; False where the recording ends before it can be reported."""
        beat, config = self._beats[index], self._config
        now = max(beat.r_sample + config.report_lag, beat.known_at, self._reported_at + 1)
        if now >= len(self._counts):
            return False
        oldest = max(0, now - config.ring + JOB_PUSHES)
        in_reach = beat.r_sample - config.before >= oldest
        verdict, size2, cycle = Verdict.LATE, 0, None
        if in_reach:
            next_rr = self._next_rr(index, now)
            baseline = self._baseline(index, next_rr)
            size2 = amplitude2(self._counts, beat.r_sample, baseline)
            now += 1
            if now == len(self._counts):
                return False
            verdict = self._verdict(index, now, next_rr, size2)
        else:
            self._slope_before_q12 = None
        verdict = Verdict.FIRST if index == 0 else verdict
        if verdict is Verdict.ACCEPTED:
            limit = max(next_rr - config.mask, 0) if next_rr else config.neighbour
            limit = (limit << 16) // config.step_q16
            pushes, verdict, cycle = self._shaped(
                index, now, Cut(beat.r_sample, baseline, size2, limit), self._is_beside(index, next_rr)
            )
            now += pushes
        if now >= len(self._counts):
            return False
        self._reported_at = now
        self._verdicts.append(verdict)
        self._amplitudes.append(max(-32768, min(32767, (size2 + 1) >> 1)))
        self._average.take(index, verdict, cycle, now)
        return True

    def _shaped(
        self, index: int, now: int, cut: Cut, beside: bool
    ) -> tuple[int, Verdict, NDArray[np.int64] | None]:
        """The pushes that the cycle takes, its verdict, and its points as they lie on the template."""
        counts, step_q16 = self._counts, self._config.step_q16
        coarse, size = cut.points(counts, COARSE_POINTS, step_q16), coarse_size(cut.limit)
        if not has_qrs(coarse):
            return _UNTIL_SHAPE, Verdict.WIDE, None
        if not self._template.is_usual(coarse, size, cut.amplitude2, beside):
            return _UNTIL_COMPARED, Verdict.UNLIKE, None
        self._template.follow(coarse, size)
        qrs = cut.points(counts, QRS_POINTS, step_q16)
        if is_spike(qrs):
            return _UNTIL_COMPARED, Verdict.UNLIKE, None
        shift_q10 = -self._template.align(qrs, cut.amplitude2)
        pushes, shift_q16 = JOB_PUSHES - MEASURE_PUSH, shift_q10 * step_q16 >> 10
        cycle = cut.points(counts, POINTS, step_q16, shift_q16)
        if not self._config.window.is_cycle:
            cycle = np.concatenate([cycle, self._window(index, now + pushes, cut, shift_q16)])
        return pushes, Verdict.ACCEPTED, cycle

    def _window(self, index: int, now: int, cut: Cut, shift_q16: int) -> NDArray[np.int64]:
        """The window about an accepted beat that is reported at `now`."""
        config = self._config
        over = cut.over(config.window, self._slope_to_window_q12(index, now), config.steepest)
        return over.points(self._counts, config.window.points, config.step_q16, shift_q16)

    def _slope_to_window_q12(self, index: int, now: int) -> int:
        """The slope from the PR segment of the beat before, where the samples still hold it at `now`."""
        config, rr = self._config, self._beats[index].rr_samples
        first = self._beats[index].r_sample - rr - config.isoelectric_from
        if first < 0 or now - first >= config.ring:
            return 0
        return slope_q12(self._level2[index] - self._level2[index - 1], rr, config.step_q16)

    def _baseline(self, index: int, next_rr: int) -> Baseline:
        """The lines from this beat's isoelectric level to the next and to the last."""
        config, level2 = self._config, self._level2[index]
        next_level2 = self._level2[index + 1] if next_rr else self._quiet_level2[index]
        after_q12 = slope_q12(next_level2 - level2, next_rr or config.quiet, config.step_q16)
        before_q12 = after_q12 if self._slope_before_q12 is None else self._slope_before_q12
        self._slope_before_q12 = after_q12 if next_rr else None
        return Baseline(level2, before_q12, after_q12)

    def _verdict(self, index: int, now: int, next_rr: int, size2: int) -> Verdict:
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
        rough = self._rough[index + 1] if next_rr else self._quiet_rough[index]
        is_rough = 2 * ROUGH_PARTS * rough > abs(size2)
        if beat.noisy or is_rough or abs(size2) < 2 * config.amplitude_floor:
            return Verdict.NOISE
        is_premature = 5 * rr < PREMATURE_FIFTHS * beat.rr_median
        if is_premature:
            return Verdict.ECTOPIC
        t_wave = config.t_wave + (T_WAVE_RR_64THS * beat.rr_median >> 6)
        is_cut_short = next_rr - config.mask <= t_wave and self._is_before_premature(beat, next_rr)
        return Verdict.CUT if is_cut_short else Verdict.ACCEPTED

    def _is_before_premature(self, beat: Beat, next_rr: int) -> bool:
        return 0 < next_rr < self._config.quiet and 5 * next_rr < PREMATURE_FIFTHS * beat.rr_median

    def _is_beside(self, index: int, next_rr: int) -> bool:
        """Whether a beat is the one before a premature beat, or comes after a pause."""
        beat = self._beats[index]
        is_after_pause = 2 * beat.rr_samples > PAUSED_HALVES * beat.rr_median
        return is_after_pause or self._is_before_premature(beat, next_rr)

    def _next_rr(self, index: int, now: int) -> int:
        """The interval after beat `index`, 0 where no near neighbour is known yet."""
        if index + 1 == len(self._beats) or self._beats[index + 1].known_at > now:
            return 0
        rr = self._beats[index + 1].rr_samples
        return rr if rr < self._config.neighbour else 0
