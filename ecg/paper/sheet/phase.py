"""Follow the phase of a wave over the page: where each grid line runs, to a fraction of a pixel."""

import heapq
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from splkit.ecg.paper.contracts import Array, Plane
from splkit.ecg.paper.opencv import cv2

FINE_PX = 17.0
"""Shorter waves may be 1 mm lines: blocks of five periods are blind to the other harmonics of 5 mm lines."""
SMOOTHING, FINE_SMOOTHING = 1.2, 0.8
"""Standard deviation of the Gaussian, in blocks; noise alone then has a coherence of 0.25 to 0.35."""
MIN_COHERENCE = 0.5
MIN_AMPLITUDE = 0.25
"""Of the 90th percentile over the page."""


@dataclass(frozen=True)
class Nodes:
    """Places on the page where one family of lines was seen, (n,) each."""

    x: Array
    y: Array
    cycles: Array
    """How many periods from the family's first line; whole at the darkest of a line."""
    seen_share: float
    """Of all blocks of the page."""


def follow_phase(plane: Plane, wave: Array) -> Nodes:
    """Demodulate `plane` by `wave` and unwrap the phase, over the largest island of clear blocks.

    Args:
        plane: (height, width).
        wave: (2,) cycles per pixel along x and y, within about 10 % of the truth where lines are to be seen.
    """
    period = 1 / float(np.hypot(*wave))
    is_fine = period < FINE_PX
    block, spread = round(period * (5 if is_fine else 1)), (FINE_SMOOTHING if is_fine else SMOOTHING)
    blocks = demodulate(plane, wave, block)
    smooth = _blur(blocks.real, spread) + 1j * _blur(blocks.imag, spread)
    size = np.abs(smooth)
    coherence = size / np.maximum(_blur(np.abs(blocks), spread), 1e-9)
    clear = np.where(size > MIN_AMPLITUDE * np.quantile(size, 0.9), coherence, 0)
    phase, seen = _unwrap(np.asarray(np.angle(smooth) / (2 * np.pi), np.float32), clear)
    row, column = np.nonzero(seen)
    x, y = (np.asarray((at + 0.5) * block - 0.5, np.float64) for at in (column, row))
    return Nodes(x, y, x * wave[0] + y * wave[1] + phase[seen], float(seen.mean()))


def demodulate(plane: Plane, wave: Array, block: int) -> npt.NDArray[np.complex64]:
    """(rows, columns) sums over blocks of plane * exp(-2 pi i wave . r)."""
    rows, columns = plane.shape[0] // block, plane.shape[1] // block
    part = plane[: rows * block, : columns * block].reshape(-1, columns, block)
    along_x = (
        np.exp(-2j * np.pi * wave[0] * np.arange(columns * block))
        .astype(np.complex64)
        .reshape(columns, block)
    )
    along_y = (
        np.exp(-2j * np.pi * wave[1] * np.arange(rows * block)).astype(np.complex64).reshape(rows, block)
    )
    in_rows = np.einsum("hcb,cb->hc", part, along_x.real) + 1j * np.einsum("hcb,cb->hc", part, along_x.imag)
    # Paper that is evenly dark is no wave.
    in_rows = in_rows - plane.mean() * along_x.sum(axis=1)
    return np.asarray(np.einsum("rbc,rb->rc", in_rows.reshape(rows, block, columns), along_y), np.complex64)


def _blur(values: npt.NDArray[np.float32], spread: float) -> npt.NDArray[np.float32]:
    blurred = cv2().GaussianBlur(np.ascontiguousarray(values, np.float32), (0, 0), spread)
    return np.asarray(blurred, np.float32)


def _unwrap(
    phase: npt.NDArray[np.float32], clear: npt.NDArray[np.float32]
) -> tuple[Array, npt.NDArray[np.bool_]]:
    """Cycles without jumps, and which blocks were reached; the clearest neighbour is always next."""
    rows, columns = phase.shape
    out, reached = np.zeros(phase.shape), np.zeros(phase.shape, bool)
    _, island = cv2().connectedComponents((clear > MIN_COHERENCE).astype(np.uint8), connectivity=4)
    largest = int(np.argmax(np.bincount(island.ravel(), minlength=2)[1:])) + 1
    start = divmod(int(np.argmax(np.where(island == largest, clear, -1))), columns)
    heap = [(-float(clear[start]), start, float(phase[start]))]
    while heap:
        _, (row, column), near = heapq.heappop(heap)
        if reached[row, column]:
            continue
        reached[row, column] = True
        out[row, column] = here = phase[row, column] + round(near - float(phase[row, column]))
        for r, c in ((row - 1, column), (row + 1, column), (row, column - 1), (row, column + 1)):
            if 0 <= r < rows and 0 <= c < columns and not reached[r, c] and clear[r, c] > MIN_COHERENCE:
                heapq.heappush(heap, (-float(clear[r, c]), (r, c), float(here)))
    return out, reached
