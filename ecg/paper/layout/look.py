"""Labels that traces have joined, where nothing tells their lattice: it is looked for with all leads at once.

A trace that runs through a label leaves no word by itself, but the network reads it in the right box.
Labels of one page stand in one lattice, so one box is asked for in several panels together.
"""

from dataclasses import replace
from itertools import product
from typing import Final, NamedTuple

import numpy as np

from splkit.ecg.paper.contracts import Array, Box
from splkit.ecg.paper.layout.known import CHEST, FARTHEST_MM, NEARER, Fit, Known, Place, at_lattice, places
from splkit.ecg.paper.layout.labels import CLASSES
from splkit.ecg.paper.layout.marks import Marks
from splkit.ecg.paper.layout.reread import aspect, read_boxes, reread
from splkit.ecg.paper.layout.rows import Rows
from splkit.ecg.paper.layout.span import Span
from splkit.ecg.paper.opencv import cv2

TALL_MM: Final = (2.1, 2.7, 3.4, 4.4)
"""Heights of capitals; the network forgives an eighth."""
BESIDE_MM: Final = np.arange(-1.0, 5.1, 0.75)
"""From where a column begins to the left edge of its label,"""
STEP_MM: Final = 0.6
"""and steps from a row's level up or down to the middle of it."""
ASKED: Final = 4
"""Panels that are asked about every place; all are about the best ones."""
HARDLY: Final = float(np.log(0.02))
"""Log probability below which a label that is hidden counts no more against a place."""
KEPT: Final = 4
"""After half of the panels, one place in so many is asked about further."""
INK: Final = (0.06, 0.6)
"""Shares of its box that a label may take, with a trace through it."""
BEST: Final = 4
FINER: Final = (-0.5, 0.0, 0.5)
"""Of a step, about each of the best places."""


class Asked(NamedTuple):
    """A panel: its lead, where its column begins, its row's level."""

    lead: str
    left: float
    level: float


def look(marks: Marks, rows: Rows, span: Span, layouts: list[tuple[Known, int]]) -> list[Fit]:
    """A fit for each layout, at the lattice where most of its labels are read.

    Args:
        marks: of the sheet, with words.
        rows: of the sheet, strips included.
        span: of the traces.
        layouts: and the number of strips that each has.
    """
    found: dict[tuple[Asked, ...], list[tuple[float, float, float]]] = {}
    fits = []
    for known, strips in layouts:
        pitch = (span.right - span.left) / len(known.columns)
        asked = tuple(_asked(rows, known, span.left, pitch))
        if asked not in found:
            found[asked] = _places(marks, rows, asked)
        tried = [
            _read_at(marks, rows, (known, strips), (span.left + x, pitch, y), tall)
            for x, y, tall in found[asked]
        ]
        fits.append(max(tried, key=lambda each: each.score))
    return fits


def _read_at(
    marks: Marks, rows: Rows, layout: tuple[Known, int], lattice: tuple[float, float, float], tall: float
) -> Fit:
    """The fit with all labels that are read in its lattice; they stand for words that are read otherwise.

    Strokes of a trace are I, II or III anywhere: among the leads only labels with letters count.
    """
    mm = (marks.mm_x, marks.mm_y)
    words = places(marks.words)
    first = reread(marks, rows, at_lattice(*layout, [], rows.levels, lattice, mm), tall)
    seen = [Place(w, CLASSES[int(w.log_p.argmax())], w.box.left, _middle(w.box)) for w in first.read.values()]
    fit = at_lattice(*layout, [*seen, *words], rows.levels, lattice, mm)
    read = {cell: word for cell, word in fit.read.items() if _counts(layout[0], cell)}
    looked_for = {id(word) for word in first.read.values()}
    weak = frozenset(cell for cell, word in read.items() if id(word) in looked_for)
    return replace(fit, read=read, weak=weak)


def _counts(known: Known, cell: tuple[int, int]) -> bool:
    row, column = cell
    return row >= known.rows or bool(known.columns[column][row].strip("I"))


def _middle(box: Box) -> float:
    return (box.top + box.bottom) / 2


def _places(marks: Marks, rows: Rows, asked: tuple[Asked, ...]) -> list[tuple[float, float, float]]:
    """(x, y, tall) in pixels, from where columns begin and from the rows' levels, where most is read."""
    apart_mm = float(np.median(np.diff(rows.levels))) / marks.mm_y if len(rows.levels) > 1 else np.inf
    reach = min(FARTHEST_MM, NEARER * apart_mm)
    ups = np.arange(-reach, reach + 1e-9, STEP_MM)
    tried = np.array(list(product(BESIDE_MM * marks.mm_x, ups * marks.mm_y, np.array(TALL_MM) * marks.mm_y)))
    half = len(asked) // 2
    score = _score(marks, tried, asked[:half])
    kept = np.argsort(-score, kind="stable")[: len(tried) // KEPT]
    tried, score = tried[kept], score[kept] + _score(marks, tried[kept], asked[half:])
    best = tried[np.argsort(-score, kind="stable")[:BEST]]
    steps = np.array(list(product(*(np.array(FINER) * s for s in (BESIDE_MM[1] - BESIDE_MM[0], STEP_MM)))))
    near = np.concatenate([best + np.append(step * (marks.mm_x, marks.mm_y), 0.0) for step in steps])
    score = _score(marks, near, asked)
    return [tuple(place) for place in near[np.argsort(-score, kind="stable")[:BEST]].tolist()]


def _score(marks: Marks, places: Array, asked: tuple[Asked, ...]) -> Array:
    """Sum of log probabilities of the labels that are asked for, at each place (x, y, tall)."""
    score = np.zeros(len(places))
    for lead, left, level in asked:
        boxes = [_box(left + x, level + y, tall, lead) for x, y, tall in places.tolist()]
        score += _log_p(marks, boxes, lead)
    return score


def _log_p(marks: Marks, boxes: list[Box], lead: str) -> Array:
    """Log probability of a label in each box, HARDLY where it is less or too little or much is ink."""
    h, w = marks.coverage.shape
    edges = np.clip(np.round(np.array(boxes)).astype(int), 0, (w, h, w, h))
    sums = cv2().integral(marks.coverage)
    left, top, right, bottom = edges.T
    ink = sums[bottom, right] - sums[top, right] - sums[bottom, left] + sums[top, left]
    share = ink / np.maximum((right - left) * (bottom - top), 1)
    asked = np.flatnonzero((share > INK[0]) & (share < INK[1]))
    out = np.full(len(boxes), HARDLY)
    if len(asked):
        log_p = read_boxes(marks, [boxes[i] for i in asked.tolist()])[:, CLASSES.index(lead)]
        out[asked] = np.maximum(log_p, HARDLY)
    return out


def _asked(rows: Rows, known: Known, left: float, pitch: float) -> list[Asked]:
    """Panels spread over the layout whose labels have letters; chest leads if it has any, in either order."""
    cells = [
        Asked(lead, left + column * pitch, float(rows.levels[row]))
        for column, leads in enumerate(known.columns)
        for row, lead in enumerate(leads)
    ]
    cells = [each for each in cells if each.lead in CHEST] or [each for each in cells if each.lead.strip("I")]
    at = np.linspace(0, len(cells) - 1, min(ASKED, len(cells)))
    return [cells[i] for i in np.unique(at.round().astype(int)).tolist()]


def _box(left: float, middle: float, tall: float, lead: str) -> Box:
    return Box(left, middle - tall / 2, left + aspect(lead) * tall, middle + tall / 2)
