"""What a device says of averaged cycles, in its integers: the twin of what lies between front end and alerts.

Values are thousandths of the model's unit, of potassium micro-equivalents a litre (4500 is 4.5 mEq/L).
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from splkit.ecg.frontend import quantize_cycles
from splkit.progress import Advance, ignore_progress
from splkit.quantize.card import ModelCard
from splkit.quantize.contract import Contract
from splkit.quantize.curve import AS_IT_IS, Curve
from splkit.quantize.distance import PERCENT, Distance
from splkit.quantize.facts import ends
from splkit.quantize.oracle import TflmOracle
from splkit.quantize.spread import UEQ_L, Spread
from splkit.quantize.units import in_milli, interval_milli, spl_scale


class Answer(NamedTuple):
    """The answer to one averaged cycle.

    Attributes:
        outputs: of the network as they are, int8; none where the cycle is unlike those of training.
        quantiles: in order and not calibrated; of a model with one answer its value alone. None where the
            cycle is unlike or the answer is not plausible: there is no estimate.
        unlike_percent: how far the cycle is from those of training, in percent of the limit, where that is
            too far.
    """

    outputs: tuple[int, ...]
    quantiles: tuple[int, ...] | None
    unlike_percent: int | None = None


class DeviceModel:
    """A model as a device has it.

    Args:
        content: the bytes of the .tflite.
        contract: what its answer means.
        spread: of a model that answers quantiles.
        interval: (low, high) about an estimate of a model with one answer, thousandths; None without one.
        distance: beyond which there is no answer; None where it is not checked.

    Raises:
        ToolError: the package tflite-micro is not installed.
        ModelError: the bytes are no .tflite, or the interpreter cannot run it.
    """

    def __init__(
        self,
        content: bytes,
        contract: Contract,
        *,
        spread: Spread | None = None,
        interval: tuple[int, int] | None = None,
        distance: Distance | None = None,
    ) -> None:
        self.contract, self.spread, self.interval, self.distance = contract, spread, interval, distance
        self.oracle = TflmOracle(content)
        self._input, output = ends(content)
        self._scale = spl_scale(output.scale, output.zero_point, contract.offset)
        self._low, self._high = in_milli(contract.plausible.low), in_milli(contract.plausible.high)

    @classmethod
    def of_card(cls, content: bytes, card: ModelCard) -> "DeviceModel":
        """The model of a card. Raises as the class does."""
        interval = interval_milli(card.interval)
        return cls(content, card, spread=card.spread, interval=interval, distance=card.distance)

    @property
    def median(self) -> int:
        """Which of the quantiles is the estimate."""
        return self.spread.median if self.spread else 0

    def quantize(self, cycles: NDArray[np.int16]) -> NDArray[np.int8]:
        """Q12 cycles as the model's input, int8[k, 270]."""
        return quantize_cycles(cycles, self._input.scale, self._input.zero_point)

    def answers(
        self,
        averaged: NDArray[np.int16],
        curve: Curve = AS_IT_IS,
        advance: Advance = ignore_progress,
        *,
        counts: Sequence[int] | None = None,
    ) -> list[Answer]:
        """The answer to each averaged cycle, int16[k, 270], Q12; `advance` counts those that are inferred.

        `counts` says of how many cycles each is; where it is left out they are whole means.
        """
        percent = self._percent(averaged)
        is_unlike = percent > PERCENT
        outputs = iter(self.oracle.run(self.quantize(averaged[~is_unlike]), advance).tolist())
        spreads = [self.spread] * len(averaged) if counts is None else [self._of_cycles(n) for n in counts]
        return [
            Answer((), None, away) if refused else self._answer(next(outputs), spread, curve)
            for away, refused, spread in zip(percent.tolist(), is_unlike.tolist(), spreads, strict=True)
        ]

    def ends(self, quantiles: Sequence[int], curve: Curve = AS_IT_IS) -> tuple[int, int] | None:
        """The ends of an estimate's interval, calibrated and within what is plausible; None without one."""
        if self.spread:
            calibrated = curve.quantiles(quantiles, self.median)
            low, high = calibrated[0], calibrated[-1]
        elif self.interval:
            value = curve.value(quantiles[0])
            low, high = (value + end for end in curve.ends(*self.interval))
        else:
            return None
        return self._held(low), self._held(high)

    def risks(
        self, quantiles: Sequence[int], levels: Sequence[int], curve: Curve = AS_IT_IS
    ) -> tuple[int, ...]:
        """The chance, thousandths, of potassium at or above each level; none of a model without quantiles."""
        if self.spread is None:
            return ()
        return tuple(risk_permille(self.spread, curve, quantiles, each, self.contract) for each in levels)

    def _percent(self, averaged: NDArray[np.int16]) -> NDArray[np.int64]:
        if self.distance is None or not len(averaged):
            return np.zeros(len(averaged), np.int64)
        return self.distance.percent(averaged)

    def _of_cycles(self, cycles: int) -> Spread | None:
        return self.spread.of_cycles(cycles) if self.spread else None

    def _answer(self, outputs: list[int], spread: Spread | None, curve: Curve) -> Answer:
        values = np.array([[self._scale.value(each) for each in outputs]])
        quantiles = tuple((spread.corrected(values) if spread else values)[0].tolist())
        value = quantiles[self.median]
        plausible = all(self._low <= each <= self._high for each in (value, curve.value(value)))
        return Answer(tuple(outputs), quantiles if plausible else None)

    def _held(self, value: int) -> int:
        return min(max(value, self._low), self._high)


def risk_permille(
    spread: Spread, curve: Curve, quantiles_ueq_l: Sequence[int], level_ueq_l: int, contract: Contract
) -> int:
    """The chance, in thousandths, that potassium is at or above a level, by quantiles and a calibration."""
    calibrated = np.array([curve.quantiles(quantiles_ueq_l, spread.median)])
    plausible = (contract.plausible.low, contract.plausible.high)
    return int(spread.risk_permille(calibrated, level_ueq_l / UEQ_L, plausible)[0])
