"""Follow each trace from column to column, before anything finer: twice, over vertical runs of ink."""

from itertools import combinations

import numpy as np

from splkit.ecg.paper.contracts import Layout, Panel, Sheet, Stroke
from splkit.ecg.paper.trace.among import beside_expected, not_own
from splkit.ecg.paper.trace.clutter import CleanInk, Mask, clean_ink
from splkit.ecg.paper.trace.expect import Expected, expect
from splkit.ecg.paper.trace.middle import middle_line, points_x
from splkit.ecg.paper.trace.paths import Learnt, columns_of, every_path
from splkit.ecg.paper.trace.runs import Index, Runs, find_runs
from splkit.ecg.paper.trace.tips import ends_with_tips, may_be_clutter
from splkit.ecg.paper.trace.usual import of_usual_beats, with_usual
from splkit.ecg.paper.trace.width import upright_px

SHARED = 0.5
"""Two panels that share this part of their runs follow one trace: it is that of the nearer baseline."""
ENDS_MM = 0.5
"""The traces of two columns meet within so much of where one ends and the other begins."""
Others = tuple[tuple[Panel, Expected], ...]


def follow(sheet: Sheet, layout: Layout) -> tuple[Stroke, ...]:
    """The rough course of every trace, in the order of the panels; good to about half the width of the line.

    The second time each is followed near where the other beats of its lead have it (`expect.py`), and apart
    from the traces of other panels.

    Returns:
        Strokes with points every STEP_PX from `left` to `right` of the panel. Points that no ink shows are
        interpolated, and not `seen`; a panel without any ink has y of nan throughout.
    """
    ink = clean_ink(sheet, layout)
    runs = find_runs(ink)
    pen_px = upright_px(ink) or np.inf
    paths = every_path(sheet, layout, ink, runs)
    by_others = _by_others(sheet, layout.panels, runs, paths)
    lost = _part_shared(layout.panels, runs, paths)
    ends = _ends(sheet, layout.panels, ink, runs, paths)
    first = tuple(
        _stroke(sheet, panel, runs, pen_px, each) for panel, each in zip(layout.panels, ends, strict=True)
    )
    expected = of_usual_beats(sheet, first, expect(sheet, first))
    learnt = [Learnt(*each) for each in zip(expected, lost, by_others, strict=True)]
    paths = every_path(sheet, layout, ink, runs, learnt)
    _part_shared(layout.panels, runs, paths)
    ends = _ends(sheet, layout.panels, ink, runs, paths)
    pairs = tuple(zip(layout.panels, expected, strict=True))
    second = tuple(
        _stroke(sheet, panel, runs, pen_px, own, each, tuple(pair for pair in pairs if pair[0] is not panel))
        for panel, own, each in zip(layout.panels, ends, expected, strict=True)
    )
    return with_usual(ink, sheet, second, expected)


def _part_shared(panels: tuple[Panel, ...], runs: Runs, paths: list[Index]) -> list[Index]:
    """Leave a trace that two panels follow to the one whose baseline is nearer; the other shows no ink.

    Returns:
        Of each panel, the runs of the trace that it lost.
    """

    def distance(k: int) -> float:
        taken = paths[k][paths[k] >= 0]
        middle = 0.5 * (runs.top[taken] + runs.bottom[taken])
        return float(np.median(np.abs(middle - panels[k].baseline)))

    lost = [np.zeros(0, dtype=np.int64) for _ in panels]
    for first, second in combinations(range(len(panels)), 2):
        one, other = paths[first][paths[first] >= 0], paths[second][paths[second] >= 0]
        shared = np.intersect1d(one, other).size
        if shared and shared > SHARED * min(len(one), len(other)):
            loser = first if distance(first) > distance(second) else second
            lost[loser] = other if loser == first else one
            paths[loser][:] = -1
    return lost


def _by_others(sheet: Sheet, panels: tuple[Panel, ...], runs: Runs, paths: list[Index]) -> list[Mask]:
    """Of each panel, the runs that another one takes; where columns meet, both may take a run."""
    own = np.zeros((len(paths), len(runs.top)), dtype=bool)
    for mask, path, panel in zip(own, paths, panels, strict=True):
        taken = path[path >= 0]
        away = np.minimum(runs.column[taken] - panel.left, panel.right - runs.column[taken])
        mask[taken[away > ENDS_MM * sheet.px_per_mm_x]] = True
    total = own.sum(axis=0)
    return [np.asarray(total > mask) for mask in own]


def _ends(
    sheet: Sheet, panels: tuple[Panel, ...], ink: CleanInk, runs: Runs, paths: list[Index]
) -> list[tuple[Index, Index]]:
    """Of each panel the runs with the upper and the lower end of what its path takes."""
    clutter = may_be_clutter(runs, ink)
    return [
        ends_with_tips(runs, path, columns_of(panel, sheet).start, clutter | theirs)
        for path, panel, theirs in zip(paths, panels, _by_others(sheet, panels, runs, paths), strict=True)
    ]


def _stroke(
    sheet: Sheet,
    panel: Panel,
    runs: Runs,
    pen_px: float,
    ends: tuple[Index, Index],
    expected: Expected | None = None,
    others: Others = (),
) -> Stroke:
    """A line through the ends of runs; through what is expected where a run is rather another trace's."""
    x = points_x(panel)
    known = np.flatnonzero(ends[0] >= 0)
    if known.size < 2:
        return Stroke(panel, x, np.full(len(x), np.nan), np.zeros(len(x), dtype=bool), float("nan"))
    first_column = columns_of(panel, sheet).start
    column = known + first_column
    high, low = (each[known] for each in ends)
    top, bottom = runs.top[high], runs.bottom[low]
    no_top, no_bottom = runs.wild_top[high], runs.wild_bottom[low]
    if expected is None:
        y = middle_line(x, column, top, bottom, no_top, no_bottom, pen_px)
    else:
        odd_top, odd_bottom = not_own(x, column, top, bottom, expected, sheet.px_per_mm_y)
        y = middle_line(x, column, top, bottom, no_top | odd_top, no_bottom | odd_bottom, pen_px)
        beside = beside_expected(x, column, top, bottom, expected, others, sheet.px_per_mm_y)
        at = np.clip(np.searchsorted(column, np.round(x)), 0, len(column) - 1)
        y = np.where(beside[at] & np.isfinite(expected.middle), expected.middle, y)
    seen = np.zeros(len(ends[0]) + 2, dtype=bool)
    seen[known] = True
    at = np.clip(np.round(x).astype(int) - first_column, -1, len(ends[0]))
    return Stroke(panel, x, y, seen[at], float("nan"))
