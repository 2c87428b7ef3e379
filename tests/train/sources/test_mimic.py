"""Pairs out of miniature folders in the form of MIMIC-IV."""

import csv
import gzip
import hashlib
from pathlib import Path

import pytest
from support.mimic import DAY, LAB_HEADING, MimicFolder, ecg, lab, two_pairs

from splkit.errors import RecordingError, UsageError
from splkit.train.sources.mimic import labs_table, pair_mimic
from splkit.train.sources.mimic_labs import is_hemolysed
from splkit.train.sources.reasons import LeftOut
from splkit.train.sources.releases import SUMS
from splkit.train.sources.tables import MEGABYTE


@pytest.fixture
def folder(tmp_path: Path) -> MimicFolder:
    return MimicFolder(tmp_path)


@pytest.fixture
def filled(tmp_path: Path) -> MimicFolder:
    return two_pairs(tmp_path)


def test_the_nearest_in_time_is_taken_before_or_after(folder):
    tests = [lab("101", "07:20:00", "3.1"), lab("101", "08:10:00", "4.2"), lab("101", "08:30:00", "5.3")]
    ecgs = [ecg("101", "7", "08:00:00"), ecg("101", "8", "08:40:00"), ecg("101", "9", "07:00:00")]
    expected = [("9", 3.1, 20), ("7", 4.2, 10), ("8", 5.3, -10)]
    for order in (tests, tests[::-1]):
        assert folder.fill(ecgs, order).found() == expected


def test_the_window_holds_its_limits_and_nothing_more(folder):
    ecgs = [ecg("101", "7", "08:00:00"), ecg("101", "8", "12:00:00")]
    folder.fill(ecgs, [lab("101", "09:00:00", "4.1"), lab("101", "10:59:59", "4.2")])
    assert folder.found() == [("7", 4.1, 60)]
    assert folder.found(59 + 2) == [("7", 4.1, 60), ("8", 4.2, -60)]
    with pytest.raises(UsageError, match="at most 59 min"):
        folder.found(59)


def test_ties_go_to_the_earlier_then_to_serum(folder):
    around = [lab("101", "08:10:00", "5.0"), lab("101", "07:50:00", "4.0")]
    assert folder.fill([ecg("101", "7", "08:00:00")], around).found() == [("7", 4.0, -10)]
    at_once = [lab("101", "08:10:00", "3.9", item="50822"), lab("101", "08:10:00", "4.3")]
    for order in (at_once, at_once[::-1]):
        assert folder.fill([ecg("101", "7", "08:00:00")], order).found() == [("7", 4.3, 10)]


def test_two_values_at_one_time_leave_the_ecg_out_unless_one_is_nearer_or_preferred(folder):
    twice = [lab("101", "08:10:00", "4.1"), lab("101", "08:10:00", "6.3")]
    ecgs = [ecg("101", "7", "08:00:00"), ecg("101", "8", "12:00:00")]
    later = lab("101", "12:10:00", "4.4")
    for order in (twice, twice[::-1]):
        assert folder.fill(ecgs, [*order, later]).found() == [("8", 4.4, 10)]
        assert folder.counts() == {"ecg_with_two_values": 1}
        nearer = [*order, lab("101", "08:05:00", "5.0"), later]
        for tests in (nearer, nearer[::-1]):
            assert folder.fill(ecgs, tests).found() == [("7", 5.0, 5), ("8", 4.4, 10)]
    same = [lab("101", "08:10:00", "4.1")] * 2
    assert folder.fill(ecgs[:1], same).found() == [("7", 4.1, 10)]


def test_only_potassium_in_blood_of_the_same_patient(folder):
    others = [lab("101", "08:00:00", "4.0", item=item) for item in ("50983", "51097", "50847")]
    folder.fill([ecg("101", "7", "08:00:00")], [*others, lab("102", "08:00:00", "4.0")])
    with pytest.raises(UsageError, match="0 blood tests"):
        folder.found()
    for item in ("50971", "50822", "52610", "51677", "52452"):
        assert folder.fill([ecg("101", "7", "08:00:00")], [lab("101", "08:00:00", "4", item=item)]).found()


def test_what_cannot_be_believed_is_left_out_and_counted(folder):
    bad = [
        lab("101", "08:00:00", ""),
        lab("101", "08:00:00", "nan"),
        lab("101", "08:00:00", "0.9"),
        lab("101", "08:00:00", "12.1"),
        lab("101", "08:00:00", "99", unit="mg/dL"),
        lab("101", "08:00:00", "8.8", "Slightly hemolysed, result may be high"),
        lab("101", "", "4.4"),
        lab("101", "08:00:00+01:00", "4.4"),
        lab("101", "08:00:00", "10.0").replace(",10.0,10.0,", ",>10.0,10.0,"),
        lab("101", "08:00:00", '"4,9"'),
    ]
    ecgs = [ecg("101", "7", "08:00:00"), ecg("101", "7", "08:00:00"), ecg("101", "8", "")]
    folder.fill([*ecgs, ecg("101", "9", "23:00:00")], [*bad, lab("101", "08:30:00", "4.0")])
    assert folder.found() == [("7", 4.0, 30)]
    assert folder.counts() == {
        "ecg_without_test": 1,
        "test_hemolysed": 1,
        "ecg_without_time": 1,
        "ecg_listed_twice": 1,
        "test_without_number": 2,
        "test_that_is_a_limit": 1,
        "test_with_decimal_comma": 1,
        "test_in_other_unit": 1,
        "test_out_of_range": 2,
        "test_without_time": 2,
    }
    pairing = pair_mimic(folder.ecg, folder.labs)
    assert (pairing.ecgs, pairing.patients, pairing.tests) == (4, 1, 11)
    assert pairing.tally.first[LeftOut.LIMIT] == f"'>10.0' mEq/L of patient 101 at {DAY} 08:00:00"
    assert folder.found(keep_hemolysed=True) == [("7", 8.8, 0)]


@pytest.mark.parametrize("value", ["1", "12.0"])
@pytest.mark.parametrize("unit", ["mEq/L", "mmol/L", "MEQ/L ", ""])
def test_units_of_one_charge_are_the_same_and_limits_possible(folder, unit, value):
    folder.fill([ecg("101", "7", "08:00:00")], [lab("101", "08:00:00", value, unit=unit)])
    assert folder.found() == [("7", float(value), 0)]


@pytest.mark.parametrize(
    ("comment", "hemolysed"),
    [
        ("HEMOLYSIS FALSELY ELEVATES K", True),
        ("Moderately Hemolyzed specimen", True),
        ("haemolysed", True),
        ("GROSSLY ___", True),
        ("GROSSLY LIPEMIC", False),
        ("RESULT NOT RELIABLE. HEMOLYZED", True),
        ("Specimen not Hemolyzed", False),
        ("NO VISIBLE HEMOLYSIS", False),
        ("non-hemolyzed", False),
        ("___", False),
        ("", False),
    ],
)
def test_comments_on_hemolysis(comment, hemolysed):
    assert is_hemolysed(comment) is hemolysed


def test_packed_and_plain_tables_say_the_same(filled):
    packed = filled.found()
    assert packed == [("7", 4.1, -10), ("8", 5.5, 30)]
    text = gzip.decompress(filled.labs.read_bytes()).decode()
    filled.labs = filled.root / "plain.csv"
    filled.labs.write_text("\ufeff" + text, encoding="utf-8")
    assert filled.found() == packed
    rows = list(csv.reader(text.splitlines()))
    with filled.labs.open("w", newline="") as stream:
        csv.writer(stream).writerows(row[::-1] for row in rows)
    assert filled.found() == packed


@pytest.mark.parametrize("level", [None, 0, 9])
def test_progress_is_the_size_of_the_file_as_it_lies_there(filled, level):
    rows = "\n".join(
        [LAB_HEADING, *[lab("101", "08:00:00", "4.0", "as expected " * 4)] * 60_000, ""]
    ).encode()
    filled.labs.write_bytes(rows if level is None else gzip.compress(rows, level))
    steps = list[int]()
    assert sum(1 for _ in labs_table(filled.labs).rows(steps.append)) == 60_000
    assert min(steps) >= 0 and sum(steps) == labs_table(filled.labs).megabytes
    assert sum(steps) == filled.labs.stat().st_size // MEGABYTE and (sum(steps) > 5) == (level != 9)


@pytest.mark.parametrize("column", ["itemid", "charttime", "comments"])
def test_a_missing_column_is_named(filled, column):
    text = gzip.decompress(filled.labs.read_bytes()).decode()
    filled.labs.write_text(text.replace(column, "other"))
    with pytest.raises(RecordingError, match=f"found no {column} in .*labevents"):
        filled.found()


def test_missing_and_damaged_files_are_said(filled):
    whole = filled.labs.read_bytes()
    filled.labs.write_bytes(whole[:-20])
    with pytest.raises(RecordingError, match=r"ended before.*fetch the file again"):
        filled.found()
    filled.labs.write_bytes(gzip.decompress(whole)[:-40])
    with pytest.raises(RecordingError, match="in line 5 of"):
        filled.found()
    filled.labs.unlink()
    with pytest.raises(RecordingError, match=r"No such file.*give hosp/labevents"):
        filled.found()
    (filled.ecg / "record_list.csv").write_text("subject_id,path\n")
    with pytest.raises(RecordingError, match="found no ecg_time"):
        filled.found()
    (filled.ecg / "record_list.csv").unlink()
    with pytest.raises(RecordingError, match=r"No such file.*give the folder of MIMIC-IV-ECG"):
        filled.found()


def test_tables_are_held_to_the_hashes_that_were_published_with_them(filled):
    named = {filled.ecg / "record_list.csv": filled.ecg / SUMS, filled.labs: filled.root / SUMS}
    for table, sums in named.items():
        sums.write_text(f"{hashlib.sha256(table.read_bytes()).hexdigest()} {table.name}\n0123 other.csv\n")
    assert "tables as published by SHA-256" in str(pair_mimic(filled.ecg, filled.labs).source)
    filled.labs.write_bytes(filled.labs.read_bytes() + b" ")
    with pytest.raises(RecordingError, match=r"SHA-256.*labevents.csv.gz; fetch it again"):
        filled.found()


def test_a_column_of_another_quantity_is_refused_whole(folder):
    sodium = [lab("101", "08:00:00", value) for value in ("138", "141", "11.9")]
    folder.fill([ecg("101", "7", "08:00:00")], sodium)
    with pytest.raises(UsageError, match=r"found 2 of 3 outside, first '138' mEq/L of patient 101"):
        folder.found()
