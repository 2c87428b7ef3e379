"""Ink and grid of nearly one hue: the labels, in black, are ink and no grid."""

import numpy as np

from splkit.ecg.paper.render.distort import distort
from splkit.ecg.paper.render.page import render_page
from splkit.ecg.paper.render.records import simulated_leads
from splkit.ecg.paper.render.style import Style
from splkit.ecg.paper.sheet.ink import find_ink


def test_black_labels_beside_a_blue_black_trace_on_grey() -> None:
    style = Style(
        "3x4", (), grid_colour="grey", ink=(24, 28, 80), stroke_mm=0.5, seconds=5.0,
        px_per_mm_x=5.0, px_per_mm_y=5.0,
    )  # fmt: skip
    page = render_page(simulated_leads(4.0, seed=2), style, seed=2)
    taken = distort(page, (("shadow", 0.4), ("blur", 1.0), ("jpeg", 60.0)), seed=2)
    coverage = find_ink(taken.page).coverage
    for label in taken.labels:
        left, top, right, bottom = (round(edge) for edge in label.box)
        assert np.quantile(coverage[top : bottom + 1, left : right + 1], 0.95) > 0.6, label.text
