"""Strokes in pixels to segments in mV."""

import numpy as np

from splkit.ecg.paper.contracts import SEGMENT_FS_HZ, Array, Layout, Quality, Segment, Sheet, Stroke
from splkit.ecg.paper.trace.fill import Mask, Timed, fill_hidden

TIP_PX = 1.0
"""A point that is so much higher, or lower, than both of its neighbours is a tip."""
UNJUDGED = Quality(coverage=0.0, residual=float("nan"), hidden_ms=0.0)


def to_segments(sheet: Sheet, layout: Layout, strokes: tuple[Stroke, ...]) -> tuple[Segment, ...]:
    """The strokes in mV on the clock of the record, SEGMENT_FS_HZ samples a second; not judged yet.

    Hidden spans of up to 80 ms are filled from another beat of the same lead where one is alike.
    """
    del layout
    leads = []
    for stroke in strokes:
        signal, seen = signal_mv(sheet, stroke)
        leads.append(Timed(round(stroke.panel.start_s * SEGMENT_FS_HZ), signal, seen))
    return tuple(
        Segment(s.panel.lead, s.panel.is_rhythm, s.panel.start_s, signal, UNJUDGED)
        for s, signal in zip(strokes, fill_hidden(leads), strict=True)
    )


def signal_mv(sheet: Sheet, stroke: Stroke) -> tuple[Array, Mask]:
    """(samples,) in mV above the panel's baseline, nan where the stroke is; and which samples are seen."""
    panel = stroke.panel
    px_per_s = sheet.px_per_mm_x * panel.mm_per_s
    count = round((panel.right - panel.left) / px_per_s * SEGMENT_FS_HZ)
    x = panel.left + np.arange(count) * (px_per_s / SEGMENT_FS_HZ)
    mv_per_px = 1.0 / (sheet.px_per_mm_y * panel.mm_per_mv)
    mv = (panel.baseline - stroke.y) * mv_per_px
    known = np.isfinite(mv)
    if not np.any(known):
        return np.full(count, np.nan), np.zeros(count, dtype=bool)
    signal = np.interp(x, stroke.x[known], mv[known])
    _keep_tips(signal, (stroke.x - x[0]) / (x[1] - x[0]), mv, TIP_PX * abs(mv_per_px))
    right = np.clip(np.searchsorted(stroke.x, x), 1, len(stroke.x) - 1)
    signal[~(known[right] | known[right - 1])] = np.nan
    seen = (stroke.seen & known)[right] & (stroke.seen & known)[right - 1]
    return np.asarray(signal, dtype=np.float64), seen


def _keep_tips(signal: Array, at: Array, mv: Array, least_mv: float) -> None:
    """Give the heights of tips that lie between two samples to the nearer one, in place.

    A line between the points beside a tip would cut it: R and S of a narrow QRS are sharp.

    Args:
        signal: (samples,) in mV.
        at: (points,) of the stroke, counted in samples.
        mv: (points,) of the stroke.
        least_mv: by which a tip is beyond both of its neighbours.
    """
    before, after = mv[1:-1] - mv[:-2], mv[1:-1] - mv[2:]
    sample = np.round(at[1:-1]).astype(np.int64)
    inside = (sample >= 0) & (sample < len(signal))
    high = np.flatnonzero(inside & (np.minimum(before, after) > least_mv))
    low = np.flatnonzero(inside & (np.maximum(before, after) < -least_mv))
    np.maximum.at(signal, sample[high], mv[high + 1])
    np.minimum.at(signal, sample[low], mv[low + 1])
