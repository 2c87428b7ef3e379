"""How a pen's line lands on pixels: coverage as a function of the distance from the middle of the line."""

from typing import NamedTuple

import numpy as np
from scipy.special import ndtr

from splkit.ecg.paper.contracts import Array


class Pen(NamedTuple):
    """One pen for the whole sheet."""

    width_px: float
    blur_px: float
    """Standard deviation of all blur together: the pixel itself (0.29), the printer, the lens, a warp."""
    darkness: float
    """Coverage under the middle of a wide line; below 1 where the ink is paler than was assumed."""


class Landed(NamedTuple):
    """Coverage at a distance, and how it changes."""

    coverage: Array
    by_distance: Array
    by_width: Array
    by_blur: Array


def land(distance: Array, pen: Pen) -> Landed:
    """A straight line of `pen.width_px` blurred by a Gaussian, before darkness; bends are not modelled."""
    inner = (0.5 * pen.width_px - distance) / pen.blur_px
    outer = (0.5 * pen.width_px + distance) / pen.blur_px
    at_inner, at_outer = _bell(inner), _bell(outer)
    return Landed(
        ndtr(inner) + ndtr(outer) - 1.0,
        (at_outer - at_inner) / pen.blur_px,
        (at_outer + at_inner) / (2 * pen.blur_px),
        -(inner * at_inner + outer * at_outer) / pen.blur_px,
    )


def _bell(u: Array) -> Array:
    return np.asarray(np.exp(-0.5 * u * u) / np.sqrt(2 * np.pi), dtype=u.dtype)
