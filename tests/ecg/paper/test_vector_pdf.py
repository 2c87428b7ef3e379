"""A PDF of lines, written by matplotlib: the samples of its traces come back, not those of their picture."""

from pathlib import Path

import numpy as np
import pytest
from scipy.interpolate import CubicSpline
from support.vector_page import write_vector_page

from splkit.ecg.paper.contracts import SEGMENT_FS_HZ, Layout, Page, Panel, Segment, Sheet, Stroke
from splkit.ecg.paper.digitize import digitize
from splkit.ecg.paper.pages import pdf, pdf_lines
from splkit.ecg.paper.pages.image import load_page
from splkit.ecg.paper.render.records import simulated_leads
from splkit.ecg.paper.trace.exact import as_drawn
from splkit.ecg.paper.trace.segments import to_segments

for package in ("cv2", "matplotlib", "pypdfium2"):
    pytest.importorskip(package, reason=f"{package}, of the extras [digitize] and [train], is not installed")

LEADS = simulated_leads(5.5, seed=3, fs_hz=SEGMENT_FS_HZ).signals_mv


@pytest.fixture(scope="module", params=[False, True], ids=["by lead", "by row"])
def page(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Page:
    path = tmp_path_factory.mktemp("vector") / "ecg.pdf"
    write_vector_page(path, LEADS, SEGMENT_FS_HZ, by_row=request.param)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pdf, "VECTOR_PX_PER_MM", 8.0)  # its picture is read in a third of the time
        return load_page(path)


def errors(segment: Segment) -> tuple[float, float]:
    """How far the trace lies from the time that the segment states, ms, and rms of what is left, mV.

    Its level is free. Decibels of the difference would hang on how steep the patient's QRS is. The two
    samples at either end may be those of the neighbour.
    """
    known = np.isfinite(segment.signal_mv)
    assert known.mean() > 0.99
    whole_s = np.arange(len(LEADS[segment.lead])) / SEGMENT_FS_HZ
    true_mv = CubicSpline(whole_s, LEADS[segment.lead])
    time_s = (segment.start_s + whole_s[: len(known)])[known][2:-2]
    found_mv, late_s = segment.signal_mv[known][2:-2], 0.0
    for _ in range(3):
        slope, error = true_mv(time_s - late_s, 1), true_mv(time_s - late_s) - found_mv
        slope, error = slope - slope.mean(), error - error.mean()
        late_s += float(slope @ error / (slope @ slope))
    return 1e3 * late_s, float(np.std(true_mv(time_s - late_s) - found_mv))


def test_the_samples_come_back(page: Page) -> None:
    """By row, where a lead begins is only known from the picture: to 3 ms, half a pixel."""
    read = digitize(page)
    assert len(read.segments) == 13
    assert read.notes == ("13 of 13 traces are lines that the PDF draws itself",)
    assert all(each.quality.coverage == 1.0 for each in read.segments)
    late_ms, left_mv = np.array([errors(each) for each in read.segments]).T
    is_by_row = len(page.lines) < 13
    assert np.abs(late_ms).max() < (3.0 if is_by_row else 0.5)
    assert left_mv.max() < 0.005 and np.median(left_mv) < 0.002


@pytest.mark.parametrize(("down_mm", "is_taken"), [(0.1, True), (1.0, False)])
def test_only_a_line_on_the_trace_is_taken(down_mm: float, is_taken: bool) -> None:
    sheet = Sheet(np.zeros((100, 600), np.float32), 8.0, 8.0, np.eye(3))
    panel = Panel("I", False, 50.0, 550.0, 50.0, 0.0, 25.0, 10.0)
    x = np.arange(100, 1101) / 2
    stroke = Stroke(panel, x, 50 + 5 * np.sin(x / 9), np.ones(len(x), dtype=bool), 0.1)
    segments = to_segments(sheet, Layout("1x1", (panel,)), (stroke,))
    line = np.column_stack([x, stroke.y + down_mm * 8.0])
    (drawn,), (segment,), notes = as_drawn(sheet, np.eye(3), (line,), (stroke,), segments)
    assert (drawn is not stroke) == (segment is not segments[0]) == bool(notes) == is_taken
    expected_mv = (50.0 - np.interp(50 + 0.4 * np.arange(1250), *line.T)) / 80
    assert np.allclose(segment.signal_mv, expected_mv, atol=1e-9) is is_taken
    assert as_drawn(sheet, np.eye(3), (line, line), (stroke,), segments)[2] == ()


def test_a_page_of_too_many_points_is_read_from_its_picture(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "ecg.pdf"
    write_vector_page(path, LEADS, SEGMENT_FS_HZ)
    monkeypatch.setattr(pdf, "VECTOR_PX_PER_MM", 3.0)
    assert len(load_page(path).lines) == 13
    monkeypatch.setattr(pdf_lines, "MAX_POINTS", 10_000)
    assert load_page(path).lines == ()
