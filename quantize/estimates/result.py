"""What became of one ECG: a row of the table, and a line of the journal by which work goes on."""

from typing import Literal

from pydantic import BaseModel

from splkit.ecg.recordings.recording import Recording
from splkit.quantize.estimate import LEVELS_UEQ_L, Estimate, Estimator, Timed

Status = Literal["estimate", "none", "failed"]
"""An estimate; none, and why; not read."""


class Said(BaseModel):
    """One answer of a device, in thousandths of the unit: what stands in a `K` line, or why there is none.

    Attributes:
        at_s: the R peak of its last beat, seconds into the recording.
        r_sample: the same in samples of the device, from where its stream began.
        cycles: accepted cycles in the mean that it is about.
        outputs: of the network.
        value, low, high, risks: as `quantize.answers` has them.
        unlike_percent: of a cycle that is too far from those of training.
    """

    at_s: float
    r_sample: int
    cycles: int
    outputs: tuple[int, ...]
    value: int | None = None
    low: int | None = None
    high: int | None = None
    risks: tuple[int, ...] = ()
    unlike_percent: int | None = None


class EcgResult(BaseModel):
    """One ECG.

    Attributes:
        path, channel: as it was asked for.
        sha256: of its files; "" where they cannot be read.
        status: what became of it.
        message: why there is no estimate.
        note: what is to be known of an estimate: the channel is not surely the model's lead, or its mean is
            of fewer cycles than a whole one.
        lead: that was taken, as its file calls it.
        value, low, high: the estimate and the ends of its interval, in the model's unit.
        risks: the chance of potassium at or above 5.5 and 6.5 mEq/L.
        beats_averaged: accepted cycles in each mean.
        answers: means whose answer is an estimate; `value` is their mean.
        refused: means whose answer is none.
        by_device: whether a device makes such means of it.
        verdicts: beats, by verdict.
        duration_s, missing_s: of the recording, and of its gaps.
        said: the answers of a device, one by one.
    """

    path: str
    channel: str | None
    sha256: str
    status: Status = "failed"
    message: str = ""
    note: str = ""
    lead: str = ""
    value: float | None = None
    low: float | None = None
    high: float | None = None
    risks: tuple[float, ...] = ()
    beats_averaged: int = 0
    answers: int = 0
    refused: int = 0
    by_device: bool = False
    verdicts: dict[str, int] = {}
    duration_s: float | None = None
    missing_s: float | None = None
    said: tuple[Said, ...] = ()

    def with_estimate(
        self, recording: Recording, found: Estimate, estimator: Estimator, note: str = ""
    ) -> "EcgResult":
        """The same with what a model said of a recording."""
        low, high = found.interval or (None, None)
        return self.model_copy(
            update={
                "status": "none" if found.value is None else "estimate",
                "message": found.why,
                "note": "; ".join(filter(None, (note, found.about_cycles))),
                "duration_s": round(recording.duration_s, 3),
                "missing_s": round(recording.missing_s, 3),
                "lead": found.lead,
                "value": found.value,
                "low": low,
                "high": high,
                "risks": found.risks,
                "beats_averaged": found.beats,
                "answers": found.answered,
                "refused": found.refused,
                "by_device": found.by_device,
                "verdicts": found.verdicts,
                "said": tuple(_said(each, estimator) for each in found.stream),
            }
        )


def _said(timed: Timed, estimator: Estimator) -> Said:
    answer, device = timed.answer, estimator.device
    plain = Said(
        at_s=round(timed.at_s, 3),
        r_sample=timed.r_sample,
        cycles=timed.cycles,
        outputs=answer.outputs,
        unlike_percent=answer.unlike_percent,
    )
    if answer.quantiles is None:
        return plain
    low, high = device.ends(answer.quantiles) or (None, None)
    value, risks = answer.quantiles[device.median], device.risks(answer.quantiles, LEVELS_UEQ_L)
    return plain.model_copy(update={"value": value, "low": low, "high": high, "risks": risks})
