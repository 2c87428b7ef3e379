"""Models that have learned nothing are told from those that have."""

import sys
from pathlib import Path

import numpy as np
import pytest
from support.single_answer import single_answer_model
from support.tflite_builder import OperatorSpec, TensorSpec, build_model

from splkit import boards
from splkit.ecg.simulator.leads import LEADS
from splkit.errors import ModelError
from splkit.firmware.export import ExportRequest, export
from splkit.quantize.carried import card_for
from splkit.quantize.reference import reference_model
from splkit.quantize.stated import stated_card
from splkit.quantize.weak import constant, probe_cycles, weakness
from splkit.train.metrics import Accuracy, no_better_than_mean, same_answer

SCORED = Accuracy(mae_meq_l=0.5, bias_meq_l=0.0, r2=0.3, auc_5_5=0.8, cycles=10, patients=3)
STATED = {"task": "potassium", "offset": 4.9}


def constant_model(path: Path) -> Path:
    """A network that answers the mean of its training, 4.9 mEq/L, to every ECG: its weights are zeros."""
    tensors = [
        TensorSpec((1, 270), scales=(0.007,)),
        TensorSpec((1, 1), scales=(0.02,)),
        TensorSpec((1, 270), scales=(0.01,), data=np.zeros((1, 270), np.int8)),
        TensorSpec((1,), "int32", scales=(0.00007,), data=np.zeros(1, np.int32)),
    ]
    path.write_bytes(
        build_model(tensors, [OperatorSpec("FULLY_CONNECTED", [0, 2, 3], [1], "FullyConnectedOptions")], 0, 1)
    )
    return path


def test_the_bundled_model_is_not_weak() -> None:
    card = card_for(reference_model())
    assert weakness(card, reference_model().read_bytes()) is None
    assert card.metrics is not None and card.metrics.mean_answer is not None
    assert card.metrics.int8.mae_meq_l < card.metrics.mean_answer.mae_meq_l


@pytest.mark.parametrize(
    ("change", "mean_mae_meq_l", "found"),
    [
        ({}, None, None),
        ({}, 0.51, None),
        ({}, 0.5, "an MAE of 0.500 mEq/L"),
        ({}, 0.4, "the mean answer has 0.400"),
        ({"r2": 0.0}, None, "R2 0.000"),
        ({"r2": -0.2}, 0.6, "R2 -0.200"),
        ({"r2": None}, 0.6, None),
    ],
)
def test_figures_no_better_than_the_mean(
    change: dict[str, float], mean_mae_meq_l: float | None, found: str | None
) -> None:
    model = SCORED.model_copy(update=change)
    mean = None if mean_mae_meq_l is None else SCORED.model_copy(update={"mae_meq_l": mean_mae_meq_l})
    said = no_better_than_mean(model, mean)
    assert said is None if found is None else found in (said or "")


@pytest.mark.parametrize(
    ("outputs", "is_constant"),
    [
        ([7] * 20, True),
        ([-128, 127] * 10, True),
        ([1, 2, 3] * 7, True),
        ([-20, 0, 20] * 7, False),
        ([], False),
    ],
)
def test_few_answers_or_close_ones_are_one_answer(outputs: list[int], is_constant: bool) -> None:
    found = constant(np.array(outputs, np.int8), card_for(single_answer_model()))
    assert (found is not None) == is_constant


def test_close_answers_of_another_task_may_be_far_apart(tmp_path: Path) -> None:
    said = {"task": "other", "unit": "1", "plausible": {"low": -3, "high": 3}}
    card = stated_card(constant_model(tmp_path / "model.tflite"), said)
    assert constant(np.array([1, 2, 3], np.int8), card) is None


def test_estimates_that_hardly_differ_are_one_answer() -> None:
    assert same_answer(np.array([4.80, 4.85, 4.91])) is None
    assert "4.80 to 4.89 mEq/L" in (same_answer(np.array([4.80, 4.85, 4.89])) or "")


@pytest.mark.parametrize("lead", LEADS)
def test_the_probes_are_cycles_of_several_ecgs(lead: str) -> None:
    cycles = probe_cycles(lead)
    assert cycles.shape[1] == 270 and len(cycles) >= 14
    off_r = np.abs(cycles[:, 90] - 4096)
    assert off_r.max() < 4096 / 8 and np.median(off_r) < 4096 / 64  # single cycles have noise


def test_a_constant_answer_is_refused_at_export_unless_accepted(tmp_path: Path) -> None:
    board, model = boards.load("nrf52"), constant_model(tmp_path / "model.tflite")
    with pytest.raises(ModelError, match=r": 1, from 4\.90 to 4\.90 mEq/L.*--accept-weak"):
        export(ExportRequest.for_board(model, board, STATED), tmp_path / "out")
    assert not (tmp_path / "out").exists()
    request = ExportRequest.for_board(model, board, STATED, accept_weak=True)
    assert "answers to 2" in (export(request, tmp_path / "out").weakness or "")


def test_weak_figures_are_refused_without_the_oracle_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "tflite_micro", None)
    card = card_for(reference_model())
    assert card.metrics is not None
    weak = card.metrics.model_copy(update={"int8": SCORED.model_copy(update={"r2": -0.1})})
    assert "R2 -0.100" in (weakness(card.model_copy(update={"metrics": weak}), b"") or "")
