"""What the experiments show of given results: every row, every band, every panel."""

import csv
import io
from dataclasses import replace

import numpy as np
import pytest
from support.studies import drawn_training

from splkit.commands.study import NAMES
from splkit.report.figure import Figure
from splkit.report.table import Interval, Table
from splkit.study.config import QUICK, StudyConfig
from splkit.study.cost import Cost, CostOf
from splkit.study.experiment import Experiment, Results, Shown
from splkit.study.experiments import EXPERIMENTS
from splkit.study.figures import band_errors, roc_figure
from splkit.study.front import data_section
from splkit.study.work import pieces
from splkit.train.blocks import StandardBuilder
from splkit.train.held_out import NETWORK
from splkit.train.hyperkalemia import Detection, OperatingPoint, Rate

pytest.importorskip("matplotlib", reason="figures need splkit[ecg]")

CONFIG = StudyConfig()


def shown(experiment: Experiment) -> Shown:
    """Of drawn results for all that it trains and counts."""
    trained = {label: drawn_training(seed) for seed, label in enumerate(experiment.trains(CONFIG))}
    costs = {
        label: Cost(
            splkit="0", of=of, parameters=4000 * (1 + 8 * of.is_standard_twin),
            macs=274_330 * (1 + 11 * of.is_standard_twin),
            instructions=389_631, flash_bytes=9712, ram_bytes=1928,
        )
        for label, of in experiment.costs.items()
    }  # fmt: skip
    return experiment.show(Results(CONFIG, trained, costs))


def parts(found: Shown) -> dict[str, Table | Figure]:
    return {each.name: each for each in (*found.tables, *found.figures)}


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_an_experiment_has_a_table_a_picture_and_the_thesis_counterparts(name: str) -> None:
    experiment = EXPERIMENTS[name]
    found = parts(shown(experiment))
    assert {Table, Figure} <= {type(each) for each in found.values()}
    assert all(each.startswith(f"{name}-") for each in found)
    assert set(experiment.thesis.values()) <= found.keys()
    for each in found.values():
        rows = [*csv.reader(io.StringIO(each.csv))]
        assert len(rows) > 1 and {len(row) for row in rows} == {len(rows[0])}


def test_the_command_names_them_all_in_the_order_of_the_report() -> None:
    assert tuple(EXPERIMENTS) == NAMES


def test_costs_alone_are_of_no_data() -> None:
    section = data_section(CONFIG, [])
    assert "No network was trained" in section.text[0] and not section.tables and not section.origin


def test_networks_stand_beside_the_simple_estimates() -> None:
    found = parts(shown(EXPERIMENTS["networks"]))
    accuracy, difference = found["networks-accuracy"], found["networks-differences"]
    assert isinstance(accuracy, Table) and isinstance(difference, Table)
    labels = [row[0] for row in accuracy.rows]
    assert labels == ["FNN", "CNN", "RNN", "CRNN", "DSCRNN", "mean (no network)", "ridge (no network)"]
    assert [row[0] for row in difference.rows] == ["FNN", "CNN", "RNN", "CRNN", "mean", "ridge"]
    for row in accuracy.rows:
        for cell in row[3:]:
            assert isinstance(cell, Interval) and cell.low is not None and cell.high is not None
            assert cell.value is not None and cell.low <= cell.value <= cell.high


def test_a_classifiers_operating_points_stand_fold_by_fold() -> None:
    rate = Rate(value=0.8, low=0.7, high=0.9)
    point = OperatingPoint(
        holds="specificity", threshold_permille=428, validation_sensitivity=0.5, validation_specificity=0.9,
        sensitivity=rate, specificity=Rate(value=0.95, low=0.9, high=1.0),
    )  # fmt: skip
    found = Detection(
        cycles=60, positive_cycles=20, patients=20, positive_patients=9, auc=rate, brier=0.1,
        mean_probability=0.3, points=(point,),
    )  # fmt: skip
    told = replace(drawn_training(1), detections=(None, found))
    shown = EXPERIMENTS["classifier"].show(Results(CONFIG, {"Galloway's classifier": told}, {}))
    table = parts(shown)["classifier-points"]
    (row,) = csv.DictReader(io.StringIO(table.csv))
    assert (row["fold"], row["positive from"], row["sensitivity: high"]) == ("2", "0.428", "0.9")
    assert row["specificity"] == "0.95" and "classifier-roc" in parts(shown)


def test_bands_are_those_of_the_thesis_and_hold_every_ecg_once() -> None:
    one = drawn_training(5)
    bands = band_errors(one)
    assert list(bands) == ["under 4.0", "4.0 to 5.0", "5.0 to 6.0", "6.0 to 7.0", "7.0 to 8.0", "from 8.0"]
    true, error = one.tested.potassium_meq_l, one.tested.estimates[NETWORK] - one.tested.potassium_meq_l
    np.testing.assert_allclose(bands["5.0 to 6.0"][0], error[(true >= 5) & (true < 6)])
    assert sum(len(each) for each, _ in bands.values()) == len(true)
    empty = replace(one, tested=one.tested._replace(potassium_meq_l=np.full(len(true), 4.5)))
    assert [len(each) for each, _ in band_errors(empty).values()] == [0, len(true), 0, 0, 0, 0]


def test_a_band_without_ecgs_has_no_number() -> None:
    trained = {}
    for seed, label in enumerate(("180k", "4k")):
        one = drawn_training(seed)
        trained[label] = replace(
            one, tested=one.tested._replace(potassium_meq_l=one.tested.potassium_meq_l.clip(4, 6))
        )
    found = parts(EXPERIMENTS["sizes"].show(Results(CONFIG, trained, {})))
    rows = [
        row for row in csv.DictReader(io.StringIO(found["sizes-bands"].csv)) if row["SPL band"] == "from 8.0"
    ]
    assert [(row["ECGs"], row["MAE"], row["median error"]) for row in rows] == [("0", "", "")] * 2
    assert "nan" not in found["sizes-bands"].csv
    figure = found["sizes-boxes"]
    assert isinstance(figure, Figure) and len(figure.svgs("simulated potassium")) == 2


def test_a_curve_runs_from_none_to_all_and_its_area_is_the_auc() -> None:
    one = drawn_training(6)
    figure = roc_figure("roc", "ROC", {"DSCRNN": (one, NETWORK)})
    rows = np.array([[float(row[1]), float(row[2])] for row in [*csv.reader(io.StringIO(figure.csv))][1:]])
    assert rows[0].tolist() == [0, 0] and rows[-1].tolist() == [1, 1]
    area = np.sum(np.diff(rows[:, 0]) * (rows[1:, 1] + rows[:-1, 1]) / 2)
    assert area == pytest.approx(one.interval("AUC at 5.5").value, abs=1e-4)


def test_costs_are_over_the_separable_network_of_that_size() -> None:
    table = parts(shown(EXPERIMENTS["convolutions"]))["convolutions-table"]
    rows = {row["network"]: row for row in csv.DictReader(io.StringIO(table.csv))}
    assert [row["parameters, times"] for row in rows.values()] == ["1", "9", "1", "9"]
    assert rows["10k, standard"]["MACs, times"] == "12"


def test_trainings_that_two_experiments_need_are_one_piece(tmp_path) -> None:
    """Five families, Galloway's; five other leads; two other inputs and two sizes: fifteen a fold.

    Their cycles are of six leads and, in one of them, of two other inputs.
    """
    work = pieces([*EXPERIMENTS.values()], StudyConfig(**QUICK), tmp_path)
    names = [piece.name for piece in work]
    assert len(names) == len(set(names)) == 15 * 2 + 8 + 4
    assert {"dscrnn_4k-V5-mean1, fold 1 of 2", "dscrnn_4k-V5-2s-mean1, fold 1 of 2"} <= set(names)
    assert "dscrnn_4k-V5, fold 2 of 2" in names and "cost of dscrnn_4k_standard" in names


def test_a_standard_twin_has_the_weights_that_its_shape_says() -> None:
    """Kernels of 128 and twice 64 points, 16 filters, BatchNorm of 4 a filter, LSTM of 10, one answer."""
    pytest.importorskip("tensorflow", reason="networks need splkit[train]")
    from splkit.train.zoo import standard_twin

    convolutions = (128 * 1 * 16 + 16) + 2 * (64 * 16 * 16 + 16)
    expected = convolutions + 3 * 4 * 16 + 4 * (16 + 10 + 1) * 10 + 11
    assert standard_twin("dscrnn", "4k").count_params() == expected == 36_147
    assert StandardBuilder.separable is not StandardBuilder.convolution
    assert CostOf(family="dscrnn", size="4k", is_standard_twin=True).name == "dscrnn_4k_standard"
