"""Sheets for the search of a layout: drawn by hand, or ink alone of a simulated patient."""

from collections.abc import Callable
from typing import Any

import cv2
import numpy as np

from splkit.ecg.paper.contracts import Plane, Sheet
from splkit.ecg.paper.layout.einthoven import ENOUGH_MM
from splkit.ecg.paper.layout.known import CHEST, LIMB
from splkit.ecg.paper.layout.roughline import agreement
from splkit.ecg.paper.render.page import render_page
from splkit.ecg.paper.render.records import simulated_leads
from splkit.ecg.paper.render.rendered import LeadSet, Rendered
from splkit.ecg.paper.render.style import Style

MM = 4.5
LEFT_MM, COLUMN_MM, FIRST_ROW_MM, ROW_MM = 20.0, 62.5, 22.0, 26.0
LABEL_MM = 9.5


def beats(canvas: np.ndarray, left_mm: float, width_mm: float, level_mm: float, start_mm: float) -> None:
    """A beat each 20 mm, 8 mm high."""
    x = np.arange(0, width_mm, 0.1)
    beat = ((x + start_mm) % 20) - 8
    y = 8 * np.exp(-((beat / 0.7) ** 2)) + 2 * np.exp(-(((beat - 6) / 2) ** 2))
    points = np.stack([(left_mm + x) * MM, (level_mm - y) * MM], 1)
    cv2.polylines(canvas, [np.round(points * 16).astype(np.int32)], False, 255, 2, cv2.LINE_AA, 4)


def draw(
    rows: int = 3,
    strips: int = 1,
    pulse_mm: float = 10.0,
    label: bool = True,
    leads: tuple[str, ...] = LIMB + CHEST,
    together: bool = False,
) -> Plane:
    """3x4, with bars between columns and pulses on the left."""
    canvas = np.zeros((round((FIRST_ROW_MM + 4.5 * ROW_MM) * MM), round(290 * MM)), np.uint8)
    for r in range(rows + strips):
        level = FIRST_ROW_MM + r * ROW_MM
        for c in range(4 if r < rows else 1):
            left = LEFT_MM + c * COLUMN_MM
            beats(
                canvas,
                left,
                COLUMN_MM if r < rows else 4 * COLUMN_MM,
                level,
                0.0 if together else c * COLUMN_MM,
            )
            name = leads[c * 3 + r % 3] if r < rows else "II"
            if label:
                at = (round((left + 1) * MM), round((level - LABEL_MM) * MM))
                cv2.putText(canvas, name, at, cv2.FONT_HERSHEY_SIMPLEX, 0.117 * MM, 255, 2, cv2.LINE_AA)
            if c:
                x = round(left * MM)
                canvas[round((level - 3) * MM) : round((level + 3) * MM), x - 2 : x + 3] = 255
        if pulse_mm:
            corners = np.array([(-8, 0), (-6.5, 0), (-6.5, pulse_mm), (-1.5, pulse_mm), (-1.5, 0), (-0.5, 0)])
            line = np.round((np.array([LEFT_MM, level]) + corners * [1, -1]) * MM).astype(np.int32)
            cv2.polylines(canvas, [line], False, 255, 2)
    return canvas.astype(np.float32) / 255


def sheet(coverage: Plane) -> Sheet:
    """It, straight."""
    return Sheet(coverage, MM, MM, np.eye(3))


def first_patient(is_wanted: Callable[[dict[str, np.ndarray]], bool]) -> LeadSet:
    """The first simulated patient whose leads, in mV, are as wanted."""
    drawn = (simulated_leads(4.0, seed=seed) for seed in range(100))
    return next(one for one in drawn if is_wanted(one.signals_mv))


def has_an_own_ii(mv: dict[str, np.ndarray]) -> bool:
    """Whether II differs from I by half of its height; where they look alike a strip may show either."""
    return np.ptp(mv["II"] - mv["I"]) > 0.5 * np.ptp(mv["II"])


def has_beats_enough_to_add(mv: dict[str, np.ndarray]) -> bool:
    """Whether aVR, aVL and aVF leave their level for longer than Einthoven's law asks, in their 2.5 s."""
    at = np.arange(1300, 2400, 5)  # steps of 0.25 mm at 500 Hz
    avr, avl, avf = (10 * mv[lead][at] for lead in ("aVR", "aVL", "aVF"))
    return agreement(avl, -(avr + avf), 1.0).length_mm > 1.5 * ENOUGH_MM


def strip_of_ii(px_per_mm: float = MM, record: LeadSet | None = None, **look: Any) -> tuple[Sheet, Rendered]:
    """3x4 with a strip of II, as ink alone."""
    scale = {"px_per_mm_x": px_per_mm, "px_per_mm_y": px_per_mm}
    style = Style(grid="none", header=None, top_mm=26.0, bottom_mm=12.0, **scale, **look)
    page = render_page(record or first_patient(has_an_own_ii), style)
    coverage = (1 - page.rgb[..., 0] / np.float32(255)).astype(np.float32)
    return Sheet(coverage, px_per_mm, px_per_mm, np.eye(3)), page
