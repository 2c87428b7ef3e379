"""Refine strokes below the pixel: move their points until the drawn line is the ink that is seen."""

from dataclasses import replace
from typing import NamedTuple

import numpy as np
from scipy.linalg import solveh_banded

from splkit.ecg.paper.contracts import Array, Layout, Sheet, Stroke
from splkit.ecg.paper.trace.canvas import Lines, Nearest, Pixels, nearest_places, pixels_near
from splkit.ecg.paper.trace.clutter import CleanInk, clean_ink
from splkit.ecg.paper.trace.follow import STEP_PX
from splkit.ecg.paper.trace.pen import Landed, Pen, land
from splkit.ecg.paper.trace.redraw import drawn_ink
from splkit.ecg.paper.trace.runs import Index

ROUNDS = 10
COARSE_ROUNDS = 3
"""The first rounds see through a wider blur, so that a line two pixels off is still pulled."""
COARSE_BLUR_PX = 1.2
BIAS_ROUNDS = 3
BIAS_PX = 4.0
"""More than the fit takes from a tip; beyond, another line was followed."""
NOISE = 0.06
"""Standard deviation of coverage that no line explains: grid left over, JPEG."""
OUTLIER = 0.35
"""Coverage off by more than this is rather another thing than this line."""
BEND_PX = 0.3
"""Scale of second differences of a trace over STEP_PX; heavy tails (Cauchy) leave a QRS its corners."""
DETOUR = 1.0
"""Cost of a pixel that the line goes up or down: none is gained by a zigzag within its own ink."""
FATTENED = 0.68
"""Ink of the thinnest columns, of that of usual ones, below which noise faster than a pixel fattens a trace:
the pen is then as narrow as the thinnest. Blur, JPEG and noise of the paper leave 0.69 and more."""
PEN_EVERY = 4
"""One pixel of so many tells enough of the pen."""
PEN_DAMPING = 0.1
PEN_STEP = 0.3
"""Longest step in px, and in darkness."""
DARKEST = 1.05
UNEXPLAINED = 0.3
"""Weight of a pixel where clutter may have added ink to that of the line."""


class _Fit(NamedTuple):
    """What one look at the sheet says."""

    pixels: Pixels
    places: Nearest
    landed: Landed
    bare: Array
    """Share of the pixel that other strokes leave bare."""
    error: Array
    weight: Array


def refine(sheet: Sheet, layout: Layout, strokes: tuple[Stroke, ...]) -> tuple[Stroke, ...]:
    """The strokes with y good to about a twentieth of a pixel where ink shows them.

    Width, blur and darkness of the pen are fitted to the page at the same time. Strokes that cross share the
    ink of their crossing. Where nothing shows a stroke, it is bridged by a smooth line and not `seen`.
    """
    drawn = [k for k, stroke in enumerate(strokes) if np.any(stroke.seen)]
    if not drawn:
        return strokes
    lines = _lines([strokes[k] for k in drawn])
    ink = clean_ink(sheet, layout)
    pen = _first_pen(ink, lines)
    for turn in range(ROUNDS):
        coarse = turn < COARSE_ROUNDS
        looks = pen._replace(blur_px=max(pen.blur_px, COARSE_BLUR_PX)) if coarse else pen
        fit = _look(ink, lines, looks, robust=not coarse)
        lines = lines._replace(y=lines.y + _step(lines, fit, looks))
        if not coarse:
            pen = _better_pen(pen, fit)
    lines = _without_bias(ink, lines, pen)
    fit = _look(ink, lines, pen, robust=True)
    return _hand_back(strokes, drawn, lines, fit, pen)


def _without_bias(ink: CleanInk, lines: Lines, pen: Pen) -> Lines:
    """The lines without what the fit does to every line: it rounds tips, as bends are not modelled.

    The lines are drawn as a pen would draw them and refined once more. What that takes from a line whose
    course is known it has taken from the seen one as well (a parametric bootstrap of the bias).
    """
    known = ink._replace(coverage=drawn_ink(lines, pen, ink.coverage.shape))
    again = lines
    for _ in range(BIAS_ROUNDS):
        fit = _look(known, again, pen, robust=True)
        again = again._replace(y=again.y + _step(again, fit, pen))
    return lines._replace(y=lines.y + np.clip(lines.y - again.y, -BIAS_PX, BIAS_PX))


def _lines(strokes: list[Stroke]) -> Lines:
    first = np.cumsum([0, *(len(stroke.x) for stroke in strokes)])
    x, y = np.concatenate([s.x for s in strokes]), np.concatenate([s.y for s in strokes])
    return Lines(x, y, first.astype(np.int64), STEP_PX)


def _first_pen(ink: CleanInk, lines: Lines) -> Pen:
    """From the ink of level stretches: its sum down a column is the width, its spread width and blur."""
    level = np.abs(np.gradient(lines.y)) < 0.1
    x, y = np.round(lines.x[level]).astype(int), np.round(lines.y[level]).astype(int)
    reach = 5
    keep = (y >= reach) & (y < ink.coverage.shape[0] - reach) & (x < ink.coverage.shape[1])
    if not np.any(keep):
        return Pen(2.0, 0.5, 1.0)
    rows = np.arange(-reach, reach + 1)
    profile = ink.coverage[y[keep][:, None] + rows, x[keep][:, None]].astype(float)
    dark = float(np.clip(np.percentile(profile.max(axis=1), 75), 0.3, 1.0))
    total = profile.sum(axis=1)
    middle = (profile * rows).sum(axis=1) / np.maximum(total, 1e-6)
    spread = (profile * np.square(rows - middle[:, None])).sum(axis=1) / np.maximum(total, 1e-6)
    narrow, usual = np.percentile(total, [5, 50])
    width = float(np.clip((narrow if narrow < FATTENED * usual else usual) / dark, 0.7, 8.0))
    blur = float(np.sqrt(np.clip(np.percentile(spread, 30) - width * width / 12, 0.09, 4.0)))
    return Pen(width, blur, dark)


def _margin(pen: Pen) -> float:
    return 0.5 * pen.width_px + 2.5 * pen.blur_px + 0.5


def _look(ink: CleanInk, lines: Lines, pen: Pen, *, robust: bool) -> _Fit:
    margin = _margin(pen)
    pixels = pixels_near(lines, margin, ink.coverage.shape)
    places = nearest_places(lines, pixels, margin)
    landed = land(places.distance, pen)
    bare = _left_bare(pixels, landed.coverage, ink.coverage.shape)
    seen = ink.coverage[pixels.row, pixels.column]
    error = seen - pen.darkness * (1.0 - bare * (1.0 - landed.coverage))
    weight = 1.0 - ink.wild[pixels.row, pixels.column].astype(np.float64)
    weight *= np.where(ink.hidden[pixels.row, pixels.column] & (error > 0), UNEXPLAINED, 1.0)
    if robust:
        weight /= np.square(1.0 + np.square(error / OUTLIER))
    return _Fit(pixels, places, landed, bare, error, weight)


def _left_bare(pixels: Pixels, coverage: Array, shape: tuple[int, ...]) -> Array:
    """Of each pixel the share that all other strokes leave bare."""
    flat = pixels.row * shape[1] + pixels.column
    own = np.log1p(-np.minimum(coverage, 0.999))
    _, at, count = np.unique(flat, return_inverse=True, return_counts=True)
    if not np.any(count > 1):
        return np.ones_like(own)
    return np.asarray(np.exp(np.bincount(at, own)[at] - own), dtype=own.dtype)


def _step(lines: Lines, fit: _Fit, pen: Pen) -> Array:
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


def _better_pen(pen: Pen, fit: _Fit) -> Pen:
    """One damped step of width, blur and darkness on the pixels of the page, or the same pen if none helps.

    A wide sharp pen and a narrow blurred one draw nearly the same, so a full step may go far astray.
    """
    some = slice(None, None, PEN_EVERY)
    bare, distance, weight = fit.bare[some], fit.places.distance[some], fit.weight[some]
    share = 1.0 - bare * (1.0 - fit.landed.coverage[some])
    by = np.stack(
        [
            pen.darkness * bare * fit.landed.by_width[some],
            pen.darkness * bare * fit.landed.by_blur[some],
            share,
        ]
    ).astype(np.float64)
    seen = fit.error[some] + pen.darkness * share
    normal = (by * weight) @ by.T
    normal += np.diag(PEN_DAMPING * np.diag(normal) + 1.0)
    step = np.linalg.solve(normal, (by * weight) @ fit.error[some])
    best = float(np.sum(weight * np.square(fit.error[some])))
    for part in (1.0, 0.5, 0.2):
        width, blur, darkness = np.array(pen) + part * np.clip(step, -PEN_STEP, PEN_STEP)
        new = Pen(
            float(np.clip(width, 0.5, 12.0)),
            float(np.clip(blur, 0.25, 4.0)),
            float(np.clip(darkness, 0.2, DARKEST)),
        )
        model = new.darkness * (1.0 - bare * (1.0 - land(distance, new).coverage))
        if float(np.sum(weight * np.square(seen - model))) < best:
            return new
    return pen


def _hand_back(
    strokes: tuple[Stroke, ...], drawn: list[int], lines: Lines, fit: _Fit, pen: Pen
) -> tuple[Stroke, ...]:
    seen = _seen(lines, fit, pen)
    result = list(strokes)
    near = fit.places.distance < _margin(pen)
    energy = np.bincount(fit.pixels.stroke[near], np.square(fit.error[near]), len(drawn))
    pixels = np.bincount(fit.pixels.stroke[near], minlength=len(drawn))
    for place, k in enumerate(drawn):
        part = slice(lines.first[place], lines.first[place + 1])
        residual = float(np.sqrt(energy[place] / max(1, pixels[place])))
        result[k] = replace(strokes[k], y=lines.y[part], seen=seen[part], residual=residual)
    return tuple(result)


def _seen(lines: Lines, fit: _Fit, pen: Pen) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
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
