"""The distance of a run: principal components of its training cycles, and limits from held-out patients."""

from collections.abc import Iterable
from typing import Final

import numpy as np
from numpy.typing import NDArray

from splkit.quantize.distance import (
    COMPONENTS,
    ONE,
    PERCENT,
    VALUES,
    Basis,
    Distance,
    Refused,
    values_of,
)
from splkit.train.cycle_set import CycleSet
from splkit.train.folder import Run

ANSWERED: Final = 0.997
"""Of cycles like those of training: three in a thousand get no estimate. The three standard deviations of a
normal distribution leave out as many."""
FOLDS: Final = 5
LEAST_CYCLES: Final = VALUES
"""With fewer cycles than values nothing is known of what cycles have in common."""


def measured_distance(run: Run, test_meq_l: NDArray[np.float64]) -> Distance | None:
    """The distance of a run, with who of its patients gets no answer.

    Args:
        run: a finished run.
        test_meq_l: the int8 model's answers to its test cycles, float64[n].
    """
    found = fit_distance(run.cycles("train"))
    if found is None:
        return None
    validation = (run.cycles("validation", beats) for beats in run.config.beats)
    return with_refused(found, validation, run.cycles("test"), test_meq_l)


def fit_distance(train: CycleSet) -> Distance | None:
    """The distance that training cycles show; None where they are too few, or of one patient.

    The limit is not fitted to the cycles that it is measured on: the patients are divided into fifths, and
    each fifth's distances are those from the components of the others.

    Args:
        train: means of as many cycles as the board averages.
    """
    fold = train.patient % FOLDS
    if len(fold) < LEAST_CYCLES or len(np.unique(fold)) < 2:
        return None
    held_out = np.concatenate(
        [
            principal(train.averaged[fold != each]).left_over(train.averaged[fold == each])
            for each in np.unique(fold)
        ]
    )
    whole = principal(train.averaged)
    return Distance(
        mean=tuple(whole.mean.tolist()),
        components=tuple(tuple(each) for each in whole.components.tolist()),
        least=tuple(whole.least.tolist()),
        greatest=tuple(whole.greatest.tolist()),
        limit=limit_of(held_out),
        held_out=len(held_out),
    )


def limit_of(distances: NDArray[np.int64]) -> int:
    """The distance that `ANSWERED` of cycles like these do not exceed, a multiple of 100.

    Of n in rising order it is number 0.997 (n + 1), rounded up, as in split-conformal prediction (Vovk,
    Gammerman and Shafer 2005), or the last one.
    """
    count = len(distances)
    number = min(int(np.ceil(round(ANSWERED * (count + 1), 6))), count)
    unit = -(-int(np.sort(distances)[number - 1]) // PERCENT)
    return PERCENT * min(max(unit, 1), ((1 << 31) - 1) // PERCENT)


def principal(cycles: NDArray[np.int16]) -> Basis:
    """Mean and principal components of cycles, int16[n, 270], and how much of each they have, as integers.

    Sums are exact, so that the same cycles give the same components in whatever order they come.
    """
    values = values_of(cycles)
    count = len(values)
    sums = values.sum(axis=0)
    mean = (2 * sums + count) // (2 * count)
    away = values - mean
    _, vectors = np.linalg.eigh((away.T @ away).astype(np.float64))
    weights = np.array([_in_steps(vector) for vector in vectors.T[::-1][:COMPONENTS]], np.int64)
    return Basis.of(mean, weights).seen(cycles)


def _in_steps(vector: NDArray[np.float64]) -> NDArray[np.int64]:
    """A direction whose greatest value is `ONE`, and positive."""
    greatest = vector[np.argmax(np.abs(vector))]
    return np.asarray(np.rint(vector / greatest * ONE), np.int64)


def with_refused(
    distance: Distance,
    validation: Iterable[CycleSet],
    test: CycleSet,
    answers_meq_l: NDArray[np.float64] | None = None,
) -> Distance:
    """A distance with who gets no answer.

    Args:
        distance: the distance.
        validation: means of validation patients, each set of another number of cycles.
        test: means of test patients.
        answers_meq_l: the int8 model's answers to these, float64[n]; None of a classifier, which has none.
    """
    mae = {}
    if answers_meq_l is not None:
        error, away = np.abs(answers_meq_l - test.potassium_meq_l), distance.refuses(test.averaged)
        mae = {"answered_mae_meq_l": _mean(error[~away]), "refused_mae_meq_l": _mean(error[away])}
    shares = tuple(_refused(distance, each) for each in validation if len(each.patient))
    tested = _refused(distance, test).model_copy(update=mae)
    return distance.model_copy(update={"validation": shares, "test": tested})


def _refused(distance: Distance, cycles: CycleSet) -> Refused:
    away = distance.refuses(cycles.averaged)
    everyone, answered = np.unique(cycles.patient), np.unique(cycles.patient[~away])
    return Refused(
        beats=int(cycles.beats[0]),
        cycles=len(away),
        cycles_refused=int(away.sum()),
        patients=len(everyone),
        patients_refused=len(everyone) - len(answered),
    )


def _mean(errors_meq_l: NDArray[np.float64]) -> float | None:
    return round(float(errors_meq_l.mean()), 4) if len(errors_meq_l) else None
