"""Agreement of estimates with blood tests: by definition, by other code, and by patients."""

from itertools import product

import numpy as np
import pytest

from splkit.train.agreement import Pairs, measures, roc, weighted_auc
from splkit.train.baselines import interval_by_patients
from splkit.train.metrics import auc, score


def pairs(count: int = 60, a_patient: int = 3, seed: int = 1) -> Pairs:
    rng = np.random.default_rng(seed)
    true = np.round(rng.uniform(3, 8, count), 1)
    estimated = np.round(4.9 + 0.5 * (true - 4.9) + rng.normal(0, 0.5, count), 2)
    risk = 1 / (1 + np.exp(-3 * (estimated - 5.5)))
    return Pairs(
        estimated, true, np.arange(count) // a_patient, estimated - 1, estimated + 1, risk, alert_risk=0.3
    )


def test_figures_are_those_of_the_training_reports() -> None:
    one = pairs()
    found = {each.name: each for each in measures(one)}
    other = score(one.estimated_meq_l, one.true_meq_l, one.patient)
    assert found["MAE"].value == pytest.approx(other.mae_meq_l, abs=1e-4)
    assert found["bias"].value == pytest.approx(other.bias_meq_l, abs=1e-4)
    assert found["R2"].value == pytest.approx(other.r2, abs=1e-4)
    assert found["AUC at 5.5"].value == pytest.approx(other.auc_5_5, abs=1e-4)
    assert one.risk is not None
    high, alert = one.true_meq_l >= 5.5, one.risk > 0.3
    assert found["sensitivity, alert by risk"].value == pytest.approx(alert[high].mean())
    assert found["specificity, alert by risk"].value == pytest.approx(1 - alert[~high].mean())
    assert found["width of the interval"].value == pytest.approx(2)


def test_a_weight_counts_as_so_many_cases() -> None:
    """The AUC over all pairs of a positive and a negative case, each as often as it weighs, ties a half."""
    rng = np.random.default_rng(2)
    scores, positive = rng.integers(0, 6, 30).astype(float), rng.random(30) < 0.4
    weights = rng.integers(0, 4, (3, 30)).astype(float)
    for weight, found in zip(weights, weighted_auc(scores, positive, weights), strict=True):
        times = weight.astype(int)
        high, low = (np.repeat(scores[of], times[of]) for of in (positive, ~positive))
        wins = [1.0 if a > b else 0.5 if a == b else 0.0 for a, b in product(high, low)]
        assert found == pytest.approx(np.mean(wins))
    assert weighted_auc(scores, positive, np.ones((1, 30)))[0] == pytest.approx(auc(scores, positive))


def test_patients_are_drawn_not_ecgs() -> None:
    """Twenty copies of each ECG of a patient tell nothing new: the interval stays as wide."""
    few = pairs(30, a_patient=1)
    many = Pairs(*(np.repeat(each, 20) for each in few[:6]), alert_risk=few.alert_risk)
    for one, other in zip(measures(few), measures(many), strict=True):
        if "agreement" in one.name:
            continue  # n - 1 of the SD is another one
        assert (one.value, one.low, one.high) == pytest.approx((other.value, other.low, other.high)), one.name
    lone = Pairs(*(np.repeat(each, 20) for each in few[:6]), alert_risk=few.alert_risk)
    as_many = {each.name: each for each in measures(lone._replace(patient=np.arange(600)))}
    wide = {each.name: each for each in measures(lone)}
    narrow = as_many["MAE"].high - as_many["MAE"].low  # type: ignore[operator]
    assert narrow < 0.4 * (wide["MAE"].high - wide["MAE"].low)  # type: ignore[operator]


def test_patients_with_many_ecgs_weigh_as_much_as_they_are_drawn() -> None:
    """Of patients with 1, 2, 3 ... ECGs, intervals are those of the training reports."""
    one = pairs(55)._replace(patient=np.repeat(np.arange(10), np.arange(1, 11)))
    error = one.estimated_meq_l - one.true_meq_l
    found = {each.name: each for each in measures(one)}
    for name, values in (("bias", error), ("MAE", np.abs(error))):
        assert (found[name].low, found[name].high) == pytest.approx(interval_by_patients(values, one.patient))


def test_what_is_not_defined_is_none_and_never_a_number() -> None:
    one = Pairs(np.array([4.0, 4.4]), np.array([4.2, 4.2]), np.array([0, 0]))
    found = {each.name: each for each in measures(one)}
    for name in ("R2", "AUC at 5.5", "sensitivity, estimate from 5.5"):
        assert (found[name].value, found[name].low) == (None, None), name
    assert (found["MAE"].value, found["MAE"].low) == (pytest.approx(0.2), None)  # one patient: no interval
    assert "coverage of the interval" not in found and "sensitivity, alert by risk" not in found
    single = {each.name: each for each in measures(Pairs(*(each[:1] for each in one[:3])))}
    assert single["upper limit of agreement"].value is None


def test_the_area_under_the_curve_is_the_auc() -> None:
    one = pairs()
    positive = one.true_meq_l >= 5.5
    false, true = roc(one.estimated_meq_l, positive)
    area = float(np.sum(np.diff(false) * (true[1:] + true[:-1]) / 2))
    assert area == pytest.approx(auc(one.estimated_meq_l, positive))
    assert (false[0], true[0], false[-1], true[-1]) == (0, 0, 1, 1)
