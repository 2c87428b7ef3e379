"""How well estimates agree with blood tests; each figure has its interval, by drawing patients again."""

from collections.abc import Callable, Iterator
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from splkit.train.baselines import DRAWS
from splkit.train.metrics import HYPERKALEMIA_MEQ_L

Values = NDArray[np.float64]

LIMITS_SD: Final = 1.96
"""Limits of agreement lie so many SD about the mean difference (Bland and Altman 1986, Lancet 327: 307)."""
LEAST_DRAWS: Final = 200
_MOST: Final = 50_000_000
"""Weights in all: of over 25,000 pairs there are fewer draws than `DRAWS`, `LEAST_DRAWS` at least."""
_AT_ONCE: Final = 4_000_000
"""Weights in memory at once, 32 MB."""


class Pairs(NamedTuple):
    """Estimates beside the truth, n of each.

    Attributes:
        estimated_meq_l, true_meq_l: float64[n].
        patient: int64[n], a number each.
        low_meq_l, high_meq_l: float64[n], ends of the interval; None of a model without one.
        risk: float64[n], chance of potassium at or above 5.5 mEq/L; None of a model without quantiles.
        alert_risk: an alert is a risk of more than this.
    """

    estimated_meq_l: Values
    true_meq_l: Values
    patient: NDArray[np.int64]
    low_meq_l: Values | None = None
    high_meq_l: Values | None = None
    risk: Values | None = None
    alert_risk: float = 0.5


class Measure(NamedTuple):
    """One figure; None where it is not defined, as an AUC of one class.

    Attributes:
        name: "R2", "MAE" ...
        unit: "mEq/L", or "".
        value: of all pairs.
        low, high: 95 % of what it is when patients are drawn again with replacement; of draws in which it is
            defined. None of a single patient.
    """

    name: str
    unit: str
    value: float | None
    low: float | None = None
    high: float | None = None


Figure = Callable[[Pairs, Values], Values]
"""Weights of pairs, float64[d, n], to a figure for each draw, float64[d]; NaN where it is not defined."""


def measures(pairs: Pairs) -> tuple[Measure, ...]:
    """All figures that the pairs have.

    R2, MAE, RMSE; the bias (mean of estimate less truth) with the limits of agreement; the AUC of the
    estimate at 5.5 mEq/L, sensitivity and specificity of an estimate at or above it and of the risk; what
    share of truths lies in the interval, and its mean width.
    """
    figures: dict[str, tuple[str, Figure]] = {
        "R2": ("", _r2),
        "MAE": ("mEq/L", _mae),
        "RMSE": ("mEq/L", _rmse),
        "bias": ("mEq/L", _bias),
        "lower limit of agreement": ("mEq/L", lambda p, w: _bias(p, w) - LIMITS_SD * _sd(p, w)),
        "upper limit of agreement": ("mEq/L", lambda p, w: _bias(p, w) + LIMITS_SD * _sd(p, w)),
        "AUC at 5.5": ("", lambda p, w: weighted_auc(p.estimated_meq_l, _is_high(p), w)),
        "sensitivity, estimate from 5.5": ("", lambda p, w: share(_told(p), _is_high(p), w)),
        "specificity, estimate from 5.5": ("", lambda p, w: share(~_told(p), ~_is_high(p), w)),
    }
    if pairs.risk is not None:
        figures |= {
            "AUC at 5.5, by risk": ("", lambda p, w: weighted_auc(_known(p.risk), _is_high(p), w)),
            "sensitivity, alert by risk": ("", lambda p, w: share(_alerted(p), _is_high(p), w)),
            "specificity, alert by risk": ("", lambda p, w: share(~_alerted(p), ~_is_high(p), w)),
        }
    if pairs.low_meq_l is not None:
        everyone = np.ones(len(pairs.true_meq_l), bool)
        figures |= {
            "coverage of the interval": ("", lambda p, w: share(_inside(p), everyone, w)),
            "width of the interval": (
                "mEq/L",
                lambda p, w: _mean(_known(p.high_meq_l) - _known(p.low_meq_l), w),
            ),
        }
    once = np.ones((1, len(pairs.true_meq_l)))
    with np.errstate(divide="ignore", invalid="ignore"):
        values = {name: float(figure(pairs, once)[0]) for name, (_, figure) in figures.items()}
        drawn: dict[str, list[Values]] = {name: [] for name in figures}
        for weights in draws(pairs.patient):
            for name, (_, figure) in figures.items():
                drawn[name].append(figure(pairs, weights))
    return tuple(_measure(name, unit, values[name], drawn[name]) for name, (unit, _) in figures.items())


def weighted_auc(scores: Values, positive: NDArray[np.bool_], weights: Values) -> Values:
    """Area under the ROC curve of weighted cases: float64[d] of weights float64[d, n]; NaN with one class."""
    _, group = np.unique(scores, return_inverse=True)
    count = int(group.max(initial=-1)) + 1
    found = np.full(len(weights), np.nan)
    for draw, weight in enumerate(weights):
        high = np.bincount(group, weight * positive, count)
        low = np.bincount(group, weight * ~positive, count)
        if high.sum() and low.sum():
            below = np.cumsum(low) - low / 2
            found[draw] = (high @ below) / (high.sum() * low.sum())
    return found


def roc(scores: Values, positive: NDArray[np.bool_]) -> tuple[Values, Values]:
    """The ROC curve: shares of false and of true alarms, from none to all, a point for each limit."""
    order = np.argsort(-scores, kind="stable")
    last = np.append(np.diff(scores[order]) != 0, True)
    alarms = np.cumsum(positive[order])[last], np.cumsum(~positive[order])[last]
    true, false = (np.append(0.0, each / max(int(each[-1]), 1)) for each in alarms)
    return false, true


def _measure(name: str, unit: str, value: float, drawn: list[Values]) -> Measure:
    if not np.isfinite(value):
        return Measure(name, unit, None)
    every = np.concatenate([np.empty(0), *drawn])
    defined = every[np.isfinite(every)]
    if not len(defined):
        return Measure(name, unit, value)
    low, high = np.percentile(defined, (2.5, 97.5))
    return Measure(name, unit, value, float(low), float(high))


def draws(patient: NDArray[np.int64]) -> Iterator[Values]:
    """How often each pair counts, float64[d, n], when patients are drawn again; none of a single patient."""
    _, of = np.unique(patient, return_inverse=True)
    patients, pairs = int(of.max(initial=-1)) + 1, len(patient)
    if patients < 2:
        return
    rng, left = np.random.default_rng(0), int(np.clip(_MOST // pairs, LEAST_DRAWS, DRAWS))
    while left:
        some = min(left, max(_AT_ONCE // pairs, 1))
        yield rng.multinomial(patients, np.full(patients, 1 / patients), some).astype(np.float64)[:, of]
        left -= some


def _mean(values: Values, weights: Values) -> Values:
    return np.asarray(weights @ values / weights.sum(axis=1), np.float64)


def _error(pairs: Pairs) -> Values:
    return pairs.estimated_meq_l - pairs.true_meq_l


def _bias(pairs: Pairs, weights: Values) -> Values:
    return _mean(_error(pairs), weights)


def _mae(pairs: Pairs, weights: Values) -> Values:
    return _mean(np.abs(_error(pairs)), weights)


def _rmse(pairs: Pairs, weights: Values) -> Values:
    return np.sqrt(_mean(_error(pairs) ** 2, weights))


def _sd(pairs: Pairs, weights: Values) -> Values:
    """Of the differences, with n - 1."""
    count = weights.sum(axis=1)
    squares = _mean(_error(pairs) ** 2, weights) - _bias(pairs, weights) ** 2
    return np.asarray(np.sqrt(np.maximum(squares, 0.0) * count / (count - 1)), np.float64)


def _r2(pairs: Pairs, weights: Values) -> Values:
    centred = pairs.true_meq_l - pairs.true_meq_l.mean()
    spread = _mean(centred**2, weights) - _mean(centred, weights) ** 2
    spread[spread < 1e-12] = np.nan  # nothing varies
    return 1 - _mean(_error(pairs) ** 2, weights) / spread


def share(told: NDArray[np.bool_], among: NDArray[np.bool_], weights: Values) -> Values:
    """The share of cases told, bool[n], among some, bool[n]: float64[d] of weights float64[d, n]."""
    held = weights[:, among]
    return np.asarray(held @ told[among].astype(np.float64) / held.sum(axis=1), np.float64)


def _is_high(pairs: Pairs) -> NDArray[np.bool_]:
    return pairs.true_meq_l >= HYPERKALEMIA_MEQ_L


def _told(pairs: Pairs) -> NDArray[np.bool_]:
    return pairs.estimated_meq_l >= HYPERKALEMIA_MEQ_L


def _alerted(pairs: Pairs) -> NDArray[np.bool_]:
    return np.asarray(_known(pairs.risk) > pairs.alert_risk)


def _inside(pairs: Pairs) -> NDArray[np.bool_]:
    return (_known(pairs.low_meq_l) <= pairs.true_meq_l) & (pairs.true_meq_l <= _known(pairs.high_meq_l))


def _known(values: Values | None) -> Values:
    assert values is not None
    return values
