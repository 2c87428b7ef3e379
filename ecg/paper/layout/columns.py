"""Where one column of leads gives way to the next, and where time begins."""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from splkit.ecg.paper.contracts import Array, Box
from splkit.ecg.paper.layout.known import Fit
from splkit.ecg.paper.layout.marks import Marks
from splkit.ecg.paper.layout.rows import Rows
from splkit.ecg.paper.layout.separators import BEFORE_LABEL_MM, Separators, find_separators
from splkit.ecg.paper.layout.span import AGREED_MM, Span, corridor, soft_edge
from splkit.errors import RecordingError

LAST_S: Final = 1 / 500
"""The last sample that is drawn is one short of the time shown; ECG machines take 500 a second, or more."""
PITCH_MM: Final = 1.6
"""The labels tell the distance of columns to so much,"""
FEW_MM: Final = 2.5
"""and a few of them to so much."""
FOOT_MM: Final = 3.0
"""The foot of a pulse is as long before the trace as on its other side, to so much."""
CONFIRMED_MM: Final = 0.5
"""An end of the ink confirms a separator that is so near to it: 20 ms."""
USUAL_S: Final = 2.5
"""One column takes a multiple of it."""
SOME_ROWS, SHARP_MM = 2, 0.25
"""Rows that end together by more than chance; and so near to each other that no beat tells their ends."""
SEPARATOR_MM: Final = 0.3
"""A separator is as near to where its column begins; it is then the sharper of the two."""


@dataclass(frozen=True)
class Columns:
    """Columns of one width, in pixels."""

    lefts: tuple[float, ...]
    """x of the first sample of each."""
    width: float
    separators: tuple[Box, ...] = ()
    notes: tuple[str, ...] = ()
    time_agreed: bool = True
    """Whether an end of the ink has time begin where the separators have it. With gaps: whether columns take
    a round time, and begin where their ends have it. Without either: whether both ends of the ink have it, or
    most of the rows do."""


def round_seconds(seconds: float, slack: float) -> float | None:
    """The multiple of 0.25 s that a length is within the slack: 1.25, 2, 2.5, 5 and 10 s are usual."""
    nearest = round(4 * seconds) / 4
    return nearest if nearest > 0 and abs(seconds - nearest) <= slack else None


def find_columns(marks: Marks, rows: Rows, span: Span, fit: Fit, mm_per_s: float) -> Columns:
    """The columns, by gaps, separators, the ends of the ink and round times, in that order.

    Raises:
        RecordingError: nothing tells where time begins.
    """
    count = len(fit.known.columns)
    px_per_s = mm_per_s * marks.mm_x
    if count == 1:
        return _whole(span, px_per_s, marks.mm_x)
    gaps = _gaps(marks, rows, span, fit)
    if gaps is not None:
        return _between_gaps(gaps, span, px_per_s, marks.mm_x)
    seconds, width, found = _separated(marks, rows, fit, px_per_s)
    from_right = span.right + px_per_s * LAST_S - count * width
    agreed = AGREED_MM * marks.mm_x
    fits = abs(span.left - from_right) < agreed
    if found is not None and count == 2 and not _confirmed(found.first, from_right, span, marks.mm_x):
        # Beats of leads recorded together may pass for a single separator.
        found = None
    notes, agrees = tuple[str, ...](), True
    by_ink = _by_ink(span, from_right)
    seen = fits and (span.left_seen or (span.right_seen and span.right_shared))
    # Where both ends of the ink agree, a separator elsewhere is a beat that only looks like one.
    # It is none where a pulse's foot says the same, nearer than the end of the ink does: that may be faint.
    slack = SEPARATOR_MM * marks.mm_x
    near_foot = 0.0 if span.left_seen else min(slack, abs(from_right - span.left))
    if found is not None and (
        not seen or abs(found.first - by_ink) < slack or abs(found.first - span.left) < near_foot
    ):
        start = _by_separators(found, span, from_right) if fits else found.first
        if min(abs(from_right - start), abs(span.left - start)) > CONFIRMED_MM * marks.mm_x:
            agrees = False
            notes = ("time begins as the separators have it; the ink's ends do not confirm it",)
    elif fits and seconds is not None:
        start = by_ink
    elif seconds is None or abs(span.left - from_right) > FOOT_MM * marks.mm_x:
        raise RecordingError(
            "columns have separators or gaps, or as much ink as they have time",
            found=f"{count} columns of {width / marks.mm_x:.1f} mm by their labels, in "
            f"{(span.right - span.left) / marks.mm_x:.1f} mm of ink",
            next_step="take the whole page, from the first sample to the last, and lay it flat",
        )
    elif span.left_seen == span.right_seen:
        by_left = span.left_shared or not span.right_shared
        start, agrees = span.left if by_left else from_right, False
        which = "begins" if by_left else "ends"
        notes = (f"time is counted from where the ink {which}; its other end is elsewhere",)
    else:
        start, which = (from_right, "ends") if span.right_seen else (span.left, "begins")
        agrees = span.right_shared if span.right_seen else span.left_shared
        notes = (f"time is counted from where the ink {which}: no separators, and a pulse at the other end",)
        if not agrees:
            notes = (f"time is counted from where the ink {which}, and few rows agree on that",)
    boxes = () if found is None else found.boxes
    return Columns(tuple(start + k * width for k in range(count)), width, boxes, notes, agrees)


def is_separated(marks: Marks, rows: Rows, span: Span, fit: Fit) -> bool:
    """Whether separators part the ink into as many columns of one width as a layout has."""
    count = len(fit.known.columns)
    pitch = (span.right - span.left) / count
    if count == 1:
        return False
    found = find_separators(marks, rows, replace(fit, first_x=span.left, pitch=pitch), pitch)
    return found is not None and _confirmed(found.first, span.left, span, marks.mm_x)


def _separated(
    marks: Marks, rows: Rows, fit: Fit, px_per_s: float
) -> tuple[float | None, float, Separators | None]:
    """Seconds of a column where they are round, its width in pixels, and the separators."""
    seconds = round_seconds(fit.pitch / px_per_s, PITCH_MM * marks.mm_x / px_per_s)
    width = fit.pitch if seconds is None else seconds * px_per_s
    found = find_separators(marks, rows, fit, width)
    if found is None and seconds is None:
        # Few labels tell the distance of columns less well; separators at a round one confirm it.
        rounded = round_seconds(fit.pitch / px_per_s, FEW_MM * marks.mm_x / px_per_s)
        found = None if rounded is None else find_separators(marks, rows, fit, rounded * px_per_s)
        if found is not None and rounded is not None:
            return rounded, rounded * px_per_s, found
    return seconds, width, found


def _confirmed(first: float, from_right: float, span: Span, mm_x: float) -> bool:
    """Whether an end of the ink, as near as it is known, is where the separators have it."""
    exact = abs(span.left - from_right) < AGREED_MM * mm_x
    ends = ((span.left, span.left_seen), (from_right, span.right_seen))
    return any(abs(x - first) <= (AGREED_MM if seen or exact else FOOT_MM) * mm_x for x, seen in ends)


def _by_separators(found: Separators, span: Span, from_right: float) -> float:
    """Where time begins by separators that both ends of the ink are near to; small marks are one of three."""
    marks_alone = span.left_seen and not found.are_bars
    return float(np.median([found.first, span.left, from_right])) if marks_alone else found.first


def _by_ink(span: Span, from_right: float) -> float:
    """Where time begins by the ends of the ink: by both, as a pen that seems too wide moves them apart."""
    if span.left_seen and span.right_seen:
        return (span.left + from_right) / 2
    return span.left if span.left_seen else from_right


def _whole(span: Span, px_per_s: float, mm_x: float) -> Columns:
    """One column: as long as the ink, or the round time that is nearest."""
    span = _confirmed_by_some(span, px_per_s)
    length = (span.right - span.left) / px_per_s
    certain = span.left_seen and span.right_seen
    seconds = round_seconds(length, (AGREED_MM if certain else 2.5) * mm_x / px_per_s)
    width = span.right - span.left if seconds is None else seconds * px_per_s
    from_right = span.left if seconds is None else span.right + px_per_s * LAST_S - width
    both = seconds is not None and abs(span.left - from_right) < AGREED_MM * mm_x
    # Ends of rows within a QRS are spread, and too early; what stands behind the traces is no round time.
    near = np.abs(span.rows_right - span.right) < SHARP_MM * mm_x
    sharp = 2 * np.count_nonzero(near) > len(near)
    usual = seconds is None or seconds % USUAL_S == 0
    by_pulse = not (both or span.left_seen or (sharp and usual))
    left = span.left if by_pulse else _by_ink(span, from_right)
    shared = span.left_shared if span.left_seen else span.right_shared and not by_pulse
    agrees = both or shared
    return Columns((left,), width, (), () if agrees else ("rows begin and end at different places",), agrees)


def _confirmed_by_some(span: Span, px_per_s: float) -> Span:
    """The span to where two rows end that make it a round time, where most seem to end before.

    The end of a row within a QRS lies where its neighbours have theirs, and is not seen.
    """
    if not span.right_seen:
        return span
    seconds = (span.rows_right - span.left) / px_per_s + LAST_S
    longest = round(4 * float(seconds.max())) / 4
    slack = span.slack / px_per_s
    fits = np.abs(seconds - longest) < slack
    if abs((span.right - span.left) / px_per_s + LAST_S - longest) < slack or fits.sum() < SOME_ROWS:
        return span
    return replace(span, right=float(np.median(span.rows_right[fits])))


def _line(k: Array, x: Array, near: float) -> tuple[float, float]:
    """Slope and start of the line through most points: letters and QRS move the ends of some columns."""
    one, other = np.triu_indices(len(k), 1)
    apart = k[one] != k[other]
    slope = np.median((x[other] - x[one])[apart] / (k[other] - k[one])[apart])
    error = np.abs(x - slope * k - np.median(x - slope * k))
    kept = error <= max(near, float(np.median(error)))
    if len(set(k[kept].tolist())) < 2:
        kept[:] = True
    found = np.polyfit(k[kept], x[kept], 1)
    return float(found[0]), float(found[1])


def _gaps(marks: Marks, rows: Rows, span: Span, fit: Fit) -> list[tuple[float, float]] | None:
    """(end of the ink, its next beginning) at every boundary, by the pen's middle; None without gaps.

    A boundary where creases or handwriting fill the gap has it where the others say.
    """
    mm_x = marks.mm_x
    bands = [corridor(marks, rows, r) for r in range(fit.known.rows)]
    # Handwriting and stamps may fill the gap of one row, not of most.
    ink = np.median([rows.traces[top:bottom].max(axis=0) for top, bottom in bands], axis=0)
    soft = np.median(
        [np.where(rows.traces[t:b] > 0, marks.coverage[t:b], 0).max(axis=0) for t, b in bands], axis=0
    )
    found: dict[int, tuple[float, float]] = {}
    for k in range(1, len(fit.known.columns)):
        at = fit.first_x + k * fit.pitch
        low, high = (max(0, round(at + mm * mm_x)) for mm in BEFORE_LABEL_MM)
        empty = np.flatnonzero(ink[low:high] == 0) + low
        runs = np.split(empty, np.flatnonzero(np.diff(empty) > 1) + 1) if len(empty) else []
        longest = max(runs, key=len, default=empty)
        if len(longest) < max(2, 0.4 * mm_x) or longest[0] == low or longest[-1] == high - 1:
            continue
        end = soft_edge(soft, int(longest[0]) - 1, 1) - span.pen / 2
        found[k] = (end, soft_edge(soft, int(longest[-1]) + 1, -1) + span.pen / 2)
    return _at_all(found, len(fit.known.columns) - 1, AGREED_MM * mm_x)


def _at_all(
    found: dict[int, tuple[float, float]], count: int, slack: float
) -> list[tuple[float, float]] | None:
    """The gaps of all boundaries, where most are found and one lattice holds those."""
    if len(found) == count:
        return [found[k] for k in range(1, count + 1)]
    if len(found) < 2 or 3 * len(found) < 2 * count:
        return None
    at, edges = np.array(list(found)), np.array(list(found.values()))
    lines = np.polyfit(at, edges, 1)
    if np.abs(at[:, None] * lines[0] + lines[1] - edges).max() > slack:
        return None
    ends, begins = (lines[0][:, None] * np.arange(1, count + 1) + lines[1][:, None]).tolist()
    return [found.get(k, (ends[k - 1], begins[k - 1])) for k in range(1, count + 1)]


def _between_gaps(gaps: list[tuple[float, float]], span: Span, px_per_s: float, mm_x: float) -> Columns:
    """Columns that gaps part: time goes on behind a gap where it stopped, or the gap hides some of it."""
    begins, ends = np.array([span.left, *(g[1] for g in gaps)]), np.array([*(g[0] for g in gaps), span.right])
    k = np.arange(len(begins))
    begins_seen, ends_seen = np.ones((2, len(k)), bool)
    begins_seen[0], ends_seen[-1] = span.left_seen, span.right_seen
    whole = begins_seen & ends_seen
    width = float(np.median((ends - begins)[whole] if whole.any() else (ends - begins)))
    slack = AGREED_MM * mm_x / px_per_s
    seconds = round_seconds(width / px_per_s, slack)
    if seconds is not None:
        width, ends = seconds * px_per_s, ends + LAST_S * px_per_s
    # A column that begins or ends within a QRS is hardly seen there: both ends of all columns tell together.
    by_begins, by_ends = (k[begins_seen], begins[begins_seen]), (k[ends_seen], ends[ends_seen] - width)
    told_k, told_x = (np.concatenate(pair) for pair in zip(by_begins, by_ends, strict=True))
    pitch, start = _line(told_k, told_x, SHARP_MM * mm_x)
    apart = round_seconds(pitch / px_per_s, slack)
    if seconds is None and apart is not None:
        middles = [(g[0] + g[1]) / 2 - i * apart * px_per_s for i, g in enumerate(gaps, 1)]
        pitch = width = apart * px_per_s
        start = float(np.median(middles))
    late, early = (float(np.median(x - at * pitch - start)) for at, x in (by_begins, by_ends))
    agrees = apart is not None if seconds is None else abs(late - early) < AGREED_MM * mm_x
    return Columns(tuple(float(start + i * pitch) for i in k), width, time_agreed=agrees)
