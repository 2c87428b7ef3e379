"""How thick strokes are, whatever their slope, and which of two scales has pens as thick."""

from itertools import pairwise

import numpy as np
import pytest

from splkit.ecg.paper import digitize as digitizing
from splkit.ecg.paper.contracts import Hints, Ink, Page, Plane
from splkit.ecg.paper.sheet.scale import AmbiguousScaleError
from splkit.ecg.paper.sheet.thickness import fits_pen, stroke_px


def drawn(points: list[tuple[float, float]], thick: float) -> Plane:
    """Coverage of a pen of that width along a polyline."""
    y, x = np.mgrid[:240, :640].astype(float)
    nearest = np.full(x.shape, np.inf)
    for (x0, y0), (x1, y1) in pairwise(points):
        along = np.clip(
            ((x - x0) * (x1 - x0) + (y - y0) * (y1 - y0)) / ((x1 - x0) ** 2 + (y1 - y0) ** 2), 0, 1
        )
        nearest = np.minimum(nearest, np.hypot(x - x0 - along * (x1 - x0), y - y0 - along * (y1 - y0)))
    return np.clip(thick / 2 + 0.5 - nearest, 0, 1).astype(np.float32)


@pytest.mark.parametrize("slope", [0.0, 0.3, 1.0, 3.0])
@pytest.mark.parametrize("thick", [1.5, 3.0, 5.0])
def test_a_stroke_is_as_thick_at_any_slope(slope: float, thick: float) -> None:
    far = 600.0 if slope < 0.4 else 200 / slope
    found = stroke_px(drawn([(20, 20), (20 + far, 20 + slope * far)], thick))
    assert found == pytest.approx(thick, rel=0.1)


def test_hum_is_no_thicker_than_its_pen() -> None:
    x = np.arange(20, 620, 2.0)
    hum = drawn(list(zip(x, 120 + 12 * np.sin(x / 2.5), strict=True)), 2.5)
    assert np.percentile(hum[:, 40:600].sum(axis=0), 25) > 2 * 2.5
    assert stroke_px(hum) == pytest.approx(2.5, rel=0.2)


def test_paper_without_strokes_has_no_thickness() -> None:
    assert stroke_px(np.zeros((50, 50), np.float32)) is None
    assert not fits_pen(np.zeros((50, 50), np.float32), 8.0)


@pytest.mark.parametrize(("thick", "px_per_mm"), [(1.5, 4.2), (6.0, 21.0)])
def test_a_pen_tells_scales_that_differ_five_times(thick: float, px_per_mm: float) -> None:
    page = drawn([(20, 120), (300, 120), (310, 30), (320, 200), (330, 120), (620, 120)], thick)
    assert [fits_pen(page, each) for each in (4.2, 21.0)] == [px_per_mm == 4.2, px_per_mm == 21.0]


@pytest.mark.parametrize(("thick", "px_per_mm"), [(1.5, 4.2), (6.0, 21.0)])
def test_the_pen_settles_a_scale_that_lines_and_rows_leave_open(
    monkeypatch: pytest.MonkeyPatch, thick: float, px_per_mm: float
) -> None:
    def found(_page: Page, _ink: Ink, hints: Hints) -> float:
        if hints.px_per_mm is None:
            error = AmbiguousScaleError("the scale", found="two", next_step="state it")
            error.px_per_mm = (4.2, 21.0)
            raise error
        return hints.px_per_mm

    monkeypatch.setattr(digitizing, "find_grid", found)
    monkeypatch.setattr(digitizing, "grid_by_rows", lambda _: None)
    coverage = drawn([(20, 120), (300, 120), (310, 30), (320, 200), (330, 120), (620, 120)], thick)
    page = Page(np.zeros((*coverage.shape, 3), np.uint8), "a page")
    assert digitizing._grid(page, Ink(coverage, coverage), Hints()) == px_per_mm
    with pytest.raises(AmbiguousScaleError):
        digitizing._grid(page, Ink(np.zeros_like(coverage), coverage), Hints())
