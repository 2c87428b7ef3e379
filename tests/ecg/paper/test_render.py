"""Drawn pages: the ink lies where the truth says, scales are those of the paper, every option draws."""

from dataclasses import replace

import numpy as np
import pytest

from splkit.ecg.paper.render.page import render_page
from splkit.ecg.paper.render.records import simulated_leads, with_extra
from splkit.ecg.paper.render.rendered import LeadSet
from splkit.ecg.paper.render.style import Style
from splkit.ecg.simulator.twelve import simulate_twelve
from splkit.errors import UsageError

FS_HZ = 500.0
BARE = Style(
    layout="6x2", rhythm=(), grid="none", pulse="none", separator="none", header=None, row_mm=40.0,
    px_per_mm_x=6.3, px_per_mm_y=5.7,
)  # fmt: skip


@pytest.fixture(scope="module")
def record() -> LeadSet:
    return simulated_leads(5.0, seed=3)


@pytest.fixture(scope="module")
def small() -> LeadSet:
    """Two seconds of waves that differ from lead to lead: sine waves of 0.2 to 0.6 mV."""
    time_s = np.arange(1000) / FS_HZ
    names = ("I", "II", "III", "aVR", "aVL", "aVF", "V1", "V2", "V3", "V4", "V5", "V6")
    waves = {
        lead: (0.2 + 0.03 * index) * np.sin(2 * np.pi * (1 + index % 3) * time_s)
        for index, lead in enumerate(names)
    }
    return with_extra(LeadSet(waves, FS_HZ, "waves"))


def darkness(page, top, bottom):
    return 1 - page.rgb[top:bottom].mean(axis=2) / 255


@pytest.mark.parametrize("stroke_mm", [0.12, 0.3, 0.55])
def test_ink_lies_where_the_truth_says(small, stroke_mm):
    time_s = np.arange(2000) / FS_HZ
    slow = {lead: 0.15 * np.sin(np.pi * time_s + index) for index, lead in enumerate(small.signals_mv)}
    page = render_page(LeadSet(slow, FS_HZ, "slow"), replace(BARE, seconds=4.0, stroke_mm=stroke_mm))
    for trace in page.traces:
        x, y = trace.points.T
        columns = np.arange(np.ceil(x[0] + 3), np.floor(x[-1] - 3)).astype(int)
        top, bottom = int(y.min()) - 6, int(y.max()) + 7
        ink = darkness(page, top, bottom)[:, columns]
        error = (np.arange(top, bottom)[:, None] * ink).sum(axis=0) / ink.sum(axis=0) - np.interp(
            columns, x, y
        )
        width_px = stroke_mm * 6.0
        # Pixels tell a line's middle to 1/8 px over its width: of 0.12 mm here, to 0.17 px.
        assert np.abs(error).max() < 0.125 / width_px + 0.01
        assert abs(error.mean()) < 0.03
        # The ink across a flat line adds up to its width.
        dark = 1 - np.mean(page.style.ink) / 255
        assert ink.sum(axis=0) / dark == pytest.approx(width_px, rel=0.025)


def test_time_and_millivolts_are_those_of_the_paper(record):
    """1 mV is 20 mm up in chest leads, 5 mm in limb leads; 1 s is 50 mm; held by numbers worked out here."""
    style = Style(
        mm_per_s=50.0, chest_mm_per_mv=20.0, limb_mm_per_mv=5.0, px_per_mm_x=8.0, px_per_mm_y=7.5, row_mm=50.0
    )
    page = render_page(record, style)
    traces = {(trace.panel.lead, trace.panel.is_rhythm): trace for trace in page.traces}
    v2, strip = traces["V2", False], traces["II", True]
    assert v2.panel.start_s == 2.5  # 5 s on the page, the third of four columns
    assert v2.signal_mv == pytest.approx(record.signals_mv["V2"][1250:1875])
    assert np.ptp(v2.points[:, 1]) == pytest.approx(np.ptp(record.signals_mv["V2"][1250:1875]) * 20 * 7.5)
    assert np.ptp(strip.points[:, 1]) == pytest.approx(np.ptp(record.signals_mv["II"][:2500]) * 5 * 7.5)
    assert strip.points[500, 0] - strip.points[0, 0] == pytest.approx(1.0 * 50 * 8.0)
    highest = int(np.argmax(v2.signal_mv))
    assert v2.points[highest, 1] == v2.points[:, 1].min()


def test_the_pulse_is_one_millivolt_high(record):
    page = render_page(record, Style(px_per_mm_x=8.0, px_per_mm_y=8.0, stroke_mm=0.25))
    pulse = page.layout.clutter[-4 - 9]  # four rows' pulses, then nine bars
    assert pulse.bottom - pulse.top == pytest.approx(80 + 2)
    assert pulse.right - pulse.left == pytest.approx(8 * (5 + 3) + 2)


def test_a_pulse_of_half_a_millivolt_is_half_as_high_and_both_ends_have_their_own_gain(small):
    gains = {"limb_mm_per_mv": 20.0, "chest_mm_per_mv": 5.0}
    style = Style(seconds=2.0, rhythm=(), pulse="both", pulse_mv=0.5, stroke_mm=0.25, **gains)
    page = render_page(small, style)
    heights = [box.bottom - box.top for box in page.layout.clutter[-6 - 9 : -9]]
    assert heights == pytest.approx([82] * 3 + [22] * 3)


def test_panels_lie_where_the_style_puts_them(small):
    """The left margin and the pulse with its feet make 20 mm; pixels begin half before their centre."""
    page = render_page(small, Style(seconds=2.0, px_per_mm_x=8.0, px_per_mm_y=6.0, row_mm=30.0, top_mm=40.0))
    first, second = page.traces[0], page.traces[1]
    assert first.points[0, 0] == pytest.approx(20 * 8 - 0.5)
    assert second.points[0, 0] == pytest.approx((20 + 12.5) * 8 - 0.5)
    assert [trace.panel.left for trace in page.traces[:2]] == pytest.approx([159.5, 259.5])
    assert [panel.baseline for panel in page.layout.panels[3::4]] == pytest.approx([239.5, 419.5, 599.5])
    assert first.signal_mv[0] == 0  # so it is on its baseline
    assert first.points[0, 1] == pytest.approx(239.5)


def test_columns_show_one_time_or_follow_each_other(small):
    for follow, start in ((True, 750), (False, 0)):
        page = render_page(small, Style(seconds=2.0, columns_follow=follow))
        trace = next(trace for trace in page.traces if trace.panel.lead == "V5")
        assert (trace.first_sample, trace.panel.start_s) == (start, start / FS_HZ)
        assert trace.signal_mv == pytest.approx(small.signals_mv["V5"][start : start + 250])


def test_grid_lines_lie_where_the_grid_says(record):
    style = Style(px_per_mm_x=9.3, px_per_mm_y=8.9, grid_mm=(2.2, 0.7), header=None, major_width_mm=0.3)
    page = render_page(record, style)
    for along, scale in ((0, 9.3), (1, 8.9)):
        mm = np.zeros((3, 20))
        mm[along], mm[2] = 5.0 * np.arange(1, 21), 1
        at = (page.grid.page_from_mm @ mm)[along]
        assert np.diff(at) == pytest.approx(5 * scale)
        free = page.rgb[:150] if along == 0 else page.rgb[:, -80:]  # without ink
        profile = 255 - free[..., 1].mean(axis=along)
        for line in at:
            near = np.arange(round(line) - 3, round(line) + 4)
            weight = profile[near] - profile[near].min()
            assert (near * weight).sum() / weight.sum() == pytest.approx(line, abs=0.12)


LAYOUTS = {
    ("3x4", False): "I aVR V1 V4 II aVL V2 V5 III aVF V3 V6",
    ("3x4", True): "aVL II V1 V4 I aVF V2 V5 aVR III V3 V6",
    ("3x5", False): "I aVR V1 V4 V4R II aVL V2 V5 V8 III aVF V3 V6 V9",
    ("6x2", False): "I V1 II V2 III V3 aVR V4 aVL V5 aVF V6",
    ("12x1", False): "I II III aVR aVL aVF V1 V2 V3 V4 V5 V6",
    ("12x1", True): "aVL I aVR II aVF III V1 V2 V3 V4 V5 V6",
    ("6x1", False): "I II III aVR aVL aVF",
}


@pytest.mark.parametrize(("layout", "cabrera"), LAYOUTS)
def test_each_layout_has_its_leads_in_its_order(small, layout, cabrera):
    rhythm = () if layout in ("12x1", "6x1") else ("V1", "II", "V5")
    style = Style(
        layout=layout,
        cabrera=cabrera,
        rhythm=rhythm,
        seconds=1.8,
        px_per_mm_x=4,
        px_per_mm_y=4,
        stroke_mm=0.5,
    )
    page = render_page(small, style)
    panels = page.layout.panels
    assert [p.lead for p in panels if not p.is_rhythm] == LAYOUTS[layout, cabrera].split()
    assert tuple(p.lead for p in panels if p.is_rhythm) == rhythm
    last = [panel for panel in panels if panel.is_rhythm or panel.right == max(p.right for p in panels)]
    assert [p.start_s + (p.right - p.left) / (4 * 25) for p in last] == pytest.approx([1.8] * len(last))
    for trace in page.traces:
        assert {True} == {panel_is_dark(page, trace)}


def panel_is_dark(page, trace):
    """Every sample of it is inked."""
    columns, rows = np.round(trace.points).astype(int).T
    return bool((page.rgb[rows, columns].max(axis=1) < 160).all())


def test_minus_avr_is_drawn_upside_down_and_its_truth_is_avr(small):
    page = render_page(small, replace(BARE, cabrera=True, seconds=2.0))
    trace = next(trace for trace in page.traces if trace.panel.lead == "aVR")
    assert trace.signal_mv == pytest.approx(small.signals_mv["aVR"][:500])
    assert trace.points[np.argmax(trace.signal_mv), 1] == trace.points[:, 1].max()
    assert "-aVR" in [label.text for label in page.labels]


CHOICES = [
    *({"separator": each} for each in ("bars", "dashes", "dots", "gaps", "none")),
    *({"label": each} for each in ("above", "below", "inside")),
    *({"font": each} for each in ("plotter", "sans", "bold", "dejavu", "serif", "mono")),
    *({"grid": each} for each in ("full", "5mm", "dotted", "none")),
    *({"grid_colour": each} for each in ("red", "green", "grey", "black")),
    *({"header": each} for each in (None, 0, 1, 2, 3)),
    *({"pulse": each} for each in ("left", "right", "none")),
    {"grid_framed": True}, {"columns_follow": False}, {"rhythm": ()}, {"pulse_mv": 0.5},
]  # fmt: skip


def test_each_option_makes_another_page(small):
    usual = Style(seconds=2.0, px_per_mm_x=3.5, px_per_mm_y=3.6, stroke_mm=0.5)
    pages = [render_page(small, replace(usual, **choice)) for choice in CHOICES]
    assert all(panel_is_dark(page, trace) for page in pages for trace in page.traces)
    assert all(len([label for label in page.labels if label.lead]) == len(page.traces) for page in pages)
    for name in ("separator", "label", "font", "grid", "grid_colour", "header", "pulse"):
        drawn = [page.rgb.tobytes() for page, choice in zip(pages, CHOICES, strict=True) if name in choice]
        assert len(set(drawn)) == len(drawn), name


def test_the_same_seed_gives_the_same_bytes(small):
    style = Style(seconds=2.0, px_per_mm_x=3.5, px_per_mm_y=3.5)
    first, again, other = (render_page(small, style, seed).rgb.tobytes() for seed in (7, 7, 8))
    assert first == again != other


def test_labels_lie_in_their_boxes(small):
    page = render_page(small, replace(BARE, seconds=2.0, label="below"))
    label = next(label for label in page.labels if label.lead == "V3")
    left, top, right, bottom = (int(edge + 0.5) for edge in label.box)
    outside = page.rgb.copy()
    assert (outside[top:bottom, left:right] < 128).any()
    outside[top:bottom, left:right] = 255
    margin = outside[top - 4 : bottom + 4, left - 4 : right + 4]
    assert (margin > 150).all()


def test_a_page_is_refused_in_a_sentence(small):
    kept = {lead: wave for lead, wave in small.signals_mv.items() if lead != "V3"}
    without = LeadSet(kept, FS_HZ, "some.hea")
    with pytest.raises(UsageError, match=r"found no V3 in some\.hea"):
        render_page(without, Style(seconds=2.0))
    with pytest.raises(UsageError, match="found 2 s in waves for a page of 10 s"):
        render_page(small, Style())
    with pytest.raises(UsageError, match="12x1 page has no rhythm strip"):
        Style(layout="12x1")
    with pytest.raises(UsageError, match="layout is one of 3x4"):
        Style(layout="4x3")


def test_limb_leads_of_a_simulated_patient_obey_einthoven():
    leads = simulate_twelve(5.5, fs_hz=300, duration_s=4, seed=2)
    assert leads["I"] + leads["III"] == pytest.approx(leads["II"])
    assert leads["aVR"] + leads["aVL"] + leads["aVF"] == pytest.approx(0)
    assert leads["aVL"] == pytest.approx((leads["I"] - leads["III"]) / 2)
    steep = [np.abs(np.diff(leads[lead])) for lead in ("V5", "II")]
    assert np.corrcoef(*steep)[0, 1] > 0.5  # the same beats, whatever the axis
