"""Draws one page."""

import numpy as np
import numpy.typing as npt

from splkit.ecg.paper.contracts import Box, Grid, Layout, Panel, Plane
from splkit.ecg.paper.render.arrange import Place, layout_name, page_mm, places
from splkit.ecg.paper.render.furniture import draw_header, draw_labels, draw_pulses, draw_separators, to_px
from splkit.ecg.paper.render.gridlines import blend, draw_grid
from splkit.ecg.paper.render.pen import draw_line
from splkit.ecg.paper.render.rendered import Label, LeadSet, Rendered, Trace
from splkit.ecg.paper.render.style import Style
from splkit.errors import UsageError

_FRAME_MM = 14.0
"""From the outermost baselines and ends of the traces to the frame of a framed grid."""


def render_page(record: LeadSet, style: Style | None = None, seed: int = 0) -> Rendered:
    """Draws a record on a clean page: no distortion, every sample where it belongs.

    Args:
        record: its leads; all that the layout shows.
        style: the page's look; the usual 3x4 page with a strip if left out.
        seed: of the texts in the header. The same arguments give the same bytes.

    Raises:
        UsageError: the record lacks a lead of the layout, or is shorter than the page.
        ToolError: OpenCV or Pillow is not installed.
    """
    style = style or Style()
    shown = places(style)
    _check(record, shown)
    width_mm, height_mm = page_mm(style)
    shape = (round(height_mm * style.px_per_mm_y), round(width_mm * style.px_per_mm_x))
    traces = tuple(_trace(record, style, place) for place in shown)
    ink, letters = np.zeros(shape, np.float32), np.zeros(shape, np.float32)
    width_px = style.stroke_mm * (style.px_per_mm_x + style.px_per_mm_y) / 2
    for trace in traces:
        draw_line(ink, trace.points, width_px)
    clutter = draw_pulses(ink, style, shown, width_px)
    clutter += draw_separators(letters, style, shown)
    labels = draw_labels(letters, style, shown)
    labels += draw_header(letters, style, height_mm, width_mm, np.random.default_rng([seed, 1]))
    return Rendered(
        rgb=_coloured(style, ink, letters, _frame(style, shown)),
        traces=traces,
        layout=_layout(style, traces, labels, clutter),
        grid=_grid(style),
        labels=tuple(labels),
        style=style,
        fs_hz=record.fs_hz,
        source=record.source,
    )


def _check(record: LeadSet, shown: tuple[Place, ...]) -> None:
    missing = [place.lead for place in shown if place.lead not in record.signals_mv]
    if missing:
        raise UsageError(
            "a record holds every lead that the page shows",
            found=f"no {', '.join(dict.fromkeys(missing))} in {record.source}",
            next_step="choose another layout, or other rhythm strips",
        )
    needed_s = max(place.start_s + place.seconds for place in shown)
    if round(needed_s * record.fs_hz) > round(record.duration_s * record.fs_hz):
        raise UsageError(
            "a record is as long as the page",
            found=f"{record.duration_s:g} s in {record.source} for a page of {needed_s:g} s",
            next_step="show fewer seconds",
        )


def _trace(record: LeadSet, style: Style, place: Place) -> Trace:
    first = round(place.start_s * record.fs_hz)
    samples = round((place.start_s + place.seconds) * record.fs_hz) - first
    signal_mv = np.asarray(record.signals_mv[place.lead][first : first + samples], np.float64)
    left, baseline = to_px(style, place.left_mm, place.baseline_mm)
    px_per_s = style.mm_per_s * style.px_per_mm_x
    x = left + px_per_s * np.arange(samples) / record.fs_hz
    y = baseline - place.mm_per_mv * style.px_per_mm_y * signal_mv
    panel = Panel(
        lead=place.lead,
        is_rhythm=place.is_rhythm,
        left=left,
        right=left + px_per_s * samples / record.fs_hz,
        baseline=baseline,
        start_s=first / record.fs_hz,
        mm_per_s=style.mm_per_s,
        mm_per_mv=place.mm_per_mv,
    )
    return Trace(panel, first, signal_mv, np.column_stack([x, y]))


def _frame(style: Style, shown: tuple[Place, ...]) -> Box:
    left = min(place.left_mm for place in shown) - _FRAME_MM
    right = max(place.left_mm + place.seconds * style.mm_per_s for place in shown) + _FRAME_MM
    top = min(place.baseline_mm for place in shown) - _FRAME_MM
    bottom = max(place.baseline_mm for place in shown) + _FRAME_MM
    return Box(*to_px(style, left, top), *to_px(style, right, bottom))


def _coloured(style: Style, ink: Plane, letters: Plane, frame: Box) -> npt.NDArray[np.uint8]:
    rgb = np.empty((*ink.shape, 3), np.float32)
    rgb[:] = style.paper
    draw_grid(rgb, style, frame)
    blend(rgb, ink, style.ink)
    blend(rgb, letters, style.text_ink)
    return np.round(rgb).astype(np.uint8)


def _layout(style: Style, traces: tuple[Trace, ...], labels: list[Label], clutter: list[Box]) -> Layout:
    return Layout(
        name=layout_name(style),
        panels=tuple(trace.panel for trace in traces),
        clutter=(*(label.box for label in labels), *clutter),
    )


def _grid(style: Style) -> Grid:
    left, top = to_px(style, *style.grid_mm)
    page_from_mm = np.array(
        [[style.px_per_mm_x, 0, left], [0, style.px_per_mm_y, top], [0, 0, 1]], np.float64
    )
    return Grid(page_from_mm, style.px_per_mm_x, style.px_per_mm_y, residual_mm=0.0)
