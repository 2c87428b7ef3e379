"""What the quantiles that a model answers say: an interval, and the risk that the potassium is high."""

from typing import Annotated, Any, Final, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, SerializerFunctionWrapHandler, model_serializer, model_validator

from splkit.ecg.frontend import AveragedCycles
from splkit.quantize.contract import Number, Part
from splkit.train.metrics import band_name

UEQ_L: Final = 1000
"""Micro-equivalents a litre in a mEq/L: the unit in which a device counts."""
MEDIAN_PERMILLE: Final = 500
RISK_LEVELS_MEQ_L: Final = (5.5, 6.5)
"""Hyperkalemia, and the severe one that is an emergency (`splkit.train.metrics`)."""

EARLIEST_CYCLES: Final = 2
"""In a mean that a device answers. What one beat shows nobody has seen twice: an artefact that passed for its
T wave would be an estimate."""

Permille = Annotated[int, Field(ge=1, le=999)]
Share = Annotated[float, Field(ge=0, le=1)]
Correction = Annotated[float, Field(ge=-20, le=20)]
"""mEq/L; as wide as what is plausible can be."""


class Covered(Part):
    """How many truths lie in the interval, of the test cycles in one band.

    Attributes:
        by: whether the band is one of the estimate or of the truth.
        from_meq_l, below_meq_l: the band; an open end is None.
        cycles: in it.
        share: of them whose truth lies in the interval.
        width_meq_l: of the interval, in the mean.
    """

    by: Annotated[str, Field(pattern="^(all|estimate|truth)$")]
    from_meq_l: Number | None = None
    below_meq_l: Number | None = None
    cycles: int = Field(ge=0)
    share: Share
    width_meq_l: Number

    @property
    def name(self) -> str:
        """In words: "estimate 4.5 to 5"."""
        return self.by if self.by == "all" else f"{self.by} {band_name(self.from_meq_l, self.below_meq_l)}"


class Risk(Part):
    """How well the risk of potassium at or above a level is told, on the test cycles.

    Attributes:
        level_meq_l: the level.
        share: of cycles at or above it.
        mean_risk: in the mean; a calibrated risk has the same.
        brier: mean squared error of the risk (Brier 1950).
        specificity: at which the next four hold.
        alert_permille: an alert is a risk of more than this.
        sensitivity, sensitivity_low, sensitivity_high: of that alert, with its 95 % interval by patients.
        median_sensitivity: of an alert from the median alone.
    """

    level_meq_l: Number
    share: Share
    mean_risk: Share
    brier: Share
    specificity: Share
    alert_permille: int = Field(ge=0, le=1000)
    sensitivity: Share
    sensitivity_low: Share
    sensitivity_high: Share
    median_sensitivity: Share


class OfCycles(Part):
    """What the quantiles come to for means of one number of accepted cycles, on test patients.

    Attributes:
        cycles: in a mean.
        correction_meq_l: as of a `Spread`, from validation patients' means of so many.
        means: that were tested.
        mae_meq_l: of the estimates.
        share: of truths in the interval.
        width_meq_l: of the interval, in the mean.
        specificity, sensitivity: of the alert at each of `RISK_LEVELS_MEQ_L`, by the operating point of whole
            means; None where the test patients have one class alone.
    """

    cycles: AveragedCycles
    correction_meq_l: tuple[Correction, ...]
    means: int = Field(ge=0)
    mae_meq_l: Number
    share: Share
    width_meq_l: Number
    specificity: tuple[Share | None, ...] = ()
    sensitivity: tuple[Share | None, ...] = ()


class Spread(Part):
    """The quantiles of a model of potassium: answer i, corrected, is the quantile `permille[i]`.

    The interval of an estimate reaches from the first to the last of them.

    Attributes:
        permille: the levels in thousandths, rising, 500 among them: that quantile is the estimate.
        correction_meq_l: added to each answer, so that as many truths of validation patients lie below it as
            its level says (conformalized quantiles, after Romano 2019, arXiv:1905.03222).
        covered: by bands, on test patients.
        risks: at each of `RISK_LEVELS_MEQ_L`, on test patients.
        counts: by number of cycles, rising, up to those of a whole mean; empty where the network has learned
            from whole means alone, as those of older cards.
    """

    permille: tuple[Permille, ...] = Field(min_length=3, max_length=16)
    correction_meq_l: tuple[Correction, ...]
    covered: tuple[Covered, ...] = ()
    risks: tuple[Risk, ...] = ()
    counts: tuple[OfCycles, ...] = ()

    @model_serializer(mode="wrap")
    def _leave_out(self, serialize: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """A card without counts has the bytes that it had before there were any."""
        fields: dict[str, Any] = serialize(self)
        if not self.counts:
            fields.pop("counts", None)
        return fields

    @model_validator(mode="after")
    def _check_counts(self) -> Self:
        cycles = [each.cycles for each in self.counts]
        if cycles != sorted(set(cycles)):
            raise ValueError("the numbers of cycles rise")
        if any(len(each.correction_meq_l) != len(self.permille) for each in self.counts):
            raise ValueError("every level has its correction for every number of cycles")
        if self.counts and self.counts[-1].correction_meq_l != self.correction_meq_l:
            raise ValueError("the corrections are those of the most cycles")
        return self

    @model_validator(mode="after")
    def _check_levels(self) -> Self:
        if list(self.permille) != sorted(set(self.permille)) or MEDIAN_PERMILLE not in self.permille:
            raise ValueError(f"permille rises and holds {MEDIAN_PERMILLE}")
        if len(self.correction_meq_l) != len(self.permille):
            raise ValueError("every level has its correction")
        levels = [risk.level_meq_l for risk in self.risks]
        if levels != sorted(set(levels)):
            raise ValueError("the levels of risks rise")
        return self

    @property
    def median(self) -> int:
        """Which of the corrected quantiles is the estimate."""
        return self.permille.index(MEDIAN_PERMILLE)

    @property
    def coverage(self) -> float:
        """The share of truths that the interval should hold."""
        return (self.permille[-1] - self.permille[0]) / 1000

    @property
    def corrections_ueq_l(self) -> tuple[int, ...]:
        """What a device adds to each answer."""
        return tuple(round(each * UEQ_L) for each in self.correction_meq_l)

    def of_cycles(self, cycles: int) -> "Spread":
        """The same with the corrections of a mean of so many cycles.

        Of a number that is not known they are those of the next one that is lower, whose interval is no
        narrower; of the lowest where none is.
        """
        known = self.counted(cycles)
        return self.model_copy(update={"correction_meq_l": known.correction_meq_l}) if known else self

    def counted(self, cycles: int) -> OfCycles | None:
        """What stands for a mean of so many cycles; None where nothing is known by their number."""
        lower = [each for each in self.counts if each.cycles <= cycles]
        return (lower[-1:] or self.counts[:1] or (None,))[0]

    def alert_permille(self, level_meq_l: float) -> int:
        """The operating point of a level of `RISK_LEVELS_MEQ_L`: an alert is a risk of more than this.

        Where the card has no risk of it, the median decides: from it on upwards lies one half.
        """
        points = {risk.level_meq_l: risk.alert_permille for risk in self.risks}
        return points.get(level_meq_l, MEDIAN_PERMILLE - 1)

    def quantiles_ueq_l(self, answers_meq_l: NDArray[np.float64]) -> NDArray[np.int64]:
        """Answers, float64[n, k], as corrected quantiles, int64[n, k], which never fall."""
        return self.corrected(np.asarray(np.rint(answers_meq_l * UEQ_L), np.int64))

    def estimates_meq_l(self, answers_meq_l: NDArray[np.float64]) -> NDArray[np.float64]:
        """The estimate of each row of answers, float64[n, k]: the middle of its quantiles, float64[n].

        It is not always the network's middle answer: quantiles that cross are put in order first.
        """
        return self.quantiles_ueq_l(answers_meq_l)[:, self.median] / UEQ_L

    def corrected(self, answers_ueq_l: NDArray[np.int64]) -> NDArray[np.int64]:
        """The same of answers in micro-equivalents a litre, int64[n, k], as a device has them."""
        return np.sort(answers_ueq_l + np.array(self.corrections_ueq_l), axis=1)

    def risk_permille(
        self, quantiles_ueq_l: NDArray[np.int64], level_meq_l: float, plausible_meq_l: tuple[float, float]
    ) -> NDArray[np.int64]:
        """The chance, int64[n] in thousandths, that potassium is at or above a level.

        Between two quantiles, and between the outer ones and the ends of the plausible range, the chance is
        spread evenly. It is an integer at every step, as on a device.

        Args:
            quantiles_ueq_l: int64[n, k], rising.
            level_meq_l: the level.
            plausible_meq_l: where potassium can lie.
        """
        low, high = (round(end * UEQ_L) for end in plausible_meq_l)
        level = max(round(level_meq_l * UEQ_L), low)
        count = len(quantiles_ueq_l)
        ends = [np.full((count, 1), end, np.int64) for end in (low, high)]
        edges = np.concatenate([ends[0], np.clip(quantiles_ueq_l, low, high), ends[1]], axis=1)
        above = np.array([1000, *(1000 - each for each in self.permille), 0], np.int64)
        at = np.clip((edges <= level).sum(axis=1) - 1, 0, len(above) - 2)
        rows = np.arange(count)
        start, length = edges[rows, at], edges[rows, at + 1] - edges[rows, at]
        passed = (above[at] - above[at + 1]) * (level - start) // np.maximum(length, 1)
        return np.asarray(np.where(level >= high, 0, above[at] - passed), np.int64)


def least_cycles(spread: Spread | None, averaged_cycles: AveragedCycles) -> AveragedCycles:
    """Of how many cycles a device's early means are at least: half of a whole one, half of that, and so on.

    As far as the intervals of all these are known, and no fewer than `EARLIEST_CYCLES`; those of a whole mean
    where none is.
    """
    known = {each.cycles for each in spread.counts} if spread else set()
    least = averaged_cycles
    for cycles in sorted(known, reverse=True):
        if EARLIEST_CYCLES <= cycles == least // 2:
            least = cycles
    return least


def corrections(
    permille: tuple[int, ...], answers_meq_l: NDArray[np.float64], true_meq_l: NDArray[np.float64]
) -> tuple[float, ...]:
    """What is to be added to each answer so that its share of the truths lies below it.

    Nothing is added to the median, which stays the network's estimate. Of n truths less answers in rising
    order it is number q (n + 1), to the outer side, as in split-conformal prediction (Vovk, Gammerman and
    Shafer 2005).

    Args:
        permille: the levels, k of them.
        answers_meq_l: of validation cycles, float64[n, k].
        true_meq_l: their potassium, float64[n].
    """
    missing = np.sort(true_meq_l[:, np.newaxis] - answers_meq_l, axis=0)
    count = len(missing)
    found = []
    for column, level in enumerate(permille):
        if level == MEDIAN_PERMILLE:
            found.append(0.0)
            continue
        place = level * (count + 1) / 1000
        number = int(np.floor(place) if level < MEDIAN_PERMILLE else np.ceil(place))
        found.append(round(float(missing[min(max(number, 1), count) - 1, column]), 3))
    return tuple(found)
