"""Take out of the coverage what repeats every 5 mm: lines of the trace's own hue."""

import numpy as np
import numpy.typing as npt

from splkit.ecg.paper.contracts import Plane

CELL_MM = 5
BINS_PER_PX, MOST_BINS = 2, 100
MIN_CELLS = 30
"""Fewer repeats tell no line from a trace."""
USUAL_SHARE = 0.4
"""Of the cells: lines are in nearly all; twelve flat traces 10 mm apart may be in half of them."""
LEAK = 0.03
"""Coverage that is left by no line is left alone."""
DARKEST = 0.8
"""Lines darker than that hide a trace: what shows on them counts less and less."""


def without_lines(coverage: Plane, px_per_mm: tuple[float, float], line_px: tuple[float, float]) -> Plane:
    """The coverage less what is usual in 5 mm cells, scaled so that full ink stays 1.

    Args:
        coverage: (height, width), its grid lying straight.
        px_per_mm: along x and along y.
        line_px: x and y where 5 mm lines cross.
    """
    columns, rows = (
        _bins(length, CELL_MM * scale, start)
        for length, scale, start in zip(coverage.shape[::-1], px_per_mm, line_px, strict=True)
    )
    if len(rows[0]) * len(columns[0]) < BINS_PER_PX**2 * MIN_CELLS:
        return coverage
    cell = np.empty((len(rows), len(columns)), np.float32)
    for row, at_y in enumerate(rows):
        part = coverage[at_y]
        for column, at_x in enumerate(columns):
            seen = part[:, at_x].ravel()
            usual = int(USUAL_SHARE * len(seen))
            cell[row, column] = np.partition(seen, usual)[usual]
    if float(cell.max()) < LEAK:
        return coverage
    out = np.empty_like(coverage)
    for row, at_y in enumerate(rows):
        lines = np.empty(coverage.shape[1], np.float32)
        for column, at_x in enumerate(columns):
            lines[at_x] = cell[row, column]
        out[at_y] = np.clip((coverage[at_y] - lines) / (1 - np.minimum(lines, DARKEST)), 0, 1)
    return out


def _bins(length: int, period_px: float, start_px: float) -> list[npt.NDArray[np.int64]]:
    """The pixels of each part of a cell; parts that no pixel falls into are left out."""
    count = min(round(BINS_PER_PX * period_px), MOST_BINS)
    part = (((np.arange(length) - start_px) / period_px % 1) * count).astype(np.int64)
    found = (np.nonzero(part == one)[0] for one in range(count))
    return [pixels for pixels in found if len(pixels)]
