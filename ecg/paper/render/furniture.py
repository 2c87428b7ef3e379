"""What stands about the traces: pulses, separators, labels, header. Each draws itself and says where."""

from collections.abc import Iterator, Sequence

import numpy as np

from splkit.ecg.paper.contracts import Array, Box, Plane
from splkit.ecg.paper.render.arrange import PULSE_FOOT_MM, Place, pulse_mm, row_mm
from splkit.ecg.paper.render.header import header_lines
from splkit.ecg.paper.render.pen import draw_line, fill_box
from splkit.ecg.paper.render.rendered import Label
from splkit.ecg.paper.render.style import Style
from splkit.ecg.paper.render.text import draw_text

_BAR_MM = (0.7, 7.0)
_DASH_MM, _DASH_EVERY_MM, _DASH_WIDTH_MM = 2.5, 4.5, 0.3
_DOT_MM, _DOT_EVERY_MM = 0.35, 1.25
_OVERHANG_MM = 10.0
"""How far lines of dashes and dots go beyond the first and the last baseline."""
_LABEL_AT_MM = 0.8
"""Where a label starts, after the panel's first sample."""
_ABOVE_MM, _BELOW_MM, _INSIDE_MM = 7.0, 8.5, 1.2
"""From 0 mV to a label's baseline, where rows are far enough from each other."""
_LABEL_SHARE = 0.4
"""Of the way to the next row, beyond which a label would seem to be that row's."""
_HEADER_CAPITAL = 0.9
"""Of the height of labels."""


def to_px(style: Style, x_mm: float, y_mm: float) -> tuple[float, float]:
    """A point on the paper, from the page's corner, in pixels."""
    return x_mm * style.px_per_mm_x - 0.5, y_mm * style.px_per_mm_y - 0.5


def draw_pulses(ink: Plane, style: Style, places: Sequence[Place], width_px: float) -> list[Box]:
    """A calibration pulse in each row, beside its first or its last panel."""
    sides = {"both": ("left", "right"), "none": ()}.get(style.pulse, (style.pulse,))
    boxes = []
    for side, place in [(each, place) for each in sides for place in _row_ends(places, each)]:
        end_mm = place.left_mm + place.seconds * style.mm_per_s
        left_mm = place.left_mm - pulse_mm(style) if side == "left" else end_mm
        points = _pulse(style, place, left_mm)
        draw_line(ink, points, width_px)
        edge = width_px / 2
        (left, top), (right, bottom) = points.min(axis=0) - edge, points.max(axis=0) + edge
        boxes.append(Box(left, top, right, bottom))
    return boxes


def _row_ends(places: Sequence[Place], side: str) -> list[Place]:
    """The first or the last panel of each row."""
    rows = {place.row: place for place in (places if side == "right" else reversed(places))}
    return [rows[row] for row in sorted(rows)]


def _pulse(style: Style, place: Place, left_mm: float) -> Array:
    width_mm, high_mm = pulse_mm(style), style.pulse_mv * abs(place.mm_per_mv)
    across = (0.0, PULSE_FOOT_MM, PULSE_FOOT_MM, width_mm - PULSE_FOOT_MM, width_mm - PULSE_FOOT_MM, width_mm)
    up = (0.0, 0.0, high_mm, high_mm, 0.0, 0.0)
    return np.array(
        [to_px(style, left_mm + x, place.baseline_mm - y) for x, y in zip(across, up, strict=True)]
    )


def draw_separators(ink: Plane, style: Style, places: Sequence[Place]) -> list[Box]:
    """What parts the columns: a bar in each row, or a line of dashes or dots through all rows."""
    if style.separator in ("gaps", "none"):
        return []
    later = [place for place in places if place.column > 0 and not place.is_rhythm]
    if style.separator == "bars":
        wide, high = _BAR_MM
        return [_filled(ink, style, p.left_mm, p.baseline_mm - high / 2, wide, high) for p in later]
    boxes = []
    for column in sorted({place.column for place in later}):
        rows = [place for place in later if place.column == column]
        top_mm, bottom_mm = rows[0].baseline_mm - _OVERHANG_MM, rows[-1].baseline_mm + _OVERHANG_MM
        for y_mm, wide, high in _line(style.separator, top_mm, bottom_mm):
            _filled(ink, style, rows[0].left_mm, y_mm, wide, high)
        half = max(_DASH_WIDTH_MM, _DOT_MM) / 2
        left, top = to_px(style, rows[0].left_mm - half, top_mm)
        right, bottom = to_px(style, rows[0].left_mm + half, bottom_mm)
        boxes.append(Box(left, top, right, bottom))
    return boxes


def _line(kind: str, top_mm: float, bottom_mm: float) -> Iterator[tuple[float, float, float]]:
    """Top, width and height of each mark."""
    every, wide, high = (
        (_DASH_EVERY_MM, _DASH_WIDTH_MM, _DASH_MM) if kind == "dashes" else (_DOT_EVERY_MM, _DOT_MM, _DOT_MM)
    )
    yield from ((top, wide, high) for top in np.arange(top_mm, bottom_mm - high, every))


def _filled(ink: Plane, style: Style, centre_mm: float, top_mm: float, wide_mm: float, high_mm: float) -> Box:
    left, top = to_px(style, centre_mm - wide_mm / 2, top_mm)
    right, bottom = to_px(style, centre_mm + wide_mm / 2, top_mm + high_mm)
    fill_box(ink, left, top, right, bottom)
    return Box(left, top, right, bottom)


def draw_labels(ink: Plane, style: Style, places: Sequence[Place]) -> list[Label]:
    """The name of each lead at the start of its panel."""
    most_mm = _LABEL_SHARE * row_mm(style)
    down_mm = {
        "above": -min(_ABOVE_MM, most_mm),
        "below": min(_BELOW_MM, most_mm),
        "inside": -_INSIDE_MM,
    }[style.label]
    labels = []
    for place in places:
        left, baseline = to_px(style, place.left_mm + _LABEL_AT_MM, place.baseline_mm + down_mm)
        box = draw_text(ink, place.shown_as, left, baseline, _capital_px(style), style.font)
        if box:
            labels.append(Label(place.shown_as, box, place.lead))
    return labels


def draw_header(
    ink: Plane, style: Style, height_mm: float, width_mm: float, rng: np.random.Generator
) -> list[Label]:
    """Header and footer, as far as they are on the page."""
    labels = []
    for line in header_lines(style, rng):
        down_mm = line.down_mm if line.down_mm > 0 else height_mm + line.down_mm
        left, baseline = to_px(style, line.across * width_mm, down_mm)
        box = draw_text(ink, line.text, left, baseline, _HEADER_CAPITAL * _capital_px(style), style.font)
        if box:
            labels.append(Label(line.text, box))
    return labels


def _capital_px(style: Style) -> float:
    return style.label_mm * style.px_per_mm_y
