"""Curved paper: the sheet is flat where the page's lines and strokes are bent."""

import cv2
import numpy as np
import pytest
from support.drawn_paper import Paper, draw, scaled

from splkit.ecg.paper.contracts import Bend, Hints, Page
from splkit.ecg.paper.sheet.grid import find_grid
from splkit.ecg.paper.sheet.ink import find_ink
from splkit.ecg.paper.sheet.rectify import reach_mm
from splkit.ecg.paper.sheet.warp import straighten

PX_PER_MM = 6.0


def bent(sag_mm: float) -> Page:
    """A page whose rows sag in the middle; on it level strokes, 90 pixels apart."""
    flat = draw(Paper(scaled(PX_PER_MM, PX_PER_MM, 0, (3, 5)), wiggle_mm=0), 800, 500, 3).rgb
    flat[50:500:90, 40:760] = flat[51:500:90, 40:760] = 0
    x, y = np.meshgrid(np.arange(800, dtype=np.float32), np.arange(500, dtype=np.float32))
    y -= np.float32(sag_mm * PX_PER_MM) * np.sin(np.pi * x / 800)
    rgb = cv2.remap(flat, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return Page(np.asarray(rgb, np.uint8), "bent")


def strokes_off_mm(page: Page) -> tuple[float, bool]:
    """How far a stroke lies from its own mean height on the sheet, at worst; and whether a bend was found."""
    ink = find_ink(page)
    grid = find_grid(page, ink, Hints())
    sheet = straighten(page, ink, grid).coverage
    middle = np.linalg.inv(straighten(page, ink, grid).page_from_sheet) @ np.array([400, 50 + 2 * 90 + 6, 1])
    top = round(middle[1] / middle[2]) - 14
    part = sheet[top : top + 28, 80:720]
    height = (part * np.arange(28)[:, None]).sum(axis=0) / part.sum(axis=0)
    return float(np.abs(height - np.median(height)).max() / PX_PER_MM), grid.bend is not None


def test_a_sag_of_1_mm_is_taken_out() -> None:
    off_mm, was_bent = strokes_off_mm(bent(1.0))
    assert was_bent
    assert off_mm < 0.1


def test_flat_paper_has_no_bend() -> None:
    off_mm, was_bent = strokes_off_mm(bent(0.0))
    assert not was_bent
    assert off_mm < 0.02


def test_the_sheet_holds_all_of_the_paper() -> None:
    """A page's edge that lies 4 mm beyond the homography's: its label "II" was cut to "I" on a photo."""
    bend = Bend(np.zeros((2, 15)), np.array([50.0, 40.0]), np.array([50.0, 40.0]))
    bend.coefficients[0, 0] = -4.0
    low, high = reach_mm(bend, np.diag([6.0, 6.0, 1.0]), 601, 481)
    assert low == pytest.approx([-4.0, 0.0])
    assert high == pytest.approx([96.0, 80.0])
    low, high = reach_mm(None, np.diag([6.0, 6.0, 1.0]), 601, 481)
    assert (*low, *high) == pytest.approx((0, 0, 100, 80))
