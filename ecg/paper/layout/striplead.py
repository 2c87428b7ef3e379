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
MAY_BE: Final = {"I": ("II", "III", "V1"), "II": ("III",), "III": ("II",)}
"""Labels of strokes, and those that they may be: a trace hides a stroke, a line of the grid adds one."""
NOT_OWN: Final = 0.3
"""By so much more must a strip agree with such a lead than with its label's, where a third is as like,"""
NARROW_MM: Final = 1.5
"""over beats of that length."""
WEAK: Final = 0.7
"""Share from which a weakly read label is believed that the trace is nearly as much for as for any lead, or,
where it is of strokes, more than for any other."""


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

    A label of strokes gives way to one that it may be, where the trace is clearly that lead's and not its
    own: handwriting over II makes a strip of II look more like I. One that was read weakly gives way to any
    lead that the trace clearly shows, and a strip without a label is named by that lead. None where neither
    names the strip.
    """
    shown = _shown(alike)
    if label is not None and shown == label:
        return label, ""
    meant = None if label is None or weak else _meant(label, alike)
    if meant is not None:
        return meant, _note(label, meant, alike)
    if label is not None and not weak:
        if _is_doubted(label, shown, alike):
            return None, f"its label reads {label}, and its trace is unlike {label}"
        return label, ""
    if shown is not None:
        return shown, _note(label, shown, alike)
    if label is not None and label in alike:
        most = max(each.share for lead, each in alike.items() if lead != label)
        clear = CLEAR if label in MAY_BE else -CLEAR
        if alike[label].share >= max(WEAK, most + clear) and alike[label].length_mm >= ENOUGH_MM:
            return label, ""
    return None, "no label read and no lead like it"


def _note(label: str | None, lead: str, alike: dict[str, Agreement]) -> str:
    was = f"a strip whose label reads {label} shows" if label else "the strip's lead is named by its trace:"
    return f"{was} {lead}: they agree over {alike[lead].share:.0%} of its beats"


def _meant(label: str, alike: dict[str, Agreement]) -> str | None:
    """The other lead that a label of strokes may be, where the trace clearly shows it; else None.

    Leads whose labels have letters are not asked: aVF often is like II.
    """
    shown = _shown(alike)
    others = [lead for lead in MAY_BE.get(label, ()) if lead in alike]
    if shown in others:
        return shown
    if label not in alike or not others:
        return None
    best = max(others, key=lambda lead: alike[lead].share)
    rivals = [alike[label].share + NOT_OWN, *(alike[lead].share + CLEAR for lead in others if lead != best)]
    share, length_mm = alike[best]
    return best if share >= max(SHOWN, *rivals) and length_mm >= NARROW_MM else None


def _is_doubted(label: str, shown: str | None, alike: dict[str, Agreement]) -> bool:
    """Whether the trace denies a label of strokes; "I" is never believed against it."""
    own = alike.get(label)
    if own is None or label not in MAY_BE or (shown is None and label != "I"):
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
