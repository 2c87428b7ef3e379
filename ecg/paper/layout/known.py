"""The layouts that are known, and how the labels found tell which of them a page has."""

from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np

from splkit.ecg.paper.contracts import Array
from splkit.ecg.paper.layout.labels import CLASSES
from splkit.ecg.paper.layout.marks import Word

LIMB: Final = ("I", "II", "III", "aVR", "aVL", "aVF")
CABRERA: Final = ("aVL", "I", "-aVR", "II", "aVF", "III")
CHEST: Final = ("V1", "V2", "V3", "V4", "V5", "V6")
EXTRA: Final = ("V4R", "V8", "V9")


class Known(NamedTuple):
    """A layout: leads by column, each from top to bottom, as they are labelled ("-aVR" where upside down)."""

    base: str
    order: str
    """"" or "Cabrera"."""
    columns: tuple[tuple[str, ...], ...]

    @property
    def rows(self) -> int:
        """Of leads, strips aside."""
        return len(self.columns[0])

    def name(self, strips: int) -> str:
        """For example "3x4+1" or "6x2 Cabrera"."""
        return self.base + (f"+{strips}" if strips else "") + (f" {self.order}" if self.order else "")


def _columns(leads: tuple[str, ...], rows: int) -> tuple[tuple[str, ...], ...]:
    return tuple(leads[i : i + rows] for i in range(0, len(leads), rows))


def _known() -> tuple[Known, ...]:
    found = [Known("6x1", "", (CHEST,))]
    for order, limb in (("", LIMB), ("Cabrera", CABRERA)):
        for base, rows in (("3x4", 3), ("6x2", 6), ("12x1", 12)):
            found.append(Known(base, order, _columns(limb + CHEST, rows)))
        found.append(Known("3x5", order, _columns((*limb, *CHEST, *EXTRA), 3)))
        found.append(Known("6x1", order, (limb,)))
    return tuple(found)


KNOWN: Final = _known()
FIRST_LOOK_MM: Final = (6.0, 4.0)
"""Labels of one lattice stand so near to it, along x and y, before its pitch is fitted,"""
OFF_MM: Final = (2.5, 3.0)
"""and so near once it is."""
FARTHEST_MM: Final = 20.0
"""From a row's level to its label."""
NEARER, NEARER_OF_MANY = 0.5, 0.58
"""A label is nearer to its own row than to the next, by this share of their distance. Twelve rows are so near
to each other that a label's middle may lie beyond half of it; all of them must then be in their order."""
MANY_ROWS: Final = 12
STRIPS: Final = 3
"""At most so many strips stand below the leads."""
SURE: Final = float(np.log(0.6))
"""Log probability from which a word counts as read."""


CERTAIN: Final = float(np.log(0.9))
"""Log probability from which a word can contradict a layout."""


class Contradiction(NamedTuple):
    """A label that stands where another belongs."""

    cell: tuple[int, int]
    said: str
    log_p: float
    """Of that label."""


@dataclass(frozen=True)
class Fit:
    """How well the words of a page fit a layout."""

    known: Known
    strips: int
    read: dict[tuple[int, int], Word]
    """The word that names a cell (row, column); a strip is in column 0."""
    against: tuple[Contradiction, ...]
    """Labels that stand where another belongs,"""
    stray: tuple[str, ...]
    """and those at the height of labels where none belongs."""
    first_x: float
    pitch: float
    """Left edges of labels stand at first_x + column * pitch, in pixels."""
    drop: float
    """A label's middle stands so far below the level of its row, in pixels."""

    weak: frozenset[tuple[int, int]] = frozenset()
    """Cells of `read` whose label was found only by looking for it."""
    by_sums: bool = False
    """Whether the sums of the limb leads name the leads, as too few labels are read."""

    @property
    def name(self) -> str:
        """Of the layout, strips included."""
        return self.known.name(self.strips)

    @property
    def cells(self) -> int:
        """Panels of the layout."""
        return self.known.rows * len(self.known.columns) + self.strips

    @property
    def score(self) -> float:
        """Labels in their place, less those that contradict and a part of those that are missing."""
        odd = len(self.against) + len(self.stray)
        return len(self.read) - 1.5 * odd - 0.4 * (self.cells - len(self.read))

    def lead(self, row: int, column: int) -> str | None:
        """As the layout has it; of a strip, as it is labelled."""
        if row < self.known.rows:
            return self.known.columns[column][row]
        word = self.read.get((row, column))
        return None if word is None else CLASSES[int(word.log_p.argmax())]


class Place(NamedTuple):
    """A word as the fit sees it."""

    word: Word
    lead: str
    x: float
    y: float


def places(words: tuple[Word, ...]) -> list[Place]:
    """The words that are read as labels."""
    out = []
    for word in words:
        best = int(word.log_p.argmax())
        if CLASSES[best] and word.log_p[best] > SURE:
            out.append(Place(word, CLASSES[best], word.box.left, (word.box.top + word.box.bottom) / 2))
    return out


def fit(
    known: Known, strips: int, words: list[Place], levels: Array, pitch: float, mm: tuple[float, float]
) -> Fit:
    """The best position of a layout's lattice over the words.

    Args:
        known: the layout.
        strips: how many strips stand below it.
        words: what was read.
        levels: y of each row, strips included.
        pitch: distance of columns as it is to be expected, in pixels.
        mm: pixels in a millimetre, along x and y.
    """
    cell_of = {lead: (r, c) for c, column in enumerate(known.columns) for r, lead in enumerate(column)}
    named = [(w, *cell_of[w.lead]) for w in words if w.lead in cell_of]
    if not named:
        return Fit(known, strips, {}, (), (), np.nan, pitch, np.nan)
    row, column = np.array([n[1] for n in named]), np.array([n[2] for n in named])
    x = np.array([n[0].x for n in named])
    drop = np.array([n[0].y for n in named]) - levels[row]
    first = x - column * pitch
    near = (np.abs(first[:, None] - first) < FIRST_LOOK_MM[0] * mm[0]) & (
        np.abs(drop[:, None] - drop) < FIRST_LOOK_MM[1] * mm[1]
    )
    apart = float(np.median(np.diff(levels))) if len(levels) > 1 else np.inf
    share = NEARER if known.rows < MANY_ROWS else NEARER_OF_MANY
    near &= (np.abs(drop) < min(FARTHEST_MM * mm[1], share * apart))[None, :]
    cells = row * len(known.columns) + column
    inside = near[int(np.argmax([len(set(cells[n])) for n in near]))]
    if not inside.any():
        return Fit(known, strips, {}, (), (), np.nan, pitch, np.nan)
    start = float(np.median(first[inside]))
    fall = float(np.median(drop[inside]))
    found = at_lattice(known, strips, words, levels, (start, pitch, fall), mm)
    if len(set(column[inside])) > 1:
        fitted, at = np.polyfit(column[inside], x[inside], 1)
        if abs(fitted / pitch - 1) < 0.1:
            moved = at_lattice(known, strips, words, levels, (float(at), float(fitted), fall), mm)
            # Two columns tell no more of the others than the ink does: one label may have more to its left.
            if len(set(column[inside])) > 2 or moved.score > found.score:
                return moved
    return found


def at_lattice(
    known: Known,
    strips: int,
    words: list[Place],
    levels: Array,
    lattice: tuple[float, float, float],
    mm: tuple[float, float],
) -> Fit:
    """A layout whose lattice is known: `Fit.first_x`, `Fit.pitch` and `Fit.drop`."""
    read = _in_place(words, known, strips, levels, lattice, mm)
    against, stray = _against(known, words, read, levels, lattice, mm)
    return Fit(known, strips, read, against, stray, *lattice)


def _in_place(
    words: list[Place],
    known: Known,
    strips: int,
    levels: Array,
    lattice: tuple[float, float, float],
    mm: tuple[float, float],
) -> dict[tuple[int, int], Word]:
    """The words that stand where the lattice has their lead; any lead may be that of a strip."""
    start, pitch, fall = lattice
    read: dict[tuple[int, int], Word] = {}
    for w in words:
        for r in np.flatnonzero(np.abs(levels + fall - w.y) < OFF_MM[1] * mm[1]).tolist():
            for c, column in enumerate(known.columns if r < known.rows else known.columns[:1]):
                if abs(w.x - start - c * pitch) >= OFF_MM[0] * mm[0]:
                    continue
                if r < known.rows and column[r] != w.lead:
                    continue
                kept = read.get((r, c))
                if r < known.rows + strips and (kept is None or w.word.log_p.max() > kept.log_p.max()):
                    read[r, c] = w.word
    return read


def _against(
    known: Known,
    words: list[Place],
    read: dict[tuple[int, int], Word],
    levels: Array,
    lattice: tuple[float, float, float],
    mm: tuple[float, float],
) -> tuple[tuple[Contradiction, ...], tuple[str, ...]]:
    """Labels that stand where another belongs, and those at the height of labels where none belongs."""
    start, pitch, fall = lattice
    against, stray = [], []
    tall = np.median([w.box.bottom - w.box.top for w in read.values()]) if read else 0.0
    used = {id(word) for word in read.values()}
    for w in words:
        r = int(np.abs(levels + fall - w.y).argmin())
        # Strokes of a trace look like I and II: only labels with a letter more contradict, as high as others.
        if (
            w.word.log_p.max() < CERTAIN
            or not 0.75 < (w.word.box.bottom - w.word.box.top) / max(tall, 1) < 1.33
        ):
            continue
        if (
            id(w.word) in used
            or w.lead in ("I", "II", "III")
            or abs(levels[r] + fall - w.y) > OFF_MM[1] * mm[1]
        ):
            continue
        columns = known.columns if r < known.rows else known.columns[:1]
        c = max(0, min(round((w.x - start) / pitch), len(columns) - 1))
        belongs = columns[c][r] if r < known.rows else "the strip"
        off_mm = (w.x - start - c * pitch) / mm[0]
        if abs(off_mm) >= OFF_MM[0]:
            stray.append(f"{w.lead} {off_mm:.0f} mm after {belongs}")
        elif (r, c) not in read:
            said = f"{w.lead} where {belongs} belongs"
            against.append(Contradiction((r, c), said, float(w.word.log_p.max())))
    return tuple(against), tuple(stray)
