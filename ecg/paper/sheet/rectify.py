"""Paper laid flat by a homography and a bend: a part of the page in mm."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from splkit.ecg.paper.contracts import Array, Bend, Plane
from splkit.ecg.paper.opencv import cv2
from splkit.ecg.paper.sheet.bend import shift_mm
from splkit.ecg.paper.sheet.homography import apply

MAP_STEP = 16
MOST_PX_PER_MM = 8.0
"""Lines are looked at that finely at most: 1 mm lines have 8 pixels."""
WHOLE_MM = 5
EDGE_POINTS = 20
MOST_GROWTH = 4.0


@dataclass(frozen=True)
class Rectified:
    """A plane on straight paper."""

    plane: Plane
    inside: npt.NDArray[np.bool_]
    """Where the page is."""
    px_per_mm: float
    start_mm: Array
    """(2,) of the first pixel: multiples of 5 mm."""


def rectify(plane: Plane, page_from_mm: Array, bend: Bend | None, px_per_mm: float) -> Rectified | None:
    """Lay a plane of the page flat, whole pixels to 5 mm; None where it would grow beyond measure."""
    height, width = plane.shape
    corners = np.array([[0.0, 0], [width - 1, 0], [width - 1, height - 1], [0, height - 1]])
    on_paper = apply(np.linalg.inv(page_from_mm), corners)
    low = np.floor(on_paper.min(axis=0) / WHOLE_MM) * WHOLE_MM
    high = np.ceil(on_paper.max(axis=0) / WHOLE_MM) * WHOLE_MM
    px = round(min(px_per_mm, MOST_PX_PER_MM) * WHOLE_MM) / WHOLE_MM
    size = np.round((high - low) * px).astype(int)
    if float(size[0]) * float(size[1]) > MOST_GROWTH * max(px / px_per_mm, 0.5) ** 2 * plane.size:
        return None
    mm_from_sheet = np.array([[1 / px, 0, low[0]], [0, 1 / px, low[1]], [0, 0, 1]])
    x, y = pixels_of_sheet(bend, page_from_mm, mm_from_sheet, size)
    inside = (x >= 0) & (x < width) & (y >= 0) & (y < height)
    if px_per_mm > 1.5 * px:  # thin lines must not fall between samples
        cv = cv2()
        plane = cv.resize(plane, (width // 2, height // 2), interpolation=cv.INTER_AREA)
        for part, wide, narrow in ((x, width, width // 2), (y, height, height // 2)):
            part += np.float32(0.5)
            part *= np.float32(narrow / wide)
            part -= np.float32(0.5)
    flat = cv2().remap(plane, x, y, cv2().INTER_LINEAR, borderValue=float(plane.mean()))
    return Rectified(np.asarray(flat, np.float32), inside, px, low)


def pixels_of_sheet(
    bend: Bend | None, page_from_mm: Array, mm_from_sheet: Array, size: Array
) -> tuple[Plane, Plane]:
    """x and y on the page of every pixel of the sheet, from every 16th."""
    cv = cv2()
    wide, high = (-(-int(n) // MAP_STEP) + 1 for n in size)
    xx, yy = np.meshgrid(np.arange(wide) * MAP_STEP, np.arange(high) * MAP_STEP)
    paper = apply(mm_from_sheet, np.stack([xx.ravel(), yy.ravel()], axis=1).astype(np.float64))
    page = apply(page_from_mm, flat_mm(bend, paper)).reshape(high, wide, 2).astype(np.float32)
    scale = np.array([[1 / MAP_STEP, 0, 0], [0, 1 / MAP_STEP, 0]])
    flags = cv.INTER_LINEAR | cv.WARP_INVERSE_MAP
    x, y = (
        cv.warpAffine(page[..., axis], scale, (int(size[0]), int(size[1])), flags=flags) for axis in (0, 1)
    )
    return x, y


def reach_mm(bend: Bend | None, page_from_mm: Array, width: int, height: int) -> tuple[Array, Array]:
    """(2,) each: the least and the most x and y that paper of a page so large has, in mm."""
    across, down = np.linspace(0, width - 1, EDGE_POINTS), np.linspace(0, height - 1, EDGE_POINTS)
    edges = [
        (across, 0 * across),
        (across, 0 * across + height - 1),
        (0 * down, down),
        (0 * down + width - 1, down),
    ]
    flat = apply(np.linalg.inv(page_from_mm), np.concatenate([np.stack(edge, axis=1) for edge in edges]))
    paper = flat if bend is None else flat + shift_mm(bend, flat)
    return paper.min(axis=0), paper.max(axis=0)


def flat_mm(bend: Bend | None, paper_mm: Array) -> Array:
    """(n, 2) where the homography has places (n, 2) of bent paper."""
    if bend is None:
        return paper_mm
    flat = paper_mm
    for _ in range(3):
        flat = paper_mm - shift_mm(bend, flat)
    return flat
