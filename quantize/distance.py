"""How far a cycle is from those that a model learned from: beyond a limit there is no estimate."""

from typing import Annotated, Final, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, model_validator

from splkit.ecg.frontend import CYCLE_SIZE, cycles_in
from splkit.quantize.contract import Number, Part

POINTS: Final = 5
"""Points of a cycle in one value: 17 ms, so that a QRS complex has some five values, and noise of single
points counts little."""
VALUES: Final = CYCLE_SIZE // POINTS
COMPONENTS: Final = 8
"""`lib/spl_distance.c` takes them four at a time."""

ONE: Final = 127
"""The greatest value of a component. It is positive, which settles the component's sign, and keeps the
squared length within 127^2 to 54 * 127^2."""

PERCENT: Final = 100
MOST: Final = (1 << 32) - 1
"""Sums of squares beyond it are counted as this."""

COEFFICIENT_BITS: Final = 9
RECIPROCAL_BITS: Final = 44
_TO_COEFFICIENT: Final = RECIPROCAL_BITS - COEFFICIENT_BITS

Value = Annotated[int, Field(ge=-32768, le=32767)]
Weight = Annotated[int, Field(ge=-ONE, le=ONE)]
Below = Annotated[int, Field(ge=-(1 << 21), le=0)]
Above = Annotated[int, Field(ge=0, le=1 << 21)]
Component = Annotated[tuple[Weight, ...], Field(min_length=VALUES, max_length=VALUES)]


class Refused(Part):
    """Who gets no answer, of the patients of one split.

    Attributes:
        beats: so many accepted cycles are in each mean.
        cycles, cycles_refused: means, and those beyond the limit.
        patients, patients_refused: with a mean, and those of them all of whose means are beyond it.
        answered_mae_meq_l: of the int8 model on the means that are answered; None where there are none.
        refused_mae_meq_l: on the others.
    """

    beats: int = Field(ge=1, le=16)
    cycles: int = Field(ge=1)
    cycles_refused: int = Field(ge=0)
    patients: int = Field(ge=1)
    patients_refused: int = Field(ge=0)
    answered_mae_meq_l: Number | None = None
    refused_mae_meq_l: Number | None = None

    @property
    def share(self) -> float:
        """Of the means."""
        return self.cycles_refused / self.cycles


class Distance(Part):
    """What a device holds an averaged cycle against before it answers.

    A cycle is reduced to `VALUES` means of `POINTS` points. The mean of the training cycles and what the
    components explain are taken off; the sum of squares of the rest is the distance. A component explains no
    more than it did in any training cycle: of a T wave twice as high as any, half stays in the rest.

    Attributes:
        mean: of the training cycles, Q12.
        components: principal ones of the training cycles, the greatest first. Only their directions count.
        least, greatest: how much of each component training cycles had, 512 being the component as it stands.
        limit: the largest distance that is answered: a sum of `VALUES` squares, 4096 being the R amplitude; a
            multiple of 100. It is that of means of as many cycles as the board averages. Means of fewer,
            which a strip may give, have more noise and are held to the same limit.
        held_out: so many means of held-out training patients made the limit.
        validation: who gets no answer, of the validation patients, by the number of cycles in a mean.
        test: the same of the test patients, means as the board has them.
    """

    mean: Annotated[tuple[Value, ...], Field(min_length=VALUES, max_length=VALUES)]
    components: Annotated[tuple[Component, ...], Field(min_length=COMPONENTS, max_length=COMPONENTS)]
    least: Annotated[tuple[Below, ...], Field(min_length=COMPONENTS, max_length=COMPONENTS)]
    greatest: Annotated[tuple[Above, ...], Field(min_length=COMPONENTS, max_length=COMPONENTS)]
    limit: int = Field(ge=PERCENT, le=(1 << 31) - 1, multiple_of=PERCENT)
    held_out: int = Field(ge=1)
    validation: tuple[Refused, ...] = ()
    test: Refused | None = None

    @model_validator(mode="after")
    def _check(self) -> Self:
        if any(max(component) != ONE for component in self.components):
            raise ValueError(f"the greatest value of a component is {ONE}")
        return self

    @property
    def rms(self) -> float:
        """The limit as the root mean square of what is left over, in R amplitudes."""
        return float(np.sqrt(self.limit / VALUES) / 4096)

    @property
    def words(self) -> str:
        """What it does, in one line."""
        limit = f"no estimate of a cycle unlike those of training (RMS over {self.rms:.3f} of R)"
        if self.test is None:
            return limit
        none = f"of {self.test.patients:,} patients {self.test.patients_refused:,} have none"
        return f"{limit}: {self.test.share:.1%} of the test cycles; {none}"

    @property
    def unit(self) -> int:
        """A hundredth of the limit."""
        return self.limit // PERCENT

    def left_over(self, cycles: NDArray[np.int16]) -> NDArray[np.int64]:
        """The distances, int64[n], of cycles, int16[n, 270], Q12, in the unit of `limit`."""
        return self.basis.left_over(cycles)

    def percent(self, cycles: NDArray[np.int16]) -> NDArray[np.int64]:
        """The distances, int64[n], of cycles, int16[n, 270], Q12, in percent of the limit, rounded up.

        Over 100 is no estimate. It is an integer at every step, as on a device.
        """
        return (np.minimum(self.left_over(cycles), MOST - self.unit) + self.unit - 1) // self.unit

    def refuses(self, cycles: NDArray[np.int16]) -> NDArray[np.bool_]:
        """Which cycles, int16[n, 270], Q12, get no estimate: bool[n]."""
        return self.percent(cycles) > PERCENT

    @property
    def basis(self) -> "Basis":
        """What the distance is worked out with."""
        plain = Basis.of(np.array(self.mean, np.int64), np.array(self.components, np.int64))
        return plain._replace(least=np.array(self.least), greatest=np.array(self.greatest))


NOT_CHECKED: Final = "any cycle gets an answer: how far it is from those of training is not known to the card"


class Basis(NamedTuple):
    """A mean and components.

    Attributes:
        mean: int64[54], Q12.
        components: int64[k, 54], each with `ONE` as its greatest value.
        reciprocals: int64[k], one over the squared length of each, 44 fraction bits: below 2^31.
        least, greatest: int64[k], of the coefficients, 9 fraction bits.
    """

    mean: NDArray[np.int64]
    components: NDArray[np.int64]
    reciprocals: NDArray[np.int64]
    least: NDArray[np.int64]
    greatest: NDArray[np.int64]

    @classmethod
    def of(cls, mean: NDArray[np.int64], components: NDArray[np.int64]) -> Self:
        """With the reciprocals, rounded, and coefficients of any size."""
        squares = (components**2).sum(axis=1)
        any_size = np.full(len(components), 1 << 21, np.int64)
        reciprocals = ((1 << RECIPROCAL_BITS) + squares // 2) // squares
        return cls(mean, components, reciprocals, -any_size, any_size)

    def seen(self, cycles: NDArray[np.int16]) -> Self:
        """With the coefficients that these cycles, int16[n, 270], have; 0 is always among them."""
        found = self.coefficients(values_of(cycles) - self.mean)
        least, greatest = np.minimum(found.min(axis=0), 0), np.maximum(found.max(axis=0), 0)
        return self._replace(least=least, greatest=greatest)

    def coefficients(self, away: NDArray[np.int64]) -> NDArray[np.int64]:
        """How much of each component is in values less the mean, int64[n, 54]: int64[n, k]."""
        half = 1 << (_TO_COEFFICIENT - 1)
        return (away @ self.components.T * self.reciprocals + half) >> _TO_COEFFICIENT

    def left_over(self, cycles: NDArray[np.int16]) -> NDArray[np.int64]:
        """Sums of squares, int64[n], of what mean and components leave over of cycles, int16[n, 270].

        `lib/spl_distance.c` computes the same, mostly in 32 bits, and has the bounds.
        """
        away = values_of(cycles) - self.mean
        coefficients = np.clip(self.coefficients(away), self.least, self.greatest)
        half = 1 << (COEFFICIENT_BITS - 1)
        explained = (coefficients @ self.components + half) >> COEFFICIENT_BITS
        return np.asarray(((away - explained) ** 2).sum(axis=1), np.int64)


def values_of(cycles: NDArray[np.int16]) -> NDArray[np.int64]:
    """Means of `POINTS` points of cycles (int16[n, 270]), int64[n, 54], rounded: a half goes up.

    Of rows with windows the cycles: what lies beyond them goes with the heart rate.
    """
    points = cycles_in(cycles).astype(np.int64).reshape(-1, VALUES, POINTS)
    return np.asarray((points.sum(axis=2) + POINTS // 2) // POINTS, np.int64)
