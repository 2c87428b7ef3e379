"""`splkit detect` of a folder, and of a chosen time."""

import csv
import json
from pathlib import Path

import pytest
import wfdb
from support.command_line import splkit
from support.hand_made import counts_of, regular


def write(folder: Path, name: str, rr_s: float = 0.8) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    signal = counts_of(regular(40, rr_s)).astype(float)[:, None] / 1000
    wfdb.wrsamp(name, 500, ["mV"], ["II"], signal, fmt=["16"], write_dir=str(folder))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two records, one of them deeper, one without its signal file, a file that is no EDF, and a note."""
    records = tmp_path / "records"
    write(records, "a")
    write(records / "more", "b", 0.6)
    write(records, "gone")
    (records / "gone.dat").unlink()
    (records / "bad.edf").write_text("hello")
    (records / "notes.txt").write_text("not an ECG")
    return records


@pytest.mark.parametrize("workers", ["1", "2"])
def test_one_bad_file_never_stops_the_rest(folder: Path, tmp_path: Path, workers: str) -> None:
    table = tmp_path / "beats.csv"
    done = splkit("detect", str(folder), "--out", str(table), "--workers", workers)
    assert done.returncode == 4, done.stderr
    with table.open() as stream:
        rows = {row["file"]: row for row in csv.DictReader(stream)}
    assert list(rows) == ["a", "bad.edf", "gone", "more/b"]
    assert [rows[name]["beats"] for name in ("a", "more/b")] == ["40", "40"]
    assert float(rows["a"]["heart_rate_bpm"]) == pytest.approx(75, abs=0.5)
    assert float(rows["more/b"]["heart_rate_bpm"]) == pytest.approx(100, abs=0.5)
    assert int(rows["a"]["ok"]) >= 37 and int(rows["a"]["lead"]) == 0 and rows["a"]["why"] == ""
    for name in ("bad.edf", "gone"):
        assert rows[name]["why"] and rows[name]["beats"] == rows[name]["ok"] == ""
    assert "4 files: 2 read, 2 not" in done.stdout and "left out, no ECGs by their names: 1" in done.stdout


def test_all_good_files_end_well(folder: Path) -> None:
    done = splkit("detect", str(folder / "more"), "--json")
    rows = json.loads(done.stdout)
    assert done.returncode == 0
    assert [(row["file"], row["channel"], row["beats"], row["why"]) for row in rows] == [("b", "II", 40, "")]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--plot", "nowhere/x.png"], "a picture is of one recording"),
        (["--out", "nowhere/peaks.qrs"], "a .csv file"),
        (["--from", "3"], "no --plot"),
    ],
)
def test_what_a_folder_cannot_have_is_refused(folder: Path, options: list[str], said: str) -> None:
    done = splkit("detect", str(folder), *options)
    assert done.returncode == 2 and said in done.stderr and done.stderr.count("\n") == 1


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    done = splkit("detect", str(tmp_path))
    assert done.returncode == 2 and "a folder holds recordings" in done.stderr


@pytest.mark.parametrize(
    ("first", "last", "shown"), [("10", "15.5", (10.0, 15.5)), ("0:12", "0:00:20", (12.0, 20.0))]
)
def test_a_time_is_chosen(
    folder: Path, tmp_path: Path, first: str, last: str, shown: tuple[float, float]
) -> None:
    page = tmp_path / "part.html"
    done = splkit("detect", str(folder / "a"), "--plot", str(page), "--from", first, "--to", last)
    assert done.returncode == 0, done.stderr
    data = json.loads(page.read_text().split("const data = ", 1)[1].split(";\n", 1)[0])
    assert data["fromS"] == shown[0]
    assert min(data["beatsS"]) >= shown[0] and max(data["beatsS"]) < shown[1]
    assert len(data["beatsS"]) == pytest.approx((shown[1] - shown[0]) / 0.8, abs=1)


@pytest.mark.parametrize(
    ("time", "said"), [("1:75", "no time"), ("x", "no time"), ("-3", "no time"), ("500", "long")]
)
def test_a_time_that_is_none_is_refused(folder: Path, tmp_path: Path, time: str, said: str) -> None:
    done = splkit("detect", str(folder / "a"), "--plot", str(tmp_path / "x.png"), f"--from={time}")
    assert done.returncode == 2 and said in done.stderr
    assert not (tmp_path / "x.png").exists()
