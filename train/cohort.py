"""Which patients, and at which potassium they are seen."""

import math

import numpy as np

from splkit.ecg.simulator import physiology as phys

BODY_MEQ_L, BODY_SD_MEQ_L = 4.75, 0.70
TAIL_MEQ_L = (2.5, 9.5)
TEST_TAIL_SHARE = 0.12
"""The cohort with kidney disease that models are tested on: mean 4.9, SD 1.0 mEq/L, a tail beyond 7."""

SPLITS = ("train", "validation", "test")
FOLDS = 5
"""A fifth of the patients is tested."""

_VALIDATION_SHARE = 0.1


def draw_potassium(rng: np.random.Generator, tail_share: float) -> float:
    """Serum potassium of one record, mEq/L: normal, or, for a share of records, even over the whole range."""
    low, high = TAIL_MEQ_L
    if rng.random() < tail_share:
        return float(rng.uniform(low, high))
    return float(np.clip(rng.normal(BODY_MEQ_L, BODY_SD_MEQ_L), low, high))


def draw_label(rng: np.random.Generator, potassium_meq_l: float) -> float:
    """What the laboratory reports, mEq/L: another hour's potassium, and at times hemolysis."""
    reported = potassium_meq_l + rng.normal(0.0, phys.LABEL_SD_MEQ_L.value)
    if rng.random() < phys.HEMOLYSIS_SHARE.value:
        reported += rng.exponential(phys.HEMOLYSIS_MEQ_L.value)
    return float(reported)


def turned(patient: int, fold: int, patients: int) -> int:
    """The number that patient number `patient` of `patients` has in a fold: the splits move on with it."""
    return (patient + fold * patients // FOLDS) % patients


def split_of(patient: int, patients: int) -> str:
    """The split of patient number `patient` of `patients`: all records of one patient are in the same.

    A fifth is tested, rounded up so that the folds test everyone; of the others at least one validates.
    """
    first_tested = patients - math.ceil(patients / FOLDS)
    if patient < first_tested - max(1, round(_VALIDATION_SHARE * patients)):
        return SPLITS[0]
    return SPLITS[1] if patient < first_tested else SPLITS[2]
