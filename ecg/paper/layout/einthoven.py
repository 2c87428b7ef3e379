"""Standard or Cabrera's order of the limb leads, where labels do not tell: the traces do.

In standard order aVR + aVL + aVF = 0, so the middle one is minus the sum of the others. In Cabrera's order
II, aVF and III stand there, and aVF = (II + III) / 2 (Einthoven 1912, Goldberger 1942). Of the three before,
II = I + III, and I = (aVL - aVR) 2 / 3.
"""

from typing import Final

import numpy as np

from splkit.ecg.paper.layout.known import Fit
from splkit.ecg.paper.layout.marks import Marks
from splkit.ecg.paper.layout.roughline import BIN_MM, Agreement, agreement, rough_line
from splkit.ecg.paper.layout.rows import Rows

FACTORS: Final = {"": (1.0, -1.0), "Cabrera": (2 / 3, 1 / 2)}
"""By order, of both groups of three: the middle lead over the sum of the others."""
ADD_UP: Final = 0.7
"""Share of the beats over which leads add up that no label names."""
SHOWN: Final = 0.6
"""Share of the beats that agree with one of the orders,"""
SUPPORTED: Final = 0.4
"""with the order that the labels are for, too,"""
CLEAR: Final = 0.3
"""and by so much more than with the other: the sum of two lines has the faults of both."""
ENOUGH_MM: Final = 3.5


def order_shown(marks: Marks, rows: Rows, fit: Fit) -> str | None:
    """The `Known.order` that the traces show: "", "Cabrera", or None where they do not tell.

    Args:
        marks: of the sheet.
        rows: of the sheet.
        fit: the layout that the labels are rather for.
    """
    if len(fit.known.columns) * fit.known.rows < 6:
        return None
    standard, cabrera = (_agreement(marks, rows, fit, 1, FACTORS[order][1]) for order in ("", "Cabrera"))
    if max(standard.length_mm, cabrera.length_mm) < ENOUGH_MM:
        return None
    shown, share = max(("", standard.share), ("Cabrera", cabrera.share), key=lambda each: each[1])
    enough = SUPPORTED if shown == fit.known.order and fit.score > 0 else SHOWN
    return shown if abs(standard.share - cabrera.share) >= CLEAR and share >= enough else None


def named_by_sums(marks: Marks, rows: Rows, fit: Fit) -> bool:
    """Whether the limb leads add up as the layout has them, in both groups of three, and no other order.

    For a page whose labels cannot be read: of the chest leads it tells nothing but their place.
    """
    if fit.known.columns[0][0] not in ("I", "aVL") or len(fit.known.columns) * fit.known.rows < 6:
        return False
    other = "" if fit.known.order else "Cabrera"
    own, others = (
        [_agreement(marks, rows, fit, group, FACTORS[order][group]) for group in (0, 1)]
        for order in (fit.known.order, other)
    )
    share, length_mm = _pooled(own)
    return length_mm >= 2 * ENOUGH_MM and share >= ADD_UP and share - _pooled(others)[0] >= CLEAR


def _pooled(groups: list[Agreement]) -> Agreement:
    """Of several lines together."""
    length_mm = sum(each.length_mm for each in groups)
    return Agreement(sum(each.share * each.length_mm for each in groups) / max(length_mm, 1e-9), length_mm)


def _agreement(marks: Marks, rows: Rows, fit: Fit, group: int, factor: float) -> Agreement:
    """How far the middle one of three limb leads is the sum of the others, times a factor."""
    column, first = divmod(3 * group, fit.known.rows)
    left = fit.first_x + column * fit.pitch
    x = np.round(np.arange(left + 0.06 * fit.pitch, left + 0.9 * fit.pitch, BIN_MM * marks.mm_x)).astype(int)
    x = np.clip(x, 0, marks.mask.shape[1] - 1)
    lines = [rough_line(marks, rows, r)[x] - rows.levels[r] for r in range(first, first + 3)]
    return agreement(lines[1], factor * (lines[0] + lines[2]), marks.mm_y)
