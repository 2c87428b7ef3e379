"""Answers of several folds together: who is who, and what their measures are by other formulas."""

from pathlib import Path

import numpy as np
import pytest
from support.studies import drawn_training

from splkit.errors import ModelError
from splkit.study.trained import mae_difference
from splkit.train.cohort import FOLDS, turned, turned_back
from splkit.train.held_out import NETWORK, HeldOut


@pytest.mark.parametrize("patients", [10, 12, 101])
def test_a_patient_is_the_same_in_every_fold(patients: int) -> None:
    for fold in range(FOLDS):
        assert [turned_back(turned(one, fold, patients), fold, patients) for one in range(patients)] == [
            *range(patients)
        ]


def test_measures_are_those_of_the_textbook() -> None:
    """R2, RMSE, limits of agreement by definition; the AUC as the share of pairs in the right order."""
    one = drawn_training(1)
    true, estimate = one.tested.potassium_meq_l, one.tested.estimates[NETWORK]
    error = estimate - true
    squared = error.var() + error.mean() ** 2
    assert one.interval("R2").value == pytest.approx(1 - squared / true.var())
    assert one.interval("RMSE").value == pytest.approx(np.hypot(error.mean(), error.std()))
    upper = error.mean() + 1.96 * np.std(error, ddof=1)
    assert one.interval("upper limit of agreement").value == pytest.approx(upper)
    high, low = estimate[true >= 5.5], estimate[true < 5.5]
    ordered = np.mean([(a > b) + 0.5 * (a == b) for a in high for b in low])
    assert one.interval("AUC at 5.5").value == pytest.approx(ordered)
    assert one.interval("sensitivity, estimate from 5.5").value == pytest.approx(np.mean(high >= 5.5))
    assert one.interval("specificity, estimate from 5.5").value == pytest.approx(np.mean(low < 5.5))
    assert one.interval("R2", "ridge").value != one.interval("R2").value
    assert one.simple == ("mean", "ridge")


def test_a_difference_is_of_the_ecgs_that_both_answer() -> None:
    ours, theirs = (
        drawn_training(2, 40, error=1.0, records=60).tested,
        drawn_training(3, 45, error=0.2, records=60).tested,
    )
    shared = sorted(set(ours.record.tolist()) & set(theirs.record.tolist()))
    assert 20 < len(shared) < 40
    by_hand = []
    for record in shared:
        errors = []
        for one in (ours, theirs):
            at = one.record.tolist().index(record)
            errors.append(abs(one.estimates[NETWORK][at] - one.potassium_meq_l[at]))
        by_hand.append(errors[0] - errors[1])
    found, count = mae_difference(ours, theirs)
    assert count == len(shared) and found.value == pytest.approx(np.mean(by_hand))
    assert found.low is not None and found.high is not None and 0 < found.low < found.value < found.high


def test_answers_are_read_back_and_damage_is_named(tmp_path: Path) -> None:
    tested, path = drawn_training(4).tested, tmp_path / "test_answers.csv"
    tested.save(path)
    again = HeldOut.load(path)
    assert list(again.estimates) == ["network", "mean", "ridge"]
    np.testing.assert_array_equal(again.record, tested.record)
    np.testing.assert_allclose(again.estimates[NETWORK], tested.estimates[NETWORK], atol=5e-7)
    path.write_text(path.read_text().replace("record", "nothing", 1))
    with pytest.raises(ModelError, match=r"found .*other columns"):
        HeldOut.load(path)
