"""Simple estimates from the same cycles: a network earns its place by beating the best of them."""

from collections.abc import Mapping
from itertools import combinations_with_replacement

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

from splkit.train.cycle_set import CycleSet
from splkit.train.features import FEATURES, measure
from splkit.train.metrics import Accuracy, MeqL, score

Values = NDArray[np.float64]

PENALTIES = tuple(float(10.0**power) for power in range(-2, 5))
"""Of the ridge regression; the one that does best on the validation patients is taken."""
DRAWS = 2000
"""Of the bootstrap: the ends of a 95 % interval then vary by 3 % of its width."""


class Baseline(BaseModel):
    """A simple estimate on the test patients, and the network beside it.

    Attributes:
        name: "mean", "T/R", "T slope over amplitude" or "ridge".
        test: its accuracy.
        gain_meq_l: its MAE less the network's: above 0 the network is better.
        gain_low_meq_l, gain_high_meq_l: the 95 % interval of that, patients drawn again.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    test: Accuracy
    gain_meq_l: MeqL
    gain_low_meq_l: MeqL
    gain_high_meq_l: MeqL


def baselines(
    train: CycleSet, validation: CycleSet, test: CycleSet, estimated_meq_l: Values
) -> tuple[Baseline, ...]:
    """Every baseline, fitted to the training patients, beside a network's estimates of the test cycles."""
    return beside(baseline_answers(train, validation, test), test, estimated_meq_l)


def beside(answers: Mapping[str, Values], test: CycleSet, estimated_meq_l: Values) -> tuple[Baseline, ...]:
    """The answers of baselines to the test cycles, by name, beside a network's estimates of them."""
    return tuple(_beside(name, answer, estimated_meq_l, test) for name, answer in answers.items())


def baseline_answers(train: CycleSet, validation: CycleSet, test: CycleSet) -> dict[str, Values]:
    """What every baseline, fitted to the training patients, answers to the test cycles, float64[n], mEq/L.

    The mean of the training cycles; straight lines on T/R and on T slope over amplitude; and ridge
    regression on all of `splkit.train.features`, squares and products (Hoerl and Kennard 1970).
    """
    sets = [measure(one.cycles) for one in (train, validation, test)]
    columns = {
        "T/R": [FEATURES.index("T/R")],
        "T slope over amplitude": [FEATURES.index("T slope over amplitude")],
    }
    answers = {"mean": np.full(len(test.patient), float(train.potassium_meq_l.mean()))}
    for name, chosen in columns.items():
        fitted, _, measured = (features[:, chosen] for features in sets)
        answers[name] = _Ridge(fitted, train.potassium_meq_l, 0.0).answers(measured)
    answers["ridge"] = _best_ridge(sets, train, validation)
    return answers


def best(found: tuple[Baseline, ...]) -> Baseline:
    """The baseline of the least error."""
    return min(found, key=lambda one: one.test.mae_meq_l)


class _Ridge:
    """Linear regression with a penalty on the size of the weights, features brought to mean 0 and SD 1."""

    def __init__(self, features: Values, potassium_meq_l: Values, penalty: float) -> None:
        self._mean, self._sd = features.mean(0), np.maximum(features.std(0), 1e-9)
        self._level = float(potassium_meq_l.mean())
        scaled = (features - self._mean) / self._sd
        normal = scaled.T @ scaled + (penalty + 1e-6) * np.eye(scaled.shape[1])
        self._weights = np.linalg.solve(normal, scaled.T @ (potassium_meq_l - self._level))

    def answers(self, features: Values) -> Values:
        answer = self._level + (features - self._mean) / self._sd @ self._weights
        return np.asarray(answer, np.float64)


def _best_ridge(sets: list[Values], train: CycleSet, validation: CycleSet) -> Values:
    fitted, held_out, test = (_with_products(features, sets[0]) for features in sets)
    models = [_Ridge(fitted, train.potassium_meq_l, penalty) for penalty in PENALTIES]
    errors = [np.mean((one.answers(held_out) - validation.potassium_meq_l) ** 2) for one in models]
    return models[int(np.argmin(errors))].answers(test)


def _with_products(features: Values, fitted: Values) -> Values:
    """Features, their squares and products; held to the range in which the training features lie."""
    low, high = np.percentile(fitted, (0.5, 99.5), axis=0)
    held = (np.clip(features, low, high) - fitted.mean(0)) / np.maximum(fitted.std(0), 1e-9)
    pairs = combinations_with_replacement(range(held.shape[1]), 2)
    return np.column_stack([held, *(held[:, i] * held[:, j] for i, j in pairs)])


def _beside(name: str, answer: Values, estimated_meq_l: Values, test: CycleSet) -> Baseline:
    true = test.potassium_meq_l
    gain = np.abs(answer - true) - np.abs(estimated_meq_l - true)
    low, high = interval_by_patients(gain, test.patient)
    return Baseline(
        name=name,
        test=score(answer, true, test.patient),
        gain_meq_l=round(float(gain.mean()), 4),
        gain_low_meq_l=round(low, 4),
        gain_high_meq_l=round(high, 4),
    )


def interval_by_patients(values: Values, patient: NDArray[np.int64]) -> tuple[float, float]:
    """The 95 % interval of the mean of `values`, float64[n], when patients are drawn again with replacement.

    Cycles of one patient are alike, so that drawing cycles would make the interval too narrow.
    """
    _, of = np.unique(patient, return_inverse=True)
    sums, counts = np.bincount(of, values), np.bincount(of)
    drawn = np.random.default_rng(0).multinomial(len(sums), np.full(len(sums), 1 / len(sums)), DRAWS)
    low, high = np.percentile(drawn @ sums / (drawn @ counts), (2.5, 97.5))
    return float(low), float(high)
