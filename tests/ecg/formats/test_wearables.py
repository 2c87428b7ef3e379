"""Files of wearables, from texts that the tests lay out as the makers do."""

from pathlib import Path

import numpy as np
import pytest
from support.ecg_counts import counts
from support.read_made import assert_reads, assert_refused, read_made
from support.wearable_text import (
    APPLE_GERMAN,
    SAMSUNG_TABLE,
    apple_file,
    cinc_files,
    consensys_file,
    kardia_json,
    movesense_file,
    opensignals_file,
    polar_file,
)

from splkit.ecg.recordings.readers import read_recording

LIMBS = counts("I", "II", "aVF")
ECG = LIMBS["II"]
APPLE = ECG * 1.018


@pytest.mark.parametrize("name", ["ecg_2026-05-30.csv", "made"])
def test_apple_in_english(tmp_path: Path, name: str) -> None:
    recording = read_made(tmp_path, apple_file(APPLE, rate="511.422"), name=name)
    assert_reads(recording, APPLE * 1e-3, 511.422, "Lead I")


def test_apple_in_german_with_decimal_commas(tmp_path: Path) -> None:
    made = apple_file(APPLE, rate="511.562", head=APPLE_GERMAN, mark=",")
    assert_reads(read_made(tmp_path, made), APPLE * 1e-3, 511.562, "Ableitung I")


def test_apple_in_another_unit(tmp_path: Path) -> None:
    assert_reads(read_made(tmp_path, apple_file(ECG / 200, unit="mV")), ECG / 200, 512.0, "Lead I")


def test_apple_without_a_rate_or_with_other_rows_is_refused(tmp_path: Path) -> None:
    made = apple_file(APPLE)
    assert_refused(tmp_path, made.replace("512 hertz", "512"), "the rate, in hertz.*found 0 of the rate")
    assert_refused(tmp_path, made + "poor\n", "numbers with one decimal mark; found 'poor'")
    assert_refused(tmp_path, made + "12,5\n", "numbers with one decimal mark; found points and commas")
    assert_refused(tmp_path, made + "1.234,5\n", "numbers with one decimal mark")


@pytest.mark.parametrize("lead", LIMBS)
def test_kardia_json_raw_and_not_enhanced(tmp_path: Path, lead: str) -> None:
    made = kardia_json(LIMBS, rate_hz=600, nv_per_count=250)
    assert_reads(read_made(tmp_path, made, lead), LIMBS[lead] * 0.25e-3, 600.0, lead)


def test_kardia_json_that_leaves_something_out_is_refused(tmp_path: Path) -> None:
    assert_refused(tmp_path, kardia_json(LIMBS, nv_per_count=None), "no usable data.raw.amplitudeResolution")
    assert_refused(tmp_path, kardia_json(LIMBS, rate_hz="fast"), "no usable data.raw.frequency")
    assert_refused(tmp_path, kardia_json(LIMBS).replace('"raw"', '"other"'), "no usable data.raw.samples")
    assert_refused(tmp_path, kardia_json(LIMBS).replace("[", '["x", ', 9), "samples are numbers")
    assert_refused(tmp_path, kardia_json(LIMBS)[:-40], "made")


COUNTS = {"ECG": 512 + ECG // 4, "EDA": 100 + LIMBS["I"] // 9}


@pytest.mark.parametrize(
    ("device", "bits", "supply_mv", "gain"),
    [("bitalino_rev", 10, 3300, 1100), ("biosignalsplux", 16, 3000, 1019)],
)
def test_opensignals_counts_become_millivolts(
    tmp_path: Path, device: str, bits: int, supply_mv: int, gain: int
) -> None:
    columns = {sensor: values << (bits - 10) for sensor, values in COUNTS.items()}
    recording = read_made(tmp_path, opensignals_file(columns, device=device, bits=bits))
    assert_reads(recording, (columns["ECG"] / 2**bits - 0.5) * supply_mv / gain, 1000.0, "ECG")


def test_opensignals_lost_samples_are_a_gap(tmp_path: Path) -> None:
    lines = opensignals_file(COUNTS).splitlines(keepends=True)
    recording = read_made(tmp_path, "".join([*lines[:103], *lines[108:]]))
    assert recording.gaps == ((100, 104),)
    kept = np.r_[0:100, 105:600]
    expected_mv = (COUNTS["ECG"] / 1024 - 0.5) * 3
    np.testing.assert_allclose(recording.signal_mv[kept], expected_mv[kept], rtol=0, atol=1e-9)


def test_opensignals_of_no_known_scale_is_refused(tmp_path: Path) -> None:
    assert_refused(tmp_path, opensignals_file(COUNTS, device="other"), "unit of an ECG is V, mV, uV or nV")
    assert_refused(tmp_path, opensignals_file({"EDA": COUNTS["EDA"]}), "called like an ECG")
    assert_refused(tmp_path, opensignals_file(COUNTS, convertedValues=1), "raw counts; found converted")
    assert_refused(tmp_path, opensignals_file(COUNTS, resolution=[4, 1]), "do not fit")
    assert_refused(tmp_path, opensignals_file(COUNTS, bits=10**9), "resolutions of")
    assert_refused(
        tmp_path, opensignals_file(COUNTS).replace("\n1\t", "\n2\t"), "more samples than there are"
    )
    assert_refused(
        tmp_path, opensignals_file(COUNTS).replace("\n1\t", "\nnan\t"), "more samples than there are"
    )
    assert_refused(tmp_path, opensignals_file(COUNTS).replace("# EndOfHeader", "#"), "one device, in JSON")
    assert_refused(tmp_path, opensignals_file(COUNTS).replace("\t1\t1\t", "\t1\t"), "4 of 5 columns")


@pytest.mark.parametrize("name", ["Polar_H10_9EE99320_20240326_173049_ECG.txt", "made"])
def test_polar_by_the_sensors_clock(tmp_path: Path, name: str) -> None:
    recording = read_made(tmp_path, polar_file(ECG, rate_hz=130.061), name=name)
    assert recording.fs_hz == pytest.approx(130.061, abs=1e-5)
    assert recording.channel == "ECG"
    np.testing.assert_allclose(recording.signal_mv, ECG * 1e-3, rtol=0, atol=1e-9)


def test_polar_lost_packets_are_a_gap(tmp_path: Path) -> None:
    recording = read_made(tmp_path, polar_file(ECG, lost=range(146, 219)))
    assert recording.gaps == ((146, 218),)
    assert recording.fs_hz == pytest.approx(130, abs=1e-5)
    np.testing.assert_allclose(recording.signal_mv[219:], ECG[219:] * 1e-3, rtol=0, atol=1e-9)


def test_polar_times_that_fall_are_refused(tmp_path: Path) -> None:
    lines = polar_file(ECG).splitlines(keepends=True)
    assert_refused(tmp_path, "".join([lines[0], *lines[300:], *lines[1:300]]), "times that run backwards")
    assert_refused(tmp_path, lines[0] + lines[1], "found one time in")
    assert_refused(tmp_path, "".join(lines) + "2026;x;0;1\n", "every row has the sensor's time")


SHIMMER = {"ECG_LL-RA": ECG * 0.0007, "ECG_Vx-RL": LIMBS["I"] * 0.0007 - 2.5}


@pytest.mark.parametrize("written", [True, False])
@pytest.mark.parametrize("rate_hz", [512.0, 1024.0])
def test_shimmer_with_times_of_whole_milliseconds(tmp_path: Path, written: bool, rate_hz: float) -> None:
    recording = read_made(tmp_path, consensys_file(SHIMMER, rate_hz=rate_hz, written=written), "II")
    assert recording.fs_hz == pytest.approx(rate_hz, rel=2e-3)  # 600 samples, times to 1 ms
    assert recording.channel == "ECG II"
    assert recording.gaps == ()
    np.testing.assert_allclose(recording.signal_mv, SHIMMER["ECG_LL-RA"], rtol=0, atol=1e-9)


def test_shimmer_gap_and_unit(tmp_path: Path) -> None:
    made = consensys_file({"ECG_LL-RA": SHIMMER["ECG_LL-RA"] * 1e3}, unit="uV", lost=range(200, 221))
    recording = read_made(tmp_path, made)
    ((first, last),) = recording.gaps
    assert first == 200
    assert last == pytest.approx(220, abs=1)  # times to 1 ms, steps of 2 ms
    np.testing.assert_allclose(recording.signal_mv[:200], SHIMMER["ECG_LL-RA"][:200], rtol=0, atol=1e-9)


def test_shimmer_that_is_no_ecg_is_refused(tmp_path: Path) -> None:
    made = consensys_file(SHIMMER)
    assert_refused(tmp_path, consensys_file(SHIMMER, unit="kOhms"), "unit of an ECG is V, mV, uV or nV")
    assert_refused(tmp_path, made.replace("_Timestamp_", "_Time_"), "0 columns of times")
    assert_refused(tmp_path, consensys_file(SHIMMER, written=False).replace("\nms\t", "\nticks\t"), "'ticks'")
    assert_refused(tmp_path, made + "2015/06/25 15:39:29.000\tx\ty\t\n", "every cell of a lead is a number")


@pytest.mark.parametrize(
    ("head", "channel"),
    [("# created 2026-09-15T19:20:59.226951Z\nelapsed,ecg (mV)", "ecg"), ("Timestamp,mV", "mV")],
)
def test_movesense_csv(tmp_path: Path, head: str, channel: str) -> None:
    made = movesense_file(ECG * 0.004, head)
    assert_reads(read_made(tmp_path, made, name="MovesenseECG.csv"), ECG * 0.004, 250.0, channel)


def test_samsungs_table_is_refused_with_the_way_that_there_is(tmp_path: Path) -> None:
    assert_refused(
        tmp_path, SAMSUNG_TABLE, "holds no samples.*digitize the PDF", "com.samsung.health.ecg.1.csv"
    )


@pytest.mark.parametrize("ending", ["", ".mat", ".hea"])
def test_cinc_mat_by_its_header(tmp_path: Path, ending: str) -> None:
    for name, data in cinc_files("A0001", LIMBS, counts_per_mv=500).items():
        (tmp_path / name).write_bytes(data)
    recording = read_recording(tmp_path / f"A0001{ending}", "aVF")
    assert_reads(recording, LIMBS["aVF"] / 500, 500.0, "aVF")


def test_cinc_mat_alone_is_refused(tmp_path: Path) -> None:
    made = cinc_files("A0001", LIMBS)["A0001.mat"]
    assert_refused(tmp_path, made, "has its .hea file beside it.*no A0001.hea beside", "A0001.mat")
