"""Paper that does not lie flat: how far its lines lie from those of the homography, as a smooth function."""

from dataclasses import dataclass

import numpy as np

from splkit.ecg.paper.contracts import Array, Bend

DEGREE = 4
ROUNDS = 6
CUTOFF_SIGMAS = 4.0
WORTH_MM = 0.1
"""Root mean square of the shift from which it is used: 4 ms, 0.01 mV."""
GAIN = 2.0
"""How many times smaller it must make what is left."""


@dataclass(frozen=True)
class Shifts:
    """How far lines of one family lie from those of the homography."""

    at_mm: Array
    """(n, 2) places of the homography."""
    shift_mm: Array
    """(n,) what is to be added, across the lines."""


def fit_bend(upright: Shifts, level: Shifts, worth_mm: float = WORTH_MM) -> Bend | None:
    """Fit a smooth function to the shifts of both families; None where it is less than `worth_mm`."""
    every = np.concatenate([upright.at_mm, level.at_mm])
    middle, reach = every.mean(axis=0), np.maximum(np.ptp(every, axis=0) / 2, 1.0)
    bend = Bend(np.zeros((2, len(_powers()))), middle, reach)
    for axis, one in enumerate((upright, level)):
        bend.coefficients[axis] = fitted = _robust(terms(bend, one.at_mm), one.shift_mm)
        left = one.shift_mm - terms(bend, one.at_mm) @ fitted
        if np.median(np.abs(left)) * GAIN > np.median(np.abs(one.shift_mm)) + worth_mm / GAIN:
            bend.coefficients[axis] = 0
    rms = np.sqrt(np.mean([(terms(bend, every) @ one) ** 2 for one in bend.coefficients], axis=1))
    return bend if float(rms.max()) > worth_mm else None


def shift_mm(bend: Bend, at_mm: Array) -> Array:
    """(n, 2) what is to be added to places (n, 2) of the homography to have those on the paper."""
    inside = np.clip(at_mm, bend.middle_mm - bend.reach_mm, bend.middle_mm + bend.reach_mm)
    return np.asarray(terms(bend, inside) @ bend.coefficients.T)


def terms(bend: Bend, at_mm: Array) -> Array:
    """(n, 15) products of powers of the place, which is scaled to -1 .. 1."""
    x, y = ((at_mm - bend.middle_mm) / bend.reach_mm).T
    return np.stack([x**i * y**j for i, j in _powers()], axis=1)


def _powers() -> list[tuple[int, int]]:
    return [(i, j) for i in range(DEGREE + 1) for j in range(DEGREE + 1 - i)]


def _robust(design: Array, told: Array) -> Array:
    weight = np.ones(len(told))
    found: Array = np.zeros(design.shape[1])
    for _ in range(ROUNDS):
        weighted = design * weight[:, None]
        found = np.asarray(np.linalg.lstsq(weighted.T @ design, weighted.T @ told)[0], np.float64)
        error = told - design @ found
        sigma = max(1.4826 * float(np.median(np.abs(error))), 0.01)
        weight = np.clip(1 - (error / (CUTOFF_SIGMAS * sigma)) ** 2, 0, 1) ** 2
    return np.asarray(found)
