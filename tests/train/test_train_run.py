"""Training runs: reproducible, resumable, and never half-written."""

import shutil
import sys
from pathlib import Path

import numpy as np
import pytest
from support.stop_early import StopEarly

from splkit import __version__
from splkit.errors import ModelError, ToolError, UsageError
from splkit.train.config import TrainConfig
from splkit.train.fit import Example, fit
from splkit.train.folder import Run
from splkit.train.going_on import kept, kept_of_folds
from splkit.train.run import train_run
from splkit.train.zoo import DSCRNN_4K_PARAMETERS, build_named, dscrnn_4k

TINY = TrainConfig(model="cnn_4k", patients=10, records_per_patient=2, record_s=20, epochs=2, least_steps=1)
"""Of a network with BatchNorm that TensorFlow traces fast."""


GOES_ON = "the same command with --resume goes on"


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("runs") / "whole"
    steps: list[int] = []
    train_run(TINY, folder, steps.append)
    assert sum(steps) == TINY.progress_steps
    return folder


def weights(folder: Path) -> list[np.ndarray]:
    return [np.asarray(value) for value in Run.load(folder).model().get_weights()]


def test_a_run_folder_holds_all_of_it(whole: Path) -> None:
    names = {path.name for path in whole.iterdir()}
    assert names == {
        "config.json",
        "cycles.npz",
        "history.csv",
        "learning_curve.png",
        "made.json",
        "metrics.json",
        "test_answers.csv",
        "weights.h5",
    }
    assert (whole / "learning_curve.png").read_bytes().startswith(b"\x89PNG")
    assert len((whole / "history.csv").read_text().splitlines()) == 1 + TINY.epochs


def test_force_replaces_a_run_and_nothing_of_the_users(whole: Path, tmp_path: Path) -> None:
    run = tmp_path / "run"
    shutil.copytree(whole, run)
    (run / "notes.txt").write_text("mine")
    (run / "config.json").write_text("{}")
    with pytest.raises(UsageError, match=r"nobody changed; found config.json, notes.txt in .*run"):
        train_run(TINY, run, overwrite=True)
    for name in ("notes.txt", "made.json"):
        (run / name).unlink()
    with pytest.raises(UsageError, match=r"lists what splkit made; found .*made.json"):
        train_run(TINY, run, overwrite=True)
    assert (run / "config.json").read_text() == "{}" and list(tmp_path.iterdir()) == [run]


def test_a_run_that_was_cut_off_is_started_anew_only_where_it_holds_nothing_else(tmp_path: Path) -> None:
    partial = tmp_path / "run.partial"
    partial.mkdir()
    (partial / "notes.txt").write_text("mine")
    with pytest.raises(UsageError, match=r"holds nothing else; found notes.txt"):
        train_run(TINY, tmp_path / "run", overwrite=True)
    assert (partial / "notes.txt").read_text() == "mine"


def test_metrics_say_simulated_and_what_must_be_beaten(whole: Path) -> None:
    metrics = Run.load(whole).metrics
    assert metrics.data == "simulated"
    assert metrics.parameters == Run.load(whole).model().count_params()
    assert metrics.test.patients == metrics.mean_answer.patients == 2
    assert abs(metrics.spl_offset_meq_l - 4.9) < 1.0


def test_a_run_that_was_cut_off_ends_as_if_it_had_not(whole: Path, tmp_path: Path) -> None:
    folder = tmp_path / "cut"
    with pytest.raises(KeyboardInterrupt):
        train_run(TINY, folder, StopEarly(TINY.patients * 2 - 1))
    assert not folder.exists() and (tmp_path / "cut.partial" / "checkpoint.npz").exists()
    with pytest.raises(UsageError, match="--resume to go on with it, or --force"):
        train_run(TINY, folder)
    shutil.copytree(tmp_path / "cut.partial", tmp_path / "damaged.partial")
    (tmp_path / "damaged.partial" / "checkpoint.npz").write_bytes(b"PK\x03\x04 and no more")
    with pytest.raises(ModelError, match="start it without resuming"):
        train_run(TINY, tmp_path / "damaged", resume=True)
    with pytest.raises(UsageError, match="found another learning_rate"):
        train_run(TINY.model_copy(update={"learning_rate": 0.1}), folder, resume=True)
    train_run(TINY, folder, resume=True)
    assert not (tmp_path / "cut.partial").exists()
    assert (folder / "metrics.json").read_bytes() == (whole / "metrics.json").read_bytes()
    for ours, theirs in zip(weights(folder), weights(whole), strict=True):
        np.testing.assert_array_equal(ours, theirs)


def test_a_finished_run_goes_on_with_more_epochs(whole: Path, tmp_path: Path) -> None:
    """Its weights are those of a run from the start that restarts after the same epoch."""
    more, folder = TINY.model_copy(update={"epochs": 4}), tmp_path / "more"
    shutil.copytree(whole, folder)
    with pytest.raises(UsageError, match=r"more epochs than it has; found 2 in .*more, 2 asked for"):
        train_run(TINY, folder, resume=True)
    with pytest.raises(UsageError, match=r"found another learning_rate in .*more"):
        train_run(more.model_copy(update={"learning_rate": 0.1}), folder, resume=True)
    with pytest.raises(KeyboardInterrupt):
        train_run(more, folder, StopEarly(TINY.patients * 4 - 1), resume=True)
    assert Run.load(folder).config == TINY
    assert kept(folder, tmp_path) == f"3 whole epochs are kept in {tmp_path / 'more.partial'}: " + GOES_ON
    train_run(more, folder, resume=True)
    at_once = more.model_copy(update={"restarts": (2,)})
    train_run(at_once, tmp_path / "once", cache=None)
    assert Run.load(folder).config == at_once
    for name in ("metrics.json", "history.csv", "cycles.npz"):
        assert (folder / name).read_bytes() == (tmp_path / "once" / name).read_bytes()
    for ours, theirs in zip(weights(folder), weights(tmp_path / "once"), strict=True):
        np.testing.assert_array_equal(ours, theirs)


def test_what_an_interrupted_run_has_kept_is_said_as_it_is(tmp_path: Path) -> None:
    folder, cache = tmp_path / "cut", tmp_path / "cache"
    assert kept(folder, cache) == f"nothing was begun in {folder}"
    assert kept_of_folds(tmp_path, 2, cache) == "0 of 2 folds are done, --resume keeps them"
    with pytest.raises(KeyboardInterrupt):
        train_run(TINY, folder, StopEarly(TINY.patients - 1), cache=cache)
    assert "no epoch was begun" in kept(folder, cache) and str(cache) in kept(folder, cache)
    with pytest.raises(KeyboardInterrupt):
        train_run(TINY, folder, StopEarly(TINY.patients * 2 - 1), cache=cache)
    assert kept(folder, cache) == f"1 whole epoch is kept in {tmp_path / 'cut.partial'}: {GOES_ON}"
    (tmp_path / "cut.partial" / "checkpoint.npz").unlink()
    assert "no epoch is over" in kept(folder, cache)
    (tmp_path / "fold1").mkdir()
    (tmp_path / "cut.partial").rename(tmp_path / "fold2.partial")
    assert kept_of_folds(tmp_path, 3, cache).startswith("1 of 3 folds are done; of fold2: no epoch is over")


def test_a_folder_in_use_and_nothing_to_resume(whole: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="which holds something"):
        train_run(TINY, whole)
    with pytest.raises(UsageError, match="start it without resuming"):
        train_run(TINY, tmp_path / "new", resume=True)
    assert not list(tmp_path.iterdir())


def test_a_loss_that_is_not_finite(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="lower the learning rate"):
        train_run(TINY.model_copy(update={"learning_rate": 1e30}), tmp_path / "run")
    assert not (tmp_path / "run").exists()


def test_a_validation_error_that_is_not_finite(tmp_path: Path) -> None:
    cycles, targets = np.zeros((2, 270), np.float32), np.zeros(2, np.float32)
    fine, broken = (Example(cycles, targets + offset, targets + 1) for offset in (0.0, np.nan))
    with pytest.raises(ModelError, match=r"validation are finite; found [\d.]+ and nan in epoch 1"):
        fit(build_named(TINY.model), TINY, fine, broken, tmp_path)
    assert not list(tmp_path.iterdir())


def test_what_is_no_run(whole: Path, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"found .*No such file"):
        Run.load(tmp_path)
    for name in ("config.json", "metrics.json"):
        (tmp_path / name).write_bytes((whole / name).read_bytes())
    with pytest.raises(ModelError, match=r"no weights\.h5"):
        Run.load(tmp_path)
    older = (whole / "metrics.json").read_text().replace(__version__, "0.0.7")
    (tmp_path / "metrics.json").write_text(older)
    with pytest.raises(ModelError, match=r"what splkit train .* left; found a run of splkit 0\.0\.7"):
        Run.load(tmp_path)
    (tmp_path / "metrics.json").write_bytes((whole / "metrics.json").read_bytes())
    (tmp_path / "weights.h5").write_bytes(b"nothing")
    with pytest.raises(ModelError, match=r"weights\.h5: "):
        Run.load(tmp_path).model()


def test_both_orders_have_4068_parameters_and_their_own_seed() -> None:
    for order in ("conv-bn-relu", "conv-relu-bn"):
        first, again, other = (dscrnn_4k(order, seed=seed) for seed in (1, 1, 2))
        assert first.count_params() == DSCRNN_4K_PARAMETERS == 4068
        np.testing.assert_array_equal(first.get_weights()[0], again.get_weights()[0])
        assert not np.array_equal(first.get_weights()[0], other.get_weights()[0])
    with pytest.raises(UsageError, match="one of conv-bn-relu, conv-relu-bn"):
        dscrnn_4k("relu")  # type: ignore[arg-type]


def test_a_missing_tensorflow_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, "tensorflow", None)
    with pytest.raises(ToolError, match=r"no package tensorflow; .*pip.* install .*\[train\]"):
        train_run(TINY, tmp_path / "run")
    assert not list(tmp_path.iterdir())
