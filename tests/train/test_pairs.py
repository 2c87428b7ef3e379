"""Real ECGs with blood tests: what a table of them becomes, and what is refused."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from support.pairs import FS_HZ, HEADINGS, PATIENTS, write_pairs, write_record

from splkit.ecg.recordings.readers import read_recording
from splkit.ecg.recordings.recording import Recording
from splkit.ecg.simulator.record import simulate_record
from splkit.errors import ModelError, RecordingError, UsageError
from splkit.train.cohort import FOLDS, SPLITS
from splkit.train.config import TrainConfig
from splkit.train.cycle_set import CycleSet
from splkit.train.dataset import build
from splkit.train.measured import board_means
from splkit.train.pairs import with_pairs
from splkit.train.sources.mimic import pair_mimic
from splkit.train.sources.pairing import pairs_table

CONFIG = TrainConfig()


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_pairs(tmp_path_factory.mktemp("pairs"))


@pytest.fixture(scope="module")
def config(table: Path) -> TrainConfig:
    return with_pairs(CONFIG, table)


@pytest.fixture(scope="module")
def cycles(config: TrainConfig) -> CycleSet:
    return build(config)


def test_every_cycle_has_the_potassium_of_its_row(config: TrainConfig, cycles: CycleSet) -> None:
    assert config.patients == PATIENTS and config.data == "measured" and CONFIG.data == "simulated"
    assert cycles.records == 2 * PATIENTS and len(np.unique(cycles.record)) > PATIENTS
    rows = 3.5 + (cycles.record // 2) / 4 + 0.5 * (cycles.record % 2)
    np.testing.assert_array_equal(cycles.potassium_meq_l, rows)
    np.testing.assert_allclose(cycles.inputs[:, 90], 1.0, atol=0.05)


def test_a_patient_is_in_one_split_and_the_folds_test_everyone(table: Path) -> None:
    tested: list[str] = []
    for fold in range(FOLDS):
        config = with_pairs(CONFIG.model_copy(update={"fold": fold}), table)
        cycles = build(config)
        of_patient = [set(cycles.patient[cycles.record // 2 == one].tolist()) for one in range(PATIENTS)]
        assert all(len(numbers) == 1 for numbers in of_patient)
        seen = [set(cycles.split(name, PATIENTS, fold).record // 2) for name in SPLITS]
        assert sum(map(len, seen)) == PATIENTS and set().union(*seen) == set(range(PATIENTS))
        tested += seen[2]
    assert sorted(tested) == list(range(PATIENTS))


def test_potassium_that_is_all_alike_is_refused_before_the_work(table: Path, tmp_path: Path) -> None:
    rows = [f"{table.parent / f'r{n}'},P{n},{4.5 + n % 2 / 20}," for n in range(PATIENTS)]
    alike = tmp_path / "alike.csv"
    alike.write_text("\n".join([HEADINGS.removesuffix(",remark"), *rows]))
    with pytest.raises(UsageError, match=r"varies by 0\.1 mEq/L or more; found 4\.5 to 4\.55 mEq/L in the"):
        with_pairs(CONFIG, alike)


def test_the_seed_decides_who_is_tested(config: TrainConfig, cycles: CycleSet) -> None:
    np.testing.assert_array_equal(cycles.averaged, build(config).averaged)
    other = build(config.model_copy(update={"seed": 2}))
    assert sorted(other.record) == sorted(cycles.record)
    assert set(other.split("test", PATIENTS, 0).record) != set(cycles.split("test", PATIENTS, 0).record)


def test_a_row_names_its_lead_and_the_run_that_of_the_others(table: Path, tmp_path: Path) -> None:
    rows = [f"{table.parent / f'r{n}'},P{n},{4 + n / 10},{'V5' if n else ''}" for n in range(PATIENTS)]
    (tmp_path / "pairs.csv").write_text("\n".join([HEADINGS.removesuffix(",remark"), *rows]))
    for channel, lead in (("II", "II"), (None, "V5")):
        cycles = build(with_pairs(CONFIG, tmp_path / "pairs.csv", channel))
        for number, read in ((0, lead), (1, "V5")):
            expected = board_means(read_recording(table.parent / f"r{number}", read), CONFIG)[8][:1]
            np.testing.assert_array_equal(cycles.averaged[cycles.record == number], expected)
    with pytest.raises(RecordingError, match="'V9'"):
        build(with_pairs(CONFIG, tmp_path / "pairs.csv", "V9"))


def test_a_lead_that_is_not_there_is_told_by_workers_too(table: Path, tmp_path: Path) -> None:
    for number in range(40):
        for end in (".hea", ".dat"):
            copy = (table.parent / f"r0{end}").read_bytes().replace(b"r0", f"c{number}".encode())
            (tmp_path / f"c{number}{end}").write_bytes(copy)
    rows = [f"c{n},P{n},{4 + n / 40},V9" for n in range(40)]
    (tmp_path / "pairs.csv").write_text("\n".join([HEADINGS.removesuffix(",remark"), *rows]))
    told = r"'V9', and V5, II in .* \(and 39 other ECGs that cannot be used\); choose one of those"
    with pytest.raises(RecordingError, match=told):
        build(with_pairs(CONFIG, tmp_path / "pairs.csv"), workers=2)


def test_cycles_are_those_of_the_board_at_another_rate() -> None:
    at_300, at_500 = (
        board_means(simulate_record(4.5, fs_hz=fs_hz, seed=3, duration_s=60).recording, CONFIG)[8]
        for fs_hz in (300, 500)
    )
    assert len(at_300) == len(at_500) >= 3
    template = at_300.mean(axis=0)
    assert np.corrcoef(template, at_500.mean(axis=0))[0, 1] > 0.995


def test_no_cycle_reaches_beyond_the_end_or_into_a_gap() -> None:
    whole = simulate_record(4.5, fs_hz=300, seed=3, duration_s=60).recording
    means = board_means(whole, CONFIG)[8]
    for end in range(5000, 5300, 20):
        cut = Recording(whole.signal_mv[:end], 300.0, "V5", "cut")
        some = board_means(cut, CONFIG)[8]
        assert len(some) >= 1
        np.testing.assert_allclose(some, means[: len(some)], atol=60)
    with_gap = whole.signal_mv.copy()
    with_gap[9000:9100] = np.nan
    halves = [
        Recording(part, 300.0, "V5", "half") for part in (whole.signal_mv[:9000], whole.signal_mv[9100:])
    ]
    apart = [board_means(half, CONFIG)[8] for half in halves]
    np.testing.assert_array_equal(
        board_means(Recording.with_gaps(with_gap, 300.0, "V5", "gap"), CONFIG)[8], np.concatenate(apart)
    )


def test_ten_seconds_are_enough_for_one_mean() -> None:
    made = simulate_record(4.5, fs_hz=FS_HZ, seed=2, duration_s=10).recording
    assert len(board_means(made, CONFIG)[8]) == 1
    short = Recording(made.signal_mv[:900], 500.0, "V5", "too short")
    assert board_means(short, CONFIG)[8].shape == (0, 270)


BROKEN: dict[str, tuple[Callable[[str], str], str]] = {
    "no such column": (lambda text: text.replace("potassium_meq_l", "other"), "no column potassium_meq_l"),
    "an empty file": (lambda _: "", "no column record"),
    "no patient": (lambda text: text.replace("P3,", ",", 1), "no patient in row 7 of"),
    "no number": (lambda text: text.replace("P3,4.25", "P3,n/a"), "potassium 'n/a' in row 7 of"),
    "no unit of potassium": (lambda text: text.replace("P3,4.25", "P3,165"), "165 in row 7 of"),
    "not a number": (lambda text: text.replace("P3,4.25", "P3,nan"), "nan in row 7 of"),
    "an ECG of two patients": (lambda text: f"{text}r3,P9,5.0,V4,", r"r3 in rows 7 and 25 of"),
    "an ECG with two values": (lambda text: f"{text}r3,P3,5.0,II,", r"r3 in rows 8 and 25 of"),
    "few patients": (lambda text: "\n".join(text.splitlines()[:5]), "found 2 in"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_table_that_cannot_be_used(table: Path, case: str) -> None:
    spoil, found = BROKEN[case]
    spoiled = table.with_name("spoiled.csv")
    spoiled.write_text(spoil(table.read_text()))
    with pytest.raises(UsageError, match=found):
        with_pairs(CONFIG, spoiled)


def test_files_that_are_no_tables_or_not_there(table: Path, tmp_path: Path) -> None:
    (tmp_path / "binary.csv").write_bytes(b"record,\xff\xfe\x00")
    for name in ("binary.csv", "nowhere.csv"):
        with pytest.raises(UsageError, match=name):
            with_pairs(CONFIG, tmp_path / name)
    lost = tmp_path / "lost.csv"
    lost.write_text(table.read_text())
    with pytest.raises(UsageError, match=r"no .*r0, row 1 of lost\.csv and 23 others"):
        with_pairs(CONFIG, lost)


def test_a_table_that_has_changed_is_another_run(table: Path) -> None:
    copy = table.with_name("copy.csv")
    copy.write_text(table.read_text())
    config = with_pairs(CONFIG, copy)
    copy.write_text(table.read_text().replace("4.25", "4.3", 1))
    with pytest.raises(UsageError, match="other bytes"):
        build(config)


def test_patients_without_a_cycle_leave_a_split_empty(tmp_path: Path) -> None:
    for number in range(PATIENTS):
        write_record(tmp_path / f"short{number}", seed=number, duration_s=4.0)
    rows = [f"short{number},P{number},{4 + number / 10},V5," for number in range(PATIENTS)]
    (tmp_path / "pairs.csv").write_text("\n".join([HEADINGS, *rows]))
    with pytest.raises(ModelError, match="none in train from 12 patients"):
        build(with_pairs(CONFIG, tmp_path / "pairs.csv"))


def test_a_table_out_of_mimic_is_one_to_train_on(tmp_path: Path) -> None:
    ecg, labs, table = tmp_path / "ecg", tmp_path / "labevents.csv", tmp_path / "elsewhere" / "pairs.csv"
    (ecg / "files").mkdir(parents=True)
    table.parent.mkdir()
    ecgs = ["subject_id,ecg_time,path"]
    tests = ["subject_id,itemid,charttime,value,valuenum,valueuom,comments"]
    for number in range(PATIENTS):
        write_record(ecg / "files" / f"s{number}", seed=number)
        ecgs.append(f"{100 + number},2150-01-01 08:00:00,files/s{number}")
        potassium = 3.5 + number / 4
        tests.append(f"{100 + number},50971,2150-01-01 08:20:00,{potassium},{potassium},mEq/L,")
    (ecg / "record_list.csv").write_text("\n".join(ecgs))
    labs.write_text("\n".join(tests))
    table.write_bytes(pairs_table(table, pair_mimic(ecg, labs)))
    cycles = build(with_pairs(CONFIG, table, "V5"))
    assert cycles.records == PATIENTS
    np.testing.assert_array_equal(cycles.potassium_meq_l, 3.5 + cycles.record / 4)
