"""The interval on the card: it covers what it says, on patients that neither training nor it has seen."""

import numpy as np
import pytest
from support.single_answer import single_answer_model

from splkit.quantize.card import Interval, ModelCard
from splkit.quantize.carried import card_for
from splkit.quantize.interval import split_conformal


def test_the_interval_covers_what_it_says() -> None:
    rng = np.random.default_rng(0)
    validation, test = (rng.gamma(2.0, 0.5, n) - 0.7 for n in (2_000, 20_000))
    interval = split_conformal(validation, test, 0.8)
    assert interval is not None and interval.coverage == 0.8
    assert interval.test_coverage == pytest.approx(0.8, abs=0.03)
    assert interval.low_meq_l < 0 < interval.high_meq_l and interval.high_meq_l > -2 * interval.low_meq_l


def test_the_quantiles_are_those_for_finite_samples() -> None:
    errors = np.arange(19.0)
    interval = split_conformal(errors[::-1], errors, 0.9)
    assert interval == Interval(coverage=0.9, low_meq_l=0.0, high_meq_l=18.0, test_coverage=1.0)
    assert split_conformal(errors[1:], errors, 0.9) is None


def test_a_card_without_an_interval_is_read() -> None:
    card = card_for(single_answer_model())
    assert card.interval is not None and card.interval.low_meq_l < 0 < card.interval.high_meq_l
    assert card.interval.coverage - 0.02 <= card.interval.test_coverage <= card.interval.coverage + 0.05
    older = card.model_dump()
    del older["interval"]
    assert ModelCard.model_validate(older).interval is None


@pytest.mark.parametrize("broken", [{"low_meq_l": 0.5}, {"low_meq_l": float("nan")}, {"coverage": 1.0}])
def test_an_interval_that_is_none_is_refused(broken: dict[str, float]) -> None:
    good = {"coverage": 0.9, "low_meq_l": -1.0, "high_meq_l": 0.5, "test_coverage": 0.9}
    with pytest.raises(ValueError):
        Interval.model_validate(good | broken)
