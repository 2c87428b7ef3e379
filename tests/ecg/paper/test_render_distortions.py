"""Distorted pages: the truth moves with the ink, and stays put where nothing moves."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.ndimage import map_coordinates

from splkit.ecg.paper.render.distort import DISTORTIONS, distort
from splkit.ecg.paper.render.page import render_page
from splkit.ecg.paper.render.random_style import hints_for, random_style
from splkit.ecg.paper.render.rendered import LeadSet, Rendered
from splkit.ecg.paper.render.style import PX_PER_MM, Style
from splkit.errors import UsageError

FS_HZ = 500.0
SHORT = Style(
    layout="6x1",
    rhythm=(),
    seconds=3.0,
    px_per_mm_x=6,
    px_per_mm_y=5.5,
    stroke_mm=0.4,
    pulse="none",
    grid="none",
)
MOVING = {"curvature": 2.0, "perspective": 0.08, "rotation": 10.0, "fax": 3.85}
STILL = [name for name in DISTORTIONS if name not in MOVING]


@pytest.fixture(scope="module")
def clean() -> Rendered:
    """Six leads of 3 s, slow waves of 0.2 mV: nothing steep, nothing near another row."""
    time_s = np.arange(1500) / FS_HZ
    leads = ("I", "II", "III", "aVR", "aVL", "aVF")
    waves = {lead: 0.2 * np.sin(np.pi * time_s + index) for index, lead in enumerate(leads)}
    return render_page(LeadSet(waves, FS_HZ, "waves"), SHORT)


def ink_errors(page: Rendered) -> np.ndarray:
    """Distance in y of the ink's centroid from the truth, for samples behind the label, in pixels."""
    light = page.rgb.mean(axis=2)
    errors = []
    for trace in page.traces:
        xs, ys = trace.points.T
        slopes = np.gradient(ys, xs)
        for x, y, slope in zip(xs[450:-20:7], ys[450:-20:7], slopes[450:-20:7], strict=True):
            column, rows = round(x), np.arange(round(y) - 4, round(y) + 5)
            profile = light[rows, column].max() - light[rows, column]
            errors.append((rows * profile).sum() / profile.sum() - y - slope * (column - x))
    return np.array(errors)


def test_ink_errors_are_small_on_the_clean_page_and_show_a_shift(clean):
    assert np.abs(ink_errors(clean)).max() < 0.25
    assert abs(np.median(ink_errors(clean))) < 0.05


@pytest.mark.parametrize("name", MOVING)
def test_the_truth_moves_with_the_ink(clean, name):
    page = distort(clean, [(name, MOVING[name])], seed=4)
    gone = page.traces[0].points - clean.traces[0].points
    assert np.abs(gone).max() > 3
    errors = ink_errors(page)
    assert abs(np.median(errors)) < 0.06
    assert np.percentile(np.abs(errors), 95) < (0.6 if name == "fax" else 0.3)
    for trace, before in zip(page.traces, clean.traces, strict=True):
        assert trace.points == pytest.approx(page.page_from_drawn(before.points))
        assert trace.signal_mv is before.signal_mv


@pytest.mark.parametrize("name", STILL)
def test_what_moves_nothing_changes_the_picture_alone(clean, name):
    page = distort(clean, [(name, DISTORTIONS[name].usual)], seed=4)
    assert page.rgb.shape == clean.rgb.shape
    assert (page.rgb != clean.rgb).any()
    assert page.traces == clean.traces
    assert page.grid is clean.grid


@pytest.mark.parametrize(("name", "amount"), [("rotation", 7.0), ("perspective", 0.1), ("fax", 7.7)])
def test_the_grid_is_where_its_lines_are_drawn(clean, name, amount):
    record = LeadSet({t.panel.lead: t.signal_mv for t in clean.traces}, FS_HZ, "waves")
    paper = replace(SHORT, grid="5mm", header=None, major_width_mm=0.5, grid_colour="black")
    page = distort(render_page(record, paper), [(name, amount)], seed=2)
    assert page.grid.residual_mm < 1e-3
    # On lines of x = 5, 10 ... mm, between those of y, above all traces: the middle of what is dark there.
    offsets = np.arange(-1.5, 1.51, 0.05)
    for x in range(5, 60, 5):
        for y in (7.5, 12.5, 17.5):
            mm = np.column_stack([x + offsets, np.full_like(offsets, y), np.ones_like(offsets)])
            at = mm @ page.grid.page_from_mm.T
            at = at[:, :2] / at[:, 2:]
            dark = 255 - map_coordinates(page.rgb[..., 1].astype(float), at[:, ::-1].T, order=1)
            off_mm = (offsets * dark).sum() / dark.sum()
            assert abs(off_mm) < (0.08 if name == "fax" else 0.05)


def test_a_turned_page_keeps_its_scale_and_loses_no_corner(clean):
    page = distort(clean, [("rotation", 10.0)], seed=1)
    assert page.grid.px_per_mm_x == pytest.approx(6.0)
    assert page.grid.px_per_mm_y == pytest.approx(5.5)
    height, width = clean.rgb.shape[:2]
    right, bottom = width - 1, height - 1
    corners = page.page_from_drawn(np.array([[0, 0], [right, 0], [right, bottom], [0, bottom]]))
    assert (corners > 0).all()
    assert (corners < page.rgb.shape[1::-1]).all()
    first, second = corners[:2]
    assert abs(np.degrees(np.arctan2(*(second - first)[::-1]))) == pytest.approx(10.0, abs=0.01)


def test_bent_paper_says_what_no_homography_tells(clean):
    page = distort(clean, [("curvature", 2.0)], seed=3)
    assert 0.2 < page.grid.residual_mm < 2.0


def test_labels_move_with_their_ink(clean):
    page = distort(clean, [("rotation", 8.0), ("perspective", 0.05)], seed=5)
    for label, before in zip(page.labels, clean.labels, strict=True):
        left, top, right, bottom = before.box
        middle = page.page_from_drawn(np.array([[(left + right) / 2, (top + bottom) / 2]]))[0]
        assert label.box.left < middle[0] < label.box.right
        assert label.box.top < middle[1] < label.box.bottom
        left, top, right, bottom = (round(edge) for edge in label.box)
        assert page.rgb[top:bottom, left:right].max(axis=2).min() < 110


def test_distortions_follow_each_other_and_repeat(clean):
    steps = [("rotation", 3.0), ("curvature", 1.0), ("noise", 5.0), ("jpeg", 40.0)]
    page, again, other = (distort(clean, steps, seed) for seed in (1, 1, 2))
    assert page.rgb.tobytes() == again.rgb.tobytes() != other.rgb.tobytes()
    assert page.distortions == tuple(steps)
    assert abs(np.median(ink_errors(page))) < 0.06


def test_the_same_distortion_twice_is_not_the_same_one_again(clean):
    once, twice = (distort(clean, [("stamp", 0.9)] * times, seed=2).rgb for times in (1, 2))
    changed = [(picture != clean.rgb).any(axis=2).sum() for picture in (once, twice)]
    assert changed[1] > 1.3 * changed[0]


REFUSED = [(("rotate", 1.0), "one of handwriting"), (("jpeg", 10.0), "30 to 95")]


@pytest.mark.parametrize(("step", "said"), REFUSED)
def test_what_cannot_be_is_refused(clean, step, said):
    with pytest.raises(UsageError, match=said):
        distort(clean, [step], seed=0)


def test_seeds_cover_every_look():
    drawn = [random_style(seed) for seed in range(300)]
    styles = [style for style, _ in drawn]
    assert {style.layout for style in styles} == {"3x4", "6x2", "12x1", "6x1", "3x5"}
    assert {len(style.rhythm) for style in styles} == {0, 1, 2, 3}
    assert {(style.mm_per_s, style.limb_mm_per_mv) for style in styles} == {
        (speed, gain) for speed in (25.0, 50.0) for gain in (5.0, 10.0, 20.0)
    }
    counts = {"pulse": 4, "separator": 5, "label": 3, "font": 6, "grid": 4, "grid_colour": 7}
    for name, count in counts.items():
        assert len({getattr(style, name) for style in styles}) == count, name
    assert any(style.cabrera for style in styles)
    assert any(style.chest_mm_per_mv != style.limb_mm_per_mv for style in styles)
    assert {name for _, steps in drawn for name, _ in steps} == set(DISTORTIONS)
    scales = [style.px_per_mm_x for style in styles]
    assert PX_PER_MM[0] <= min(scales) < 4 < 14 < max(scales) <= PX_PER_MM[1]
    assert drawn == [random_style(seed) for seed in range(300)]


def test_pages_that_do_not_tell_their_scale_need_hints():
    told = hints_for(Style())
    assert (told.px_per_mm, told.mm_per_s, told.mm_per_mv) == (None, None, None)
    slow = replace(SHORT, mm_per_s=50.0, limb_mm_per_mv=5.0, px_per_mm_x=8.0)
    silent = hints_for(slow)
    assert (silent.px_per_mm, silent.mm_per_s, silent.mm_per_mv) == (8.0, 50.0, 5.0)
    turned = [steps for style, steps in map(random_style, range(300)) if style.grid == "none"]
    assert len(turned) > 5
    assert not any(name in ("rotation", "perspective", "curvature") for steps in turned for name, _ in steps)
