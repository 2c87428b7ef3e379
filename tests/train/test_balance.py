"""Rare potassium counts for more than its share, as far as one asks for it."""

import numpy as np
import pytest

from splkit.train.balance import balance


@pytest.fixture
def potassium_meq_l() -> np.ndarray:
    rng = np.random.default_rng(0)
    return np.concatenate([np.clip(rng.normal(4.8, 0.7, 9_000), 2.5, 9.5), rng.uniform(2.5, 9.5, 1_000)])


def test_nothing_is_weighed_unless_asked(potassium_meq_l: np.ndarray) -> None:
    np.testing.assert_array_equal(balance(potassium_meq_l, 0.0), np.ones(10_000, np.float32))


def test_fully_balanced_every_potassium_counts_alike(potassium_meq_l: np.ndarray) -> None:
    weights = balance(potassium_meq_l, 1.0)
    assert weights.mean() == pytest.approx(1.0, abs=1e-5)
    inside = (potassium_meq_l > 3.0) & (potassium_meq_l < 9.0)
    before, after = (
        np.histogram(potassium_meq_l[inside], 6, (3.0, 9.0), weights=counted)[0]
        for counted in (None, weights[inside])
    )
    assert before.max() > 20 * before.min() and after.max() < 1.5 * after.min()


def test_half_way_the_tail_gains_less(potassium_meq_l: np.ndarray) -> None:
    tail = potassium_meq_l > 7.5
    shares = [balance(potassium_meq_l, exponent)[tail].sum() / 10_000 for exponent in (0.0, 0.5, 1.0)]
    assert shares == sorted(shares) and shares[0] < 0.04 and shares[1] > 2 * shares[0] and shares[2] > 0.2
