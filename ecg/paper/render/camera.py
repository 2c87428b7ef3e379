"""What scanners, cameras, copiers and faxes do to the pixels."""

from dataclasses import replace

import numpy as np

from splkit.ecg.paper.opencv import cv2
from splkit.ecg.paper.render.rendered import Rendered
from splkit.ecg.paper.render.warps import rescale

_FAX_PX_PER_MM_X = 8.04
"""Of a fax of group 3 (ITU-T T.4): 1728 pixels on 215 mm."""


def blur(page: Rendered, sigma_px: float, _rng: np.random.Generator) -> Rendered:
    """Out of focus: a Gaussian of this sigma."""
    return replace(page, rgb=cv2().GaussianBlur(page.rgb, (0, 0), sigma_px))


def add_noise(page: Rendered, levels: float, rng: np.random.Generator) -> Rendered:
    """Grain: normal noise of so many grey levels, partly the same in all colours."""
    shape = page.rgb.shape
    common = rng.standard_normal((*shape[:2], 1), np.float32)
    own = rng.standard_normal(shape, np.float32)
    noisy = page.rgb + np.float32(levels) * (0.8 * common + 0.6 * own)
    return replace(page, rgb=np.clip(np.round(noisy), 0, 255).astype(np.uint8))


def compress(page: Rendered, quality: float, _rng: np.random.Generator) -> Rendered:
    """Through a JPEG of this quality."""
    cv = cv2()
    packed = cv.imencode(".jpg", page.rgb[..., ::-1], [cv.IMWRITE_JPEG_QUALITY, round(quality)])[1]
    return replace(page, rgb=np.ascontiguousarray(cv.imdecode(packed, cv.IMREAD_COLOR)[..., ::-1]))


def photocopy(page: Rendered, hardness: float, rng: np.random.Generator) -> Rendered:
    """A black-and-white copy: grey, its contrast raised; at hardness 1 each pixel is black or white."""
    grey = cv2().cvtColor(page.rgb, cv2().COLOR_RGB2GRAY).astype(np.float32) / 255
    threshold = rng.uniform(0.5, 0.75)
    spread = 0.5 * (1 - hardness) + 1e-3
    copied = np.clip(0.5 + (grey - threshold) / spread, 0, 1)
    return replace(page, rgb=np.repeat(np.round(255 * copied).astype(np.uint8)[..., None], 3, axis=2))


def fax(page: Rendered, lines_per_mm: float, rng: np.random.Generator) -> Rendered:
    """Through a fax: 8 pixels a mm along a line, 3.85 (standard) or 7.7 (fine) lines a mm, black or white."""
    scale_x = min(_FAX_PX_PER_MM_X / page.grid.px_per_mm_x, 1.0)
    scale_y = min(lines_per_mm / page.grid.px_per_mm_y, 1.0)
    return photocopy(rescale(page, scale_x, scale_y), 1.0, rng)
