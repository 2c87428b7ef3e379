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


def snr_db(segment: Segment, shift_ms: float = 0.0) -> float:
    """Level aside, at the time that the segment states or the best one within `shift_ms` of it."""
    whole_s = np.arange(len(LEADS[segment.lead])) / SEGMENT_FS_HZ
    true_mv = CubicSpline(whole_s, LEADS[segment.lead])
    known = np.isfinite(segment.signal_mv)
    assert known.mean() > 0.99
    time_s, found_mv = whole_s[: len(known)][known] + segment.start_s, segment.signal_mv[known]
    decibels = []
    for shift_s in np.arange(-shift_ms, shift_ms + 0.1, 0.25) / 1000:
        true = true_mv(time_s + shift_s)
        error = true - found_mv
        decibels.append(10 * np.log10(np.sum(true**2) / np.sum((error - error.mean()) ** 2)))
    return float(max(decibels))


def test_the_samples_come_back(page: Page) -> None:
    """By row, where a lead begins is only known from the picture: to 3 ms, half a pixel."""
    read = digitize(page)
    assert len(read.segments) == 13
    assert read.notes == ("13 of 13 traces are lines that the PDF draws itself",)
    assert all(each.quality.coverage == 1.0 for each in read.segments)
    is_by_row = len(page.lines) < 13
    decibels = [snr_db(each, shift_ms=3.0 if is_by_row else 0.0) for each in read.segments]
    assert np.median(decibels) > (38 if is_by_row else 45)
    assert min(decibels) > (24 if is_by_row else 30)


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
