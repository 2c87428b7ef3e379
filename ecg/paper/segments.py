"""Strokes in pixels to segments in mV."""

import numpy as np

from splkit.ecg.paper.contracts import SEGMENT_FS_HZ, Array, Layout, Quality, Segment, Sheet, Stroke

UNJUDGED = Quality(coverage=0.0, residual=float("nan"), hidden_ms=0.0)


def to_segments(sheet: Sheet, layout: Layout, strokes: tuple[Stroke, ...]) -> tuple[Segment, ...]:
    """The strokes in mV on the clock of the record, SEGMENT_FS_HZ samples a second; not judged yet."""
    del layout
    return tuple(
        Segment(s.panel.lead, s.panel.is_rhythm, s.panel.start_s, signal_mv(sheet, s), UNJUDGED)
        for s in strokes
    )


def signal_mv(sheet: Sheet, stroke: Stroke) -> Array:
    """(samples,) in mV above the panel's baseline; nan where the stroke is."""
    panel = stroke.panel
    px_per_s = sheet.px_per_mm_x * panel.mm_per_s
    count = round((panel.right - panel.left) / px_per_s * SEGMENT_FS_HZ)
    x = panel.left + np.arange(count) * (px_per_s / SEGMENT_FS_HZ)
    mv = (panel.baseline - stroke.y) / (sheet.px_per_mm_y * panel.mm_per_mv)
    known = np.isfinite(mv)
    if not np.any(known):
        return np.full(count, np.nan)
    signal = np.interp(x, stroke.x[known], mv[known])
    nearest = np.clip(np.searchsorted(stroke.x, x), 1, len(x) and len(stroke.x) - 1)
    lost = ~(known[nearest] | known[nearest - 1])
    signal[lost] = np.nan
    return np.asarray(signal, dtype=np.float64)
