"""A hospital's own table, made up, with what goes wrong in such tables; the ECGs are simulated."""

import csv
import json
import shlex
from pathlib import Path

import numpy as np
import pytest
import wfdb
from support.command_line import splkit
from support.pairs import write_record

from splkit.errors import UsageError
from splkit.train.config import TrainConfig
from splkit.train.pairs import with_pairs
from splkit.train.sources.own_table import Columns, Reading, pair_own

HOSPITAL = """\
Datei;Fall;K;Einheit;Ableitung;EKG;Blut
a.hea;P1;4,9;mmol/L;V5;01.02.2024 08:00;01.02.2024 08:20
b.hea;P2;17,6;mg/dL;V5;01.02.2024 09:00;01.02.2024 08:50
c.hea;P3;>10,0;mmol/L;V5;01.02.2024 09:00;01.02.2024 08:50
d.hea;P4;4,1;mmol/L;V5;01.02.2024 09:00;01.02.2024 23:50
e.hea;P5;4,1;mmol/L;V5;02/01/2024 09:00;01.02.2024 09:00
f.hea;;4,1;mmol/L;V5;01.02.2024 09:00;01.02.2024 09:00
;P7;4,1;mmol/L;V5;01.02.2024 09:00;01.02.2024 09:00
h.hea;P8;1,0;mmol/L;V5;01.02.2024 09:00;01.02.2024 09:00
i.hea;P9;0,4;mmol/L;V5;01.02.2024 09:00;01.02.2024 09:00
a.hea;P1;4,9;mmol/L;V5;01.02.2024 08:00;01.02.2024 08:20
h.hea;P8;3,0;mmol/L;V5;01.02.2024 09:00;01.02.2024 09:00
k.hea;P10;4,4;ug/L;V5;01.02.2024 09:00;01.02.2024 09:00
"""
OPTIONS = shlex.split(
    "--record Datei --patient Fall --potassium K --unit-column Einheit --lead-column Ableitung "
    "--delimiter ';' --decimal-comma --ecg-time EKG --test-time Blut --within 30 "
    "--time-format '%d.%m.%Y %H:%M'"
)


def test_a_table_with_other_columns_units_and_commas(tmp_path: Path) -> None:
    (tmp_path / "hospital.csv").write_text(HOSPITAL, encoding="utf-8-sig")
    words = (
        "pairs",
        "csv",
        str(tmp_path / "hospital.csv"),
        *OPTIONS,
        "--out",
        str(tmp_path / "out/pairs.csv"),
    )
    told = splkit(*words, "--json")
    assert told.returncode == 0, told.stderr
    assert (tmp_path / "out/pairs.csv").read_text() == (
        "record,patient,potassium_meq_l,minutes_apart,channel\n"
        "../a.hea,P1,4.9,20,V5\n"
        "../b.hea,P2,4.501,-10,V5\n"
    )
    facts = json.loads(told.stdout)
    assert (facts["ecgs"], facts["pairs"], facts["missing_records"]) == (12, 2, 2)
    assert facts["left_out"] == {
        "ecg_without_test": 1,
        "ecg_without_time": 1,
        "ecg_listed_twice": 1,
        "ecg_with_two_values": 1,
        "test_that_is_a_limit": 1,
        "test_in_other_unit": 1,
        "test_out_of_range": 1,
        "row_without_record": 1,
        "row_without_patient": 1,
    }
    assert facts["first_left_out"]["test_that_is_a_limit"] == "'>10,0' mmol/L in row 3"
    assert facts["first_left_out"]["ecg_without_time"].endswith("in row 5")
    refused = splkit(*words, "--force", "--strict")
    assert refused.returncode == 2 and "'>10,0' mmol/L in row 3" in refused.stderr
    assert "min apart" not in refused.stderr


def table(folder: Path, *rows: str) -> Path:
    path = folder / "own.csv"
    path.write_text("\n".join(["record,patient,potassium_meq_l", *rows]))
    return path


def test_a_comma_without_the_option_is_no_number_and_never_a_tenfold_one(tmp_path: Path) -> None:
    source = table(tmp_path, 'a,P1,"4,9"', "b,P2,4.2")
    pairing = pair_own(source, tmp_path, Columns(), Reading())
    assert [pair.record for pair in pairing.pairs] == ["b"]
    assert pairing.left_out == {"test_with_decimal_comma": 1}


def test_mg_a_dl_taken_for_meq_are_refused_whole(tmp_path: Path) -> None:
    source = table(tmp_path, "a,P1,17.6", "b,P2,15.2", "c,P3,11.3")
    with pytest.raises(
        UsageError, match=r"found 2 of 3 outside, first '17.6' mEq/L in row 1; check the column"
    ):
        pair_own(source, tmp_path, Columns(), Reading())
    found = pair_own(source, tmp_path, Columns(), Reading(unit="mg/dL")).pairs
    assert [pair.potassium_meq_l for pair in found] == [4.501, 3.888, 2.89]


def test_one_time_alone_and_a_missing_column_are_refused(tmp_path: Path) -> None:
    source = table(tmp_path, "a,P1,4.4")
    for words, said in (
        (("--ecg-time", "t"), "give --ecg-time and --test-time, or neither"),
        (("--patient", "id"), "found no id in"),
        (("--delimiter", ";;"), "is not one character"),
    ):
        told = splkit("pairs", "csv", str(source), "--out", str(tmp_path / "p.csv"), *words)
        assert told.returncode == 2 and said in told.stderr, told.stderr
    assert not (tmp_path / "p.csv").exists()


def test_ecgs_are_read_where_that_is_asked_for(tmp_path: Path) -> None:
    write_record(tmp_path / "good", seed=1)
    write_record(tmp_path / "short", seed=1, duration_s=4.0)
    (tmp_path / "damaged.hea").write_text("nonsense")
    for name, lead in (("other", "V1"), ("flat", "V5")):
        signal = np.zeros((5000, 1)) if name == "flat" else np.random.default_rng(1).normal(size=(5000, 1))
        wfdb.wrsamp(name, 500, ["mV"], [lead], signal, fmt=["16"], write_dir=str(tmp_path))
    rows = [f"{name},P{name},4.4" for name in ("good", "short", "damaged", "other", "flat", "absent")]
    words = ("pairs", "csv", str(table(tmp_path, *rows)), "--out", str(tmp_path / "p.csv"), "--check")
    told = splkit(*words, "--channel", "V5", "--json")
    assert told.returncode == 0, told.stderr
    facts = json.loads(told.stdout)
    assert facts["left_out"] == {"ecg_without_lead": 1, "ecg_unreadable": 2, "ecg_without_mean": 1}
    assert "V1" in facts["first_left_out"]["ecg_without_lead"]
    assert facts["first_left_out"]["ecg_without_mean"] == "short"
    assert [row["record"] for row in csv.DictReader((tmp_path / "p.csv").open())] == ["good", "absent"]


def test_the_table_is_one_to_train_on(tmp_path: Path) -> None:
    rows = [f"ecgs/r{number},P{number},{4 + number / 10}" for number in range(12)]
    (tmp_path / "ecgs").mkdir()
    for number in range(12):
        write_record(tmp_path / "ecgs" / f"r{number}", seed=number, duration_s=4.0)
    source, made = table(tmp_path, *rows), tmp_path / "elsewhere" / "pairs.csv"
    assert splkit("pairs", "csv", str(source), "--out", str(made)).returncode == 0
    assert with_pairs(TrainConfig(), made).patients == 12
