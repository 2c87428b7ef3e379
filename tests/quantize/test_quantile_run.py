"""A run whose network answers quantiles: from training to the card, the estimate and what export says."""

import json
from pathlib import Path

import numpy as np
import pytest
from support.command_line import splkit

from splkit.ecg.frontend import quantize_cycles
from splkit.ecg.simulator.record import simulate_record
from splkit.quantize.card import ModelCard
from splkit.quantize.carried import card_for
from splkit.quantize.estimate import estimate
from splkit.quantize.oracle import TflmOracle
from splkit.quantize.run import Outputs, quantize_run
from splkit.train.config import TrainConfig
from splkit.train.folder import Run
from splkit.train.run import train_run

QUANTILES = (0.08, 0.5, 0.98)
CONFIG = TrainConfig(
    model="fnn_4k", patients=100, records_per_patient=1, record_s=20, epochs=2, least_steps=60,
    also_averaged=(1, 4), quantiles=QUANTILES, balance=0,
)  # fmt: skip


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    folder = tmp_path_factory.mktemp("quantiles") / "run"
    train_run(CONFIG, folder)
    return Run.load(folder)


@pytest.fixture(scope="module")
def model(run: Run) -> Path:
    outputs = Outputs.beside(run.folder / "fnn_4k.tflite")
    quantize_run(run.folder, outputs, method="ptq")
    return outputs.model


@pytest.fixture(scope="module")
def card(model: Path) -> ModelCard:
    return card_for(model)


def answers_of(model: Path, card: ModelCard, averaged: np.ndarray) -> np.ndarray:
    """In mEq/L, float64[n, k], by the card's scales and offset."""
    inputs = quantize_cycles(averaged, card.input.scale, card.input.zero_point)
    codes = TflmOracle(model.read_bytes()).run(inputs).astype(float)
    return card.offset + card.output.scale * (codes - card.output.zero_point)


def test_training_learns_from_means_of_all_numbers_and_is_tested_on_each_apart(run: Run) -> None:
    assert set(run.learned().beats) == {8, 1, 4}
    assert set(run.cycles("test").beats) == set(run.cycles("validation").beats) == {8}
    assert [one.beats for one in run.metrics.by_beats] == [1, 4]
    assert all(one.test.patients >= run.metrics.test.patients for one in run.metrics.by_beats)
    assert run.metrics.train_patients == len(np.unique(run.learned().patient))
    assert run.metrics.parameters == run.model().count_params() == 4019 + 2 * 15


def test_the_card_has_the_quantiles_and_no_fixed_interval(run: Run, model: Path, card: ModelCard) -> None:
    assert card.spread is not None and card.interval is None
    assert card.spread.permille == (80, 500, 980)
    validation = run.cycles("validation")
    answers = answers_of(model, card, validation.averaged)
    lower = np.sort(validation.potassium_meq_l - answers[:, 0])
    upper = np.sort(validation.potassium_meq_l - answers[:, 2])[::-1]
    outside = max(int(0.08 * (len(lower) + 1)), 1), max(int(0.02 * (len(lower) + 1)), 1)
    expected = (round(lower[outside[0] - 1], 3), 0.0, round(upper[outside[1] - 1], 3))
    assert card.spread.correction_meq_l == pytest.approx(expected, abs=1e-9)
    test = run.cycles("test")
    quantiles = np.sort(answers_of(model, card, test.averaged) + np.array(expected), axis=1)
    estimated = np.rint(1000 * quantiles[:, 1]) / 1000
    assert card.metrics is not None
    assert card.metrics.int8.mae_meq_l == round(np.abs(estimated - test.potassium_meq_l).mean(), 4)
    everyone = card.spread.covered[0]
    assert (everyone.name, everyone.cycles) == ("all", len(test.patient)) and everyone.share > 0.6


def test_the_card_knows_the_interval_of_each_number_of_cycles(run: Run, model: Path, card: ModelCard) -> None:
    assert card.spread is not None
    assert [each.cycles for each in card.spread.counts] == [1, 4, 8]
    assert card.front_end(300, 5.0).least_cycles == 4  # of 2 it knows nothing, so 1 is too far
    for each in card.spread.counts:
        validation, test = run.cycles("validation", each.cycles), run.cycles("test", each.cycles)
        missing = np.sort(validation.potassium_meq_l - answers_of(model, card, validation.averaged)[:, 0])
        below = missing[max(int(0.08 * (len(missing) + 1)), 1) - 1]
        assert each.correction_meq_l[0] == pytest.approx(round(below, 3), abs=1e-9)
        quantiles = answers_of(model, card, test.averaged) + np.array(each.correction_meq_l)
        low, _, high = np.rint(1000 * np.sort(quantiles, axis=1)).T / 1000
        inside = (test.potassium_meq_l >= low) & (test.potassium_meq_l <= high)
        assert (each.means, each.share) == (len(inside), round(inside.mean(), 4))
    assert card.spread.counts[-1].share == pytest.approx(card.spread.covered[0].share, abs=5e-4)


def test_the_card_says_who_gets_no_answer(run: Run, card: ModelCard) -> None:
    assert card.distance is not None and card.distance.test is not None
    training, test = run.cycles("train"), run.cycles("test")
    assert card.distance.held_out == len(training.patient)
    assert card.distance.test.cycles_refused == int(card.distance.refuses(test.averaged).sum())
    assert card.distance.test.cycles == len(test.patient)
    assert [each.beats for each in card.distance.validation] == [8, 1, 4]
    single = card.distance.validation[1]
    refused = card.distance.refuses(run.cycles("validation", 1).averaged)
    assert (single.cycles, single.cycles_refused) == (len(refused), int(refused.sum()))


def test_an_estimate_has_the_interval_of_its_own_quantiles(model: Path, card: ModelCard) -> None:
    assert card.spread is not None
    found = estimate(simulate_record(4.5, seed=3, duration_s=20).recording, model)
    other = estimate(simulate_record(7.0, seed=8, duration_s=20).recording, model)
    assert found.value is not None and other.value is not None
    assert found.interval is not None and other.interval is not None
    widths = [one.interval[1] - one.interval[0] for one in (found, other) if one.interval]
    assert min(widths) > 0 and widths[0] != pytest.approx(widths[1], abs=1e-6)
    assert found.interval[0] <= found.value <= found.interval[1]


def test_firmware_says_what_the_twin_says_of_it(model: Path, card: ModelCard, tmp_path: Path) -> None:
    """`splkit verify` compares all answers of an inference, and every line: interval, risks, alerts."""
    folder = str(tmp_path / "fw")
    exported = splkit("export", str(model), "--accept-weak", "--board", "mps2-an386", "--out", folder)
    assert exported.returncode == 0, exported.stderr
    assert "no estimate of a cycle unlike those of training (RMS over 0." in exported.stdout
    held = splkit("verify", folder, "--inputs", "16", "--cycles", "4", "--duration", "25", "--json")
    assert held.returncode == 0, held.stderr
    checks = json.loads(held.stdout)
    assert {each["mismatches"] for each in checks} == {0} and len(checks) == 6
    shown = splkit("simulate", folder, "--ecg", "toy", "--duration", "25", "--json")
    estimates = json.loads(shown.stdout)["estimates"]
    assert card.spread is not None and estimates
    for each in estimates:
        assert len(each["outputs"]) == len(card.spread.permille)
        assert each["low_ueq_l"] <= each["spl_ueq_l"] <= each["high_ueq_l"]
        assert each["risk_high_permille"] >= each["risk_critical_permille"] >= 0
