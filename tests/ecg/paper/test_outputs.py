"""Tables, records and the overlay of a page that was made by hand."""

from dataclasses import replace

import numpy as np
import pytest

from splkit.ecg.paper.contracts import Bend, Digitized, Grid, Layout, Page, Panel, Quality, Segment, Stroke
from splkit.ecg.paper.outputs.csv_table import csv_table
from splkit.ecg.paper.outputs.overlay import HIDDEN, SEEN, on_page, overlay
from splkit.ecg.paper.outputs.wfdb import wfdb_record
from splkit.ecg.recordings.readers import read_recording
from splkit.errors import RecordingError

FINE = Quality(coverage=1.0, residual=0.0, hidden_ms=0.0, confidence=1.0)


def segment(lead: str, start_s: float, signal_mv: list[float], is_rhythm: bool = False) -> Segment:
    return Segment(lead, is_rhythm, start_s, np.array(signal_mv), FINE)


def page(segments: tuple[Segment, ...], strokes: tuple[Stroke, ...] = ()) -> Digitized:
    paper = Page(np.full((100, 200, 3), 255, np.uint8), "page.png")
    eye = np.eye(3)
    return Digitized(paper, Grid(eye, 4, 4, 0.0), Layout("6x2", ()), strokes, eye, segments)


def test_the_table_has_each_lead_at_its_time_and_nothing_elsewhere():
    segments = (
        segment("V1", 0.004, [1.0, float("nan"), -0.25]),
        segment("I", 0.0, [0.5, 0.25]),
        segment("II", 0.0, [0.1] * 5, is_rhythm=True),
    )
    lines = csv_table(segments).decode().splitlines()
    assert lines[:2] == [
        "# fs=500",
        "time,I,II,III,aVR,aVL,aVF,V1,V2,V3,V4,V5,V6,II_rhythm",
    ]
    assert lines[2] == "0.000,0.5000,,,,,,,,,,,,0.1000"
    assert lines[4] == "0.004,,,,,,,1.0000,,,,,,0.1000"
    assert lines[5] == "0.006,,,,,,,,,,,,,0.1000"
    assert lines[6] == "0.008,,,,,,,-0.2500,,,,,,0.1000"
    assert len(lines) == 7


def test_leads_of_other_layouts_and_further_strips_have_columns():
    segments = tuple(segment("V4R", 0, [0.5]) for _ in range(1)) + tuple(
        segment(lead, 0, [0.5], is_rhythm=True) for lead in ("V1", "II", "II")
    )
    header = csv_table(segments).decode().splitlines()[1]
    assert header.endswith("V6,V4R,V1_rhythm,II_rhythm,II_rhythm2")


@pytest.mark.parametrize(
    ("segments", "said"),
    [
        ((segment("I", 0, [1.0, 2.0]), segment("I", 0.002, [1.0])), "two segments of I at 0.00 s"),
        ((segment("I", -0.1, [1.0]),), "0 to 120 s"),
        ((segment("I", 1e9, [1.0]),), "0 to 120 s"),
    ],
)
def test_what_no_page_shows_is_refused(segments, said):
    with pytest.raises(RecordingError, match=said):
        csv_table(segments)


def test_the_record_is_read_back_with_its_gaps(tmp_path):
    signal = np.sin(np.arange(1500) / 40) * 1.5
    signal[700:720] = np.nan
    segments = (segment("V5", 2.0, list(signal)), segment("I", 0.0, list(signal[:500])))
    header, samples = wfdb_record("page", page(segments), ("gain 10 mm/mV assumed\nsecond line", "25 mm/s"))
    (tmp_path / "page.hea").write_bytes(header)
    (tmp_path / "page.dat").write_bytes(samples)
    lines = header.decode().splitlines()
    assert lines[0] == "page 2 500 2500"
    assert lines[-2:] == ["# gain 10 mm/mV assumed second line", "# 25 mm/s"]
    recording = read_recording(tmp_path / "page", "V5")
    assert recording.fs_hz == 500
    assert recording.gaps == ((0, 999), (1700, 1719))
    shown = np.isfinite(signal)
    assert np.abs(recording.signal_mv[1000:][shown] - signal[shown]).max() <= 0.0005


def test_the_record_agrees_with_the_package_wfdb(tmp_path):
    wfdb = pytest.importorskip("wfdb", reason="the package wfdb is not installed")
    signal = np.linspace(-2, 2, 900)
    signal[5] = np.nan
    header, samples = wfdb_record("page", page((segment("aVR", 0, list(signal)),)), ("a note",))
    (tmp_path / "page.hea").write_bytes(header)
    (tmp_path / "page.dat").write_bytes(samples)
    record = wfdb.rdrecord(str(tmp_path / "page"))
    assert (record.sig_name, record.units, record.comments) == (["aVR"], ["mV"], ["a note"])
    assert np.isnan(record.p_signal[5, 0])
    assert np.nanmax(np.abs(record.p_signal[:, 0] - signal)) <= 0.0005
    counts = np.where(np.isnan(signal), -32768, np.rint(signal * 1000)).astype(int)
    assert record.checksum[0] == counts.sum() % 65536 or record.checksum[0] + 65536 == counts.sum() % 65536


def test_the_overlay_lies_where_the_traces_are():
    cv2 = pytest.importorskip("cv2", reason="OpenCV, of the extra [digitize], is not installed")
    panel = Panel("I", False, 20, 180, 50, 0.0, 25, 10)
    x = np.arange(20, 180, 0.5)
    seen = x < 100
    stroke = Stroke(panel, x, np.full_like(x, 30.0), seen, 0.0)
    shifted = replace(page((), (stroke,)), page_from_sheet=np.array([[1, 0, 4], [0, 1, 7], [0, 0, 1.0]]))
    picture = cv2.imdecode(np.frombuffer(overlay(shifted), np.uint8), cv2.IMREAD_COLOR)[:, :, ::-1]
    assert picture.shape == (100, 200, 3)
    for column, color in ((60, SEEN), (150, HIDDEN)):
        distance = np.abs(picture[:, column].astype(int) - color).sum(axis=1)
        assert distance.argmin() == 37 and distance[37] < 120
    assert tuple(picture[30, 60]) == (255, 255, 255)


def test_the_overlay_follows_bent_paper():
    """Paper whose level lines lie 0.5 mm lower on the right edge, at 10 px/mm, and not at all on the left."""
    coefficients = np.zeros((2, 15))
    powers = [(i, j) for i in range(5) for j in range(5 - i)]
    coefficients[1, powers.index((0, 0))] = coefficients[1, powers.index((1, 0))] = -0.25
    bend = Bend(coefficients, np.array([10.0, 5.0]), np.array([10.0, 5.0]))
    grid = Grid(np.diag([10.0, 10.0, 1.0]), 10.0, 10.0, 0.0, bend)
    at = on_page(np.array([0.0, 100.0, 200.0]), np.full(3, 30.0), replace(page((), ()), grid=grid))
    assert at[:, 0] == pytest.approx([0, 100, 200])
    assert at[:, 1] == pytest.approx([30, 32.5, 35])
