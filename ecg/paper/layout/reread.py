"""A second look for labels that the trace has joined: where the lattice of the others has their place."""

from dataclasses import replace
from itertools import product
from typing import Final

import numpy as np

from splkit.ecg.paper.contracts import Array, Box
from splkit.ecg.paper.layout.known import CERTAIN, Fit
from splkit.ecg.paper.layout.labels import CLASSES, WIDTH, read_words
from splkit.ecg.paper.layout.marks import Marks, Word
from splkit.ecg.paper.layout.network import HEIGHT, normalize
from splkit.ecg.paper.layout.rows import Rows

SEEN: Final = 2
"""Labels that must stand in the lattice before it says where to look."""
CONFIRMED: Final = float(np.log(0.7))
"""Log probability from which the label that is looked for is taken as read; I, II and III need CERTAIN."""
SHIFTS_MM: Final = tuple(product((-1.0, -0.5, 0.0, 0.5, 1.0), (-0.7, 0.0, 0.7)))
"""Along x and y, from where the lattice has a label: levels of rows are known to about 1 mm."""
ASPECT: Final = {"I": 0.25, "II": 0.6, "III": 0.95, "-aVR": 2.8}
"""Width over height of labels in plain type; those of three letters are 2.3, of two 1.5."""


def reread(marks: Marks, rows: Rows, fit: Fit, tall: float | None = None) -> Fit:
    """The fit with the labels that a look at their places confirms.

    Args:
        marks: of the sheet.
        rows: of the sheet.
        fit: whose lattice says where to look.
        tall: height of labels in pixels; where those that are read tell, it may be left out.
    """
    if tall is None:
        if len(fit.read) < SEEN:
            return fit
        tall = float(np.median([w.box.bottom - w.box.top + 1 for w in fit.read.values()]))
    wide = _width(fit, tall)
    looks: list[tuple[tuple[int, int], str, Box]] = []
    for (r, c), leads in _wanted(fit):
        for lead in leads:
            for right_mm, down_mm in SHIFTS_MM:
                left = fit.first_x + c * fit.pitch + right_mm * marks.mm_x
                middle = rows.levels[r] + fit.drop + down_mm * marks.mm_y
                width = wide * aspect(lead) * tall
                box = Box(left, middle - tall / 2, left + width, middle + tall / 2)
                looks.append(((r, c), lead, box))
    read = dict(fit.read)
    log_ps = read_boxes(marks, [box for _, _, box in looks])
    others: dict[tuple[int, int], Array] = {}
    for (cell, _, _), log_p in zip(looks, log_ps, strict=True):
        others[cell] = np.maximum(others.get(cell, log_p), log_p)
    for (cell, lead, box), log_p in zip(looks, log_ps, strict=True):
        own = CLASSES.index(lead)
        sure = log_p[own]
        # What stands there may be another label, which looks like this one where it is cut.
        rival = max(value for k, value in enumerate(others[cell]) if k != own and CLASSES[k].strip("I"))
        if sure > max(rival, CONFIRMED if len(lead.strip("I")) else CERTAIN) and (
            cell not in read or sure > read[cell].log_p.max()
        ):
            read[cell] = Word(box, log_p)
    # A separator or a trace beside a label makes a word of both that is read as another label.
    against = tuple(
        each
        for each in fit.against
        if each.cell not in read or read[each.cell].log_p.max() < min(CERTAIN, each.log_p)
    )
    return replace(fit, read=read, against=against, weak=frozenset(read) - frozenset(fit.read))


def read_boxes(marks: Marks, boxes: list[Box]) -> Array:
    """(boxes, classes) log probability of each label in each box; outside the sheet nothing is read."""
    crops = np.zeros((len(boxes), HEIGHT, WIDTH), np.float32)
    h, w = marks.coverage.shape
    for crop, box in zip(crops, boxes, strict=True):
        top, bottom, left, right = (round(v) for v in (box.top, box.bottom, box.left, box.right))
        if 0 <= top < bottom <= h and 0 <= left < right <= w:
            crop[:] = normalize(marks.coverage[top:bottom, left:right], WIDTH)
    return read_words(crops)


def _wanted(fit: Fit) -> list[tuple[tuple[int, int], tuple[str, ...]]]:
    """Cells without a label, and what may stand there: any lead of the layout on a strip."""
    columns = fit.known.columns
    cells = [((r, c), (columns[c][r],)) for c in range(len(columns)) for r in range(fit.known.rows)]
    leads = tuple(lead for column in columns for lead in column)
    strips = [((fit.known.rows + s, 0), leads) for s in range(fit.strips)]
    return [(cell, leads) for cell, leads in (*cells, *strips) if cell not in fit.read]


def aspect(lead: str) -> float:
    """Width over height of a label in plain type."""
    return ASPECT.get(lead, 2.3 if len(lead) == 3 else 1.5)


def _width(fit: Fit, tall: float) -> float:
    """How much wider this page's type is than ASPECT has it."""
    shares = []
    for (r, c), word in fit.read.items():
        lead = fit.lead(r, c)
        if lead is not None and len(lead) > 1:
            shares.append((word.box.right - word.box.left + 1) / tall / aspect(lead))
    return float(np.median(shares)) if shares else 1.0
