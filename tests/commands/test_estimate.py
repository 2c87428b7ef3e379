"""`splkit estimate` as a user calls it: beside simulated firmware, on bad files, after a kill."""

import csv
import json
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from support.command_line import splkit
from support.dicom_bytes import dicom_file, group
from support.distance_models import distance_card
from support.hand_made import Beat
from support.single_answer import single_answer_model
from support.xml_ecg import aecg_file

from splkit.ecg.recordings.readers import read_recording
from splkit.ecg.recordings.recording import Recording
from splkit.ecg.simulator.record import simulate_record
from splkit.firmware.simulators.application import simulate_core
from splkit.firmware.simulators.playback import counts_for
from splkit.firmware.wire.protocol import Report, parse_lines
from splkit.quantize.carried import with_card
from splkit.quantize.estimates.run import JOURNAL

pytest.importorskip("tflite_micro", reason="the oracle, of the extra [verify], is not installed")

FS_HZ = 500
GRACE_S = 120.0
MANY = 100


def simulated(potassium_meq_l: float = 4.5, seconds: float = 40, seed: int = 3) -> Recording:
    return simulate_record(potassium_meq_l, fs_hz=FS_HZ, duration_s=seconds, seed=seed).recording


def write_csv(path: Path, recording: Recording, lead: str = "V5", missing: slice = slice(0)) -> Path:
    cells = [f"{value:.4f}" for value in recording.signal_mv]
    cells[missing] = [""] * len(cells[missing])
    rows = [f"{i / recording.fs_hz:.3f},{cell}" for i, cell in enumerate(cells)]
    path.write_text(f"time (s),{lead} (mV)\n" + "\n".join(rows) + "\n")
    return path


def table_of(path: Path) -> dict[str, dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return {row["record"]: row for row in csv.DictReader(file)}


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def estimate(*arguments: str | Path) -> "subprocess.CompletedProcess[str]":
    return splkit("estimate", *map(str, arguments), "--workers", "1")


def firmware_says(folder: Path, ecg: Path, channel: str | None = None) -> Report:
    counts = counts_for(folder, read_recording(ecg, channel, preferred="V5"))
    return parse_lines(simulate_core(folder / "firmware.elf", counts))


@pytest.fixture(scope="module")
def ecgs(data_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Real and simulated ECGs of several formats."""
    folder = tmp_path_factory.mktemp("ecgs")
    micro = np.rint(simulated(6.0, 12, seed=5).signal_mv * 1000).astype(np.int64)
    (folder / "aecg.xml").write_text(aecg_file({"II": micro // 2, "V5": micro}, scale=1.25))
    (folder / "made.dcm").write_bytes(dicom_file(group({"V5": micro})))
    return {
        "minute": write_csv(folder / "minute.csv", simulated(5.2, 60)),
        "aecg": folder / "aecg.xml",
        "dicom": folder / "made.dcm",
        "ptbxl": data_dir / "ptbxl" / "records500" / "00000" / "00127_hr.hea",
        "inverted": write_csv(folder / "inverted.csv", inverted_t(40)),
    }


def inverted_t(seconds: float, t_over_r: float = -0.5) -> Recording:
    """Beats 0.8 s apart, their T wave inverted and deep."""
    time_s = np.arange(round(seconds * FS_HZ)) / FS_HZ
    signal_uv = np.random.default_rng(0).normal(0, 1.0, len(time_s))
    for index in range(int(seconds / 0.8) - 1):
        signal_uv += Beat(0.4 + index * 0.8, r_mv=1.2, t_over_r=t_over_r).uv(time_s)
    return Recording(signal_uv / 1000, FS_HZ, "V5", "made by hand")


def test_rows_are_the_lines_of_the_simulated_firmware(
    exported: Path, ecgs: dict[str, Path], tmp_path: Path
) -> None:
    """Every K line and every E line is a row of answers.csv, number for number; an ECG is their mean."""
    done = estimate(*ecgs.values(), "--out", tmp_path / "out")
    assert done.returncode in (0, 3), done.stderr
    rows, answers = table_of(tmp_path / "out" / "estimates.csv"), rows_of(tmp_path / "out" / "answers.csv")
    lines: dict[str, int] = {}
    for name, path in ecgs.items():
        report, row = firmware_says(exported, path), rows[str(path)]
        own = [each for each in answers if each["record"] == str(path)]
        expected = [
            [str(k.r_sample), str(k.cycles),
             *(f"{value / 1000:.3f}" for value in (k.spl_ueq_l, k.low_ueq_l, k.high_ueq_l)),
             f"{k.risk_high_permille / 1000:.3f}", f"{k.risk_critical_permille / 1000:.3f}",
             "/".join(map(str, k.outputs))]
            for k in report.estimates
        ]  # fmt: skip
        risks = ("risk_5_5", "risk_6_5")
        columns = ("r_sample", "averaged_cycles", "estimate", "low", "high", *risks, "outputs")
        assert [[each[column] for column in columns] for each in own if each["estimate"]] == expected, name
        faults = [f"{fault.word} {fault.count}" for fault in report.faults if fault.word == "unlike"]
        assert [each["why"] for each in own if not each["estimate"]] == faults, name
        whole = [k.spl_ueq_l for k in report.estimates if k.cycles == 8]
        if whole:
            verdicts = [beat.verdict for beat in report.beats]
            words = ("ok", "first", "rr", "ectopic", "noise", "clip", "lead", "late", "wide", "unlike", "cut")
            assert {word: int(row[word]) for word in words} == {word: verdicts.count(word) for word in words}
            assert (row["by"], row["averaged_cycles"]) == ("device", "8")
            assert float(row["estimate"]) == pytest.approx(np.mean(whole) / 1000, abs=0.0006), name
            assert int(row["answers"]) == len(whole)
        lines[name] = len(whole)
    assert lines["ptbxl"] == lines["aecg"] == lines["dicom"] == 1 and lines["minute"] >= 6
    assert rows[str(ecgs["aecg"])]["estimate"] == rows[str(ecgs["dicom"])]["estimate"]
    assert all(row["trained_on"].startswith("simulated potassium") for row in rows.values())
    assert all(row["trained_on"].startswith("simulated potassium") for row in answers)


def test_a_cycle_unlike_those_of_training_has_no_estimate(tmp_path: Path) -> None:
    """Each answer is written down, with how far its cycle is from those of training."""
    model = tmp_path / "model.tflite"
    model.write_bytes(with_card(single_answer_model().read_bytes(), distance_card()))
    usual, odd = (
        write_csv(tmp_path / f"{name}.csv", inverted_t(40, t_over_r))
        for name, t_over_r in (("usual", 0.35), ("odd", -0.5))
    )
    done = estimate(usual, odd, "--model", model, "--out", tmp_path / "out")
    assert done.returncode == 3, done.stderr
    rows = table_of(tmp_path / "out" / "estimates.csv")
    assert rows[str(usual)]["status"] == "estimate" and rows[str(usual)]["risk_5_5"] == ""
    assert float(rows[str(usual)]["high"]) == pytest.approx(float(rows[str(usual)]["estimate"]) + 1.14)
    assert (rows[str(odd)]["status"], rows[str(odd)]["estimate"], rows[str(odd)]["by"]) == (
        "none",
        "",
        "device",
    )
    answers = [each for each in rows_of(tmp_path / "out" / "answers.csv") if each["record"] == str(odd)]
    percents = [int(each["why"].removeprefix("unlike ")) for each in answers]
    assert len(percents) == int(rows[str(odd)]["answers_none"]) == 5 and min(percents) > 100
    why = f"5 averaged cycles are unlike those of training, the nearest at {min(percents)} % of the limit"
    assert rows[str(odd)]["why"] == why


def test_a_short_ecg_says_of_how_many_cycles_it_is(tmp_path: Path) -> None:
    """Of 5 s a device makes no whole mean; the cycles that are there are averaged, and counted."""
    path = write_csv(tmp_path / "short.csv", simulated(4.5, 5.0))
    done = estimate(path, "--out", tmp_path / "out")
    (row,) = rows_of(tmp_path / "out" / "estimates.csv")
    assert done.returncode == 0
    assert row["by"] == "strip" and 2 <= int(row["averaged_cycles"]) < 8
    assert row["note"].startswith(f"{row['averaged_cycles']} of 8 cycles")
    assert [each["averaged_cycles"] for each in rows_of(tmp_path / "out" / "answers.csv")] == ["2"]
    assert "not a medical device" in done.stdout and "trained on simulated potassium" in done.stdout


def test_one_bad_file_stops_nobody(tmp_path: Path) -> None:
    folder, good = tmp_path / "in", simulated()
    (folder / "ward").mkdir(parents=True)
    write_csv(folder / "good.csv", good)
    write_csv(folder / "ward" / "other.csv", simulated(4.0, seed=4))
    write_csv(folder / "lead.csv", good, lead="II")
    write_csv(folder / "gone.csv", good, missing=slice(None))
    noise = np.random.default_rng(6).normal(0, 0.3, 20 * FS_HZ)  # of which no cycle founds a template
    write_csv(folder / "noise.csv", Recording(noise, FS_HZ, "V5", "noise"))
    (folder / "cut.edf").write_bytes(b"0       half a header")
    (folder / "page.png").write_bytes(b"left to splkit digitize")
    done = estimate(folder, "--out", tmp_path / "out")
    assert done.returncode == 4, done.stderr
    rows = {Path(name).stem: row for name, row in table_of(tmp_path / "out" / "estimates.csv").items()}
    assert {name: row["status"] for name, row in rows.items()} == {
        "good": "estimate", "other": "estimate", "lead": "failed", "gone": "failed", "noise": "none",
        "cut": "failed",
    }  # fmt: skip
    assert "trained on lead V5; found II" in rows["lead"]["why"]
    assert "holds a channel; found none" in rows["gone"]["why"]
    assert rows["noise"]["why"].startswith("no accepted beat of V5")
    assert all(row["estimate"] == "" for row in rows.values() if row["status"] != "estimate")
    assert "nan" not in (tmp_path / "out" / "estimates.csv").read_text().lower()
    assert "left out, no ECGs by their names: 1 " in done.stdout


def test_another_lead_is_taken_where_it_is_asked_for_and_said(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "lead.csv", simulated(), lead="II")
    assert estimate(path, "--channel", "II", "--out", tmp_path / "out").returncode == 0
    (row,) = rows_of(tmp_path / "out" / "estimates.csv")
    assert row["note"] == "II, lead II, as asked for; the model was trained on V5"


def test_no_cycle_reaches_over_a_gap(tmp_path: Path) -> None:
    """Before the gap and after it the answers are those of the pieces alone, and the time goes on."""
    whole, cut = simulated(5.0, 60), slice(30 * FS_HZ, 32 * FS_HZ)
    write_csv(tmp_path / "gap.csv", whole, missing=cut)
    for name, piece in (("a", whole.signal_mv[: cut.start]), ("b", whole.signal_mv[cut.stop :])):
        write_csv(tmp_path / f"{name}.csv", Recording(piece, FS_HZ, "V5", name))
    assert estimate(*tmp_path.glob("*.csv"), "--out", tmp_path / "out").returncode == 0
    said: dict[str, list[dict[str, str]]] = {"gap": [], "a": [], "b": []}
    for row in rows_of(tmp_path / "out" / "answers.csv"):
        said[Path(row["record"]).stem].append(row)
    assert [row["outputs"] for row in said["gap"]] == [row["outputs"] for row in said["a"] + said["b"]]
    later = [float(row["at_s"]) + 32 for row in said["b"]]
    assert [float(row["at_s"]) for row in said["gap"][len(said["a"]) :]] == pytest.approx(later, abs=0.002)
    assert table_of(tmp_path / "out" / "estimates.csv")[str(tmp_path / "gap.csv")]["missing_s"] == "2.000"


@pytest.fixture(scope="module")
def cohort(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A table of simulated ECGs at known potassium, two a patient, with rows that cannot be used."""
    folder = tmp_path_factory.mktemp("cohort")
    rows = []
    for number in range(12):
        potassium = 3.5 + 0.35 * number
        write_csv(folder / f"{number}.csv", simulated(potassium, 14, seed=number))
        rows.append([f"{number}.csv", f"P{number // 2}", f"{potassium:.2f}", "V5"])
    rows[2][2], rows[3][2], rows[4][2] = ">10.0", "4,9", "45"
    rows.append(["absent.csv", "P9", "4.4", ""])
    with (folder / "pairs.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([["record", "patient", "potassium_meq_l", "channel"], *rows])
    return folder / "pairs.csv"


def test_a_table_with_potassium_gets_measures_and_pictures(cohort: Path, tmp_path: Path) -> None:
    """The measures are those that a few lines of numpy give for the rows that were written."""
    out = tmp_path / "out"
    done = estimate(cohort, "--out", out, "--labels", "simulated", "--json")
    assert done.returncode == 4
    summary: dict[str, Any] = json.loads(done.stdout)
    rows = rows_of(out / "estimates.csv")
    assert len(rows) == 13 and rows[-1]["status"] == "failed" and "no file" in rows[-1]["why"]
    assert [row["why"] for row in rows[2:5]] == [
        "potassium '>10.0' is no number",
        "potassium '4,9' is no number",
        "potassium 45 is outside 1 to 12 mEq/L, which is mmol/L",
    ]
    used = [row for row in rows if row["estimate"] and row["potassium_meq_l"]]
    value, true, low, high = (
        np.array([float(row[name]) for row in used])
        for name in ("estimate", "potassium_meq_l", "low", "high")
    )
    assert len(used) >= 6 and summary["compared_ecgs"] == len(used) and summary["with_potassium"] == 10
    assert summary["compared_patients"] == len({row["patient"] for row in used})
    found = {row["measure"]: row for row in rows_of(out / "measures.csv")}
    expected = {
        "R2": 1 - np.sum((value - true) ** 2) / np.sum((true - true.mean()) ** 2),
        "MAE": np.abs(value - true).mean(),
        "RMSE": np.sqrt(((value - true) ** 2).mean()),
        "bias": (value - true).mean(),
        "upper limit of agreement": (value - true).mean() + 1.96 * (value - true).std(ddof=1),
        "sensitivity, estimate from 5.5": (value[true >= 5.5] >= 5.5).mean(),
        "specificity, estimate from 5.5": (value[true < 5.5] < 5.5).mean(),
        "coverage of the interval": ((low <= true) & (true <= high)).mean(),
    }
    for name, figure in expected.items():
        assert float(found[name]["value"]) == pytest.approx(figure, abs=0.0006), name
        assert float(found[name]["low_95"]) <= float(found[name]["value"]) <= float(found[name]["high_95"])
    assert {row["labels"] for row in found.values()} == {"simulated"}
    for name in ("scatter", "bland_altman", "roc"):
        assert (out / f"{name}.png").read_bytes().startswith(b"\x89PNG")
    assert summary["notice"] == "For research; not a medical device."
    assert estimate(cohort.parent / "0.csv", "--out", out).returncode == 0
    assert not (out / "measures.csv").exists() and not (out / "roc.png").exists()  # nothing stale


@pytest.fixture(scope="module")
def many(cohort: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of so many ECGs that a signal comes before the last."""
    folder = tmp_path_factory.mktemp("many")
    for number in range(MANY):
        (folder / f"{number:03}.csv").hardlink_to(cohort.parent / f"{number % 12}.csv")
    return folder


@pytest.fixture(scope="module")
def whole(many: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Its results, in one go."""
    out = tmp_path_factory.mktemp("whole") / "out"
    estimate(many, "--out", out)
    return out


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_what_was_done_before_a_signal_is_not_done_again(
    number: signal.Signals, many: Path, whole: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    command = [sys.executable, "-m", "splkit", "estimate", str(many), "--out", str(out), "--workers", "1"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as process:
        until = time.monotonic() + GRACE_S
        while time.monotonic() < until and process.poll() is None:
            journal = out / JOURNAL
            if journal.exists() and journal.read_bytes().count(b"\n") >= 3:
                break
            time.sleep(0.005)
        process.send_signal(number)
        _, said = process.communicate()
    lines = (out / JOURNAL).read_bytes().count(b"\n") - 1
    assert lines >= 2 and not (out / "estimates.csv").exists()
    if number == signal.SIGTERM:
        told = re.search(rf"(\d+) of {MANY} ECGs are done and kept", said)
        assert process.returncode == 143 and told and lines - 1 <= int(told[1]) <= lines, said
    with (out / JOURNAL).open("ab") as journal_file:
        journal_file.write(b'{"path":"half a li')
    again = json.loads(estimate(many, "--out", out, "--json").stdout)
    assert again["done_before"] == lines < MANY
    for name in ("estimates.csv", "answers.csv"):
        assert (out / name).read_bytes() == (whole / name).read_bytes(), name
    assert json.loads(estimate(many, "--out", out, "--json").stdout)["done_before"] == MANY


def test_other_bytes_are_answered_anew_and_another_way_is_refused(tmp_path: Path) -> None:
    path, out = write_csv(tmp_path / "one.csv", simulated(4.0)), tmp_path / "out"
    estimate(path, "--out", out)
    before = (out / "estimates.csv").read_text()
    write_csv(path, simulated(7.0, seed=8))
    assert json.loads(estimate(path, "--out", out, "--json").stdout)["done_before"] == 0
    assert (out / "estimates.csv").read_text() != before
    other = estimate(path, "--out", out, "--board", "nrf52-max30003")
    assert other.returncode == 2 and "of one model, board and version" in other.stderr
    assert estimate(path, "--out", out, "--board", "nrf52-max30003", "--force").returncode == 0
    with (out / "estimates.csv").open("a") as file:
        file.write("a note of mine\n")
    kept = estimate(path, "--out", out, "--board", "nrf52-max30003")
    assert kept.returncode == 2 and "nobody changed; found estimates.csv" in kept.stderr
    assert "a note of mine" in (out / "estimates.csv").read_text()


def test_processes_give_what_one_gives(cohort: Path, tmp_path: Path) -> None:
    for jobs in ("1", "2"):
        splkit("estimate", str(cohort), "--out", str(tmp_path / jobs), "--workers", jobs)
    one, two = (tmp_path / jobs / "estimates.csv" for jobs in ("1", "2"))
    assert one.read_bytes() == two.read_bytes()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("{empty}", "--out", "{out}"), "holds ECGs; found none"),
        (("toy", "--out", "{out}", "--model", "{empty}/absent.tflite"), "readable .tflite"),
        (("toy", "--out", "{out}", "--board", "nrf99"), "board is known by name"),
        (("{bad}", "--out", "{out}"), "no record in row 1"),
    ],
)
def test_what_is_to_be_put_right_before_any_is_read(
    arguments: tuple[str, ...], said: str, tmp_path: Path
) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "bad.csv").write_text("record,patient\n,P1\n")
    places = {"empty": tmp_path / "empty", "out": tmp_path / "out", "bad": tmp_path / "bad.csv"}
    done = estimate(*(each.format(**places) for each in arguments))
    assert done.returncode == 2 and said in done.stderr, done.stderr
    assert not (tmp_path / "out").exists() or not list((tmp_path / "out").iterdir())
