"""A grid that lies off is moved to the lines or refused, whatever made it so."""

from dataclasses import replace

import numpy as np
import pytest
from support.drawn_paper import Floats, Paper, draw, scaled

from splkit.ecg.paper.contracts import Grid, Hints
from splkit.ecg.paper.sheet.check import Off, share_on_lines, why_off
from splkit.ecg.paper.sheet.finer import by_finest_wave
from splkit.ecg.paper.sheet.flatten import Flat
from splkit.ecg.paper.sheet.grid import find_grid
from splkit.ecg.paper.sheet.homography import apply
from splkit.ecg.paper.sheet.ink import find_colours, find_ink
from splkit.ecg.paper.sheet.rectify import Rectified

pytest.importorskip("cv2", reason="OpenCV, of the extra [digitize], is not installed")

TRUE = scaled(6.0, 6.0, 2.0, (11.3, 17.7))
WIDE, HIGH = 600, 450
FIFTH_ASIDE = np.array([[1, 0.2, 0], [-0.2, 1, 0], [0, 0, 1]])


@pytest.fixture(scope="module")
def plane() -> np.ndarray:
    return find_ink(draw(Paper(TRUE), WIDE, HIGH, 2)).grid


def grid_at(page_from_mm: Floats) -> Grid:
    return Grid(page_from_mm, 6.0, 6.0, 0.0)


def off_mm(grid: Grid) -> float:
    """Largest distance from the truth after one shift, by the formula that drew the page."""
    at = np.array([[x, y] for x in np.linspace(0, WIDE, 7) for y in np.linspace(0, HIGH, 7)])
    error = apply(np.linalg.inv(grid.page_from_mm), at) - apply(np.linalg.inv(TRUE), at)
    return float(np.abs(error - np.median(error, axis=0)).max())


@pytest.mark.parametrize("scale", [(1.004, 1.0), (1.0, 0.996)])
def test_a_scale_that_is_a_little_off_is_mended(plane: np.ndarray, scale: tuple[float, float]) -> None:
    wrong = grid_at(TRUE @ np.diag([*scale, 1.0]))
    assert off_mm(wrong) > 0.15
    mended, off = by_finest_wave(plane, wrong)
    assert off_mm(mended) < 0.02
    assert off is not None and why_off(off) == ""


def test_a_lattice_that_was_taken_aslant_is_set_upright(plane: np.ndarray) -> None:
    wrong = grid_at(TRUE @ np.linalg.inv(FIFTH_ASIDE))
    assert off_mm(wrong) > 5
    mended, _ = by_finest_wave(plane, wrong)
    assert off_mm(mended) < 0.02
    assert mended.px_per_mm_x == pytest.approx(6.0, rel=1e-3)


def test_a_scale_that_is_far_off_is_told(plane: np.ndarray) -> None:
    _, off = by_finest_wave(plane, grid_at(TRUE @ np.diag([1.0, 1.3, 1.0])))
    assert off is not None
    assert "level lines" in why_off(off)


@pytest.mark.parametrize(
    ("upright", "level", "told"),
    [
        (Off(0.02, 0.01, 0.9), Off(0.02, 0.01, 0.9), ""),
        (Off(0.4, 0.1, 0.9), Off(0.02, 0.01, 0.9), "upright lines 0.4 mm"),
        (Off(0.02, 0.01, 0.9), Off(0.02, 0.01, 0.2), "level lines in their places on 20%"),
        (Off(0.02, 0.01, 0.9), Off(0.02, 0.01, 0.4), "level lines in their places on 40%"),
        (Off(np.nan, np.nan, 0.0), Off(np.nan, np.nan, 0.0), "upright lines in their places on 0%"),
    ],
)
def test_what_is_wrong_is_said(upright: Off, level: Off, told: str) -> None:
    assert why_off((upright, level)).startswith(told)
    assert bool(why_off((upright, level))) == bool(told)


def test_a_fax_of_half_as_many_lines_down() -> None:
    page_from_mm = scaled(8.04, 3.85, 0.3, (9, 5))
    page = draw(replace(Paper(page_from_mm), fine=None), 800, 350, 3)
    grid = find_grid(page, find_ink(page), Hints())
    assert grid.px_per_mm_x == pytest.approx(8.04, rel=2e-3)
    assert grid.px_per_mm_y == pytest.approx(3.85, rel=2e-3)


def test_light_words_on_a_dark_window_are_no_ink() -> None:
    rgb, paper = np.full((200, 200, 3), 250, np.uint8), np.full((200, 200, 3), 255, np.uint8)
    paper[:20], rgb[:20] = 50, 45
    rgb[5:7] = 255  # five times as light as the paper about it: darkness -4.1
    rgb[100:104] = 20
    colours = find_colours(Flat(rgb, paper), "screenshot")
    assert colours.ink == pytest.approx(1 - 20 / 255, abs=0.01)


@pytest.mark.parametrize(("apart_px", "least", "most"), [(40, 0.99, 1.0), (29, 0.0, 0.7)])
def test_lines_beside_their_places_are_counted(apart_px: int, least: float, most: float) -> None:
    plane = np.zeros((400, 600), np.float32)
    plane[::apart_px] = 1
    plane[:, ::40] = 1
    sheet = Rectified(plane, np.ones(plane.shape, bool), 8.0, np.zeros(2))
    assert least <= share_on_lines(sheet) <= most
