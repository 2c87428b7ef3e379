"""The ECGs that come with splkit: read by name, written as files, and said to be simulated."""

import csv
from pathlib import Path

import numpy as np
import pytest
from support.command_line import splkit, splkit_json

from splkit.ecg.recordings.readers import read_recording
from splkit.ecg.recordings.record_files import states_of
from splkit.ecg.simulator.sample import sample_record, write_samples
from splkit.train import TrainConfig, with_pairs


def test_the_sample_needs_no_file_and_no_extra() -> None:
    recording = read_recording("sample", "V5")
    assert recording.fs_hz == 250 and recording.duration_s == 120 and "simulated" in recording.channel
    np.testing.assert_array_equal(recording.signal_mv, sample_record().recording.signal_mv)
    assert states_of("sample") == ()


def test_its_r_peaks_are_where_the_simulator_put_them(tmp_path: Path) -> None:
    out = tmp_path / "peaks.csv"
    found = splkit_json("detect", "sample", "--out", str(out), "--plot", str(tmp_path / "x.png"))
    assert found["verdicts"]["ok"] > 130 and (tmp_path / "x.png").stat().st_size > 10_000
    samples = np.array([int(row["sample"]) for row in csv.DictReader(out.read_text().splitlines())])
    truth = sample_record().r_samples
    nearest = np.abs(samples[:, None] - truth).min(1)
    assert (nearest * 4 <= 24).all()  # 4 ms a sample


def test_a_folder_holds_the_sample_ecgs_and_their_table(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    said = splkit("sample", "data", "--patients", "11")
    assert said.returncode == 0 and "simulated" in said.stdout, said.stderr
    rows = list(csv.DictReader(Path("data/potassium.csv").read_text().splitlines()))
    assert [row["potassium_mmol_l"] for row in rows] == [f"{3 + 0.4 * n:.2f}" for n in range(11)]
    assert sorted(path.name for path in Path("data/ecgs").iterdir()) == [
        f"{row['person']}.csv" for row in rows
    ]
    assert (
        "CC BY 4.0" in Path("data/about.txt").read_text().replace("by/4.0", "") and "simulated" in said.stdout
    )
    written = read_recording("data/sample.csv")
    assert written.fs_hz == pytest.approx(250)
    np.testing.assert_allclose(written.signal_mv, sample_record().recording.signal_mv, atol=5.1e-4)
    again = splkit("sample", "data")
    assert again.returncode == 2 and "--force" in again.stderr
    pairs = splkit_json(
        "pairs", "csv", "data/potassium.csv", "--record", "file", "--patient", "person", "--potassium",
        "potassium_mmol_l", "--unit", "mmol/L", "--check", "--out", "pairs.csv",
    )  # fmt: skip
    assert pairs["pairs"] == 11


def test_a_table_that_was_simulated_is_not_called_measured(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    write_samples(Path("data"), 10)
    rows = Path("data/potassium.csv").read_text().splitlines()[1:]
    Path("data/pairs.csv").write_text("\n".join(["record,patient,potassium_meq_l", *rows]))
    config = with_pairs(TrainConfig(), Path("data/pairs.csv"), labels="simulated")
    assert config.data == "simulated" and config.pairs is not None
    assert with_pairs(TrainConfig(), Path("data/pairs.csv")).data == "measured"
    refused = splkit("train", "--out", "run", "--labels", "simulated")
    assert refused.returncode == 2 and "no --pairs" in refused.stderr
