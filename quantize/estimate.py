"""An estimate out of one lead of a recording, on this machine: front end, model, and what its card says."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np

from splkit.codegen.tflite_file.reader import model_bytes
from splkit.ecg.frontend import CYCLE_FS_HZ, FrontEndConfig, Verdict, run_front_end, to_counts
from splkit.ecg.recordings.recording import Recording, resample
from splkit.ecg.rpeaks.strip import cycles_of, strip_beats
from splkit.quantize.answers import Answer, DeviceModel
from splkit.quantize.card import ModelCard
from splkit.quantize.carried import card_for
from splkit.quantize.contract import Contract
from splkit.quantize.spread import RISK_LEVELS_MEQ_L
from splkit.quantize.units import MILLI, in_milli

LEVELS_UEQ_L: Final = tuple(in_milli(level) for level in RISK_LEVELS_MEQ_L)
STREAMED_S: Final = 2.0
"""The front end learns for so long: a shorter stretch tells a device nothing."""


class Timed(NamedTuple):
    """An answer to a stream.

    Attributes:
        at_s: the R peak of its last beat, seconds into the recording.
        r_sample: the same in samples of the device, from where its stream began.
        cycles: accepted cycles in the mean that it is about.
        answer: what was said.
    """

    at_s: float
    r_sample: int
    cycles: int
    answer: Answer


@dataclass(frozen=True)
class Estimate:
    """What a model says of a recording.

    Attributes:
        card: of the model.
        lead: that was taken.
        beats: how many accepted cycles each mean is of; 0 where there is none.
        value: in the card's unit; None where there is no cycle, the cycle is unlike those of training, or the
            answer is not plausible. Of several answers the mean of those that are estimates.
        interval: low and high in the card's unit, where the card has an interval and there is a value.
        unlike_percent: how far the cycle is from those of training, in percent of the card's limit, where it
            is too far for an answer; of several, the nearest one's.
        risks: the chance of potassium at or above each of `RISK_LEVELS_MEQ_L`, where the model has quantiles.
        answered: answers that are estimates.
        refused: answers that are none.
        by_device: whether it is of the whole means that a device makes while the recording streams through
            it; else the recording was too short for one, and the mean is of what cycles it shows.
        verdicts: beats found, by verdict.
        stream: the answers of a device, one by one, those to early means too.
    """

    card: ModelCard
    lead: str
    beats: int
    value: float | None
    interval: tuple[float, float] | None = None
    unlike_percent: int | None = None
    risks: tuple[float, ...] = ()
    answered: int = 0
    refused: int = 0
    by_device: bool = False
    verdicts: dict[str, int] = field(default_factory=dict)
    stream: tuple[Timed, ...] = ()

    @property
    def words(self) -> str:
        """One line: the value with its unit and interval, the beats, and what the model was trained on."""
        label = f"by {self.card.name}, trained on {self.card.trained_on}"
        if self.value is None:
            return f"no estimate: {self.why}; {label}"
        interval = f" ({self.interval[0]:.2f} to {self.interval[1]:.2f})" if self.interval else ""
        return f"{said(self.value, self.card)}{interval}, {self._source}; {label}"

    @property
    def why(self) -> str:
        """Why there is no estimate; empty where there is one."""
        if self.value is not None:
            return ""
        if not self.beats:
            found = ", ".join(f"{count} {word}" for word, count in self.verdicts.items() if count)
            return f"no accepted beat of {self.lead}" + (f" ({found})" if found else "")
        several = self.refused > 1
        if self.unlike_percent is None:
            said = f"none of {self.refused} answers is" if several else "the answer is not"
            return f"{said} plausible, {self._source}"
        away = f"at {self.unlike_percent} % of the limit"
        if several:
            return f"{self.refused} averaged cycles are unlike those of training, the nearest {away}"
        return f"the cycle is unlike those of training, {away}, {self._source}"

    @property
    def about_cycles(self) -> str:
        """Of an estimate from fewer cycles than a whole mean has, how many, and whose interval it has."""
        averaged = self.card.cycle.averaged_cycles
        if self.value is None or self.beats >= averaged:
            return ""
        known = self.card.spread.counted(self.beats) if self.card.spread else None
        stated = known.cycles if known else averaged
        others = f": the interval is that of {stated}" if self.interval and stated != self.beats else ""
        return f"{self.beats} of {averaged} cycles{others}"

    @property
    def _source(self) -> str:
        averaged = self.card.cycle.averaged_cycles
        few = f", not {averaged}" if self.beats < averaged else ""
        count = max(self.answered, self.refused)
        means = f"{count} means of " if count > 1 else ""
        return f"from {means}{self.beats} beat{'s' if self.beats > 1 else ''} of {self.lead}{few}"


def said(value: float, contract: Contract) -> str:
    """A model's answer in words: "4.52 mEq/L", or of a classifier what the probability is about."""
    if contract.task == "probability":
        return f"a probability of {value:.2f} of potassium at or above {contract.positive_spl_meq_l:g} mEq/L"
    return f"{value:.2f} {contract.unit}"


class Estimator:
    """A model with its card, ready to answer.

    Raises:
        ModelError: the model has no card, or cannot be run.
        ToolError: the package tflite-micro is not installed.
    """

    def __init__(self, model: Path) -> None:
        self.card = card_for(model)
        self.device = DeviceModel.of_card(model_bytes(model), self.card)

    def ecg(self, recording: Recording, front_end: FrontEndConfig) -> Estimate:
        """What a device says of the whole means of a recording; where it has none, as `strip`.

        A gap ends the device's stream and begins another: no cycle reaches over one.

        Args:
            recording: of any rate.
            front_end: of the device.
        """
        stream, verdicts = self._stream(recording, front_end)
        averaged = self.card.cycle.averaged_cycles
        answers = [each.answer for each in stream if each.cycles == averaged]
        if not answers:
            return replace(self.strip(recording), stream=tuple(stream))
        found = self._estimate(recording.channel, answers, averaged, verdicts)
        return replace(found, by_device=True, stream=tuple(stream))

    def strip(self, recording: Recording) -> Estimate:
        """The answer to the mean of the recording's accepted cycles, as many as the card says at most."""
        window = self.card.cycle.window
        stretches = strip_beats(resample(recording, float(CYCLE_FS_HZ)), window)
        verdicts = Counter(each for stretch in stretches for each in stretch.verdict.tolist())
        cycles = cycles_of(stretches, window)[: self.card.cycle.averaged_cycles]
        mean = np.rint(cycles.mean(axis=0, keepdims=True)).astype(np.int16) if len(cycles) else cycles
        answers = self.device.answers(mean, counts=[len(cycles)] * len(mean))
        return self._estimate(recording.channel, answers, len(cycles), verdicts)

    def _stream(self, recording: Recording, front_end: FrontEndConfig) -> tuple[list[Timed], Counter[int]]:
        said: list[Timed] = []
        verdicts: Counter[int] = Counter()
        for start, stretch in recording.placed_stretches(STREAMED_S):
            counts = to_counts(resample(stretch, float(front_end.fs_hz)), front_end)
            trace = run_front_end(counts, front_end)
            verdicts.update(trace.verdict.tolist())
            r_samples, cycles = trace.r_sample[trace.averaged_beat].tolist(), trace.averaged_count.tolist()
            answers = self.device.answers(trace.averaged, counts=cycles)
            said += [
                Timed(start / recording.fs_hz + r_sample / front_end.fs_hz, r_sample, count, answer)
                for r_sample, count, answer in zip(r_samples, cycles, answers, strict=True)
            ]
        return said, verdicts

    def _estimate(self, lead: str, answers: Sequence[Answer], beats: int, verdicts: Counter[int]) -> Estimate:
        """Of all answers to one recording: the mean of each quantile over those that are estimates."""
        quantiles = [each.quantiles for each in answers if each.quantiles is not None]
        counted = {verdict.word: verdicts[verdict] for verdict in Verdict}
        refused = len(answers) - len(quantiles)
        unlike = [each.unlike_percent for each in answers if each.unlike_percent is not None]
        plain = Estimate(self.card, lead, beats, None, refused=refused, verdicts=counted)
        if not quantiles:
            return replace(plain, unlike_percent=min(unlike, default=None))
        means = np.rint(np.mean(quantiles, axis=0)).astype(int).tolist()
        ends = self.device.ends(means)
        return replace(
            plain,
            value=means[self.device.median] / MILLI,
            interval=(ends[0] / MILLI, ends[1] / MILLI) if ends else None,
            risks=tuple(risk / MILLI for risk in self.device.risks(means, LEVELS_UEQ_L)),
            answered=len(quantiles),
        )


def estimate(recording: Recording, model: Path) -> Estimate:
    """The model's answer to the mean of the recording's accepted cycles, as many as its card says at most.

    Raises:
        ModelError: the model has no card, or cannot be run.
        ToolError: the package tflite-micro is not installed.
    """
    return Estimator(model).strip(recording)
