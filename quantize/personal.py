"""What is known of patients before their first blood test: the part `personal` of a model card."""

from collections.abc import Sequence
from typing import Annotated, Any, Final

import numpy as np
from pydantic import Field, model_validator

from splkit.quantize.contract import Part
from splkit.quantize.curve import KNOTS

HALF_LIFE_DAYS: Final = 90
"""Assumed: half of what a blood test taught is forgotten after three months. Simulated patients never change,
so that it cannot be measured on them; real ones do (drugs, hypertrophy, dry weight). Shorter is safer."""

Sd = Annotated[float, Field(ge=0.03, le=2, allow_inf_nan=False)]
"""A standard deviation in mEq/L."""

Share = Annotated[int, Field(ge=1, le=1000)]
"""No potassium is impossible."""


def shares(weights: Sequence[float]) -> tuple[int, ...]:
    """`Personal.potassium` of any weights of `KNOTS`."""
    most = max(weights)
    return tuple(max(round(1000 * each / most), 1) for each in weights)


class Personal(Part):
    """The priors of personal calibration, measured on patients whom training did not see.

    The model's answer to a patient's potassium K is

        answer = usual + patient + gain * (K - usual) + session + record        in mEq/L

    where `patient` and `gain` stay with the patient, `session` with the electrodes of a day, and `record` is
    new in each record. All are normal; `patient`, `session` and `record` have the mean 0.

    Attributes:
        usual_meq_l: at this potassium the answer is right on average.
        potassium: how usual each potassium is, from 2 to 10 mEq/L in steps of 0.5; the most usual has 1000.
            It is that of the patients, and straight between the steps.
        patient_sd_meq_l: of `patient`, between patients.
        gain: its mean: how much the answer moves when potassium moves by 1.
        gain_sd: of `gain`, between patients.
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
    gain: float = Field(ge=0.1, le=1.5)
    gain_sd: float = Field(ge=0.01, le=0.6)
    session_sd_meq_l: Sd
    record_sd_meq_l: Sd
    label_sd_meq_l: Sd
    reference_sd_meq_l: Annotated[float, Field(ge=0.1, le=3)]
    session_reference_sd_meq_l: Annotated[float, Field(ge=0.1, le=3)]
    half_life_days: int = Field(default=HALF_LIFE_DAYS, ge=1, le=3650)
    patients: int = Field(ge=1)
    records: int = Field(ge=1)

    @model_validator(mode="before")
    @classmethod
    def _read_normal(cls, given: Any) -> Any:
        """An older card has the mean and the SD of a normal distribution."""
        if not isinstance(given, dict) or "usual_sd_meq_l" not in given:
            return given
        newer = {name: value for name, value in given.items() if name != "usual_sd_meq_l"}
        mean, sd = float(given["usual_meq_l"]), float(given["usual_sd_meq_l"])
        off = (np.array(KNOTS) / 1000 - mean) / max(sd, 0.1)
        return newer | {"potassium": shares(np.exp(-off * off / 2).tolist())}
