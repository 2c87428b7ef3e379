"""An image as upright sRGB pixels: 1 to 32 bits, palette, CMYK, transparent, turned by EXIF."""

from typing import Any

import numpy as np
import numpy.typing as npt

from splkit.ecg.paper.pages.bounds import refuse_page, shrinkage
from splkit.optional import optional

WIDE_MODES = ("I", "F", "I;16", "I;16B", "I;16L", "I;16N")
ORIENTATION = 0x0112
TURNS = {
    2: (True, 0),
    3: (False, 2),
    4: (True, 2),
    5: (True, 1),
    6: (False, 3),
    7: (True, 3),
    8: (False, 1),
}
"""By EXIF orientation: whether left and right change places first, then quarter turns to the left."""


def decoded(image: Any) -> npt.NDArray[np.uint8]:
    """The image's pixels, (height, width, 3); one over `MAX_PIXELS` is shrunk by a whole factor.

    Args:
        image: of Pillow, its header read.

    Raises:
        RecordingError: a pixel is not a number. Pillow raises more of its own.
    """
    factor = shrinkage(*image.size)
    image.load()
    orientation = image.getexif().get(ORIENTATION, 1)  # Pillow has turned a TIFF by now, and says 1
    if image.mode in WIDE_MODES:
        return _upright(_narrowed(image, factor), orientation)
    if image.mode == "1":
        image = image.convert("L")
    if image.mode in ("P", "PA") or "transparency" in image.info:
        image = image.convert("RGBA")
    if factor > 1:
        image = image.reduce(factor)
    if image.mode in ("RGBA", "LA", "RGBa", "La"):
        image = _on_white(image)
    return _upright(np.asarray(image.convert("RGB"), np.uint8), orientation)


def _upright(rgb: npt.NDArray[np.uint8], orientation: int) -> npt.NDArray[np.uint8]:
    """Turns and mirrors by EXIF's Orientation (EXIF 2.32, tag 0x0112)."""
    mirrored, quarters = TURNS.get(orientation, (False, 0))
    turned = np.rot90(rgb[:, ::-1] if mirrored else rgb, quarters)
    return np.ascontiguousarray(turned)


def _narrowed(image: Any, factor: int) -> npt.NDArray[np.uint8]:
    """16 and 32 bits a pixel: the brightest is white, whatever number the scanner wrote for it."""
    values = np.asarray(image)[::factor, ::factor].astype(np.float32)
    if not np.isfinite(values).all():
        raise refuse_page("a page holds finite values", "NaN or infinity in a pixel", "convert it to PNG")
    low, high = min(float(values.min()), 0.0), float(values.max())
    grey = np.rint((values - low) * (255.0 / max(high - low, 1e-9))).astype(np.uint8)
    return np.repeat(grey[:, :, None], 3, axis=2)


def _on_white(image: Any) -> Any:
    images = optional("PIL.Image", "image files are read with Pillow")
    solid = image.convert("RGBA")
    paper = images.new("RGBA", solid.size, (255, 255, 255, 255))
    paper.alpha_composite(solid)
    return paper.convert("RGB")
