"""Calibration curves for tests: straight ones, and as the C stores them."""

import ctypes
from typing import Self

from splkit.quantize.curve import KNOTS, ONE, Curve


def straight(slope: float, through: tuple[int, int], spread: int = ONE) -> Curve:
    """A curve that is a straight line: the estimate `through[0]` becomes `through[1]`."""
    estimate, value = through
    return Curve(tuple(round(value + slope * (knot - estimate)) - knot for knot in KNOTS), 0, spread)


def shifted(by: int) -> Curve:
    """A curve that adds the same to every estimate."""
    return Curve(moves=(by,) * len(KNOTS))


class StoredCurve(ctypes.Structure):
    """`spl_curve_t` of spl_curve.h, of a model that can be calibrated."""

    _fields_ = (
        ("moves", ctypes.c_int16 * len(KNOTS)),
        ("sd", ctypes.c_int32),
        ("spread", ctypes.c_int32),
        ("change_spread", ctypes.c_int32),
    )

    @classmethod
    def of(cls, curve: Curve) -> Self:
        """What the C would store."""
        return cls((ctypes.c_int16 * len(KNOTS))(*curve.moves), curve.sd, curve.spread, curve.change_spread)

    @property
    def curve(self) -> Curve:
        """What is stored."""
        return Curve(tuple(self.moves), self.sd, self.spread, self.change_spread)
