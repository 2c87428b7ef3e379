"""Traces drawn with OpenCV, apart from everything that reads them, on sheets whose panels are known."""

import cv2
import numpy as np

from splkit.ecg.paper.contracts import Layout, Panel, Segment, Sheet
from splkit.ecg.paper.trace.follow import follow
from splkit.ecg.paper.trace.quality import judge
from splkit.ecg.paper.trace.refine import refine
from splkit.ecg.paper.trace.segments import to_segments

PX_PER_MM = 8.0
SECONDS = 2.5
LEFT = 40.0
WIDTH = int(LEFT + SECONDS * 25 * PX_PER_MM + 40)
FINE = 8


def beats(r_mv: float = 1.0, t_mv: float = 0.3, first_s: float = 0.4, rr_s: float = 0.8) -> np.ndarray:
    """mV at 500 Hz: QRS of 80 ms with Q and S, and T waves."""
    t = np.arange(round(SECONDS * 500)) / 500
    signal = np.zeros(len(t))
    for at in np.arange(first_s, SECONDS + 0.4, rr_s):
        for mv, ms, width_ms in ((-0.1, -25, 8), (r_mv, 0, 10), (-0.25 * r_mv, 28, 9), (t_mv, 260, 45)):
            signal += mv * np.exp(-0.5 * ((t - at - ms / 1000) * 1000 / width_ms) ** 2)
    return signal


def draw(canvas: np.ndarray, panel: Panel, signal: np.ndarray, width_mm: float = 0.25) -> None:
    """Add a line to a canvas that is FINE times finer than the sheet."""
    x = panel.left + np.arange(len(signal)) / 500 * panel.mm_per_s * PX_PER_MM
    y = panel.baseline - signal * panel.mm_per_mv * PX_PER_MM
    points = np.round((np.c_[x, y] + 0.5) * FINE * 256 - 128).astype(np.int32)
    cv2.polylines(canvas, [points.reshape(-1, 1, 2)], False, 255, round(width_mm * PX_PER_MM * FINE), shift=8)


def sheet_of(canvas: np.ndarray, blur_px: float = 0.4) -> Sheet:
    small = cv2.resize(canvas, None, fx=1 / FINE, fy=1 / FINE, interpolation=cv2.INTER_AREA)
    coverage = cv2.GaussianBlur(small.astype(np.float32) / 255, (0, 0), blur_px)
    return Sheet(coverage, PX_PER_MM, PX_PER_MM, np.eye(3))


def panel_at(lead: str, baseline: float, left: float = LEFT, start_s: float = 0.0) -> Panel:
    return Panel(lead, False, left, left + SECONDS * 25 * PX_PER_MM, baseline, start_s, 25.0, 10.0)


def new_canvas(height: int) -> np.ndarray:
    return np.zeros((height * FINE, WIDTH * FINE), dtype=np.uint8)


def drawn_rows(height: int, *rows: tuple[str, float, np.ndarray]) -> tuple[np.ndarray, Layout]:
    """A canvas and its layout: of each row the lead, the baseline in px, and mV at 500 Hz."""
    panels = tuple(panel_at(lead, baseline) for lead, baseline, _ in rows)
    canvas = new_canvas(height)
    for panel, (_, _, signal) in zip(panels, rows, strict=True):
        draw(canvas, panel, signal)
    return canvas, Layout(f"{len(rows)}x1", panels)


def read(sheet: Sheet, layout: Layout) -> tuple[Segment, ...]:
    strokes, _ = refine(sheet, layout, follow(sheet, layout))
    return judge(sheet, layout, strokes, to_segments(sheet, layout, strokes))


def snr_db(truth: np.ndarray, got: np.ndarray) -> float:
    error = (got - got.mean()) - (truth - truth.mean())
    return float(10 * np.log10(np.sum(truth**2) / np.sum(error**2)))
