"""Light and colour over the page: shading, a shadow's edge, uneven colour."""

import numpy as np

from splkit.ecg.paper.opencv import cv2
from splkit.ecg.paper.render.marks import lit
from splkit.ecg.paper.render.rendered import Rendered


def shade(page: Rendered, share: float, rng: np.random.Generator) -> Rendered:
    """Light that falls off evenly across the page, by `share` from one end to the other."""
    height, width = page.rgb.shape[:2]
    angle = rng.uniform(0, 2 * np.pi)
    rows, columns = np.ogrid[:height, :width]
    along = np.cos(angle) * columns / width + np.sin(angle) * rows / height
    along = (along - along.min()) / np.ptp(along)
    return lit(page, np.asarray(1 - share * along, np.float32)[..., None])


def cast_shadow(page: Rendered, share: float, rng: np.random.Generator) -> Rendered:
    """A hand's or a phone's shadow: one side of an edge is darker by `share`, the edge 1 to 15 mm soft."""
    height, width = page.rgb.shape[:2]
    angle = rng.uniform(0, 2 * np.pi)
    middle = np.array([width, height]) * rng.uniform(0.2, 0.8, 2)
    rows, columns = np.ogrid[:height, :width]
    distance = (rows - middle[1]) * np.cos(angle) - (columns - middle[0]) * np.sin(angle)
    distance = distance + 0.05 * width * np.sin(2 * np.pi * columns / width + rng.uniform(0, 6))
    soft_px = page.grid.px_per_mm_x * rng.uniform(1, 15)
    dark = 0.5 * (1 + np.tanh(distance / (soft_px / 2)))
    return lit(page, np.asarray(1 - share * dark, np.float32)[..., None])


def tint(page: Rendered, share: float, rng: np.random.Generator) -> Rendered:
    """Yellowed paper and lamps of other colours: each channel drifts by up to `share` over the page."""
    height, width = page.rgb.shape[:2]
    drift = 0.6 * rng.uniform(0, 1, (3, 4, 1)) + 0.4 * rng.uniform(0, 1, (3, 4, 3))
    coarse = (1 - share * drift).astype(np.float32)
    cv = cv2()
    return lit(page, np.clip(cv.resize(coarse, (width, height), interpolation=cv.INTER_CUBIC), 0, 1))
