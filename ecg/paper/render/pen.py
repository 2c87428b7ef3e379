"""Lines with an exact width, to a coverage of 0 to 1, true below the pixel."""

import numpy as np
import numpy.typing as npt

from splkit.ecg.paper.contracts import Array, Plane

_PIECE_PX = 6.0
"""Longer segments are cut, so that the pixels looked at stay near the line."""
_AT_ONCE = 20_000


def draw_line(coverage: Plane, points: Array, width_px: float) -> None:
    """A polyline with round ends, united with what is drawn already; nothing is drawn at nan.

    A pixel's coverage is the area that a straight line of this width takes of it.

    Args:
        coverage: (height, width), changed in place.
        points: (n, 2), x and y in pixels.
        width_px: of the line.
    """
    ends = _pieces(points)
    for at in range(0, len(ends), _AT_ONCE):
        _draw(coverage, ends[at : at + _AT_ONCE], width_px / 2)


def fill_box(coverage: Plane, left: float, top: float, right: float, bottom: float) -> None:
    """A filled rectangle whose edges may lie within pixels."""
    height, width = coverage.shape
    first, last = max(int(left), 0), min(int(right) + 2, width)
    upper, lower = max(int(top), 0), min(int(bottom) + 2, height)
    rows = overlap(top - upper, bottom - upper, max(lower - upper, 0))
    columns = overlap(left - first, right - first, max(last - first, 0))
    seen = coverage[upper:lower, first:last]
    np.maximum(seen, rows[:, None] * columns[None, :], out=seen)


def overlap(low: float, high: float, length: int) -> Plane:
    """How much of each pixel, from half before its centre to half behind, lies between two positions."""
    edges = np.arange(length + 1) - 0.5
    return np.asarray(np.diff(np.clip(edges, low, high)), np.float32)


def _pieces(points: Array) -> Array:
    """(m, 4): the ends of short segments; without those that have no number."""
    first, last = points[:-1], points[1:]
    known = np.isfinite(first).all(axis=1) & np.isfinite(last).all(axis=1)
    first, last = first[known], last[known]
    counts = np.maximum(np.ceil(np.hypot(*(last - first).T) / _PIECE_PX), 1).astype(np.int64)
    index = np.repeat(np.arange(len(first)), counts)
    step = np.arange(len(index)) - np.repeat(np.cumsum(counts) - counts, counts)
    run, share = last[index] - first[index], (step / counts[index])[:, None]
    start = first[index] + share * run
    return np.hstack([start, start + run / counts[index][:, None]])


def _draw(coverage: Plane, ends: Array, radius_px: float) -> None:
    """Each pixel takes what the nearest of these segments covers of it."""
    height, width = coverage.shape
    reach = radius_px + 0.71  # half the diagonal of a pixel
    left, right = _span(ends[:, 0], ends[:, 2], reach, width)
    top, bottom = _span(ends[:, 1], ends[:, 3], reach, height)
    wide = np.maximum(right - left, 0)
    counts = wide * np.maximum(bottom - top, 0)
    index = np.repeat(np.arange(len(ends)), counts)
    if not len(index):
        return
    within = np.arange(len(index)) - np.repeat(np.cumsum(counts) - counts, counts)
    x = left[index] + within % wide[index]
    y = top[index] + within // wide[index]
    from_x, from_y = _from_line(x, y, ends[index])
    distance = np.hypot(from_x, from_y)
    nearest = np.full((np.ptp(y) + 1, width), np.inf)
    pixel = (y - y.min()) * width + x
    np.minimum.at(nearest.reshape(-1), pixel, distance)
    of_nearest = np.flatnonzero(distance == nearest.reshape(-1)[pixel])
    share = _covered(from_x[of_nearest], from_y[of_nearest], radius_px)
    np.maximum.at(coverage.reshape(-1), (y * width + x)[of_nearest], share.astype(np.float32))


def _span(
    one: Array, other: Array, reach: float, length: int
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """The pixels from and to (not with) that a line's breadth may touch."""
    low = np.ceil(np.minimum(one, other) - reach)
    high = np.floor(np.maximum(one, other) + reach) + 1
    return np.clip(low, 0, length).astype(np.int64), np.clip(high, 0, length).astype(np.int64)


def _from_line(x: Array, y: Array, ends: Array) -> tuple[Array, Array]:
    """How far each pixel's centre is from its segment, along x and along y."""
    run_x, run_y = ends[:, 2] - ends[:, 0], ends[:, 3] - ends[:, 1]
    from_x, from_y = x - ends[:, 0], y - ends[:, 1]
    share = np.clip((from_x * run_x + from_y * run_y) / np.maximum(run_x**2 + run_y**2, 1e-12), 0, 1)
    return np.asarray(from_x - share * run_x), np.asarray(from_y - share * run_y)


def _covered(from_x: Array, from_y: Array, radius_px: float) -> Array:
    """The share of a pixel that a straight line covers, whose nearest point is so far away.

    Across the line a pixel is as broad as the sum of its two sides seen from there: a trapezoid, of which the
    line takes what lies within its radius.
    """
    distance = np.hypot(from_x, from_y)
    known = np.maximum(distance, 1e-9)
    one, other = np.abs(from_x) / known, np.abs(from_y) / known
    other = np.where(distance < 1e-9, 1.0, other)
    broad, narrow = np.maximum(one, other), np.maximum(np.minimum(one, other), 1e-3)

    def below(at: Array) -> Array:
        """The share of the trapezoid below a place."""
        half, top = (broad + narrow) / 2, (broad - narrow) / 2
        squares = [np.maximum(at + shift, 0) ** 2 for shift in (half, top, -top, -half)]
        return np.asarray((squares[0] - squares[1] - squares[2] + squares[3]) / (2 * broad * narrow))

    return below(radius_px - distance) - below(-radius_px - distance)
