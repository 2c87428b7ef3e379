"""Every integer constant of the front end, derived once from the sampling rate and the size of a count."""

import math
from dataclasses import dataclass
from typing import Literal, Self

from splkit.ecg.frontend.thresholds import PIVOT
from splkit.ecg.frontend.window import CYCLE, CYCLE_FS_HZ, CYCLE_SIZE, R_INDEX, Window
from splkit.errors import RecordingError

__all__ = ["CYCLE_FS_HZ", "CYCLE_SIZE", "R_INDEX", "AveragedCycles", "FrontEndConfig"]

FS_MIN_HZ, FS_MAX_HZ = 125, 1000

COARSE_STEP = 6
"""The running template holds every sixth point of a cycle (50 Hz), among them R."""

QRS_SIZE = 15
"""Points about R by which a cycle is aligned: 23 ms to either side, the slopes of R."""

AveragedCycles = Literal[1, 2, 4, 8, 16]
"""How many accepted cycles a mean may be of."""

CHUNK, CHUNK_PUSHES = 45, 3
"""Points cut at once, and pushes between one chunk and the next, which bounds the work a sample."""
MEASURE_PUSH = 1
COARSE_PUSH = MEASURE_PUSH + CHUNK_PUSHES
SHAPE_PUSH, COMPARE_PUSH, FOLLOW_PUSH, ALIGN_PUSH = range(COARSE_PUSH + 1, COARSE_PUSH + 5)
JOB_PUSHES = ALIGN_PUSH + CYCLE_SIZE // CHUNK * CHUNK_PUSHES
"""The pushes in which a beat is measured, its coarse cycle cut, judged, compared with the template and taken
into it, aligned; and in which the last points of its cycle are cut. Each is counted from its levels on."""

_FEATURE_FS_HZ = 160
_ALIGNMENT_MS = 5
_RR_MS = 1500
"""The RR interval to which the baseline of a window finds the beat before: 40 beats a minute."""

_PATIENCE_S = 10
"""As long as estimates count without another accepted cycle (`splkit.codegen.alert_rules`)."""

_SMALLEST_QRS_UV = 50.0
_SMALLEST_WAVE_UV = 30.0
"""Nothing smaller is a beat. Across the heart's axis (V1, aVL) beats are as small, too small for a cycle."""

_TALLEST_P_UV = 300.0
"""0.25 mV is normal's limit. No wave that is taller is a P wave."""

_HEIGHT_MAX = 1 << 25
"""No energy reaches it, and 45 times as much still fits in int32."""


@dataclass(frozen=True)
class FrontEndConfig:
    """The front end's constants for one rate; in samples at `fs_hz` unless the comment says otherwise.

    Sources: slope energy under a moving window, the 200 ms refractory period, the T-wave test and
    search-back: Pan and Tompkins 1985. Medians of the last 8 peaks: Hamilton 2002. Ventricles are refractory
    for about 240 ms: of two waves nearer than that one is no beat. T may come that soon after R and be the
    higher one, but is the wider one; P is no more than 0.25 mV tall (Surawicz and Knilans, Chou's
    Electrocardiography). The curvature (second difference) in place of the slope
    is what keeps a tall T wave small: it weighs a wave by its frequency squared. A box of 17 ms leaves out
    the mains.
    """

    fs_hz: int
    uv_per_count: float
    decimation: int
    box: int  # 17 ms, in decimated samples: a period of the mains is averaged away
    lag: int  # 23 ms, in decimated samples: between the three boxes of the curvature, half a QRS
    integration: int  # 80 ms, in decimated samples: a QRS
    separation: int  # 90 ms, in decimated samples: a wave is the highest this far on both sides
    span: int  # all that a wave depends on, back from when it is found
    curvature_delay: int
    energy_delay: int  # from R to the peak of its energy
    recentre: int  # 40 ms to either side: from the sharpest bend to the true extremum
    same_qrs: int  # 50 ms: R and S of one complex are no further apart
    fine_box: int  # 11 ms, 2 at least: the three adjacent boxes about an extremum that say how sharp it is
    height_floor: int  # energy of a 30 uV complex: nothing smaller is a beat
    isolation: int  # 240 ms: of two waves nearer than that one is no beat
    shadow: int  # 300 ms: nor is any this long before one far higher
    p_wave: int  # counts: how tall a P wave of 0.3 mV is, its distances from before and after it together
    settling: int  # from R until all that may follow it in its shadow has been found
    learning: int  # 2 s
    refractory: int  # 200 ms
    t_wave: int  # 240 ms, and a seventh of the RR interval: when the T wave is over, give or take
    t_wave_rr: int  # 1.2 s: the longest RR interval that beats in turn, R, T, R, T, are taken to tell
    t_wave_tail: int  # 100 ms: a beat that comes no later than so long after that must be sharp and narrow,
    t_wave_fade: int  # 150 ms: the more so the earlier, nearly as R so long before the tail's end;
    t_wave_wide: int  # 125 ms: as narrow as R so long before it
    t_wave_over: int  # 60 ms after the end of T: search-back begins
    decay: int  # 240 ms after that, over which the threshold falls
    pause: int  # 2 s without a beat: the threshold starts to fall
    pause_step: int  # 0.5 s: it halves this often
    rr_min: int  # 300 ms
    rr_max: int  # 2 s
    before: int  # 0.3 s, or the window's part before R; 5 ms of alignment and one interpolation tap
    after: int  # 0.6 s, or the window's part after R; 5 ms of alignment and two interpolation taps
    neighbour: int  # 0.9 s: a next R this near disturbs the cycle, and bounds its baseline
    quiet: int  # 0.74 s: where no R is near, a PR segment before here would lie between U and P waves
    mask: int  # 100 ms: the next QRS begins this long before its R
    report_lag: int  # from R until its cycle is cut: every neighbour is known by then
    isoelectric_from: int  # 120 ms before R: where the PR segment is looked for
    isoelectric_to: int  # 40 ms before R
    isoelectric_box: int  # 20 ms: its flattest stretch is taken
    amplitude_floor: int  # 50 uV, in counts, 4 at least
    flat: int  # 0.7 s of one and the same value: the lead is off
    step_q16: int  # samples between two points of a cycle, Q16
    averaged_cycles: AveragedCycles  # accepted cycles in a mean
    least_cycles: AveragedCycles  # in one that is reported early
    patience: int  # 10 s without a mean: the next one is reported early
    ring: int  # samples kept
    window: Window  # what the network reads about an accepted beat

    @classmethod
    def for_rate(
        cls,
        fs_hz: int,
        uv_per_count: float,
        averaged_cycles: AveragedCycles = 8,
        window: Window = CYCLE,
        least_cycles: AveragedCycles | None = None,
    ) -> Self:
        """The constants for `fs_hz` (125 to 1000 Hz), `uv_per_count` (microvolts, > 0) and cycles in a mean.

        With `least_cycles`, a mean of so many is reported where none has been for long; otherwise none is
        before it is whole.

        Raises:
            RecordingError: a rate or a count size that the front end does not take, a window to average, or
                more cycles in an early mean than in a whole one.
        """
        _check(fs_hz, uv_per_count)
        _check_averaging(averaged_cycles, window)
        least_cycles = least_cycles or averaged_cycles
        _check_early(least_cycles, averaged_cycles)
        decimation = max(1, round(fs_hz / _FEATURE_FS_HZ))

        def samples(ms: float) -> int:
            return max(1, round(ms * fs_hz / 1000))

        def decimated(ms: float) -> int:
            return max(1, round(ms * fs_hz / decimation / 1000))

        box, lag, integration, separation = decimated(17), decimated(23), decimated(80), decimated(90)
        shadow, neighbour = samples(300), samples(900)
        before, after = _reach(fs_hz, window)
        curvature_delay = (2 * lag + box) * decimation // 2
        energy_delay = decimation * (integration // 2) + curvature_delay
        settling = shadow + energy_delay + decimation * (separation + 2) + 2
        report_lag = neighbour + settling + 4
        isoelectric_from = samples(120)
        reach = before if window.is_cycle else max(before, samples(_RR_MS) + isoelectric_from + 1)
        return cls(
            fs_hz=fs_hz,
            uv_per_count=uv_per_count,
            decimation=decimation,
            box=box,
            lag=lag,
            integration=integration,
            separation=separation,
            span=decimation * (2 * lag + box + integration + separation),
            curvature_delay=curvature_delay,
            energy_delay=energy_delay,
            recentre=samples(40),
            same_qrs=samples(50),
            fine_box=max(2, samples(11)),
            height_floor=_within(4 * decimation * box * lag * _SMALLEST_WAVE_UV / uv_per_count, _HEIGHT_MAX),
            isolation=samples(240),
            shadow=shadow,
            p_wave=_within(2 * _TALLEST_P_UV / uv_per_count, _HEIGHT_MAX),
            settling=settling,
            learning=2 * fs_hz,
            refractory=samples(200),
            t_wave=samples(240),
            t_wave_rr=samples(1200),
            t_wave_tail=samples(100),
            t_wave_fade=samples(150),
            t_wave_wide=samples(125),
            t_wave_over=samples(60),
            decay=samples(240),
            pause=2 * fs_hz,
            pause_step=samples(500),
            rr_min=samples(300),
            rr_max=2 * fs_hz,
            before=before,
            after=after,
            neighbour=neighbour,
            quiet=samples(740),
            mask=samples(100),
            report_lag=report_lag,
            isoelectric_from=isoelectric_from,
            isoelectric_to=samples(40),
            isoelectric_box=samples(20),
            amplitude_floor=max(4, _within(_SMALLEST_QRS_UV / uv_per_count, 32767)),
            flat=samples(700),
            step_q16=round(fs_hz * 65536 / CYCLE_FS_HZ),
            averaged_cycles=averaged_cycles,
            least_cycles=least_cycles,
            patience=_PATIENCE_S * fs_hz,
            ring=reach + report_lag + 2 * JOB_PUSHES,
            window=window,
        )

    @property
    def averaged_shift(self) -> int:
        """log2 of `averaged_cycles`."""
        return self.averaged_cycles.bit_length() - 1

    @property
    def least_shift(self) -> int:
        """log2 of `least_cycles`."""
        return self.least_cycles.bit_length() - 1

    @property
    def steepest(self) -> int:
        """The steepest line under a window, half counts a point, Q12: a converter's range by its far end.

        Steeper ones would leave what a count can be. So the baseline stays below 2^30 in C.
        """
        farthest = max(self.window.r_index - PIVOT, self.window.size - self.window.r_index + PIVOT)
        return (1 << 17 << 12) // farthest


def _reach(fs_hz: int, window: Window) -> tuple[int, int]:
    """Samples before and after R that its window depends on.

    A window is cut after the last of a cycle's points, when what is oldest may have left the ring: it keeps
    one sample more.
    """
    before_ms, after_ms = (round(1000 * abs(seconds)) + _ALIGNMENT_MS for seconds in window.span_s)
    taps_before = 1 if window.is_cycle else 2
    return math.ceil(before_ms / 1000 * fs_hz) + taps_before, math.ceil(after_ms / 1000 * fs_hz) + 2


def _within(value: float, largest: int) -> int:
    return round(min(max(value, 1.0), largest))


def _check(fs_hz: int, uv_per_count: float) -> None:
    if fs_hz != int(fs_hz) or not FS_MIN_HZ <= fs_hz <= FS_MAX_HZ:
        raise RecordingError(
            f"the front end takes a whole sampling rate from {FS_MIN_HZ} to {FS_MAX_HZ} Hz",
            found=f"{fs_hz} Hz",
            next_step="resample the recording, or choose another fs_hz",
        )
    if not (math.isfinite(uv_per_count) and uv_per_count > 0):
        raise RecordingError(
            "a count stands for a positive number of microvolts",
            found=f"uv_per_count = {uv_per_count}",
            next_step="give the converter's step, referred to the electrodes, in microvolts",
        )


def _check_averaging(averaged_cycles: int, window: Window) -> None:
    """The beats beside R stand at another place in every window: their mean would show R alone."""
    if not window.is_cycle and averaged_cycles != 1:
        raise RecordingError(
            "a window longer than a cycle is not averaged",
            found=f"{averaged_cycles} in a mean of windows of {window.size} points",
            next_step="leave --average out, or train on one cycle: --input cycle",
        )


def _check_early(least_cycles: int, averaged_cycles: int) -> None:
    if least_cycles > averaged_cycles:
        raise RecordingError(
            "an early mean is of no more cycles than a whole one",
            found=f"{least_cycles} of {averaged_cycles}",
            next_step=f"give {averaged_cycles} at most",
        )
