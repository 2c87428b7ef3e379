"""An estimate out of one lead of a recording, on this machine: front end, model, and what its card says."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from splkit.ecg.frontend import CYCLE_FS_HZ, quantize_cycles
from splkit.ecg.recordings.recording import Recording, resample
from splkit.ecg.rpeaks.strip import strip_cycles
from splkit.quantize.card import ModelCard
from splkit.quantize.carried import card_for
from splkit.quantize.distance import PERCENT
from splkit.quantize.oracle import TflmOracle
from splkit.quantize.spread import UEQ_L


@dataclass(frozen=True)
class Estimate:
    """What a model says of a strip.

    Attributes:
        card: of the model.
        lead: that was taken.
        beats: how many accepted cycles the answer is the mean of; 0 where there are none.
        value: in the card's unit; None where there is no cycle, the cycle is unlike those of training, or the
            answer is not plausible.
        interval: low and high in the card's unit, where the card has an interval and there is a value.
        unlike_percent: how far the cycle is from those of training, in percent of the card's limit, where it
            is too far for an answer.
    """

    card: ModelCard
    lead: str
    beats: int
    value: float | None
    interval: tuple[float, float] | None = None
    unlike_percent: int | None = None

    @property
    def words(self) -> str:
        """One line: the value with its unit and interval, the beats, and what the model was trained on."""
        averaged = self.card.cycle.averaged_cycles
        label = f"by {self.card.name}, trained on {self.card.trained_on}"
        if not self.beats:
            return f"no estimate: no accepted beat of {self.lead}; {label}"
        few = f", not {averaged}" if self.beats < averaged else ""
        of = f"from {self.beats} beat{'s' if self.beats > 1 else ''} of {self.lead}{few}"
        if self.unlike_percent is not None:
            away = f"unlike those of training, at {self.unlike_percent} % of the limit"
            return f"no estimate: the cycle is {away}, {of}; {label}"
        if self.value is None:
            return f"no estimate: the answer is not plausible, {of}; {label}"
        interval = f" ({self.interval[0]:.2f} to {self.interval[1]:.2f})" if self.interval else ""
        return f"{self.value:.2f} {self.card.unit}{interval}, {of}; {label}"


def estimate(recording: Recording, model: Path) -> Estimate:
    """The model's answer to the mean of the recording's accepted cycles, as many as its card says at most.

    Raises:
        ModelError: the model has no card, or cannot be run.
        ToolError: the package tflite-micro is not installed.
    """
    card = card_for(model)
    cycles = strip_cycles(resample(recording, float(CYCLE_FS_HZ)))[: card.cycle.averaged_cycles]
    if not len(cycles):
        return Estimate(card, recording.channel, 0, None)
    mean = np.rint(cycles.mean(axis=0)).astype(np.int16)
    percent = int(card.distance.percent(mean[None])[0]) if card.distance else 0
    if percent > PERCENT:
        return Estimate(card, recording.channel, len(cycles), None, unlike_percent=percent)
    code = TflmOracle(model.read_bytes()).run(
        quantize_cycles(mean[None], card.input.scale, card.input.zero_point)
    )
    value, ends = _answer(card, code[0])
    low, high = card.plausible.low, card.plausible.high
    if not low <= value <= high:
        return Estimate(card, recording.channel, len(cycles), None)
    interval = (max(ends[0], low), min(ends[1], high)) if ends else None
    return Estimate(card, recording.channel, len(cycles), value, interval)


def _answer(card: ModelCard, codes: NDArray[np.int8]) -> tuple[float, tuple[float, float] | None]:
    """The value and the ends of its interval, in the card's unit, of int8[k] outputs."""
    if card.spread:
        answers = np.array([[card.answer(int(code)) for code in codes]])
        quantiles = card.spread.quantiles_ueq_l(answers)[0] / UEQ_L
        return float(quantiles[card.spread.median]), (float(quantiles[0]), float(quantiles[-1]))
    value = card.answer(int(codes[0]))
    if not card.interval:
        return value, None
    return value, (value + card.interval.low_meq_l, value + card.interval.high_meq_l)
