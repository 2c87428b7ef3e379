"""Which run of ink each column gives to each panel: the choices, what each costs, and the cheapest path."""

from typing import NamedTuple

import numpy as np

from splkit.ecg.paper.contracts import Array, Layout, Panel, Sheet
from splkit.ecg.paper.trace.among import unexpected
from splkit.ecg.paper.trace.clutter import CleanInk, Mask
from splkit.ecg.paper.trace.expect import Expected
from splkit.ecg.paper.trace.runs import Index, Runs
from splkit.ecg.paper.trace.viterbi import cheapest_paths

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
ROW_COST = 0.8
"""Of a column at the distance of one row from the baseline, and in proportion: little, for a QRS may be as
tall as a row is high, and nearly as much as no ink, for the next row's trace is another's."""
BESIDE_WILD_COST = 0.5
"""Of an unexpected run, at most, where clutter may hide the expected way: ink that is seen counts more."""
CONTESTED_COST = 3.0
"""Of a run that another panel takes, where there is ink that none takes and that is as much expected,"""
PALE = 0.5
"""and has more than that of a line's ink."""
LOST_COST = 1.0
"""Of a run that belongs to the trace of a nearer panel."""

STRAY_MM = (1.0, 5.0)
"""A piece at an end that is no longer, and so much white above or below the next, is no part of a trace."""


class Learnt(NamedTuple):
    """Of one panel, what a first look at all of them tells."""

    expected: Expected
    lost: Index
    """The runs of a trace that a nearer panel follows, too."""
    by_others: Mask
    """The runs that another panel takes."""


def every_path(
    sheet: Sheet, layout: Layout, ink: CleanInk, runs: Runs, learnt: list[Learnt] | None = None
) -> list[Index]:
    """The run that each column takes, -1 where it takes none, panel by panel."""
    spacing = row_spacing_px(layout, sheet)
    groups: dict[int, list[int]] = {}
    for k, panel in enumerate(layout.panels):  # panels of one width are followed at once
        groups.setdefault(len(columns_of(panel, sheet)), []).append(k)
    paths: dict[int, Index] = {}
    for which in groups.values():
        panels = [layout.panels[k] for k in which]
        known = None if learnt is None else [learnt[k] for k in which]
        found = _paths(sheet, spacing, ink, runs, panels, known)
        paths.update(zip(which, (_without_strays(each, runs, sheet) for each in found), strict=True))
    return [paths[k] for k in range(len(layout.panels))]


def _without_strays(path: Index, runs: Runs, sheet: Sheet) -> Index:
    """The path without a short piece at its beginning or end that is far from where it goes on.

    Where a trace begins beside its panel's edge, a letter of another row is cheaper than no ink.
    """
    known = np.flatnonzero(path >= 0)
    if len(known) < 2:
        return path
    top, bottom = runs.top[path[known]], runs.bottom[path[known]]
    white = np.maximum(top[1:] - bottom[:-1], top[:-1] - bottom[1:])
    far = np.flatnonzero(white > STRAY_MM[1] * sheet.px_per_mm_y)
    kept, short = path.copy(), STRAY_MM[0] * sheet.px_per_mm_x
    if len(far) and known[far[0]] - known[0] < short:
        kept[: known[far[0]] + 1] = -1
    if len(far) and known[-1] - known[far[-1] + 1] < short:
        kept[known[far[-1] + 1] :] = -1
    return kept


def columns_of(panel: Panel, sheet: Sheet) -> range:
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


def _paths(
    sheet: Sheet,
    spacing: float,
    ink: CleanInk,
    runs: Runs,
    panels: list[Panel],
    learnt: list[Learnt] | None,
) -> list[Index]:
    reach = max(1.6 * spacing, REACH_MM * sheet.px_per_mm_y)
    table = np.stack([_choices(runs, panel, columns_of(panel, sheet), reach) for panel in panels], axis=1)
    baseline = np.array([panel.baseline for panel in panels])[:, None]
    scale = 1.0 / sheet.px_per_mm_y
    shown = table >= 0
    top = np.where(shown, runs.top[table], np.inf)
    bottom = np.where(shown, runs.bottom[table], np.inf)
    away = np.maximum(0.0, np.maximum(top - baseline, baseline - bottom)) / spacing
    own = np.full(table.shape, np.inf)
    own[shown] = ROW_COST * away[shown]
    middle = np.where(shown, 0.5 * (runs.top[table] + runs.bottom[table]), 0.0)
    own = own + LETTER_COST * ink.hidden[np.round(middle).astype(int), runs.column[table]]
    own += WILD_COST * (runs.wild_top[table] & runs.wild_bottom[table])
    own += PALE_COST * runs.pale[table]
    for k, known in enumerate(learnt or ()):
        columns, where = columns_of(panels[k], sheet), (table[:, k], top[:, k], bottom[:, k])
        own[:, k] += _learnt_cost(runs, panels[k], columns, *where, scale, known)
    gap = np.full(table.shape[:2], GAP_COST)
    return cheapest_paths(table, top, bottom, own, gap, scale)


def _learnt_cost(
    runs: Runs,
    panel: Panel,
    columns: range,
    table: Index,
    top: Array,
    bottom: Array,
    mm_per_px: float,
    learnt: Learnt,
) -> Array:
    """(columns, choices) of runs that are unexpected, or rather another panel's."""
    beside = unexpected(panel, learnt.expected, columns, top, bottom, mm_per_px)
    others = (table >= 0) & learnt.by_others[table]
    free = (table >= 0) & ~others & (beside == 0) & (runs.pale[table] < PALE)
    contested = others & free.any(axis=1, keepdims=True)
    wild = (table >= 0) & runs.wild_top[table] & runs.wild_bottom[table]
    beside = np.where(wild.any(axis=1, keepdims=True), np.minimum(beside, BESIDE_WILD_COST), beside)
    lost = np.isin(table, learnt.lost)
    return np.asarray(beside + LOST_COST * lost + CONTESTED_COST * contested)


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
