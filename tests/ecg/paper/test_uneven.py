"""Black lines of unequal darkness: taken out line by line, with the traces that cross them left whole."""

import numpy as np

from splkit.ecg.paper.contracts import Plane
from splkit.ecg.paper.sheet.uneven import HIDES, bridged, without_uneven_lines

PX, EVERY = 4.0, 20
"""Pixels of a mm and of 5 mm."""


def page(darkness: tuple[float, ...]) -> Plane:
    """Level and upright lines of 5 mm, each of its own darkness; a flat trace, and a stroke down."""
    plane = np.zeros((400, 600), np.float32)
    for k in range(20):
        plane[k * EVERY] = darkness[k % len(darkness)]
    for k in range(30):
        plane[:, k * EVERY] = np.maximum(plane[:, k * EVERY], darkness[k % len(darkness)])
    plane[209:211, 30:570] = 1
    plane[120:280, 309:311] = 1
    return plane


def test_lines_go_and_traces_stay() -> None:
    before = page((0.3, 0.6, 0.75))
    out = without_uneven_lines(before, (PX, PX), (0.0, 0.0))
    away = np.ones(before.shape, bool)
    away[207:213] = False
    away[:, 307:313] = False
    assert out[away].max() < 0.01
    assert out[209:211, 40:560].min() > 0.99
    assert out[130:270, 309:311].min() > 0.99


def test_a_trace_along_a_line_keeps_most_of_its_ink() -> None:
    before = page((0.5,))
    before[199:202, 30:570] = 1
    out = without_uneven_lines(before, (PX, PX), (0.0, 0.0))
    assert out[199:202, 40:300].sum(axis=0).mean() > 2.0


def test_strokes_go_on_across_lines_that_hid_them() -> None:
    before = page((1.0,))
    lines = (np.arange(400) % EVERY == 0)[:, None] | (np.arange(600) % EVERY == 0)[None]
    without = np.where(lines, np.float32(0), before)
    out = bridged(without, before)
    assert out[209:211, 40:560].min() == 1
    assert out[130:270, 309:311].min() == 1
    assert out[20, 100:200].max() == 0


def test_lines_that_hid_nothing_are_not_bridged() -> None:
    before = page((HIDES - 0.1,))
    lines = (np.arange(400) % EVERY == 0)[:, None] | (np.arange(600) % EVERY == 0)[None]
    without = np.where(lines, np.float32(0), before)
    assert bridged(without, before) is without
