"""Rows, columns, leads and scale of a straight sheet."""

from dataclasses import replace
from typing import Final

from splkit.ecg.paper.contracts import Box, Hints, Layout, Panel, Sheet
from splkit.ecg.paper.layout.choose import candidates, choose, require_rows
from splkit.ecg.paper.layout.column_times import column_times
from splkit.ecg.paper.layout.columns import Columns, find_columns
from splkit.ecg.paper.layout.gain import find_scale
from splkit.ecg.paper.layout.known import Fit
from splkit.ecg.paper.layout.labels import CLASSES
from splkit.ecg.paper.layout.marks import Marks, find_marks
from splkit.ecg.paper.layout.pulse import Pulse, find_pulses, pulse_feet
from splkit.ecg.paper.layout.roughline import with_beats
from splkit.ecg.paper.layout.rows import FILLED, Rows, find_rows, with_hidden
from splkit.ecg.paper.layout.span import Span, has_traces, pulses_at_ends, trace_span
from splkit.ecg.paper.layout.striplead import avr_upside_down, strip_agreements, strip_lead
from splkit.ecg.paper.layout.two import require_one_ecg
from splkit.ecg.paper.layout.words import CrowdedError, with_words
from splkit.errors import RecordingError

STRIP_END_MM: Final = 1.0
"""A strip's ink ends so near to where the columns end, if it ends with them;"""
STRIP_AGAIN_MM: Final = 4.0
"""or it is seen again so near before that end, and so near to its level."""


class NoRowsError(RecordingError):
    """No trace is seen, as where traces are too pale."""


def find_layout(sheet: Sheet, hints: Hints | None = None) -> Layout:
    """What is drawn where on the sheet.

    Args:
        sheet: the ink on straight paper.
        hints: what a person states of the page.

    Raises:
        RecordingError: the page shows no layout that is known, or contradicts itself or a hint.
        UsageError: the hints do not fit together, or not the page.
    """
    hints = hints or Hints()
    marks = find_marks(sheet)
    rows = with_beats(marks, find_rows(marks))
    try:
        return _of_rows(marks, _seen(rows), hints)
    except CrowdedError:
        raise
    except RecordingError as error:
        refusal = error
    for other in _other_rows(marks, rows, hints):
        try:
            return _of_rows(marks, other, hints)
        except RecordingError as error:
            # What is said of rows that a layout has says more than that none has so many.
            if len(rows.levels) and not candidates(len(rows.levels), hints):
                refusal = error
    raise refusal


def _seen(rows: Rows) -> Rows:
    if not len(rows.levels):
        raise NoRowsError(
            "a page shows rows of traces",
            found=f"no trace that is flat over {FILLED:.0%} of the ink's width",
            next_step="crop the picture to the ECG, or scan it darker",
        )
    return rows


def _other_rows(marks: Marks, rows: Rows, hints: Hints) -> list[Rows]:
    """Other rows that the page may have, where grid, frames, wander or hum have added or hidden some.

    By the feet of pulses; with one within the others; with a first or last one that has no beats, as a
    lead may have; with hum taken for one broad stroke.
    """
    feet = pulse_feet(find_pulses(marks, rows), marks.mm_x) if len(rows.levels) else rows.levels
    bridged = find_rows(marks, bridged=True)
    others = [replace(rows, levels=each) for each in (feet, with_hidden(rows.levels))]
    others += [find_rows(marks), with_beats(marks, bridged)]
    found: list[Rows] = []
    for each in others:
        counts = {len(rows.levels), *(len(other.levels) for other in found)}
        if len(each.levels) and len(each.levels) not in counts and candidates(len(each.levels), hints):
            found += [each] if has_traces(marks, each) else []
    return found


def _of_rows(marks: Marks, rows: Rows, hints: Hints) -> Layout:
    """The layout whose rows are known."""
    require_rows(marks, rows, hints)
    marks = with_words(marks)
    require_one_ecg(marks)
    pulses = pulses_at_ends(marks, rows, find_pulses(marks, rows))
    span = trace_span(marks, rows, pulses)
    best = choose(marks, rows, span, hints)
    span = span.of_leads(best.known.rows)
    scale = find_scale(marks, pulses, best, hints)
    columns = find_columns(marks, rows, span, best, scale.mm_per_s)
    follow, is_sure = column_times(marks, rows, best, columns)
    leads, lead_notes = _leads(marks, rows, best, columns, follow, hints)
    places = _places(marks, rows, columns, span, pulses, best)
    seconds = columns.width / marks.mm_x / scale.mm_per_s if follow else 0.0
    panels = tuple(
        Panel(
            lead.removeprefix("-"), row >= best.known.rows, left, right, level, column * seconds,
            scale.mm_per_s, scale.gain(lead),
        )
        for lead, (row, column, left, right, level) in zip(leads, places, strict=True) if lead is not None
    )  # fmt: skip
    notes = [
        *scale.notes,
        f"{len(best.read)} of {best.cells} lead labels were read",
        *columns.notes,
        *lead_notes,
    ]
    if not follow:
        notes.append("columns begin together: each shows the same beats at the same places")
    if not is_sure:
        notes.append("the strips do not confirm that columns follow each other in time")
    columns_told = hints.layout is not None or hints.leads is not None or _tells_columns(best, columns)
    if not columns_told:
        notes.append("neither labels nor separators show that there are so many columns")
    if best.by_sums:
        notes.append("assumed by the sums of the limb leads, as so few labels are read: which lead is which")
    labels_read = len(best.read) / best.cells
    return Layout(
        best.name,
        panels,
        _clutter(marks, pulses, columns),
        tuple(notes),
        labels_read,
        (*scale.assumed, *(notes[-1:] if best.by_sums else ())),
        # A pulse that nothing tells of may be what the ink begins with, where no separators say otherwise.
        columns.time_agreed
        and is_sure
        and not best.by_sums
        and columns_told
        and bool(columns.separators or not scale.assumed),
    )


def _tells_columns(best: Fit, columns: Columns) -> bool:
    """Whether each column has a label, or separators part them.

    The first six of twelve rows have the labels of six rows of two columns.
    """
    labelled = {column for row, column in best.read if row < best.known.rows}
    return len(labelled) == len(best.known.columns) or bool(columns.separators)


def _leads(
    marks: Marks, rows: Rows, best: Fit, columns: Columns, follow: bool, hints: Hints
) -> tuple[list[str | None], list[str]]:
    """The label of each panel, column by column, then the strips, None where nothing names one; and notes."""
    leads: list[str | None] = [lead for column in best.known.columns for lead in column]
    notes = [f"not believed: {each.said}" for each in best.against if "-aVR" not in each.said]
    if best.known.order == "Cabrera":
        down = avr_upside_down(marks, rows, columns)
        if down is None:
            down = not any("-aVR" in each.said for each in best.against)
        if not down:
            leads[leads.index("-aVR")] = "aVR"
            notes.append("aVR is not upside down, though it stands in Cabrera's order")
    stated = (hints.leads or ())[len(leads) :]
    for s in range(best.strips):
        row = best.known.rows + s
        alike = strip_agreements(marks, rows, best, columns, follow, row)
        lead, note = (
            (stated[s], "") if stated else strip_lead(best.lead(row, 0), (row, 0) in best.weak, alike)
        )
        if lead is None:
            note = f"left out: the strip at y = {rows.levels[row]:.0f} px, {note}"
        leads.append(lead)
        notes += [note] if note else []
    return leads, notes


def _places(
    marks: Marks, rows: Rows, columns: Columns, span: Span, pulses: tuple[Pulse, ...], best: Fit
) -> list[tuple[int, int, float, float, float]]:
    """Row, column, left, right and level of each panel, in the order of `_leads`."""
    feet = {p.row: p.foot for p in pulses}
    levels = [feet.get(r, float(y)) for r, y in enumerate(rows.levels)]
    found = [
        (r, c, left, left + columns.width, levels[r])
        for c, left in enumerate(columns.lefts)
        for r in range(best.known.rows)
    ]
    for r in range(best.known.rows, best.known.rows + best.strips):
        right = _strip_end(marks, rows, columns, r, float(span.rows_right[r]))
        found.append((r, 0, columns.lefts[0], right, levels[r]))
    return found


def _strip_end(marks: Marks, rows: Rows, columns: Columns, row: int, ink: float) -> float:
    """Where a strip ends: with the time of all columns, with the last of them, or with its own ink.

    Where a copy has lost a part of a strip, its ink goes on behind that.
    """
    usual = (columns.lefts[0] + len(columns.lefts) * columns.width, columns.lefts[-1] + columns.width)
    nearest = min(usual, key=lambda end: abs(end - ink))
    if abs(nearest - ink) < STRIP_END_MM * marks.mm_x:
        return nearest
    reach = STRIP_AGAIN_MM * marks.mm_y
    top, bottom = max(0, round(rows.levels[row] - reach)), round(rows.levels[row] + reach) + 1
    for end in usual:
        before = round(end - STRIP_AGAIN_MM * marks.mm_x)
        if before > ink and rows.flat[top:bottom, before : round(end)].any():
            return end
    return ink


def _clutter(marks: Marks, pulses: tuple[Pulse, ...], columns: Columns) -> tuple[Box, ...]:
    boxes = [w.box for w in marks.words if CLASSES[int(w.log_p.argmax())]]
    boxes += [*marks.lines, *columns.separators]
    boxes += [Box(p.left, p.top, p.right, p.foot) for p in pulses]
    return tuple(boxes)
