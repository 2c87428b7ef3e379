"""Rows, columns, leads and scale of a straight sheet."""

from typing import Final

import numpy as np

from splkit.ecg.paper.columns import Columns, find_columns, row_extents
from splkit.ecg.paper.contracts import Box, Hints, Layout, Panel, Sheet
from splkit.ecg.paper.known import KNOWN, STRIPS, Fit, Place, fit, places
from splkit.ecg.paper.labels import CLASSES
from splkit.ecg.paper.marks import Marks, find_marks
from splkit.ecg.paper.pulse import Pulse, find_pulses
from splkit.ecg.paper.rows import Rows, find_rows
from splkit.errors import RecordingError

NEEDED: Final = 4
"""So many labels must be read in their places before the others are named by the layout: four of twelve
do not fit another known order by accident."""
COLUMN_MM: Final = 62.5
"""2.5 s at 25 mm/s, the most usual width of a column."""
LEAD_MARGIN: Final = 1.5
"""By so much must a layout beat one that names leads otherwise."""


def find_layout(sheet: Sheet, hints: Hints | None = None) -> Layout:
    """What is drawn where on the sheet.

    Args:
        sheet: the ink on straight paper.
        hints: what a person states of the page.

    Raises:
        RecordingError: the page shows no layout that is known, or contradicts itself or a hint.
    """
    hints = hints or Hints()
    marks = find_marks(sheet)
    rows = find_rows(marks)
    if not len(rows.levels):
        raise RecordingError(
            "a page shows rows of traces",
            found="no trace that spans half of the ink's width",
            next_step="crop the picture to the ECG, or scan it darker",
        )
    pulses = find_pulses(marks, rows)
    extents = row_extents(marks, rows)
    words = places(marks.words)
    width = float(np.median([e.right for e in extents]) - np.median([e.left for e in extents]))
    right = float(np.median([e.right for e in extents]))
    best = _choose(words, rows, width, right, marks, hints)
    mm_per_s, mm_per_mv, notes = _scale(marks, pulses, hints)
    columns = _columns(marks, rows, best, pulses, mm_per_s, width)
    panels = _panels(marks, rows, best, columns, pulses, words, mm_per_s, mm_per_mv)
    notes.append(f"{len(best.read)} of {best.known.rows * len(best.known.columns)} lead labels were read")
    return Layout(
        best.known.name(best.strips), panels, _clutter(marks, pulses, columns), (*notes, *columns.notes)
    )


def _choose(words: list[Place], rows: Rows, width: float, right: float, marks: Marks, hints: Hints) -> Fit:
    """The known layout that the labels fit best."""
    n = len(rows.levels)
    fits = []
    for known in KNOWN:
        strips = n - known.rows
        if 0 <= strips <= STRIPS and (hints.layout is None or hints.layout.split("+")[0] == known.base):
            mm = (marks.mm_x, marks.mm_y)
            pitches = {width / len(known.columns), COLUMN_MM * marks.mm_x}
            fits.append(
                max((fit(known, strips, words, rows.levels, p, mm) for p in pitches), key=lambda f: f.score)
            )
    if not fits:
        raise RecordingError(
            "a page has rows as a known layout has them",
            found=f"{n} rows at y = {', '.join(f'{y:.0f}' for y in rows.levels)} px",
            next_step="state --layout and --leads, or crop the picture to one ECG",
        )
    # The last column ends where the ink does.
    ends = [f for f in fits if abs(f.first_x + len(f.known.columns) * f.pitch - right) < 0.35 * f.pitch]
    fits = sorted(ends or fits, key=lambda f: -f.score)
    best = fits[0]
    name = best.known.name(best.strips)
    if len(best.read) < NEEDED:
        raise RecordingError(
            f"leads are named by at least {NEEDED} labels in their places",
            found=f"{len(best.read)} that fit {name} in {n} rows",
            next_step="state --layout and --leads",
        )
    if len(fits) > 1 and best.score - fits[1].score < LEAD_MARGIN:
        raise RecordingError(
            "labels tell one layout from the others",
            found=f"{name} and {fits[1].known.name(fits[1].strips)} fit the {len(best.read)} labels read",
            next_step="state --layout",
        )
    return best


def _scale(marks: Marks, pulses: tuple[Pulse, ...], hints: Hints) -> tuple[float, float, list[str]]:
    notes = []
    mm_per_s, mm_per_mv = hints.mm_per_s, hints.mm_per_mv
    if pulses:
        height = float(np.median([p.foot - p.top for p in pulses])) / marks.mm_y
        wide = float(np.median([p.right - p.left for p in pulses])) / marks.mm_x
        gain = min((5.0, 10.0, 20.0), key=lambda g: abs(np.log(height / g)))
        if abs(height / gain - 1) > 0.08:
            raise RecordingError(
                "the calibration pulse of 1 mV is 5, 10 or 20 mm high",
                found=f"{height:.1f} mm",
                next_step="check the grid's pitch with --px-per-mm, or state --gain",
            )
        if mm_per_mv is not None and mm_per_mv != gain:
            raise RecordingError(
                "the gain stated is that of the calibration pulse",
                found=f"--gain {mm_per_mv:g}, which contradicts the pulse of {height / mm_per_mv:.2g} mV",
                next_step=f"leave --gain out, or state --gain {gain:g}",
            )
        mm_per_mv = gain
        notes.append(f"gain {gain:g} mm/mV from {len(pulses)} pulses of {height:.1f} mm")
        if mm_per_s is None and abs(wide - 10) < 1:
            mm_per_s = 50.0
            notes.append(f"speed 50 mm/s from pulses {wide:.1f} mm wide")
        elif mm_per_s is None and abs(wide - 5) < 0.6:
            mm_per_s = 25.0
            notes.append(f"speed 25 mm/s from pulses {wide:.1f} mm wide")
    if mm_per_mv is None:
        mm_per_mv = 10.0
        notes.append("gain 10 mm/mV assumed: no pulse was found")
    if mm_per_s is None:
        mm_per_s = 25.0
        notes.append("speed 25 mm/s assumed: no pulse tells it")
    return mm_per_s, mm_per_mv, notes


def _columns(
    marks: Marks, rows: Rows, best: Fit, pulses: tuple[Pulse, ...], mm_per_s: float, width: float
) -> Columns:
    pitch = best.pitch if len(best.known.columns) > 1 else width
    seconds = pitch / marks.mm_x / mm_per_s
    whole = round(seconds * 2) / 2
    if whole > 0 and abs(seconds / whole - 1) < 0.025:
        pitch = whole * mm_per_s * marks.mm_x
    return find_columns(marks, rows, row_extents(marks, rows), pulses, best, pitch)


def _panels(
    marks: Marks,
    rows: Rows,
    best: Fit,
    columns: Columns,
    pulses: tuple[Pulse, ...],
    words: list[Place],
    mm_per_s: float,
    mm_per_mv: float,
) -> tuple[Panel, ...]:
    feet = {p.row: p.foot for p in pulses}
    seconds = columns.pitch / marks.mm_x / mm_per_s
    panels = []
    for c, column in enumerate(best.known.columns):
        left = columns.left + c * columns.pitch
        for r, lead in enumerate(column):
            level = feet.get(r, float(rows.levels[r]))
            # A label "-aVR" says that the lead is drawn upside down.
            gain = -mm_per_mv if lead.startswith("-") else mm_per_mv
            name = lead.removeprefix("-")
            panels.append(Panel(name, False, left, left + columns.pitch, level, c * seconds, mm_per_s, gain))
    right = columns.left + len(best.known.columns) * columns.pitch
    for s in range(best.strips):
        r = best.known.rows + s
        lead = _strip_lead(words, best, float(rows.levels[r]), marks)
        level = feet.get(r, float(rows.levels[r]))
        panels.append(Panel(lead, True, columns.left, right, level, 0.0, mm_per_s, mm_per_mv))
    return tuple(panels)


def _strip_lead(words: list[Place], best: Fit, level: float, marks: Marks) -> str:
    near = [
        w
        for w in words
        if abs(w.x - best.first_x) < 4 * marks.mm_x and abs(w.y - level - best.drop) < 4 * marks.mm_y
    ]
    if not near:
        raise RecordingError(
            "a rhythm strip is named by its label",
            found=f"no label read at the strip at y = {level:.0f} px",
            next_step="state --leads",
        )
    return max(near, key=lambda w: w.word.log_p.max()).lead


def _clutter(marks: Marks, pulses: tuple[Pulse, ...], columns: Columns) -> tuple[Box, ...]:
    boxes = [w.box for w in marks.words if CLASSES[int(w.log_p.argmax())]]
    boxes += [*marks.lines, *columns.separators]
    boxes += [Box(p.left, p.top, p.right, p.foot) for p in pulses]
    return tuple(boxes)
