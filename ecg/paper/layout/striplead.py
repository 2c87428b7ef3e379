"""The lead of a rhythm strip, held against the traces of the leads above it."""

from typing import Final

import numpy as np
from scipy.ndimage import uniform_filter1d

from splkit.ecg.paper.contracts import Array
from splkit.ecg.paper.layout.columns import Columns
from splkit.ecg.paper.layout.known import Fit
from splkit.ecg.paper.layout.marks import Marks
from splkit.ecg.paper.layout.roughline import BIN_MM, SLOW_MM, Agreement, agreement, rough_line
from splkit.ecg.paper.layout.rows import Rows

SHOWN: Final = 0.85
"""Share of its beats over which a strip agrees with the lead that it shows; clean pages reach 1,"""
CLEAR: Final = 0.1
"""and by so much more than with any other lead."""
ENOUGH_MM: Final = 3.75
"""Length of beats that must be compared: two narrow ones."""
LONGEST: Final = 0.2
"""Share of what other leads compare, below which a lead is too flat to be told from another."""
DOUBTED: Final = 0.5
"""A label is doubted where the strip agrees with its lead over less."""
UPSIDE_DOWN: Final = 0.5
"""Correlation from which the traces tell aVR from -aVR."""
LEFT_OF: Final = {"I": ("II", "III", "V1"), "II": ("III",), "III": ()}
"""Labels of strokes, and those of which they may be what is left where a trace runs through them."""


def strip_agreements(
    marks: Marks, rows: Rows, best: Fit, columns: Columns, follow: bool, row: int
) -> dict[str, Agreement]:
    """How far a strip agrees with each lead over the lead's own time."""
    strip = rough_line(marks, rows, row)
    lines = [rough_line(marks, rows, r) for r in range(best.known.rows)]
    found = {}
    for c, column in enumerate(best.known.columns):
        x = np.arange(0.05 * columns.width, 0.95 * columns.width, BIN_MM * marks.mm_x)
        there = columns.lefts[0] + (c * columns.width if follow else 0.0) + x
        for line, lead in zip(lines, column, strict=True):
            sign = -1.0 if lead.startswith("-") else 1.0
            own = sign * _at(line, columns.lefts[c] + x)
            found[lead.removeprefix("-")] = agreement(own, _at(strip, there), marks.mm_y)
    return found


def strip_lead(label: str | None, weak: bool, alike: dict[str, Agreement]) -> tuple[str | None, str]:
    """The lead of a strip by its label and its trace; a note where the trace decided, or why there is none.

    A label that may be what is left of that of the lead that the trace clearly shows gives way to it, and so
    does one that was read weakly; a strip without a label is named by that lead. A label of strokes stands
    against any other lead where the strip agrees with its own: handwriting over II makes a strip of II look
    more like I. None where neither names the strip.
    """
    shown = _shown(alike)
    if label is not None and shown == label:
        return label, ""
    if label is not None and not weak and shown not in LEFT_OF.get(label, ()):
        if _is_doubted(label, shown, alike):
            return None, f"its label reads {label}, and its trace is unlike {label}"
        return label, ""
    if shown is not None:
        was = (
            f"a strip whose label reads {label} shows" if label else "the strip's lead is named by its trace:"
        )
        return shown, f"{was} {shown}: they agree over {alike[shown].share:.0%} of its beats"
    return None, "no label read and no lead like it"


def _is_doubted(label: str, shown: str | None, alike: dict[str, Agreement]) -> bool:
    """Whether the trace denies a label of strokes; "I" is never believed against it."""
    own = alike.get(label)
    if own is None or label not in LEFT_OF or (shown is None and label != "I"):
        return False
    return own.share < DOUBTED and own.length_mm >= ENOUGH_MM


def _shown(alike: dict[str, Agreement]) -> str | None:
    """The lead that a strip's trace clearly shows."""
    ranked = sorted(alike, key=lambda lead: -alike[lead].share)
    first = alike[ranked[0]]
    longest = max(each.length_mm for each in alike.values())
    if first.share < SHOWN or first.length_mm < max(ENOUGH_MM, LONGEST * longest):
        return None
    return ranked[0] if first.share - alike[ranked[1]].share >= CLEAR else None


def avr_upside_down(marks: Marks, rows: Rows, columns: Columns) -> bool | None:
    """Whether the third row of Cabrera's order shows -aVR, which is 1.5 I - aVL; None where it is unclear."""
    left = columns.lefts[0]
    x = np.arange(left, left + columns.width, BIN_MM * marks.mm_x)
    avl, lead_i, avr = (_at(_whole(rough_line(marks, rows, r)), x) for r in range(3))
    alike = _correlation(1.5 * lead_i - avl, avr)
    return None if abs(alike) < UPSIDE_DOWN else alike > 0


def _at(line: Array, x: Array) -> Array:
    """The line at these x; nan outside the sheet."""
    nearest = np.round(x).astype(int)
    inside = (nearest >= 0) & (nearest < len(line))
    return np.asarray(np.where(inside, line[np.clip(nearest, 0, len(line) - 1)], np.nan))


def _whole(line: Array) -> Array:
    """The line with its gaps bridged."""
    known = np.flatnonzero(np.isfinite(line))
    if not len(known):
        return np.zeros(len(line))
    return np.asarray(np.interp(np.arange(len(line)), known, line[known]))


def _correlation(a: Array, b: Array) -> float:
    """Of the beats: what is slower than a beat, tilt and wander, is taken away first."""
    a, b = (y - uniform_filter1d(y, round(SLOW_MM / BIN_MM), mode="nearest") for y in (a, b))
    return float((a * b).sum() / max(1e-9, np.sqrt((a * a).sum() * (b * b).sum())))
