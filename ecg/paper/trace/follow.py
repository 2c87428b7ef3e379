"""Follow each trace from column to column, before anything finer: Viterbi over vertical runs of ink."""

from itertools import combinations

import numpy as np
from scipy.ndimage import maximum_filter1d, minimum_filter1d

from splkit.ecg.paper.contracts import Array, Layout, Panel, Sheet, Stroke
from splkit.ecg.paper.trace.clutter import CleanInk, clean_ink
from splkit.ecg.paper.trace.runs import Index, Runs, find_runs
from splkit.ecg.paper.trace.viterbi import cheapest_paths

STEP_PX = 0.5
"""Distance of a stroke's points along x."""
REACH_MM = 25.0
"""How far from its baseline a trace is looked for at least: 2.5 mV at 10 mm/mV."""
CHOICES = 10
"""Runs of a column that compete for one trace: those nearest to its baseline."""
GAP_COST = 1.0
"""Of a column without ink. All other costs are measured by it."""
WILD_COST = 0.6
"""Of a run that may be clutter from end to end: it may hide the trace, or not."""
LETTER_COST = 0.4
"""Of a run inside the box of a label."""
PALE_COST = 1.5
"""Of a run that has next to no ink, and in proportion: what is left of grid lines bridges two flanks."""
ROW_COST = 0.4
"""Of a column at the distance of one row from the baseline, and in proportion. Low, for a QRS may be as
tall as a row is high."""
SHARED = 0.5
"""Two panels that share this part of their runs follow one trace: it is that of the nearer baseline."""


def follow(sheet: Sheet, layout: Layout) -> tuple[Stroke, ...]:
    """The rough course of every trace, in the order of the panels; good to about half the width of the line.

    Returns:
        Strokes with points every STEP_PX from `left` to `right` of the panel. Points that no ink shows are
        interpolated, and not `seen`; a panel without any ink has y of nan throughout.
    """
    ink = clean_ink(sheet, layout)
    runs = find_runs(ink)
    groups: dict[int, list[Panel]] = {}
    for panel in layout.panels:
        groups.setdefault(_columns(panel, sheet).stop - _columns(panel, sheet).start, []).append(panel)
    paths: dict[int, Index] = {}
    for panels in groups.values():
        for panel, path in zip(panels, _paths(sheet, layout, ink, runs, panels), strict=True):
            paths[id(panel)] = path
    every = [paths[id(panel)] for panel in layout.panels]
    _part_shared(layout.panels, runs, every)
    return tuple(
        _stroke(panel, runs, path, _columns(panel, sheet).start)
        for panel, path in zip(layout.panels, every, strict=True)
    )


def _part_shared(panels: tuple[Panel, ...], runs: Runs, paths: list[Index]) -> None:
    """Leave a trace that two panels follow to the one whose baseline is nearer; the other shows no ink."""

    def distance(k: int) -> float:
        taken = paths[k][paths[k] >= 0]
        middle = 0.5 * (runs.top[taken] + runs.bottom[taken])
        return float(np.median(np.abs(middle - panels[k].baseline)))

    for first, second in combinations(range(len(panels)), 2):
        one, other = paths[first][paths[first] >= 0], paths[second][paths[second] >= 0]
        shared = np.intersect1d(one, other).size
        if shared and shared > SHARED * min(len(one), len(other)):
            paths[first if distance(first) > distance(second) else second][:] = -1


def _columns(panel: Panel, sheet: Sheet) -> range:
    """Pixel columns of a panel, and one beside each end: a line is wider than its ends."""
    width = sheet.coverage.shape[1]
    start = int(np.clip(np.floor(panel.left), 0, width - 1))
    return range(start, int(np.clip(np.ceil(panel.right), start, width - 1)) + 1)


def row_spacing_px(layout: Layout, sheet: Sheet) -> float:
    """Distance of neighbouring rows, or of a single row from nothing: 40 mm."""
    baselines = np.unique(np.round([panel.baseline for panel in layout.panels]))
    gaps = np.diff(baselines)
    gaps = gaps[gaps > 5 * sheet.px_per_mm_y]
    return float(np.median(gaps)) if gaps.size else 40 * sheet.px_per_mm_y


def _paths(sheet: Sheet, layout: Layout, ink: CleanInk, runs: Runs, panels: list[Panel]) -> list[Index]:
    """For panels of one width: the run that each column takes, -1 where it takes none."""
    spacing = row_spacing_px(layout, sheet)
    reach = max(1.6 * spacing, REACH_MM * sheet.px_per_mm_y)
    tables = [_choices(runs, panel, _columns(panel, sheet), reach) for panel in panels]
    table = np.stack(tables, axis=1)
    baseline = np.array([panel.baseline for panel in panels])[:, None]
    scale = 1.0 / sheet.px_per_mm_y
    shown = table >= 0
    top = np.where(shown, runs.top[table], np.inf)
    bottom = np.where(shown, runs.bottom[table], np.inf)
    away = np.maximum(0.0, np.maximum(top - baseline, baseline - bottom)) / spacing
    own = np.where(shown, ROW_COST * np.where(shown, away, 0.0), np.inf)
    middle = np.where(shown, 0.5 * (runs.top[table] + runs.bottom[table]), 0.0)
    own += LETTER_COST * ink.hidden[np.round(middle).astype(int), runs.column[table]]
    own += WILD_COST * (runs.wild_top[table] & runs.wild_bottom[table])
    own += PALE_COST * runs.pale[table]
    gap = np.full(table.shape[:2], GAP_COST)
    return cheapest_paths(table, top, bottom, own, gap, scale)


def _choices(runs: Runs, panel: Panel, columns: range, reach: float) -> Index:
    """(columns, CHOICES) indices of runs, nearest to the baseline first, -1 where there are fewer."""
    begin, end = runs.first[columns.start], runs.first[columns.stop]
    index = np.arange(begin, end)
    away = np.maximum(runs.top[index] - panel.baseline, panel.baseline - runs.bottom[index])
    index = index[away < reach]
    away = away[away < reach]
    order = np.lexsort((away, runs.column[index]))
    index = index[order]
    column = runs.column[index] - columns.start
    rank = np.arange(len(index)) - np.searchsorted(column, column)
    table = np.full((len(columns), CHOICES), -1, dtype=np.int64)
    keep = rank < CHOICES
    table[column[keep], rank[keep]] = index[keep]
    return table


def _stroke(panel: Panel, runs: Runs, path: Index, first_column: int) -> Stroke:
    """A line through the runs of a path."""
    x = np.arange(np.ceil(panel.left / STEP_PX), np.floor(panel.right / STEP_PX) + 1) * STEP_PX
    known = np.flatnonzero(path >= 0)
    if known.size < 2:
        return Stroke(panel, x, np.full(len(x), np.nan), np.zeros(len(x), dtype=bool), float("nan"))
    y = _middle_line(x, runs, path[known], known + first_column)
    seen = np.zeros(len(path) + 2, dtype=bool)
    seen[known] = True
    at = np.clip(np.round(x).astype(int) - first_column, -1, len(path))
    return Stroke(panel, x, y, seen[at], float("nan"))


def _middle_line(x: Array, runs: Runs, taken: Index, column: Index) -> Array:
    """The middle of a line of which the upper and the lower edge are known at every column.

    A line of width w touches, at x, what its middle does from x - w/2 to x + w/2: a tip is w wide, and a
    flank reaches w/2 to either side. Narrowed by w/2, the edges are w/2 off the middle of a flank. At
    a tip only the edge beyond the tip is. An edge that is clutter's says nothing.
    """
    width = float(np.percentile(runs.bottom[taken] - runs.top[taken], 20))
    size = 2 * max(0, int((0.5 * width) / STEP_PX - 0.25)) + 1
    at = np.clip(np.searchsorted(column, x, side="right") - 1, 0, len(column) - 1)
    no_top, no_bottom = runs.wild_top[taken][at], runs.wild_bottom[taken][at]
    top = np.where(no_top, -1e6, np.interp(x, column, runs.top[taken]))
    bottom = np.where(no_bottom, 1e6, np.interp(x, column, runs.bottom[taken]))
    upper = maximum_filter1d(top, size) + 0.5 * width
    lower = minimum_filter1d(bottom, size) - 0.5 * width
    around = 2 * size + 1
    is_top = (upper <= minimum_filter1d(upper, around)) & (upper < lower)
    is_bottom = (lower >= maximum_filter1d(lower, around)) & (upper < lower)
    y = np.where(is_top & ~is_bottom, upper, np.where(is_bottom & ~is_top, lower, 0.5 * (upper + lower)))
    y = np.where(upper < -1e5, lower, np.where(lower > 1e5, upper, y))
    known = (upper > -1e5) | (lower < 1e5)
    return np.interp(x, x[known], y[known]) if np.any(known) else np.full(len(x), np.nan)
