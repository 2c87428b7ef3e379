"""A page cut out of a photo by the four corners of its paper, which a person names."""

import numpy as np

from splkit.ecg.paper.contracts import Array, Page
from splkit.ecg.paper.opencv import cv2
from splkit.errors import UsageError

MIN_SHARE = 0.02
"""Of the picture; a smaller quadrangle is a slip."""


def cut_out(page: Page, corners: tuple[tuple[float, float], ...]) -> tuple[Page, Array]:
    """The quadrangle as a rectangle with sides as long as its longer ones, and the way back.

    Args:
        page: the photo.
        corners: top left, top right, bottom right, bottom left, in pixels of the photo.

    Returns:
        The paper, and the (3, 3) homography from its pixels to those of the photo.

    Raises:
        UsageError: a corner lies outside the photo, or they are not in this order about a convex shape.
    """
    at = np.array(corners, np.float64)
    height, width = page.rgb.shape[:2]
    _check(at, width, height, page.source)
    sides = np.linalg.norm(np.roll(at, -1, axis=0) - at, axis=1)  # top, right, bottom, left
    wide, high = round(max(sides[0], sides[2])), round(max(sides[1], sides[3]))
    straight = np.array([[0, 0], [wide - 1, 0], [wide - 1, high - 1], [0, high - 1]], np.float32)
    page_from_cut = cv2().getPerspectiveTransform(straight, at.astype(np.float32))
    flags = cv2().INTER_CUBIC | cv2().WARP_INVERSE_MAP
    rgb = cv2().warpPerspective(
        page.rgb, page_from_cut, (wide, high), flags=flags, borderMode=cv2().BORDER_REPLICATE
    )
    return Page(rgb, page.source, None), np.asarray(page_from_cut, np.float64)


def _check(at: Array, width: int, height: int, source: str) -> None:
    if not ((at >= -0.5).all() and (at[:, 0] < width).all() and (at[:, 1] < height).all()):
        raise UsageError(
            f"corners lie on the picture, {width} x {height} pixels",
            found=f"{', '.join(f'{x:g},{y:g}' for x, y in at)} for {source}",
            next_step="give the pixels of the paper's corners",
        )
    edges = np.roll(at, -1, axis=0) - at
    following = np.roll(edges, -1, axis=0)
    turns = edges[:, 0] * following[:, 1] - edges[:, 1] * following[:, 0]
    area = 0.5 * abs(float(np.sum(at[:, 0] * np.roll(at[:, 1], -1) - np.roll(at[:, 0], -1) * at[:, 1])))
    if not (turns > 0).all() or area < MIN_SHARE * width * height:
        raise UsageError(
            "corners go round the paper: top left, top right, bottom right, bottom left",
            found=f"{', '.join(f'{x:g},{y:g}' for x, y in at)} for {source}",
            next_step="give them in this order",
        )
