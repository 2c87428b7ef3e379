"""From the network's output to the value that the device says, in fixed point."""

from dataclasses import dataclass

from splkit.errors import ModelError
from splkit.quantize.card import Interval

MAX_FRACTION_BITS = 16

MILLI = 1000
"""Values of the C interface are thousandths of the unit: 4500 is 4.5 mEq/L, 580 the probability 0.58."""


@dataclass(frozen=True)
class SplScale:
    """Value = offset + (output - zero_point) * multiplier / 2^fraction_bits, thousandths of the unit.

    Of potassium these are micro-equivalents a litre: 4500 is 4.5 mEq/L.
    """

    zero_point: int
    multiplier: int
    fraction_bits: int
    offset: int

    def value(self, output: int) -> int:
        """What `spl_from_output` of the generated C returns."""
        scaled = (output - self.zero_point) * self.multiplier
        return self.offset + ((scaled + (1 << self.fraction_bits) // 2) >> self.fraction_bits)


def in_milli(value: float) -> int:
    """A number in the model's unit, in thousandths."""
    return round(value * MILLI)


def interval_milli(interval: Interval | None) -> tuple[int, int] | None:
    """The card's interval in thousandths of the unit."""
    return None if interval is None else (in_milli(interval.low_meq_l), in_milli(interval.high_meq_l))


def spl_scale(output_scale: float, zero_point: int, offset: float) -> SplScale:
    """The finest `SplScale` whose products fit an int32; scale and offset are in the model's unit.

    Raises:
        ModelError: a scale over 1000.
    """
    for bits in range(MAX_FRACTION_BITS, -1, -1):
        multiplier = round(output_scale * 1000.0 * (1 << bits))
        if multiplier * 256 < 1 << 30:
            return SplScale(zero_point, multiplier, bits, round(offset * 1000.0))
    raise ModelError(
        "the output's scale is at most 1000 of its unit a step",
        found=f"{output_scale:.3g}",
        next_step="train on a larger unit; SPL is in mEq/L",
    )
