"""Parses numbers."""

import math

import numpy as np
from numpy.typing import NDArray

from splkit.ecg.recordings.formats.support import refusal


def number(text: str | None, where: str) -> float:
    """A finite number.

    Raises:
        RecordingError: `text` is no finite number.
    """
    try:
        value = float(text or "")
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise refusal("a scale, a rate and a baseline are numbers", f"{(text or '')[:40]!r} as {where}")
    return value


def number_list(text: str, where: str) -> NDArray[np.float64]:
    """Finite numbers that are separated by blanks.

    Raises:
        RecordingError: one of them is no finite number.
    """
    try:
        values = np.array(text.split(), np.float64)
    except ValueError as error:
        raise refusal("samples are numbers", f"{str(error)[:60]} in {where}") from error
    if not np.isfinite(values).all():
        raise refusal("samples are finite numbers", f"others in {where}")
    return values
