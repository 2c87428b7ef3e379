"""Runs side by side: folds as one, int8 from the card, and what makes figures incomparable."""

import json
from pathlib import Path

import pytest
from support.command_line import splkit, splkit_json

from splkit import __version__
from splkit.errors import ModelError
from splkit.quantize.card import Metrics, ModelCard, Quantization
from splkit.quantize.compare import Figure, compare_runs
from splkit.train.config import TrainConfig
from splkit.train.folder import CONFIG, METRICS, RunMetrics
from splkit.train.metrics import Accuracy


def accuracy(mae_meq_l: float, auc_5_5: float | None = 0.8) -> Accuracy:
    return Accuracy(mae_meq_l=mae_meq_l, bias_meq_l=0.0, r2=0.4, auc_5_5=auc_5_5, cycles=20, patients=4)


def write_run(folder: Path, test: Accuracy, config: TrainConfig | None = None) -> Path:
    folder.mkdir(parents=True)
    metrics = RunMetrics(
        data="simulated",
        records=20,
        used_records=20,
        splkit_version=__version__,
        spl_offset_meq_l=4.9,
        parameters=4068,
        train_cycles=100,
        train_patients=14,
        test=test,
        mean_answer=test,
        best_epoch=1,
    )
    (folder / CONFIG).write_text((config or TrainConfig()).model_dump_json())
    (folder / METRICS).write_text(metrics.model_dump_json())
    (folder / "weights.h5").touch()
    return folder


def write_card(run: Path, int8: Accuracy) -> None:
    quantization = Quantization(scale=0.1, zero_point=0)
    metrics = Metrics(
        data="simulated",
        float32=int8,
        int8=int8,
        mean_abs_difference_meq_l=0.0,
        max_abs_difference_meq_l=0.0,
    )
    card = ModelCard(
        name="dscrnn_4k",
        sha256="0" * 64,
        input=quantization,
        output=quantization,
        task="potassium",
        offset=4.9,
        trained_on="simulated potassium",
        metrics=metrics,
        splkit_version=__version__,
    )
    card.save(run / "dscrnn_4k.json")


def test_folds_count_as_one_run_with_mean_and_deviation(tmp_path: Path) -> None:
    for fold, mae_meq_l in enumerate((0.5, 0.7), start=1):
        write_run(tmp_path / "cv" / f"fold{fold}", accuracy(mae_meq_l, None if fold == 2 else 0.8))
    (entry,), apart = compare_runs([tmp_path / "cv"])
    assert (entry.name, entry.folds, entry.patients) == (str(tmp_path / "cv"), 2, 8)
    assert entry.mae_meq_l == Figure(pytest.approx(0.6), pytest.approx(0.02**0.5))
    assert entry.auc_5_5 is None and entry.int8_mae_meq_l is None and apart == []


def test_runs_are_put_side_by_side(tmp_path: Path) -> None:
    quantized = write_run(tmp_path / "a", accuracy(0.5))
    write_card(quantized, accuracy(0.52))
    v1 = TrainConfig(lead="V1", model="fnn_4k", seed=3)
    other = write_run(tmp_path / "b", accuracy(0.6), v1)
    facts = splkit_json("compare", str(quantized), str(other))
    assert [(run["model"], run["order"], run["lead"]) for run in facts["runs"]] == [
        ("dscrnn_4k", "conv-bn-relu", "V5"),
        ("fnn_4k", "", "V1"),
    ]
    assert [run["int8_mae_meq_l"] for run in facts["runs"]] == [{"mean": 0.52, "sd": None}, None]
    assert facts["differ"] == ["lead", "seed"]
    told = splkit("compare", str(quantized), str(other)).stdout
    assert "0.520" in told and "not tested on the same ECGs, since these differ: lead, seed" in told


def test_a_folder_without_a_run_is_refused(tmp_path: Path) -> None:
    write_run(tmp_path / "cv" / "fold1", accuracy(0.5))
    (tmp_path / "cv" / "fold2").mkdir()
    for folder in (tmp_path, tmp_path / "cv", tmp_path / "nowhere"):
        with pytest.raises(ModelError, match=r"config\.json: No such file"):
            compare_runs([folder])
    (tmp_path / "cv" / "fold1" / METRICS).write_text(json.dumps({}))
    with pytest.raises(ModelError, match="Field required"):
        compare_runs([tmp_path / "cv" / "fold1"])
