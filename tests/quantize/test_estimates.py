"""What is taken for an ECG out of files, folders and tables, and what an ECG is known by."""

from pathlib import Path

import pytest

from splkit.ecg.frontend import FrontEndConfig
from splkit.errors import UsageError
from splkit.quantize.estimates.inputs import Ecg, find_ecgs
from splkit.quantize.estimates.run import JOURNAL, answer_all
from splkit.quantize.estimates.table import is_table, read_table
from splkit.quantize.estimates.work import Way, digest_of
from splkit.quantize.reference import reference_model


def touch(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("rec 1 500 10\nrec.dat 16\n" if name.endswith(".hea") else "x")


def found(*inputs: Path | str, out: Path = Path("elsewhere")) -> list[str]:
    return [Path(each.path).name for each in find_ecgs(list(map(str, inputs)), out).ecgs]


def test_a_folder_of_wfdb_records_is_its_headers(tmp_path: Path) -> None:
    """Signal files, annotations, and tables and notes beside records are none."""
    touch(
        tmp_path, "1/a.hea", "1/a.dat", "1/a.atr", "1/b.hea", "1/b.mat", "c.hea.gz", "c.dat.gz", "holter.edf"
    )
    touch(tmp_path, "labels.csv", "LICENSE.txt", "about.json", "scan.png", "tool.py", "out/old.hea")
    asked = find_ecgs([str(tmp_path)], tmp_path / "out")
    assert [Path(each.path).name for each in asked.ecgs] == ["a.hea", "b.hea", "c.hea.gz", "holter.edf"]
    left = sorted(path.name for path in asked.left_out)
    assert left == ["LICENSE.txt", "about.json", "labels.csv", "scan.png"]


def test_segments_of_a_record_are_no_ecgs_of_their_own(tmp_path: Path) -> None:
    touch(tmp_path, "part_1.hea", "part_1.dat", "lone.hea")
    (tmp_path / "whole.hea").write_text("# a comment\nwhole/2 1 500 20\npart_1 10\n~ 10\n")
    assert found(tmp_path) == ["lone.hea", "whole.hea"]


def test_without_wfdb_records_texts_are_ecgs(tmp_path: Path) -> None:
    touch(tmp_path, "a.csv", "b.xml", "c.json.gz", "d.DCM", "e.txt")
    (tmp_path / "pairs.csv").write_text("record,patient\na.csv,A\n")  # names them, and is none
    assert found(tmp_path) == ["a.csv", "b.xml", "c.json.gz", "d.DCM", "e.txt"]
    assert found(tmp_path / "a.csv", "toy", "mitdb/100") == ["a.csv", "toy", "100"]


def test_a_table_names_records_beside_it(tmp_path: Path) -> None:
    table = tmp_path / "pairs.csv"
    table.write_text(
        "patient,record,minutes,channel,potassium_meq_l\nA,in/1,3,II,4.9\n,page.png,,,\n", "utf-8-sig"
    )
    asked = find_ecgs([str(table)], tmp_path / "out", channel="V5")
    assert asked.ecgs == [
        Ecg("in/1", str(tmp_path / "in/1"), "II"),
        Ecg("page.png", str(tmp_path / "page.png"), "V5", is_page=True),
    ]
    assert [(row.patient, row.potassium_meq_l) for row in asked.rows if row] == [("A", 4.9), ("", None)]


@pytest.mark.parametrize("text", ["nan", "inf", "4,9", "4.9 mmol/L", "18.5", "0.9", ">10.0", "-4"])
def test_potassium_that_is_none_is_said_and_never_used(tmp_path: Path, text: str) -> None:
    table = tmp_path / "pairs.csv"
    table.write_text(f'record,potassium_meq_l\na,"{text}"\n')
    (row,) = read_table(table)
    assert row.potassium_meq_l is None and text in row.doubt


def test_an_ecg_in_columns_is_no_table(tmp_path: Path) -> None:
    path = tmp_path / "ecg.csv"
    path.write_text("time,V5\n0.000,0.1\n")
    assert not is_table(path) and not is_table(tmp_path / "absent.csv")
    path.write_text("record,V5\n")
    assert is_table(path)


def test_the_folder_of_results_is_no_input(tmp_path: Path) -> None:
    touch(tmp_path, "a.hea")
    with pytest.raises(UsageError, match="another folder than the ECGs"):
        find_ecgs([str(tmp_path)], tmp_path)


def test_a_record_is_known_by_all_its_files(tmp_path: Path) -> None:
    touch(tmp_path, "rec.hea", "rec.dat")
    first = digest_of(str(tmp_path / "rec"))
    assert first and first == digest_of(str(tmp_path / "rec.hea"))
    (tmp_path / "rec.dat").write_text("y")
    second = digest_of(str(tmp_path / "rec"))
    assert second not in ("", first)
    (tmp_path / "rec.dat").unlink()
    assert digest_of(str(tmp_path / "rec")) == digest_of(str(tmp_path / "absent")) == ""


def test_each_result_is_on_disk_as_soon_as_it_is_told(tmp_path: Path) -> None:
    """So that a kill costs no more than what is under way."""
    pytest.importorskip("tflite_micro", reason="the oracle, of the extra [verify], is not installed")
    ecgs = [Ecg(name, str(tmp_path / name)) for name in ("a", "b", "c")]
    way = Way(reference_model(), FrontEndConfig.for_rate(300, 2.0))
    results = answer_all(ecgs, way, tmp_path, workers=1)
    for told in (1, 2, 3):
        result, was_kept = next(results)
        assert result.status == "failed" and not was_kept
        assert (tmp_path / JOURNAL).read_bytes().count(b"\n") == 1 + told
