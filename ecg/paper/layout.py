"""Rows, columns, leads and scale of a straight sheet."""

from typing import Final, NamedTuple

import numpy as np

from splkit.ecg.paper.columns import Columns, find_columns
from splkit.ecg.paper.contracts import Box, Hints, Layout, Panel, Sheet
from splkit.ecg.paper.known import KNOWN, STRIPS, Fit, Place, fit, places
from splkit.ecg.paper.labels import CLASSES
from splkit.ecg.paper.marks import Marks, find_marks
from splkit.ecg.paper.pulse import Pulse, find_pulses
from splkit.ecg.paper.rows import Rows, find_rows
from splkit.ecg.paper.size import enlarged, shrunk
from splkit.ecg.paper.span import Span, trace_span
from splkit.errors import RecordingError

NEEDED: Final = 4
"""So many labels must be read in their places before the others are named by the layout: four of twelve
do not fit another known order by accident."""
PULSE_S: Final = 0.2
"""The calibration pulse lasts so long, where its width is to tell the speed."""
TOLERATED: Final = 1
"""One label may be misread; two that stand in each other's place are leads exchanged."""
STRIP_END_MM: Final = 1.0
COLUMN_MM: Final = 62.5
"""2.5 s at 25 mm/s, the most usual width of a column."""
LEAD_MARGIN: Final = 1.5
"""By so much must a layout beat one that names leads otherwise."""


class Gains(NamedTuple):
    """mm/mV of limb and of chest leads."""

    limb: float
    chest: float

    def of(self, label: str) -> float:
        """Of a lead as it is labelled: "-aVR" says that it is drawn upside down."""
        gain = self.chest if label.startswith("V") else self.limb
        return -gain if label.startswith("-") else gain


def find_layout(sheet: Sheet, hints: Hints | None = None) -> Layout:
    """What is drawn where on the sheet.

    Args:
        sheet: the ink on straight paper.
        hints: what a person states of the page.

    Raises:
        RecordingError: the page shows no layout that is known, or contradicts itself or a hint.
    """
    small, shrink = shrunk(sheet)
    return enlarged(_find(small, hints or Hints()), shrink)


def _find(sheet: Sheet, hints: Hints) -> Layout:
    marks = find_marks(sheet)
    rows = find_rows(marks)
    if not len(rows.levels):
        raise RecordingError(
            "a page shows rows of traces",
            found="no trace that spans half of the ink's width",
            next_step="crop the picture to the ECG, or scan it darker",
        )
    pulses = find_pulses(marks, rows)
    span = trace_span(marks, rows, pulses)
    best = _choose(places(marks.words), rows, span, marks, hints)
    mm_per_s, gains, notes = _scale(marks, pulses, best, hints)
    columns = find_columns(marks, rows, span, best, mm_per_s)
    panels = _panels(marks, rows, best, columns, span, pulses, mm_per_s, gains)
    notes.append(f"{len(best.read)} of {best.cells} lead labels were read")
    return Layout(best.name, panels, _clutter(marks, pulses, columns), (*notes, *columns.notes))


def _choose(words: list[Place], rows: Rows, span: Span, marks: Marks, hints: Hints) -> Fit:
    """The known layout that the labels fit best."""
    n = len(rows.levels)
    mm = (marks.mm_x, marks.mm_y)
    fits = []
    for known in KNOWN:
        strips = n - known.rows
        if 0 <= strips <= STRIPS and (hints.layout is None or hints.layout.split("+")[0] == known.base):
            pitches = {(span.right - span.left) / len(known.columns), COLUMN_MM * marks.mm_x}
            tried = [fit(known, strips, words, rows.levels, pitch, mm) for pitch in pitches]
            fits.append(max(tried, key=lambda f: f.score))
    if not fits:
        raise RecordingError(
            "a page has rows as a known layout has them",
            found=f"{n} rows at y = {', '.join(f'{y:.0f}' for y in rows.levels)} px",
            next_step="state --layout and --leads, or crop the picture to one ECG",
        )
    # The last column ends where the ink does.
    ends = [
        f
        for f in fits
        if len(f.known.columns) == 1
        or abs(f.first_x + len(f.known.columns) * f.pitch - span.right) < 0.35 * f.pitch
    ]
    fits = sorted(ends or fits, key=lambda f: -f.score)
    best = fits[0]
    if len(best.read) < NEEDED:
        raise RecordingError(
            f"leads are named by at least {NEEDED} labels in their places",
            found=f"{len(best.read)} that fit {best.name} in {n} rows",
            next_step="state --layout and --leads",
        )
    if len(best.against) > TOLERATED:
        raise RecordingError(
            "labels stand as a known layout has them",
            found=f"{', '.join(best.against)} in {best.name}",
            next_step="state --leads, row by row",
        )
    if len(fits) > 1 and best.score - fits[1].score < LEAD_MARGIN:
        raise RecordingError(
            "labels tell one layout from the others",
            found=f"{best.name} and {fits[1].name} fit the {len(best.read)} labels read",
            next_step="state --layout",
        )
    return best


def _scale(
    marks: Marks, pulses: tuple[Pulse, ...], best: Fit, hints: Hints
) -> tuple[float, Gains, list[str]]:
    """Speed in mm/s, gains of limb and chest leads in mm/mV, and how they are known."""
    notes: list[str] = []
    by_kind: dict[bool, list[float]] = {False: [], True: []}
    for p in pulses:
        column = 0 if p.right < best.first_x + 0.3 * best.pitch else len(best.known.columns) - 1
        lead = best.lead(p.row, column if p.row < best.known.rows else 0)
        if lead is not None:
            by_kind[lead.startswith("V")].append((p.foot - p.top) / marks.mm_y)
    gains = {kind: _gain(heights, hints) for kind, heights in by_kind.items() if heights}
    for kind, gain in gains.items():
        which = "chest" if kind else "limb"
        height = float(np.median(by_kind[kind]))
        notes.append(
            f"gain of {which} leads {gain:g} mm/mV from {len(by_kind[kind])} pulses of {height:.1f} mm"
        )
    if len(gains) == 1:
        ((kind, gain),) = gains.items()
        gains[not kind] = gain
        notes.append(f"gain of {'limb' if kind else 'chest'} leads assumed to be the same")
    elif not gains:
        gain = hints.mm_per_mv or 10.0
        gains = {False: gain, True: gain}
        notes.append(f"gain {gain:g} mm/mV {'stated' if hints.mm_per_mv else 'assumed: no pulse was found'}")
    mm_per_s = hints.mm_per_s
    if mm_per_s is None and pulses:
        wide = float(np.median([p.right - p.left for p in pulses])) / marks.mm_x
        mm_per_s = next((s for s in (25.0, 50.0) if abs(wide / (PULSE_S * s) - 1) < 0.12), None)
        if mm_per_s is not None:
            notes.append(f"speed {mm_per_s:g} mm/s from pulses {wide:.1f} mm wide")
    if mm_per_s is None:
        mm_per_s = 25.0
        notes.append("speed 25 mm/s assumed: no pulse tells it")
    return mm_per_s, Gains(gains[False], gains[True]), notes


def _gain(heights_mm: list[float], hints: Hints) -> float:
    height = float(np.median(heights_mm))
    gain = min((5.0, 10.0, 20.0), key=lambda g: abs(np.log(height / g)))
    if abs(height / gain - 1) > 0.08:
        raise RecordingError(
            "the calibration pulse of 1 mV is 5, 10 or 20 mm high",
            found=f"{height:.1f} mm",
            next_step="check the grid's pitch with --px-per-mm, or state --gain",
        )
    if hints.mm_per_mv is not None and abs(hints.mm_per_mv / gain - 1) > 0.08:
        seen_mv = height / hints.mm_per_mv
        raise RecordingError(
            "the gain stated is that of the calibration pulse",
            found=f"gain {hints.mm_per_mv:g} mm/mV contradicts the pulse of {seen_mv:.2g} mV",
            next_step=f"leave --gain out, or state --gain {gain:g}",
        )
    return gain


def _panels(
    marks: Marks,
    rows: Rows,
    best: Fit,
    columns: Columns,
    span: Span,
    pulses: tuple[Pulse, ...],
    mm_per_s: float,
    gains: Gains,
) -> tuple[Panel, ...]:
    feet = {p.row: p.foot for p in pulses}
    seconds = columns.width / marks.mm_x / mm_per_s
    panels = []
    for c, column in enumerate(best.known.columns):
        left = columns.lefts[c]
        for r, label in enumerate(column):
            level = feet.get(r, float(rows.levels[r]))
            right = left + columns.width
            panels.append(
                Panel(
                    label.removeprefix("-"), False, left, right, level, c * seconds, mm_per_s, gains.of(label)
                )
            )
    for r in range(best.known.rows, best.known.rows + best.strips):
        level = feet.get(r, float(rows.levels[r]))
        strip = best.lead(r, 0)
        if strip is None:
            raise RecordingError(
                "a rhythm strip is named by its label",
                found=f"no label read at the strip at y = {level:.0f} px",
                next_step="state --leads",
            )
        right = _strip_end(columns, float(span.rows_right[r]), marks.mm_x)
        panels.append(
            Panel(
                strip.removeprefix("-"), True, columns.lefts[0], right, level, 0.0, mm_per_s, gains.of(strip)
            )
        )
    return tuple(panels)


def _strip_end(columns: Columns, ink: float, mm_x: float) -> float:
    """Where a strip ends: with the time of all columns, with the last of them, or with its own ink."""
    usual = (columns.lefts[0] + len(columns.lefts) * columns.width, columns.lefts[-1] + columns.width)
    nearest = min(usual, key=lambda end: abs(end - ink))
    return nearest if abs(nearest - ink) < STRIP_END_MM * mm_x else ink


def _clutter(marks: Marks, pulses: tuple[Pulse, ...], columns: Columns) -> tuple[Box, ...]:
    boxes = [w.box for w in marks.words if CLASSES[int(w.log_p.argmax())]]
    boxes += [*marks.lines, *columns.separators]
    boxes += [Box(p.left, p.top, p.right, p.foot) for p in pulses]
    return tuple(boxes)
