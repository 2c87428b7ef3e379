"""How hyperkalemia is told: figures against their definitions, thresholds from validation patients alone."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from splkit.train.cycle_set import CycleSet
from splkit.train.hyperkalemia import (
    Detection,
    Held,
    chances,
    chances_of_quantiles,
    detection,
    threshold_permille,
)


def cycles(potassium_meq_l: NDArray[np.float64], a_patient: int = 2) -> CycleSet:
    count = len(potassium_meq_l)
    number = np.arange(count)
    averaged = np.zeros((count, 270), np.int16)
    return CycleSet(averaged, potassium_meq_l, number // a_patient, number, np.full(count, 8), count)


def drawn(seed: int, count: int = 160, told: float = 1.0) -> tuple[NDArray[np.float64], CycleSet]:
    """Probabilities in whole thousandths with ties, better the larger `told` is."""
    rng = np.random.default_rng(seed)
    potassium = rng.normal(5.0, 0.8, count)
    score = told * (potassium - 5.5) + rng.normal(0, 1, count)
    return np.round(1 / (1 + np.exp(-score)), 2), cycles(potassium)


def found(seed: int = 1, told: float = 1.0, shift: float = 0.0) -> Detection:
    test_probability, test = drawn(seed + 100, told=told)
    result = detection(*drawn(seed, told=told), np.clip(test_probability + shift, 0, 1), test)
    assert result is not None
    return result


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_auc_is_the_chance_that_a_positive_outscores_a_negative(seed: int) -> None:
    probability, test = drawn(seed + 100)
    high = test.potassium_meq_l >= 5.5
    wins = [
        1.0 if yes > no else 0.5 if yes == no else 0.0
        for yes in probability[high]
        for no in probability[~high]
    ]
    area = found(seed).auc
    assert area.value == pytest.approx(float(np.mean(wins)), abs=1e-4)
    assert area.low < area.value < area.high
    assert found(seed).brier == pytest.approx(float(np.mean((probability - high) ** 2)), abs=1e-4)


def test_intervals_draw_patients_and_not_cycles() -> None:
    """Each cycle eight times over is no more evidence, if it is of the same patient."""
    validation = drawn(1)
    probability, test = drawn(101)
    eight = np.repeat(probability, 8), cycles(np.repeat(test.potassium_meq_l, 8), 16)
    once, often = detection(*validation, probability, test), detection(*validation, *eight)
    assert once and often
    assert often.auc == once.auc and often.points[0].sensitivity == once.points[0].sensitivity
    alone = detection(*validation, eight[0], cycles(np.repeat(test.potassium_meq_l, 8), 1))
    assert alone and alone.auc.high - alone.auc.low < 0.6 * (once.auc.high - once.auc.low)


@pytest.mark.parametrize("holds", ["specificity", "sensitivity"])
@settings(deadline=None, max_examples=60)
@given(
    rows=st.lists(st.tuples(st.integers(0, 1000), st.booleans()), min_size=2, max_size=40).filter(
        lambda rows: len({high for _, high in rows}) == 2
    )
)
def test_a_threshold_is_the_best_that_holds(holds: Held, rows: list[tuple[int, bool]]) -> None:
    permille, positive = (np.array(each) for each in zip(*rows, strict=True))
    limit = threshold_permille(permille / 1000, positive.astype(bool), holds)

    def held(at: int) -> bool:
        if holds == "specificity":
            others = [each for each, high in rows if not high]
            return 10 * sum(each < at for each in others) >= 9 * len(others)
        those = [each for each, high in rows if high]
        return 10 * sum(each >= at for each in those) >= 9 * len(those)

    enough = [at for at in range(1, 1000) if held(at)]
    if holds == "specificity":
        assert limit == (enough[0] if enough else 999)
    else:
        assert limit == (enough[-1] if enough else 1)


def test_thresholds_see_the_validation_patients_alone() -> None:
    """Whatever the test patients are answered, thresholds stay, and the figures are what they come to."""
    first, moved, worse = found(), found(shift=0.2), found(told=1.0, shift=-0.3)
    limits = [point.threshold_permille for point in first.points]
    for other in (moved, worse):
        assert [point.threshold_permille for point in other.points] == limits
        validation = [
            (each.points[0].validation_specificity, each.points[1].validation_sensitivity)
            for each in (first, other)
        ]
        assert validation[0] == validation[1]
    assert moved.points[0].specificity.value < 0.8 < first.points[0].specificity.value
    assert worse.points[1].sensitivity.value < 0.75 < first.points[1].sensitivity.value
    probability, test = drawn(101)
    told = probability >= limits[0] / 1000
    high = test.potassium_meq_l >= 5.5
    assert first.points[0].sensitivity.value == pytest.approx(told[high].mean(), abs=1e-4)
    assert first.points[0].specificity.value == pytest.approx((~told[~high]).mean(), abs=1e-4)
    assert first.points[0].validation_specificity >= 0.9
    assert first.points[1].validation_sensitivity >= 0.9


def test_one_class_alone_has_no_figures() -> None:
    low = np.full(20, 4.0)
    assert detection(*drawn(1), np.zeros(20), cycles(low)) is None
    assert detection(np.zeros(20), cycles(low), *drawn(1)) is None


def test_the_chance_behind_an_estimate_is_the_share_of_errors_that_would_reach_it() -> None:
    errors = np.array([-1.0, -0.5, 0.0, 0.5, 1.0])
    for estimate, reached in ((4.0, 0), (4.5, 1), (4.9, 1), (5.0, 2), (5.5, 3), (6.5, 5), (7.0, 5)):
        expected = (sum(estimate + each >= 5.5 for each in errors) + 0.5) / 6
        assert sum(estimate + each >= 5.5 for each in errors) == reached
        assert chances(np.array([estimate]), errors)[0] == pytest.approx(expected)


def test_the_chance_between_two_quantiles_is_spread_evenly() -> None:
    levels = (0.1, 0.5, 0.9)
    rows = np.array([[4.0, 5.0, 6.0], [6.0, 5.0, 4.0], [5.5, 6.0, 7.0], [3.0, 4.0, 5.0]])
    expected = [1 - 0.7, 1 - 0.7, 0.9, (1 - 0.9) * (10 - 5.5) / (10 - 5.0)]
    np.testing.assert_allclose(chances_of_quantiles(rows, levels), expected)
