"""`splkit pairs mimic`: the table that it writes, what it prints, and what it refuses."""

import json
import shlex
import sys
from pathlib import Path

import pytest
from support.command_line import splkit
from support.mimic import DAY, MimicFolder, ecg, lab, two_pairs
from support.pairs import write_record

from splkit import cli
from splkit.train.sources.mimic import addresses, pair_mimic
from splkit.train.sources.releases import MIMIC_ECG_DEMO

KNOWN = (
    "659 (the demo of MIMIC-IV-ECG, 0.1) or 800,035 (MIMIC-IV-ECG 1.0): another release, or a part; "
    "tables not held to a hash"
)


@pytest.fixture
def folder(tmp_path: Path) -> MimicFolder:
    return MimicFolder(tmp_path)


@pytest.fixture
def filled(tmp_path: Path) -> MimicFolder:
    return two_pairs(tmp_path)


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
