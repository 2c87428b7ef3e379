"""The lead of a rhythm strip, held against the traces of the leads above it."""

from typing import Final

import numpy as np
from scipy.ndimage import uniform_filter1d

from splkit.ecg.leads import TWELVE_LEADS
from splkit.ecg.paper.contracts import Array
from splkit.ecg.paper.layout.columns import Columns
from splkit.ecg.paper.layout.known import Fit
from splkit.ecg.paper.layout.marks import Marks
from splkit.ecg.paper.layout.rows import Rows
from splkit.ecg.paper.layout.span import corridor

SAME: Final = 0.9
"""Correlation of a strip with the same lead above it; clean pages reach 0.99."""
CLEAR: Final = 0.4
"""What it lacks of 1 is at most that share of what the next lead lacks."""
UPSIDE_DOWN: Final = 0.5
"""Correlation from which the traces tell aVR from -aVR."""
CONFUSED: Final = ("I", "II", "III")
"""Labels that a stroke more or less makes of each other."""
ANY: Final = 0.6
"""Below, the strip was not recorded at the time of the leads."""
APART: Final = 0.03
"""And so much lies between them: leads that are scaled copies of each other are alike."""
BIN_MM: Final = 0.25
SLOW_MM: Final = 15.0
"""0.6 s at 25 mm/s, about one beat."""


def strip_correlations(
    marks: Marks, rows: Rows, best: Fit, columns: Columns, follow: bool, row: int
) -> dict[str, float]:
    """How alike a strip is to each lead over the lead's own time; -1 to 1."""
    strip = _line(marks, rows, row)
    found = {}
    for c, column in enumerate(best.known.columns):
        x = np.arange(0.05 * columns.width, 0.95 * columns.width, BIN_MM * marks.mm_x)
        there = columns.lefts[0] + (c * columns.width if follow else 0.0) + x
        for r, lead in enumerate(column):
            a = np.interp(columns.lefts[c] + x, np.arange(len(strip)), _line(marks, rows, r))
            b = np.interp(there, np.arange(len(strip)), strip)
            sign = -1.0 if lead.startswith("-") else 1.0
            found[lead.removeprefix("-")] = sign * _correlation(a, b)
    return found


def strip_lead(label: str | None, weak: bool, alike: dict[str, float]) -> tuple[str | None, str]:
    """The lead of a strip by its label and its trace, and a note where the trace decided.

    I, II or III gives way to another of them that the trace clearly shows. A strip without a label is named
    by its trace alone where it is clear. A weakly read label counts where no lead is more like the trace.
    None where neither names it.
    """
    ranked = sorted(alike, key=lambda lead: -alike[lead])
    first, lacks = ranked[0], 1 - alike[ranked[0]]
    clear = lacks <= 1 - SAME and lacks < CLEAR * (1 - alike[ranked[1]])
    clear = clear and alike[first] - alike[ranked[1]] > APART and first in TWELVE_LEADS
    if weak and label != first:
        label = None
    if label in CONFUSED and all(lead in alike for lead in CONFUSED):
        return _of_confused(label, alike)
    if not clear or first == label:
        return label, ""
    if label is None:
        return first, f"the strip's lead {first} is named by its trace: correlation {alike[first]:.2f}"
    return label, ""


def _of_confused(label: str, alike: dict[str, float]) -> tuple[str | None, str]:
    """I, II or III: the one that the trace is most like, where it is like any."""
    like = max(CONFUSED, key=lambda lead: alike[lead])
    if label == "I" and alike[like] < ANY and max(alike.values()) >= SAME:
        # What is left of "V1" reads "I".
        return None, ""
    if like == label or alike[like] < ANY or alike[like] - alike[label] < APART:
        return label, ""
    return like, f"a strip whose label reads {label} shows {like}: correlation {alike[like]:.2f}"


def avr_upside_down(marks: Marks, rows: Rows, columns: Columns) -> bool | None:
    """Whether the third row of Cabrera's order shows -aVR, which is 1.5 I - aVL; None where it is unclear."""
    left = columns.lefts[0]
    x = np.arange(left, left + columns.width, BIN_MM * marks.mm_x)
    lines = [_line(marks, rows, r) for r in range(3)]
    avl, lead_i, avr = (np.interp(x, np.arange(len(y)), y) for y in lines)
    alike = _correlation(1.5 * lead_i - avl, avr)
    return None if abs(alike) < UPSIDE_DOWN else alike > 0


def _line(marks: Marks, rows: Rows, row: int) -> Array:
    """y of a row's ink for each x, roughly: the middle of what is there."""
    top, bottom = corridor(marks, rows, row)
    band = marks.coverage[top:bottom]
    ink = np.where((rows.traces[top:bottom] > 0) & (band > 0.5), band, 0.0)
    weight = ink.sum(axis=0)
    y = (ink * np.arange(top, bottom)[:, None]).sum(axis=0) / np.maximum(weight, 1e-6)
    known = weight > 0.2
    if not known.any():
        return np.full(len(weight), float(rows.levels[row]))
    return np.asarray(np.interp(np.arange(len(weight)), np.flatnonzero(known), y[known]))


def _correlation(a: Array, b: Array) -> float:
    """Of the beats: what is slower than a beat, tilt and wander, is taken away first."""
    a, b = (y - uniform_filter1d(y, round(SLOW_MM / BIN_MM), mode="nearest") for y in (a, b))
    return float((a * b).sum() / max(1e-9, np.sqrt((a * a).sum() * (b * b).sum())))
