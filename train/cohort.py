"""Which patients, and at which potassium they are seen."""

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
    return (patient + _tested_before(fold, patients)) % patients


def turned_back(number: int, fold: int, patients: int) -> int:
    """The patient who has that number in a fold."""
    return (number - _tested_before(fold, patients)) % patients


def _tested_before(fold: int, patients: int) -> int:
    """How many of `patients` the folds before `fold` have tested."""
    return fold * patients // FOLDS


def split_of(patient: int, patients: int, fold: int) -> str:
    """The split of patient number `patient` of `patients` in a fold.

    All records of one patient are in the same split. A fifth is tested, to the nearest whole patient below or
    above, so that the folds test everyone exactly once: of 12 patients 2, 2, 3, 2 and 3. Of the others at
    least one validates.
    """
    first_tested = patients - (_tested_before(fold + 1, patients) - _tested_before(fold, patients))
    if patient < first_tested - max(1, round(_VALIDATION_SHARE * patients)):
        return SPLITS[0]
    return SPLITS[1] if patient < first_tested else SPLITS[2]
