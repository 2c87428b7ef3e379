"""Refine strokes below the pixel: move their points until the drawn line is the ink that is seen."""

from dataclasses import replace

import numpy as np
from scipy.linalg import solveh_banded

from splkit.ecg.paper.contracts import Array, Layout, Sheet, Stroke
from splkit.ecg.paper.trace.canvas import Lines
from splkit.ecg.paper.trace.clutter import CleanInk, clean_ink
from splkit.ecg.paper.trace.look import UNEXPLAINED, Look, look, margin_px
from splkit.ecg.paper.trace.middle import STEP_PX
from splkit.ecg.paper.trace.pen import Pen, land
from splkit.ecg.paper.trace.penfit import better_pen, first_pens, unexplained
from splkit.ecg.paper.trace.redraw import drawn_ink
from splkit.ecg.paper.trace.runs import Index
from splkit.ecg.paper.trace.width import upright_px

COARSE_ROUNDS = 3
"""The first rounds see through a wider blur, so that a line two pixels off is still pulled."""
ROUNDS = 7
TRIAL_ROUNDS = 3
"""So many of them tell which of the first pens draws the page better."""
COARSE_BLUR_PX = 1.2
BIAS_ROUNDS = 3
BIAS_PX = 4.0
"""More than the fit takes from a tip; beyond, another line was followed."""
NOISE = 0.06
"""Standard deviation of coverage that no line explains: grid left over, JPEG."""
BEND_PX = 0.3
"""Scale of second differences of a trace over STEP_PX; heavy tails (Cauchy) leave a QRS its corners."""
DETOUR = 1.0
"""Cost of a pixel that the line goes up or down: none is gained by a zigzag within its own ink."""


def refine(
    sheet: Sheet, layout: Layout, strokes: tuple[Stroke, ...]
) -> tuple[tuple[Stroke, ...], Pen | None]:
    """The strokes with y good to about a twentieth of a pixel where ink shows them; and the pen, if any does.

    Width, blur and darkness of the pen are fitted to the page at the same time. Strokes that cross share the
    ink of their crossing. Where nothing shows a stroke, it is bridged by a smooth line and not `seen`.
    """
    drawn = [k for k, stroke in enumerate(strokes) if np.any(stroke.seen)]
    if not drawn:
        return strokes, None
    lines = _lines([strokes[k] for k in drawn])
    ink = clean_ink(sheet, layout)
    upright = upright_px(ink) or np.inf
    tried = [_tried(ink, lines, pen, upright) for pen in first_pens(ink, lines, upright)]
    lines, pen = min(tried, key=lambda each: unexplained(ink, *each))
    lines, pen = _rounds(ink, lines, pen, upright, ROUNDS - TRIAL_ROUNDS)
    lines = _without_bias(ink, lines, pen)
    fit = look(ink, lines, pen, robust=True)
    return _hand_back(strokes, drawn, lines, fit, pen, ink), pen


def _tried(ink: CleanInk, lines: Lines, pen: Pen, upright: float) -> tuple[Lines, Pen]:
    """The rounds that tell whether a pen is the page's."""
    for _ in range(COARSE_ROUNDS):
        lines, _ = _round(ink, lines, pen, upright, coarse=True)
    return _rounds(ink, lines, pen, upright, TRIAL_ROUNDS)


def _rounds(ink: CleanInk, lines: Lines, pen: Pen, upright: float, count: int) -> tuple[Lines, Pen]:
    for _ in range(count):
        lines, pen = _round(ink, lines, pen, upright)
    return lines, pen


def _round(
    ink: CleanInk, lines: Lines, pen: Pen, upright: float, *, coarse: bool = False
) -> tuple[Lines, Pen]:
    """One step of the lines, then, unless it is a coarse one, of the pen."""
    seen_by = pen._replace(blur_px=max(pen.blur_px, COARSE_BLUR_PX)) if coarse else pen
    fit = look(ink, lines, seen_by, robust=not coarse)
    lines = lines._replace(y=lines.y + _step(lines, fit, seen_by))
    return lines, pen if coarse else better_pen(pen, fit, upright)


def _without_bias(ink: CleanInk, lines: Lines, pen: Pen) -> Lines:
    """The lines without what the fit does to every line: it rounds tips, as bends are not modelled.

    The lines are drawn as a pen would draw them and refined once more. What that takes from a line whose
    course is known it has taken from the seen one as well (a parametric bootstrap of the bias).
    """
    known = ink._replace(coverage=drawn_ink(lines, pen, ink.coverage.shape))
    again = lines
    for _ in range(BIAS_ROUNDS):
        fit = look(known, again, pen, robust=True)
        again = again._replace(y=again.y + _step(again, fit, pen))
    return lines._replace(y=lines.y + np.clip(lines.y - again.y, -BIAS_PX, BIAS_PX))


def _lines(strokes: list[Stroke]) -> Lines:
    first = np.cumsum([0, *(len(stroke.x) for stroke in strokes)])
    x, y = np.concatenate([s.x for s in strokes]), np.concatenate([s.y for s in strokes])
    return Lines(x, y, first.astype(np.int64), STEP_PX)


def _step(lines: Lines, fit: Look, pen: Pen) -> Array:
    """How far each point is to move: one Gauss-Newton step, its normal equations banded."""
    count = len(lines.y)
    slope = -pen.darkness * fit.bare * fit.landed.by_distance * fit.places.up
    at, share = fit.places.segment, fit.places.share
    to_first, to_second = slope * (1.0 - share), slope * share
    scaled = fit.weight / NOISE**2
    band = np.zeros((3, count))
    band[2] = np.bincount(at, scaled * to_first**2, count) + np.bincount(at + 1, scaled * to_second**2, count)
    band[1, 1:] = np.bincount(at, scaled * to_first * to_second, count)[:-1]
    down = np.bincount(at, scaled * to_first * fit.error, count)
    down = down + np.bincount(at + 1, scaled * to_second * fit.error, count)
    pull = down - _add_smoothness(band, lines)
    band[2] += 1e-3
    move = np.asarray(solveh_banded(band, pull), dtype=np.float64)
    limit = np.maximum(1.5, 2 * np.abs(np.gradient(lines.y)))
    return np.clip(move, -limit, limit)


def _add_smoothness(band: Array, lines: Lines) -> Array:
    """Add the prior's curvature to the band; return its gradient."""
    y, gradient = lines.y, np.zeros_like(lines.y)
    inside = np.ones(len(y) - 2, dtype=bool)
    joins = lines.first[1:-1]
    inside[np.r_[joins - 2, joins - 1]] = False
    bend = y[:-2] - 2 * y[1:-1] + y[2:]
    w = inside / (BEND_PX**2 + np.square(bend))
    band[2, :-2] += w
    band[2, 1:-1] += 4 * w
    band[2, 2:] += w
    band[1, 1:-1] -= 2 * w
    band[1, 2:] -= 2 * w
    band[0, 2:] += w
    gradient[:-2] += w * bend
    gradient[1:-1] -= 2 * w * bend
    gradient[2:] += w * bend
    rise = np.diff(y)
    w = DETOUR / (np.abs(rise) + 0.5)
    w[joins - 1] = 0.0
    band[2, :-1] += w
    band[2, 1:] += w
    band[1, 1:] -= w
    gradient[:-1] -= w * rise
    gradient[1:] += w * rise
    return gradient


def _hand_back(
    strokes: tuple[Stroke, ...], drawn: list[int], lines: Lines, fit: Look, pen: Pen, ink: CleanInk
) -> tuple[Stroke, ...]:
    seen = _seen(lines, fit, pen) & ~_in_clutter(lines, ink)
    result = list(strokes)
    near = fit.places.distance < margin_px(pen)
    energy = np.bincount(fit.pixels.stroke[near], np.square(fit.error[near]), len(drawn))
    pixels = np.bincount(fit.pixels.stroke[near], minlength=len(drawn))
    for place, k in enumerate(drawn):
        part = slice(lines.first[place], lines.first[place + 1])
        residual = float(np.sqrt(energy[place] / max(1, pixels[place])))
        result[k] = replace(strokes[k], y=lines.y[part], seen=seen[part], residual=residual)
    return tuple(result)


def _in_clutter(lines: Lines, ink: CleanInk) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Points in the ink of a bar: what is there may be its own."""
    height, width = ink.wild.shape
    row = np.clip(np.round(lines.y), 0, height - 1).astype(int)
    column = np.clip(np.round(lines.x), 0, width - 1).astype(int)
    return np.asarray(ink.wild[row, column])


def _seen(lines: Lines, fit: Look, pen: Pen) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Points under whose part of the line at least half the ink is there, unhidden.

    Under the middle of a thin, blurred line coverage stays far below 1; all is measured by what it comes to.
    """
    middle = float(land(np.zeros(1), pen).coverage[0])
    landed = fit.landed.coverage / middle
    found_share = landed + fit.error / (pen.darkness * middle)
    under = (landed > 0.5) & (fit.weight > UNEXPLAINED)
    at: Index = fit.places.segment + (fit.places.share > 0.5)
    expected = np.bincount(at, landed * (landed > 0.5), len(lines.y))
    found = np.bincount(at, under * np.minimum(landed, found_share), len(lines.y))
    size = max(1, round(1.0 / lines.step)) * 2 + 1
    kernel = np.ones(size)
    return np.convolve(found, kernel, "same") > 0.5 * np.convolve(expected, kernel, "same")
