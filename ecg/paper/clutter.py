"""Labels, separators and pulses: what of them can be taken away, and where they hide the traces."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from splkit.ecg.paper.contracts import Box, Layout, Plane, Sheet
from splkit.ecg.paper.opencv import cv2

Mask = npt.NDArray[np.bool_]

NARROW_MM = 1.5
"""Clutter that takes less of a panel goes whole, and the trace is bridged: a separator, a pulse's edge."""
AROUND_MM = 0.7
"""How far letters may stand out of their box."""
SOLID = 0.7
"""A box of which ink covers this share is a bar, in which no trace can be told."""
INK_LEVEL = 0.5
"""Share of a trace's darkest coverage from which a pixel counts as ink."""


class CleanInk(NamedTuple):
    """Ink without the clutter that could be taken away."""

    coverage: Plane
    """As the sheet's, 0 where clutter was taken away."""
    hidden: Mask
    """Where clutter may hide a trace: more ink than a trace explains is expected there, less is not."""
    blank: Mask
    """Where all ink was taken away, the trace's too."""
    level: float
    """Coverage from which a pixel counts as ink."""


def clean_ink(sheet: Sheet, layout: Layout) -> CleanInk:
    """Ink of traces alone, as far as boxes and connected ink tell them from clutter.

    Example: a label "V1" that touches no trace goes; one that a QRS crosses stays, and is marked as hiding.
    """
    coverage = sheet.coverage.copy()
    hidden = np.zeros(coverage.shape, dtype=bool)
    blank = np.zeros(coverage.shape, dtype=bool)
    level = ink_level(coverage)
    narrow_px = NARROW_MM * sheet.px_per_mm_x
    around_px = max(2, round(AROUND_MM * sheet.px_per_mm_x))
    for box in layout.clutter:
        rows, columns = _slices(box, coverage.shape, margin=1)
        inside = coverage[rows, columns]
        if inside.size == 0:
            continue
        hidden[rows, columns] = True
        if _taken_px(box, layout) < narrow_px or float(np.mean(inside > level)) > SOLID:
            coverage[rows, columns] = 0.0
            blank[rows, columns] = True
        else:
            _drop_enclosed(coverage, *_slices(box, coverage.shape, around_px), level)
    return CleanInk(coverage, hidden, blank, level)


def ink_level(coverage: Plane) -> float:
    """Half of what the darkest of the thin ink reaches, so that thin strokes of a coarse page count too."""
    inked = coverage[coverage > 0.2]
    if inked.size == 0:
        return INK_LEVEL
    return INK_LEVEL * float(np.clip(np.percentile(inked, 75), 0.5, 1.0))


def _slices(box: Box, shape: tuple[int, ...], margin: int) -> tuple[slice, slice]:
    top, bottom = int(np.floor(box.top)) - margin, int(np.ceil(box.bottom)) + margin + 1
    left, right = int(np.floor(box.left)) - margin, int(np.ceil(box.right)) + margin + 1
    return slice(max(0, top), min(shape[0], max(0, bottom))), slice(
        max(0, left), min(shape[1], max(0, right))
    )


def _taken_px(box: Box, layout: Layout) -> float:
    """The widest stretch of any panel that the box takes."""
    return max((min(box.right, p.right) - max(box.left, p.left) for p in layout.panels), default=0.0)


def _drop_enclosed(coverage: Plane, rows: slice, columns: slice, level: float) -> None:
    """Take away ink that does not reach the edge of the box: letters that no trace touches."""
    inside = coverage[rows, columns]
    faint = (inside > 0.5 * level).astype(np.uint8)
    count, labels = cv2().connectedComponents(faint, connectivity=8)
    edge = np.concatenate([labels[0], labels[-1], labels[:, 0], labels[:, -1]])
    enclosed = np.setdiff1d(np.arange(1, count), edge)
    inside[np.isin(labels, enclosed)] = 0.0
