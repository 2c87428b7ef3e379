"""The thesis' layout, with simulated cycles: 270 points, four other columns, the label."""

import json
from pathlib import Path

import numpy as np
import pytest
from support.command_line import splkit

from splkit.ecg.frontend import CYCLE_SIZE
from splkit.ecg.recordings.readers import read_recording
from splkit.ecg.simulator.record import simulate_record
from splkit.train.config import TrainConfig
from splkit.train.dataset import build
from splkit.train.measured import board_means
from splkit.train.pairs import with_pairs
from splkit.train.sources.cycles_table import Layout, cut_cycles, repeated


def cycle(seed: int) -> np.ndarray:
    """A mean of eight simulated beats, R amplitude 1."""
    record = simulate_record(4.5, fs_hz=300, duration_s=30, seed=seed).recording
    return board_means(record, TrainConfig())[8][0] / 4096.0


def row(values: np.ndarray, patient: str, label: str) -> str:
    assert values.size == CYCLE_SIZE
    return ",".join([*(f"{value:.5f}" for value in values), patient, "0", "0", "0", label])


def test_a_cycle_comes_back_as_it_was_whatever_its_unit(tmp_path: Path) -> None:
    given = cycle(1)
    for scale, offset in ((1.0, 0.0), (0.6, 0.2), (1200.0, -300.0)):
        (tmp_path / "cycles.csv").write_text(row(given * scale + offset, "A", "5.1") + "\n")
        pairing = cut_cycles(tmp_path / "cycles.csv", tmp_path, Layout(patient=270))
        [pair] = pairing.pairs
        assert (pair.patient, pair.potassium_meq_l) == ("A", 5.1)
        means = board_means(read_recording(tmp_path / pair.record), TrainConfig())[8]
        assert len(means) == 1
        found = means[0] / 4096.0
        inner = slice(15, 255)
        np.testing.assert_allclose(found[inner], given[inner], atol=0.06)
        assert np.corrcoef(found[inner], given[inner])[0, 1] > 0.995


def test_what_is_no_cycle_or_no_label_is_left_out_and_counted(tmp_path: Path) -> None:
    good = cycle(2)
    rows = [
        ",".join([*(f"p{n}" for n in range(270)), "id", "a", "b", "c", "K"]),
        row(good, "A", "4.2"),
        row(good, "A", ">9"),
        row(good, "A", "99"),
        row(good, "", "4.2"),
        row(np.roll(good, 60), "A", "4.2"),
        row(-good, "A", "4.2"),
        row(good * 0, "A", "4.2"),
        row(np.where(np.arange(270) == 7, np.nan, good), "A", "4.2"),
        row(good, "A", "4.2").replace(",4.2", ""),
    ]
    (tmp_path / "cycles.csv").write_text("\n".join(rows))
    pairing = cut_cycles(tmp_path / "cycles.csv", tmp_path, Layout(patient=270))
    assert [pair.record for pair in pairing.pairs] == ["cycle1"]
    assert pairing.left_out == {
        "test_without_number": 1,
        "test_that_is_a_limit": 1,
        "test_out_of_range": 1,
        "row_without_patient": 1,
        "row_without_cycle": 4,
    }
    assert pairing.tally.first == {
        "test_that_is_a_limit": "'>9' in row 2",
        "test_out_of_range": "'99' in row 3",
        "row_without_patient": "row 4",
        "row_without_cycle": "row 5",
        "test_without_number": "'' in row 9",
    }


def test_a_cycle_repeats_without_a_step() -> None:
    record = repeated(cycle(1))
    assert record is not None and record.size == 14 * 300
    joint = np.abs(np.diff(record[269:301]))
    assert joint.max() <= abs(record[300] - record[269]) / 31 + 1e-12


def test_whose_cycles_they_are_must_be_said(tmp_path: Path) -> None:
    rows = [row(cycle(seed), f"P{seed % 2}", "4.2") for seed in (1, 2, 3)]
    (tmp_path / "cycles.csv").write_text("\n".join(rows))
    words = ("pairs", "cycles", str(tmp_path / "cycles.csv"), "--out", str(tmp_path / "made"))
    told = splkit(*words)
    assert told.returncode == 2 and "--patient COLUMN or --each-a-patient" in told.stderr
    for options, patients in ((("--patient", "270"), 2), (("--each-a-patient", "--force"), 3)):
        made = splkit(*words, *options, "--json")
        assert made.returncode == 0, made.stderr
        facts = json.loads(made.stdout)
        assert (facts["pairs"], facts["paired_patients"], facts["missing_records"]) == (3, patients, 0)
    head = (tmp_path / "made" / "pairs.csv").read_text().splitlines()[:2]
    assert head == ["record,patient,potassium_meq_l,channel", "cycle1,row1,4.2,V5"]


def test_a_table_of_something_else_is_refused(tmp_path: Path) -> None:
    (tmp_path / "cycles.csv").write_text("record,patient,potassium_meq_l\na,P1,4.4\n")
    told = splkit(
        "pairs", "cycles", str(tmp_path / "cycles.csv"), "--patient", "1", "--out", str(tmp_path / "m")
    )
    assert told.returncode == 2 and "column 274" in told.stderr and not (tmp_path / "m").exists()
    absent = splkit(
        "pairs", "cycles", str(tmp_path / "no.csv"), "--patient", "1", "--out", str(tmp_path / "m")
    )
    assert absent.returncode == 2 and "No such file" in absent.stderr
    with pytest.raises(Exception, match="none of 1"):
        cut_cycles(tmp_path / "cycles.csv", tmp_path, Layout(patient=1))


def test_the_cycles_become_a_data_set_with_their_labels(tmp_path: Path) -> None:
    given = [cycle(seed) for seed in range(12)]
    rows = [row(values, f"P{seed}", f"{4 + seed / 10:.1f}") for seed, values in enumerate(given)]
    (tmp_path / "cycles.csv").write_text("\n".join(rows))
    made = splkit(
        "pairs", "cycles", str(tmp_path / "cycles.csv"), "--patient", "270", "--out", str(tmp_path / "made")
    )
    assert made.returncode == 0, made.stderr
    cycles = build(with_pairs(TrainConfig(), tmp_path / "made" / "pairs.csv"))
    assert cycles.records == 12 and sorted(cycles.record) == list(range(12)) and cycles.lead == "V5"
    np.testing.assert_allclose(cycles.potassium_meq_l, 4 + cycles.record / 10)
    for number, found in zip(cycles.record, cycles.inputs, strict=True):
        assert np.corrcoef(found[15:255].ravel(), given[number][15:255])[0, 1] > 0.99
