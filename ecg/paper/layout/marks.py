"""The sheet's ink as marks: frame and page edge taken away, long solid lines, connected pieces."""

from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from splkit.ecg.paper.contracts import Array, Box, Plane, Sheet
from splkit.ecg.paper.opencv import cv2

Mask = npt.NDArray[np.uint8]

INK: Final = (0.3, 0.4, 0.5, 0.6)
"""Coverage that counts as ink: a stroke of 0.25 mm on 3.5 px/mm still has 0.3 after straightening. It is more
where grid is left,"""
DARK: Final = 0.6
"""A piece of ink reaches this somewhere; what is left of a grid does not."""
MOST: Final = 0.04
"""for traces and letters take no more of the paper: twelve leads of 250 mm by 0.3 mm are 2 % of A4."""
BEATLESS_MM: Final = 75.0
"""No trace runs so far, 3 s, without a pixel up or down."""
LINE_MM: Final = 45.0
"""No beat is as tall."""
THROUGH: Final = 0.85
"""A line down that share of the page is a frame or the paper's edge,"""
CORNER_MM: Final = 2.0
"""and so is one that meets a line along it so near to the ends of both."""
THICK_MM: Final = 3.0
"""No pen is as wide: what is thicker is the table behind the paper, a hole or a shadow."""


class Word(NamedTuple):
    """Letters that stand together."""

    box: Box
    log_p: Array
    """For each of `labels.CLASSES`."""


@dataclass(frozen=True)
class Marks:
    """Pixels as those of the sheet."""

    coverage: Plane
    """Without frame, edge and blobs."""
    mask: Mask
    """1 where there is ink, likewise."""
    pieces: npt.NDArray[np.int32]
    """(height, width): number of the connected piece, 0 for none."""
    boxes: npt.NDArray[np.int32]
    """(pieces + 1, 5): left, top, width, height, area of each."""
    words: tuple[Word, ...]
    """None before `words.with_words`."""
    lines: tuple[Box, ...]
    """Of a frame or of the paper's edge."""
    mm_x: float
    """Pixels in a millimetre, along x and along y."""
    mm_y: float


def opened(mask: Mask, width: float, height: float) -> Mask:
    """What of the mask holds a rectangle of that size, in pixels: an opening, as fast for any size."""
    size = (max(1, round(width)), max(1, round(height)))
    full = cv2().boxFilter(mask, cv2().CV_32F, size, normalize=False, borderType=cv2().BORDER_CONSTANT)
    core = (full > size[0] * size[1] - 0.5).astype(np.uint8)
    # An even rectangle's middle lies between pixels: the way back starts from the other side.
    anchor = ((size[0] - 1) // 2, (size[1] - 1) // 2)
    back = cv2().boxFilter(
        core, cv2().CV_32F, size, anchor=anchor, normalize=False, borderType=cv2().BORDER_CONSTANT
    )
    return np.asarray(back > 0.5).astype(np.uint8)


def _boxes(mask: Mask) -> npt.NDArray[np.int32]:
    return np.asarray(cv2().connectedComponentsWithStats(mask, connectivity=8)[2][1:])


def find_marks(sheet: Sheet) -> Marks:
    """Everything on the sheet that later steps put a name to."""
    mm_x, mm_y = sheet.px_per_mm_x, sheet.px_per_mm_y
    share = {level: float((sheet.coverage > level).mean()) for level in INK}
    level = next((level for level in INK if share[level] < MOST), INK[-1])
    mask = (sheet.coverage > level).astype(np.uint8)
    unwanted = opened(mask, THICK_MM * mm_x, THICK_MM * mm_y)
    lines = _frame(mask, mm_x, mm_y)
    for line in lines:
        y, x = max(0, int(line.top) - 1), max(0, int(line.left) - 1)
        unwanted[y : int(line.bottom) + 2, x : int(line.right) + 2] = 1
    if unwanted.any():
        # The soft edge of a line goes with it.
        unwanted = cv2().dilate(unwanted, np.ones((3, 3), np.uint8))
    mask[unwanted > 0] = 0
    coverage = np.where(unwanted > 0, np.float32(0), sheet.coverage)
    _, pieces, boxes, _ = cv2().connectedComponentsWithStats(mask, connectivity=8)
    strong = np.bincount(pieces[coverage > DARK], minlength=len(boxes)) > 0
    strong[0] = True
    mask[~strong[pieces]] = 0
    boxes = np.where(strong[:, None], boxes, 0)
    pieces = np.where(mask > 0, pieces, 0)
    return Marks(coverage, mask, pieces, boxes, (), lines, mm_x, mm_y)


def _frame(mask: Mask, mm_x: float, mm_y: float) -> tuple[Box, ...]:
    """Straight lines along the page that no beat interrupts, and those down it that are the page's edge."""
    h = mask.shape[0]
    # Straightening leaves a line that steps by a pixel here and there.
    thick = cv2().dilate(np.pad(mask, 2), np.ones((3, 3), np.uint8))
    along, down = (
        [
            Box(x - 2, y - 2, x + bw - 3, y + bh - 3)
            for x, y, bw, bh, _ in _boxes(opened(thick, *size)).tolist()
        ]
        for size in ((BEATLESS_MM * mm_x, 3), (3, min(LINE_MM * mm_y, THROUGH * h)))
    )

    def at_end(d: Box, a: Box) -> bool:
        x = min(abs(a.left - d.left), abs(a.right - d.right)) < CORNER_MM * mm_x
        return x and min(abs(a.top - d.top), abs(a.bottom - d.bottom)) < CORNER_MM * mm_y

    frame = [d for d in down if d.bottom - d.top > THROUGH * h or any(at_end(d, a) for a in along)]
    return (*along, *frame)
