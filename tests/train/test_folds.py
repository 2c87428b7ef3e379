"""Cross-validation: each patient is tested once, by a run of its own, and finished folds are kept."""

from pathlib import Path

import numpy as np

from splkit.train.config import TrainConfig
from splkit.train.dataset import build
from splkit.train.folder import Run
from splkit.train.folds import cross_validate, summary

TINY = TrainConfig(model="fnn_4k", patients=10, records_per_patient=1, record_s=20, epochs=1, least_steps=1)


def test_the_fifths_are_all_patients_each_once() -> None:
    """A patient is known by its cycles: numbers move on with the fold."""
    tested = []
    for fold in range(5):
        cycles = build(TINY.model_copy(update={"fold": fold})).split("test", TINY.patients, fold)
        tested.append({row.tobytes() for row in cycles.averaged})
    everyone = {row.tobytes() for row in build(TINY).averaged}
    assert set.union(*tested) == everyone and sum(map(len, tested)) == len(everyone)


def test_folds_are_runs_and_finished_ones_are_kept(tmp_path: Path) -> None:
    steps = list[int]()
    metrics = cross_validate(TINY, tmp_path, 2, steps.append)
    assert sum(steps) == 2 * TINY.progress_steps
    assert [Run.load(tmp_path / name).config.fold for name in ("fold1", "fold2")] == [0, 1]
    before = (tmp_path / "fold1" / "weights.h5").stat().st_mtime_ns
    assert cross_validate(TINY, tmp_path, 2, resume=True) == metrics
    assert (tmp_path / "fold1" / "weights.h5").stat().st_mtime_ns == before
    errors = [one.test.mae_meq_l for one in metrics]
    assert summary(metrics)["mae_meq_l"] == (np.mean(errors), np.std(errors, ddof=1))
