"""Folders in VitalDB's layout: operations, blood tests and times are made up, and the ECGs are simulated."""

import csv
import gzip
import json
import shlex
from pathlib import Path

import numpy as np
import pytest
from support.command_line import splkit
from support.vital_bytes import vital_file

from splkit.ecg.recordings.readers import read_recording
from splkit.ecg.simulator.record import simulate_record
from splkit.errors import RecordingError
from splkit.train.config import TrainConfig
from splkit.train.measured import board_means
from splkit.train.sources.vitaldb import cut_vitaldb, read_vitaldb
from splkit.train.sources.vitaldb_tracks import read_track

FS_HZ = 500
CASE_S = 120


def simulated(seed: int) -> np.ndarray:
    return simulate_record(4.5, fs_hz=FS_HZ, duration_s=CASE_S, seed=seed, lead="II").recording.signal_mv


def track_csv(signal_mv: np.ndarray, name: str = "SNUADC/ECG_II") -> bytes:
    """As api.vitaldb.net gives a waveform: the first, the next and the last time, and every value."""
    values = ["" if np.isnan(mv) else f"{mv:.4f}" for mv in signal_mv]
    times = ["0", f"{1 / FS_HZ:g}", *[""] * (len(values) - 3), f"{(len(values) - 1) / FS_HZ:g}"]
    rows = [f"{time},{value}" for time, value in zip(times, values, strict=True)]
    return "\n".join([f"Time,{name}", *rows, ""]).encode()


class Folder:
    """A folder of VitalDB's: operations, blood tests, and the tracks that were fetched."""

    def __init__(self, root: Path) -> None:
        self.root = root / "vitaldb"
        self.root.mkdir()
        self.write("cases", "caseid,subjectid,casestart,caseend,opstart,preop_k", f"1,5955,0,{CASE_S},30,4.1")
        self.write(
            "trks", "caseid,tname,tid", "1,SNUADC/ECG_II,t1", "1,SNUADC/ECG_V5,t1v5", "1,Solar8000/HR,t1h"
        )
        self.labs("1,60,k,4.4")

    def write(self, name: str, *rows: str) -> None:
        (self.root / f"{name}.csv.gz").write_bytes(gzip.compress("\n".join([*rows, ""]).encode()))

    def labs(self, *rows: str) -> None:
        self.write("labs", "caseid,dt,name,result", *rows)

    def track(self, tid: str, signal_mv: np.ndarray) -> None:
        (self.root / tid).write_bytes(gzip.compress(track_csv(signal_mv)))

    def cut(self, out: Path, within_min: int = 1, **options: int):
        out.mkdir(exist_ok=True)
        return cut_vitaldb(read_vitaldb(self.root, "II", within_min), out, within_min=within_min, **options)


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


def test_the_stretch_about_the_blood_test_is_cut(folder: Folder, tmp_path: Path) -> None:
    signal_mv = simulated(1)
    folder.track("t1", signal_mv)
    pairing = folder.cut(tmp_path / "out")
    [pair] = pairing.pairs
    assert (pair.patient, pair.potassium_meq_l, pair.minutes_apart, pair.channel) == ("5955", 4.4, 0, "II")
    cut = read_recording(tmp_path / "out" / pair.record, "II")
    assert cut.fs_hz == FS_HZ
    expected = signal_mv[(60 - 10) * FS_HZ : (60 + 10) * FS_HZ]
    np.testing.assert_allclose(cut.signal_mv, expected, atol=6e-4)
    assert len(board_means(cut, TrainConfig())[8])


def test_noise_and_gaps_at_the_time_of_the_test_lead_to_the_nearest_usable_stretch(
    folder: Folder, tmp_path: Path
) -> None:
    signal_mv = simulated(1)
    signal_mv[45 * FS_HZ : 65 * FS_HZ] = np.nan
    signal_mv[28 * FS_HZ : 45 * FS_HZ] = 0.0
    folder.track("t1", signal_mv)
    pairing = folder.cut(tmp_path / "out")
    cut = read_recording(tmp_path / "out" / pairing.pairs[0].record)
    np.testing.assert_allclose(cut.signal_mv, signal_mv[70 * FS_HZ : 90 * FS_HZ], atol=6e-4)
    note = (tmp_path / "out" / f"{pairing.pairs[0].record}.hea").read_text().splitlines()[-1]
    assert note == "# VitalDB case 1, +20 s from the blood test at 60 s"


def test_a_stretch_with_too_many_samples_missing_gives_way_to_the_one_before(
    folder: Folder, tmp_path: Path
) -> None:
    signal_mv = simulated(1)
    signal_mv[50 * FS_HZ : 53 * FS_HZ] = np.nan
    for missing_s, first_s in ((3, 30), (2, 50)):
        signal_mv[(50 + missing_s) * FS_HZ : 53 * FS_HZ] = 0.1
        folder.track("t1", signal_mv)
        pairing = folder.cut(tmp_path / f"out{missing_s}")
        cut = read_recording(tmp_path / f"out{missing_s}" / pairing.pairs[0].record)
        expected = signal_mv[first_s * FS_HZ : (first_s + 20) * FS_HZ]
        known = ~np.isnan(expected)
        np.testing.assert_allclose(cut.signal_mv[known], expected[known], atol=6e-4)
        assert cut.missing_s == pytest.approx(np.isnan(expected).mean() * 20)


def test_what_cannot_be_used_is_left_out_and_counted(folder: Folder, tmp_path: Path) -> None:
    cases = [f"{case},{case % 3 + 100},0,{CASE_S}" for case in range(1, 6)]
    folder.write("cases", "caseid,subjectid,casestart,caseend", *cases)
    tracks = [f"{case},SNUADC/ECG_II,t{case}" for case in (1, 2, 3, 4)]
    folder.write("trks", "caseid,tname,tid", *tracks, "5,SNUADC/ECG_V5,t5")
    folder.labs(
        "1,60,k,4.4", "1,60,k,4.4", "1,90,k,>9.0", "1,90,na,140", "1,-90000,k,4.0", "1,soon,k,4.0",
        "1,80,k,14", "2,60,k,5.1", "2,60,k,6.1", "2,50,k,5.0", "3,60,k,5.5", "4,60,k,5.6", "5,60,k,5.7",
        "77,60,k,5.7",
    )  # fmt: skip
    folder.track("t1", simulated(1))
    folder.track("t2", np.random.default_rng(2).normal(size=CASE_S * FS_HZ))
    (folder.root / "t3").write_bytes(gzip.compress(track_csv(simulated(3)))[:-300])
    pairing = folder.cut(tmp_path / "out")
    assert [(pair.patient, pair.potassium_meq_l) for pair in pairing.pairs] == [("101", 4.4)]
    assert pairing.left_out == {
        "test_without_ecg": 1,
        "ecg_with_two_values": 1,
        "test_that_is_a_limit": 1,
        "test_out_of_range": 1,
        "test_without_time": 1,
        "test_listed_twice": 1,
        "row_without_patient": 1,
        "ecg_without_lead": 1,
        "ecg_unreadable": 1,
        "ecg_without_mean": 1,
    }
    assert pairing.unfetched == ("https://api.vitaldb.net/t4",) and pairing.to_fetch == 1
    assert pairing.tests == 13 and "not 6,388 (VitalDB)" in str(pairing.source)


def test_a_patient_who_was_operated_on_twice_is_one(folder: Folder, tmp_path: Path) -> None:
    folder.write("cases", "caseid,subjectid,caseend", f"1,7,{CASE_S}", f"2,7,{CASE_S}")
    folder.write("trks", "caseid,tname,tid", "1,SNUADC/ECG_II,t1", "2,SNUADC/ECG_II,t2")
    folder.labs("1,60,k,4.4", "2,60,K,5.4")
    for tid, seed in (("t1", 1), ("t2", 2)):
        folder.track(tid, simulated(seed))
    assert folder.cut(tmp_path / "out").paired_patients == 1


def test_the_files_at_physionet_give_the_same_stretch(folder: Folder, tmp_path: Path) -> None:
    signal_mv = np.round(simulated(1), 3)
    folder.track("t1", signal_mv)
    own = folder.cut(tmp_path / "out")
    other = tmp_path / "physionet"
    (other / "vital_files").mkdir(parents=True)
    (other / "clinical_data.csv").write_text(f"caseid,subjectid,caseend\n1,5955,{CASE_S}\n2,5956,{CASE_S}\n")
    (other / "lab_data.csv").write_text("caseid,dt,name,result\n1,60,k,4.4\n2,60,k,4.4\n3,60,k,4.4\n")
    tables = read_vitaldb(other, "II", 1)
    assert tables.addresses == [
        f"https://physionet.org/files/vitaldb/1.0.0/vital_files/000{case}.vital" for case in (1, 2)
    ]
    counts = np.round(signal_mv * 1000)
    (other / "vital_files" / "0001.vital").write_bytes(vital_file({"ECG_II": counts}))
    (other / "0002.vital").write_bytes(vital_file({"ECG_V5": counts, "PLETH": counts}))
    (tmp_path / "again").mkdir()
    pairing = cut_vitaldb(read_vitaldb(other, "II", 1), tmp_path / "again", within_min=1)
    assert pairing.pairs == own.pairs
    assert "not 6,388 (VitalDB 1.0.0 at PhysioNet)" in str(pairing.source)
    assert pairing.left_out == {"row_without_patient": 1, "ecg_without_lead": 1}
    first, second = (
        read_recording(tmp_path / name / own.pairs[0].record).signal_mv for name in ("out", "again")
    )
    np.testing.assert_allclose(first, second, atol=1e-9)


SPOILED = {
    "rows lost": lambda rows: rows[:2000] + rows[9000:],
    "no second time": lambda rows: [rows[0], rows[1], rows[2].replace(b"0.002", b""), *rows[3:]],
    "no number": lambda rows: [*rows[:50], b",x", *rows[51:]],
    "empty": lambda rows: rows[:1],
    "a numeric track": lambda rows: [rows[0], b"0,70", b"2,71", b"4,70"],
}


@pytest.mark.parametrize("case", SPOILED)
def test_a_track_that_is_no_waveform_is_refused(tmp_path: Path, case: str) -> None:
    rows = track_csv(simulated(1)[:20_000]).splitlines()
    (tmp_path / "t").write_bytes(b"\n".join(rows) + b"\n")
    whole = read_track(tmp_path / "t", "II")
    assert whole is not None and whole.end_s == pytest.approx(39.998)
    (tmp_path / "t").write_bytes(b"\n".join(SPOILED[case](rows)) + b"\n")
    with pytest.raises(RecordingError, match="fetch it again"):
        read_track(tmp_path / "t", "II")


def test_from_the_tables_to_addresses_and_from_the_tracks_to_pairs(folder: Folder, tmp_path: Path) -> None:
    words = ("pairs", "vitaldb", "--data", str(folder.root))
    urls, out = tmp_path / "urls.txt", tmp_path / "made"
    nothing = splkit(*words, "--out", str(out))
    assert nothing.returncode == 2 and "1 ECGs still to be fetched" in nothing.stderr and not out.exists()
    told = splkit(*words, "--urls", str(urls))
    assert told.returncode == 0 and "1 ECGs to fetch" in told.stdout
    assert urls.read_text() == "https://api.vitaldb.net/t1\n"
    folder.track("t1", simulated(1))
    made = splkit(*words, "--out", str(out), "--json")
    assert made.returncode == 0, made.stderr
    facts = json.loads(made.stdout)
    assert (facts["pairs"], facts["missing_records"], facts["left_out"]) == (1, 0, {})
    assert next(csv.DictReader((out / "pairs.csv").open())) == {
        "record": "case1_0",
        "patient": "5955",
        "potassium_meq_l": "4.4",
        "minutes_apart": "0",
        "channel": "II",
    }
    assert splkit(*words, "--out", str(out)).returncode == 2
    assert splkit(*words, "--out", str(out), "--force").returncode == 0
    both = splkit(*words, "--out", str(out), "--urls", str(urls))
    assert both.returncode == 2 and "give one of them" in both.stderr


def test_how_gives_the_commands_that_then_work(
    folder: Folder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    folder.track("t1", simulated(1))
    how = splkit("pairs", "vitaldb", "--how").stdout
    assert "https://api.vitaldb.net/labs" in how and "CC BY 4.0" in how
    commands = [shlex.split(line) for line in how.splitlines() if line.startswith("  splkit ")]
    assert len(commands) == 2
    for _, *words in commands:
        told = splkit(*words)
        assert told.returncode == 0, told.stderr
    assert (tmp_path / "urls.txt").read_text() == ""
    assert (tmp_path / "vitaldb-pairs" / "pairs.csv").is_file()


def test_a_missing_table_says_how_to_fetch_it(folder: Folder) -> None:
    (folder.root / "labs.csv.gz").unlink()
    told = splkit("pairs", "vitaldb", "--data", str(folder.root), "--out", "nowhere")
    assert told.returncode == 2 and "labs.csv" in told.stderr and "splkit pairs vitaldb --how" in told.stderr
