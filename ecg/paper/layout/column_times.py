"""Whether columns follow each other in time, or all begin together: their beats tell."""

from typing import Final, NamedTuple

import numpy as np

from splkit.ecg.paper.contracts import Array
from splkit.ecg.paper.layout.columns import Columns
from splkit.ecg.paper.layout.known import Fit
from splkit.ecg.paper.layout.marks import Marks
from splkit.ecg.paper.layout.rows import Rows
from splkit.ecg.paper.layout.span import corridor
from splkit.ecg.paper.opencv import cv2

SHARP_MM: Final = 0.4
"""Beats of leads that were recorded together stand at the same place to about so much."""
ALIKE: Final = 0.6
"""Correlation of steep ink from which two columns show the same beats."""
MARGIN: Final = 0.15
CONFIRMED: Final = 0.55
"""Correlation with the strips of columns that follow each other: 0.69 and more on all but one of 59 drawn
pages, 0.91 and more on 22 real ones. Where columns begin together, unseen, it was 0.36 at most."""


class ColumnTimes(NamedTuple):
    """Whether columns follow each other in time, and whether what strips there are confirms it."""

    follow: bool
    is_sure: bool = True


def column_times(marks: Marks, rows: Rows, best: Fit, columns: Columns) -> ColumnTimes:
    """They begin together where all show the same beats at the same places, and no strip says otherwise."""
    if len(columns.lefts) < 2:
        return ColumnTimes(follow=True)
    leads = _steep(marks, rows, range(best.known.rows))
    parts = [_part(leads, left, columns.width) for left in columns.lefts]
    together = min(_correlation(parts[0], part) for part in parts[1:])
    if not best.strips:
        return ColumnTimes(follow=together < ALIKE)
    strips = _steep(marks, rows, range(best.known.rows, best.known.rows + best.strips))
    on_strip = [_part(strips, columns.lefts[0] + k * columns.width, columns.width) for k in range(len(parts))]
    follow = float(np.mean([_correlation(a, b) for a, b in zip(parts[1:], on_strip[1:], strict=True)]))
    if together >= ALIKE and follow <= together - MARGIN:
        return ColumnTimes(follow=False)
    return ColumnTimes(follow=True, is_sure=follow >= CONFIRMED)


def _steep(marks: Marks, rows: Rows, which: range) -> Array:
    """For each x, how much ink of these rows is not flat."""
    steep = rows.traces & (1 - rows.flat)
    total = np.sum([steep[slice(*corridor(marks, rows, r))].sum(axis=0) for r in which], axis=0)
    return np.asarray(cv2().GaussianBlur(total[None].astype(np.float64), (0, 1), SHARP_MM * marks.mm_x)[0])


def _part(profile: Array, left: float, width: float) -> Array:
    """The profile over a column, but for its ends, where labels and separators stand."""
    edge = 0.06 * width
    x = np.arange(left + edge, left + width - edge)
    return np.asarray(np.interp(x, np.arange(len(profile)), profile))


def _correlation(a: Array, b: Array) -> float:
    n = min(len(a), len(b))
    a, b = a[:n] - a[:n].mean(), b[:n] - b[:n].mean()
    return float((a * b).sum() / max(1e-9, np.sqrt((a * a).sum() * (b * b).sum())))
