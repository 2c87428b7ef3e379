"""Coverage is the share of the pixel that ink covers: across a stroke it sums to the stroke's width."""

from functools import lru_cache

import numpy as np
import pytest
from support.drawn_paper import GREEN, GREY, RED, Paper, draw, scaled

from splkit.ecg.paper.contracts import Page
from splkit.ecg.paper.sheet.ink import find_ink
from splkit.errors import RecordingError

INKS = {"black": (0, 0, 0), "grey": (70, 70, 70), "blue": (20, 30, 140)}
GRIDS = {"red": RED, "green": GREEN, "pink": (255, 205, 205), "orange": (240, 170, 110)}


@lru_cache
def paper(colour: tuple[int, int, int]) -> Page:
    return draw(Paper(scaled(8, 8, 0, (3, 5)), coarse=colour, fine=colour, wiggle_mm=0), 400, 400, 2)


def stroked(grid: tuple[int, int, int], ink: tuple[int, int, int], width_px: float, shade: float = 1) -> Page:
    """Level strokes of one width, each a quarter of a pixel lower than the last; under them a grid."""
    page = paper(grid).rgb.astype(float)
    for n in range(8):
        top = 30 + 44 * n + n / 4
        rows = np.arange(400)
        share = np.clip(np.minimum(rows + 1, top + width_px) - np.maximum(rows, top), 0, 1)[:, None, None]
        page[:, 20:380] = (page * (1 - share) + share * np.array(ink))[:, 20:380]
    page[10:16, 40:60] = ink
    light = np.linspace(1, shade, 400)[None, :, None]
    return Page(np.round(page * light).astype(np.uint8), "strokes")


@pytest.mark.parametrize("grid", GRIDS)
@pytest.mark.parametrize("ink", INKS)
@pytest.mark.parametrize("width_px", [1.0, 2.6])
def test_coverage_across_a_stroke_sums_to_its_width(grid: str, ink: str, width_px: float) -> None:
    coverage = find_ink(stroked(GRIDS[grid], INKS[ink], width_px)).coverage
    for n in range(8):
        top = 30 + 44 * n + n / 4
        rows = np.arange(int(top) - 4, int(top) + 9)
        part = coverage[rows, 40:360]
        share = np.clip(np.minimum(rows + 1, top + width_px) - np.maximum(rows, top), 0, 1)
        assert part.sum(axis=0).mean() == pytest.approx(width_px, rel=0.04)
        assert np.abs(np.median(part, axis=1) - share).max() < 0.03


def test_shading_changes_no_coverage() -> None:
    even, shaded = (find_ink(stroked(RED, (0, 0, 0), 2.6, shade)).coverage for shade in (1, 0.6))
    assert np.abs(even - shaded).mean() < 0.01


def test_a_grid_of_its_own_hue_leaves_no_coverage() -> None:
    coverage = find_ink(stroked(RED, (0, 0, 0), 2.6)).coverage
    assert coverage[60:68, 100:300].max() < 0.05


def test_a_blank_page_is_refused() -> None:
    with pytest.raises(RecordingError, match=r"ink: .* darker than its paper; found 0% in blank"):
        find_ink(Page(np.full((200, 300, 3), 250, np.uint8), "blank"))


def test_red_words_on_a_grey_grid_are_not_taken_for_the_trace() -> None:
    """They are the only hue of the page, and in one corner: the trace is as grey as the grid."""
    page = stroked(GREY, (0, 0, 0), 2.6)
    page.rgb[40:64, 300:372] = (170, 30, 40)
    ink = find_ink(page)
    assert ink.one_hue
    assert ink.coverage[75:78, 100:250].max(axis=0).min() > 0.9


def test_a_dark_table_behind_the_paper_is_no_ink() -> None:
    """Its noise has all hues; of grey lines and a black trace nothing has."""
    page = stroked(GREY, (0, 0, 0), 2.6).rgb.astype(float)
    table = np.random.default_rng(1).normal((34, 36, 40), 7, (400, 130, 3))
    beside = np.concatenate([page, table], axis=1)
    beside += np.random.default_rng(2).normal(0, 2, beside.shape)
    alone = find_ink(Page(np.clip(page, 0, 255).astype(np.uint8), "paper")).coverage
    found = find_ink(Page(np.clip(beside, 0, 255).astype(np.uint8), "paper on a table")).coverage
    strokes = alone > 0.9
    strokes[:, 360:] = False
    assert np.median(found[:, :400][strokes]) > 0.9
