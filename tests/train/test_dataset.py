"""Data sets: splits by patient, reproducible, from the front end."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from splkit.errors import ModelError, UsageError
from splkit.train.cohort import FOLDS, SPLITS, draw_potassium, split_of, turned
from splkit.train.config import TrainConfig, load_recipe
from splkit.train.cycle_set import CycleSet
from splkit.train.dataset import build
from splkit.train.metrics import auc, score, score_bands

SMALL = TrainConfig(patients=10, records_per_patient=2, record_s=20)


@pytest.fixture(scope="module")
def cycles() -> CycleSet:
    return build(SMALL)


def test_no_patient_is_in_two_splits(cycles: CycleSet) -> None:
    seen = [set(cycles.split(name, SMALL.patients, 0).patient.tolist()) for name in SPLITS]
    assert seen[0] == set(range(7)) and seen[1] == {7} and seen[2] == {8, 9}
    assert sum(len(cycles.split(name, SMALL.patients, 0).patient) for name in SPLITS) == len(cycles.patient)


def test_splits_are_70_10_20() -> None:
    counts = [sum(split_of(one, 1000, 0) == name for one in range(1000)) for name in SPLITS]
    assert counts == [700, 100, 200]


@pytest.mark.parametrize("patients", [10, 11, 12, 13, 19, 24, 101])
def test_folds_test_everyone_once_and_every_split_has_someone(patients: int) -> None:
    tested: list[int] = []
    for fold in range(FOLDS):
        splits = [split_of(turned(one, fold, patients), patients, fold) for one in range(patients)]
        assert set(splits) == set(SPLITS)
        tested += [one for one, name in enumerate(splits) if name == "test"]
    assert sorted(tested) == list(range(patients))


def test_r_is_one_at_its_index(cycles: CycleSet) -> None:
    assert cycles.inputs.dtype == np.float32 and cycles.inputs.shape[1] == 270
    np.testing.assert_allclose(cycles.inputs[:, 90], 1.0, atol=0.05)
    assert np.mean(np.abs(cycles.inputs).argmax(axis=1) == 90) > 0.8


def test_same_configuration_same_cycles(cycles: CycleSet) -> None:
    np.testing.assert_array_equal(cycles.averaged, build(SMALL).averaged)
    other = build(SMALL.model_copy(update={"seed": 2}))
    assert not np.array_equal(cycles.potassium_meq_l[:3], other.potassium_meq_l[:3])


def test_workers_change_nothing() -> None:
    many = SMALL.model_copy(update={"patients": 36, "records_per_patient": 1})
    steps: list[int] = []
    in_workers = build(many, steps.append, workers=2)
    alone = [build(many.model_copy(update={"patients": 10}))]
    same = in_workers.where(in_workers.patient < 7)  # in training in both
    np.testing.assert_array_equal(same.averaged, alone[0].where(alone[0].patient < 7).averaged)
    assert sum(steps) == 36


def test_cycles_come_back_from_a_file(cycles: CycleSet, tmp_path: Path) -> None:
    cycles.save(tmp_path / "cycles.npz")
    back = CycleSet.load(tmp_path / "cycles.npz")
    np.testing.assert_array_equal(back.averaged, cycles.averaged)
    (tmp_path / "broken.npz").write_bytes(b"PK\x03\x04")
    for name in ("broken.npz", "nowhere.npz"):
        with pytest.raises(ModelError, match="train again"):
            CycleSet.load(tmp_path / name)


def test_one_lead_of_all_records_is_the_lead(cycles: CycleSet) -> None:
    assert cycles.lead == SMALL.lead == "V5"
    second, unknown, known = (replace(cycles, leads=leads) for leads in (("II",), ("",), ("V5",)))
    assert CycleSet.together([cycles, known]).lead == "V5"
    for other in (second, unknown):
        assert CycleSet.together([cycles, other]).lead is None
    assert unknown.lead is None


def test_the_test_cohort_has_kidney_disease() -> None:
    rng = np.random.default_rng(0)
    drawn = np.array([draw_potassium(rng, 0.12) for _ in range(20_000)])
    assert drawn.mean() == pytest.approx(4.9, abs=0.05)
    assert drawn.std() == pytest.approx(1.0, abs=0.1)
    assert 0.02 < np.mean(drawn > 7) < 0.06
    assert drawn.min() >= 2.5 and drawn.max() <= 9.5


def test_scores_worked_out_by_hand() -> None:
    """Errors 1.3, -1.2, -1.3, 0.5, -0.5; the two of 5.5 mEq/L and more outscore all others."""
    true = np.array([4.0, 5.2, 5.4, 5.5, 7.0])
    scored = score(np.array([5.3, 4.0, 4.1, 6.0, 6.5]), true, np.array([1, 1, 2, 3, 3]))
    assert (scored.mae_meq_l, scored.bias_meq_l, scored.auc_5_5) == (0.96, -0.24, 1.0)
    assert (scored.cycles, scored.patients) == (5, 3)
    # Mean square 1.064, variance of the truth 0.9136.
    assert scored.r2 == pytest.approx(1 - 1.064 / 0.9136, abs=1e-3)
    assert [band.name for band in score_bands(true, true)] == ["3.5 to 5.5", "5.5 to 6.5", "6.5 to 7.5"]


def test_auc_is_the_chance_of_ranking_right() -> None:
    positive = np.array([False, True, False, True])
    assert auc(np.array([1.0, 2.0, 3.0, 4.0]), positive) == 0.75
    assert auc(np.array([1.0, 1.0, 1.0, 1.0]), positive) == 0.5
    assert auc(np.array([1.0, 2.0, 3.0, 4.0]), np.zeros(4, bool)) is None


def test_scores() -> None:
    accuracy = score(np.array([5.0, 6.0, 4.0]), np.array([4.0, 6.0, 6.0]), np.array([1, 1, 2]))
    assert (accuracy.mae_meq_l, accuracy.bias_meq_l, accuracy.auc_5_5) == (1.0, -0.3333, 0.5)
    assert (accuracy.cycles, accuracy.patients) == (3, 2)
    assert accuracy.text == "MAE 1.000 mEq/L, AUC at 5.5 0.500"


def test_scores_by_potassium() -> None:
    low, high = score_bands(np.array([4.0, 5.0, 6.5]), np.array([3.0, 3.4, 8.0]))
    assert (low.name, low.cycles, low.true_meq_l, low.answer_meq_l, low.mae_meq_l) == (
        "under 3.5",
        2,
        3.2,
        4.5,
        1.3,
    )
    assert (high.name, high.cycles, high.mae_meq_l) == ("from 7.5", 1, 1.5)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("epochs = 0", "epochs: Input should be greater"),
        ("epoch = 3", "epoch: Extra inputs"),
        ("order = 'other'", "order: Input should be 'conv-bn-relu' or 'conv-relu-bn'"),
        ("epochs = ", "recipe.toml"),
    ],
)
def test_bad_recipes_are_named(tmp_path: Path, text: str, found: str) -> None:
    path = tmp_path / "recipe.toml"
    path.write_text(text)
    with pytest.raises(UsageError, match=found):
        load_recipe(path)
    with pytest.raises(UsageError, match="check the path"):
        load_recipe(tmp_path / "nowhere.toml")
