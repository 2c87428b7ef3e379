"""Pairs out of miniature folders in the form of MIMIC-IV; patients, times and values are made up."""

import csv
import gzip
import hashlib
import json
import shlex
import sys
from pathlib import Path

import pytest
from support.command_line import splkit
from support.pairs import write_record

from splkit import cli
from splkit.errors import RecordingError, UsageError
from splkit.train.sources.mimic import addresses, labs_table, pair_mimic
from splkit.train.sources.mimic_labs import is_hemolysed
from splkit.train.sources.reasons import LeftOut
from splkit.train.sources.releases import MIMIC_ECG_DEMO, SUMS
from splkit.train.sources.tables import MEGABYTE

ECG_HEADING = "subject_id,study_id,file_name,ecg_time,path"
LAB_HEADING = (
    "labevent_id,subject_id,hadm_id,specimen_id,itemid,order_provider_id,charttime,storetime,value,valuenum,"
    "valueuom,ref_range_lower,ref_range_upper,flag,priority,comments"
)
DAY = "2999-01-01"
KNOWN = (
    "659 (the demo of MIMIC-IV-ECG, 0.1) or 800,035 (MIMIC-IV-ECG 1.0): another release, or a part; "
    "tables not held to a hash"
)


def ecg(patient: str, study: str, time: str) -> str:
    when = f"{DAY} {time}" if time else ""
    return f"{patient},{study},{study},{when},files/p{patient}/s{study}/{study}"


def lab(
    patient: str, time: str, value: str, comment: str = "", *, item: str = "50971", unit: str = "mEq/L"
) -> str:
    when = f"{DAY} {time}" if time else ""
    return f'1,{patient},,2,{item},,{when},,{value},{value},{unit},3.3,5.1,,STAT,"{comment}"'


class Folder:
    """A folder of ECGs, `ecg`, with blood tests beside it."""

    def __init__(self, root: Path) -> None:
        self.root, self.ecg, self.labs = root, root / "ecg", root / "labevents.csv.gz"

    def fill(self, ecgs: list[str], labs: list[str]) -> "Folder":
        self.ecg.mkdir(exist_ok=True)
        (self.ecg / "record_list.csv").write_text("\n".join([ECG_HEADING, *ecgs, ""]))
        self.labs.write_bytes(gzip.compress("\n".join([LAB_HEADING, *labs, ""]).encode()))
        return self

    def found(self, within_min: int = 60, **options: bool) -> list[tuple[str, float, int]]:
        pairing = pair_mimic(self.ecg, self.labs, within_min, **options)
        return [(Path(pair.record).name, pair.potassium_meq_l, pair.minutes_apart) for pair in pairing.pairs]

    def counts(self) -> dict[str, int]:
        return {str(why): count for why, count in pair_mimic(self.ecg, self.labs).left_out.items()}


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


@pytest.fixture
def filled(folder: Folder) -> Folder:
    """Two pairs of one patient, and an ECG of another one that stays alone."""
    return folder.fill(
        [ecg("202", "9", "08:00:00"), ecg("101", "8", "12:00:00"), ecg("101", "7", "08:00:00")],
        [
            lab("101", "12:30:00", "5.5"),
            lab("101", "07:50:00", "4.1"),
            lab("101", "08:20:00", "9.9", "GROSSLY HEMOLYZED, HEMOLYSIS FALSELY ELEVATES K"),
            lab("303", "08:00:00", "4.4"),
        ],
    )


def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *words: str | Path):
    """Exit status, stdout and stderr of `splkit pairs mimic`."""
    monkeypatch.setattr(sys, "argv", ["splkit", "pairs", "mimic", *map(str, words)])
    status = 0
    try:
        cli.main()
    except SystemExit as stop:
        status = int(stop.code or 0)
    said = capsys.readouterr()
    return status, said.out, said.err


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


def test_the_table_is_relative_to_its_own_folder_and_the_same_again(filled, monkeypatch, capsys):
    words = ("--ecg", filled.ecg, "--labs", filled.labs)
    tables = [filled.root / "tables" / "near.csv", filled.root / "tables" / "again.csv"]
    for table in tables:
        assert run(monkeypatch, capsys, *words, "--out", table)[0] == 0
    text = tables[0].read_text()
    assert text == tables[1].read_text()
    assert text == (
        "record,patient,potassium_meq_l,minutes_apart\n"
        "../ecg/files/p101/s7/7,101,4.1,-10\n"
        "../ecg/files/p101/s8/8,101,5.5,30\n"
    )
    monkeypatch.chdir(filled.root)
    assert run(monkeypatch, capsys, *words, "--out", "pairs.csv")[0] == 0
    assert Path("pairs.csv").read_text() == text.replace("../ecg", "ecg")
    assert sorted(path.name for path in filled.root.iterdir()) == [
        "ecg",
        filled.labs.name,
        "pairs.csv",
        "tables",
    ]


def test_what_is_printed(filled, monkeypatch, capsys):
    (filled.ecg / "files/p101/s7").mkdir(parents=True)
    (filled.ecg / "files/p101/s7/7.hea").touch()
    table = filled.root / "pairs.csv"
    words = ("--ecg", filled.ecg, "--labs", filled.labs, "--out", table)
    status, said, _ = run(monkeypatch, capsys, *words)
    assert status == 0
    lines = said.splitlines()
    assert lines[0].endswith("2 pairs of 1 patients, out of 3 ECGs of 2 patients and their 3 blood tests")
    assert lines[1:] == [
        f"  source: 3 ECGs, not {KNOWN}",
        "potassium 4.80 +- 0.70 mEq/L (mean +- SD), 50.0% at 5.5 mEq/L or more",
        "  left out: 1 ECGs without a blood test near enough (first: files/p202/s9/9)",
        "  left out: 1 blood tests hemolysed by their comment "
        f"(first: '9.9' mEq/L of patient 101 at {DAY} 08:20:00)",
        "  still to be fetched: 1 records, which are not in the folder",
        f"  next: splkit train --pairs {table} --channel V5 --out runs/mimic",
    ]
    status, said, _ = run(
        monkeypatch, capsys, *words, "--force", "--keep-hemolysed", "--within", "25", "--json"
    )
    facts = json.loads(said)
    assert facts["potassium"].pop("sd_meq_l") == pytest.approx(0.0)
    assert (status, facts) == (
        0,
        {
            "table": str(table),
            "source": f"3 ECGs, not {KNOWN}",
            "ecgs": 3,
            "patients": 2,
            "tests": 3,
            "pairs": 1,
            "paired_patients": 1,
            "missing_records": 0,
            "left_out": {"ecg_without_test": 2},
            "first_left_out": {"ecg_without_test": "files/p101/s8/8"},
            "potassium": {"mean_meq_l": 4.1, "hyperkalemia_share": 0.0},
        },
    )


def test_nothing_is_written_over_or_in_part(filled, monkeypatch, capsys):
    table = filled.root / "pairs.csv"
    words = ("--ecg", filled.ecg, "--labs", filled.labs, "--out")
    table.write_text("mine")
    status, _, said = run(monkeypatch, capsys, *words, table)
    assert status == 2 and "--force" in said and table.read_text() == "mine"
    assert run(monkeypatch, capsys, *words, table, "--force")[0] == 0 and "4.1" in table.read_text()
    for own in (filled.labs, filled.ecg / "record_list.csv"):
        before = own.read_bytes()
        status, _, said = run(monkeypatch, capsys, *words, own, "--force")
        assert status == 2 and "name another file" in said and own.read_bytes() == before


def test_no_pair_is_an_error_that_says_what_was_found(filled, monkeypatch, capsys):
    filled.fill([ecg("101", "7", "08:00:00")], [lab("101", "18:00:00", "4.0"), lab("101", "08:00:00", "")])
    words = ("--ecg", filled.ecg, "--labs", filled.labs, "--out", filled.root / "pairs.csv")
    status, said, error = run(monkeypatch, capsys, *words, "--within", "30")
    assert (status, said, error.count("\n")) == (2, "", 1)
    for part in ("at most 30 min", "1 ECGs of 1 patients", "2 blood tests", "1 blood tests without a number"):
        assert part in error
    assert "--within" in error and not (filled.root / "pairs.csv").exists()


def test_the_demo_is_known_by_its_number_of_ecgs_and_its_addresses_follow(folder, monkeypatch, capsys):
    ecgs = [ecg("101", str(study), f"{study // 60 % 24:02}:{study % 60:02}:00") for study in range(659)]
    folder.fill(ecgs, [lab("101", "08:00:00", "4.0")])
    pairing = pair_mimic(folder.ecg, folder.labs, 0)
    assert (
        pairing.source == "659 ECGs, as many as the demo of MIMIC-IV-ECG, 0.1 has; tables not held to a hash"
    )
    assert addresses(pairing) == [
        f"{MIMIC_ECG_DEMO.address}files/p101/s480/480{end}" for end in (".hea", ".dat")
    ]
    words = ("--ecg", folder.ecg, "--labs", folder.labs, "--within", "0", "--out", folder.root / "pairs.csv")
    assert run(monkeypatch, capsys, *words, "--urls", folder.root / "urls.txt")[0] == 0
    assert (folder.root / "urls.txt").read_text().splitlines() == addresses(pairing)


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


def test_strict_refuses_bad_input_and_not_a_lack_of_partners(filled, monkeypatch, capsys):
    words = ("--ecg", filled.ecg, "--labs", filled.labs, "--out", filled.root / "pairs.csv", "--strict")
    assert run(monkeypatch, capsys, *words)[0] == 0
    filled.fill([ecg("101", "7", "08:00:00")], [lab("101", "08:00:00", "4"), lab("101", "09:00:00", ">9")])
    status, _, said = run(monkeypatch, capsys, *words, "--force")
    assert status == 2 and "1 blood tests that give a limit, such as >10.0 (first: '>9'" in said


def test_the_old_spelling_says_the_new_one(monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["splkit", "pairs", "--ecg", "a", "--labs", "b", "--out", "c"])
    with pytest.raises(SystemExit) as stop:
        cli.main()
    assert stop.value.code == 2
    assert "splkit pairs mimic --ecg a --labs b --out c" in capsys.readouterr().err


def test_how_gives_the_commands_that_then_work(filled, monkeypatch, capsys):
    status, said, _ = run(monkeypatch, capsys, "--how")
    assert status == 0 and MIMIC_ECG_DEMO.address in said
    monkeypatch.chdir(filled.root)
    for name in ("mimic-ecg-demo", "mimic-ecg"):
        Path(name).symlink_to(filled.ecg)
    for name in (Path("mimic-demo/hosp"), Path("hosp")):
        name.mkdir(parents=True)
        (name / "labevents.csv.gz").write_bytes(filled.labs.read_bytes())
    commands = [shlex.split(line) for line in said.splitlines() if line.startswith("  splkit ")]
    assert len(commands) == 2
    for _, _, _, *words in commands:
        assert run(monkeypatch, capsys, *words)[0] == 0
        Path("pairs.csv").unlink()
    assert len(Path("urls.txt").read_text().splitlines()) == 4


def test_every_source_is_summed_up_in_a_whole_line():
    lines = splkit("pairs", "-h").stdout.split("Commands:\n")[1].split("\n\n")[0].splitlines()
    assert [line.split()[0] for line in lines] == ["mimic", "vitaldb", "csv", "cycles"]
    assert all(line.endswith(".") and not line.endswith("...") for line in lines), lines


def test_check_reads_the_lead_that_is_trained_on(filled, monkeypatch, capsys):
    words = (
        "--ecg",
        filled.ecg,
        "--labs",
        filled.labs,
        "--out",
        filled.root / "pairs.csv",
        "--check",
        "--json",
    )
    for study in ("7", "8"):
        (filled.ecg / f"files/p101/s{study}").mkdir(parents=True)
        write_record(filled.ecg / f"files/p101/s{study}/{study}", seed=1)
    status, said, _ = run(monkeypatch, capsys, *words)
    assert (status, json.loads(said)["pairs"]) == (0, 2)
    status, said, error = run(monkeypatch, capsys, *words, "--force", "--channel", "V2")
    assert (status, said) == (2, "") and "2 ECGs without the lead (first: 'V2', and V5, II in" in error
