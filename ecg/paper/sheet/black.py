"""Take out lines that are as dark as the trace, as on a fax: they are thinner, and stand in their places.

`cell.py` subtracts lines that are paler than ink. Of black ones nothing can be subtracted, and a copy has
lost parts of each. So every place of a line is looked at alone. Ink that lies across it, no thicker than
lines are and with paper on both sides, is the line; thicker ink is a trace, and stays whole.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from splkit.ecg.paper.contracts import Plane
from splkit.ecg.paper.opencv import cv2

Mask = npt.NDArray[np.bool_]
Places = npt.NDArray[np.int64]

EVERY_MM = 5
BESIDE_MM = 0.2
"""A line lies so near to its place, and its edge is half a pixel soft."""
INK, PALE, BLACK = 0.3, 0.4, 0.85
"""Coverage that counts as ink, up to that of pale lines, and from that of lines which are as dark as ink."""
STEADY = 0.75
"""Share of their usual coverage that lines have nearly everywhere, if no copy has broken them."""
FLAT_MM = 1.2
"""Ink that goes on for so long between lines is a trace; dots 1 mm apart and lines across are not."""
FEW = 50
"""So few places of flat traces tell nothing."""
CLEARLY = 0.4
"""Share of the lines under the best bound, less that of traces, from which it tells lines from traces."""
ALONG_MM, SHARE = 10.0, 0.2
"""A line is there on so much of its places, over such a length."""
SPECK_MM = 0.8
"""What is smaller, both ways, is left of lines: no letter and no part of a trace."""
BOUNDS, MOST_TIMES = 40, 2.0
"""No line is as many times as thick as most of them."""
MORE_INK = 2.0
"""Times the ink between them from which there are 1 mm lines,"""
LINES = 0.3
"""and the share of their length that most of them have left; dots are a sixth of it."""


@dataclass(frozen=True)
class _Across:
    """What lies across the places of lines."""

    run: Mask
    """(offsets, lines, columns): the run of ink in the place."""
    ink: Plane
    """(lines, columns): the coverage of the run, in pixels."""
    alone: Mask
    """(lines, columns): the run ends within the place; also where there is none."""
    darkest: Plane
    """(lines, columns), 0 to 1."""


@dataclass(frozen=True)
class _Lines:
    """Lines of one family, in a plane that has them level."""

    at: Places
    """(lines,): rows of their middles."""
    reach: int
    bare: Mask
    """(lines, columns): the place holds a line or nothing."""
    run: Mask
    """(offsets, lines, columns): ink of lines alone."""


def without_black_lines(
    coverage: Plane, px_per_mm: tuple[float, float], line_px: tuple[float, float]
) -> Plane:
    """The coverage less lines as dark as ink and thinner than traces, wherever no trace lies on them.

    Args:
        coverage: (height, width), its grid lying straight.
        px_per_mm: along x and along y.
        line_px: x and y where 5 mm lines cross.
    """
    level = _lines(coverage, px_per_mm[1], line_px[1], px_per_mm[0])
    upright = _lines(np.ascontiguousarray(coverage.T), px_per_mm[0], line_px[0], px_per_mm[1])
    if level is None or upright is None:
        return coverage
    out = coverage.copy()
    for plane, lines in ((out, level), (out.T, upright)):
        for offset, run in zip(range(-lines.reach - 1, lines.reach + 2), lines.run, strict=True):
            plane[lines.at + offset] *= ~run
    _clear_specks(out, px_per_mm)
    return out


def _lines(plane: Plane, px_per_mm: float, line_px: float, px_along: float) -> _Lines | None:
    """Level lines of a plane; None where they are paler than ink, or as thick as traces."""
    reach = int(max(1, min(np.ceil(BESIDE_MM * px_per_mm + 0.5), (px_per_mm - 1) // 2)))
    first = -int(np.ceil(line_px / px_per_mm))
    number = np.arange(first, first + int(len(plane) / px_per_mm) + 2)
    at = np.round(line_px + number * px_per_mm).astype(np.int64)
    inside = (at > reach) & (at < len(plane) - reach - 1)
    at, number = at[inside], number[inside]
    fifth, finer = at[number % EVERY_MM == 0], at[number % EVERY_MM != 0]
    half = round(px_per_mm / 2)
    found = _black(plane, fifth, fifth + round(EVERY_MM / 2 * px_per_mm), reach, px_along)
    if found is None:
        return None
    row_ink = plane.mean(axis=1)
    halves = finer[finer + half < len(plane)] + half
    on, beside = (float(np.quantile(row_ink[rows], 0.75)) for rows in (finer, halves))
    fine = _black(plane, finer, halves, reach, px_along) if on > max(MORE_INK * beside, LINES) else None
    if fine is None:
        return _Lines(fifth, reach, *found)
    bare, run = (np.concatenate(pair, axis=-2) for pair in zip(found, fine, strict=True))
    return _Lines(np.concatenate([fifth, finer]), reach, bare, run)


def _black(
    plane: Plane, on: Places, between: Places, reach: int, px_along: float
) -> tuple[Mask, Mask] | None:
    """Where places hold a line or nothing, and the ink of those lines; None where nothing tells them."""
    if not len(on):
        return None
    between = between[(between > reach) & (between < len(plane) - reach - 1)]
    across, beside = _across(plane, on, reach), _across(plane, between, reach)
    there = across.darkest > INK
    if not there.any() or _can_be_subtracted(across.darkest):
        return None
    thick, thick_beside = _thickness(across, px_along), _thickness(beside, px_along)
    lines = thick[there & across.alone]
    traces = thick_beside[_runs((beside.ink > INK) & beside.alone, round(FLAT_MM * px_along))]
    bounds = np.linspace(INK, MOST_TIMES * float(np.median(lines)), BOUNDS)
    told = np.array([(lines <= bound).mean() for bound in bounds])
    if len(traces) >= FEW:  # else they are too thick to stand alone in the place of a line
        told -= [(traces <= bound).mean() for bound in bounds]
    if not float(told.max()) > CLEARLY:
        return None
    bound = float(bounds[int(np.argmax(told))])
    # Where a line steps to the next row of pixels both are dark.
    bare = across.alone & (thick <= bound) & (across.ink <= bound + 1)
    run = across.run & (bare & _goes_on(across.darkest > INK, bare, px_along))
    # The soft edges of a line go with it.
    edge = run.copy()
    edge[1:] |= run[:-1]
    edge[:-1] |= run[1:]
    return bare, edge


def _can_be_subtracted(darkest: Plane) -> bool:
    """Lines are hardly seen; or paler than ink and whole: `cell.py` tells more of the trace on them."""
    low, usual, most = np.quantile(darkest, [0.25, 0.75, 0.9])
    return bool(most < PALE or (usual < BLACK and low > STEADY * usual))


def _across(plane: Plane, at: Places, reach: int) -> _Across:
    offsets = range(-reach - 1, reach + 2)
    window = np.stack([plane[at + k] for k in offsets])
    ink = window > INK
    middle = window[reach : reach + 3]
    darkest = middle.max(axis=0)
    run = np.zeros_like(ink)
    run[reach : reach + 3] = ink[reach : reach + 3] & (middle == darkest)
    for k in range(1, len(offsets)):
        run[k] |= run[k - 1] & ink[k]
    for k in range(len(offsets) - 2, -1, -1):
        run[k] |= run[k + 1] & ink[k]
    return _Across(run, (window * run).sum(axis=0), ~(run[0] | run[-1]), darkest)


def _goes_on(ink: Mask, bare: Mask, px_along: float) -> Mask:
    """Where a line is there on either side, too: a letter where a copy has lost the line is none."""
    size = (round(ALONG_MM * px_along) | 1, 1)
    share = cv2().blur((ink & bare).astype(np.float32), size, borderType=cv2().BORDER_REFLECT)
    return np.asarray(share > SHARE)


def _thickness(across: _Across, px_along: float) -> Plane:
    """(lines, columns): the mean ink of the runs that stand alone about each place, in pixels."""
    there = ((across.ink > INK) & across.alone).astype(np.float32)
    size = (round(2 * FLAT_MM * px_along) | 1, 1)
    total, count = (cv2().blur(each, size) for each in (across.ink * there, there))
    return np.asarray(total / np.maximum(count, 1e-6), np.float32)


def _runs(mask: Mask, length: int) -> Mask:
    """Of each row the runs that are at least so long."""
    kernel = np.ones((1, length), np.uint8)
    return np.asarray(cv2().morphologyEx(mask.astype(np.uint8), cv2().MORPH_OPEN, kernel) > 0)


def _clear_specks(out: Plane, px_per_mm: tuple[float, float]) -> None:
    """Clear what is small; dots at every mm are, too."""
    cv = cv2()
    _, pieces, boxes, _ = cv.connectedComponentsWithStats((out > INK).astype(np.uint8), connectivity=8)
    wide, high = boxes[:, cv.CC_STAT_WIDTH], boxes[:, cv.CC_STAT_HEIGHT]
    speck = (wide <= SPECK_MM * px_per_mm[0]) & (high <= SPECK_MM * px_per_mm[1])
    out[speck[pieces]] = 0
