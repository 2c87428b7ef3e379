"""What is known of patients before their first blood test: the part `personal` of a model card."""

from collections.abc import Sequence
from typing import Annotated, Any, Final

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, field_validator, model_validator

from splkit.quantize.contract import Part
from splkit.quantize.curve import GAINS, KNOTS, ONE

HALF_LIFE_DAYS: Final = 90
"""Assumed: half of what a blood test taught is forgotten after three months. Simulated patients never change,
so that it cannot be measured on them; real ones do (drugs, hypertrophy, dry weight). Shorter is safer."""

LEAST_GAIN: Final = 0.1

Sd = Annotated[float, Field(ge=0.03, le=2, allow_inf_nan=False)]
"""A standard deviation in mEq/L."""

Share = Annotated[int, Field(ge=1, le=1000)]
"""No potassium, and no gain, is impossible."""


def shares(weights: Sequence[float]) -> tuple[int, ...]:
    """`Personal.potassium` or `Personal.gains` of any weights."""
    most = max(weights)
    return tuple(max(round(1000 * each / most), 1) for each in weights)


class Personal(Part):
    """The priors of personal calibration, measured on patients whom training did not see.

    The model's answer to a patient's potassium K is

        answer = usual + patient + gain * (K - usual) + session + record        in mEq/L

    where `patient` and `gain` stay with the patient, `session` with the electrodes of a day, and `record` is
    new in each record. `patient`, `session` and `record` are normal with the mean 0. The gain, how much the
    answer moves when potassium moves by 1, is far from normal: hearts that hardly answer are common, and so
    are those that answer nearly fully.

    Attributes:
        usual_meq_l: at this potassium the answer is right on average.
        potassium: how usual each potassium is, from 2 to 10 mEq/L in steps of 0.5; the most usual has 1000.
            It is that of the patients, and straight between the steps.
        patient_sd_meq_l: of `patient`, between patients.
        gains: how common each gain is, from 0 to 1.3125 in steps of 0.1875; the most common has 1000.
        session_sd_meq_l: of `session`, between sessions of a patient.
        record_sd_meq_l: of `record`, within a session; what the label errs by is part of it.
        label_sd_meq_l: how far a blood test errs itself.
        reference_sd_meq_l: the spread of a calibrated estimate for which the card's interval is right.
        session_reference_sd_meq_l: the same in the session of the last blood test.
        half_life_days: half of what was learned is forgotten in so many days.
        patients, records: what they were measured on.
    """

    usual_meq_l: float = Field(ge=3, le=8)
    potassium: tuple[Share, ...] = Field(min_length=len(KNOTS), max_length=len(KNOTS))
    patient_sd_meq_l: Sd
    gains: tuple[Share, ...] = Field(min_length=len(GAINS), max_length=len(GAINS))
    session_sd_meq_l: Sd
    record_sd_meq_l: Sd
    label_sd_meq_l: Sd
    reference_sd_meq_l: Annotated[float, Field(ge=0.1, le=3)]
    session_reference_sd_meq_l: Annotated[float, Field(ge=0.1, le=3)]
    half_life_days: int = Field(default=HALF_LIFE_DAYS, ge=1, le=3650)
    patients: int = Field(ge=1)
    records: int = Field(ge=1)

    @field_validator("gains")
    @classmethod
    def _answers(cls, gains: tuple[int, ...]) -> tuple[int, ...]:
        """Of a model that hardly answers to potassium a blood test would teach nothing true."""
        mean = float(np.average(GAINS / ONE, weights=gains))
        if mean < LEAST_GAIN:
            raise ValueError(f"the mean gain is {LEAST_GAIN} at least; found {mean:.3f}")
        return gains

    @model_validator(mode="before")
    @classmethod
    def _read_normal(cls, given: Any) -> Any:
        """Older cards have the means and the SDs of normal distributions."""
        if not isinstance(given, dict):
            return given
        newer = dict(given)
        if "usual_sd_meq_l" in newer:
            sd = newer.pop("usual_sd_meq_l")
            newer["potassium"] = _normal(np.array(KNOTS) / 1000, newer["usual_meq_l"], sd)
        if "gain_sd" in newer:
            newer["gains"] = _normal(GAINS / ONE, newer.pop("gain"), newer.pop("gain_sd"))
        return newer


def _normal(values: NDArray[np.float64], mean: float, sd: float) -> tuple[int, ...]:
    off = (values - mean) / max(sd, 0.1)
    return shares(np.exp(-off * off / 2).tolist())
