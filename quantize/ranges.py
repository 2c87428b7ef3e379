"""Ranges of a network's values: what int8 scales and zero points are made of."""

import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import numpy as np

from splkit.errors import ModelError, reason

INT8_STEPS = 255


class Range(NamedTuple):
    """The least and greatest value, as float32 holds them."""

    low: float
    high: float

    def check(self, where: str) -> None:
        """Hold the range to what a scale can be made of.

        Raises:
            ModelError: a bound is not finite, the bounds are inverted, or there is nothing between them.
        """
        if not (math.isfinite(self.low) and math.isfinite(self.high)):
            raise _unusable(where, f"{self.low} to {self.high}")
        if self.low > self.high:
            raise _unusable(where, f"{self.low} to {self.high}, inverted")
        if self.low == self.high or max(-self.low, self.high) <= np.finfo(np.float32).tiny:
            raise _unusable(where, f"{self.low} to {self.high}, nothing between them")


def int8_scale(one: Range) -> tuple[float, int]:
    """Scale and zero point that the converter gives an int8 tensor of this range, computed as it does."""
    low, high = min(one.low, 0.0), max(one.high, 0.0)
    scale = float((np.float32(high) - np.float32(low)) / np.float32(INT8_STEPS))
    return scale, int(np.floor(-128.5 - low / scale + 1))


Ranges = Mapping[str, Range]
"""By "<layer>/<part>"; the part of a layer's output is "output", see `splkit.quantize.values`."""


def check_ranges(ranges: Ranges) -> None:
    """Hold every range to what a scale can be made of.

    Raises:
        ModelError: one is not; it is named.
    """
    for where, one in ranges.items():
        one.check(where)


def save_ranges(ranges: Ranges, path: Path) -> None:
    """Write ranges as JSON, to the last digit."""
    path.write_text(json.dumps(dict(ranges), indent=2) + "\n", encoding="utf-8")


def load_ranges(path: Path) -> dict[str, Range]:
    """Read what `save_ranges` wrote.

    Raises:
        ModelError: the file is not there, holds something else, or a range is unusable.
    """
    try:
        ranges = {
            str(where): Range(*map(float, bounds)) for where, bounds in json.loads(path.read_bytes()).items()
        }
    except (OSError, ValueError, TypeError, AttributeError) as error:
        raise ModelError(
            "trained ranges are what splkit quantize left",
            found=f"{path}: {reason(error)}",
            next_step="remove their folder and quantize again",
        ) from error
    check_ranges(ranges)
    return ranges


def _unusable(where: str, found: str) -> ModelError:
    return ModelError(
        "a range that is quantized has a finite low end below its high end",
        found=f"{found} at {where}",
        next_step="train longer or on more patients, with a lower learning rate",
    )
