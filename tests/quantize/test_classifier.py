"""A classifier of hyperkalemia from training to firmware: it says a probability, and never a potassium."""

import json
import re
from pathlib import Path

import numpy as np
import pytest
from support.command_line import splkit_here, splkit_json
from support.made_once import made_once

from splkit import boards
from splkit.ecg.recordings.readers import read_recording
from splkit.ecg.recordings.recording import resample
from splkit.errors import ModelError, UsageError
from splkit.firmware.export import ExportRequest, export
from splkit.firmware.manifest import read_manifest
from splkit.firmware.parity.host import HostLibrary
from splkit.quantize.carried import card_for
from splkit.quantize.estimate import Estimator
from splkit.quantize.oracle import TflmOracle
from splkit.quantize.run import Outputs, quantize_run
from splkit.train.classifier import check_classes
from splkit.train.config import TrainConfig
from splkit.train.folder import ClassifierRun, Run, load_run
from splkit.train.run import train_run

pytest.importorskip("tensorflow", reason="training needs splkit[train]")

TINY = TrainConfig(
    model="galloway_4k", seed=8, patients=14, records_per_patient=3, record_s=20, cycles_per_record=3,
    averaged_cycles=4, tail_share=1.0, epochs=2, least_steps=20,
)  # fmt: skip


@pytest.fixture(scope="session")
def classifier_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished run with its int8 model."""

    def make(folder: Path) -> None:
        train_run(TINY, folder)
        quantize_run(folder, Outputs.beside(folder / "galloway_4k.tflite"))

    return made_once(tmp_path_factory, "classifier", make)


@pytest.mark.long
def test_a_run_has_the_layout_of_any_other(classifier_run: Path) -> None:
    run = load_run(classifier_run)
    assert isinstance(run, ClassifierRun)
    metrics = json.loads((classifier_run / "metrics.json").read_text())
    assert {"data", "records", "parameters", "best_epoch", "weakness", "test"} <= metrics.keys()
    assert not {"spl_offset_meq_l", "bands", "baselines", "mean_answer"} & metrics.keys()
    assert "mae_meq_l" not in json.dumps(metrics)
    assert metrics["train_positive_cycles"] == int((run.learned().potassium_meq_l >= 5.5).sum())
    curve = np.loadtxt(classifier_run / "roc.csv", delimiter=",", skiprows=1)
    assert np.trapezoid(curve[:, 1], curve[:, 0]) == pytest.approx(metrics["test"]["auc"]["value"], abs=1e-4)
    assert (classifier_run / "roc.png").read_bytes().startswith(b"\x89PNG")
    rows = (classifier_run / "history.csv").read_text().splitlines()
    assert rows[0] == "epoch,train_loss,validation_loss" and len(rows) == 1 + TINY.epochs
    validation = run.cycles("validation")
    probability = run.model().predict(validation.inputs, verbose=0)[:, 0].astype(np.float64)
    high = validation.potassium_meq_l >= 5.5
    nats = -np.mean(np.log(np.where(high, probability, 1 - probability)))
    best = min(float(row.split(",")[2]) for row in rows[1:])
    assert best == pytest.approx(nats, rel=1e-4)


@pytest.mark.long
def test_a_run_of_a_classifier_is_no_run_of_potassium(classifier_run: Path) -> None:
    with pytest.raises(ModelError, match="galloway_4k, which tells hyperkalemia and estimates no SPL"):
        Run.load(classifier_run)
    with pytest.raises(UsageError, match="a classifier is converted as it was trained"):
        quantize_run(classifier_run, Outputs.beside(classifier_run / "other.tflite"), method="qat")


@pytest.mark.long
def test_the_alert_of_the_int8_model_is_chosen_on_its_own_validation_answers(classifier_run: Path) -> None:
    path = classifier_run / "galloway_4k.tflite"
    card, run = card_for(path), load_run(classifier_run)
    assert (card.task, card.unit, card.positive_spl_meq_l, card.offset) == ("probability", "1", 5.5, 0)
    assert card.discrimination is not None and card.metrics is None and card.method == "ptq"
    validation = run.cycles("validation")
    scale = card.input.scale
    codes = np.clip(np.rint(validation.averaged / 4096 / scale) + card.input.zero_point, -128, 127)
    said = TflmOracle(path.read_bytes()).run(codes.astype(np.int8))[:, 0].astype(float)
    permille = np.floor((said + 128) / 256 * 1000 + 0.5)
    others = permille[validation.potassium_meq_l < 5.5]
    limit = next((at for at in range(1, 1000) if 10 * (others < at).sum() >= 9 * len(others)), 999)
    assert abs(card.alert_threshold * 1000 - limit) <= 4  # an input that rounds another way moves a step
    assert card.discrimination.int8.points[0].threshold_permille == round(card.alert_threshold * 1000)
    assert card.distance is not None and card.distance.test is not None
    assert card.distance.test.answered_mae_meq_l is None


@pytest.mark.long
def test_a_device_says_a_risk_and_no_potassium(classifier_run: Path, tmp_path: Path) -> None:
    path = classifier_run / "galloway_4k.tflite"
    export(ExportRequest.for_board(path, boards.load("nrf52"), accept_weak=True), tmp_path / "fw")
    manifest = read_manifest(tmp_path / "fw")
    assert (manifest.task, manifest.unit) == ("probability", "1")
    header = (tmp_path / "fw" / "include" / "spl.h").read_text()
    assert "probability_permille" in header and "spl_ueq_l" not in header
    rng = np.random.default_rng(0)
    inputs = rng.integers(-128, 128, (16, 270)).astype(np.int8)
    np.testing.assert_array_equal(
        HostLibrary(tmp_path / "fw").infer(inputs), TflmOracle(path.read_bytes()).run(inputs)
    )
    checks = splkit_json("verify", str(tmp_path / "fw"), "--duration", "20", "--inputs", "4", "--cycles", "4")
    assert sum(check["mismatches"] for check in checks) == 0
    assert any("application" in check["name"] for check in checks)
    found = Estimator(path).ecg(resample(read_recording("toy"), 300), manifest.front_end)
    if found.value is None:
        pytest.fail(found.words)
    assert re.search(r"a probability of 0\.\d\d of potassium at or above 5.5 mEq/L", found.words)


def test_both_classes_are_needed(classifier_run: Path) -> None:
    train = load_run(classifier_run).learned()
    low = train.where(train.potassium_meq_l < 5.5)
    with pytest.raises(ModelError, match=r"both sides of 5.5 mEq/L; found 0 of \d+ validation cycles"):
        check_classes(training=train, validation=low)
    with pytest.raises(ModelError, match=r"training cycles at or above it"):
        check_classes(training=train.where(train.potassium_meq_l >= 5.5))


def test_what_a_classifier_does_not_have_is_refused(tmp_path: Path) -> None:
    for refused in ({"balance": 0.3}, {"quantiles": (0.1, 0.5, 0.9)}):
        with pytest.raises(ValueError, match="answers one probability"):
            TrainConfig.model_validate({"model": "galloway_4k"} | refused)
    assert TrainConfig(model="galloway_4k").balance == 0
    told = splkit_here("train", "--model", "galloway_4k", "--balance", "0.5", "--out", str(tmp_path / "run"))
    assert told.returncode == 2
    assert (
        "a classifier answers one probability" in told.stderr and "galloway_4k with --balance" in told.stderr
    )
