"""Distortions that move what is on the page, and the truth with it: turned, bent, seen askew, rescaled."""

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from splkit.ecg.paper.contracts import Array, Box, Grid
from splkit.ecg.paper.opencv import cv2
from splkit.ecg.paper.render.rendered import Rendered, Warp
from splkit.ecg.paper.render.style import Rgb

_BEHIND: tuple[Rgb, ...] = ((255, 255, 255), (236, 234, 230), (120, 92, 66), (48, 50, 54))
"""What lies behind the paper: a scanner's lid, a sheet, two tables."""
_BENDS = (0.6, 1.4)
"""Waves of bent paper over the page's width."""
_SETTLED = 12
"""Rounds until a point of bent paper stays where it is, to under 1e-6 px."""


def rotate(page: Rendered, degrees: float, rng: np.random.Generator) -> Rendered:
    """Turns the paper, counterclockwise for positive degrees; the picture grows to hold it all."""
    sign = rng.choice((-1.0, 1.0))
    angle = np.radians(sign * degrees)
    cos, sin = np.cos(angle), np.sin(angle)
    return _projected(page, np.array([[cos, sin, 0.0], [-sin, cos, 0.0], [0.0, 0.0, 1.0]]), rng)


def project(page: Rendered, share: float, rng: np.random.Generator) -> Rendered:
    """As a camera sees it from aside: each corner moves inwards by up to `share` of the page."""
    corners = _corners(page.rgb)
    inwards = np.array([[1, 1], [-1, 1], [-1, -1], [1, -1]]) * np.array(page.rgb.shape[1::-1])
    moved = corners + share * rng.uniform(0.0, 1.0, (4, 2)) * inwards
    matrix = cv2().getPerspectiveTransform(corners.astype(np.float32), moved.astype(np.float32))
    return _projected(page, np.asarray(matrix, np.float64), rng)


def bend(page: Rendered, sag_mm: float, rng: np.random.Generator) -> Rendered:
    """Paper that does not lie flat: its lines rise and fall by `sag_mm`, and half as much sideways."""
    height, width = page.rgb.shape[:2]
    sag = sag_mm * np.array([page.grid.px_per_mm_x, page.grid.px_per_mm_y]) * (0.5, 1.0)
    waves = 2 * np.pi * rng.uniform(*_BENDS, 2) / (height, width)
    phases = rng.uniform(0, 2 * np.pi, 2)

    def back(points: Array) -> Array:
        """Where a point of the new picture was before."""
        return points + sag * np.sin(waves * points[:, ::-1] + phases)

    def forth(points: Array) -> Array:
        at = points
        for _ in range(_SETTLED):
            at = at - (back(at) - points)
        return at

    columns, rows = np.meshgrid(np.arange(width), np.arange(height))
    maps = back(np.column_stack([columns.ravel(), rows.ravel()]).astype(np.float64))
    map_x, map_y = (each.reshape(height, width).astype(np.float32) for each in maps.T)
    cv = cv2()
    rgb = cv.remap(
        page.rgb, map_x, map_y, cv.INTER_CUBIC, borderMode=cv.BORDER_CONSTANT, borderValue=_behind(rng)
    )
    return moved(page, rgb, forth)


def rescale(page: Rendered, scale_x: float, scale_y: float) -> Rendered:
    """The same page with fewer pixels: each is the mean of those that it stands for."""
    height, width = page.rgb.shape[:2]
    size = max(round(width * scale_x), 1), max(round(height * scale_y), 1)
    share = np.array([size[0] / width, size[1] / height])
    cv = cv2()
    return moved(
        page,
        cv.resize(page.rgb, size, interpolation=cv.INTER_AREA),
        lambda points: (points + 0.5) * share - 0.5,
    )


def moved(page: Rendered, rgb: npt.NDArray[np.uint8], forth: Warp) -> Rendered:
    """A page whose points have gone to `forth` of them, with its new picture."""
    before = page.page_from_drawn
    corners = _corners(page.rgb)
    return replace(
        page,
        rgb=rgb,
        traces=tuple(replace(trace, points=forth(trace.points)) for trace in page.traces),
        grid=_moved_grid(page.grid, corners, forth),
        labels=tuple(replace(label, box=_moved_box(label.box, forth)) for label in page.labels),
        page_from_drawn=lambda points: forth(before(points)),
    )


def transformed(matrix: Array, points: Array) -> Array:
    """Points (n, 2) under a homography (3, 3)."""
    x, y, w = matrix @ np.vstack([points.T, np.ones(len(points))])
    return np.column_stack([x / w, y / w])


def _inverse(matrix: Array) -> Array:
    return np.asarray(np.linalg.inv(matrix), np.float64)


def _projected(page: Rendered, matrix: Array, rng: np.random.Generator) -> Rendered:
    """Under a homography, the picture as large as the paper comes out."""
    edges = transformed(matrix, _corners(page.rgb))
    low, high = np.floor(edges.min(axis=0)), np.ceil(edges.max(axis=0))
    shift = np.array([[1.0, 0.0, -low[0]], [0.0, 1.0, -low[1]], [0.0, 0.0, 1.0]])
    matrix = shift @ matrix
    width, height = (high - low + 1).astype(int)
    cv = cv2()
    rgb = cv.warpPerspective(
        page.rgb, matrix, (int(width), int(height)), flags=cv.INTER_CUBIC, borderMode=cv.BORDER_CONSTANT,
        borderValue=_behind(rng),
    )  # fmt: skip
    return moved(page, rgb, lambda points: transformed(matrix, points))


def _corners(rgb: npt.NDArray[np.uint8]) -> Array:
    """Of a picture: top left, top right, bottom right, bottom left, at the edges of its pixels."""
    height, width = rgb.shape[:2]
    right, bottom = width - 0.5, height - 0.5
    return np.array([[-0.5, -0.5], [right, -0.5], [right, bottom], [-0.5, bottom]])


def _behind(rng: np.random.Generator) -> tuple[int, ...]:
    return tuple(int(value) for value in _BEHIND[rng.integers(len(_BEHIND))])


def _moved_box(box: Box, forth: Warp) -> Box:
    """The rectangle about a moved one."""
    corners = np.array([[x, y] for x in (box.left, box.right) for y in (box.top, box.bottom)])
    (left, top), (right, bottom) = (getattr(forth(corners), name)(axis=0) for name in ("min", "max"))
    return Box(float(left), float(top), float(right), float(bottom))


def _moved_grid(grid: Grid, corners: Array, forth: Warp) -> Grid:
    """The homography that fits the moved paper best: exact unless the paper is bent."""
    low, high = corners.min(axis=0), corners.max(axis=0)
    lattice = np.array(
        [[x, y] for x in np.linspace(low[0], high[0], 30) for y in np.linspace(low[1], high[1], 30)]
    )
    mm = transformed(_inverse(grid.page_from_mm), lattice)
    page = forth(lattice)
    page_from_mm = np.asarray(cv2().findHomography(mm, page, 0)[0], np.float64)
    left = transformed(_inverse(page_from_mm), page) - mm
    residual_mm = float(np.sqrt(np.mean(np.sum(left**2, axis=1))))
    middle = mm.mean(axis=0)
    at, right, below = transformed(page_from_mm, middle + np.array([[0, 0], [0.1, 0], [0, 0.1]]))
    scale_x, scale_y = (float(np.hypot(*(end - at)) / 0.1) for end in (right, below))
    return Grid(page_from_mm, scale_x, scale_y, float(np.hypot(residual_mm, grid.residual_mm)))
