"""Intervals and risks from quantiles, against numbers worked out by hand."""

import numpy as np
import pytest
from pydantic import ValidationError

from splkit.ecg.frontend import AveragedCycles
from splkit.quantize.spread import OfCycles, Spread, corrections, least_cycles
from splkit.quantize.spread_counts import of_cycles
from splkit.quantize.spread_figures import with_figures
from splkit.train.cycle_set import CycleSet

PLAUSIBLE = (2.0, 10.0)
SPREAD = Spread(permille=(80, 500, 980), correction_meq_l=(-0.1, 0.0, 0.2))


def cycles(potassium_meq_l: list[float]) -> CycleSet:
    count = len(potassium_meq_l)
    numbers = np.arange(count)
    means = np.zeros((count, 270), np.int16)
    return CycleSet(means, np.array(potassium_meq_l), numbers, numbers, numbers * 0 + 8, count)


def test_quantiles_are_corrected_rounded_and_never_fall() -> None:
    """4.1 - 0.1, 4.9004 and 5.5 + 0.2; then answers of which the second lies above the third."""
    answers = np.array([[4.1, 4.9004, 5.5], [4.0, 6.0, 5.5]])
    found = SPREAD.quantiles_ueq_l(answers)
    assert found.tolist() == [[4000, 4900, 5700], [3900, 5700, 6000]]
    assert SPREAD.estimates_meq_l(answers).tolist() == [4.9, 5.7]
    assert SPREAD.median == 1 and SPREAD.coverage == pytest.approx(0.9)


def counted(cycles: AveragedCycles, low_meq_l: float) -> OfCycles:
    """A row of a card whose lowest quantile has that correction."""
    correction = (low_meq_l, *SPREAD.correction_meq_l[1:])
    return OfCycles(
        cycles=cycles, correction_meq_l=correction, means=1, mae_meq_l=0.5, share=0.9, width_meq_l=2.0
    )


COUNTED = SPREAD.model_copy(update={"counts": (counted(2, -0.4), counted(4, -0.3), counted(8, -0.1))})


@pytest.mark.parametrize(
    ("cycles", "low_meq_l"), [(1, -0.4), (2, -0.4), (3, -0.4), (4, -0.3), (7, -0.3), (8, -0.1), (16, -0.1)]
)
def test_a_number_of_cycles_has_the_interval_of_the_next_lower_one_that_is_known(
    cycles: int, low_meq_l: float
) -> None:
    assert COUNTED.of_cycles(cycles).correction_meq_l == (low_meq_l, 0.0, 0.2)
    assert SPREAD.of_cycles(cycles) is SPREAD


@pytest.mark.parametrize(
    ("known", "averaged", "least"),
    [
        ((1, 2, 4, 8), 8, 2),
        ((4, 8), 8, 4),
        ((1, 2, 8), 8, 8),  # nothing is known of 4, to which a mean of 2 grows
        ((1, 4), 4, 4),
        ((1, 2), 2, 2),
        ((1, 2, 4, 8, 16), 16, 2),
        ((1,), 1, 1),
    ],
)
def test_a_device_is_early_as_far_as_every_step_is_known(
    known: tuple[AveragedCycles, ...], averaged: AveragedCycles, least: int
) -> None:
    rows = tuple(counted(each, -0.1) for each in known)
    assert least_cycles(SPREAD.model_copy(update={"counts": rows}), averaged) == least
    assert least_cycles(SPREAD, averaged) == least_cycles(None, averaged) == averaged


@pytest.mark.parametrize(
    ("rows", "rule"),
    [
        ((counted(4, -0.3), counted(2, -0.1)), "numbers of cycles rise"),
        ((counted(4, -0.3), counted(8, -0.2)), "those of the most cycles"),
        ((counted(8, -0.1).model_copy(update={"correction_meq_l": (-0.1, 0.2)}),), "its correction"),
    ],
)
def test_counts_that_contradict_their_card_are_refused(rows: tuple[OfCycles, ...], rule: str) -> None:
    with pytest.raises(ValidationError, match=rule):
        Spread.model_validate(SPREAD.model_dump() | {"counts": [each.model_dump() for each in rows]})


def test_a_card_without_counts_has_the_bytes_of_before() -> None:
    assert "counts" not in SPREAD.model_dump() and len(COUNTED.model_dump()["counts"]) == 3


def test_figures_of_a_number_of_cycles_by_hand() -> None:
    """Intervals of 1.6 and 1.9 mEq/L, one of which holds its truth; alerts at a risk of over 26 %."""
    answers = np.array([[4.1, 4.9, 5.5], [5, 6, 7]])
    risk = with_figures(SPREAD, answers, cycles([4.5, 6.0]), PLAUSIBLE).risks[0]
    spread = SPREAD.model_copy(update={"risks": (risk.model_copy(update={"alert_permille": 260}),)})
    found = of_cycles(spread, 2, np.array([[4.0, 4.9, 5.3], [4.0, 4.9, 5.6]]), cycles([4.5, 6.0]))
    assert (found.cycles, found.means, found.mae_meq_l, found.share) == (2, 2, 0.75, 0.5)
    assert found.width_meq_l == pytest.approx((1.6 + 1.9) / 2)
    assert (found.specificity, found.sensitivity) == ((1.0,), (0.0,))


@pytest.mark.parametrize(
    ("level_meq_l", "permille"),
    [
        (5.45, 260),  # half of the way from 4.9 to 6.0: 500 less half of 980 - 500
        (4.9, 500),
        (4.45, 710),  # half of the way from 4.0 to 4.9
        (6.0, 20),
        (8.0, 10),  # half of the way from 6.0 to 10
        (10.0, 0),
        (3.0, 960),  # half of the way from 2 to 4.0: half of 80
        (2.0, 1000),
    ],
)
def test_a_risk_by_hand(level_meq_l: float, permille: int) -> None:
    quantiles = np.array([[4000, 4900, 6000]])
    assert SPREAD.risk_permille(quantiles, level_meq_l, PLAUSIBLE).tolist() == [permille]


def test_a_risk_falls_with_its_level_and_agrees_with_floats() -> None:
    rng = np.random.default_rng(1)
    quantiles = np.sort(rng.integers(1500, 10500, (300, 3)), axis=1)
    before = np.full(300, 1000)
    for level in np.arange(2.0, 10.01, 0.25):
        risk = SPREAD.risk_permille(quantiles, level, PLAUSIBLE)
        edges = np.clip(quantiles / 1000, 2, 10)
        distinct = (np.diff(edges, axis=1).min(axis=1) > 0) & (edges[:, 0] > 2) & (edges[:, -1] < 10)
        ends = ([2.0, *row, 10.0] for row in edges[distinct])
        floats = [1000 - np.interp(level, row, [0, 80, 500, 980, 1000]) for row in ends]
        assert np.abs(risk[distinct] - floats).max() <= 1
        assert (risk <= before).all() and risk.min() >= 0
        before = risk


def test_quantiles_that_lie_together_or_beyond_what_is_plausible() -> None:
    quantiles = np.array([[5000, 5000, 5000], [500, 1000, 1500], [10500, 11000, 12000]])
    assert SPREAD.risk_permille(quantiles, 5.0, PLAUSIBLE).tolist()[1:] == [13, 970]
    assert SPREAD.risk_permille(quantiles, 4.999, PLAUSIBLE)[0] >= 920
    assert SPREAD.risk_permille(quantiles, 5.001, PLAUSIBLE)[0] <= 20


def test_corrections_leave_the_wanted_share_below() -> None:
    """Of 99 truths less answers in order, level 80 takes number 8 and level 980 number 98: 0.08 and 0.98."""
    truth = 5.0 + np.random.default_rng(2).permutation(np.arange(1, 100)) / 100
    answers = np.full((99, 3), 5.0)
    assert corrections((80, 500, 980), answers, truth) == (0.08, 0.0, 0.98)
    assert corrections((1, 500, 999), answers, truth) == (0.01, 0.0, 0.99)


def test_figures_on_test_patients_by_hand() -> None:
    """Intervals are 4.0 to 5.3 and 5.0 to 8.2; of two truths above 6.5 one has high quantiles."""
    low, high = [4.1, 4.9, 6.0], [5.1, 6.6, 8.0]
    answers = np.array([low, low, high, low])
    found = with_figures(SPREAD, answers, cycles([4.5, 3.9, 6.8, 7.0]), PLAUSIBLE)
    shares = {one.name: (one.cycles, one.share) for one in found.covered}
    assert shares["all"] == (4, 0.5) and shares["estimate 4.5 to 5.0"] == (3, 0.333)
    assert shares["truth 6.5 to 7.5"] == (2, 0.5) and shares["truth 3.5 to 5.5"] == (2, 0.5)
    severe = found.risks[1]
    assert (severe.level_meq_l, severe.share, severe.sensitivity) == (6.5, 0.5, 0.5)
    assert found.permille == SPREAD.permille


@pytest.mark.parametrize(
    ("permille", "added", "rule"),
    [
        ((80, 980, 500), (0, 0, 0), "permille rises"),
        ((80, 400, 980), (0, 0, 0), "holds 500"),
        ((80, 500, 980), (0, 0), "every level has its correction"),
        ((0, 500, 980), (0, 0, 0), "greater than or equal to 1"),
    ],
)
def test_spreads_that_make_no_sense(permille: tuple[int, ...], added: tuple[int, ...], rule: str) -> None:
    with pytest.raises(ValidationError, match=rule):
        Spread(permille=permille, correction_meq_l=added)
