"""What speaks against a stroke beside its own ink: ink left over, other rows, beats of other leads."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.ndimage import maximum_filter1d, minimum_filter1d, uniform_filter1d

from splkit.ecg.paper.contracts import SEGMENT_FS_HZ, Array, Layout, Segment, Sheet, Stroke
from splkit.ecg.paper.opencv import cv2
from splkit.ecg.paper.trace.clutter import AROUND_MM, ink_level
from splkit.ecg.paper.trace.due import beat_due

Mask = npt.NDArray[np.bool_]

LINE_MM = 0.4
"""A pen's line, about."""
PIECE_MM = 1.0
"""Unexplained ink shorter than this either way is a speck."""
NEAR_ROWS = 0.7
"""Ink within this share of the rows' distance from a trace may be a part of it."""
ENVELOPE_MS = 60.0
"""Over which the steepness of leads is averaged before it is compared: all leads show a beat at one time."""


SEEN_SHARE = 0.9
"""A lead tells what another one hides if it is seen over so much of that time."""
MOST_LAG_MS = 300.0
"""Lags that are looked at: less than half of most RR intervals."""
LAG_MARGIN = 0.15
"""By so much more the beats must be alike at a lag than at none."""


class Unexplained(NamedTuple):
    """Ink near a trace that no stroke explains, as a share of the ink that its line needs."""

    near: float
    touching: float
    """The part of it that touches the trace: a QRS that was cut off."""


def unexplained_ink(sheet: Sheet, layout: Layout, strokes: tuple[Stroke, ...]) -> list[Unexplained]:
    """Of each stroke. Labels, separators and pulses are explained; words of a person are not."""
    line_px = max(1.5, LINE_MM * sheet.px_per_mm_x)
    loose = (sheet.coverage > ink_level(sheet.coverage)).astype(np.uint8)
    around = AROUND_MM * sheet.px_per_mm_x
    for box in layout.clutter:
        left, top = int(max(0, box.left - around)), int(max(0, box.top - around))
        loose[top : int(box.bottom + around) + 1, left : int(box.right + around) + 1] = 0
    loose[explained(strokes, loose.shape, line_px)] = 0
    count, labels, stats, _ = cv2().connectedComponentsWithStats(loose, connectivity=8)
    del count, labels
    return [_shares(stroke, stats[1:], sheet, layout, line_px) for stroke in strokes]


def explained(strokes: tuple[Stroke, ...], shape: tuple[int, ...], line_px: float) -> Mask:
    """Pixels within a line's width of a stroke."""
    edges = np.zeros((shape[0] + 1, shape[1]), dtype=np.int16)
    for stroke in strokes:
        known = np.isfinite(stroke.y)
        if not np.any(known):
            continue
        step = float(stroke.x[1] - stroke.x[0])
        size = 2 * int(np.ceil(line_px / step)) + 1
        y = np.interp(stroke.x, stroke.x[known], stroke.y[known])
        column = np.arange(max(0, int(stroke.x[0] - line_px)), min(shape[1], int(stroke.x[-1] + line_px) + 2))
        at = np.clip(np.round((column - stroke.x[0]) / step).astype(int), 0, len(y) - 1)
        top = np.clip(minimum_filter1d(y, size)[at] - line_px, 0, shape[0] - 1).astype(int)
        bottom = np.clip(maximum_filter1d(y, size)[at] + line_px + 1, 0, shape[0]).astype(int)
        edges[top, column] += 1
        edges[np.maximum(bottom, top), column] -= 1
    return np.asarray(np.cumsum(edges[:-1], axis=0, dtype=np.int16) > 0)


def _shares(
    stroke: Stroke, pieces: npt.NDArray[np.int32], sheet: Sheet, layout: Layout, line_px: float
) -> Unexplained:
    panel = stroke.panel
    if not len(pieces) or not np.any(np.isfinite(stroke.y)):
        return Unexplained(0.0, 0.0)
    left, top, width, height, area = (pieces[:, k].astype(float) for k in range(5))
    long = (width > PIECE_MM * sheet.px_per_mm_x) | (height > PIECE_MM * sheet.px_per_mm_y)
    middle = left + width / 2
    inside = long & (middle > panel.left) & (middle < panel.right)
    at = np.clip(np.searchsorted(stroke.x, middle), 0, len(stroke.x) - 1)
    low, high = _span(stroke, 2 * line_px)
    away = np.maximum(0.0, np.maximum(top - high[at], low[at] - (top + height)))
    reach = NEAR_ROWS * row_distance(panel.baseline, layout, sheet)
    own = line_px * (panel.right - panel.left)
    near = float(np.sum(area[inside & (away < reach)])) / own
    return Unexplained(near, float(np.sum(area[inside & (away < 2 * line_px)])) / own)


def _span(stroke: Stroke, around_px: float) -> tuple[Array, Array]:
    """The least and the greatest y about each point."""
    step = float(stroke.x[1] - stroke.x[0])
    size = 2 * int(around_px / step) + 1
    known = np.isfinite(stroke.y)
    y = np.interp(stroke.x, stroke.x[known], stroke.y[known])
    return minimum_filter1d(y, size), maximum_filter1d(y, size)


def row_distance(baseline: float, layout: Layout, sheet: Sheet) -> float:
    """From a row to the nearest other one, in pixels; 40 mm where there is none."""
    away = [abs(p.baseline - baseline) for p in layout.panels]
    return min((a for a in away if a > 3 * sheet.px_per_mm_y), default=40 * sheet.px_per_mm_y)


def share_elsewhere(stroke: Stroke, layout: Layout, sheet: Sheet) -> float:
    """Share of the stroke that is nearer to another row's level than to its own."""
    y = stroke.y[np.isfinite(stroke.y)]
    if not len(y):
        return 0.0
    half = 0.5 * row_distance(stroke.panel.baseline, layout, sheet)
    return float(np.mean(np.abs(y - stroke.panel.baseline) > half))


def reach_rows(stroke: Stroke, layout: Layout, sheet: Sheet) -> float:
    """How far the stroke goes from its level, in distances to the nearest other row: from 1 on rows cross."""
    y = stroke.y[np.isfinite(stroke.y)]
    if not len(y):
        return 0.0
    level = stroke.panel.baseline
    return float(np.max(np.abs(y - level))) / row_distance(level, layout, sheet)


def beats_alike(segment: Segment, segments: tuple[Segment, ...]) -> float | None:
    """How far steep places of a lead are those of the others at the same time: a correlation, -1 to 1.

    None where fewer than two other leads are shown at that time.
    """
    own = _steepness(segment)
    others = []
    for other in segments:
        shift = round((segment.start_s - other.start_s) * SEGMENT_FS_HZ)
        if other is segment or shift < 0 or shift + len(own) > len(other.signal_mv) + 5:
            continue
        steep = _steepness(other)[shift : shift + len(own)]
        if len(steep) >= len(own) - 5 and np.std(steep) > 0:
            others.append(np.pad(steep, (0, len(own) - len(steep)), mode="edge") / np.std(steep))
    if len(others) < 2 or not np.std(own) > 0:
        return None
    return float(np.corrcoef(own, np.median(others, axis=0))[0, 1])


def beat_hidden(which: int, segments: tuple[Segment, ...], seen: list[Mask]) -> float:
    """How much of a lead's signal lies where it is hidden, by leads that are seen there, less what was found.

    A share of the signal's energy about its median, 0 to 1: a bar at the end of a column may hide half a QRS,
    and nothing beside it tells. Without a lead that is shown all the time of this one and seen there, its own
    rhythm says whether a beat is due.

    Args:
        which: the lead's number.
        segments: all of the page.
        seen: (samples,) of each, whether ink shows it.
    """
    segment, hidden = segments[which], ~seen[which]
    own = _share(segment.signal_mv, hidden)
    shares = []
    for k, other in enumerate(segments):
        shift = round((segment.start_s - other.start_s) * SEGMENT_FS_HZ)
        there = slice(shift, shift + len(hidden))
        if k == which or shift < 0 or there.stop > len(other.signal_mv) + 5:
            continue
        lost = hidden[: len(other.signal_mv) - shift]
        if lost.any() and seen[k][there][lost].mean() > SEEN_SHARE:
            shares.append(_share(other.signal_mv[there], lost))
    return max(0.0, float(np.median(shares)) - own) if shares else beat_due(_steepness(segment), seen[which])


def _share(signal_mv: Array, there: Mask) -> float:
    """Of a signal's energy about its median."""
    energy = np.nan_to_num(signal_mv - np.nanmedian(signal_mv)) ** 2 if np.isfinite(signal_mv).any() else None
    return 0.0 if energy is None else float(energy[there].sum() / max(float(energy.sum()), 1e-12))


def strip_lag_ms(segment: Segment, segments: tuple[Segment, ...]) -> float | None:
    """How much later the beats of a lead stand than those of a rhythm strip; None where there is no strip.

    All leads show a beat at one time, so another lag says that a column begins where it was not found to.
    0 where the beats are no more alike at that lag than at none.
    """
    own = _steepness(segment)
    most = round(MOST_LAG_MS / 1000 * SEGMENT_FS_HZ)
    for strip in segments:
        shift = round((segment.start_s - strip.start_s) * SEGMENT_FS_HZ)
        inside = slice(most, len(own) - most)
        if segment.is_rhythm or not strip.is_rhythm or shift < 0:
            continue
        there = _steepness(strip)[shift : shift + len(own)]
        if len(there) < len(own) - 5 or len(own) < 4 * most or not np.std(there) > 0 or not np.std(own) > 0:
            continue
        there = np.pad(there, (0, len(own) - len(there)), mode="edge")
        lags = np.arange(-most, most + 1)
        alike = [float(np.corrcoef(own[inside], np.roll(there, lag)[inside])[0, 1]) for lag in lags]
        best = int(np.argmax(alike))
        better = alike[best] - alike[most]
        return float(lags[best]) * 1000 / SEGMENT_FS_HZ if better > LAG_MARGIN else 0.0
    return None


def _steepness(segment: Segment) -> Array:
    """mV per sample without its sign, averaged over ENVELOPE_MS."""
    known = np.isfinite(segment.signal_mv)
    if not np.any(known):
        return np.zeros(len(segment.signal_mv))
    size = round(ENVELOPE_MS / 1000 * SEGMENT_FS_HZ)
    places = np.arange(len(known))
    signal = uniform_filter1d(np.interp(places, places[known], segment.signal_mv[known]), 9)
    return np.asarray(uniform_filter1d(np.abs(np.gradient(signal)), size))
