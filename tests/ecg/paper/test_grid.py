"""The millimetres of a page, where the drawing's own formula says where they lie."""

from dataclasses import replace
from itertools import cycle

import numpy as np
import pytest
from support.drawn_paper import BLACK, GREEN, GREY, RED, Floats, Paper, draw, scaled

from splkit.ecg.paper.contracts import Grid, Hints, Page
from splkit.ecg.paper.sheet.comb import find_waves
from splkit.ecg.paper.sheet.grid import find_grid
from splkit.ecg.paper.sheet.homography import apply
from splkit.ecg.paper.sheet.ink import find_ink
from splkit.ecg.paper.sheet.lines import MIN_STRENGTH, fit_lines
from splkit.errors import RecordingError

STYLES = {
    "red": {},
    "green": {"fine": (170, 215, 170), "coarse": GREEN},
    "grey": {"fine": (215, 215, 215), "coarse": GREY},
    "black": {"fine": (120, 120, 120), "coarse": BLACK},
    "5 mm only": {"fine": None},
    "faint": {"fine": None, "coarse": (255, 225, 225)},
    "blue trace": {"ink": (30, 30, 160)},
    "blue trace on grey": {"fine": (215, 215, 215), "coarse": GREY, "ink": (30, 30, 160)},
}
ON_PAGE = {
    "7.75 by 7.44 px/mm": (7.75, 7.44, 0.0),
    "5 degrees": (6.0, 6.0, 5.0),
    "-9.5 degrees": (8.0, 8.0, -9.5),
    "small": (3.5, 3.5, 2.0),
}


def find(page: Page, hints: Hints | None = None) -> Grid:
    return find_grid(page, find_ink(page), hints or Hints())


def worst_px(grid: Grid, page_from_mm: Floats, page: Page) -> float:
    """How far a crossing of 5 mm lines lies from its place, at worst over the page."""
    height, width = page.rgb.shape[:2]
    corner = np.array([[x, y] for x in np.linspace(0, width, 7) for y in np.linspace(0, height, 7)])
    true_mm, found_mm = (apply(np.linalg.inv(m), corner) for m in (page_from_mm, grid.page_from_mm))
    found_mm = found_mm - 5 * np.round(np.median(found_mm - true_mm, axis=0) / 5)
    return float(np.abs(apply(grid.page_from_mm, found_mm) - apply(grid.page_from_mm, true_mm)).max())


@pytest.mark.parametrize(
    ("style", "place"), [*zip(STYLES, cycle(ON_PAGE)), ("grey", "5 degrees"), ("grey", "small")]
)
def test_lines_of_every_colour_are_found_where_they_are(style: str, place: str) -> None:
    x, y, turn_deg = ON_PAGE[place]
    paper = replace(Paper(scaled(x, y, turn_deg, (11.3, 17.7))), **STYLES[style])  # type: ignore[arg-type]
    page = draw(paper, 480, 360, 2)
    grid = find(page)
    assert grid.px_per_mm_x == pytest.approx(x, rel=2e-3)
    assert grid.px_per_mm_y == pytest.approx(y, rel=2e-3)
    assert worst_px(grid, paper.page_from_mm, page) < 0.1 * min(x, y)


def test_a_page_seen_aslant() -> None:
    aslant = scaled(6, 6, 3, (20, 30))
    aslant[2] = [0.0006, 0.0003, 1]
    page = draw(Paper(aslant), 600, 450, 2)
    assert worst_px(find(page), aslant, page) < 0.5


@pytest.mark.parametrize("quarters", [1, 2, 3])
def test_a_page_on_its_side_or_head(quarters: int) -> None:
    page = draw(Paper(scaled(7, 6.5)), 450, 340, 2)
    turned = find(replace(page, rgb=np.ascontiguousarray(np.rot90(page.rgb, quarters))))
    expected = (7, 6.5) if quarters == 2 else (6.5, 7)
    assert (turned.px_per_mm_x, turned.px_per_mm_y) == pytest.approx(expected, rel=2e-3)


def test_lines_22_px_apart_on_a_small_page_could_be_either() -> None:
    page = draw(Paper(scaled(4.4, 4.4), fine=None), 1500, 200, 2)
    ink = find_ink(page)
    with pytest.raises(RecordingError, match=r"scale ambiguous: 4\.40 or 22\.0\d px/mm") as refused:
        find_grid(page, ink, Hints())
    assert "--px-per-mm" in refused.value.next_step
    assert find_grid(page, ink, Hints(px_per_mm=4.4)).px_per_mm_x == pytest.approx(4.4, rel=2e-3)
    assert find_grid(page, ink, Hints(px_per_mm=22)).px_per_mm_x == pytest.approx(22, rel=2e-3)
    stated = replace(page, px_per_mm_hint=4.33)
    assert find_grid(stated, ink, Hints()).px_per_mm_x == pytest.approx(4.4, rel=2e-3)


def test_a_stated_scale_that_the_lines_deny_is_refused() -> None:
    page = draw(Paper(scaled(6, 6)), 500, 400, 2)
    with pytest.raises(RecordingError, match=r"9 px/mm, and lines 30\.0 px apart.*give 6\.00, or leave"):
        find(page, Hints(px_per_mm=9))


def test_no_grid() -> None:
    page = draw(Paper(scaled(6, 6), fine=None, coarse=None), 480, 360, 2)
    with pytest.raises(
        RecordingError, match=r"found no grid in drawn, or one of the trace's colour; give --px-per-mm"
    ):
        find(page)
    stated = find(page, Hints(px_per_mm=6))
    assert (stated.px_per_mm_x, stated.px_per_mm_y) == (6, 6)
    assert np.allclose(stated.page_from_mm, np.diag([6, 6, 1]))


def test_lines_of_one_kind_state_millimetres() -> None:
    page = draw(Paper(scaled(6, 6), coarse=None, fine=RED), 480, 360, 2)
    assert find(page).px_per_mm_x == pytest.approx(6, rel=2e-3)


def test_lines_in_one_direction_are_no_grid() -> None:
    rgb = np.full((360, 480, 3), 255, np.uint8)
    rgb[::25] = 0
    with pytest.raises(RecordingError, match="no grid"):
        find(Page(rgb, "ruled"))


def test_fine_lines_place_the_coarse_ones_where_a_trace_repeats_with_them() -> None:
    # The trace's own period is a multiple of 5 mm: by the coarse lines alone they lie off by 0.16 mm.
    paper = Paper(scaled(9, 9, 0, (11.3, 17.7)))
    page = draw(paper, 500, 375, 3)
    assert worst_px(find(page), paper.page_from_mm, page) < 0.04 * 9


def test_lines_far_apart_are_seen_though_a_tile_holds_few() -> None:
    """5 mm lines at 14 px/mm on a photo: seven in a tile, at slants of their own."""
    height, width, apart = 1800, 2600, 73.0
    y, x = np.mgrid[:height, :width].astype(np.float32)
    page_from_flat = np.array([[1, 0.04, 10], [-0.03, 1, 40], [2.16e-5, 3.6e-5, 1]])
    flat_from_page = np.linalg.inv(page_from_flat)
    u, v, w = (row[0] * x + row[1] * y + row[2] for row in flat_from_page)
    off = [np.abs((each / w + apart / 2) % apart - apart / 2) for each in (u, v)]
    plane = 0.5 * np.maximum(*(np.clip(2.3 - each, 0, 1) for each in off))
    plane += np.random.default_rng(1).normal(0, 0.1, plane.shape)
    plane = np.clip(plane, 0, 1).astype(np.float32)
    assert max(waves.strength for waves in find_waves(plane)) < MIN_STRENGTH
    fit = fit_lines(plane)
    assert fit is not None
    corners = np.array([[0.0, 0], [width, 0], [width, height], [0, height]])
    truth = apply(flat_from_page, corners) / apart
    found = apply(fit.cycles_from_px, corners)
    assert found - np.round(found[0] - truth[0]) == pytest.approx(truth, abs=0.05)


def test_noise_alone_has_no_lines() -> None:
    plane = np.random.default_rng(2).random((1200, 1600)).astype(np.float32)
    assert fit_lines(plane) is None
