"""From the network's output to SPL on the device, in fixed point."""

from dataclasses import dataclass

from splkit.errors import ModelError

MAX_FRACTION_BITS = 16


@dataclass(frozen=True)
class SplScale:
    """SPL = offset + (output - zero_point) * multiplier / 2^fraction_bits, micro-equivalents a litre."""

    zero_point: int
    multiplier: int
    fraction_bits: int
    offset_ueq_l: int

    def ueq_l(self, output: int) -> int:
        """What `spl_from_output` of the generated C returns."""
        scaled = (output - self.zero_point) * self.multiplier
        return self.offset_ueq_l + ((scaled + (1 << self.fraction_bits) // 2) >> self.fraction_bits)


def spl_scale(output_scale: float, zero_point: int, offset_meq_l: float) -> SplScale:
    """The finest `SplScale` whose products fit an int32. Raises `ModelError` for a scale over 1000 mEq/L."""
    for bits in range(MAX_FRACTION_BITS, -1, -1):
        multiplier = round(output_scale * 1000.0 * (1 << bits))
        if multiplier * 256 < 1 << 30:
            return SplScale(zero_point, multiplier, bits, round(offset_meq_l * 1000.0))
    raise ModelError(
        "the output's scale is at most 1000 mEq/L a step",
        found=f"{output_scale:.3g}",
        next_step="train on SPL in mEq/L",
    )
