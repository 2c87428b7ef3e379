"""The pen of a page: where its fit begins, how a round betters it, and which of two draws the page."""

import numpy as np

from splkit.ecg.paper.trace.canvas import Lines, pixels_near
from splkit.ecg.paper.trace.clutter import CleanInk
from splkit.ecg.paper.trace.look import OUTLIER, Look
from splkit.ecg.paper.trace.pen import Pen, land
from splkit.ecg.paper.trace.redraw import drawn_ink

PEN_EVERY = 4
"""One pixel of so many tells enough of the pen."""
PEN_DAMPING = 0.1
PEN_STEP = 0.3
"""Longest step in px, and in darkness."""
DARKEST = 1.05
WIDEST = 1.1
"""Of the ink that upright strokes have across."""
TRIAL_REACH_PX = 6.0
"""Ink so near to a line is its own, or a pen's that is too wide."""


def first_pens(ink: CleanInk, lines: Lines, upright: float) -> list[Pen]:
    """Where the fit may begin: a pen as wide as most columns have ink, and one as narrow as the thinnest.

    Both are from the ink of level stretches: its sum down a column is the width, its spread width and blur.
    Noise that is faster than a pixel fattens most columns. Hum fattens all of them: then upright strokes,
    which are clearly thinner, tell instead of most columns.
    """
    level = np.abs(np.gradient(lines.y)) < 0.1
    x, y = np.round(lines.x[level]).astype(int), np.round(lines.y[level]).astype(int)
    reach = 5
    keep = (y >= reach) & (y < ink.coverage.shape[0] - reach) & (x < ink.coverage.shape[1])
    if not np.any(keep):
        return [Pen(2.0, 0.5, 1.0)]
    rows = np.arange(-reach, reach + 1)
    profile = ink.coverage[y[keep][:, None] + rows, x[keep][:, None]].astype(float)
    dark = float(np.clip(np.percentile(profile.max(axis=1), 75), 0.3, 1.0))
    total = profile.sum(axis=1)
    middle = (profile * rows).sum(axis=1) / np.maximum(total, 1e-6)
    spread = (profile * np.square(rows - middle[:, None])).sum(axis=1) / np.maximum(total, 1e-6)
    narrow, usual = np.percentile(total, [5, 50])
    pens = []
    for ink_of in (min(usual, upright), narrow):
        width = float(np.clip(ink_of / dark, 0.7, 8.0))
        blur = float(np.sqrt(np.clip(np.percentile(spread, 30) - width * width / 12, 0.09, 4.0)))
        pens.append(Pen(width, blur, dark))
    return pens


def better_pen(pen: Pen, fit: Look, upright: float) -> Pen:
    """One damped step of width, blur and darkness on the pixels of the page, or the same pen if none helps.

    It leaves no more ink than `upright`, in pixels, beyond a little: level ink may hold hum.

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
            float(np.clip(width, 0.5, min(12.0, WIDEST * upright / pen.darkness))),
            float(np.clip(blur, 0.25, 4.0)),
            float(np.clip(darkness, 0.2, DARKEST)),
        )
        model = new.darkness * (1.0 - bare * (1.0 - land(distance, new).coverage))
        if float(np.sum(weight * np.square(seen - model))) < best:
            return new
    return pen


def unexplained(ink: CleanInk, lines: Lines, pen: Pen) -> float:
    """Ink near the lines that the pen does not draw there, and what it draws where none is."""
    drawn = drawn_ink(lines, pen, ink.coverage.shape)
    near = pixels_near(lines, TRIAL_REACH_PX, ink.coverage.shape)
    at = np.unique(near.row * ink.coverage.shape[1] + near.column)
    at = at[~ink.wild.ravel()[at]]
    error = ink.coverage.ravel()[at] - drawn.ravel()[at]
    return float(np.sum(np.log1p(np.square(error / OUTLIER))))
