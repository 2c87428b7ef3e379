"""What a trace is expected to do where other beats of the same lead are seen: beats of one lead are alike."""

from typing import Final, NamedTuple

import numpy as np
from scipy.ndimage import maximum_filter1d, median_filter, minimum_filter1d, uniform_filter1d

from splkit.ecg.paper.contracts import Array, Panel, Sheet, Stroke

BIN_S: Final = 0.004
ENVELOPE_S: Final = 0.06
"""Over which steepness is averaged: all leads show a beat at one time."""
REFRACTORY_S: Final = 0.3
"""No beat follows another sooner."""
STEEP: Final = 0.5
"""Of the steepest beats, that others reach."""
LEVEL_S: Final = 0.8
"""Over which the level of a trace is its median."""
WANDER_MM: Final = 15.0
"""A level does not go farther from what it is most of the time."""
BEFORE: Final = 0.35
"""Share of the time from the beat before that belongs to a beat."""
LAG_S: Final = (0.06, 0.02)
"""Beats outside and inside the paper are known to so much, and then laid over each other,"""
LAG_MOST_MM: Final = 3.0
"""where what is farther off counts no more than this."""
JITTER_S, JITTER_MM = 0.008, 1.0
"""Beats of one lead agree to so much."""


class Expected(NamedTuple):
    """Of a stroke's points, between which y the other beats have them; nan where none is known."""

    low: Array
    high: Array
    middle: Array
    """Where they have the trace itself."""
    level: Array
    """Of the trace, without its beats."""


class _Line(NamedTuple):
    """A stroke on the clock of the record."""

    time_s: Array
    y: Array
    level: Array


def expect(sheet: Sheet, strokes: tuple[Stroke, ...]) -> list[Expected]:
    """Of each stroke; from all beats of its lead but the one that is asked about."""
    lines = [_line(sheet, stroke) for stroke in strokes]
    beats_s = _beats([line for line in lines if line is not None])
    found = []
    for stroke, line in zip(strokes, lines, strict=True):
        if line is None or len(beats_s) < 2:
            nothing = np.full(len(stroke.x), np.nan)
            found.append(Expected(nothing, nothing, nothing, nothing))
            continue
        alike = [
            other
            for other, of in zip(lines, strokes, strict=True)
            if other is not None and _same(of.panel, stroke.panel)
        ]
        found.append(_expected(line, alike, beats_s, sheet.px_per_mm_y))
    return found


def _same(one: Panel, other: Panel) -> bool:
    scales = (one.mm_per_s, one.mm_per_mv) == (other.mm_per_s, other.mm_per_mv)
    return one.lead == other.lead and scales


def _line(sheet: Sheet, stroke: Stroke) -> _Line | None:
    if not np.any(np.isfinite(stroke.y)):
        return None
    px_per_s = sheet.px_per_mm_x * stroke.panel.mm_per_s
    time_s = stroke.panel.start_s + (stroke.x - stroke.panel.left) / px_per_s
    step_s = float(time_s[1] - time_s[0])
    level = median_filter(stroke.y, 2 * round(LEVEL_S / 2 / step_s) + 1, mode="reflect")
    # Where another row's trace was followed, the level is that row's.
    reach = WANDER_MM * sheet.px_per_mm_y
    usual = float(np.median(level))
    return _Line(time_s, stroke.y, np.where(np.abs(level - usual) > reach, usual, level))


def _beats(lines: list[_Line]) -> Array:
    """Times of the beats: where most of the traces that are shown then are steep."""
    end_s = max((float(line.time_s[-1]) for line in lines), default=0.0)
    grid_s = np.arange(0.0, end_s, BIN_S)
    if len(grid_s) < 2:
        return np.zeros(0)
    steep = np.full((len(lines), len(grid_s)), np.nan)
    for row, line in zip(steep, lines, strict=True):
        here = (grid_s >= line.time_s[0]) & (grid_s <= line.time_s[-1])
        # Squared, a T wave counts little beside a QRS.
        rise = np.square(np.gradient(np.interp(grid_s[here], line.time_s, line.y)))
        rise = np.sqrt(np.maximum(uniform_filter1d(rise, round(ENVELOPE_S / BIN_S)), 0.0))
        row[here] = rise / max(float(np.quantile(rise, 0.98)), 1e-6)
    shown = np.isfinite(steep).any(axis=0)
    most = np.zeros(len(grid_s))
    most[shown] = np.nanmedian(steep[:, shown], axis=0)
    peaks = most == maximum_filter1d(most, 2 * round(REFRACTORY_S / 2 / BIN_S) + 1)
    return np.asarray(grid_s[peaks & (most > STEEP * float(np.quantile(most, 0.98)))])


def _expected(line: _Line, alike: list[_Line], beats_s: Array, px_per_mm: float) -> Expected:
    low, high, middle = np.full((3, len(line.y)), np.nan)
    usual_s = float(np.median(np.diff(beats_s)))
    # A beat just outside may have its T or P wave on the paper.
    every_s = np.r_[beats_s[0] - usual_s, beats_s, beats_s[-1] + usual_s]
    gaps = np.diff(every_s)
    before, after = BEFORE * np.r_[usual_s, gaps], (1 - BEFORE) * np.r_[gaps, usual_s]
    step_s = float(line.time_s[1] - line.time_s[0])
    size = 2 * round(JITTER_S / step_s) + 1
    reach = JITTER_MM * px_per_mm
    for k, beat_s in enumerate(every_s):
        is_seen = 0 < k < len(every_s) - 1
        own = np.flatnonzero((line.time_s > beat_s - before[k]) & (line.time_s <= beat_s + after[k]))
        if not len(own):
            continue
        wave, offset_s = (line.y - line.level)[own], line.time_s[own] - beat_s
        others = [
            _laid_over(wave, other, offset_s + each_s, LAG_MOST_MM * px_per_mm, LAG_S[is_seen])
            for other in alike
            for each_s in beats_s
            if not (other is line and each_s == beat_s)
        ]
        shown = np.array([each for each in others if np.isfinite(each).mean() > 0.5])
        if not len(shown):
            continue
        known = own[np.isfinite(shown).any(axis=0)]
        least, usual, most = np.nanquantile(shown[:, known - own[0]], [0.35, 0.5, 0.65], axis=0)
        low[known] = line.level[known] + minimum_filter1d(least, size) - reach
        high[known] = line.level[known] + maximum_filter1d(most, size) + reach
        middle[known] = line.level[known] + usual
    return Expected(low, high, middle, line.level)


def _laid_over(wave: Array, line: _Line, time_s: Array, most: float, lag_s: float) -> Array:
    """Another beat about these times, at the lag within `lag_s` at which it is most like this one."""
    step_s = float(time_s[1] - time_s[0]) if len(time_s) > 1 else lag_s
    lags = np.arange(-round(lag_s / step_s), round(lag_s / step_s) + 1) * step_s
    at_lags = [_at(line, time_s + lag) for lag in lags]
    off = [np.minimum(np.abs(each - wave), most) for each in at_lags]
    return at_lags[int(np.argmin([np.where(np.isfinite(each), each, most).sum() for each in off]))]


def _at(line: _Line, time_s: Array) -> Array:
    """How far the trace is from its level; nan where it is not shown."""
    return np.interp(time_s, line.time_s, line.y - line.level, left=np.nan, right=np.nan)
