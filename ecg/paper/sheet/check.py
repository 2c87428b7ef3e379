"""How far the lines that are seen lie from where the grid has them, place by place."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from splkit.ecg.paper.contracts import Plane
from splkit.ecg.paper.opencv import cv2
from splkit.ecg.paper.sheet.phase import demodulate
from splkit.ecg.paper.sheet.rectify import Rectified

BLOCK_MM = 5
SPREAD_BLOCKS = 1.5
"""Standard deviation of the Gaussian over blocks: a place is some 25 mm wide and high."""
CAP = 1.5
"""A block counts for so many times the usual at most: a trace along a line is louder than the line."""
CLEAR = 0.6
"""Coherence from which a place is seen; random phases have 0.2."""
FAR_SHARE = 0.1
"""Of the places: so many may be clutter, as letters beside a framed grid."""
MOST_OFF_MM = 0.3
"""12 ms at 25 mm/s, 0.03 mV at 10 mm/mV."""
MIN_SEEN, MIN_OF_OTHER = 0.3, 0.5
"""Share of the page on which a family must be seen, and of where the other one is: both cover one paper."""


@dataclass(frozen=True)
class Off:
    """Lines of one family against the grid."""

    worst_mm: float
    """Nine in ten of the places lie nearer; nan where none is seen."""
    mean_mm: float
    """Over all places that are seen."""
    seen_share: float
    """Of the places on the page."""


INK, LONG_MM, NEAR_MM = 0.3, 3.0, 0.25
DASH_MM, ENOUGH = 1.2, 2.0
"""Lines of a copy may be dashes: they are taken where long ink is less than so many pixels a row."""

MISSING = 0.4
"""Contrast of a line, of that of its neighbours, under which there is none."""

Offs = tuple[Off, Off]
"""Of upright and of level lines."""


def lines_off(sheet: Rectified, period_mm: float) -> Offs:
    """How far upright and level lines, `period_mm` apart, lie off: by half a period at most."""
    block = round(BLOCK_MM * sheet.px_per_mm)
    rows, columns = (length // block for length in sheet.plane.shape)
    whole = sheet.inside[: rows * block, : columns * block]
    inside = whole.reshape(rows, block, columns, block).mean(axis=(1, 3)) > 0.9
    if not inside.any():
        return Off(np.nan, np.nan, 0.0), Off(np.nan, np.nan, 0.0)
    waves = np.eye(2) / (period_mm * sheet.px_per_mm)
    near = [_near(demodulate(sheet.plane, wave, block), inside) for wave in waves]
    seen = [inside & (each.coherence > CLEAR) for each in near]
    # Where one family alone is seen there is a frame, a word or a trace, if both are seen elsewhere.
    both = seen[0] & seen[1]
    shares = [float(each.sum() / inside.sum()) for each in seen]
    held = [both if both.sum() > MIN_SEEN * inside.sum() else each for each in seen]
    upright, level = (
        _off(one.phase, places, share, period_mm)
        for one, places, share in zip(near, held, shares, strict=True)
    )
    return upright, level


def why_off(offs: Offs) -> str:
    """What is wrong with a grid whose finest wave lies so; "" where nothing is."""
    for name, one in zip(("upright", "level"), offs, strict=True):
        needed = max(MIN_SEEN, MIN_OF_OTHER * max(each.seen_share for each in offs))
        if one.seen_share < needed:
            return f"{name} lines in their places on {one.seen_share:.0%} of the page, not {needed:.0%}"
        if one.worst_mm > MOST_OFF_MM:
            return f"{name} lines {one.worst_mm:.1f} mm from where the others have them"
    return ""


def share_on_lines(sheet: Rectified) -> float:
    """Share of long thin ink that lies where 1 mm lines do, of the worse family; half does by chance.

    For a plane that shows nothing but lines (`thin.py`), of which many may be lost: those that are left may
    fit a wave that is none.
    """
    ink = (sheet.plane * sheet.inside > INK).astype(np.uint8)
    shares = []
    for along_x in (True, False):
        # A line a pixel wide that lay aslant steps from row to row.
        thick = cv2().dilate(ink, np.ones((3, 1) if along_x else (1, 3), np.uint8))
        pieces = _pieces(thick, along_x, LONG_MM * sheet.px_per_mm)
        if pieces.sum() < ENOUGH * pieces.size:
            pieces = _pieces(thick, along_x, DASH_MM * sheet.px_per_mm)
        at_mm = np.arange(len(pieces)) / sheet.px_per_mm
        near = np.abs(at_mm - np.round(at_mm)) <= NEAR_MM
        shares.append(float(pieces[near].sum() / max(pieces.sum(), ENOUGH * pieces.size)))
    return min(shares)


def every_other_is_missing(sheet: Rectified) -> bool:
    """Whether of level 5 mm lines every other one is not there: the scale along y is half the true one."""
    whole = sheet.inside.sum(axis=1)
    profile = (sheet.plane * sheet.inside).sum(axis=1) / np.maximum(whole, 1)
    reach = round(NEAR_MM * sheet.px_per_mm) + 1
    at = np.round(np.arange(0, len(profile), BLOCK_MM * sheet.px_per_mm)).astype(int)
    usual = float(np.median(profile[whole > 0])) if whole.any() else 0.0
    heights = np.array([profile[max(0, y - reach) : y + reach + 1].max() - usual for y in at])
    both = float(heights[::2].mean()), float(heights[1::2].mean())
    return min(both) < MISSING * max(both)


def _pieces(ink: npt.NDArray[np.uint8], along_x: bool, length_px: float) -> npt.NDArray[np.int64]:
    """For each row, or column, how much of its ink goes on for so long."""
    kernel = np.ones((1, round(length_px)) if along_x else (round(length_px), 1), np.uint8)
    return np.asarray(
        cv2().morphologyEx(ink, cv2().MORPH_OPEN, kernel).sum(axis=1 if along_x else 0), np.int64
    )


class _Near(NamedTuple):
    """Of the places, (rows, columns) each."""

    phase: npt.NDArray[np.complex64]
    coherence: npt.NDArray[np.floating]


def _near(blocks: npt.NDArray[np.complex64], inside: npt.NDArray[np.bool_]) -> _Near:
    size = np.abs(blocks)
    usual = float(np.median(size[inside]))
    blocks = blocks * np.minimum(1, CAP * usual / np.maximum(size, 1e-9)) * inside
    phase = _blur(blocks.real) + 1j * _blur(blocks.imag)
    return _Near(phase, np.abs(phase) / np.maximum(_blur(np.abs(blocks)), 1e-9))


def _off(
    phase: npt.NDArray[np.complex64], seen: npt.NDArray[np.bool_], share: float, period_mm: float
) -> Off:
    if not seen.any():
        return Off(np.nan, np.nan, 0.0)
    # One shift of all lines shifts the whole sheet, and does no harm.
    mean = phase[seen].sum()
    off_mm = np.abs(np.angle(phase[seen] * np.conj(mean))) / (2 * np.pi) * period_mm
    return Off(float(np.quantile(off_mm, 1 - FAR_SHARE)), float(off_mm.mean()), share)


def _blur(values: npt.NDArray[np.floating]) -> Plane:
    blurred = cv2().GaussianBlur(np.ascontiguousarray(values, np.float32), (0, 0), SPREAD_BLOCKS)
    return np.asarray(blurred, np.float32)
