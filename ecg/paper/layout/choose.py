"""Which layout a page has: by its labels, or by what a person states; contradictions are refused."""

import re
from dataclasses import replace
from typing import Final

import numpy as np

from splkit.ecg.paper.contracts import Array, Hints
from splkit.ecg.paper.layout.columns import is_separated
from splkit.ecg.paper.layout.einthoven import named_by_sums, order_shown
from splkit.ecg.paper.layout.known import (
    CERTAIN,
    CHEST,
    KNOWN,
    STRIPS,
    Fit,
    Known,
    Place,
    at_lattice,
    fit,
    places,
)
from splkit.ecg.paper.layout.labels import CLASSES
from splkit.ecg.paper.layout.look import look
from splkit.ecg.paper.layout.marks import Marks
from splkit.ecg.paper.layout.reread import reread
from splkit.ecg.paper.layout.rows import Rows
from splkit.ecg.paper.layout.separators import find_separators
from splkit.ecg.paper.layout.span import Span
from splkit.ecg.paper.layout.two import require_one_ecg
from splkit.ecg.paper.layout.words import with_other_ink, with_words
from splkit.errors import RecordingError, UsageError

NEEDED: Final = 4
"""So many labels must be read in their places before the others are named by the layout: four of twelve
do not fit another known order by accident."""
NEEDED_OF_SIX: Final = 3
TOLERATED: Final = 1
"""One label may be misread; two that stand in each other's place are leads exchanged."""
COLUMN_MM: Final = 62.5
"""2.5 s at 25 mm/s, the most usual width of a column."""
OF_PITCH: Final = 0.35
"""Of a column's width: labels stand no farther from where the ink begins and ends."""
LEAD_MARGIN: Final = 1.5
"""By so much must a layout beat one that names leads otherwise."""


def choose(marks: Marks, rows: Rows, span: Span, hints: Hints) -> Fit:
    """The layout that the labels fit best, among those that the hints allow.

    Raises:
        RecordingError: too few labels; labels that contradict the layout; two layouts that fit alike.
    """
    stated = hints.layout is not None or hints.leads is not None
    fits = _fits(marks, rows, span, hints)
    if _names_too_few(fits[0]) and not stated:
        fits = _fits(with_other_ink(marks), rows, span, hints)
    if _names_too_few(fits[0]) and not stated:
        fits = _looked(marks, rows, span, hints, fits)
    best = fits[0]
    if _names_too_few(best) and not stated:
        plain = [_over(span, each) for each in fits if not each.against]
        added_up = [
            each
            for each in plain
            if each.read and not _unplaced(marks, rows, each) and named_by_sums(marks, rows, each)
        ]
        if added_up:
            # Over the half of a column leads add up as well.
            return replace(max(added_up, key=lambda each: each.pitch), by_sums=True)
        raise RecordingError(
            f"leads are named by at least {NEEDED} labels in their places",
            found=f"{len(best.read)} that fit {best.name} in {len(rows.levels)} rows",
            next_step="state --layout and --leads",
        )
    if len(best.against) > TOLERATED:
        raise RecordingError(
            "labels stand as the layout has them" + (" that is stated" if stated else ""),
            found=f"{', '.join(each.said for each in best.against)} in {best.name}",
            next_step="correct --layout or --leads" if stated else "state --leads, row by row",
        )
    if best.known.base == "6x1" and best.known.columns[0] != CHEST and not stated:
        # Chest leads stand on the right of two columns: where their labels are on the left there is one.
        _require_one_column(marks, rows, span, best)
    if len(fits) > 1 and best.score - fits[1].score < LEAD_MARGIN:
        raise RecordingError(
            "labels tell one layout from the others",
            found=f"{best.name} and {fits[1].name} fit the {len(best.read)} labels read",
            next_step="state --layout, or --leads",
        )
    return best


def _names_too_few(best: Fit) -> bool:
    """Whether so few labels are read that they may fit by accident.

    Three of six do not, if two of them have letters: strokes of a trace pass for I.
    """
    lettered = [cell for cell, word in best.read.items() if CLASSES[int(word.log_p.argmax())].strip("I")]
    half = best.known.base == "6x1" and len(lettered) >= NEEDED_OF_SIX - 1
    return len(best.read) < (NEEDED_OF_SIX if half else NEEDED)


def _looked(marks: Marks, rows: Rows, span: Span, hints: Hints, fits: list[Fit]) -> list[Fit]:
    """The fits after a look for labels that traces have joined; those of before where it finds too few."""
    found = look(marks, rows, span, candidates(len(rows.levels), hints))
    best, *others = _by_traces(marks, rows, sorted(found, key=lambda each: -each.score))
    # The lead of a strip is any that its label reads like: only those in the layout's places tell.
    placed = {cell: word for cell, word in best.read.items() if cell[0] < best.known.rows}
    return fits if _names_too_few(replace(best, read=placed)) else [best, *others]


def _unplaced(marks: Marks, rows: Rows, fit: Fit) -> bool:
    """Whether a label is surely read among the rows that has no place in the layout."""
    top = rows.levels[0] - float(np.median(np.diff(rows.levels)))
    used = {id(word) for word in fit.read.values()}
    sure = (each for each in places(marks.words) if each.word.log_p.max() > CERTAIN and each.lead.strip("I"))
    return any(each.y > top and id(each.word) not in used for each in sure)


def _over(span: Span, fit: Fit) -> Fit:
    """The fit with columns where the ink has them; its labels are kept if they stand there."""
    pitch = (span.right - span.left) / len(fit.known.columns)
    near = (
        bool(fit.read)
        and abs(fit.first_x - span.left) < OF_PITCH * pitch
        and abs(fit.pitch / pitch - 1) < 0.1
    )
    return fit if near else replace(fit, first_x=span.left, pitch=pitch, read={}, weak=frozenset())


def _fits(marks: Marks, rows: Rows, span: Span, hints: Hints) -> list[Fit]:
    """The layouts that the hints allow, the best first."""
    found = fit_all(places(marks.words), marks, rows, span, candidates(len(rows.levels), hints))
    return _by_traces(marks, rows, _by_separators(marks, rows, span, found))


def _by_separators(marks: Marks, rows: Rows, span: Span, fits: list[Fit]) -> list[Fit]:
    """The fits without those of other columns than the first, where only its columns have separators.

    A layout of more columns may show the same leads in its first ones.
    """
    if len(fits) < 2 or fits[0].score - fits[1].score >= LEAD_MARGIN:
        return fits
    columns = [len(each.known.columns) for each in fits]
    if columns[1] == columns[0] or not is_separated(marks, rows, span, fits[0]):
        return fits
    if is_separated(marks, rows, span, fits[1]):
        return fits
    return [each for each, n in zip(fits, columns, strict=True) if n == columns[0]]


def _by_traces(marks: Marks, rows: Rows, fits: list[Fit]) -> list[Fit]:
    """The fits without the second, where it has the limb leads in another order than the traces show."""
    if len(fits) < 2 or fits[0].score - fits[1].score >= LEAD_MARGIN:
        return fits
    a, b = fits[:2]
    if (a.known.base, a.strips) != (b.known.base, b.strips) or a.known.order == b.known.order:
        return fits
    shown = order_shown(marks, rows, a)
    return fits if shown is None else [each for each in (a, b) if each.known.order == shown] + fits[2:]


def require_rows(marks: Marks, rows: Rows, hints: Hints) -> None:
    """Some layout has as many rows.

    Raises:
        RecordingError: none that is known does.
        UsageError: none that the hints allow does; the hints contradict each other.
    """
    if not candidates(len(rows.levels), hints):
        require_one_ecg(with_words(marks))
        _refuse_rows(rows, hints)


def _require_one_column(marks: Marks, rows: Rows, span: Span, best: Fit) -> None:
    """Six rows are one column only where no separator stands in the middle, or behind it limb leads add up.

    Beats of leads recorded together may pass for a separator.
    """
    halves = next(k for k in KNOWN if k.base == "6x2")
    pitch = (span.right - span.left) / 2
    two = replace(best, known=halves, first_x=span.left, pitch=pitch)
    behind = replace(best, first_x=span.left + pitch, pitch=pitch)
    if find_separators(marks, rows, two, pitch) is not None and not named_by_sums(marks, rows, behind):
        raise RecordingError(
            "one column of leads has no separator within it",
            found=f"one at half the width of {best.name}, and no label behind it",
            next_step="state --layout 6x2, or --leads",
        )


def candidates(rows: int, hints: Hints) -> list[tuple[Known, int]]:
    """The layouts with so many rows that the hints allow, and the number of strips each then has."""
    base, strips, order = _parse(hints.layout) if hints.layout is not None else (None, None, None)
    shapes = [k for k in KNOWN if base is None or (k.base, k.order) == (base, order)]
    if hints.leads is not None:
        shapes = [k for known in shapes if (k := _named(known, hints.leads)) is not None]
        shapes = list(dict.fromkeys(shapes))
    # Six leads in one column and strips would pass for two columns of which the second is unread.
    most = {known: 0 if known.base == "6x1" else STRIPS for known in shapes}
    found = [(known, rows - known.rows) for known in shapes if 0 <= rows - known.rows <= most[known]]
    if hints.leads is not None:
        of = {known: len(known.columns) * known.rows for known, _ in found}
        found = [(k, s) for k, s in found if len(hints.leads) in (of[k], of[k] + s)]
    return [(known, s) for known, s in found if strips is None or s == strips]


def _parse(layout: str) -> tuple[str, int | None, str]:
    """Base, strips (None where not stated) and order of a layout's name."""
    said = re.fullmatch(r"(\d+x\d)(?:\+(\d))?[ -]?(cabrera)?", layout.strip().lower())
    names = sorted({known.base for known in KNOWN})
    if said is None or said[1] not in names:
        raise UsageError(
            f"--layout is one of {', '.join(names)}, with +1 to +3 for strips, and Cabrera",
            found=repr(layout),
            next_step='state for example "3x4+1" or "6x2 Cabrera"',
        )
    return said[1], None if said[2] is None else int(said[2]), "Cabrera" if said[3] else ""


def _named(known: Known, leads: tuple[str, ...]) -> Known | None:
    """A layout's shape with the leads that are stated, row by row."""
    columns = len(known.columns)
    n = columns * known.rows
    if len(leads) < n:
        return None
    return Known(known.base, "", tuple(tuple(leads[c:n:columns]) for c in range(columns)))


def fit_all(
    words: list[Place], marks: Marks, rows: Rows, span: Span, layouts: list[tuple[Known, int]]
) -> list[Fit]:
    """Each layout's fit, the best first."""
    mm = (marks.mm_x, marks.mm_y)
    fits = []
    for known, strips in layouts:
        pitch = (span.right - span.left) / len(known.columns)
        # Labels of one column fit any width: then it is that of the ink.
        tried = [fit(known, strips, words, rows.levels, p, mm) for p in (pitch, COLUMN_MM * marks.mm_x)]
        best = max(tried, key=lambda f: f.score)
        if np.isnan(best.first_x):
            best = replace(best, first_x=span.left, pitch=pitch)
        fits.append(best)
    fits = [_at_others_places(f, fits, words, rows.levels, mm) for f in fits]
    # The first column begins where the ink does, and the last one ends with it.
    ends = [
        f
        for f in fits
        if abs(f.first_x - span.left) < OF_PITCH * f.pitch
        and (
            len(f.known.columns) == 1
            or abs(f.first_x + len(f.known.columns) * f.pitch - span.right) < OF_PITCH * f.pitch
        )
    ]
    fits = ends or [f for f in fits if _has_ink(f, span)] or fits
    top = max((f.score for f in fits), default=0.0)
    again = [reread(marks, rows, f) if f.score > top - f.cells / 2 else f for f in fits]
    return sorted(again, key=lambda f: -f.score)


def _has_ink(one: Fit, span: Span) -> bool:
    """Whether the last column of a fit has ink over its first half."""
    return one.first_x + (len(one.known.columns) - 0.5) * one.pitch < span.right


def _at_others_places(
    one: Fit, fits: list[Fit], words: list[Place], levels: Array, mm: tuple[float, float]
) -> Fit:
    """A fit; or its leads where another order or number of columns has labels, if more are read there."""
    lattices = [
        (other.first_x, other.pitch, other.drop)
        for other in fits
        if other.read and (other.known.rows, other.strips) == (one.known.rows, one.strips)
    ]
    moved = [at_lattice(one.known, one.strips, words, levels, at, mm) for at in lattices]
    return max((one, *moved), key=lambda f: f.score)


def _refuse_rows(rows: Rows, hints: Hints) -> None:
    n = len(rows.levels)
    where = f"{n} rows at y = {', '.join(f'{y:.0f}' for y in rows.levels)} px"
    if hints.leads is not None:
        raise UsageError(
            "--leads names every panel, row by row, strips last",
            found=f"{len(hints.leads)} leads for {where}",
            next_step="name as many as the page has, and state --layout",
        )
    if hints.layout is not None:
        raise UsageError(
            f"a page of --layout {hints.layout} has its rows",
            found=where,
            next_step="state the layout that the page has, or crop the picture to one ECG",
        )
    raise RecordingError(
        "a page has rows as a known layout has them",
        found=where,
        next_step="state --layout and --leads, or crop the picture to one ECG",
    )
