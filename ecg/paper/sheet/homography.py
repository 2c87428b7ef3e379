"""Homographies: fitted to lines that were counted, and composed."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from splkit.ecg.paper.contracts import Array
from splkit.ecg.paper.sheet.phase import Nodes

Matrix = npt.NDArray[np.floating]

ROUNDS = 12
CUTOFF_SIGMAS = 4.0
"""Tukey's biweight ends there."""
FLOOR_CYCLES = 0.01


@dataclass(frozen=True)
class Fit:
    """A homography from pixels to cycles of both waves, and how well it holds."""

    cycles_from_px: Array
    """(3, 3)."""
    residual_cycles: float
    """Root mean square over the nodes that were kept."""
    kept_share: float
    """Of the nodes: the rest lies off by more than four standard deviations."""


def fit_homography(upright: Nodes, level: Nodes) -> Fit:
    """Fit (u, v) = H(x, y), robustly; nodes of upright lines state u, those of level lines v."""
    x, y = np.concatenate([upright.x, level.x]), np.concatenate([upright.y, level.y])
    told = np.concatenate([upright.cycles, level.cycles])
    is_u = np.arange(len(x)) < len(upright.x)
    middle = np.array([x.mean(), y.mean()])
    scale = max(float(np.ptp(x)), float(np.ptp(y)), 1.0) / 2
    xn, yn, one = (x - middle[0]) / scale, (y - middle[1]) / scale, np.ones(len(x))
    plain = np.stack([xn, yn, one], axis=1)
    design = np.concatenate([plain * is_u[:, None], plain * ~is_u[:, None]], axis=1)
    # Cycles from the middle: the shared denominator multiplies them, so they should be small.
    centre = np.where(is_u, np.median(upright.cycles), np.median(level.cycles))
    centred = told - centre
    weight, params, error = np.ones(len(x)), np.zeros(8), np.zeros(len(x))
    for turn in range(ROUNDS):
        full = np.concatenate([design, -centred[:, None] * plain[:, :2]], axis=1)
        # The first rounds are affine: perspective is a correction, and outliers must not make one up.
        columns = 6 if turn < 2 else 8
        params = np.zeros(8)
        params[:columns] = _solve(full[:, :columns], centred, weight)
        denominator = 1 + plain[:, :2] @ params[6:]
        error = (design @ params[:6]) / denominator - centred
        sigma = max(1.4826 * float(np.median(np.abs(error[weight > 0]))), FLOOR_CYCLES)
        weight = np.clip(1 - (error / (CUTOFF_SIGMAS * sigma)) ** 2, 0, 1) ** 2
    kept = weight > 0
    to_norm = np.array([[1 / scale, 0, -middle[0] / scale], [0, 1 / scale, -middle[1] / scale], [0, 0, 1]])
    matrix = np.array([params[:3], params[3:6], [params[6], params[7], 1]])
    shift = np.array([[1, 0, centre[is_u][0]], [0, 1, centre[~is_u][0]], [0, 0, 1]])
    return Fit(shift @ matrix @ to_norm, float(np.sqrt(np.mean(error[kept] ** 2))), float(kept.mean()))


def apply(matrix: Matrix, points: Matrix) -> Array:
    """(n, 2) points through a (3, 3) homography."""
    mapped = np.concatenate([points, np.ones((len(points), 1))], axis=1) @ matrix.T
    return np.asarray(mapped[:, :2] / mapped[:, 2:])


def scales_at(matrix: Matrix, point: Matrix) -> Array:
    """(2,) length of a unit step along each axis of the source, where `point` of the source is mapped to."""
    steps = np.array([[0.0, 0], [0.5, 0], [-0.5, 0], [0, 0.5], [0, -0.5]]) + point
    mapped = apply(matrix, steps)
    return np.array([np.hypot(*(mapped[1] - mapped[2])), np.hypot(*(mapped[3] - mapped[4]))])


def _solve(design: Array, told: Array, weight: Array) -> Array:
    """Weighted least squares by the normal equations; coordinates scaled to 1 keep them well conditioned."""
    weighted = design * weight[:, None]
    return np.asarray(np.linalg.lstsq(weighted.T @ design, weighted.T @ told)[0])
