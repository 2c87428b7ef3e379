"""`splkit detect` as a user runs it: odd recordings, results in whole files, one sentence for bad input."""

import csv
import sys
from pathlib import Path

import numpy as np
import pytest
import wfdb
from numpy.typing import NDArray
from support.command_line import splkit, splkit_json

from splkit.cli import main

RR_S = 0.8


def ecg_mv(fs_hz: float, duration_s: float = 30.0) -> NDArray[np.float64]:
    """R and T waves, R every 0.8 s from 1 s on."""
    since_r = (np.arange(round(duration_s * fs_hz)) / fs_hz - 1.0 + RR_S / 2) % RR_S - RR_S / 2
    after_r = since_r % RR_S - 0.27
    return np.exp(-0.5 * (since_r / 0.012) ** 2) + 0.25 * np.exp(-0.5 * (after_r / 0.04) ** 2)


def write(
    folder: Path,
    fs_hz: float,
    signal: NDArray[np.float64],
    names: tuple[str, ...] = ("II",),
    record: str = "rec",
) -> Path:
    columns = signal.reshape(len(signal), -1)
    units, formats = ["mV"] * len(names), ["16"] * len(names)
    wfdb.wrsamp(record, fs_hz, units, list(names), columns, fmt=formats, write_dir=str(folder))
    return folder / record


@pytest.mark.parametrize("fs_hz", [100.0, 128.5, 257.3, 1000.0, 4096.0])
def test_r_peaks_are_annotated_in_the_records_own_samples(tmp_path, fs_hz):
    path = write(tmp_path, fs_hz, ecg_mv(fs_hz))
    facts = splkit_json("detect", str(path), "--out", str(tmp_path / "rec.qrs"))
    found = wfdb.rdann(str(path), "qrs")
    expected = 1.0 + RR_S * np.arange(37)
    assert found.fs == pytest.approx(fs_hz)
    np.testing.assert_allclose(
        found.sample[-36:] / fs_hz, expected[-36:], atol=max(0.6, fs_hz / 1000) / fs_hz
    )
    assert facts["fs_hz"] == pytest.approx(fs_hz) and facts["heart_rate_bpm"] == pytest.approx(75, abs=0.5)
    assert sum(facts["verdicts"].values()) == facts["beats"] and facts["verdicts"]["ok"] >= 30


def test_missing_samples_are_a_gap_without_beats(tmp_path):
    signal = ecg_mv(250)
    signal[2500:3500] = np.nan
    path = write(tmp_path, 250, signal)
    facts = splkit_json("detect", str(path), "--out", str(tmp_path / "peaks.csv"))
    with (tmp_path / "peaks.csv").open() as stream:
        samples = [int(row["sample"]) for row in csv.DictReader(stream)]
    assert facts["missing_s"] == 4.0
    assert not any(2500 <= sample < 3500 for sample in samples) and max(samples) > 7000


def test_the_ecg_of_many_channels_is_found_by_its_name(tmp_path):
    noise = np.random.default_rng(0).normal(size=7500)
    path = write(tmp_path, 250, np.column_stack([noise, ecg_mv(250), noise]), ("Resp", "ECG II", "Pleth"))
    assert splkit_json("detect", str(path))["channel"] == "ECG II"
    assert splkit_json("detect", str(path), "--channel", "2")["channel"] == "Pleth"


def test_a_lead_with_several_samples_a_frame_is_read_at_its_own_rate(tmp_path):
    signals = [np.zeros(1875), ecg_mv(250)]
    rate, names = 62.5, ["Resp", "II"]
    wfdb.wrsamp(
        "rec", rate, ["mV", "mV"], names, e_p_signal=signals, samps_per_frame=[1, 4],
        fmt=["16", "16"], write_dir=str(tmp_path),
    )  # fmt: skip
    facts = splkit_json("detect", str(tmp_path / "rec"))
    assert facts["fs_hz"] == 250 and facts["beats"] >= 36


def test_a_record_of_segments_one_of_them_without_the_lead(tmp_path):
    signal = ecg_mv(250)
    both = np.column_stack([signal, signal])
    write(tmp_path, 250, both[:2500], ("II", "V"), "a")
    write(tmp_path, 250, signal[2500:5000], ("V",), "b")
    write(tmp_path, 250, both[5000:], ("II", "V"), "c")
    layout = "".join(f"~ 0 200(0)/mV 16 0 0 0 0 {name}\n" for name in ("II", "V"))
    (tmp_path / "layout.hea").write_text(f"layout 2 250 0\n{layout}")
    (tmp_path / "all.hea").write_text("all/4 2 250 7500\nlayout 0\na 2500\nb 2500\nc 2500\n")
    facts = splkit_json("detect", str(tmp_path / "all"), "--channel", "II")
    assert facts["missing_s"] == 10.0 and 20 <= facts["beats"] <= 26


def test_results_are_whole_files_with_the_usual_permissions(tmp_path):
    path = write(tmp_path, 250, ecg_mv(250))
    peaks, picture, usual = tmp_path / "new" / "peaks.csv", tmp_path / "new" / "peaks.svg", tmp_path / "usual"
    usual.touch()
    assert splkit("detect", str(path), "--out", str(peaks), "--plot", str(picture)).returncode == 0
    assert sorted(each.name for each in peaks.parent.iterdir()) == ["peaks.csv", "peaks.svg"]
    assert peaks.stat().st_mode == usual.stat().st_mode
    again = splkit("detect", str(path), "--out", str(peaks))
    assert again.returncode == 2 and "--force" in again.stderr
    assert splkit("detect", str(path), "--out", str(peaks), "--force").returncode == 0


CSV = {
    "an infinity": ("0.1\n-inf\n0.3\n", ["--fs", "300"], "inf at sample 1"),
    "a constant": ("0.5\n" * 900, ["--fs", "300"], "flat line"),
    "an empty file": ("", ["--fs", "300"], "nothing in"),
    "one sample": ("0.1\n", ["--fs", "300"], "two samples or more"),
    "no rate": ("0.1\n0.2\n", [], "or the rate is given"),
    "counts out of int16": ("0.1\n40000\n0.3\n", ["--fs", "300"], "span 100 mV or less"),
    "no such lead": ("II,V5\n0.1,1\n0.2,2\n", ["--fs", "300", "--channel", "aVR"], "'aVR', and II, V5"),
    "no such number": ("II,V5\n0.1,1\n0.2,2\n", ["--fs", "300", "--channel", "2"], "'2', and II, V5"),
    "a bad annotator": ("0.1\n0.2\n", ["--fs", "300", "--out", "100"], "100.qrs"),
    "an annotator of data": ("0.1\n0.2\n", ["--fs", "300", "--out", "100.dat"], "letters other than"),
    "a bad picture": ("0.1\n0.2\n", ["--fs", "300", "--plot", "picture.docx"], ".png, .svg, .pdf"),
    "itself": ("0.1\n0.2\n", ["--fs", "300", "--out", "ecg.csv", "--force"], "not over it"),
}


@pytest.mark.parametrize("case", CSV)
def test_bad_input_is_refused_in_one_sentence(tmp_path, monkeypatch, capsys, case):
    text, options, expected = CSV[case]
    monkeypatch.chdir(tmp_path)
    Path("ecg.csv").write_text(text)
    monkeypatch.setattr(sys, "argv", ["splkit", "detect", "ecg.csv", *options])
    with pytest.raises(SystemExit) as caught:
        main()
    said = capsys.readouterr().err
    assert caught.value.code == 2
    assert said.count("\n") == 1 and said.count("; ") >= 2 and "; found " in said, said
    assert expected in said, said
    assert sorted(tmp_path.iterdir()) == [tmp_path / "ecg.csv"] and Path("ecg.csv").read_text() == text


@pytest.mark.parametrize("file", ["nowhere", "nowhere.hea", "nowhere.edf", "nowhere.csv", ".", ""])
def test_what_is_not_there_is_named(tmp_path, monkeypatch, capsys, file):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", ["splkit", "detect", file])
    with pytest.raises(SystemExit) as caught:
        main()
    said = capsys.readouterr().err
    assert caught.value.code == 2 and said.count("\n") == 1 and "; found " in said, said
